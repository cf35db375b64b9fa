"""What a provider's message says, whether it is a CloudEvent or an xAPI statement."""

from typing import Any

from api import strict_json

from functions.validate_claim.models import TYPES, CloudEvent, Data, checked
from functions.validate_claim.unprocessable import Unprocessable


def read(body: str) -> tuple[CloudEvent, Data]:
    """A message's envelope and its data. Raises Unprocessable naming all that is wrong with it."""
    try:
        value = strict_json.loads(body)
    except ValueError as error:
        raise Unprocessable("not-json", str(error)) from None
    if isinstance(value, list) and any(map(_is_statement, value)):
        raise Unprocessable("batch", "statements come one to a message, not several in a list")
    if _is_statement(value):
        # Most messages are none, and its models take their time.
        from functions.validate_claim import xapi

        return xapi.read(value)
    event = checked(CloudEvent, value, "not-a-cloud-event")
    model = TYPES.get(event.type)
    if model is None:
        raise Unprocessable("unknown-type", f"{event.type} is none of {', '.join(TYPES)}")
    return event, checked(model, event.data, "bad-data")


def _is_statement(value: Any) -> bool:
    return isinstance(value, dict) and {"actor", "verb", "object"} <= value.keys() and "specversion" not in value
