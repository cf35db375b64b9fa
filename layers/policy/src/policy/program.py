"""The dated data of continuing education: editions, options and numbers, read from TOML and checked as they are read."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

from policy.dates import NEVER, ONE_DAY
from policy.errors import EditionError
from policy.tables import Table

DATA = Path(__file__).parent / "data"
PARTS = (
    "credits",
    "fee",
    "entry",
    "associate",
    "core",
    "professional",
    "design_written",
    "expert_lab",
    "recertification_exam",
)


@dataclass(frozen=True, slots=True)
class Option:
    """One way to recertify: number by part (`credits` in credits, `fee` in payments, others in exams passed)."""

    parts: Mapping[str, int]
    description: str
    source: str
    credits: int = 0
    fee: int = 0
    exams: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """The rules' numbers from `start` through `end` (edition-by-date)."""

    id: str
    start: date
    end: date
    eligible_levels: frozenset[str]
    emeritus: bool
    term_years: Mapping[str, int]
    suspension_years: Mapping[str, int]
    fee: Decimal | None
    claim_window_days: int | None
    options: Mapping[str, tuple[Option, ...]]


LAB_ONLY = (Option({"expert_lab": 1}, "Pass one expert lab exam.", "000", exams=(("expert_lab", 1),)),)


@dataclass(frozen=True)
class Program:
    """Editions in order of date, and what holds under all of them."""

    editions: tuple[Edition, ...]
    levels: tuple[str, ...]
    item_types: tuple[str, ...]
    denial_reasons: tuple[str, ...]
    program_start: date
    validity_years: int
    overdue_days: int
    notice_days: tuple[int, ...]
    retired_tracks: Mapping[str, date]
    rank: Mapping[str, int] = field(init=False)
    spans: tuple[tuple[date, date, Edition], ...] = field(init=False)
    _starts: tuple[date, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rank", {level: rank for rank, level in enumerate(self.levels)})
        object.__setattr__(self, "_starts", tuple(edition.start for edition in self.editions[1:]))
        # First and last day that each edition judges.
        firsts = (date.min, *self._starts)
        object.__setattr__(
            self, "spans", tuple((first, e.end, e) for first, e in zip(firsts, self.editions, strict=True))
        )

    def edition(self, day: date) -> Edition:
        """The edition in force on a day; days before the first are judged by the first (edition-by-date)."""
        return self.editions[bisect_right(self._starts, day)]

    def retired_on(self, track: str) -> date:
        """The day from which a track is retired; far in the future if it is not (retired-track)."""
        return self.retired_tracks.get(track, NEVER)

    def overdue_on(self, submitted_on: date) -> date:
        """The day on which a claim submitted on a day is overdue if it is pending still (late-decision)."""
        return submitted_on + timedelta(days=self.overdue_days)

    def case_from(self, submitted_on: date) -> date:
        """The first day on which a case may be opened about a claim that is pending still (late-decision)."""
        return self.overdue_on(submitted_on) + ONE_DAY


def load(retired_tracks: Mapping[str, date] | None = None, data: Path = DATA) -> Program:
    """The program as its files stand; `retired_tracks` replaces the list in the file.

    Raises EditionError with file, key and reason for data that is broken or leaves days without an edition.
    """
    program = _load(data)
    return program if retired_tracks is None else replace(program, retired_tracks=dict(retired_tracks))


def with_edition(rules: Program, path: Path) -> tuple[Program, Edition]:
    """The program with a draft edition, and the draft: it replaces the edition of its id or first day, or is added.

    Added after the last one, it ends that one on the day before it begins. Raises EditionError as `load` does.
    """
    draft = _edition(Table.read(path), rules.levels)
    editions = list(rules.editions)
    same = [edition for edition in editions if edition.id == draft.id or edition.start == draft.start]
    if same:
        editions.remove(same[0])
    elif draft.start > editions[-1].start:
        editions[-1] = replace(editions[-1], end=draft.start - ONE_DAY)
    editions = sorted([*editions, draft], key=lambda edition: edition.start)
    _check_continuous([path.name if edition is draft else edition.id for edition in editions], tuple(editions))
    return replace(rules, editions=tuple(editions)), draft


@cache
def _load(data: Path) -> Program:
    common = Table.read(data / "program.toml")
    levels = common.texts("levels")
    files = sorted((data / "editions").glob("*.toml"))
    editions = tuple(_edition(Table.read(path), levels) for path in files)
    if not editions:
        raise EditionError("editions", "in_force_from", "there is no edition file")
    _check_continuous([path.name for path in files], editions)
    retired = common.table("retired_tracks")
    program = Program(
        editions=editions,
        levels=levels,
        item_types=common.texts("item_types"),
        denial_reasons=common.texts("denial_reasons"),
        program_start=common.number("program_start", date),
        validity_years=common.number("validity", int),
        overdue_days=common.number("overdue", int),
        notice_days=tuple(common.number("notices", list)),
        retired_tracks={track: retired.take(track, date) for track in retired},
    )
    common.finish()
    return program


def _check_continuous(files: list[str], editions: tuple[Edition, ...]) -> None:
    for file, next_file, (before, after) in zip(files, files[1:], pairwise(editions), strict=False):
        if after.start <= before.start:
            raise EditionError(next_file, "in_force_from", f"{after.start} is not after {before.start} of {file}")
        if before.end == NEVER:
            raise EditionError(file, "in_force_through", f"missing, though {next_file} follows it")
        if before.end + ONE_DAY != after.start:
            reason = f"{before.end} is not the day before {next_file} begins, {after.start}"
            raise EditionError(file, "in_force_through", reason)
    if editions[-1].end != NEVER:
        raise EditionError(files[-1], "in_force_through", "the last edition has no end, or days would be without one")


def _edition(table: Table, levels: tuple[str, ...]) -> Edition:
    title, source = table.take("title", str), table.take("source", str)
    if not (title and source):
        raise EditionError(table.file, "title", "title and source must not be empty")
    terms = table.numbers("term")
    suspension = table.numbers("suspension")
    for level in [*(terms.keys() - {"other"}), *suspension, *table.peek("options")]:
        if level not in levels:
            raise EditionError(table.file, level, f"is no level; levels are {', '.join(levels)}")
    if "other" not in terms and set(terms) != set(levels):
        raise EditionError(table.file, "term.other", "missing: some level has no term")
    fee = table.number("fee", str) if "fee" in table else None
    edition = Edition(
        id=table.take("id", str),
        start=table.take("in_force_from", date),
        end=table.take("in_force_through", date) if "in_force_through" in table else NEVER,
        eligible_levels=frozenset(table.texts("eligible_levels", levels)),
        emeritus=table.take("emeritus", bool),
        term_years={level: terms.get(level, terms.get("other", 0)) for level in levels},
        suspension_years=suspension,
        fee=None if fee is None else Decimal(fee),
        claim_window_days=table.number("claim_window", int) if "claim_window" in table else None,
        options=_options(table, levels),
    )
    table.finish()
    for level, choices in edition.options.items():
        if edition.fee is None and any(option.fee for option in choices):
            raise EditionError(table.file, f"options.{level}", "an option needs a fee, but the edition has none")
    return edition


def _options(table: Table, levels: tuple[str, ...]) -> dict[str, tuple[Option, ...]]:
    by_level = table.table("options")
    result = {}
    for level in levels:
        result[level] = tuple(map(_option, by_level.tables(level)))
        if not result[level]:
            raise EditionError(table.file, f"options.{level}", "a level needs at least one option")
    by_level.finish()
    return result


def _option(table: Table) -> Option:
    parts = table.take("parts", dict)
    for part, number in parts.items():
        if part not in PARTS:
            raise EditionError(table.file, f"{table.where}parts.{part}", f"is no part; parts are {', '.join(PARTS)}")
        if type(number) is not int or number < 1:
            raise EditionError(
                table.file, f"{table.where}parts.{part}", f"must be a whole number from 1, not {number!r}"
            )
    if not parts:
        raise EditionError(table.file, f"{table.where}parts", "an option needs at least one part")
    exams = tuple((part, number) for part, number in sorted(parts.items(), key=lambda item: item[0] != "core"))
    option = Option(
        parts=parts,
        description=table.take("description", str),
        source=table.take("source", str),
        credits=parts.get("credits", 0),
        fee=parts.get("fee", 0),
        # `core` parts take their exams first (exams-used).
        exams=tuple((part, number) for part, number in exams if part not in ("credits", "fee")),
    )
    table.finish()
    return option
