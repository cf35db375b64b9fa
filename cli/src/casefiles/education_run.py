"""Runs cases about continuing education through the engine and compares what they expect."""

from collections.abc import Iterator
from typing import Any

from policy import FormError, Refused, Standing, facts, program, views
from policy.program import Program

from casefiles.checked import CaseFileError
from casefiles.differences import Mismatch, differences, rejections
from casefiles.education_form import EducationFile
from casefiles.history import Case


def run(file: EducationFile) -> Iterator[tuple[Case, list[Mismatch]]]:
    """Each case with what differs: path in `expect`, expected, actual. Nothing differs where it passes."""
    rules = program.load(retired_tracks=file.retired_tracks)
    for case in file.cases:
        yield case, compare(case, outcome(rules, file, case))


def outcome(rules: Program, file: EducationFile, case: Case) -> dict[str, Any]:
    """What the rules decide for a case's history: every key of `expect`, whole.

    Raises CaseFileError for an event that cannot have happened.
    """
    standing = Standing(rules)
    rejected = {}
    for event in case.history:
        course = file.catalog.get(event.fact.course) if isinstance(event.fact, facts.ClaimSubmitted) else None
        try:
            standing.record(event.fact, event.day, course)
        except Refused as refusal:
            rejected[event.name] = refusal.rule
        except FormError as error:
            raise CaseFileError(f"{event.where}.{error.key}", error.reason) from None
    standing.advance(case.as_of)
    return {
        "claims": views.claims(standing),
        "certifications": views.certifications(standing),
        "credits": views.credits(standing),
        "remaining": views.remaining(standing),
        "recertifications": views.recertifications(standing),
        "rejected": rejected,
    }


def compare(case: Case, actual: dict[str, Any]) -> list[Mismatch]:
    """What differs between what a case expects and what was decided; what it does not mention is not compared."""
    expect = case.expect
    found: list[Mismatch] = []
    for key in ("claims", "certifications"):
        for name, entry in expect.get(key, {}).items():
            given = actual[key].get(name)
            if given is None:
                found.append((f"{key}.{name}", entry, None))
                continue
            found += differences(f"{key}.{name}", entry, given)
    found += differences("credits", expect.get("credits", {}), actual["credits"])
    for name, entries in expect.get("remaining", {}).items():
        given = actual["remaining"].get(name)
        if given is None or _sorted(entries) != _sorted(given):
            found.append((f"remaining.{name}", entries, given))
    if "recertifications" in expect:
        found += _recertifications(expect["recertifications"], actual["recertifications"])
    found += rejections(expect, actual)
    return found


def _recertifications(expected: list[dict[str, Any]], actual: list[dict[str, Any]]) -> list[Mismatch]:
    if len(expected) != len(actual):
        return [("recertifications", expected, actual)]
    found: list[Mismatch] = []
    for i, (entry, given) in enumerate(zip(expected, actual, strict=True)):
        lists = {key: sorted(value) for key, value in entry.items() if isinstance(value, list)}
        found += differences(
            f"recertifications[{i}]", {**entry, **lists}, {**given, **{key: sorted(given[key]) for key in lists}}
        )
    return found


def _sorted(entries: list[dict[str, int]]) -> list[list[tuple[str, int]]]:
    return sorted(sorted(entry.items()) for entry in entries)
