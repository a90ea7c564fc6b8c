"""Published cards: which one applies to whom and when, and that none is ever changed."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from django.db import DatabaseError, connection

from icargos.ground.tenancy import acting
from icargos.kit.errors import Conflict, Forbidden, Invalid
from icargos.places import queries as places
from icargos.tariff import actions, queries
from icargos.tariff.rules import Card, Parcel, Quoter, validate
from tests.cast import Cast
from tests.tariff.cards import CARD_B, DAY

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def _publish(cast: Cast, card: Card, shipper_id: int | None = None) -> int:
    adeel = cast.actor("adeel")
    with acting(adeel):
        return actions.publish(adeel, card, shipper_id=shipper_id, now=NOW)


def _quoter(cast: Cast, who: str, on: date = DAY) -> Quoter:
    actor = cast.actor(who)
    with acting(actor):
        return queries.quoter(actor, on)


def test_a_fresh_installation_prices_the_worked_example_to_the_paisa(cast: Cast) -> None:
    bilal = cast.actor("bilal")
    with acting(bilal):
        index = places.city_index(bilal)
        quoter = queries.quoter(bilal, DAY)
    lahore, karachi = index.find("Lahore").city_id or 0, index.find("Karachi").city_id or 0
    origin = index.get(lahore)
    assert origin is not None
    receipt = quoter.quote(
        Parcel(
            service="overnight",
            zone=index.zone(lahore, karachi),
            province=origin.province,
            weight_g=1_300,
            length_cm=40,
            width_cm=30,
            height_cm=12,
            cod_paisa=450_000,
        )
    )
    assert (receipt.charges_paisa, receipt.payable_paisa, receipt.return_payable_paisa) == (83_172, 348_828, -116_928)
    validate(quoter.card)


def test_a_quoter_is_compiled_once_and_again_when_a_tax_row_changes(cast: Cast) -> None:
    before = _quoter(cast, "bilal")
    assert _quoter(cast, "bilal") is before
    with acting(cast.actor("adeel")), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tariff_taxrow (province, label, bp, valid_from) VALUES ('PB', 'Punjab sales tax', 1700, %s)",
            [DAY],
        )
    after = _quoter(cast, "bilal")
    parcel = Parcel(service="overnight", zone="within_city", province="PB", weight_g=500)
    assert before.quote(parcel).tax_paisa == 3_226
    assert after.quote(parcel).tax_paisa == 3_427
    assert _quoter(cast, "bilal", date(2026, 11, 22)).quote(parcel).tax_paisa == 3_226


def test_a_shippers_own_card_comes_before_the_one_for_all_and_is_nobody_elses(cast: Cast) -> None:
    _publish(cast, CARD_B, cast.shipper_a)
    assert _quoter(cast, "bilal").card == CARD_B
    assert _quoter(cast, "zara").card.code == "STD-26"
    with acting(cast.actor("zara")), connection.cursor() as cursor:
        cursor.execute("SELECT code FROM tariff_ratecard")
        assert cursor.fetchall() == [("STD-26",)]


def test_a_card_applies_from_its_first_day_to_its_last(cast: Cast) -> None:
    _publish(
        cast, msgspec.structs.replace(CARD_B, valid_from=date(2026, 12, 1), valid_to=date(2026, 12, 31)), cast.shipper_a
    )
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [_quoter(cast, "bilal", day).card.code for day in days] == ["STD-26", "LHE-26B", "LHE-26B", "STD-26"]


def test_a_day_before_any_card_is_refused_in_words(cast: Cast) -> None:
    with pytest.raises(queries.NoCard):
        _quoter(cast, "bilal", date(2020, 1, 1))


def test_a_newer_version_replaces_an_older_and_the_older_stays_as_it_was(cast: Cast) -> None:
    _publish(cast, CARD_B)
    _publish(cast, msgspec.structs.replace(CARD_B, version=4, fuel_bp=1500))
    assert _quoter(cast, "zara").card.fuel_bp == 1500
    with pytest.raises(Conflict):
        _publish(cast, msgspec.structs.replace(CARD_B, version=4, fuel_bp=1))
    assert _quoter(cast, "zara").card.fuel_bp == 1500


@pytest.mark.parametrize("statement", ["UPDATE tariff_ratecard SET valid_to = now()", "DELETE FROM tariff_ratecard"])
def test_nobody_changes_a_published_card_not_even_the_owner(cast: Cast, owner_url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(owner_url) as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(statement)
    with acting(cast.actor("adeel")), pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)
    assert _quoter(cast, "bilal").card.valid_to is None


def test_a_faulty_card_and_a_stranger_publish_nothing(cast: Cast) -> None:
    with pytest.raises(Invalid):
        _publish(cast, msgspec.structs.replace(CARD_B, limits=()))
    for who in ("ayesha", "farah", "dawood"):
        actor = cast.actor(who)
        with pytest.raises(Forbidden), acting(actor):
            actions.publish(actor, CARD_B, now=NOW)
    assert _quoter(cast, "bilal").card.code == "STD-26"
