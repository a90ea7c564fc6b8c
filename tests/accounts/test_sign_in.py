"""Signing in and staying out: through the real pages, on the real tables."""

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from icargos.accounts import actions
from icargos.accounts.rules import ROLE_LABEL, ROLES, STAFF_ROLES, Can, Role, StaffRole
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from tests.cast import PASSWORD, Cast

ROOT = Actor(Kind.STAFF, name="Set-up", can=frozenset({Can.APPROVE}))


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    """The status that the sign-in page answers with: 302 is in, 200 is not."""
    return client.post("/accounts/login/", {"login": email, "password": password}).status_code


def test_email_in_any_case_and_password_open_the_door(cast: Cast) -> None:
    client = Client()
    assert sign_in(client, "Bilal@Example.COM") == 302
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/overview/"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(cast: Cast) -> None:
    wrong = Client().post("/accounts/login/", {"login": "bilal@example.com", "password": "not-this-one"})
    unknown = Client().post("/accounts/login/", {"login": "nobody@example.com", "password": "not-this-one"})
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    said = [[str(e) for e in answer.context["form"].non_field_errors()] for answer in (wrong, unknown)]
    assert said[0] == said[1] != []


def test_guessing_is_stopped_for_everybody_who_asks(cast: Cast) -> None:
    answers = [sign_in(Client(), "bilal@example.com", f"guess-{n}") for n in range(8)]
    assert answers[0] == 200
    assert sign_in(Client(), "bilal@example.com") != 302, "even the right password waits"
    assert Client().get("/overview/").status_code == 302


def test_nobody_signs_themselves_up(cast: Cast) -> None:
    for address in ("/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"):
        assert Client().get(address).status_code == 404


def test_passwords_are_kept_as_argon2(cast: Cast) -> None:
    for person in get_user_model().objects.all():
        assert person.password.startswith("argon2$argon2id$")


def _seat(cast: Cast, whose: int, role: Role = Role.VIEWER) -> None:
    with acting(ROOT):
        actions.seat(ROOT, shipper_id=whose, user_id=cast.people["ayesha"], role=role)


def test_a_sign_in_stays_in_its_shipper_when_another_seat_comes(cast: Cast) -> None:
    client = cast.client("ayesha")
    assert client.get("/overview/").wsgi_request.actor.shipper_id == cast.shipper_a
    _seat(cast, cast.shipper_b)  # Noor stands before Zarqa in the list of her seats
    again = client.get("/overview/").wsgi_request.actor
    assert (again.shipper_id, again.role) == (cast.shipper_a, "owner")
    assert cast.client("ayesha").get("/overview/").wsgi_request.actor.shipper_id == cast.shipper_b, "the next sign-in"


def test_a_sign_in_ends_with_its_seat_and_goes_on_in_no_other(cast: Cast, owner_url: str) -> None:
    client = cast.client("ayesha")
    assert client.get("/overview/").status_code == 200
    _seat(cast, cast.shipper_b)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("DELETE FROM accounts_membership WHERE shipper_id = %s", [cast.shipper_a])
    answer = client.get("/overview/", follow=True)
    assert [where for where, _status in answer.redirect_chain] == ["/accounts/login/?next=%2Foverview%2F"]
    assert b"You do not belong to this account any more" in answer.content
    assert client.get("/overview/").status_code == 302, "she is signed out"
    assert sign_in(client, "ayesha@example.com") == 302
    assert client.get("/overview/").wsgi_request.actor.shipper_id == cast.shipper_b


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_user SET is_active = false WHERE email = 'bilal@example.com'",
        "UPDATE accounts_shipper SET active = false WHERE name = 'Zarqa Textiles'",
        "DELETE FROM accounts_membership m USING accounts_user u WHERE u.id = m.user_id AND u.name = 'Bilal Raza'",
    ],
)
def test_whoever_is_put_out_is_out_at_once(cast: Cast, owner_url: str, statement: str) -> None:
    client = cast.client("bilal")
    assert client.get("/overview/").status_code == 200
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(statement)
    out = client.get("/overview/", follow=True)
    assert [status for _where, status in out.redirect_chain] == [302]
    assert "/accounts/login/" in out.redirect_chain[0][0]


def test_only_an_owner_manages_people_and_nobody_of_finance_sees_a_consignee() -> None:
    assert [role for role in Role if Can.MANAGE_PEOPLE in ROLES[role]] == [Role.OWNER]
    assert Can.SEE_CONSIGNEE not in ROLES[Role.FINANCE] | STAFF_ROLES[StaffRole.FINANCE]
    assert not ROLES[Role.VIEWER] & {Can.BOOK, Can.IMPORT, Can.CANCEL, Can.PRINT_LABELS, Can.MANAGE_PROFILES}
    assert set(ROLES) == set(Role)
    assert set(STAFF_ROLES) == set(StaffRole)
    assert set(ROLE_LABEL) == {*Role, *StaffRole}
