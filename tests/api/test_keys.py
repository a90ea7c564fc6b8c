"""API keys: made by an owner, shown once, good for their scopes until they are revoked."""

from datetime import timedelta

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from icargos.accounts import actions, queries
from icargos.accounts.models import ApiKey, Shipper
from icargos.accounts.rules import MOST_KEYS, key_prefix
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, Invalid, NotFound
from tests.api.conftest import Programme, make_key, order
from tests.cast import NOW, Cast


def detail(answer: object) -> str:
    return str(answer.json()["detail"])  # type: ignore[attr-defined]


def test_only_the_hash_of_a_key_is_kept(cast: Cast, owner_url: str) -> None:
    made = make_key(cast)
    prefix, _secret = made.token.removeprefix("ic_").split("_")
    assert key_prefix(made.token) == prefix
    with psycopg.connect(owner_url) as owner:
        tables = [name for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        for table in tables:
            found = owner.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{_secret}%"]).fetchone()
            assert found == (0,), table
    with acting(cast.actor("ayesha")):
        (shown,) = queries.keys(cast.actor("ayesha"))
        assert (shown.name, shown.prefix, shown.scopes) == ("Shop", prefix, ["book", "rates", "track"])
        assert shown.created_by == "Ayesha Khan"
        assert shown.last_used_at is None


def test_nobody_reads_the_hash_but_the_look_up(cast: Cast) -> None:
    make_key(cast)
    for who in ("ayesha", "adeel"):
        with acting(cast.actor(who)), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            list(ApiKey.objects.values_list("hash"))
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("SELECT 1 FROM accounts_apikey")


def test_making_and_revoking_a_key_are_facts_without_its_secret(cast: Cast) -> None:
    made = make_key(cast)
    with acting(cast.actor("ayesha")):
        assert actions.revoke_key(cast.actor("ayesha"), made.id, now=NOW) == "Shop"
        assert actions.revoke_key(cast.actor("ayesha"), made.id, now=NOW) == "Shop"
        facts = list(Fact.objects.filter(kind__startswith="api_key").order_by("id").values_list("kind", "data"))
    scopes = {"scopes": ["book", "rates", "track"]}
    assert facts == [("api_key.created", scopes), ("api_key.revoked", {})]


@pytest.mark.parametrize("who", ["bilal", "farah", "vahid"])
def test_only_an_owner_makes_lists_and_revokes_keys(cast: Cast, who: str) -> None:
    made = make_key(cast)
    actor = cast.actor(who)
    with acting(actor):
        with pytest.raises(Forbidden):
            actions.create_key(actor, name="Mine", scopes=["book"], now=NOW)
        with pytest.raises(Forbidden):
            actions.revoke_key(actor, made.id, now=NOW)
        with pytest.raises(Forbidden):
            queries.keys(actor)
        assert list(ApiKey.objects.values_list("id", "revoked_at")) == [(made.id, None)]


def test_another_shippers_key_is_no_key(cast: Cast) -> None:
    made = make_key(cast)
    with acting(cast.actor("zara")):
        assert queries.keys(cast.actor("zara")) == []
        with pytest.raises(NotFound):
            actions.revoke_key(cast.actor("zara"), made.id, now=NOW)
    with acting(cast.actor("ayesha")):
        assert list(ApiKey.objects.values_list("revoked_at", flat=True)) == [None]


@pytest.mark.parametrize(
    ("name", "scopes", "field"),
    [("x", ["book"], "name"), ("", ["book"], "name"), ("n" * 41, ["book"], "name"), ("shop", ["book"], "name")]
    + [("Other", [], "scopes"), ("Other", ["book", "rule"], "scopes"), ("A\u200b\0b", ["book"], "name")],
)
def test_a_key_needs_a_name_of_its_own_and_known_scopes(cast: Cast, name: str, scopes: list[str], field: str) -> None:
    make_key(cast)
    with acting(cast.actor("ayesha")):
        with pytest.raises(Invalid) as refusal:
            actions.create_key(cast.actor("ayesha"), name=name, scopes=scopes, now=NOW)
        assert [problem.field for problem in refusal.value.problems] == [field]
        assert ApiKey.objects.count() == 1


def test_a_shipper_holds_so_many_keys_and_a_revoked_one_makes_room(cast: Cast) -> None:
    made = [make_key(cast, name=f"Key {n}") for n in range(MOST_KEYS)]
    with pytest.raises(Invalid, match="Revoke one"):
        make_key(cast, name="One more")
    with acting(cast.actor("ayesha")):
        actions.revoke_key(cast.actor("ayesha"), made[0].id, now=NOW)
    make_key(cast, name="Key 0")


def test_a_missing_a_mangled_and_an_unknown_key_are_refused_in_clear_words(cast: Cast, shop: Programme) -> None:
    missing = Programme("")("tracking/IC1")
    assert (missing.status_code, missing.json()["code"]) == (401, "key_missing")
    assert "Authorization: Bearer" in detail(missing)
    assert missing["WWW-Authenticate"].startswith("Bearer")
    assert Programme("x")("rates", {}, headers={"Authorization": "Basic abc"}).json()["code"] == "key_missing"
    other = shop.token[:-1] + ("a" if shop.token[-1] != "a" else "b")
    for token in ("nonsense", shop.token[:-1], other, f"{shop.token}x", "ic_aaaaaaaaaaaa_" + "A" * 43, "ic__", "é"):
        refused = Programme(token)("tracking/IC1")
        assert (refused.status_code, refused.json()["code"]) == (401, "key_unknown"), token


def test_a_revoked_key_opens_nothing_from_the_next_call_on(cast: Cast, shop: Programme) -> None:
    assert shop("rates", {"city": "Lahore", "weight_kg": 1}).status_code == 200
    with acting(cast.actor("ayesha")):
        actions.revoke_key(cast.actor("ayesha"), queries.keys(cast.actor("ayesha"))[0].id, now=NOW)
    refused = shop("bookings", order())
    assert (refused.status_code, refused.json()["code"]) == (401, "key_revoked")
    assert "revoked" in detail(refused)
    with acting(cast.actor("dawood")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM consignments_consignment")
        assert cursor.fetchone() == (0,)


def test_the_key_of_a_closed_account_opens_nothing(cast: Cast, shop: Programme, owner_url: str) -> None:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(f"UPDATE {Shipper._meta.db_table} SET active = false WHERE id = %s", [cast.shipper_a])
    refused = shop("rates", {"city": "Lahore", "weight_kg": 1})
    assert (refused.status_code, refused.json()["code"]) == (401, "account_closed")


@pytest.mark.parametrize("scope", ["book", "track", "rates"])
def test_a_key_may_what_its_scopes_say_and_no_more(cast: Cast, scope: str) -> None:
    programme = Programme(make_key(cast, scopes=(scope,)).token)
    got = {
        "book": programme("bookings", order()),
        "track": programme("tracking/IC1"),
        "rates": programme("rates", {"city": "Lahore", "weight_kg": 1}),
    }
    for name, answer in got.items():
        if name == scope:
            assert answer.status_code in (200, 201, 404), name
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
            assert f"“{name}”" in detail(answer)


def test_the_last_use_is_written_at_most_once_a_minute(cast: Cast, shop: Programme, owner_url: str) -> None:
    def used() -> object:
        with acting(cast.actor("ayesha")):
            return queries.keys(cast.actor("ayesha"))[0].last_used_at

    shop("tracking/IC1")
    first = used()
    assert first is not None, "a refused call is a use as well"
    shop("tracking/IC1")
    assert used() == first
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("UPDATE accounts_apikey SET last_used_at = %s", [timezone.now() - timedelta(seconds=61)])
    shop("tracking/IC1")
    assert used() != first


def test_a_cookie_is_no_key(cast: Cast) -> None:
    client = cast.client("ayesha")
    answer = client.post("/api/v1/bookings", order(), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_missing")


def test_a_key_has_its_own_limit(cast: Cast, shop: Programme) -> None:
    other = Programme(make_key(cast, name="Other").token)
    with override_settings(API_PER_MINUTE=2):
        assert [shop("tracking/IC1").status_code for _ in range(3)] == [404, 404, 429]
        refused = shop("tracking/IC1")
        assert refused.json()["code"] == "too_many"
        assert 1 <= int(refused["Retry-After"]) <= 31
        assert other("tracking/IC1").status_code == 404
