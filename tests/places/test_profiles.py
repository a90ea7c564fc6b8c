"""Cities for everybody, pickup profiles and own city words for their shipper alone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Conflict, Forbidden, Invalid, NotFound
from icargos.places import actions, queries
from icargos.places.rules import Zone
from tests.cast import Cast

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def _count(actor: Actor, table: str) -> int:
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _add(actor: Actor, **change: object) -> int:
    given: dict[str, object] = {
        "name": "Liberty outlet",
        "phone": "0300 822 4419",
        "address": "Shop 21, Liberty Market, Gulberg III",
        "city": "lahore",
        "now": NOW,
    }
    with acting(actor):
        return actions.add_profile(actor, **{**given, **change})  # type: ignore[arg-type]


def test_every_city_has_a_province_a_zone_a_station_and_a_route(cast: Cast) -> None:
    with acting(cast.actor("bilal")):
        cities = queries.cities(cast.actor("bilal"))
    assert len(cities) == 198
    assert {city.province for city in cities} == {"PB", "SD", "KP", "BA", "IS", "JK", "GB"}
    assert all(city.zone and city.metro and city.station and 1 <= city.route <= 99 for city in cities)
    assert len({city.sort_code for city in cities}) == 198
    by_name = {city.name: city for city in cities}
    assert by_name["Karachi"].sort_code == "KHI-01"
    assert by_name["Rawalpindi"].station == "ISB"
    assert not by_name["Parachinar"].served
    assert by_name["Gilgit"].osa


def test_the_zones_of_the_loaded_cities_are_those_of_the_card(cast: Cast) -> None:
    with acting(cast.actor("bilal")):
        index = queries.city_index(cast.actor("bilal"))
    ids = {name: index.find(name).city_id or 0 for name in ("Lahore", "Karachi", "Pindi", "Islamabad", "Multan")}
    assert index.zone(ids["Lahore"], ids["Karachi"]) is Zone.DIFFERENT_ZONE
    assert index.zone(ids["Pindi"], ids["Islamabad"]) is Zone.WITHIN_CITY
    assert index.zone(ids["Lahore"], ids["Multan"]) is Zone.SAME_ZONE


def test_an_edited_city_is_seen_at_once(cast: Cast) -> None:
    adeel = cast.actor("adeel")
    with acting(adeel):
        before = queries.city_index(adeel)
        assert queries.city_index(adeel) is before
        okara = before.find("Okara").city_id
        with connection.cursor() as cursor:
            cursor.execute("UPDATE places_city SET served = false WHERE id = %s", [okara])
        after = queries.city_index(adeel)
    assert okara in before.served()
    assert okara not in after.served()


def test_a_shipper_adds_a_profile_and_gets_the_next_number(cast: Cast) -> None:
    ayesha = cast.actor("ayesha")
    new = _add(ayesha)
    with acting(ayesha):
        profiles = queries.profiles(ayesha)
        assert queries.profile(ayesha, new).code == "4103"
    assert [(p.code, p.is_default) for p in profiles] == [("4102", True), ("4103", False)]
    assert profiles[1].phone == "+923008224419"
    assert profiles[1].city == "Lahore"


def test_a_new_default_takes_the_place_of_the_old_one(cast: Cast) -> None:
    ayesha = cast.actor("ayesha")
    new = _add(ayesha, is_default=True)
    with acting(ayesha):
        default = queries.default_profile(ayesha)
        assert default is not None
        assert default.id == new
        assert sum(p.is_default for p in queries.profiles(ayesha)) == 1


def test_an_incomplete_profile_names_every_field_and_adds_nothing(cast: Cast) -> None:
    ayesha = cast.actor("ayesha")
    before = _count(ayesha, "places_pickupprofile"), _count(cast.actor("adeel"), "ground_fact")
    with pytest.raises(Invalid) as refusal:
        _add(ayesha, name="x", phone="12", address="here", return_address="there", city="Karachii")
    problems = {p.field: p for p in refusal.value.problems}
    assert set(problems) == {"name", "phone", "address", "return_address", "city"}
    assert problems["city"].suggestion == "Karachi"
    assert (_count(ayesha, "places_pickupprofile"), _count(cast.actor("adeel"), "ground_fact")) == before


def test_a_profile_id_is_used_once_by_a_shipper_but_freely_by_another(cast: Cast) -> None:
    with pytest.raises(Conflict):
        _add(cast.actor("ayesha"), code="4102")
    assert _add(cast.actor("zara"), code="4102")
    assert _count(cast.actor("ayesha"), "places_pickupprofile") == 1


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_who_may_not_manage_profiles_adds_none(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        _add(cast.actor(who))
    assert _count(cast.actor("ayesha"), "places_pickupprofile") == 1


def test_a_shipper_cannot_add_a_profile_to_another_by_naming_it(cast: Cast) -> None:
    new = _add(cast.actor("ayesha"), shipper_id=cast.shipper_b)
    zara = cast.actor("zara")
    with acting(zara):
        assert [p.id for p in queries.profiles(zara)] == [cast.profile_b]
        with pytest.raises(NotFound):
            queries.profile(zara, new)


def test_each_fence_alone_hides_another_shippers_profiles(cast: Cast) -> None:
    ayesha, zara = cast.actor("ayesha"), cast.actor("zara")
    with acting(ayesha):
        with pytest.raises(NotFound):
            queries.profile(ayesha, cast.profile_b)
        # the database's fence alone: a statement that names no tenant
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM places_pickupprofile")
            assert cursor.fetchall() == [(cast.profile_a,)]
    # the queries' fence alone: the courier's role sees all rows, the actor is still Zara
    with acting(Actor(Kind.STAFF)):
        assert [p.id for p in queries.profiles(zara)] == [cast.profile_b]


def test_a_learnt_word_is_the_shippers_own(cast: Cast) -> None:
    bilal, zara = cast.actor("bilal"), cast.actor("zara")
    with acting(bilal):
        lahore = queries.city_index(bilal).find("Lahore").city_id or 0
        multan = queries.city_index(bilal).find("Multan").city_id or 0
        assert queries.city_index(bilal).find("Model Town").city_id is None
        actions.learn_alias(bilal, "Model Town", multan, now=NOW)
        actions.learn_alias(bilal, " MODEL-town", lahore, now=NOW)
        assert queries.city_index(bilal).find("model town").city_id == lahore
    with acting(zara):
        assert queries.city_index(zara).find("Model Town").city_id is None
    assert _count(bilal, "places_cityalias") == 1


def test_a_word_without_letters_or_for_no_city_is_not_learnt(cast: Cast) -> None:
    bilal = cast.actor("bilal")
    for alias, city_id, refusal in (("--", 1, Invalid), ("x" * 61, 1, Invalid), ("Model Town", 10**9, NotFound)):
        with pytest.raises(refusal), acting(bilal):
            actions.learn_alias(bilal, alias, city_id, now=NOW)
    with pytest.raises(Forbidden), acting(cast.actor("vahid")):
        actions.learn_alias(cast.actor("vahid"), "Model Town", 1, now=NOW)
    assert _count(bilal, "places_cityalias") == 0


def test_a_shipper_cannot_edit_the_cities_of_all(cast: Cast) -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError), acting(cast.actor("ayesha")), connection.cursor() as cursor:
        cursor.execute("UPDATE places_city SET served = false")
    with acting(cast.actor("ayesha")):
        assert len(queries.city_index(cast.actor("ayesha")).served()) == 196


def _profiles(actor: Actor) -> list[tuple[str, bool, bool, bool]]:
    with acting(actor):
        return [(p.code, p.is_default, p.mine, p.active) for p in queries.all_profiles(actor)]


def _change(actor: Actor, code: str, **change: str) -> tuple[str, ...]:
    given = {
        "name": "Zarqa Textiles",
        "phone": "+923008224417",
        "address": "Plot C-18, SITE Area, Karachi",
        "city": "Karachi",
        "return_address": "",
    }
    with acting(actor):
        return actions.change_profile(actor, code, **{**given, **change}, now=NOW)


def test_a_changed_profile_tells_which_fields_and_keeps_its_id(cast: Cast) -> None:
    ayesha = cast.actor("ayesha")
    assert _change(ayesha, "4102") == ()
    assert _change(ayesha, "4102", phone="0300 1112223", city="لاہور") == ("phone", "city_id")
    with acting(ayesha), connection.cursor() as cursor:
        changed = queries.profile(ayesha, cast.profile_a)
        cursor.execute("SELECT data FROM ground_fact WHERE kind = 'pickup_profile.changed'")
        ((data,),) = cursor.fetchall()
    assert (changed.code, changed.phone, changed.city) == ("4102", "+923001112223", "Lahore")
    assert "0300" not in str(data)
    assert "111" not in str(data)


def test_a_wrong_change_names_every_field_and_changes_nothing(cast: Cast) -> None:
    ayesha = cast.actor("ayesha")
    with pytest.raises(Invalid) as refusal:
        _change(ayesha, "4102", name="x", phone="12", city="Karachii")
    assert {p.field for p in refusal.value.problems} == {"name", "phone", "city"}
    with pytest.raises(NotFound):
        _change(ayesha, "4103", name="Noor")
    assert _change(ayesha, "4102") == ()


def test_a_profile_out_of_use_is_offered_no_more_and_can_come_back(cast: Cast) -> None:
    ayesha = cast.actor("ayesha")
    _add(ayesha)
    with acting(ayesha):
        actions.retire_profile(ayesha, "4103", now=NOW)
        assert [p.code for p in queries.profiles(ayesha)] == ["4102"]
        with pytest.raises(Conflict), acting(ayesha):
            actions.make_default(ayesha, "4103", now=NOW)
        with pytest.raises(Conflict), acting(ayesha):
            actions.choose_profile(ayesha, "4103")
        actions.restore_profile(ayesha, "4103", now=NOW)
        assert [p.code for p in queries.profiles(ayesha)] == ["4102", "4103"]


def test_the_default_stays_in_use_until_another_one_is_the_default(cast: Cast) -> None:
    ayesha = cast.actor("ayesha")
    _add(ayesha)
    before = _profiles(ayesha)
    with acting(ayesha), pytest.raises(Conflict, match="default"), acting(ayesha):
        actions.retire_profile(ayesha, "4102", now=NOW)
    assert _profiles(ayesha) == before
    with acting(ayesha):
        actions.make_default(ayesha, "4103", now=NOW)
        actions.retire_profile(ayesha, "4102", now=NOW)
    assert _profiles(ayesha) == [("4103", True, False, True), ("4102", False, False, False)]


def test_each_person_may_start_from_a_profile_of_their_own(cast: Cast) -> None:
    ayesha, bilal = cast.actor("ayesha"), cast.actor("bilal")
    _add(ayesha)
    with acting(bilal):
        actions.choose_profile(bilal, "4103")
        assert [p.code for p in queries.profiles(bilal)] == ["4103", "4102"]
    with acting(ayesha):
        assert [p.code for p in queries.profiles(ayesha)] == ["4102", "4103"]
        actions.retire_profile(ayesha, "4103", now=NOW)
    with acting(bilal):
        assert [(p.code, p.mine) for p in queries.profiles(bilal)] == [("4102", False)]
        actions.choose_profile(bilal, "4102")
        actions.choose_profile(bilal, "")
        assert [(p.code, p.mine) for p in queries.profiles(bilal)] == [("4102", False)]


def test_nobody_chooses_or_changes_another_shippers_profile(cast: Cast) -> None:
    ayesha, zara = cast.actor("ayesha"), cast.actor("zara")
    before = _profiles(zara)
    with acting(ayesha):
        with pytest.raises(NotFound), acting(ayesha):
            actions.choose_profile(ayesha, "4103")
        with pytest.raises(NotFound), acting(ayesha):
            actions.retire_profile(ayesha, "4103", now=NOW)
        with pytest.raises(NotFound), acting(ayesha):
            actions.make_default(ayesha, "4103", now=NOW)
    assert _profiles(zara) == before


@pytest.mark.parametrize("who", ["farah", "vahid"])
def test_who_may_not_manage_profiles_changes_none(cast: Cast, who: str) -> None:
    actor = cast.actor(who)
    before = _profiles(cast.actor("ayesha"))
    refusals: list[Callable[[], None]] = [
        lambda: actions.make_default(actor, "4102", now=NOW),
        lambda: actions.retire_profile(actor, "4102", now=NOW),
        lambda: actions.restore_profile(actor, "4102", now=NOW),
        lambda: actions.choose_profile(actor, "4102"),
    ]
    for refused in refusals:
        with acting(actor), pytest.raises(Forbidden):
            refused()
    with pytest.raises(Forbidden):
        _change(actor, "4102", name="Other")
    assert _profiles(cast.actor("ayesha")) == before


@pytest.mark.parametrize("code", ["12345678901234", "a b", "پتہ", "a/b"])
def test_a_profile_id_is_short_and_plain(cast: Cast, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        _add(cast.actor("ayesha"), code=code)
    assert [p.field for p in refusal.value.problems] == ["code"]
