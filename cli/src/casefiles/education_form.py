"""The form of case files about continuing education."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy import facts
from policy.catalog import Course, Version

from casefiles import checked
from casefiles.checked import CaseFileError
from casefiles.history import Case, CaseFile, Form

KEYS = {"program", "catalog", "retired_tracks", "cases"}
EXPECT = {
    "claims": {"status", "credits", "expires_on", "reason"},
    "certifications": {"status", "cycle_started_on", "expires_on", "days_to_expire"},
    "credits": None,
    "remaining": None,
    "recertifications": {"certification", "date", "used", "exams", "renewed"},
    "rejected": None,
}


@dataclass(frozen=True)
class EducationFile(CaseFile):
    catalog: Mapping[str, Course]
    retired_tracks: Mapping[str, date]


def read(file: str, top: dict[str, Any]) -> EducationFile:
    """The cases of a file, and what they share. Raises CaseFileError for anything that is not of the form."""
    checked.mapping(file, top, KEYS)
    where = f"{file}: retired_tracks"
    retired = {
        track: checked.day(f"{where}.{track}", day)
        for track, day in checked.named(where, top.get("retired_tracks") or {}).items()
    }
    catalog = {
        course: _course(f"{file}: catalog.{course}", course, values)
        for course, values in checked.named(f"{file}: catalog", top.get("catalog") or {}).items()
    }
    cases = _FORM.cases(file, top["cases"])
    for case in cases:
        _check_claims(case)
    return EducationFile(file, cases, catalog, retired)


def _check_claims(case: Case) -> None:
    """A decision is about a claim that was submitted before it."""
    claims = set()
    for event in case.history:
        if isinstance(event.fact, facts.ClaimSubmitted):
            claims.add(event.fact.claim)
        if isinstance(event.fact, facts.ClaimDecided) and event.fact.claim not in claims:
            raise CaseFileError(f"{event.where}.claim", f"no claim {event.fact.claim!r} was submitted before")


def _course(where: str, course: str, values: Any) -> Course:
    values = checked.mapping(where, values, {"title", "versions", "offered"}, {"title", "versions", "offered"})
    versions = {}
    for number, entry in checked.named(f"{where}.versions", values["versions"]).items():
        at = f"{where}.versions.{number}"
        entry = checked.mapping(at, entry, {"credits", "available_from", "available_until"}, {"credits"})
        if type(entry["credits"]) is not int or entry["credits"] < 0:
            raise CaseFileError(f"{at}.credits", f"must be a whole number from 0, not {entry['credits']!r}")
        dates = {
            key: checked.day(f"{at}.{key}", entry[key])
            for key in ("available_from", "available_until")
            if entry.get(key)
        }
        versions[number] = Version(entry["credits"], **dates)
    offered = {
        item_type: tuple(
            checked.text(f"{where}.offered.{item_type}", provider)
            for provider in checked.items(f"{where}.offered.{item_type}", providers)
        )
        for item_type, providers in checked.named(f"{where}.offered", values["offered"]).items()
    }
    return Course(course, checked.text(f"{where}.title", values["title"]), versions, offered)


def _expect(where: str, values: Any) -> Mapping[str, Any]:
    values = checked.mapping(where, values, set(EXPECT))
    for key in ("claims", "certifications"):
        for name, entry in checked.named(f"{where}.{key}", values.get(key, {})).items():
            checked.mapping(f"{where}.{key}.{name}", entry, EXPECT[key])
    for key in ("credits", "remaining", "rejected"):
        checked.named(f"{where}.{key}", values.get(key, {}))
    for name, number in values.get("credits", {}).items():
        if type(number) is not int:
            raise CaseFileError(f"{where}.credits.{name}", f"must be a whole number, not {number!r}")
    for name, entries in values.get("remaining", {}).items():
        for i, entry in enumerate(checked.items(f"{where}.remaining.{name}", entries)):
            for part, number in checked.named(f"{where}.remaining.{name}[{i}]", entry).items():
                if type(number) is not int:
                    raise CaseFileError(
                        f"{where}.remaining.{name}[{i}].{part}", f"must be a whole number, not {number!r}"
                    )
    for name, rule in values.get("rejected", {}).items():
        checked.text(f"{where}.rejected.{name}", rule)
    for i, entry in enumerate(checked.items(f"{where}.recertifications", values.get("recertifications", []))):
        at = f"{where}.recertifications[{i}]"
        checked.mapping(at, entry, EXPECT["recertifications"])
        for key in ("used", "exams", "renewed"):
            for item in checked.items(f"{at}.{key}", entry.get(key, [])):
                checked.text(f"{at}.{key}", item)
        if "certification" in entry:
            checked.text(f"{at}.certification", entry["certification"])
        if "date" in entry:
            checked.day(f"{at}.date", entry["date"])
    return values


_FORM = Form(
    kinds=facts.KINDS,
    from_dict=facts.from_dict,
    expect=_expect,
    not_events=frozenset(("certificate_taken", "certificate_freed", "case_opened", "case_message", "claim_reviewed")),
    not_written={
        "claim_submitted": frozenset(("claim", "certificate_key", "title", "credits")),
        "fee_paid": frozenset(("certification", "payment_reference")),
        "terms_accepted": frozenset(("terms_version",)),
    },
    default_to_date={"certification_awarded": "awarded_on", "exam_passed": "passed_on"},
    named={"claim_submitted": "claim"},
)
