"""Who is asking. Every query and every action takes an Actor first."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from icargos.kit.errors import Forbidden


class Kind(StrEnum):
    """Which fence of the database the actor stands behind."""

    SHIPPER = "shipper"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a programme, with what it may do.

    ``shipper_id`` is set for SHIPPER actors and None for the others; ``can`` holds the
    capability codes of ``accounts.rules``; ``request_id`` ties facts and log lines together; ``key_id`` is the API
    key that a programme came with, and then there is no ``user_id``.
    """

    kind: Kind
    user_id: int | None = None
    shipper_id: int | None = None
    role: str = ""
    name: str = ""
    can: frozenset[str] = field(default_factory=frozenset)
    request_id: str = ""
    key_id: int | None = None

    def may(self, capability: str) -> bool:
        """Whether the actor holds the capability."""
        return capability in self.can

    def require(self, capability: str) -> None:
        """Raise Forbidden unless the actor holds the capability."""
        if capability not in self.can:
            raise Forbidden("Your role does not allow this. Ask an owner of your account to change your role.")

    @property
    def tenant(self) -> int:
        """The shipper this actor acts for; raises Forbidden for an actor without one."""
        if self.shipper_id is None:
            raise Forbidden("Choose a shipper first.")
        return self.shipper_id


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who did a thing, and when it was recorded: for what is written down later, many by many people at once."""

    actor: Actor
    at: datetime
