"""xAPI statements (1.0.3 and 2.0) about a course or an item: what all of them have, and which of the two one is about.

Who, what and how it ended are where xAPI has them. What it has no place for is in extensions, whose names begin with
`urn:standing:`. All else in a statement may be as it likes.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import unquote

from api.fields import Account, Instant, Text
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from functions.validate_claim.models import CloudEvent, Data, checked
from functions.validate_claim.unprocessable import Unprocessable

ADL_VERB = "http://adlnet.gov/expapi/verbs/"
MAILTO = "mailto:"
# Left out, it is read as an empty object, so that what is missing in it is named.
EMPTY: Any = {}


def source(provider: str) -> str:
    """Statement ids are unique by themselves; that others cannot use them up, the source sees to."""
    return f"xapi:{provider}"


def _account(actor: Any) -> Any:
    """The e-mail address of an actor. A group has one too, but takes no course."""
    if not isinstance(actor, dict) or actor.get("objectType", "Agent") != "Agent":
        raise ValueError("must be an Agent")
    mbox, account = actor.get("mbox"), actor.get("account")
    if isinstance(mbox, str) and mbox[: len(MAILTO)].lower() == MAILTO:
        return unquote(mbox[len(MAILTO) :])
    if mbox is None and isinstance(account, dict):
        return account.get("name")
    raise ValueError("must have an mbox such as mailto:ann@example.com, or an account whose name is an e-mail address")


def _in_range(value: datetime) -> datetime:
    if not 1900 <= value.year <= 2199:
        raise ValueError("must be in the years from 1900 through 2199")
    return value


class Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Verb(Part):
    id: Text


class _Acted(Part):
    verb: _Verb


class _Result(Part):
    completion: bool | None = None
    success: bool | None = None


class Statement(_Acted):
    # The same UUID, in whichever case.
    id: Annotated[
        str, StringConstraints(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$", to_lower=True)
    ]
    actor: Annotated[Account, BeforeValidator(_account)]
    result: _Result = Field(EMPTY, validate_default=True)
    timestamp: Annotated[Instant, AfterValidator(_in_range)]

    @property
    def undone(self) -> bool:
        return self.result.completion is False or self.result.success is False


def read(value: dict[str, Any]) -> tuple[CloudEvent, Data]:
    """What a statement reports, and the envelope of a CloudEvent that says the same.

    Raises Unprocessable naming all that is wrong with it.
    """
    if _of_item(value):
        from functions.validate_claim import xapi_items

        return xapi_items.read(value)
    from functions.validate_claim import xapi_courses

    return xapi_courses.read(value)


def _of_item(value: Any) -> bool:
    for name in ("object", "definition", "extensions"):
        value = value.get(name) if isinstance(value, dict) else None
    return isinstance(value, dict) and "urn:standing:item" in value


def verb(value: dict[str, Any], known: Collection[str]) -> str:
    """A statement's verb, if it is a known one."""
    acted = checked(_Acted, value, "bad-data").verb.id
    if acted not in known:
        raise Unprocessable("unknown-type", f"{acted} is none of {', '.join(known)}")
    return str(acted)


def envelope(statement: Statement, kind: str, provider: str, value: dict[str, Any]) -> CloudEvent:
    """A CloudEvent of a type that says what a provider's statement does."""
    attributes = {"specversion": "1.0", "id": statement.id, "source": source(provider), "type": kind, "data": value}
    event: CloudEvent = checked(CloudEvent, attributes, "bad-data")
    return event
