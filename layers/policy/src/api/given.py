"""Reading what a client gives, body or query, and saying what is wrong with it field by field."""

from base64 import b64decode
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from api import strict_json
from api.fields import faults
from api.problems import Problem, bad_input
from api.routes import Route
from api.strict_json import GivenTwice


def from_body(event: Mapping[str, Any], route: Route) -> Any:
    """The body as the route's model, or one of several; Problem 400 naming every field at fault.

    It is JSON unless its content type is another that the route takes. None is as an empty object.
    """
    body = event.get("body") or ""
    if len(body) > route.body_chars_max:
        raise unreadable(f"is longer than {route.body_chars_max} characters")
    try:
        text = b64decode(body, validate=True).decode() if event.get("isBase64Encoded") else body
    except ValueError as error:
        raise unreadable(f"is not UTF-8: {error}") from None
    return _checked(route.given, route.takes.get(_media(event), _json)(text))


def from_query(event: Mapping[str, Any], wanted: Any) -> Any:
    """The query as a model. A parameter left empty, as forms send it, is as if it had been left out."""
    values = {name: value for name, value in (event.get("queryStringParameters") or {}).items() if value}
    return _checked(wanted, values)


def check_no_query(event: Mapping[str, Any]) -> None:
    """Problem 400 for parameters of a route that takes none: what was asked for would not be what is answered."""
    if given := event.get("queryStringParameters"):
        raise bad_input((name, "is no parameter of this route") for name in given)


def unreadable(reason: str) -> Problem:
    """400 for a body as a whole."""
    return bad_input([("body", reason)])


def _media(event: Mapping[str, Any]) -> str:
    headers = {name.lower(): value for name, value in event["headers"].items()}
    return str(headers.get("content-type", "")).partition(";")[0].strip().lower()


@cache
def _adapter(wanted: Any) -> TypeAdapter[Any]:
    return TypeAdapter(wanted)


def _checked(wanted: Any, values: Mapping[str, Any]) -> Any:
    try:
        return _adapter(wanted).validate_python(values)
    except ValidationError as error:
        raise bad_input(faults(error)) from None


def _json(text: str) -> dict[str, Any]:
    try:
        values = strict_json.loads(text or "{}")
    except GivenTwice as error:
        raise bad_input((key, "is given twice") for key in error.keys) from None
    except ValueError as error:
        raise unreadable(f"is not JSON: {error}") from None
    if not isinstance(values, dict):
        raise unreadable("is not a JSON object")
    return values
