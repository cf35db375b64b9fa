"""Describes the HTTP API (OpenAPI 3.1) from the routes as they are declared. `python -m functions.openapi` writes it."""

import inspect
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from api.fields import ID_CHARS_MAX
from api.routes import Key, Route, Who
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from functions.administer import handler as administer
from functions.serve_holder import handler as serve_holder
from functions.serve_partner import handler as serve_partner
from functions.serve_provider import handler as serve_provider
from functions.submit_claim import handler as submit_claim

ROUTES = (
    *serve_holder.ROUTES,
    *submit_claim.ROUTES,
    *serve_provider.ROUTES,
    *serve_partner.ROUTES,
    *administer.ROUTES,
)
FILE = Path(__file__).parent / "serve_holder" / "openapi.json"
DESCRIPTION = """\
Continuing education for certifications: claims, what came of them, and what they count for. Continuous learning for
partner companies: specializations, the points that renew them, and who earned these.

* Dates are calendar dates in the program's time zone, `YYYY-MM-DD`; instants are RFC 3339 in UTC.
* Unknown fields are refused, and so are keys given twice, and unknown query parameters where a route takes any. A query
  parameter left empty is as if it had been left out.
* An error is `application/problem+json` (RFC 9457), with the id of the rule that decided and the facts it rests on.
  Only what the gateway answers itself is not: 401 without a valid token and 429 where too much is asked at once are
  `{"message": "..."}`.
* A list gives `next_cursor` until its last page. A cursor is good for the same caller and query; `limit` may change.
* What is read is right for the day of the request, whether or not anything has run since that day began.
"""
PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/claim-window"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for whoever made the request."},
        "rule": {"type": "string", "description": "The id of the rule that decided.", "examples": ["claim-window"]},
        "facts": {"type": "object", "description": "The dates and numbers that the rule rests on."},
        "errors": {
            "type": "array",
            "description": "Each field at fault, dots between the parts of a nested one; `body` for the whole.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "additionalProperties": False,
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
FROM_GATEWAY = {
    "type": "object",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}


class _Schema(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def document(routes: Sequence[Route] = ROUTES) -> dict[str, Any]:
    """The description of these routes."""
    shapes: list[Any] = [(route.name, "validation", TypeAdapter(route.given)) for route in routes if route.given]
    for route in routes:
        shapes += [((route.name, status), "serialization", TypeAdapter(shape)) for status, shape in route.gives.items()]
    schemas, definitions = TypeAdapter.json_schemas(
        shapes,
        ref_template="#/components/schemas/{model}",
        schema_generator=_Schema,
    )
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = route.name.partition(" ")[2]
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, schemas, definitions["$defs"])
    # A query's fields are parameters of its own.
    queries = {route.given.__name__ for route in routes if route.given and not route.takes_body}
    bodies = {name: schema for name, schema in definitions["$defs"].items() if name not in queries}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Standing", "version": "1", "description": DESCRIPTION},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An ID token with a verified `email`: the account. Operators are in the group `operator`, those who act for a training provider in `provider:ID`, administrators of a partner in `partner-admin:ID`, account managers in `account-manager`.",
                }
            },
            "schemas": {**bodies, "Problem": PROBLEM, "FromGateway": FROM_GATEWAY},
        },
    }


def _operation(route: Route, schemas: Mapping[Any, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    summary, _, description = (inspect.getdoc(route.run) or "").partition("\n\n")
    operation: dict[str, Any] = {
        "operationId": route.run.__name__,
        "tags": [route.who.value],
        "summary": summary.replace("\n", " "),
        "description": description,
        "parameters": [_path_parameter(name) for name in re.findall(r"\{(\w+)\}", route.name)],
        "responses": _responses(route, schemas),
    }
    if route.who is Who.ANYONE:
        operation["security"] = []
    if route.key is not Key.NONE:
        operation["parameters"].append(_idempotency_key(route.key is Key.MUST))
    if route.takes_body:
        content = {"application/json": {"schema": schemas[route.name, "validation"]}}
        content |= {media: {"schema": {"type": "string"}} for media in route.takes}
        operation["requestBody"] = {"required": not _good_without(route.given), "content": content}
    elif route.given is not None:
        model = _resolved(schemas[route.name, "validation"], definitions)
        operation["description"] = "\n\n".join(filter(None, (description, model.get("description"))))
        operation["parameters"] += [_query_parameter(name, schema) for name, schema in model["properties"].items()]
    return {name: value for name, value in operation.items() if value or name == "security"}


def _good_without(given: Any) -> bool:
    """Whether nothing needs to be given, so that an absent body will do."""
    fields = getattr(given, "model_fields", None)
    return fields is not None and not any(field.is_required() for field in fields.values())


def _responses(route: Route, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, _ in route.gives.items():
        content = {route.media: {"schema": schemas[(route.name, status), "serialization"]}}
        content |= {media: {"schema": {"type": "string"}} for media in route.offers}
        responses[str(status)] = {"description": _GIVEN[status], "content": content}
        if route.name in _READ_AT:
            where = {"description": _READ_AT[route.name], "schema": {"type": "string"}}
            responses[str(status)]["headers"] = {"Location": where}
    refusals: dict[int, str] = {
        400: "Bad input, each field or parameter at fault named in `errors`.",
        500: "Something went wrong here.",
    }
    if route.who is not Who.ANYONE:
        refusals |= {403: _FORBIDDEN[route.who], 503: "Too much at once; the same request again is safe."}
    if "{" in route.name:
        refusals[404] = "There is no such thing, or it is another's."
    refusals |= route.refuses
    for status, why in sorted(refusals.items()):
        responses[str(status)] = _problem(status, why)
    if route.who is not Who.ANYONE:
        responses["401"] = _by_gateway("No valid token.")
    responses["429"] = _by_gateway("Too much is asked at once.")
    return dict(sorted(responses.items()))


_READ_AT = {
    "POST /claims": "Where the claim is read.",
    "POST /claims/{claim_id}/cases": "Where the case is read.",
}
_GIVEN = {200: "As asked.", 201: "Created."}
_FORBIDDEN = {
    Who.HOLDER: "The account is no holder's (`account-not-linked`), or its e-mail address is not verified.",
    Who.OPERATOR: "The caller is no operator, or its e-mail address is not verified.",
    Who.HOLDER_OR_OPERATOR: "The caller is neither a holder nor an operator, or its e-mail address is not verified.",
    Who.PARTNER: "The caller is neither an administrator of a partner (group `partner-admin:ID`) nor an account manager, or may see and not change (`partner-visibility`), or its e-mail address is not verified.",
    Who.PROVIDER: "The caller acts for no provider (group `provider:ID`), or not for the one named, or its e-mail address is not verified.",
}


def _problem(status: int, why: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answer: dict[str, Any] = {"description": why, "content": content}
    if status == 503:
        answer["headers"] = {"Retry-After": {"description": "In seconds.", "schema": {"type": "integer"}}}
    return answer


def _by_gateway(why: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/FromGateway"}
    return {
        "description": f"{why} From the gateway, and no problem+json.",
        "content": {"application/json": {"schema": schema}},
    }


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 100 if name in ("claim_id", "case_id") else ID_CHARS_MAX}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _idempotency_key(required: bool) -> dict[str, Any]:
    text = "New with each new request: the same key and body are answered as they were the first time."
    schema: dict[str, Any] = {"type": "string", "maxLength": 255, **({"minLength": 1} if required else {})}
    return {"name": "Idempotency-Key", "in": "header", "required": required, "description": text, "schema": schema}


def _query_parameter(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    plain = {**kinds[0]} if kinds else dict(schema)
    return {"name": name, "in": "query", "allowEmptyValue": True, "schema": plain}


def _resolved(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    resolved: Mapping[str, Any] = definitions[schema["$ref"].rpartition("/")[2]]
    return resolved


if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
