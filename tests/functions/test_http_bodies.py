"""Bodies that cannot be read: 400, each field at fault named, and nothing recorded."""

import json
from base64 import b64encode
from typing import Any

import ledger
import pytest

from tests.functions.http import ANN, OPERATOR, PAT, PIA, ROUTES, Answer
from tests.functions.partners import keep_partner
from tests.functions.sample import CLAIM, ENCOR, TRACK

pytestmark = pytest.mark.usefixtures("holder", "northwind")

REPORT = {**CLAIM, "account": "ann@example.com", "outcome": "completed"}
REPORT.pop("item_type")
GOOD: dict[str, dict[str, Any]] = {
    "PUT /enrollment": {"terms_version": "2022-01"},
    "POST /claims": CLAIM,
    "POST /claims/{claim_id}/cases": {"message": "Why?"},
    "POST /cases/{case_id}/messages": {"message": "So."},
    "POST /claims/preview": CLAIM,
    "POST /plans": {"certification": TRACK},
    "POST /certificates": {"content_type": "image/png"},
    "POST /fee-payments": {"certification": TRACK, "amount": "300.00", "payment_reference": "p-1"},
    "POST /provider/reports": {"reports": [REPORT]},
    "PUT /admin/catalog/{course}": ENCOR,
    "PUT /admin/providers/{provider}": {"name": "Acme", "senders": ["123456789012"]},
    "PUT /admin/announcements/{announcement}": {"text": "Closed on Monday"},
    "PUT /admin/holders/{holder}": {"accounts": ["ann@example.com"]},
    "POST /admin/holders/{holder}/certifications": {"certification": "ccnp", "level": "professional"},
    "POST /admin/holders/{holder}/exams": {"exam": "350-401", "kind": "core", "passed_on": "2021-02-01"},
    "POST /admin/claims/{claim_id}/decision": {"outcome": "earned"},
    "POST /admin/claims/{claim_id}/review": {"note": "Seen."},
    "POST /admin/holders/{holder}/badges": {"badge": "b", "kind": "specialist", "expires_on": "2022-02-01"},
    "POST /admin/holders/{holder}/merge": {"into": "bob"},
    "PUT /admin/partners/{partner}": {"name": "Northwind", "account_managers": ["max@example.com"], "contacts": []},
    "PUT /admin/items/{item}": {"minutes": 60},
    "PUT /admin/specializations/{specialization}/library": {"library": ["ENCOR"], "mandatory": []},
    "PUT /admin/specialization-types/{type}": {"points_required": 50},
    "PUT /admin/exams/{exam}/replacement": {"by": "700-502", "retake": True},
    "POST /partners/{partner}/applications": {"specialization": "express-networking"},
    "POST /partners/{partner}/individuals": {"account": "ann@example.com"},
    "PUT /partners/{partner}/specializations/{specialization}/roles/{role}": {"individual": "ann"},
    "POST /partners/{partner}/proofs": {"content_type": "image/png"},
    "POST /partners/{partner}/activities": {
        "individual": "ann",
        "item": "CONFERENCE",
        "specialization": "express-networking",
    },
}
IDS = {
    "course": "NEW",
    "provider": "acme",
    "holder": "ann",
    "claim_id": "ann-0001",
    "case_id": "ann-C0001",
    "announcement": "a",
    "partner": "northwind",
    "specialization": "express-networking",
    "role": "am",
    "item": "NEW",
    "type": "express",
    "exam": "700-501",
}
# Where an absent body is as good as any.
OPTIONAL = {"POST /certificates", "POST /partners/{partner}/proofs"}
# Texts of several lines.
OF_LINES = {"message", "note", "text"}
UNREADABLE = {
    "no JSON": "{",
    "a list": "[]",
    "a text": '"x"',
    "null": "null",
    "two values": "{}{}",
    "NaN": '{"x": NaN}',
    "infinity": '{"x": -Infinity}',
    "beyond all numbers": '{"x": 1e999}',
    "too many digits": '{"x": ' + "1" * 5000 + "}",
    "half a surrogate pair": '{"x": "\\ud800"}',
    "a name of half a surrogate pair": '{"\\udfff": 1}',
    "nested deeply": '{"x": ' + "[" * 100_000 + "]" * 100_000 + "}",
}
WRONG_TYPES: list[Any] = [1, 1.5, True, [], {}, {"x": 1}]


@pytest.fixture
def northwind(table: None) -> None:
    keep_partner("northwind")


def send(route: str, body: Any, **event: Any) -> Answer:
    method, _, path = route.partition(" ")
    path = path.format_map(IDS)
    clients = {"admin": OPERATOR, "provider": PAT, "partners": PIA}
    client = clients.get(path.split("/")[1], ANN)
    return client.send(method, path, body, headers={"idempotency-key": "1"}, **event)


def test_every_route_that_takes_a_body_is_tried_here() -> None:
    wanted = {name for name, module in ROUTES.items() if any(r.takes_body for r in module.ROUTES if r.name == name)}
    assert GOOD.keys() == wanted


@pytest.mark.parametrize("route", GOOD)
def test_what_is_no_json_object_is_refused(route: str) -> None:
    for what, body in UNREADABLE.items():
        answer = send(route, body)
        assert (answer.status, answer.fields) == (400, ["body"]), what
    for raw in (b"\xff\xfe", b'{"x": "\xed\xa0\x80"}'):
        answer = send(route, b64encode(raw).decode(), isBase64Encoded=True)
        assert (answer.status, answer.fields) == (400, ["body"]), raw
    assert send(route, "*", isBase64Encoded=True).status == 400
    assert send(route, None).status == (201 if route in OPTIONAL else 400)
    assert ledger.load("ann").version == 3


@pytest.mark.parametrize("route", GOOD)
def test_a_body_is_of_a_length_that_can_be_read_at_once(route: str) -> None:
    kib_max = 1024 if route == "POST /provider/reports" else 256
    too_long = " " * (kib_max * 1024 + 1 - len('{"x":1}')) + '{"x":1}'
    assert send(route, too_long).fields == ["body"]
    assert "x" in send(route, too_long[1:]).fields


@pytest.mark.parametrize("route", GOOD)
def test_a_key_given_twice_is_named(route: str) -> None:
    answer = send(route, json.dumps(GOOD[route])[:-1] + ', "x": 1, "x": 2}')
    assert (answer.status, answer.fields) == (400, ["x"])


@pytest.mark.parametrize("route", sorted(GOOD.keys() - OPTIONAL))
def test_every_field_that_is_missing_is_named(route: str) -> None:
    answer = send(route, {})
    assert (answer.status, answer.fields) == (400, sorted(GOOD[route]))


@pytest.mark.parametrize("route", GOOD)
def test_a_field_that_nobody_knows_is_named(route: str) -> None:
    # What a client must not set itself, among them.
    for name in (
        "holder",
        "account",
        "credits",
        "status",
        "claim_id",
        "submitted_on",
        "decided_on",
        "x" * 90,
        "Ünïcode",
    ):
        if name not in GOOD[route]:
            answer = send(route, {**GOOD[route], name: "1"})
            assert (answer.status, answer.fields) == (400, [name])
    assert ledger.load("ann").version == 3


@pytest.mark.parametrize("route", GOOD)
def test_a_field_of_another_type_is_named(route: str) -> None:
    for name in GOOD[route]:
        wrong = [value for value in WRONG_TYPES if type(value) is not type(GOOD[route][name])]
        for value in wrong:
            answer = send(route, {**GOOD[route], name: value})
            assert answer.status == 400, (name, value)
            assert {field.partition(".")[0] for field in answer.fields} == {name}
    assert ledger.load("ann").version == 3


@pytest.mark.parametrize("route", GOOD)
def test_texts_are_of_a_length_that_can_be_kept(route: str) -> None:
    for name, value in GOOD[route].items():
        if isinstance(value, str) and not name.endswith("_on"):
            too_long = ["x" * 4001] if name in OF_LINES else ["x" * 201, "a\nb"]
            for text in ("", *too_long, "a\x00b", "a\x7fb"):
                answer = send(route, {**GOOD[route], name: text})
                assert (answer.status, answer.fields) == (400, [name]), text


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("POST /claims", "started_on"),
        ("POST /claims", "completed_on"),
        ("POST /claims/preview", "submitted_on"),
        ("POST /plans", "by"),
        ("POST /admin/holders/{holder}/exams", "passed_on"),
        ("POST /admin/holders/{holder}/certifications", "awarded_on"),
    ],
)
def test_a_date_is_a_text_of_one_form(route: str, name: str) -> None:
    no_dates = [
        "2021-2-1",
        "20210201",
        "2021-02-01T00:00:00Z",
        "2021-02-30",
        "2021-W05-1",
        " 2021-02-01",
        "0000-01-01",
        "",
    ]
    for value in [*no_dates, "\N{ARABIC-INDIC DIGIT TWO}021-02-01", 1612137600, 0]:
        answer = send(route, {**GOOD[route], name: value})
        assert (answer.status, answer.fields) == (400, [name]), value


@pytest.mark.parametrize("day", ["1899-12-31", "0001-01-01", "2200-01-01", "9999-12-31"])
def test_a_day_for_the_ledger_is_of_an_account_of_years(day: str) -> None:
    imported = {"certification": "ccnp", "level": "professional", "cycle_started_on": "2020-01-01", "expires_on": day}
    answer = send("POST /admin/holders/{holder}/certifications", imported)
    assert (answer.status, answer.fields) == (400, ["expires_on"])
    answer = send("POST /admin/holders/{holder}/exams", {"exam": "1", "kind": "core", "passed_on": day})
    assert (answer.status, answer.fields) == (400, ["passed_on"])


def test_a_body_of_another_content_type_arrives_in_base64_and_is_read() -> None:
    body = b64encode(json.dumps(CLAIM).encode()).decode()
    assert send("POST /claims", body, isBase64Encoded=True).status == 201


def test_ten_thousand_faults_are_answered_briefly() -> None:
    answer = send("POST /claims", {**CLAIM, **{f"{number:x>300}": 1 for number in range(500)}})
    assert (answer.status, len(answer.body["errors"])) == (400, 100)
    assert max(map(len, answer.fields)) == 100


def test_what_is_said_of_a_nested_field_says_where_it_is() -> None:
    versions = [{"version": "1.0", "credits": 1}, {"version": "a b", "credits": -1, "x": 1}]
    answer = send("PUT /admin/catalog/{course}", {**ENCOR, "versions": versions})
    assert answer.fields == ["versions.1.credits", "versions.1.version", "versions.1.x"]
