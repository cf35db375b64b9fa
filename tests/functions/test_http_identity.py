"""Who calls, and how that is known. What each may do, the matrix says (test_http_matrix.py)."""

import pytest

from tests.functions.http import ANN, STRANGER, Client, signed_in
from tests.functions.sample import CLAIM, keep_holder

pytestmark = pytest.mark.usefixtures("table")
with_ann = pytest.mark.usefixtures("holder")


def with_groups(name: str, value: object) -> Client:
    return signed_in("olga@example.com", **{name: value})


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/claims", "account-not-linked"),
        ("/admin/holders/ann/audit", "operators-only"),
        ("/provider/claims", "providers-only"),
        ("/partners", "partner-visibility"),
    ],
)
def test_whoever_may_not_is_told_what_they_are_not(path: str, refused: str) -> None:
    answer = STRANGER.get(path)
    assert (answer.status, answer.body["type"]) == (403, f"/problems/{refused}")


@with_ann
@pytest.mark.parametrize("name", ["cognito:groups", "groups"])
@pytest.mark.parametrize(
    "value", [["operator"], "operator", "[operator]", "[other operator]", "other,operator", "[a, operator]"]
)
def test_groups_are_read_as_issuers_and_gateways_write_them(name: str, value: object) -> None:
    assert with_groups(name, value).get("/admin/holders/ann/audit").status == 200


@pytest.mark.parametrize("group", ["provider", "providers:acme", "provider-acme", "partner-admin:acme", "acme"])
def test_what_is_not_the_group_of_a_provider_is_none(group: str) -> None:
    assert signed_in("pat@acme.example", group).get("/provider/claims").status == 403


@pytest.mark.parametrize("group", ["partner-admin", "partner:northwind", "account-manager:northwind", "northwind"])
def test_what_is_not_the_group_of_a_partner_is_none(group: str) -> None:
    assert signed_in("pia@northwind.example", group).get("/partners").status == 403


@pytest.mark.parametrize(
    "value",
    [
        "",
        "[]",
        [],
        "operators",
        "[non-operator]",
        "operator:x",
        ["x operator"],
        1,
        None,
        {"operator": True},
        '{"operator": true}',
        "{operator true}",
        "map[operator:true operator]",
        "[[operator]]",
        "[a] operator",
    ],
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
