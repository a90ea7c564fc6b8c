"""Documents of the shipper's that travel with a parcel."""

from django.db import models


class Document(models.Model):
    """One document at one parcel. ``sha256`` (hex) is of the file as it was sent; pictures are kept made anew.

    ``what`` is a code of ``rules.documents.KINDS``; size in bytes, as kept.
    """

    shipper_id = models.BigIntegerField()
    consignment_id = models.BigIntegerField()
    what = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    media = models.CharField(max_length=20)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    file_key = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="booking_document_same_shipper"),
            # The same file again is the same document.
            models.UniqueConstraint(fields=["shipper_id", "consignment_id", "sha256"], name="booking_document_once"),
        ]
