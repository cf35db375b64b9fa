"""What a provider says of a completion, wherever it says it: on the queue or in a roster."""

from typing import Annotated, Self

from policy import facts
from pydantic import model_validator

from api.fields import Account, Given, LedgerDay, OptionalText, Text, one_of

REPORTED = "completion.reported.v1"
RETRACTED = "completion.retracted.v1"

Outcome = Annotated[Text, one_of(lambda: facts.OUTCOMES)]


def roster_source(provider: str) -> str:
    """The source of messages that a provider's rosters are made into."""
    return f"/provider/{provider}/reports"


class Completion(Given):
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


class CompletionRetracted(Completion):
    provider: Text

    def fact(self) -> facts.Fact:
        return facts.CompletionRetracted(**self.model_dump())


class CompletionReported(Completion):
    provider: Text
    outcome: Outcome

    def fact(self) -> facts.Fact:
        return facts.CompletionReported(**self.model_dump())
