"""What the demo's shippers say to a failed delivery."""

import random
import secrets
from datetime import date

from icargos.consignments.rules import WINDOWS
from icargos.dispatch.rules.advice import AdviceOrder
from icargos.main.demo.goods import mobile

_NOTES = (
    "Please call before coming.",
    "Customer is home after 5 pm.",
    "Kindly try once more, she confirmed on WhatsApp.",
    "Leave with the guard if nobody opens.",
    "Cash is ready now.",
    "کسٹمر سے بات ہو گئی ہے، کل دوبارہ جائیں۔",
    "",
    "",
)
_BACK = ("Customer cancelled, send it back.", "Please return, wrong size.", "Return to our warehouse.", "", "")
_LANDMARKS = ("Opposite the bank", "Behind the girls' college", "Near the fuel pump, second lane", "Near Makki Masjid")


def answer(dice: random.Random, cn: str, reason: str, on_date: date | None) -> AdviceOrder:
    """The advice after a visit that failed for ``reason``: again on a day, or back when there is none."""
    if on_date is None:
        return AdviceOrder(cn=cn, action="return", source_event_id=secrets.token_hex(12), note=dice.choice(_BACK))
    number, street = dice.randint(1, 180), dice.randint(1, 24)
    return AdviceOrder(
        cn=cn,
        action="reattempt",
        source_event_id=secrets.token_hex(12),
        on_date=on_date,
        window=dice.choice((*WINDOWS, "")),
        note=dice.choice(_NOTES),
        new_phone=f"0{mobile(dice)}" if reason == "WCN" else "",
        new_address=f"House {number}, Street {street}, New Town" if reason in ("NSC", "SHF") else "",
        landmark=dice.choice(_LANDMARKS) if reason in ("ICA", "UL") else "",
    )
