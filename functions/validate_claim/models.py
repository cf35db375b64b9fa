"""The models of a provider's message: a CloudEvent (1.0, structured JSON) of one of three types."""

from typing import Annotated, Any, Literal, Self

from api.fields import Account, Given, Instant, LedgerDay, Text, faults, one_of
from api.reports import REPORTED, RETRACTED, CompletionReported, CompletionRetracted
from policy import facts
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from functions.validate_claim.unprocessable import Unprocessable


class CloudEvent(BaseModel):
    """Attributes that nothing here needs, and extensions, may say what they like."""

    model_config = ConfigDict(strict=True, frozen=True)

    specversion: Literal["1.0"]
    id: Text
    source: Text
    type: Text
    time: Instant | None = None
    data: dict[str, Any]


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
    REPORTED: CompletionReported,
    RETRACTED: CompletionRetracted,
    "exam.passed.v1": ExamPassed,
}


def checked(model: Any, value: Any, reason: str) -> Any:
    """A value as a model; Unprocessable for a reason, naming every field at fault."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        named = faults(error)
    raise Unprocessable(reason, "; ".join(f"{field}: {message}" if field else message for field, message in named))
