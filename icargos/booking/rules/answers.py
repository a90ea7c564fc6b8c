"""The answers to a whole column, and the checkers that must know the shipper."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from rapidfuzz import process

from icargos.booking.rules import cells
from icargos.booking.rules.cells import Cell, Checker, bad, not_a_number, rupees_in, text_checker
from icargos.booking.rules.columns import BY_KEY
from icargos.booking.rules.problems import Code
from icargos.booking.rules.reference import Reference
from icargos.booking.rules.text import clean, plain
from icargos.kit.texts import gettext_noop

_EMPTY: dict[str, object] = {
    "length_cm": 0,
    "width_cm": 0,
    "height_cm": 0,
    "declared_value": 0,
    "allow_open": False,
    "fragile": False,
    "proof": "none",
    "pickup_date": None,
}
_SERVICE_WORDS: dict[str, tuple[str, ...]] = {
    "overnight": ("overnight", "over night", "on", "o/n", "next day", "express", "standard", "normal"),
    "same_day": ("same day", "sameday", "sd", "same_day"),
    "second_day": ("second day", "2nd day", "2 day", "two day", "second_day", "2d"),
    "overland": ("overland", "over land", "ol", "economy", "cargo", "road", "by road"),
    "detain": (
        "detain",
        "hold at office",
        "office collection",
        "self collection",
        "self collect",
        "counter collection",
    ),
}
_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})


class Answers(dict[str, Cell]):
    """The answers of one column, each different text checked once for a whole import."""

    def __init__(self, check: Checker, empty: Cell) -> None:
        super().__init__()
        self._check = check
        self._empty = empty

    def __missing__(self, raw: str) -> Cell:
        text = clean(raw)
        if not text:
            cell = self._empty
        elif text[0] == "=":
            cell = bad(
                Code.TYPE,
                gettext_noop(
                    "This cell holds a formula without a saved result. Open the file in Excel, save it and upload it "
                    "again, or type the value."
                ),
            )
        elif text in _EXCEL_ERRORS:
            cell = bad(Code.TYPE, gettext_noop("Excel shows an error here: %(error)s. Type the value."), error=text)
        else:
            cell = self._check(text)
        self[raw] = cell
        return cell


def checkers(ref: Reference, *, weight_in_grams: bool = False) -> dict[str, Answers]:
    """A fresh memory of answers for each column, by column key."""

    def weight(text: str) -> Cell:
        return cells.check_weight(text, in_grams=weight_in_grams)

    table: Mapping[str, Checker] = {
        "order_ref": cells.check_order_ref,
        "service": _service_checker(ref),
        "profile": _profile_checker(ref),
        "destination_city": _city_checker(ref),
        "consignee_name": cells.check_name,
        "consignee_phone": cells.check_phone,
        "alt_phone": cells.check_alt_phone,
        "consignee_email": cells.check_email,
        "address": cells.check_address,
        "landmark": text_checker(100),
        "pieces": cells.check_pieces,
        "weight_kg": weight,
        "length_cm": cells.check_length,
        "width_cm": cells.check_length,
        "height_cm": cells.check_length,
        "cod_amount": _cod_checker(ref),
        "product": text_checker(100),
        "declared_value": cells.check_declared,
        "allow_open": cells.check_yes,
        "fragile": cells.check_yes,
        "proof": cells.check_proof,
        "remarks": text_checker(250),
        "pickup_date": _pickup_checker(ref),
        "delivery_window": cells.check_window,
        "return_address": cells.check_return_address,
        "piece_weights": cells.check_piece_weights,
        "signed_papers": cells.check_signed_papers,
    }
    return {key: Answers(check, _empty(key, ref)) for key, check in table.items()}


def _empty(key: str, ref: Reference) -> Cell:
    """What an empty cell of this column comes to."""
    if key == "profile":
        if ref.default_profile_id is None:
            return bad(Code.REQUIRED, gettext_noop("Name a pickup profile: there is no default one."))
        return Cell(ref.default_profile_id)
    if not BY_KEY[key].required:
        return Cell(_EMPTY.get(key, ""))
    default = ref.services.get(ref.default_service) if key == "service" else None
    return bad(
        Code.REQUIRED, gettext_noop("This is empty; it is required."), default.label if default is not None else ""
    )


def _service_checker(ref: Reference) -> Checker:
    words = {word: code for code, names in _SERVICE_WORDS.items() for word in names}
    for code, offer in ref.services.items():
        words[plain(code)] = code
        words[plain(offer.label)] = code
    offered = {word: code for word, code in words.items() if code in ref.services}
    default = ref.services.get(ref.default_service)

    def check(text: str) -> Cell:
        word = plain(text)
        code = words.get(word)
        if code in ref.services:
            return Cell(code)
        if code is not None:
            return bad(
                Code.SERVICE_NOT_AVAILABLE,
                gettext_noop("The service “%(service)s” is not on your rate card."),
                default.label if default is not None else "",
                service=text[:40],
            )
        hit = process.extractOne(word, list(offered), score_cutoff=65)
        return bad(
            Code.SERVICE_NOT_AVAILABLE,
            gettext_noop("There is no service “%(service)s”."),
            ref.services[offered[hit[0]]].label if hit is not None else "",
            service=text[:40],
        )

    return check


def _profile_checker(ref: Reference) -> Checker:
    def check(text: str) -> Cell:
        found = ref.profiles.get(text.casefold())
        if found is not None:
            return Cell(found)
        hit = process.extractOne(text.casefold(), list(ref.profiles), score_cutoff=70)
        return bad(
            Code.PROFILE_UNKNOWN,
            gettext_noop("You have no pickup profile “%(profile)s”. Leave it empty for the default one."),
            hit[0] if hit is not None else "",
            profile=text[:40],
        )

    return check


def _city_checker(ref: Reference) -> Checker:
    def check(text: str) -> Cell:
        found, suggestion = ref.cities.find(text)
        if found is None:
            if suggestion:
                told = gettext_noop("We do not know the city “%(city)s”. Did you mean %(suggestion)s?")
                return bad(Code.CITY_UNKNOWN, told, suggestion, city=text[:40], suggestion=suggestion)
            return bad(Code.CITY_UNKNOWN, gettext_noop("We do not know the city “%(city)s”."), city=text[:40])
        if found not in ref.served:
            return bad(Code.CITY_NOT_SERVED, gettext_noop("We do not deliver to %(city)s yet."), city=text[:40])
        return Cell(found)

    return check


def _pickup_checker(ref: Reference) -> Checker:
    def check(text: str) -> Cell:
        day = cells.day_of(text)
        if day is None:
            return bad(Code.TYPE, gettext_noop("Write the day like 2026-11-24 or 24/11/2026."))
        if day in ref.pickup_days:
            return Cell(day)
        if not ref.pickup_days or not ref.pickup_days[0] <= day <= ref.pickup_days[-1]:
            ends = [f"{end:%d/%m/%Y}" for end in (*ref.pickup_days[:1], *ref.pickup_days[-1:])]
            told = gettext_noop("A pickup can be wished for from %(low)s to %(high)s.")
            return bad(Code.RANGE, told, low=ends[0] if ends else "-", high=ends[-1] if ends else "-")
        after = next(one for one in ref.pickup_days if one > day)
        told = gettext_noop("We collect nothing on this day.")
        return bad(Code.RANGE, told, f"{after:%Y-%m-%d}")

    return check


def _cod_checker(ref: Reference) -> Checker:
    def check(text: str) -> Cell:
        rupees = rupees_in(text)
        if rupees is None:
            prepaid = plain(text) in ("prepaid", "paid", "nil", "none", "no", "free", "-", "advance")
            return not_a_number(text, "0" if prepaid else "")
        if rupees != rupees.to_integral_value():
            told = gettext_noop("Cash on delivery is in whole rupees.")
            return bad(Code.RANGE, told, str(rupees.quantize(Decimal(1), ROUND_HALF_UP)))
        paisa = int(rupees) * 100
        if paisa < 0:
            return bad(Code.RANGE, gettext_noop("Cash on delivery cannot be below 0; 0 means prepaid."))
        if paisa > ref.cod_cap_paisa:
            cap = f"Rs {ref.cod_cap_paisa // 100:,}"
            return bad(Code.COD_OVER_LIMIT, gettext_noop("Cash on delivery is limited to %(cap)s a parcel."), cap=cap)
        if paisa and not ref.cod_allowed:
            told = gettext_noop("Your account does not carry cash on delivery. Write 0, or ask us to open it.")
            return bad(Code.COD_FORBIDDEN, told, "0")
        return Cell(paisa)

    return check
