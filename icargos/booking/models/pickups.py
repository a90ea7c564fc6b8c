"""Pickups: what shippers ask for once or every week, the riders' run sheets, the parcels of each visit."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from icargos.booking.rules.pickups import LIVE


class PickupSchedule(models.Model):
    """A pickup asked for every week: ``weekdays`` are 0 (Monday) to 5. Weight in grams.

    ``made_until`` is the last local day that the schedule has asked for, or left out.
    """

    shipper_id = models.BigIntegerField()
    profile_id = models.BigIntegerField()
    weekdays = ArrayField(models.SmallIntegerField())
    slot = models.CharField(max_length=5)
    expected_parcels = models.IntegerField()
    expected_weight_g = models.IntegerField()
    note = models.CharField(max_length=250, blank=True)
    begun_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80, blank=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=80, blank=True)
    made_until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="booking_schedule_same_shipper"),
            models.UniqueConstraint(
                fields=["shipper_id", "profile_id", "slot"],
                condition=models.Q(stopped_at=None),
                name="booking_schedule_once",
            ),
        ]
        indexes = [
            models.Index(fields=["made_until"], condition=models.Q(stopped_at=None), name="booking_schedule_running")
        ]


class PickupRun(models.Model):
    """A pickup run sheet: the shippers one rider visits on one day. States in ``rules.pickups.RunState``."""

    number = models.CharField(max_length=20, unique=True)
    station = models.ForeignKey("places.Station", models.PROTECT, related_name="+")
    day = models.DateField()
    rider_id = models.BigIntegerField()
    rider_name = models.CharField(max_length=80)
    state = models.CharField(max_length=6)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Two desks that assign at once fill one sheet.
            models.UniqueConstraint(
                fields=["station", "rider_id", "day"],
                condition=models.Q(state="open"),
                name="booking_pickuprun_one_open",
            )
        ]
        indexes = [models.Index(fields=["rider_id", "-id"], name="booking_pickuprun_of_rider")]


class PickupRequest(models.Model):
    """One visit that a shipper asked for. States in ``rules.pickups.PickupState``; weight in grams.

    Of the rider the shipper's row knows the first name and no phone. How it ended stands in it too: when by our
    clock, the phone's skew in seconds, where (degrees, metres), with how many parcels, or why not.
    """

    shipper_id = models.BigIntegerField()
    number = models.CharField(max_length=16)
    profile_id = models.BigIntegerField()
    day = models.DateField()
    slot = models.CharField(max_length=5)
    expected_parcels = models.IntegerField()
    expected_weight_g = models.IntegerField()
    note = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80, blank=True)
    schedule_id = models.BigIntegerField(null=True)
    again_of = models.BigIntegerField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=80, blank=True)
    run = models.ForeignKey(PickupRun, models.PROTECT, null=True)
    seq = models.SmallIntegerField(default=0)
    rider_id = models.BigIntegerField(null=True)
    rider_first_name = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    skew_s = models.IntegerField(default=0)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    source_event_id = models.CharField(max_length=48, blank=True)
    reason = models.CharField(max_length=8, blank=True)
    end_note = models.CharField(max_length=500, blank=True)
    collected = models.IntegerField(default=0)
    left = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="booking_pickup_same_shipper"),
            models.UniqueConstraint(fields=["shipper_id", "number"], name="booking_pickup_number"),
            models.UniqueConstraint(
                fields=["shipper_id", "profile_id", "day", "slot"],
                condition=models.Q(state__in=sorted(state.value for state in LIVE)),
                name="booking_pickup_one_live",
            ),
        ]
        indexes = [
            models.Index(
                fields=["day"],
                condition=models.Q(state__in=sorted(state.value for state in LIVE)),
                name="booking_pickup_waiting",
            ),
            models.Index(fields=["run", "seq"], name="booking_pickup_of_run"),
            models.Index(fields=["shipper_id", "-day"], name="booking_pickup_newest"),
        ]


class PickupParcel(models.Model):
    """One parcel of one visit: ``state`` is expected, collected or left."""

    shipper_id = models.BigIntegerField()
    request_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    cn = models.CharField(max_length=16)
    state = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipper_id", "request_id", "consignment_id"], name="booking_pickupparcel_once"
            )
        ]
        indexes = [models.Index(fields=["consignment_id", "-id"], name="booking_pickupparcel_of")]
