"""Runs cases about continuous learning through the engine, a partner at a time, and compares what they expect."""

from collections.abc import Iterator, Mapping
from typing import Any

from policy import FormError, Refused
from policy.partners import Partner, views
from policy.partners.program import Program

from casefiles.checked import CaseFileError
from casefiles.differences import Mismatch, rejections
from casefiles.history import Case
from casefiles.learning_form import LearningFile, split


def run(file: LearningFile) -> Iterator[tuple[Case, list[Mismatch]]]:
    """Each case with what differs."""
    for case in file.cases:
        yield case, compare(case, outcome(file.program, case))


def outcome(program: Program, case: Case) -> dict[str, Any]:
    """What the rules decide for a case's history, for every partner in it and every specialization.

    Raises CaseFileError for an event that cannot have happened.
    """
    partners: dict[str, Partner] = {name: Partner(program) for name in _partners(case)}
    rejected = {}
    for event in case.history:
        named = getattr(event.fact, "partner", None)
        try:
            # An individual's facts and the program's are every partner's; a rule refuses them to all or to none.
            for partner in partners.values() if named is None else [partners[named]]:
                partner.record(event.fact, event.day)
        except Refused as refusal:
            rejected[event.name] = refusal.rule
        except FormError as error:
            raise CaseFileError(f"{event.where}.{error.key}", error.reason) from None
    for partner in partners.values():
        partner.advance(case.as_of)
    held = [
        (f"{name}/{offered}", partner, offered)
        for name, partner in partners.items()
        for offered in program.specializations
    ]
    return {
        "specializations": {name: views.specialization(partner, offered) for name, partner, offered in held},
        "report": {name: _totals(views.report(partner, offered)) for name, partner, offered in held},
        "rejected": rejected,
    }


def _partners(case: Case) -> list[str]:
    named = [getattr(event.fact, "partner", None) for event in case.history]
    expected = [split(name)[0] for key in ("specializations", "report") for name in case.expect[key]]
    # Facts are checked by some partner, though none may be named.
    return list(dict.fromkeys(name for name in [*named, *expected] if name)) or [""]


def _totals(report: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The report by individual."""
    totals: dict[str, dict[str, Any]] = {}
    for row in report:
        total = totals.setdefault(row["individual"], {"points": 0, "employee": row["employee"]})
        total["points"] += row["points"]
    return totals


def compare(case: Case, actual: Mapping[str, Any]) -> list[Mismatch]:
    """What differs between what a case expects and what was decided; what it does not mention is not compared."""
    found: list[Mismatch] = []
    for name, entry in case.expect["specializations"].items():
        found += _differences(f"specializations.{name}", entry, actual["specializations"][name])
    for name, individuals in case.expect["report"].items():
        for individual, entry in individuals.items():
            given = actual["report"][name].get(individual)
            at = f"report.{name}.{individual}"
            found += [(at, entry, None)] if given is None else _differences(at, entry, given)
    return found + rejections(case.expect, actual)


def _differences(path: str, expected: Mapping[str, Any], actual: Mapping[str, Any]) -> list[Mismatch]:
    """Lists may be in any order."""
    pairs = ((key, _in_order(value), _in_order(actual[key])) for key, value in expected.items())
    return [(f"{path}.{key}", wanted, given) for key, wanted, given in pairs if wanted != given]


def _in_order(value: Any) -> Any:
    return sorted(value) if isinstance(value, list | tuple) else value
