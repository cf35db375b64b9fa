"""`standing catalog`: the course catalog."""

import textwrap
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ledger
from policy import program
from policy.catalog import Course, Version

from standing import catalog_file, parsing
from standing.errors import OK, CommandError
from standing.output import say
from standing.words import listed

ITEM_TYPES = textwrap.fill(", ".join(program.load().item_types), 100).replace("\n", "\n" + 19 * " ")
COLUMNS = f"""\
FILE is CSV in UTF-8. Its first line names the columns, in any order; then comes a line for each version and item
type of a course:

  course           id of the course; ids are {parsing.ID}
  title            the same in every line of a course
  version          such as 1.2, an id; every version is offered in every item type of its course
  credits          what the version is worth, a whole number
  available_from   first and last completion date for which the version is available,
  available_until  both included, as YYYY-MM-DD; empty where there is none
  item_type        one of
                   {ITEM_TYPES}
  providers        ids of those who offer the course in that item type, separated by ;

A course in the file takes the place of what was kept of it; other courses stay as they are, and claims submitted
before keep their credits. Nothing is loaded if any line is wrong."""


def add(commands: Any) -> None:
    courses = parsing.group(commands, "catalog", "the course catalog")
    load = parsing.command(courses, "load", _load, "load courses from a CSV file", more=COLUMNS)
    load.add_argument("file", type=Path, metavar="FILE")
    load.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")


def _load(given: Namespace) -> int:
    try:
        courses = catalog_file.read(given.file)
    except catalog_file.CatalogFileError as error:
        raise CommandError(f"nothing was loaded\n{error}") from None
    count = {"created": 0, "changed": 0, "unchanged": 0}
    kept, to_put, lines = ledger.all_courses(), [], []
    for course in courses:
        before = kept.get(course.course)
        differences = list(_differences(before, course)) if before else []
        what = "created" if before is None else "changed" if differences else "unchanged"
        if what != "unchanged":
            to_put.append(course)
        count[what] += 1
        lines.append(f"{what} {course.course}: {'; '.join(differences) or course.title}")
    if not given.dry_run:
        ledger.put_courses(to_put)
    for line in lines:
        say(line)
    numbers = ", ".join(f"{number} {what}" for what, number in count.items())
    say(f"{numbers}; a dry run: nothing was changed" if given.dry_run else numbers)
    return OK


def _differences(kept: Course, course: Course) -> Iterator[str]:
    """What a course gets other than it has."""
    if kept.title != course.title:
        yield f"title {course.title!r}, was {kept.title!r}"
    for number in sorted(kept.versions.keys() | course.versions.keys()):
        before, after = kept.versions.get(number), course.versions.get(number)
        if before != after:
            yield f"version {number}: {_version(after)}, was {_version(before)}"
    for item_type in sorted(kept.item_types.keys() | course.item_types.keys()):
        offered, offering = kept.item_types.get(item_type, ()), course.item_types.get(item_type, ())
        if set(offered) != set(offering):
            yield f"{item_type}: {listed(offering)}, was {listed(offered)}"


def _version(version: Version | None) -> str:
    if version is None:
        return "none"
    span = [
        f"{word} {day}"
        for word, day in (("from", version.available_from), ("through", version.available_until))
        if day is not None
    ]
    return " ".join([f"{version.credits} credits", *span])
