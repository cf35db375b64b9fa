"""The form of case files about continuous learning."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from policy.partners import facts, program
from policy.partners.dated import always
from policy.partners.program import Item, Program, Role, Specialization

from casefiles import checked
from casefiles.checked import CaseFileError
from casefiles.history import CaseFile, Form

KEYS = {"program", "library", "specializations", "points_required", "cases"}
RULES = program.load()


@dataclass(frozen=True)
class LearningFile(CaseFile):
    program: Program


def read(file: str, top: dict[str, Any]) -> LearningFile:
    """The cases of a file, and the program they take place in. Raises CaseFileError for what is not of the form."""
    checked.mapping(file, top, KEYS)
    where = f"{file}: library"
    items = {
        name: always(_item(f"{where}.{name}", values))
        for name, values in checked.named(where, top.get("library") or {}).items()
    }
    where = f"{file}: specializations"
    specializations = {
        name: _specialization(f"{where}.{name}", values, items)
        for name, values in checked.named(where, top.get("specializations") or {}).items()
    }
    where = f"{file}: points_required"
    required = {
        _one_of(where, name, RULES.types): always(checked.number(f"{where}.{name}", points, 0))
        for name, points in checked.named(where, top.get("points_required") or {}).items()
    }
    cases = _FORM.cases(file, top["cases"])
    for case in cases:
        for key in ("specializations", "report"):
            for name in case.expect[key]:
                _one_of(f"{file}: {case.name}: expect.{key}.{name}", split(name)[1], specializations)
    rules = replace(RULES, points_required={**RULES.points_required, **required})
    return LearningFile(file, cases, Program(rules, items, specializations))


def split(name: str) -> tuple[str, str]:
    """Partner and specialization of a name such as p1/collaboration."""
    partner, _, specialization = name.partition("/")
    return partner, specialization


def _one_of(where: str, name: str, known: Any) -> str:
    if name not in known:
        raise CaseFileError(where, f"{name!r} is none of {', '.join(sorted(known))}")
    return name


def _item(where: str, values: Any) -> Item:
    values = checked.mapping(where, values, {"minutes", "points", "exceptional", "event"})
    if ("minutes" in values) == ("points" in values):
        raise CaseFileError(where, "an item has exactly one of minutes and points")
    at = {key: f"{where}.{key}" for key in values}
    return Item(
        points=checked.number(at["points"], values["points"], 0) if "points" in values else None,
        minutes=checked.number(at["minutes"], values["minutes"], 0) if "minutes" in values else 0,
        exceptional="exceptional" in values and checked.flag(at["exceptional"], values["exceptional"]),
        event="event" in values and checked.flag(at["event"], values["event"]),
    )


def _specialization(where: str, values: Any, items: Collection[str]) -> Specialization:
    values = checked.mapping(where, values, {"type", "library", "mandatory", "roles"}, {"type"})
    kind = checked.text(f"{where}.type", values["type"])
    lists = {
        key: tuple(
            _one_of(f"{where}.{key}", item, items) for item in checked.texts(f"{where}.{key}", values.get(key, []))
        )
        for key in ("library", "mandatory")
    }
    roles = {
        _one_of(f"{where}.roles", role, RULES.roles): _role(f"{where}.roles.{role}", asks)
        for role, asks in checked.named(f"{where}.roles", values.get("roles", {})).items()
    }
    return Specialization.always(
        _one_of(f"{where}.type", kind, (*RULES.types, *RULES.designations)), roles=roles, **lists
    )


def _role(where: str, values: Any) -> Role:
    values = checked.mapping(where, values, {"exams", "badge", "certification"})
    asks = {key: checked.text(f"{where}.{key}", values[key]) for key in ("badge", "certification") if key in values}
    return Role(checked.texts(f"{where}.exams", values.get("exams", [])), **asks)


_Check = Callable[[str, Any], Any]


def _or_null(check: _Check) -> _Check:
    return lambda where, value: None if value is None else check(where, value)


EXPECT: dict[str, dict[str, _Check]] = {
    "specializations": {
        "status": _or_null(checked.text),
        "anniversary": _or_null(checked.day),
        "points": checked.number,
        "required": _or_null(checked.number),
        "indicator": _or_null(checked.text),
        "renewed": checked.flag,
        "lost_on": _or_null(checked.day),
        "mandatory_open": checked.texts,
        "blocked_by": checked.texts,
    },
    "report": {"points": checked.number, "employee": checked.text},
}


def _expect(where: str, values: Any) -> Mapping[str, Any]:
    """What is expected; `specializations` and `report` are always there, lists in order of their names."""
    values = checked.mapping(where, values, {*EXPECT, "rejected"})
    expect: dict[str, Any] = {"specializations": {}, "report": {}}
    for key, keep in expect.items():
        for name, entry in checked.named(f"{where}.{key}", values.get(key, {})).items():
            at = f"{where}.{key}.{name}"
            if not all(split(name)):
                raise CaseFileError(at, "must be PARTNER/NAME")
            if key == "specializations":
                keep[name] = _entry(at, entry, EXPECT[key])
            else:
                individuals = checked.named(at, entry).items()
                keep[name] = {who: _entry(f"{at}.{who}", earned, EXPECT[key]) for who, earned in individuals}
    if "rejected" in values:
        rejected = checked.named(f"{where}.rejected", values["rejected"]).items()
        expect["rejected"] = {name: checked.text(f"{where}.rejected.{name}", rule) for name, rule in rejected}
    return expect


def _entry(where: str, values: Any, checks: Mapping[str, _Check]) -> dict[str, Any]:
    values = checked.mapping(where, values, set(checks))
    return {key: checks[key](f"{where}.{key}", value) for key, value in values.items()}


_FORM = Form(
    kinds=facts.KINDS,
    from_dict=facts.from_dict,
    expect=_expect,
    not_events=frozenset(("certification_ended",)),
    not_written={
        "activity_recorded": frozenset(("points", "recorded_on", "proof_key")),
        "exam_passed": frozenset(("points", "recorded_on")),
        "badge_earned": frozenset(("recorded_on",)),
        "certification_held": frozenset(("since",)),
    },
    default_to_date={"activity_recorded": "completed_on", "exam_passed": "passed_on"},
)
