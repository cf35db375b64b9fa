"""xAPI statements (1.0.3 and 2.0) of a completion, read as reports.

Who, what and how it ended are where xAPI has them. What it has no place for is in extensions, whose names begin with
`urn:standing:`. All else in a statement may be as it likes.
"""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import unquote

from api import clock
from api.fields import Account, Instant, LedgerDay, OptionalText, Text
from api.reports import REPORTED, CompletionReported
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from functions.validate_claim.models import CloudEvent, checked
from functions.validate_claim.unprocessable import Unprocessable

_VERB = "http://adlnet.gov/expapi/verbs/"
OUTCOMES = {f"{_VERB}completed": "completed", f"{_VERB}passed": "completed", f"{_VERB}failed": "incomplete"}
MAILTO = "mailto:"
# Left out, it is read as an empty object, so that what is missing in it is named.
_EMPTY: Any = {}


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


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Verb(_Part):
    id: Text


class _Acted(_Part):
    verb: _Verb


class _OfCourse(_Part):
    course: Text = Field(alias="urn:standing:course")
    version: Text = Field(alias="urn:standing:version")


class _Definition(_Part):
    extensions: _OfCourse = Field(_EMPTY, validate_default=True)


class _Activity(_Part):
    definition: _Definition = Field(_EMPTY, validate_default=True)


class _OfTraining(_Part):
    provider: Text = Field(alias="urn:standing:provider")
    # Not guessed from a duration: a start that differs from the claim's would deny it.
    started_on: LedgerDay = Field(alias="urn:standing:started-on")
    certificate_id: OptionalText = Field(None, alias="urn:standing:certificate-id")


class _Context(_Part):
    extensions: _OfTraining = Field(_EMPTY, validate_default=True)


class _Result(_Part):
    completion: bool | None = None
    success: bool | None = None


class _Statement(_Acted):
    # The same UUID, in whichever case.
    id: Annotated[
        str, StringConstraints(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$", to_lower=True)
    ]
    actor: Annotated[Account, BeforeValidator(_account)]
    object: _Activity
    result: _Result = Field(_EMPTY, validate_default=True)
    context: _Context = Field(_EMPTY, validate_default=True)
    timestamp: Annotated[Instant, AfterValidator(_in_range)]


def read(value: dict[str, Any]) -> tuple[CloudEvent, CompletionReported]:
    """The report that a statement is, and the envelope of a CloudEvent that says the same.

    Raises Unprocessable naming all that is wrong with it.
    """
    verb = checked(_Acted, value, "bad-data").verb.id
    if verb not in OUTCOMES:
        raise Unprocessable("unknown-type", f"{verb} is none of {', '.join(OUTCOMES)}")
    statement = checked(_Statement, value, "bad-data")
    result, training = statement.result, statement.context.extensions
    course = statement.object.definition.extensions
    undone = result.completion is False or result.success is False
    data = {
        "provider": training.provider,
        "course": course.course,
        "version": course.version,
        "account": statement.actor,
        "started_on": training.started_on,
        "completed_on": clock.day_of(statement.timestamp),
        "outcome": "incomplete" if undone else OUTCOMES[verb],
        "certificate_id": training.certificate_id,
    }
    report = checked(CompletionReported, data, "bad-data")
    envelope = {"specversion": "1.0", "id": statement.id, "source": source(training.provider), "type": REPORTED}
    return checked(CloudEvent, {**envelope, "data": value}, "bad-data"), report
