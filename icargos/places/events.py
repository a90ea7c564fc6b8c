"""Facts about places. Their kinds are also the webhooks' names."""

from typing import ClassVar

from icargos.ground.facts import Event


class ProfileAdded(Event, frozen=True, kw_only=True):
    """A shipper has a new pickup profile; ``subject_id`` is the profile."""

    kind: ClassVar[str] = "pickup_profile.added"

    code: str
    city_id: int


class AliasLearnt(Event, frozen=True, kw_only=True):
    """A shipper's own word for a city; ``subject_id`` is the city."""

    kind: ClassVar[str] = "city_alias.learnt"
