"""Who sees a partner, and who changes something for it: every route tried by every kind of caller (partner-visibility)."""

from dataclasses import dataclass
from typing import Any

import ledger
import pytest
from api.routes import Who

from tests.functions.certificates import uploaded
from tests.functions.http import ROUTES, Answer, Client, signed_in
from tests.functions.partners import approve, do_enough, keep_individual, keep_partner
from tests.functions.sample import keep_holder

pytestmark = pytest.mark.usefixtures("table", "bucket")

# The e-mail address and the groups of each kind of caller. Northwind is the partner that is asked for.
CALLERS = {
    "administrator": ("pia@northwind.example", "partner-admin:northwind"),
    "administrator of several": ("pia@northwind.example", "partner-admin:tailspin", "partner-admin:northwind"),
    "administrator of another": ("tom@tailspin.example", "partner-admin:tailspin"),
    "account manager": ("max@example.com", "account-manager"),
    "account manager of another": ("mia@example.com", "account-manager"),
    "assigned, and no account manager": ("max@example.com",),
    "administrator and assigned": ("max@example.com", "account-manager", "partner-admin:northwind"),
    "operator": ("olga@example.com", "operator"),
    "individual": ("ann@example.com",),
    "holder": ("bob@example.com",),
    "provider": ("pat@acme.example", "provider:northwind"),
    "groups that look alike": ("eve@example.com", "partner-admin", "account-manager:northwind", "northwind"),
    "administrator of what looks alike": ("eve@example.com", "partner-admin:Northwind", "partner-admin:northwind.x"),
    "nobody": None,
}
SEEN, HIDDEN, FORBIDDEN, NOT_SIGNED_IN = "seen", 404, 403, 401
OUTSIDE = {
    "administrator of another": HIDDEN,
    "account manager of another": HIDDEN,
    "administrator of what looks alike": HIDDEN,
    "assigned, and no account manager": FORBIDDEN,
    "operator": FORBIDDEN,
    "individual": FORBIDDEN,
    "holder": FORBIDDEN,
    "provider": FORBIDDEN,
    "groups that look alike": FORBIDDEN,
    "nobody": NOT_SIGNED_IN,
}
ADMINISTRATORS = dict.fromkeys(("administrator", "administrator of several", "administrator and assigned"), SEEN)
READ = {**ADMINISTRATORS, "account manager": SEEN, **OUTSIDE}
WRITE = {**ADMINISTRATORS, "account manager": FORBIDDEN, **OUTSIDE}
# Everybody with such a group has a list, even if nothing is on it.
LIST = {name: SEEN if may == HIDDEN else may for name, may in READ.items()}


@dataclass(frozen=True)
class Asked:
    """What is asked for on a route, of the partner P, and how it is answered where it may be."""

    may: dict[str, Any]
    path: str
    status: int = 200
    body: Any = None


SPECIALIZATION = "/partners/P/specializations/express-networking"
ATTENDED = {
    "individual": "ann",
    "item": "CONFERENCE",
    "completed_on": "2021-02-20",
    "specialization": "express-networking",
}
MATRIX = {
    "GET /partners": Asked(LIST, "/partners"),
    "GET /partners/{partner}/specializations": Asked(READ, "/partners/P/specializations"),
    "GET /partners/{partner}/specializations/{specialization}": Asked(READ, SPECIALIZATION),
    "GET /partners/{partner}/specializations/{specialization}/points": Asked(READ, f"{SPECIALIZATION}/points"),
    "GET /partners/{partner}/specializations/{specialization}/history": Asked(READ, f"{SPECIALIZATION}/history"),
    "GET /partners/{partner}/individuals": Asked(READ, "/partners/P/individuals"),
    "POST /partners/{partner}/applications": Asked(
        WRITE, "/partners/P/applications", 422, {"specialization": "express-networking"}
    ),
    "POST /partners/{partner}/specializations/{specialization}/renewals": Asked(
        WRITE, f"{SPECIALIZATION}/renewals", 422
    ),
    "POST /partners/{partner}/specializations/{specialization}/reactivations": Asked(
        WRITE, f"{SPECIALIZATION}/reactivations", 422
    ),
    "POST /partners/{partner}/individuals": Asked(WRITE, "/partners/P/individuals", 201, {"individual": "bob"}),
    "DELETE /partners/{partner}/individuals/{individual}": Asked(WRITE, "/partners/P/individuals/ann"),
    "PUT /partners/{partner}/specializations/{specialization}/roles/{role}": Asked(
        WRITE, f"{SPECIALIZATION}/roles/am", 200, {"individual": "ann"}
    ),
    "POST /partners/{partner}/proofs": Asked(WRITE, "/partners/P/proofs", 201),
    "POST /partners/{partner}/activities": Asked(WRITE, "/partners/P/activities", 422, ATTENDED),
}


@pytest.fixture
def partners(table: None) -> None:
    for partner, manager in (("northwind", "max@example.com"), ("tailspin", "mia@example.com")):
        keep_partner(partner, manager)
        approve(partner)
    keep_holder("bob")


def clients(name: str) -> list[Client]:
    """A caller of a kind, its groups as each issuer and gateway writes them."""
    given = CALLERS[name]
    if given is None:
        return [Client(None)]
    email, *groups = given
    return [
        signed_in(email, *groups),
        signed_in(email, groups=list(groups)),
        signed_in(email, groups=",".join(groups)),
        signed_in(email, **{"cognito:groups": list(groups)}),
    ]


def send(client: Client, route: str, partner: str = "northwind") -> Answer:
    asked = MATRIX[route]
    return client.send(route.partition(" ")[0], asked.path.replace("P/", f"{partner}/"), asked.body)


def recorded() -> list[int]:
    return [ledger.load_partner(partner).version for partner in ("northwind", "tailspin")]


def test_every_route_of_partners_is_in_the_matrix_and_every_caller_in_its_row() -> None:
    declared = {route.name for module in ROUTES.values() for route in module.ROUTES if route.who is Who.PARTNER}
    assert MATRIX.keys() == declared
    assert declared == {name for name in ROUTES if name.partition(" ")[2].startswith("/partners")}
    assert all(asked.may.keys() == CALLERS.keys() for asked in MATRIX.values())


@pytest.mark.usefixtures("partners")
@pytest.mark.parametrize("route", MATRIX)
def test_is_seen_and_changed_by_those_who_may_and_nobody_else(route: str) -> None:
    asked, before = MATRIX[route], recorded()
    for name, may in sorted(asked.may.items(), key=lambda item: item[1] == SEEN):
        for client in clients(name):
            answer = send(client, route)
            if may == SEEN:
                assert answer.status == asked.status, name
                continue
            assert answer.status == may, name
            assert answer.body.get("rule") == ("partner-visibility" if may == FORBIDDEN else None), name
            assert recorded() == before, name


@pytest.mark.usefixtures("partners")
@pytest.mark.parametrize("route", MATRIX.keys() - {"GET /partners"})
def test_another_s_partner_is_as_if_it_did_not_exist(route: str) -> None:
    for name in ("administrator of another", "account manager of another", "administrator of what looks alike"):
        client = clients(name)[0]
        assert send(client, route).body == send(client, route, "nowhere").body


@pytest.mark.usefixtures("partners")
def test_a_list_holds_the_caller_s_partners_and_no_others() -> None:
    seen = {name: [item["partner"] for item in send(clients(name)[0], "GET /partners").body["items"]] for name in (*ADMINISTRATORS, "account manager", "account manager of another", "administrator of another", "administrator of what looks alike")}  # fmt: skip
    assert seen == {
        "administrator": ["northwind"],
        "administrator of several": ["northwind", "tailspin"],
        "administrator and assigned": ["northwind"],
        "account manager": ["northwind"],
        "account manager of another": ["tailspin"],
        "administrator of another": ["tailspin"],
        "administrator of what looks alike": [],
    }


@pytest.mark.usefixtures("partners")
def test_who_is_assigned_no_more_sees_no_more() -> None:
    manager = clients("account manager")[0]
    keep_partner("northwind", "mia@example.com")
    assert send(manager, "GET /partners").body["items"] == []
    assert send(manager, "GET /partners/{partner}/specializations").status == 404


@pytest.mark.usefixtures("partners")
def test_an_individual_of_two_partners_shows_each_its_own() -> None:
    """What somebody learns counts for both; who else is there, and what they earned, stays with each."""
    keep_individual("cid", partner="tailspin")
    do_enough("cid")
    administrator = clients("administrator")[0]
    shown = administrator.get("/partners/northwind/individuals").body["individuals"]
    assert [line["individual"] for line in shown] == ["ann"]
    assert administrator.get(f"{SPECIALIZATION.replace('P/', 'northwind/')}/points").body["current"] == []


@pytest.mark.usefixtures("partners")
def test_nobody_is_named_who_was_never_associated() -> None:
    """Or an administrator would learn who has which id."""
    administrator = clients("administrator")[0]
    key = uploaded("pia@northwind.example")
    for route, body in (
        ("PUT /partners/northwind/specializations/express-networking/roles/am", {"individual": "bob"}),
        ("POST /partners/northwind/activities", {**ATTENDED, "individual": "bob", "proof_key": key}),
    ):
        method, _, path = route.partition(" ")
        answer = administrator.send(method, path, body)
        unknown = administrator.send(method, path, {**body, "individual": "zoe"})
        assert (answer.status, answer.fields) == (400, ["individual"])
        assert answer.body == unknown.body
    assert administrator.send("DELETE", "/partners/northwind/individuals/bob").status == 404
