"""Sheets that were sent in, the fate of each of their rows, and what people changed in them."""

from django.db import models


class Import(models.Model):
    """One sheet. Its file is kept; the same file sent again opens the same import, unless that one was undone."""

    shipper = models.ForeignKey("accounts.Shipper", models.PROTECT)
    file_name = models.CharField(max_length=200)
    file_key = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    # uploaded, checking, mapping, checked, booking, booked, undoing, undone, merged, refused
    state = models.CharField(max_length=10)
    claim = models.IntegerField(default=0)  # the latest check: an earlier one that is still running stops
    refusal = models.CharField(max_length=500, blank=True)
    refusal_params = models.JSONField(default=dict)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    sheet_name = models.CharField(max_length=80, blank=True)
    mapping = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    confirmed = models.BooleanField(default=False)
    remembered = models.BooleanField(default=False)
    defaults = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    duplicates = models.CharField(max_length=8, default="reject")
    all_or_nothing = models.BooleanField(default=False)
    kept = models.BooleanField(default=False)  # its rows are in the table: from now on they count, not the file
    rows = models.IntegerField(default=0)
    checked = models.IntegerField(default=0)
    ready = models.IntegerField(default=0)
    warned = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)
    fixed = models.IntegerField(default=0)
    booked = models.IntegerField(default=0)
    undone = models.IntegerField(default=0)
    cod_paisa = models.BigIntegerField(default=0)
    charges_paisa = models.BigIntegerField(default=0)
    totals = models.JSONField(default=dict)
    continues_id = models.BigIntegerField(null=True)
    checking_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by_id = models.BigIntegerField(null=True)
    accepted_by_name = models.CharField(max_length=80, blank=True)
    booked_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper", "id"], name="booking_import_same_shipper"),
            models.UniqueConstraint(
                fields=["shipper", "sha256"],
                condition=~models.Q(state__in=["undoing", "undone", "merged"]),
                name="booking_import_same_file",
            ),
        ]
        indexes = [models.Index(fields=["shipper", "-id"], name="booking_import_newest")]


class ImportRow(models.Model):
    """One row of a sheet: its cells as read, what people typed over them, what is wrong with it, what became of it.

    ``edits`` are texts by column key; ``ref`` the order ref that counts; ``updates`` the number of the earlier parcel
    that this row changes.
    """

    shipper_id = models.BigIntegerField()
    import_id = models.BigIntegerField()
    row = models.IntegerField()
    cells = models.JSONField()
    edits = models.JSONField(default=dict)
    slipped = models.BooleanField(default=False)  # more cells than headers: the values may stand in wrong columns
    ref = models.CharField(max_length=100, blank=True)
    order = models.JSONField(null=True)
    problems = models.JSONField(default=list)
    state = models.CharField(max_length=8)  # rules.totals.State
    charges_paisa = models.BigIntegerField(default=0)
    updates = models.CharField(max_length=16, blank=True)
    consignment_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "import_id", "row"], name="booking_importrow_once"),
        ]
        indexes = [
            models.Index(fields=["import_id", "state", "row"], name="booking_importrow_state"),
            models.Index(fields=["import_id", "ref"], name="booking_importrow_ref", condition=~models.Q(ref="")),
        ]


class ImportFix(models.Model):
    """A person's change of cells of a sheet; ``cells`` lists row, column key, and the text before and after.

    ``words`` lists what was remembered with it: a city's word, the id of the city it means since, and the one before.
    """

    shipper_id = models.BigIntegerField()
    import_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=80)
    cells = models.JSONField()
    words = models.JSONField(default=list)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper_id", "id"], name="booking_importfix_same_shipper")]
        indexes = [models.Index(fields=["import_id", "-id"], name="booking_importfix_newest")]


class HeaderMemory(models.Model):
    """How a shipper's sheets with the same headers are read: places to column keys, and values for missing columns."""

    shipper_id = models.BigIntegerField()
    headers_key = models.CharField(max_length=64)
    choices = models.JSONField()
    defaults = models.JSONField()
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper_id", "headers_key"], name="booking_headermemory_once")]
