"""The models of a provider's message: a CloudEvent (1.0, structured JSON) of one of the types below."""

from typing import Annotated, Any, Literal, Self

from api.fields import Account, Given, Instant, LedgerDay, Text, faults, one_of
from api.reports import REPORTED, RETRACTED, CompletionReported, CompletionRetracted
from policy import facts
from policy.partners import facts as learned
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

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


class _OfHolder(Given):
    """What is about a holder, who is named by id or by one of their accounts."""

    provider: Text
    holder: Text | None = None
    account: Account | None = None

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.holder is None) == (self.account is None):
            raise ValueError(f"either {type(self).model_fields['holder'].alias or 'holder'} or account must be given")
        return self

    @property
    def whom(self) -> str:
        """The holder, or the account until it is known whose that is."""
        return self.holder or self.account or ""


class ExamPassed(_OfHolder):
    """kind: `specialist` for an exam of continuous learning alone."""

    exam: Text
    kind: Annotated[Text, one_of(lambda: (*facts.EXAM_KINDS, learned.SPECIALIST))]
    passed_on: LedgerDay

    def fact(self) -> facts.Fact | learned.ExamPassed:
        if self.kind == learned.SPECIALIST:
            return learned.ExamPassed(self.whom, self.exam, self.passed_on)
        return facts.ExamPassed(self.exam, self.kind, self.passed_on)


class _OfIndividual(_OfHolder):
    """What is of continuous learning alone, in which a holder is an individual."""

    holder: Text | None = Field(None, alias="individual")


class ActivityRecorded(_OfIndividual):
    item: Text
    completed_on: LedgerDay
    mode: Annotated[Text, one_of(lambda: learned.MODES)]

    def fact(self) -> learned.ActivityRecorded:
        return learned.ActivityRecorded(self.whom, self.item, self.completed_on, self.mode)


class BadgeEarned(_OfIndividual):
    badge: Text
    kind: Annotated[Text, one_of(lambda: learned.BADGE_KINDS)]
    expires_on: LedgerDay

    def fact(self) -> learned.BadgeEarned:
        return learned.BadgeEarned(self.whom, self.badge, self.expires_on, self.kind)


ACTIVITY = "activity.recorded.v1"
Data = CompletionReported | CompletionRetracted | ExamPassed | ActivityRecorded | BadgeEarned
TYPES: dict[str, type[Data]] = {
    REPORTED: CompletionReported,
    RETRACTED: CompletionRetracted,
    "exam.passed.v1": ExamPassed,
    ACTIVITY: ActivityRecorded,
    "badge.earned.v1": BadgeEarned,
}


def checked(model: Any, value: Any, reason: str) -> Any:
    """A value as a model; Unprocessable for a reason, naming every field at fault."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        named = faults(error)
    raise Unprocessable(reason, "; ".join(f"{field}: {message}" if field else message for field, message in named))
