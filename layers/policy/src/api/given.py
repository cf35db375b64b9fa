"""Reading what a client gives, body or query, and saying what is wrong with it field by field."""

from base64 import b64decode
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from api import strict_json
from api.problems import Problem, bad_input
from api.strict_json import GivenTwice

BODY_CHARS_MAX = 256 * 1024


def from_body(event: Mapping[str, Any], wanted: Any) -> Any:
    """The body as a model, or one of several; Problem 400 naming every field at fault. None is as an empty object."""
    values = _object(event)
    return _checked(wanted, values)


def from_query(event: Mapping[str, Any], wanted: Any) -> Any:
    """The query as a model. A parameter left empty, as forms send it, is as if it had been left out."""
    values = {name: value for name, value in (event.get("queryStringParameters") or {}).items() if value}
    return _checked(wanted, values)


@cache
def _adapter(wanted: Any) -> TypeAdapter[Any]:
    return TypeAdapter(wanted)


def _checked(wanted: Any, values: Mapping[str, Any]) -> Any:
    try:
        return _adapter(wanted).validate_python(values)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
    # The tag of a form chosen among several is no field.
    named = ((".".join(str(part) for part in fault["loc"] if not str(part).startswith("#")), fault) for fault in faults)
    raise bad_input((field, fault["msg"].removeprefix("Value error, ")) for field, fault in named)


def _object(event: Mapping[str, Any]) -> dict[str, Any]:
    body = event.get("body") or ""
    if len(body) > BODY_CHARS_MAX:
        raise _unreadable(f"is longer than {BODY_CHARS_MAX} characters")
    try:
        values = strict_json.loads(
            (b64decode(body, validate=True).decode() if event.get("isBase64Encoded") else body) or "{}"
        )
    except GivenTwice as error:
        raise bad_input((key, "is given twice") for key in error.keys) from None
    except ValueError as error:
        raise _unreadable(f"is not JSON in UTF-8: {error}") from None
    if not isinstance(values, dict):
        raise _unreadable("is not a JSON object")
    return values


def _unreadable(reason: str) -> Problem:
    return bad_input([("body", reason)])
