"""The parcel's tables. ``status`` is assigned by ``consignments.actions`` only; the database refuses illegal moves."""

from django.db import models
from django.db.models.functions import Lower

from icargos.consignments.rules import COD_OWED, TAG_LENGTH

ENDED_WITHOUT_COD = models.Q(status="returned_to_shipper") | models.Q(status="delivered", cod_paisa=0)


class Consignment(models.Model):
    """One booking with one tracking number. Money in paisa, weights in grams, sizes in cm, phones E.164."""

    # Its profile's foreign key, which names the shipper too, is the fence here; each index costs every booking.
    shipper = models.ForeignKey("accounts.Shipper", models.PROTECT, db_constraint=False, db_index=False)
    cn = models.CharField(max_length=16)
    status = models.CharField(max_length=32)
    status_at = models.DateTimeField()
    reason = models.CharField(max_length=8, blank=True)
    attempts = models.SmallIntegerField(default=0)
    custody = models.CharField(max_length=20)
    cod_state = models.CharField(max_length=12)
    service = models.CharField(max_length=12)
    profile = models.ForeignKey("places.PickupProfile", models.PROTECT, db_constraint=False, db_index=False)
    origin = models.ForeignKey("places.City", models.PROTECT, related_name="+", db_index=False)
    destination = models.ForeignKey("places.City", models.PROTECT, related_name="+", db_index=False)
    sort_code = models.CharField(max_length=12)
    order_ref = models.CharField(max_length=50, blank=True)
    consignee_name = models.CharField(max_length=50)
    consignee_phone = models.CharField(max_length=16)
    alt_phone = models.CharField(max_length=16, blank=True)
    consignee_email = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=250)
    landmark = models.CharField(max_length=100, blank=True)
    pieces = models.SmallIntegerField()
    weight_g = models.IntegerField()
    charged_weight_g = models.IntegerField()
    length_cm = models.SmallIntegerField(default=0)
    width_cm = models.SmallIntegerField(default=0)
    height_cm = models.SmallIntegerField(default=0)
    cod_paisa = models.BigIntegerField()
    declared_value_paisa = models.BigIntegerField(default=0)
    product = models.CharField(max_length=100)
    remarks = models.CharField(max_length=250, blank=True)
    allow_open = models.BooleanField(default=False)
    fragile = models.BooleanField(default=False)
    proof = models.CharField(max_length=10, default="none")
    source = models.CharField(max_length=8)
    import_id = models.BigIntegerField(null=True)
    booked_at = models.DateTimeField()
    booked_by = models.BigIntegerField(null=True)
    tracking_token = models.CharField(max_length=22)
    label_token = models.CharField(max_length=22)
    labels_printed = models.SmallIntegerField(default=0)
    # A printed label that says something else than the booking does since; the next print clears it.
    label_stale = models.BooleanField(db_default=False)
    # What the shipper wishes for: where a return goes (empty = to the profile), the local day it is handed over, and
    # one of rules.WINDOWS for the delivery.
    return_address = models.CharField(max_length=250, blank=True, db_default="")
    pickup_on = models.DateField(null=True)
    delivery_window = models.CharField(max_length=5, blank=True, db_default="")
    # Grams of each piece where they were given, and codes of the papers that must come back signed: see rules.pieces
    # and rules.papers.
    piece_weights = models.CharField(max_length=700, blank=True, db_default="")
    signed_papers = models.CharField(max_length=40, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper", "id"], name="consignments_same_shipper"),
            models.UniqueConstraint(fields=["cn"], name="consignments_cn"),
            models.UniqueConstraint(fields=["tracking_token"], name="consignments_tracking_token"),
            models.UniqueConstraint(fields=["label_token"], name="consignments_label_token"),
            models.CheckConstraint(condition=models.Q(pieces__range=(1, 99)), name="consignments_pieces"),
            models.CheckConstraint(condition=models.Q(cod_paisa__range=(0, 20_000_000)), name="consignments_cod"),
            models.CheckConstraint(condition=models.Q(weight_g__range=(10, 100_000)), name="consignments_weight"),
        ]
        indexes = [
            models.Index(fields=["shipper", "status", "-id"], name="consignments_by_status"),
            models.Index(fields=["shipper", "order_ref"], name="consignments_by_ref"),
            models.Index(fields=["shipper", "consignee_phone"], name="consignments_by_phone"),
            models.Index(fields=["shipper", "booked_at"], name="consignments_by_day"),
            models.Index(fields=["shipper", "import_id"], name="consignments_by_import"),
            # The list narrowed by anything, alone or together, is one walk over this index and never over the rows.
            models.Index(
                fields=["shipper", "-id"],
                name="consignments_list",
                include=["status", "service", "source", "profile", "destination", "cod_paisa", "reason", "booked_at"],
            ),
            models.Index(
                fields=["shipper", "cod_state", "-id"],
                name="consignments_cod_owed",
                condition=models.Q(cod_state__in=sorted(state.value for state in COD_OWED)),
            ),
            # What ended without COD stands in no ledger; a statement of account finds it here.
            models.Index(fields=["shipper", "status_at"], name="consignments_ended", condition=ENDED_WITHOUT_COD),
        ]


class Event(models.Model):
    """A scan or another thing that happened to the parcel: append-only, idempotent by source and its id there."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    code = models.CharField(max_length=32)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    source = models.CharField(max_length=8)
    source_event_id = models.CharField(max_length=64)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=80, blank=True)
    station_id = models.BigIntegerField(null=True)
    city_id = models.BigIntegerField(null=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    device = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=8, blank=True)
    note = models.CharField(max_length=500, blank=True)
    public = models.BooleanField(default=True)
    moved = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "source", "source_event_id"], name="consignments_event_once")
        ]
        indexes = [models.Index(fields=["consignment_id", "id"], name="consignments_event_of")]


class Correction(models.Model):
    """An administrator's audited move that the table does not allow; lets the database accept it."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    was = models.CharField(max_length=32)
    becomes = models.CharField(max_length=32)
    actor_id = models.BigIntegerField()
    reason = models.CharField(max_length=250)
    at = models.DateTimeField()


class Revision(models.Model):
    """One value of a parcel as it was and as it became: erasable, unlike the fact that tells of the change."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=250)
    field = models.CharField(max_length=20)
    was = models.CharField(max_length=700, blank=True)
    becomes = models.CharField(max_length=700, blank=True)

    class Meta:
        indexes = [models.Index(fields=["consignment_id", "id"], name="consignments_revision_of")]


class Tag(models.Model):
    """A word of the shipper's own for parcels. It lives as long as a parcel carries it."""

    shipper_id = models.BigIntegerField()
    name = models.CharField(max_length=TAG_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="consignments_tag_same_shipper"),
            models.UniqueConstraint(models.F("shipper_id"), Lower("name"), name="consignments_tag_once"),
        ]


class Tagging(models.Model):
    """One tag on one parcel."""

    shipper_id = models.BigIntegerField()
    tag_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "tag_id", "consignment_id"], name="consignments_tagged_once")
        ]
        indexes = [models.Index(fields=["shipper_id", "consignment_id"], name="consignments_tags_of")]


class Note(models.Model):
    """What a shipper's people tell each other of a parcel; the courier does not see it. It can be erased."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    text = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper_id", "id"], name="consignments_note_same_shipper")]
        indexes = [models.Index(fields=["consignment_id", "id"], name="consignments_note_of")]


class LegalMove(models.Model):
    """The status machine's table as the database knows it; a test holds it against ``rules.MOVES``."""

    was = models.CharField(max_length=32)
    becomes = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["was", "becomes"], name="consignments_legal_move")]


class Tally(models.Model):
    """Parcels booked on a local day by city and status, and their COD: changes are appended, the schedule sums up."""

    shipper_id = models.BigIntegerField()
    day = models.DateField()
    destination_id = models.BigIntegerField()
    status = models.CharField(max_length=32)
    n = models.IntegerField()
    cod_paisa = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["shipper_id", "day"], name="consignments_tally_day")]
