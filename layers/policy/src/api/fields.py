"""Kinds of values that bodies and queries hold: strict, and of a length that the table can keep."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from policy import FormError
from policy.cases import MESSAGE_CHARS_MAX
from policy.forms import as_date
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
)
from pydantic_core import CoreSchema, core_schema

from api.identity import ACCOUNT_CHARS_MAX

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
ID_CHARS_MAX = 64


class Given(BaseModel):
    """What a client gives: exactly these fields, each of exactly its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def is_id(text: str, chars_max: int = ID_CHARS_MAX) -> bool:
    """Whether a text can be an id: letters, digits, dots, underscores and hyphens, the first a letter or digit."""
    return len(text) <= chars_max and _ID.fullmatch(text) is not None


def faults(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Each field at fault, dots between the parts of a nested one, and what is wrong with it."""
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        # The tag of a form chosen among several is no field.
        parts = (str(part) for part in fault["loc"] if not str(part).startswith("#"))
        yield ".".join(parts), fault["msg"].removeprefix("Value error, ")


@dataclass(frozen=True)
class _OneOf:
    known: Callable[[], Iterable[str]]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.known())}

    def _check(self, value: str) -> str:
        words = tuple(self.known())
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return value


def one_of(known: Callable[[], Iterable[str]]) -> _OneOf:
    """One of the words that the policy knows, asked for when a value is checked or described."""
    return _OneOf(known)


def _day(value: Any) -> date:
    try:
        return as_date("", value)
    except FormError:
        raise ValueError("must be a date such as 2024-02-29") from None


def _instant(value: Any) -> datetime:
    if isinstance(value, str) and _RFC_3339.fullmatch(value):
        return datetime.fromisoformat(value.upper())
    raise ValueError("must be an instant such as 2024-02-29T12:00:00Z")


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _none_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


class _Blank:
    """Described as it is taken: with nothing in it, too."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        described = handler(schema)
        described["anyOf"] = [
            {name: value for name, value in kind.items() if name != "minLength"} for kind in described["anyOf"]
        ]
        return described


Id = Annotated[str, StringConstraints(min_length=1, max_length=ID_CHARS_MAX, pattern=f"^{_ID.pattern}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
# Line breaks, however the client's system makes them, and tabs are allowed, and something must be there to read.
Message = Annotated[
    str,
    StringConstraints(
        min_length=1,
        max_length=MESSAGE_CHARS_MAX,
        pattern=rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$",
    ),
    BeforeValidator(lambda value: value.replace("\r\n", "\n") if isinstance(value, str) else value),
]
# Left blank, it is as if it had been left out.
OptionalText = Annotated[Text | None, BeforeValidator(_none_if_blank), _Blank]
Cursor = Annotated[str, StringConstraints(max_length=4000)]
# In a query, which holds text only.
Limit = Annotated[int, Field(ge=1, le=100), BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]
# Of an account of years, so that a term or a notice beside it is still a date.
LedgerDay = Annotated[
    date,
    Field(ge=date(1900, 1, 1), le=date(2199, 12, 31), description="From 1900-01-01 through 2199-12-31."),
    BeforeValidator(_day),
]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]
Account = Annotated[
    str,
    StringConstraints(max_length=ACCOUNT_CHARS_MAX, pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$"),
    AfterValidator(str.lower),
]


class AsOfQuery(Given):
    """`as_of`: as it was known on an earlier day, or as it will be on a later one if nothing happens until then."""

    as_of: LedgerDay | None = None
