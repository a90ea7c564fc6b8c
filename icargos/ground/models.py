"""The ground's tables. Facts and the outbox are written by ``facts.record`` only."""

from django.db import models


class Fact(models.Model):
    """One thing that happened: never changed, never deleted; ids, codes and amounts, no names or phones."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    shipper_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["shipper_id", "kind", "subject_id"], name="ground_fact_subject")]


class Outbox(models.Model):
    """A fact the relay has not yet passed on."""

    fact_id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=60)
    shipper_id = models.BigIntegerField(null=True)


class Once(models.Model):
    """A request that was carried out, so that its replay gets the same answer."""

    shipper_id = models.BigIntegerField()
    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    result = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper_id", "scope", "key"], name="ground_once_key")]


class Secret(models.Model):
    """A key that must live and die with the database (consignment numbers)."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.BinaryField()
