"""Facts about places. Their kinds are also the webhooks' names."""

from typing import ClassVar

from icargos.ground.facts import Event


class ProfileAdded(Event, frozen=True, kw_only=True):
    """A shipper has a new pickup profile; ``subject_id`` is the profile."""

    kind: ClassVar[str] = "pickup_profile.added"

    code: str
    city_id: int


class ProfileChanged(Event, frozen=True, kw_only=True):
    """A pickup profile changed; ``subject_id`` is the profile."""

    kind: ClassVar[str] = "pickup_profile.changed"

    code: str
    fields: tuple[str, ...]


class ProfileRetired(Event, frozen=True, kw_only=True):
    """Nothing new is booked from a pickup profile; ``subject_id`` is the profile."""

    kind: ClassVar[str] = "pickup_profile.retired"

    code: str


class ProfileRestored(Event, frozen=True, kw_only=True):
    """A pickup profile is in use again; ``subject_id`` is the profile."""

    kind: ClassVar[str] = "pickup_profile.restored"

    code: str


class AddressesSaved(Event, frozen=True, kw_only=True):
    """Consignees were kept in the address book, or changed; ``subject_id`` is the shipper."""

    kind: ClassVar[str] = "addresses.saved"

    n: int


class AddressesMerged(Event, frozen=True, kw_only=True):
    """Entries of the address book became one; ``subject_id`` is the one that stays, ``n`` how many are gone."""

    kind: ClassVar[str] = "addresses.merged"

    n: int


class AddressesRemoved(Event, frozen=True, kw_only=True):
    """Entries of the address book were deleted; ``subject_id`` is the shipper."""

    kind: ClassVar[str] = "addresses.removed"

    n: int


class AliasLearnt(Event, frozen=True, kw_only=True):
    """A shipper's own word for a city; ``subject_id`` is the city."""

    kind: ClassVar[str] = "city_alias.learnt"


class AliasForgotten(Event, frozen=True, kw_only=True):
    """A shipper's own word for a city is its word no more; ``subject_id`` is the city."""

    kind: ClassVar[str] = "city_alias.forgotten"
