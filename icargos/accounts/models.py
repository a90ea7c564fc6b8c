"""The accounts' tables. A person may belong to several shippers; a shipper is one tenant."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from icargos.accounts.rules import VIEW_NAME_LENGTH, VIEW_QUERY_LENGTH, Role, StaffRole


class People(BaseUserManager["User"]):
    """How sign-in finds and makes people."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> "User":
        """A person who signs in by e-mail; without a password nobody can sign in as them."""
        user = self.model(email=self.normalize_email(email).lower(), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this e-mail address, in any letter case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who can sign in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    staff_role = models.CharField(max_length=12, blank=True, choices=[(r.value, r.value) for r in StaffRole])
    language = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = People()

    def __str__(self) -> str:
        return self.name


class Shipper(models.Model):
    """The courier's customer. ``account_no`` is what the courier calls it, e.g. KHI-00421."""

    account_no = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    default_service = models.CharField(max_length=12, default="overnight")
    cod_allowed = models.BooleanField(default=True)
    ntn = models.CharField(max_length=12, blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role within one shipper."""

    shipper = models.ForeignKey(Shipper, models.PROTECT)
    user = models.ForeignKey(User, models.CASCADE)
    role = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Role])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipper", "user"], name="accounts_membership_once")]


class ApiKey(models.Model):
    """A programme's way in. Of the key itself only the prefix and a hash are kept."""

    shipper = models.ForeignKey(Shipper, models.PROTECT)
    name = models.CharField(max_length=40)
    prefix = models.CharField(max_length=12, unique=True)
    hash = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=12))
    created_by = models.ForeignKey(User, models.PROTECT)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.F("shipper"),
                Lower("name"),
                condition=models.Q(revoked_at=None),
                name="accounts_apikey_name_once",
            )
        ]


class SavedView(models.Model):
    """A list narrowed in some way, under a name of one person's own. ``query`` is what the address asks for."""

    shipper_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    of = models.CharField(max_length=20)
    name = models.CharField(max_length=VIEW_NAME_LENGTH)
    query = models.CharField(max_length=VIEW_QUERY_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="accounts_view_same_shipper"),
            models.UniqueConstraint(
                models.F("shipper_id"), models.F("user_id"), models.F("of"), Lower("name"), name="accounts_view_once"
            ),
        ]


class ShownColumns(models.Model):
    """The columns that one person wants to see of a list."""

    shipper_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    of = models.CharField(max_length=20)
    names = ArrayField(models.CharField(max_length=20))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipper_id", "id"], name="accounts_columns_same_shipper"),
            models.UniqueConstraint(fields=["shipper_id", "user_id", "of"], name="accounts_columns_once"),
        ]
