"""Prints of labels, and how a shipper wants its labels."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Print(models.Model):
    """One print: which parcels, the how manieth print of each this is, and the file, which is kept for a day.

    A draft is what somebody looks at before it is printed: nothing of it is counted, and it has no file.
    """

    shipper = models.ForeignKey("accounts.Shipper", models.PROTECT)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    form = models.CharField(max_length=12)
    sorting = models.CharField(max_length=12)
    mask_phone = models.BooleanField()
    hide_product = models.BooleanField()
    start = models.SmallIntegerField()
    base_url = models.CharField(max_length=200)
    consignment_ids = ArrayField(models.BigIntegerField())
    times = ArrayField(models.SmallIntegerField())
    labels = models.IntegerField()
    done = models.IntegerField(default=0)
    state = models.CharField(max_length=8)  # draft, waiting, ready, failed
    file_key = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper", "id"], name="booking_print_same_shipper")]
        indexes = [models.Index(fields=["at"], name="booking_print_at")]


class LabelSettings(models.Model):
    """What a shipper's labels look like where nobody says otherwise."""

    shipper = models.OneToOneField("accounts.Shipper", models.PROTECT)
    form = models.CharField(max_length=12)
    sorting = models.CharField(max_length=12)
    mask_phone = models.BooleanField()
    hide_product = models.BooleanField()
    logo_key = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper", "id"], name="booking_labelsettings_same_shipper")]
