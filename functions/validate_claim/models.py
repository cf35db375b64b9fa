"""What a provider's message says: a CloudEvent (1.0, structured JSON) of one of three types."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from api import strict_json
from api.fields import Account, Given, LedgerDay, OptionalText, Text, one_of
from policy import facts
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from functions.validate_claim.unprocessable import Unprocessable

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _instant(value: Any) -> datetime:
    if isinstance(value, str) and _RFC_3339.fullmatch(value):
        return datetime.fromisoformat(value.upper())
    raise ValueError("must be an instant such as 2024-02-29T12:00:00Z")


class CloudEvent(BaseModel):
    """Attributes that nothing here needs, and extensions, may say what they like."""

    model_config = ConfigDict(strict=True, frozen=True)

    specversion: Literal["1.0"]
    id: Text
    source: Text
    type: Text
    time: Annotated[AwareDatetime, BeforeValidator(_instant)] | None = None
    data: dict[str, Any]


class CompletionRetracted(Given):
    provider: Text
    course: Text
    version: Text
    account: Account
    started_on: LedgerDay
    completed_on: LedgerDay
    certificate_id: OptionalText = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.started_on > self.completed_on:
            raise ValueError("started_on must not be after completed_on")
        return self

    def fact(self) -> facts.Fact:
        return facts.CompletionRetracted(**self.model_dump())


class CompletionReported(CompletionRetracted):
    outcome: Annotated[Text, one_of(lambda: facts.OUTCOMES)]

    def fact(self) -> facts.Fact:
        return facts.CompletionReported(**self.model_dump())


class ExamPassed(Given):
    provider: Text
    holder: Text | None = None
    account: Account | None = None
    exam: Text
    kind: Annotated[Text, one_of(lambda: facts.EXAM_KINDS)]
    passed_on: LedgerDay

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.holder is None) == (self.account is None):
            raise ValueError("either holder or account must be given")
        return self

    def fact(self) -> facts.Fact:
        return facts.ExamPassed(self.exam, self.kind, self.passed_on)


Data = CompletionReported | CompletionRetracted | ExamPassed
TYPES: dict[str, type[Data]] = {
    "completion.reported.v1": CompletionReported,
    "completion.retracted.v1": CompletionRetracted,
    "exam.passed.v1": ExamPassed,
}


def read(body: str) -> tuple[CloudEvent, Data]:
    """A message's envelope and its data. Raises Unprocessable naming all that is wrong with it."""
    try:
        value = strict_json.loads(body)
    except ValueError as error:
        raise Unprocessable("not-json", str(error)) from None
    event = _checked(CloudEvent, value, "not-a-cloud-event")
    model = TYPES.get(event.type)
    if model is None:
        raise Unprocessable("unknown-type", f"{event.type} is none of {', '.join(TYPES)}")
    return event, _checked(model, event.data, "bad-data")


def _checked(model: Any, value: Any, reason: str) -> Any:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
    named = ((".".join(map(str, fault["loc"])), fault["msg"].removeprefix("Value error, ")) for fault in faults)
    raise Unprocessable(reason, "; ".join(f"{field}: {message}" if field else message for field, message in named))
