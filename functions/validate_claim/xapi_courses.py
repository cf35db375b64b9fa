"""Statements of a course completed, passed or failed, read as reports."""

from typing import Any

from api import clock
from api.fields import LedgerDay, OptionalText, Text
from api.reports import REPORTED, CompletionReported
from pydantic import Field

from functions.validate_claim.models import CloudEvent, checked
from functions.validate_claim.xapi import ADL_VERB, EMPTY, Part, Statement, envelope, verb

OUTCOMES = {f"{ADL_VERB}completed": "completed", f"{ADL_VERB}passed": "completed", f"{ADL_VERB}failed": "incomplete"}


class _OfCourse(Part):
    course: Text = Field(alias="urn:standing:course")
    version: Text = Field(alias="urn:standing:version")


class _Definition(Part):
    extensions: _OfCourse = Field(EMPTY, validate_default=True)


class _Activity(Part):
    definition: _Definition = Field(EMPTY, validate_default=True)


class _OfTraining(Part):
    provider: Text = Field(alias="urn:standing:provider")
    # Not guessed from a duration: a start that differs from the claim's would deny it.
    started_on: LedgerDay = Field(alias="urn:standing:started-on")
    certificate_id: OptionalText = Field(None, alias="urn:standing:certificate-id")


class _Context(Part):
    extensions: _OfTraining = Field(EMPTY, validate_default=True)


class _Statement(Statement):
    object: _Activity
    context: _Context = Field(EMPTY, validate_default=True)


def read(value: dict[str, Any]) -> tuple[CloudEvent, CompletionReported]:
    outcome = OUTCOMES[verb(value, OUTCOMES)]
    statement = checked(_Statement, value, "bad-data")
    training, course = statement.context.extensions, statement.object.definition.extensions
    data = {
        "provider": training.provider,
        "course": course.course,
        "version": course.version,
        "account": statement.actor,
        "started_on": training.started_on,
        "completed_on": clock.day_of(statement.timestamp),
        "outcome": "incomplete" if statement.undone else outcome,
        "certificate_id": training.certificate_id,
    }
    report = checked(CompletionReported, data, "bad-data")
    return envelope(statement, REPORTED, training.provider, value), report
