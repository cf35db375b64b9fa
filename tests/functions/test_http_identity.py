"""Who may do what."""

import re

import pytest

from tests.functions.http import ANN, BOB, OPERATOR, PAT, ROUTES, STRANGER, Client, signed_in
from tests.functions.sample import CLAIM, keep_holder

pytestmark = pytest.mark.usefixtures("table")
with_ann = pytest.mark.usefixtures("holder")

OPERATOR_ROUTES = [name for name in ROUTES if "/admin/" in name]
PROVIDER_ROUTES = [name for name in ROUTES if " /provider/" in name]
PARTNER_ROUTES = [name for name in ROUTES if " /partners" in name]
OF_GROUPS = [*OPERATOR_ROUTES, *PROVIDER_ROUTES, *PARTNER_ROUTES]
HOLDER_ROUTES = [name for name in ROUTES if name not in (*OF_GROUPS, "GET /openapi.json")]


def send(client: Client, route: str) -> tuple[int, str]:
    method, _, path = route.partition(" ")
    answer = client.send(method, re.sub(r"\{\w+\}", "ann", path))
    return answer.status, answer.body["type"]


def with_groups(name: str, value: object) -> Client:
    return signed_in("olga@example.com", **{name: value})


@pytest.mark.parametrize("route", HOLDER_ROUTES)
def test_an_account_that_nobody_has_reaches_no_route_of_holders(route: str) -> None:
    assert send(STRANGER, route) == (403, "/problems/account-not-linked")


@pytest.mark.parametrize("route", OPERATOR_ROUTES)
@pytest.mark.parametrize(
    "client",
    [ANN, signed_in("ann@example.com", "provider:acme", "partner-admin:p1", "account-manager"), STRANGER],
    ids=["holder", "other groups", "stranger"],
)
def test_only_operators_reach_a_route_of_operators(route: str, client: Client) -> None:
    assert send(client, route) == (403, "/problems/operators-only")


@pytest.mark.parametrize("route", PROVIDER_ROUTES)
@pytest.mark.parametrize(
    "client",
    [ANN, OPERATOR, signed_in("pat@acme.example", "provider", "providers:acme", "provider-acme", "partner-admin:acme")],
    ids=["holder", "operator", "other groups"],
)
def test_only_those_who_act_for_a_provider_reach_a_route_of_providers(route: str, client: Client) -> None:
    assert send(client, route) == (403, "/problems/providers-only")


@pytest.mark.parametrize("route", PARTNER_ROUTES)
@pytest.mark.parametrize(
    "client",
    [ANN, OPERATOR, PAT, signed_in("eve@example.com", "partner-admin", "partner:ann", "account-manager:ann")],
    ids=["holder", "operator", "provider", "other groups"],
)
def test_only_a_partner_s_administrators_and_account_managers_reach_its_routes(route: str, client: Client) -> None:
    assert send(client, route) == (403, "/problems/partner-visibility")


@pytest.mark.parametrize("route", [*HOLDER_ROUTES, *OF_GROUPS])
def test_a_request_without_a_checked_token_reaches_nothing(route: str) -> None:
    assert send(Client(None), route) == (401, "/problems/not-signed-in")


def test_the_description_is_open_to_all() -> None:
    assert Client(None).get("/openapi.json").body["openapi"] == "3.1.0"


def test_acting_for_a_provider_makes_nobody_a_holder() -> None:
    assert PAT.get("/claims").body["rule"] == "account-not-linked"


def test_being_an_operator_makes_nobody_a_holder() -> None:
    assert OPERATOR.get("/claims").body["rule"] == "account-not-linked"


@with_ann
@pytest.mark.parametrize("name", ["cognito:groups", "groups"])
@pytest.mark.parametrize(
    "value", [["operator"], "operator", "[operator]", "[other operator]", "other,operator", "[a, operator]"]
)
def test_groups_are_read_as_issuers_and_gateways_write_them(name: str, value: object) -> None:
    assert with_groups(name, value).get("/admin/holders/ann/audit").status == 200


@pytest.mark.parametrize(
    "value", ["", "[]", [], "operators", "[non-operator]", "operator:x", ["x operator"], 1, None, {"operator": True}]
)
def test_what_is_not_the_group_operator_is_none(value: object) -> None:
    assert with_groups("cognito:groups", value).get("/admin/holders/ann/audit").status == 403


@with_ann
@pytest.mark.parametrize("verified", ["true", True])
def test_an_account_is_the_e_mail_in_lower_case(verified: object) -> None:
    assert signed_in("Ann@Example.COM", email_verified=verified).get("/claims").status == 200


@with_ann
@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": "false"},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": 1},
        {"email": ""},
        {"email": None},
        {"email": ["ann@example.com"]},
        {"email": "ann"},
        {"email": "ann@" + "x" * 251},
        {"email": "ann@\N{KELVIN SIGN}.example.com"},
    ],
    ids=str,
)
def test_an_e_mail_that_is_not_certain_is_no_account(claims: dict[str, object]) -> None:
    given = {"email": "ann@example.com", "email_verified": "true", "groups": "operator", **claims}
    for path in ("/claims", "/admin/holders/ann/audit"):
        answer = Client(given).get(path)
        assert (answer.status, answer.body["type"]) == (403, "/problems/email-not-verified")


@pytest.mark.parametrize("header", ["email", "cognito:groups", "x-amzn-oidc-identity", "authorization"])
def test_nothing_but_the_checked_claims_says_who_calls(header: str) -> None:
    assert STRANGER.send("GET", "/claims", headers={header: "ann@example.com"}).status == 403


@with_ann
def test_a_claim_of_another_is_as_if_it_did_not_exist() -> None:
    keep_holder("bob")
    location = ANN.post("/claims", CLAIM, key="1").headers["location"]
    absent = BOB.get("/claims/bob-0001")
    assert BOB.get(location).status == 404
    assert BOB.get(location).body == absent.body
    assert BOB.get("/claims").body["items"] == []


@with_ann
def test_another_s_certification_is_as_if_it_did_not_exist() -> None:
    assert OPERATOR.put("/admin/holders/bob", {"accounts": ["bob@example.com"]}).status == 201
    for part in ("progress", "history"):
        assert BOB.get(f"/certifications/ccie-enterprise/{part}").status == 404
    assert BOB.get("/certifications").body == {"certifications": []}


@with_ann
def test_an_account_lists_its_own_claims_and_reads_the_holder_s() -> None:
    first = keep_holder("cid", "cid@work.example", "cid@home.example")
    second = signed_in("cid@home.example")
    location = first.post("/claims", CLAIM, key="1").headers["location"]
    assert [item["claim_id"] for item in first.get("/claims").body["items"]] == ["cid-0001"]
    assert second.get("/claims").body["items"] == []
    assert second.get(location).body == first.get(location).body


@pytest.mark.parametrize("path", ["/nowhere", "/claims/a/b", "/admin", "/admin/claims"])
@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
def test_what_is_no_route_is_a_problem_too(method: str, path: str) -> None:
    answer = ANN.send(method, path)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
