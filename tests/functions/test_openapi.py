"""The published description: as the handlers declare it, whole, and of the routes that the stack has."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.openapi import FILE, ROUTES, document
from tests.functions.described import DESCRIPTION, faults
from tests.functions.http import Client

# The contract's, as far as they are built.
CONTRACT = {
    "PUT /enrollment",
    "GET /dashboard",
    "GET /catalog",
    "GET /catalog/{course}",
    "GET /catalog-filters",
    "POST /certificates",
    "POST /claims",
    "GET /claims",
    "GET /claims/{claim_id}",
    "POST /claims/{claim_id}/cases",
    "GET /cases",
    "GET /cases/{case_id}",
    "POST /cases/{case_id}/messages",
    "GET /claims/{claim_id}/certificate",
    "GET /certifications",
    "GET /certifications/{certification}/progress",
    "GET /certifications/{certification}/history",
    "POST /plans",
    "POST /claims/preview",
    "GET /calendar.ics",
    "POST /fee-payments",
    "GET /provider/claims",
    "POST /provider/reports",
    "PUT /admin/catalog/{course}",
    "PUT /admin/providers/{provider}",
    "GET /admin/announcements",
    "PUT /admin/announcements/{announcement}",
    "DELETE /admin/announcements/{announcement}",
    "PUT /admin/holders/{holder}",
    "POST /admin/holders/{holder}/certifications",
    "POST /admin/holders/{holder}/exams",
    "POST /admin/claims/{claim_id}/decision",
    "POST /admin/claims/{claim_id}/review",
    "GET /admin/worklists",
    "GET /admin/worklists/{worklist}",
    "GET /admin/holders/{holder}/audit",
    "GET /partners",
    "GET /partners/{partner}/specializations",
    "GET /partners/{partner}/specializations/{specialization}",
    "GET /partners/{partner}/specializations/{specialization}/points",
    "GET /partners/{partner}/specializations/{specialization}/history",
    "POST /partners/{partner}/applications",
    "POST /partners/{partner}/specializations/{specialization}/renewals",
    "POST /partners/{partner}/specializations/{specialization}/reactivations",
    "GET /partners/{partner}/individuals",
    "POST /partners/{partner}/individuals",
    "DELETE /partners/{partner}/individuals/{individual}",
    "PUT /partners/{partner}/specializations/{specialization}/roles/{role}",
    "POST /partners/{partner}/proofs",
    "POST /partners/{partner}/activities",
    "GET /partners/{partner}/activities",
    "GET /partners/{partner}/activities/{activity}/proof",
    "GET /partners/{partner}/audit",
    "GET /admin/learning/audit",
    "GET /admin/partners",
    "PUT /admin/partners/{partner}",
    "GET /admin/learning",
    "PUT /admin/items/{item}",
    "PUT /admin/specializations/{specialization}/library",
    "PUT /admin/specialization-types/{type}",
    "PUT /admin/exams/{exam}/replacement",
    "POST /admin/holders/{holder}/badges",
    "POST /admin/holders/{holder}/merge",
}
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
]
TEXTS = {"text/calendar; charset=utf-8", "text/csv; charset=utf-8"}
by_route = pytest.mark.parametrize(
    "operation", [operation for _, operation in OPERATIONS], ids=[r for r, _ in OPERATIONS]
)


def everything(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from everything(item)
    elif isinstance(value, list):
        for item in value:
            yield from everything(item)


def test_is_up_to_date() -> None:
    written = FILE.read_text(encoding="utf-8")
    assert json.loads(written) == document(), "python -m functions.openapi"


def test_is_what_the_stack_serves() -> None:
    assert Client(None).get("/openapi.json").body == DESCRIPTION


def test_has_the_contract_s_routes() -> None:
    assert {route for route, _ in OPERATIONS} == CONTRACT | {"GET /openapi.json"}
    assert len(ROUTES) == len({route.name for route in ROUTES})


def test_has_the_routes_that_the_gateway_has_each_open_to_the_same() -> None:
    template = (Path(__file__).parents[2] / "template.yaml").read_text(encoding="utf-8")
    keys = re.findall(r'RouteKey: "?([^"\n]+)"?\n\s+AuthorizationType: (\w+)', template)
    at_gateway = {name: authorization for name, authorization in keys if name != "$default"}
    assert at_gateway == {
        route: "NONE" if operation.get("security") == [] else "JWT" for route, operation in OPERATIONS
    }


def test_says_what_it_is_and_how_to_sign_in() -> None:
    assert DESCRIPTION["openapi"] == "3.1.0"
    assert DESCRIPTION["info"].keys() == {"title", "version", "description"}
    (scheme,) = DESCRIPTION["security"]
    assert scheme.keys() == DESCRIPTION["components"]["securitySchemes"].keys()


def test_refers_to_schemas_that_are_there_and_has_none_to_spare() -> None:
    schemas = DESCRIPTION["components"]["schemas"]
    referred = {value["$ref"] for value in everything(DESCRIPTION) if "$ref" in value}
    assert referred == {f"#/components/schemas/{name}" for name in schemas}


def test_each_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("route", "operation"), OPERATIONS, ids=[route for route, _ in OPERATIONS])
def test_each_part_of_a_path_is_a_parameter(route: str, operation: dict[str, Any]) -> None:
    in_path = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "path" and p["required"]]
    assert in_path == re.findall(r"\{(\w+)\}", route)


@by_route
def test_each_answer_is_described(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        assert response["description"]
        by_gateway = status in ("401", "429")
        problem = int(status) >= 400 and not by_gateway
        for content_type, content in response["content"].items():
            text = content["schema"] == {"type": "string"}
            given = TEXTS if text else {"application/json"}
            assert content_type in ({"application/problem+json"} if problem else given)
    assert operation["summary"]


@by_route
def test_whoever_must_sign_in_may_be_turned_away(operation: dict[str, Any]) -> None:
    turned_away = {"401", "403"} & operation["responses"].keys()
    assert turned_away == (set() if operation.get("security") == [] else {"401", "403"})


def test_a_claim_needs_its_key_and_others_may_have_one() -> None:
    keys = {
        route: parameter["required"]
        for route, operation in OPERATIONS
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "Idempotency-Key"
    }
    assert keys.pop("POST /claims") is True
    of_cases = {"POST /claims/{claim_id}/cases", "POST /cases/{case_id}/messages"}
    # A merge, and a place for a proof, asked for again are as good as before.
    without = {"POST /admin/holders/{holder}/merge", "POST /partners/{partner}/proofs"}
    of_groups = {name for name in CONTRACT if name.startswith(("POST /admin/", "POST /partners/"))}
    assert set(keys) == of_cases | of_groups - without
    assert not any(keys.values())


def test_schemas_use_the_words_of_json_schema_only() -> None:
    words = {"ge", "le", "gt", "lt", "multiple_of"}
    assert not [value for value in everything(DESCRIPTION) if words & value.keys()]


def test_the_tests_own_reader_of_descriptions_finds_what_differs() -> None:
    page = {"items": [], "next_cursor": None}
    assert faults("GET /claims", 200, "application/json", page) == []
    for status, content_type, body in [
        (201, "application/json", page),
        (200, "text/html", page),
        (200, "application/json", {"items": []}),
        (200, "application/json", {**page, "x": 1}),
        (200, "application/json", {**page, "items": {}}),
        (200, "application/json", {**page, "items": [{"claim_id": 1}]}),
        (200, "application/json", {**page, "next_cursor": 1}),
    ]:
        assert faults("GET /claims", status, content_type, body) != []
