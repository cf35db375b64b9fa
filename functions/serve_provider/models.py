"""What providers give and are answered."""

from datetime import date
from typing import Annotated, Any, Literal

from api.fields import Cursor, Given, Limit, OptionalText, Text
from api.problems import Fault
from api.reports import Completion, Outcome
from pydantic import Field, GetJsonSchemaHandler, ValidationInfo, field_validator
from pydantic_core import CoreSchema
from typing_extensions import TypedDict

ROWS_MAX = 1000


class WaitingQuery(Given):
    """`provider` is needed only where the caller acts for several."""

    provider: Text | None = None
    limit: Limit = 25
    cursor: Cursor | None = None


class WaitingClaim(TypedDict):
    """A pending claim. The account is the holder's e-mail address, as a report must name it."""

    claim_id: str
    account: str
    course: str
    title: str
    version: str
    item_type: str
    provider: str
    started_on: date
    completed_on: date
    submitted_on: date
    certificate_id: str | None
    overdue: bool


class WaitingClaims(TypedDict):
    items: list[WaitingClaim]
    next_cursor: str | None


class Report(Completion):
    """A row of a roster. Its provider, if it names one, is the roster's.

    `id` tells the same row from another, in whichever roster it comes; without one its content does.
    """

    # Checked in a context: the roster's `provider`, `today`, and those of its `courses` that the catalog has.
    id: OptionalText = None
    provider: OptionalText = None
    outcome: Outcome

    @field_validator("provider")
    @classmethod
    def _is_the_roster_s(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value not in (None, _context(info)["provider"]):
            raise ValueError(f"must be {_context(info)['provider']}, as for the whole roster")
        return value

    @field_validator("course")
    @classmethod
    def _is_known(cls, value: str, info: ValidationInfo) -> str:
        if value not in _context(info)["courses"]:
            raise ValueError("is not in the catalog")
        return value

    @field_validator("started_on", "completed_on")
    @classmethod
    def _is_past(cls, value: date, info: ValidationInfo) -> date:
        if value > _context(info)["today"]:
            raise ValueError(f"must not be after today, {_context(info)['today']}")
        return value


def _context(info: ValidationInfo) -> dict[str, Any]:
    assert info.context is not None  # noqa: S101 - rows are checked nowhere else
    return info.context


class _Row:
    """Any value: rows are checked one by one, so that one that is wrong holds up no other."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(Report.__pydantic_core_schema__)


class Roster(Given):
    """`provider` is needed only where the caller acts for several. One row that is wrong holds up no other."""

    provider: OptionalText = None
    reports: Annotated[list[Annotated[Any, _Row]], Field(min_length=1, max_length=ROWS_MAX)]


class Result(TypedDict):
    """What came of a row, counted from 1. In `errors`, `row` stands for the whole of it."""

    row: int
    id: str | None
    result: Literal["accepted", "refused"]
    errors: list[Fault]


class Results(TypedDict):
    provider: str
    accepted: int
    refused: int
    results: list[Result]
