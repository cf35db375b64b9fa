"""Answers held against the published description: what it does not say is not answered."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

DESCRIPTION = json.loads(
    (Path(__file__).parents[2] / "functions/serve_holder/openapi.json").read_text(encoding="utf-8")
)
TYPES = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list, "null": type(None)}


def faults(route: str, status: int, content_type: str, body: Any) -> list[str]:
    """What of an answer differs from its description."""
    method, _, path = route.partition(" ")
    responses = DESCRIPTION["paths"][path][method.lower()]["responses"]
    if str(status) not in responses:
        return [f"{route}: {status} is not described"]
    content = responses[str(status)]["content"]
    if content_type not in content:
        return [f"{route}: {status} is not described as {content_type}"]
    return [f"{route}: {status}: {fault}" for fault in _differences("", content[content_type]["schema"], body)]


def _differences(at: str, schema: dict[str, Any], value: Any) -> list[str]:
    if "$ref" in schema:
        return _differences(at, DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]], value)
    if "anyOf" in schema:
        tried = [_differences(at, choice, value) for choice in schema["anyOf"]]
        return [] if [] in tried else tried[0]
    wanted = schema.get("type")
    if wanted and (not isinstance(value, TYPES[wanted]) or (wanted == "integer" and isinstance(value, bool))):
        return [f"{at}: {value!r} is no {wanted}"]
    if value not in schema.get("enum", [value]):
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    if schema.get("format") == "date" and not (re.fullmatch(r"\d{4}-\d\d-\d\d", value) and date.fromisoformat(value)):
        return [f"{at}: {value!r} is no date"]
    if isinstance(value, list):
        return [fault for i, item in enumerate(value) for fault in _differences(f"{at}[{i}]", schema["items"], item)]
    return _of_object(at, schema, value) if isinstance(value, dict) else []


def _of_object(at: str, schema: dict[str, Any], value: dict[str, Any]) -> list[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", "properties" not in schema)
    found = [f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, item in value.items():
        if name in known:
            found += _differences(f"{at}.{name}", known[name], item)
        elif isinstance(others, dict):
            found += _differences(f"{at}.{name}", others, item)
        elif not others:
            found.append(f"{at}.{name} is not described")
    return found
