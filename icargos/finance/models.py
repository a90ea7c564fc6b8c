"""Finance's tables. Charges are written by ``finance.actions`` only."""

from django.db import models


class Charge(models.Model):
    """What a parcel costs its shipper, with the whole receipt as it was priced. All amounts in paisa."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    state = models.CharField(max_length=10)
    card = models.CharField(max_length=40)
    charges_paisa = models.BigIntegerField()
    payable_paisa = models.BigIntegerField()
    receipt = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "consignment_id"], name="finance_charge_once"),
            models.UniqueConstraint(fields=["shipper_id", "id"], name="finance_charge_same_shipper"),
        ]


class EarlierCharge(models.Model):
    """A charge that another one replaced while the parcel was still the shipper's; never changed. Paisa."""

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    state = models.CharField(max_length=10)
    card = models.CharField(max_length=40)
    charges_paisa = models.BigIntegerField()
    payable_paisa = models.BigIntegerField()
    receipt = models.JSONField()
    at = models.DateTimeField()
    replaced_at = models.DateTimeField()
    replaced_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper_id", "id"], name="finance_earlier_same_shipper")]
        indexes = [models.Index(fields=["consignment_id", "id"], name="finance_earlier_of")]


class Transfer(models.Model):
    """One row of the ledger: an amount in paisa from the account ``credit`` to the account ``debit``; never changed.

    Rows of one ``(cause, key)`` are one transaction. ``since`` is the local day from which the money counts as owed.
    """

    cause = models.CharField(max_length=12)
    key = models.CharField(max_length=80)
    seq = models.IntegerField()
    debit = models.CharField(max_length=40)
    credit = models.CharField(max_length=40)
    amount_paisa = models.BigIntegerField()
    since = models.DateField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    shipper_id = models.BigIntegerField(null=True)
    consignment_id = models.BigIntegerField(null=True)
    run_id = models.BigIntegerField(null=True)
    rider_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause", "key", "seq"], name="finance_transfer_once"),
            models.CheckConstraint(condition=models.Q(amount_paisa__gt=0), name="finance_transfer_positive"),
            models.CheckConstraint(condition=~models.Q(debit=models.F("credit")), name="finance_transfer_moves"),
        ]
        indexes = [
            models.Index(fields=["consignment_id", "id"], name="finance_transfer_of"),
            models.Index(fields=["debit", "id"], name="finance_transfer_debit"),
            models.Index(fields=["credit", "id"], name="finance_transfer_credit"),
            models.Index(fields=["shipper_id", "at"], name="finance_transfer_when"),
        ]


class Balance(models.Model):
    """What an account comes to, by tenant and day of origin: changes are appended, the schedule sums them up."""

    shipper_id = models.BigIntegerField(null=True)
    account = models.CharField(max_length=40)
    since = models.DateField()
    paisa = models.BigIntegerField()
    n = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["account", "since"], name="finance_balance_account")]


class CashClose(models.Model):
    """The end of a run: what the rider was to hand over, what he did, and who approved the difference. Paisa."""

    run_id = models.BigIntegerField(unique=True)
    rider_id = models.BigIntegerField()
    station_id = models.BigIntegerField()
    expected_paisa = models.BigIntegerField()
    cash_paisa = models.BigIntegerField()
    digital_paisa = models.BigIntegerField()
    approved_by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
