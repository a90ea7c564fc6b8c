"""Dispatch's tables. Run sheets and reports are the courier's; what concerns a parcel is its shipper's.

``shipper_id`` stands in every row about a parcel, so that row security holds there too.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class DayCount(models.Model):
    """How many run sheets were opened on a local day; the last one's number."""

    day = models.DateField(primary_key=True)
    n = models.IntegerField()


class Run(models.Model):
    """A delivery run sheet: what one rider takes out from one station. States in ``rules.outcome.RunState``."""

    number = models.CharField(max_length=20, unique=True)
    station = models.ForeignKey("places.Station", models.PROTECT)
    rider_id = models.BigIntegerField()
    rider_name = models.CharField(max_length=80)
    state = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)
    source_event_id = models.CharField(max_length=48, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_event_id"], condition=~models.Q(source_event_id=""), name="dispatch_run_once"
            )
        ]
        indexes = [
            models.Index(fields=["station", "-id"], name="dispatch_run_newest"),
            models.Index(fields=["rider_id", "-id"], name="dispatch_run_of_rider"),
        ]


class Stop(models.Model):
    """One parcel on one run sheet. ``outcome`` keeps what happened when the parcel was scanned back later."""

    shipper_id = models.BigIntegerField()
    run = models.ForeignKey(Run, models.PROTECT)
    consignment_id = models.BigIntegerField()
    cn = models.CharField(max_length=16)
    seq = models.IntegerField()
    state = models.CharField(max_length=14)
    outcome = models.CharField(max_length=14, blank=True)
    outcome_at = models.DateTimeField(null=True)
    handed_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="dispatch_stop_same_shipper"),
            models.UniqueConstraint(fields=["run", "consignment_id"], name="dispatch_stop_once"),
            # A parcel is on one sheet at a time, whoever scans it.
            models.UniqueConstraint(
                fields=["consignment_id"],
                condition=models.Q(state__in=["pending", "failed", "not_attempted"]),
                name="dispatch_stop_on_one_sheet",
            ),
        ]
        indexes = [models.Index(fields=["consignment_id", "-id"], name="dispatch_stop_of")]


class Report(models.Model):
    """What a phone said of a stop, once: its replay gets the same answer and changes nothing."""

    rider_id = models.BigIntegerField()
    source_event_id = models.CharField(max_length=48)
    fingerprint = models.CharField(max_length=64)
    stop_id = models.BigIntegerField()
    kind = models.CharField(max_length=14)
    fate = models.CharField(max_length=12)
    device_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    skew_s = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rider_id", "source_event_id"], name="dispatch_report_once")]


class Attempt(models.Model):
    """One visit that failed. ``n`` numbers the parcel's failed visits; ``counted`` ones lead to a return."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    cn = models.CharField(max_length=16)
    run_id = models.BigIntegerField()
    stop_id = models.BigIntegerField()
    n = models.SmallIntegerField()
    reason = models.CharField(max_length=8)
    counted = models.BooleanField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    skew_s = models.IntegerField()
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    rider = models.CharField(max_length=80)
    device = models.CharField(max_length=64, blank=True)
    offline = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    evidence = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="dispatch_attempt_same_shipper"),
            models.UniqueConstraint(fields=["consignment_id", "n"], name="dispatch_attempt_number"),
        ]


class Proof(models.Model):
    """The electronic proof of one delivery, never changed. Money in paisa, position in degrees, accuracy in metres."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    cn = models.CharField(max_length=16)
    run_id = models.BigIntegerField()
    run_number = models.CharField(max_length=20)
    stop_id = models.BigIntegerField()
    receiver_name = models.CharField(max_length=50)
    relation = models.CharField(max_length=10)
    signature_key = models.CharField(max_length=200, blank=True)
    photo_keys = models.JSONField(default=list)
    originals = models.JSONField(default=list)
    no_code_reason = models.CharField(max_length=250, blank=True)
    cod_expected_paisa = models.BigIntegerField()
    cod_collected_paisa = models.BigIntegerField()
    method = models.CharField(max_length=10, blank=True)
    # Photos of signed papers, by their codes of consignments.rules.papers.
    paper_keys = models.JSONField(default=dict, db_default={})
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    device_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    skew_s = models.IntegerField()
    rider = models.CharField(max_length=80)
    device = models.CharField(max_length=64, blank=True)
    offline = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="dispatch_proof_same_shipper"),
            models.UniqueConstraint(fields=["consignment_id"], name="dispatch_proof_once"),
        ]


class ProofZip(models.Model):
    """Proofs of many deliveries in one file, which is kept for a day. States: waiting, ready, failed."""

    shipper_id = models.BigIntegerField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    language = models.CharField(max_length=8)
    base_url = models.CharField(max_length=200)
    consignment_ids = ArrayField(models.BigIntegerField())
    done = models.IntegerField(default=0)
    proofs = models.IntegerField(default=0)
    state = models.CharField(max_length=8)
    file_key = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper_id", "id"], name="dispatch_proofzip_same_shipper")]
        indexes = [models.Index(fields=["at"], name="dispatch_proofzip_at")]


class Advice(models.Model):
    """The shipper's word on one failed attempt. States in ``rules.advice.AdviceState``; ``decided`` is the desk's."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    cn = models.CharField(max_length=16)
    attempt_id = models.BigIntegerField()
    state = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    action = models.CharField(max_length=16, blank=True)
    on_date = models.DateField(null=True)
    window = models.CharField(max_length=5, blank=True)
    note = models.CharField(max_length=500, blank=True)
    new_phone = models.CharField(max_length=16, blank=True)
    new_address = models.CharField(max_length=250, blank=True)
    landmark = models.CharField(max_length=100, blank=True)
    cod_paisa = models.BigIntegerField(null=True)
    source_event_id = models.CharField(max_length=48, blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    decided = models.CharField(max_length=16, blank=True)
    decided_date = models.DateField(null=True)
    decided_window = models.CharField(max_length=5, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="dispatch_advice_same_shipper"),
            models.UniqueConstraint(
                fields=["shipper_id", "attempt_id"],
                condition=models.Q(state__in=["open", "submitted", "accepted", "overridden"]),
                name="dispatch_advice_one_current",
            ),
            models.UniqueConstraint(
                fields=["shipper_id", "source_event_id"],
                condition=~models.Q(source_event_id=""),
                name="dispatch_advice_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shipper_id", "opened_at"],
                condition=models.Q(state__in=["open", "submitted"]),
                name="dispatch_advice_waiting",
            ),
            models.Index(fields=["consignment_id", "-id"], name="dispatch_advice_of"),
            models.Index(fields=["shipper_id", "state"], name="dispatch_advice_counted"),
        ]


class Weighing(models.Model):
    """What a station's scale said of a parcel, in grams."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    station_id = models.BigIntegerField()
    weight_g = models.IntegerField()
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    source_event_id = models.CharField(max_length=48)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper_id", "source_event_id"], name="dispatch_weighing_once")]
        indexes = [models.Index(fields=["consignment_id", "-id"], name="dispatch_weighing_of")]


class Conflict(models.Model):
    """A rider's report that cannot be true beside what scans say. While it is open its COD is held: posted nowhere."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    cn = models.CharField(max_length=16)
    run_id = models.BigIntegerField()
    stop_id = models.BigIntegerField()
    kind = models.CharField(max_length=14)
    found = models.CharField(max_length=32)
    cod_paisa = models.BigIntegerField()
    report = models.JSONField()
    state = models.CharField(max_length=10)
    opened_at = models.DateTimeField()
    settled_by = models.CharField(max_length=80, blank=True)
    settled_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["consignment_id"], condition=models.Q(state="open"), name="dispatch_conflict_open")
        ]


class MonthCount(models.Model):
    """How many manifests were opened in a local month, by its first day; the last one's number."""

    month = models.DateField(primary_key=True)
    n = models.IntegerField()


class Manifest(models.Model):
    """What travels from one station to another in one vehicle. States in ``rules.manifest.ManifestState``.

    It has no shipper: parcels of several stand on it. A shipper reads number, stations, route, vehicle and times of
    those that left with a parcel of its own, and nothing of the others (``migrations.0009_manifest_fences``).
    """

    number = models.CharField(max_length=16, unique=True)
    origin = models.ForeignKey("places.Station", models.PROTECT, related_name="+")
    destination = models.ForeignKey("places.Station", models.PROTECT, related_name="+")
    vehicle = models.CharField(max_length=20, blank=True)
    driver = models.CharField(max_length=80, blank=True)
    route = models.CharField(max_length=120, blank=True)
    seal = models.CharField(max_length=40, blank=True)
    bags = models.SmallIntegerField(default=0)
    expected_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80, blank=True)
    departed_at = models.DateTimeField(null=True)
    departed_by = models.CharField(max_length=80, blank=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_by = models.CharField(max_length=80, blank=True)
    source_event_id = models.CharField(max_length=48, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_event_id"], condition=~models.Q(source_event_id=""), name="dispatch_manifest_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(origin=models.F("destination")), name="dispatch_manifest_goes_elsewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["origin", "-id"], name="dispatch_manifest_outgoing"),
            models.Index(fields=["destination", "-id"], name="dispatch_manifest_incoming"),
        ]


class ManifestItem(models.Model):
    """One parcel on one manifest, or found in its bags. States in ``rules.manifest.ItemState``; weight in grams."""

    shipper_id = models.BigIntegerField()
    manifest = models.ForeignKey(Manifest, models.PROTECT)
    consignment_id = models.BigIntegerField()
    cn = models.CharField(max_length=16)
    seq = models.IntegerField()
    pieces = models.SmallIntegerField()
    weight_g = models.IntegerField()
    state = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="dispatch_manifestitem_same_shipper"),
            models.UniqueConstraint(fields=["manifest", "consignment_id"], name="dispatch_manifestitem_once"),
            # A parcel is on one manifest at a time, whoever scans it.
            models.UniqueConstraint(
                fields=["consignment_id"], condition=models.Q(state="listed"), name="dispatch_manifestitem_on_one"
            ),
        ]
        indexes = [models.Index(fields=["consignment_id", "-id"], name="dispatch_manifestitem_of")]
