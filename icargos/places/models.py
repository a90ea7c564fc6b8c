"""Where things are: cities and stations for all, pickup profiles and learnt city names for each shipper; and when
the courier works: holidays, and until when a city takes pickups for the same day.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class City(models.Model):
    """A city parcels go to or come from. ``zone`` groups cities for the tariff; ``metro`` joins twin cities.

    ``province`` is a code of ``rules.Province``. Parcels to the city are sorted by ``station`` and ``route``.
    """

    name = models.CharField(max_length=60)
    province = models.CharField(max_length=40)
    code = models.CharField(max_length=6, unique=True)
    lat = models.FloatField()
    lon = models.FloatField()
    aliases = ArrayField(models.CharField(max_length=60), default=list)
    urdu = models.CharField(max_length=60, blank=True)
    zone = models.CharField(max_length=20)
    metro = models.CharField(max_length=20, blank=True)
    served = models.BooleanField(default=True)
    osa = models.BooleanField(default=False)
    station = models.ForeignKey("Station", models.PROTECT, null=True, related_name="+")
    route = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "province"], name="places_city_name")]


class Station(models.Model):
    """One of the courier's offices; its code begins the sort code of every city it serves."""

    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=60)
    city = models.ForeignKey(City, models.PROTECT, related_name="+")


class Post(models.Model):
    """The station one of the courier's people works at."""

    user_id = models.BigIntegerField(unique=True)
    station = models.ForeignKey(Station, models.PROTECT, related_name="+")


class Holiday(models.Model):
    """A day on which the courier does not work, beside Sundays."""

    day = models.DateField(primary_key=True)
    name = models.CharField(max_length=60)


class PickupCutOff(models.Model):
    """Until when, by local time, a city takes pickups for the same day; no city means every other one.

    ``valid_from`` and ``valid_to`` are local days, both included.
    """

    city = models.ForeignKey(City, models.PROTECT, null=True, related_name="+")
    at = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "valid_from"], name="places_cutoff_once", nulls_distinct=False)
        ]


class PickupProfile(models.Model):
    """A saved sender of one shipper; the API names it by ``code`` (Profile ID)."""

    shipper = models.ForeignKey("accounts.Shipper", models.PROTECT)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=50)
    phone = models.CharField(max_length=16)
    address = models.CharField(max_length=250)
    city = models.ForeignKey(City, models.PROTECT)
    return_address = models.CharField(max_length=250, blank=True)
    is_default = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper", "id"], name="places_profile_same_shipper"),
            models.UniqueConstraint(fields=["shipper", "code"], name="places_profile_code"),
            models.UniqueConstraint(
                fields=["shipper"], condition=models.Q(is_default=True), name="places_profile_one_default"
            ),
        ]


class ProfileChoice(models.Model):
    """The pickup profile that one person's bookings start from, in place of the shipper's default."""

    shipper_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    profile_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper_id", "user_id"], name="places_choice_once")]


class Consignee(models.Model):
    """An entry of a shipper's address book. Phones in E.164; one phone may have several addresses. It can be erased."""

    shipper = models.ForeignKey("accounts.Shipper", models.PROTECT, db_index=False)
    name = models.CharField(max_length=50)
    phone = models.CharField(max_length=16)
    alt_phone = models.CharField(max_length=16, blank=True)
    email = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=250)
    landmark = models.CharField(max_length=100, blank=True)
    city = models.ForeignKey(City, models.PROTECT, db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper", "id"], name="places_consignee_same_shipper"),
            models.UniqueConstraint(fields=["shipper", "phone", "address"], name="places_consignee_once"),
        ]
        indexes = [models.Index(fields=["shipper", "name", "id"], name="places_consignee_by_name")]


class CityAlias(models.Model):
    """How one shipper writes a city, as ``rules.key_of`` reads it; learnt from its corrections."""

    shipper = models.ForeignKey("accounts.Shipper", models.PROTECT)
    alias = models.CharField(max_length=60)
    city = models.ForeignKey(City, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper", "alias"], name="places_alias_once")]
