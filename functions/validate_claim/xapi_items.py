"""Statements of an item of continuous learning viewed, attended, completed or downloaded, read as activities."""

from typing import Any, Self

from api import clock
from api.fields import Text
from policy.partners import facts
from pydantic import Field, model_validator

from functions.validate_claim.models import ACTIVITY, ActivityRecorded, CloudEvent, checked
from functions.validate_claim.unprocessable import Unprocessable
from functions.validate_claim.xapi import ADL_VERB, EMPTY, Part, Statement, envelope, verb

_TIN_CAN_VERB = "http://id.tincanapi.com/verb/"
COMPLETED = "completed"
MODES = {
    f"{ADL_VERB}completed": COMPLETED,
    f"{ADL_VERB}passed": COMPLETED,
    f"{ADL_VERB}attended": "attended",
    f"{ADL_VERB}experienced": "viewed",
    f"{_TIN_CAN_VERB}viewed": "viewed",
    f"{_TIN_CAN_VERB}downloaded": facts.DOWNLOADED,
}


class _OfItem(Part):
    item: Text = Field(alias="urn:standing:item")
    course: Any = Field(None, alias="urn:standing:course")

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        # Read as either, the other would be lost.
        if self.course is not None:
            raise ValueError("must name a course or an item, not both")
        return self


class _Definition(Part):
    extensions: _OfItem


class _Activity(Part):
    definition: _Definition


class _OfProvider(Part):
    provider: Text = Field(alias="urn:standing:provider")


class _Context(Part):
    extensions: _OfProvider = Field(EMPTY, validate_default=True)


class _Statement(Statement):
    object: _Activity
    context: _Context = Field(EMPTY, validate_default=True)


def read(value: dict[str, Any]) -> tuple[CloudEvent, ActivityRecorded]:
    mode = MODES[verb(value, MODES)]
    statement = checked(_Statement, value, "bad-data")
    if statement.undone and mode == COMPLETED:
        raise Unprocessable("bad-data", "result: says that it was not completed or passed, and the verb that it was")
    provider = statement.context.extensions.provider
    data = {
        "provider": provider,
        "account": statement.actor,
        "item": statement.object.definition.extensions.item,
        "completed_on": clock.day_of(statement.timestamp),
        "mode": mode,
    }
    activity = checked(ActivityRecorded, data, "bad-data")
    return envelope(statement, ACTIVITY, provider, value), activity
