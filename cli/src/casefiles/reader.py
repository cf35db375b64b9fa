"""Reads case files and refuses what is not of their form, naming file, case and key."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from policy import FormError, facts
from policy.catalog import Course, Version

PROGRAMS = ("continuing-education",)
# Keys of an event that a fact has under another name, or that are not written in case files.
_NOT_WRITTEN = {
    "claim_submitted": {"claim", "certificate_key", "title", "credits"},
    "fee_paid": {"certification", "payment_reference"},
    "terms_accepted": {"terms_version"},
}
_NOT_EVENTS = {"certificate_taken", "certificate_freed", "case_opened", "case_message", "claim_reviewed"}
_DEFAULT_TO_DATE = {"certification_awarded": "awarded_on", "exam_passed": "passed_on"}
EXPECT = {
    "claims": {"status", "credits", "expires_on", "reason"},
    "certifications": {"status", "cycle_started_on", "expires_on", "days_to_expire"},
    "credits": None,
    "remaining": None,
    "recertifications": {"certification", "date", "used", "exams", "renewed"},
    "rejected": None,
}


class CaseFileError(Exception):
    """A file that is not of the form: `where` names the file, the case if there is one, and the key."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")


@dataclass(frozen=True)
class Event:
    """One event of a history: `name` is its id, or its place where it has none."""

    day: date
    name: str
    fact: facts.Fact
    where: str


@dataclass(frozen=True)
class Case:
    name: str
    history: tuple[Event, ...]
    as_of: date
    expect: Mapping[str, Any]


@dataclass(frozen=True)
class CaseFile:
    path: str
    catalog: Mapping[str, Course]
    retired_tracks: Mapping[str, date]
    cases: tuple[Case, ...]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as it is, but a key given twice is an error: one of the two would be lost unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep)
        if len(mapping) != len(node.value):
            seen: set[Any] = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node)
                if key in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key!r} is given twice", key_node.start_mark
                    )
                seen.add(key)
        return mapping


def read(path: Path) -> CaseFile:
    """The cases of a file. Raises CaseFileError for anything that is not of the form."""
    try:
        content = _parse(path.read_text(encoding="utf-8"))
    # A date that cannot be is a ValueError of the loader's, and so is text that is not UTF-8.
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CaseFileError(str(path), " ".join(str(error).split())) from None
    name = str(path)
    top = _mapping(name, content, {"program", "catalog", "retired_tracks", "cases"}, {"program", "cases"})
    if top["program"] not in PROGRAMS:
        raise CaseFileError(f"{name}: program", f"{top['program']!r} is none of {', '.join(PROGRAMS)}")
    where = f"{name}: retired_tracks"
    retired = {
        track: _date(f"{where}.{track}", day) for track, day in _texts(where, top.get("retired_tracks") or {}).items()
    }
    catalog = {
        course: _course(f"{name}: catalog.{course}", course, values)
        for course, values in _texts(f"{name}: catalog", top.get("catalog") or {}).items()
    }
    cases: list[Case] = []
    names: set[str] = set()
    for i, values in enumerate(_list(f"{name}: cases", top["cases"])):
        case = _case(f"{name}: cases[{i}]", name, values)
        if case.name in names:
            raise CaseFileError(f"{name}: {case.name}: name", "two cases have this name")
        names.add(case.name)
        cases.append(case)
    return CaseFile(name, catalog, retired, tuple(cases))


def _parse(text: str) -> Any:
    # A large file makes millions of objects, none of them garbage: looking for some would double the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return yaml.load(text, _Loader)  # noqa: S506 (a safe loader)
    finally:
        if collecting:
            gc.enable()


def _course(where: str, course: str, values: Any) -> Course:
    values = _mapping(where, values, {"title", "versions", "offered"}, {"title", "versions", "offered"})
    versions = {}
    for number, entry in _texts(f"{where}.versions", values["versions"]).items():
        at = f"{where}.versions.{number}"
        entry = _mapping(at, entry, {"credits", "available_from", "available_until"}, {"credits"})
        if type(entry["credits"]) is not int or entry["credits"] < 0:
            raise CaseFileError(f"{at}.credits", f"must be a whole number from 0, not {entry['credits']!r}")
        dates = {
            key: _date(f"{at}.{key}", entry[key]) for key in ("available_from", "available_until") if entry.get(key)
        }
        versions[number] = Version(entry["credits"], **dates)
    offered = {
        item_type: tuple(
            _text(f"{where}.offered.{item_type}", provider)
            for provider in _list(f"{where}.offered.{item_type}", providers)
        )
        for item_type, providers in _texts(f"{where}.offered", values["offered"]).items()
    }
    return Course(course, _text(f"{where}.title", values["title"]), versions, offered)


def _case(where: str, file: str, values: Any) -> Case:
    keys = {"name", "history", "as_of", "expect"}
    values = _mapping(where, values, keys, keys)
    name = _text(f"{where}.name", values["name"])
    where = f"{file}: {name}"
    history: list[Event] = []
    ids: set[str] = set()
    claims: set[str] = set()
    for i, entry in enumerate(_list(f"{where}: history", values["history"])):
        event = _event(f"{where}: history[{i}]", i, entry)
        if history and event.day < history[-1].day:
            raise CaseFileError(f"{event.where}.date", f"{event.day} is before the event before it, {history[-1].day}")
        if event.name in ids:
            raise CaseFileError(f"{event.where}.id", f"{event.name!r} is the id of another event")
        if isinstance(event.fact, facts.ClaimSubmitted):
            claims.add(event.fact.claim)
        if isinstance(event.fact, facts.ClaimDecided) and event.fact.claim not in claims:
            raise CaseFileError(f"{event.where}.claim", f"no claim {event.fact.claim!r} was submitted before")
        ids.add(event.name)
        history.append(event)
    as_of = _date(f"{where}: as_of", values["as_of"])
    if history and as_of < history[-1].day:
        raise CaseFileError(f"{where}: as_of", f"{as_of} is before the last event, {history[-1].day}")
    return Case(name, tuple(history), as_of, _expect(f"{where}: expect", values["expect"]))


def _event(where: str, i: int, values: Any) -> Event:
    values = dict(_mapping(where, values))
    day = _date(f"{where}.date", values.pop("date", None))
    kind = values.get("event")
    if not isinstance(kind, str) or kind not in facts.KINDS or kind in _NOT_EVENTS:
        known = ", ".join(sorted(set(facts.KINDS) - _NOT_EVENTS))
        raise CaseFileError(f"{where}.event", f"{kind!r} is none of {known}")
    name = _text(f"{where}.id", values.pop("id")) if "id" in values else None
    for key in _NOT_WRITTEN.get(kind, ()):
        if key in values:
            raise CaseFileError(f"{where}.{key}", f"unknown key of {kind}")
    if kind == "claim_submitted":
        if name is None:
            raise CaseFileError(f"{where}.id", "missing: a claim needs an id")
        values["claim"] = name
    if kind in _DEFAULT_TO_DATE:
        values.setdefault(_DEFAULT_TO_DATE[kind], day)
    for field in fields(facts.KINDS[kind]):
        if field.name in values and values[field.name] is None:
            raise CaseFileError(f"{where}.{field.name}", "is empty; leave the key out instead")
    try:
        return Event(day, name or f"history[{i}]", facts.from_dict(values), where)
    except FormError as error:
        raise CaseFileError(f"{where}.{error.key}", error.reason) from None


def _expect(where: str, values: Any) -> Mapping[str, Any]:
    values = _mapping(where, values, set(EXPECT))
    for key in ("claims", "certifications"):
        for name, entry in _texts(f"{where}.{key}", values.get(key, {})).items():
            _mapping(f"{where}.{key}.{name}", entry, EXPECT[key])
    for key in ("credits", "remaining", "rejected"):
        _texts(f"{where}.{key}", values.get(key, {}))
    for name, number in values.get("credits", {}).items():
        if type(number) is not int:
            raise CaseFileError(f"{where}.credits.{name}", f"must be a whole number, not {number!r}")
    for name, entries in values.get("remaining", {}).items():
        for i, entry in enumerate(_list(f"{where}.remaining.{name}", entries)):
            for part, number in _texts(f"{where}.remaining.{name}[{i}]", entry).items():
                if type(number) is not int:
                    raise CaseFileError(
                        f"{where}.remaining.{name}[{i}].{part}", f"must be a whole number, not {number!r}"
                    )
    for name, rule in values.get("rejected", {}).items():
        _text(f"{where}.rejected.{name}", rule)
    for i, entry in enumerate(_list(f"{where}.recertifications", values.get("recertifications", []))):
        at = f"{where}.recertifications[{i}]"
        _mapping(at, entry, EXPECT["recertifications"])
        for key in ("used", "exams", "renewed"):
            for item in _list(f"{at}.{key}", entry.get(key, [])):
                _text(f"{at}.{key}", item)
        if "certification" in entry:
            _text(f"{at}.certification", entry["certification"])
        if "date" in entry:
            _date(f"{at}.date", entry["date"])
    return values


def _mapping(where: str, value: Any, known: set[str] | None = None, needed: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    if not isinstance(value, dict):
        raise CaseFileError(where, f"must be a map of keys to values, not {value!r}")
    for key in value:
        if known is not None and key not in known:
            raise CaseFileError(_at(where, key), f"unknown key; known are {', '.join(sorted(known))}")
    for key in sorted(needed):
        if key not in value:
            raise CaseFileError(_at(where, key), "missing")
    return value


def _at(where: str, key: object) -> str:
    """A key of a place; of the file itself where it names nothing but the file."""
    return f"{where}.{key}" if ": " in where else f"{where}: {key}"


def _texts(where: str, value: Any) -> dict[str, Any]:
    """A map whose keys are texts (a bare 1.0 is a number in YAML)."""
    for key in _mapping(where, value):
        _text(f"{where}.{key}", key)
    return value


def _list(where: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise CaseFileError(where, f"must be a list, not {value!r}")
    return value


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise CaseFileError(where, f"must be text, not {value!r}; put it in quotes")
    return value


def _date(where: str, value: Any) -> date:
    try:
        return facts.as_date(where, value)
    except FormError as error:
        raise CaseFileError(where, error.reason) from None
