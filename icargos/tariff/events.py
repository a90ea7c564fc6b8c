"""Facts about the tariff."""

from typing import ClassVar

from icargos.ground.facts import Event


class CardPublished(Event, frozen=True, kw_only=True):
    """A version of a rate card is in force from a day on; ``subject_id`` is the card, no shipper means for all."""

    kind: ClassVar[str] = "rate_card.published"

    code: str
    version: int
