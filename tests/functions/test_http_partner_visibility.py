"""What of a partner is shown to whom, beyond what the matrix says of every route (test_http_matrix.py; partner-visibility)."""

import json
from typing import Any

import ledger
import pytest
from policy.partners.facts import RoleFilled

from tests.functions.http import PIA, Client, signed_in
from tests.functions.partners import APPROVED, EXPRESS, approve, do_enough, keep_individual, keep_partner
from tests.functions.sample import keep_holder

pytestmark = pytest.mark.usefixtures("table")

MAX = signed_in("max@example.com", "account-manager")


@pytest.fixture
def partners(table: None) -> None:
    for partner, manager in (("northwind", "max@example.com"), ("tailspin", "mia@example.com")):
        keep_partner(partner, manager)
        approve(partner)
    keep_holder("bob")


def listed(client: Client) -> list[str]:
    return [item["partner"] for item in client.get("/partners").body["items"]]


@pytest.mark.usefixtures("partners")
@pytest.mark.parametrize(
    ("email", "groups", "seen"),
    [
        ("pia@northwind.example", ["partner-admin:northwind"], ["northwind"]),
        ("pia@northwind.example", ["partner-admin:tailspin", "partner-admin:northwind"], ["northwind", "tailspin"]),
        ("max@example.com", ["account-manager", "partner-admin:northwind"], ["northwind"]),
        ("max@example.com", ["account-manager"], ["northwind"]),
        ("mia@example.com", ["account-manager"], ["tailspin"]),
        ("mia@example.com", ["account-manager", "partner-admin:northwind"], ["northwind", "tailspin"]),
        ("eve@example.com", ["partner-admin:Northwind", "partner-admin:northwind.x"], []),
    ],
)
def test_a_list_holds_the_caller_s_partners_and_no_others(email: str, groups: list[str], seen: list[str]) -> None:
    """However issuers and gateways write groups."""
    assert listed(signed_in(email, *groups)) == seen
    for written in (groups, ",".join(groups)):
        assert listed(signed_in(email, groups=written)) == seen


@pytest.mark.usefixtures("partners")
def test_who_is_assigned_no_more_sees_no_more() -> None:
    keep_partner("northwind", "mia@example.com")
    assert listed(MAX) == []
    assert MAX.get("/partners/northwind/specializations").status == 404


@pytest.mark.usefixtures("partners")
def test_an_individual_of_two_partners_shows_each_its_own() -> None:
    """What somebody learns counts for both; who else is there, and what they earned, stays with each."""
    keep_individual("cid", partner="tailspin")
    do_enough("cid")
    shown = PIA.get("/partners/northwind/individuals").body["individuals"]
    assert [line["individual"] for line in shown] == ["ann"]
    assert PIA.get(f"{EXPRESS}/points").body["current"] == []


@pytest.mark.usefixtures("partners")
def test_of_whoever_was_never_associated_nothing_is_told_not_even_that_the_program_knows_them() -> None:
    """Whoever guesses the id of a holder is answered as of an id that nobody has."""
    attended = {"item": "CONFERENCE", "specialization": "express-networking", "mode": "downloaded"}

    def told(individual: str) -> list[Any]:
        named = {"individual": individual}
        answers = [
            PIA.post("/partners/northwind/individuals", named),
            PIA.put(f"{EXPRESS}/roles/am", named),
            PIA.post("/partners/northwind/activities", {**attended, **named}),
            PIA.send("DELETE", f"/partners/northwind/individuals/{individual}"),
        ]
        return [(answer.status, answer.body) for answer in answers]

    before = ledger.load_partner("northwind").version
    assert told("bob") == told("zoe")
    assert [status for status, _ in told("bob")] == [400, 400, 400, 404]
    assert ledger.load_partner("northwind").version == before


@pytest.mark.usefixtures("partners")
def test_whoever_was_named_for_a_role_without_having_come_keeps_their_name() -> None:
    ledger.record_partner("northwind", [RoleFilled("northwind", "express-networking", "am", "bob")], APPROVED)
    detail = PIA.get(EXPRESS).body
    line = detail["roles"][0]
    assert (line["individual"], line["name"], line["associated"], line["qualifies"]) == ("bob", None, False, False)
    assert "Bob" not in json.dumps(detail)
