"""The program of continuous learning as operators keep it: items, libraries, numbers, exams."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import ledger
from api import answers
from api.problems import bad_input, not_found
from api.requests import Request
from api.routes import Reply, Who, route
from ledger import library
from policy.partners import Partner, core, facts, program
from policy.partners.dated import on
from policy.partners.program import Item, Program, Role

from functions.administer.learning_models import (
    ExamReplacement,
    ItemGiven,
    LearningItem,
    LearningProgram,
    Library,
    LibraryKept,
    PointsRequired,
    PointsRequiredKept,
    Replacement,
)


@route("GET /admin/learning", who=Who.OPERATOR, gives={200: LearningProgram})
def show_learning(request: Request[None]) -> Reply:
    """The program as it is today: types with their numbers, specializations, items, replaced exams.

    Roles name exams by their present numbers.
    """
    standing, offered = ledger.offer().on(request.today), ledger.with_all_items()
    body = {
        "types": [_type(name, standing.points_of(name, standing.today)) for name in offered.rules.types],
        "specializations": [
            {
                **_library(name, *standing.library(name, standing.today)),
                "type": specialization.type,
                "roles": {role: _asks(standing, asks) for role, asks in standing.roles_of(name).items()},
            }
            for name, specialization in sorted(offered.specializations.items())
        ],
        "items": [_item(offered, name, standing.today) for name in sorted(offered.items)],
        "replacements": [
            {"exam": replaced.exam, "by": replaced.by, "retake": replaced.retake, "replaced_on": day}
            for day, replaced in standing.replacements
        ],
    }
    return Reply(body)


@route("PUT /admin/items/{item}", who=Who.OPERATOR, given=ItemGiven, gives={200: LearningItem, 201: LearningItem})
def keep_item(request: Request[Any]) -> Reply:
    """Keep an item with its `points`, or the `minutes` that give them. What was recorded before keeps its points."""
    name = request.new_id("item")
    created = ledger.put_item(name, Item(**request.given.model_dump()))
    return Reply(_item(library.with_items([name]), name, request.today), 201 if created else 200)


@route("PUT /admin/specializations/{specialization}/library", who=Who.OPERATOR, given=LibraryKept, gives={200: Library})
def keep_library(request: Request[LibraryKept]) -> Reply:
    """Keep the whole library of a specialization and its mandatory items, from today on."""
    name, given = request.id("specialization"), request.given
    if name not in program.current().specializations:
        raise not_found("such specialization")
    known = library.with_items(given.library).items
    faults = [
        ("library", f"{item} is no item; PUT /admin/items makes it one") for item in given.library if item not in known
    ]
    faults += [
        ("mandatory", f"{item} must be in the library, too") for item in given.mandatory if item not in given.library
    ]
    if faults:
        raise bad_input(faults)
    changed = facts.LibraryChanged(name, tuple(dict.fromkeys(given.library)), tuple(dict.fromkeys(given.mandatory)))
    _record(request, changed)
    return Reply(_library(name, changed.library, changed.mandatory))


@route(
    "PUT /admin/specialization-types/{type}",
    who=Who.OPERATOR,
    given=PointsRequiredKept,
    gives={200: PointsRequired},
    refuses={422: "`no-points-for-atp`."},
)
def keep_points_required(request: Request[PointsRequiredKept]) -> Reply:
    """Set the points that a renewal of a type takes, from today on."""
    name, points, rules = request.id("type"), request.given.points_required, program.current().rules
    if name not in (*rules.types, *rules.designations):
        raise not_found("such type")
    _record(request, facts.PointsRequiredSet(name, points))
    return Reply(_type(name, points))


@route("PUT /admin/exams/{exam}/replacement", who=Who.OPERATOR, given=ExamReplacement, gives={200: Replacement})
def replace_exam(request: Request[ExamReplacement]) -> Reply:
    """Replace an exam, by its present number, by another from today on; `retake`: earlier passes do not qualify for it."""
    replaced = facts.ExamReplaced(request.new_id("exam"), request.given.by, request.given.retake)
    standing = ledger.offer().on(request.today)
    asked = core.exams_asked(standing)
    if replaced.exam in asked:
        replaced_on = _record(request, replaced)
    elif (said := core.replaced(standing, replaced.exam)) and said[1] == replaced:
        replaced_on = said[0]
    else:
        why = f"{replaced.exam} is the present number of no exam that a role asks for; those are {', '.join(asked)}"
        raise bad_input([("exam", why)])
    return Reply({"exam": replaced.exam, "by": replaced.by, "retake": replaced.retake, "replaced_on": replaced_on})


def _record(request: Request[Any], fact: facts.Fact) -> date:
    """The day from which on it is so."""
    entry = ledger.record_program([fact], request.today, cause=request.cause).entry
    # Only what waits for a holder has none.
    assert entry is not None  # noqa: S101
    return entry.day


def _type(name: str, points: int | None) -> PointsRequired:
    return {"type": name, "points_required": points}


def _library(name: str, listed: Iterable[str], mandatory: Iterable[str]) -> Library:
    return {"specialization": name, "library": sorted(listed), "mandatory": list(mandatory)}


def _asks(standing: Partner, role: Role) -> answers.Asks:
    return {"exams": core.present_numbers(standing, role), "badge": role.badge, "certification": role.certification}


def _item(offered: Program, name: str, day: date) -> LearningItem:
    item = on(offered.items[name], day)
    return {
        "item": name,
        "points": item.points,
        "minutes": item.minutes,
        "exceptional": item.exceptional,
        "event": item.event,
        "worth": offered.rules.worth(item, day),
    }
