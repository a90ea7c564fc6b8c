"""Sheets that were sent in, and the fate of each of their rows."""

from django.db import models


class Import(models.Model):
    """One sheet. Its file is kept; the same file sent again opens the same import."""

    shipper = models.ForeignKey("accounts.Shipper", models.PROTECT)
    file_name = models.CharField(max_length=200)
    file_key = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    state = models.CharField(max_length=10)  # uploaded, checking, checked, booking, booked, refused
    refusal = models.CharField(max_length=500, blank=True)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    sheet_name = models.CharField(max_length=80, blank=True)
    mapping = models.JSONField(default=dict)
    defaults = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    rows = models.IntegerField(default=0)
    checked = models.IntegerField(default=0)
    ready = models.IntegerField(default=0)
    warned = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)
    booked = models.IntegerField(default=0)
    cod_paisa = models.BigIntegerField(default=0)
    charges_paisa = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    booked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper", "id"], name="booking_import_same_shipper"),
            models.UniqueConstraint(fields=["shipper", "sha256"], name="booking_import_same_file"),
        ]
        indexes = [models.Index(fields=["shipper", "-id"], name="booking_import_newest")]


class ImportRow(models.Model):
    """One row of a sheet: its cells as read, what is wrong with it, and what became of it."""

    shipper_id = models.BigIntegerField()
    import_id = models.BigIntegerField()
    row = models.IntegerField()
    cells = models.JSONField()
    order = models.JSONField(null=True)
    problems = models.JSONField(default=list)
    state = models.CharField(max_length=8)  # ready, warned, wrong, booked
    consignment_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "import_id", "row"], name="booking_importrow_once"),
        ]
        indexes = [models.Index(fields=["import_id", "state", "row"], name="booking_importrow_state")]
