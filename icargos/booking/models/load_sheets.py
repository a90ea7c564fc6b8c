"""Load sheets: the parcels a shipper hands to a pickup rider, and the numbers of papers."""

from django.db import models


class Series(models.Model):
    """How many papers of a kind and month, or day, there are: the last one's number."""

    name = models.CharField(max_length=16, primary_key=True)
    n = models.IntegerField()


class LoadSheet(models.Model):
    """Parcels of one pickup profile. States in ``rules.sheets.SheetState``.

    The totals are those of the closing: what both sign. The database refuses every later change but a withdrawal.
    Weight in grams, COD in paisa.
    """

    shipper_id = models.BigIntegerField()
    number = models.CharField(max_length=16)
    profile_id = models.BigIntegerField()
    state = models.CharField(max_length=10)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    parcels = models.IntegerField(default=0)
    pieces = models.IntegerField(default=0)
    weight_g = models.BigIntegerField(default=0)
    cod_paisa = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="booking_loadsheet_same_shipper"),
            models.UniqueConstraint(fields=["shipper_id", "number"], name="booking_loadsheet_number"),
        ]
        indexes = [
            models.Index(fields=["number"], name="booking_loadsheet_by_number"),
            models.Index(fields=["shipper_id", "profile_id", "state"], name="booking_loadsheet_of_profile"),
        ]


class LoadSheetItem(models.Model):
    """One parcel on one sheet, with its figures as they were at the closing. Weight in grams, COD in paisa.

    ``left_at`` says that it was not handed over with this sheet after all: only then may it go on another one.
    """

    shipper_id = models.BigIntegerField()
    sheet_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    cn = models.CharField(max_length=16)
    seq = models.IntegerField()
    added_at = models.DateTimeField()
    pieces = models.SmallIntegerField()
    weight_g = models.IntegerField()
    cod_paisa = models.BigIntegerField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "sheet_id", "seq"], name="booking_loadsheetitem_seq"),
            # A parcel is promised on one sheet at a time, whoever scans it.
            models.UniqueConstraint(
                fields=["shipper_id", "consignment_id"],
                condition=models.Q(left_at=None),
                name="booking_loadsheetitem_on_one",
            ),
        ]
        indexes = [models.Index(fields=["consignment_id", "-id"], name="booking_loadsheetitem_of")]
