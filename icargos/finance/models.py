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
