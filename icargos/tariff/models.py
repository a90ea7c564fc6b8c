"""The tariff's tables: published cards and the law's dated rows."""

from django.db import models


class RateCard(models.Model):
    """One published version of a card, for one shipper or (null) for all. Never changed: a newer one replaces it."""

    shipper = models.ForeignKey("accounts.Shipper", models.PROTECT, null=True)
    code = models.CharField(max_length=16)
    version = models.SmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    body = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="tariff_ratecard_once")]
        indexes = [models.Index(fields=["shipper", "-valid_from"], name="tariff_ratecard_of")]


class TaxRow(models.Model):
    """Sales tax on courier charges by province of origin; basis points; both days included."""

    province = models.CharField(max_length=2)
    label = models.CharField(max_length=40)
    bp = models.IntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province", "valid_from"], name="tariff_taxrow_once"),
            models.CheckConstraint(condition=models.Q(bp__range=(0, 10_000)), name="tariff_taxrow_share"),
        ]


class WithholdingRow(models.Model):
    """A share of COD withheld for the state; ``filer`` null means from everybody; both days included."""

    kind = models.CharField(max_length=12)
    label = models.CharField(max_length=40)
    bp = models.IntegerField()
    filer = models.BooleanField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "filer", "valid_from"], name="tariff_withholding_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(bp__range=(0, 10_000)), name="tariff_withholding_share"),
        ]
