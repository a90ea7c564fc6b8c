"""The API settings: a call that runs, a key shown once, a list without secrets."""

import json
import re
import shlex
from html import unescape

from django.test import Client

from icargos.accounts.models import ApiKey
from icargos.ground.tenancy import acting
from tests.cast import Cast

WHERE = "/settings/api/"


def token_in(page: bytes) -> str:
    found = re.search(rb'id="code-secret">(ic_[^<]+)<', page)
    assert found
    return found[1].decode()


def test_the_page_lists_the_profile_ids_and_the_reference(cast: Cast) -> None:
    page = cast.client("ayesha").get(WHERE)
    assert page.status_code == 200
    said = page.content.decode()
    for words in ("Quick start", "4102", "Plot C-18, SITE Area, Karachi", "/api/v1/docs", "Default"):
        assert words in said
    assert "4103" not in said


def test_a_new_key_is_shown_once_and_its_sample_runs(cast: Cast) -> None:
    client = cast.client("ayesha")
    made = client.post(WHERE, {"name": "Shop", "scope": ["book", "track"]})
    token = token_in(made.content)
    assert made["Cache-Control"] == "no-store"
    again = client.get(WHERE).content
    assert token.encode() not in again
    assert token[:7].encode() in again
    assert token.rpartition("_")[2].encode() not in again
    sample = re.search(r'id="code-sample">(.*?)</pre>', made.content.decode(), re.S)
    assert sample
    words = shlex.split(unescape(sample[1]).replace("\\\n", " "))
    assert words[0] == "curl"
    heads = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    body = words[words.index("-d") + 1]
    assert json.loads(body)["profile_id"] == "4102"
    answer = Client().generic(
        "POST",
        words[1].removeprefix("http://testserver"),
        body,
        content_type=heads["Content-Type"],
        HTTP_AUTHORIZATION=heads["Authorization"],
        HTTP_IDEMPOTENCY_KEY=heads["Idempotency-Key"],
    )
    assert answer.status_code == 201
    assert "Never" not in client.get(WHERE).content.decode()


def test_a_bad_name_is_told_at_its_field_and_no_key_is_made(cast: Cast) -> None:
    client = cast.client("ayesha")
    page = client.post(WHERE, {"name": "x"})
    assert page.status_code == 422
    said = page.content.decode()
    assert "2 to 40 characters" in said
    assert "Tick what the key may do" in said
    with acting(cast.actor("ayesha")):
        assert ApiKey.objects.count() == 0


def test_a_key_is_revoked_by_its_button_and_only_by_its_shipper(cast: Cast) -> None:
    client = cast.client("ayesha")
    token = token_in(client.post(WHERE, {"name": "Shop", "scope": ["rates"]}).content)
    with acting(cast.actor("ayesha")):
        key_id = ApiKey.objects.values_list("id", flat=True).get()
    assert cast.client("zara").post(f"{WHERE}{key_id}/revoke/").status_code == 404
    assert cast.client("bilal").post(f"{WHERE}{key_id}/revoke/").status_code == 403
    parcel, kind, shown = {"city": "Lahore", "weight_kg": 1}, "application/json", {"Authorization": f"Bearer {token}"}
    assert Client().post("/api/v1/rates", parcel, kind, headers=shown).status_code == 200
    done = client.post(f"{WHERE}{key_id}/revoke/", follow=True)
    assert "revoked" in done.content.decode()
    assert Client().post("/api/v1/rates", parcel, kind, headers=shown).status_code == 401


def test_the_menu_shows_the_page_to_owners_only(cast: Cast) -> None:
    assert WHERE.encode() in cast.client("ayesha").get("/orders/").content
    assert WHERE.encode() not in cast.client("bilal").get("/orders/").content
    assert cast.client("bilal").get(WHERE).status_code == 403
