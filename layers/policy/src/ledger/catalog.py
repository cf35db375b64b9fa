"""The course catalog, as operators keep it: one course for a claim, all of them for whoever searches or plans."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from policy.catalog import Course

from ledger import catalog_shards, keys, table
from ledger.catalog_shards import from_values, shard_of, to_values
from ledger.commit import ATTEMPTS, pause
from ledger.errors import Contended
from ledger.values import size_bytes

# A transaction takes 4 MB: so many shards at their largest, and so much of courses.
SHARDS_PER_TRANSACTION = 5
COURSES_BYTES_PER_TRANSACTION = 1_500_000


def put_course(course: Course) -> bool:
    """Keep a course as given, in place of what was kept of it; whether it is new. Raises what `put_courses` raises."""
    return course.course in put_courses([course])


def put_courses(courses: Iterable[Course]) -> set[str]:
    """Keep courses as given, each in place of what was kept of it; the ids of those that are new.

    Many take several transactions: where it ends early, some are kept, and the same call again keeps the rest.
    Raises CatalogFull, Busy.
    """
    by_id = {course.course: course for course in courses}
    return {course for part in _parts(by_id.values()) for course in _put(part)}


def get_course(course: str) -> Course | None:
    """A course by its id, if the catalog has it."""
    found = table.get(keys.course(course))
    return from_values(found) if found else None


def known_courses(courses: Iterable[str]) -> set[str]:
    """Those of some course ids that the catalog has, without reading the courses themselves."""
    found = table.get_many([keys.course(course) for course in set(courses)], "course")
    return {item["course"] for item in found}


def all_courses() -> Mapping[str, Course]:
    """Every course by its id, in the order of ids; the same object as long as the catalog stays the same.

    The process keeps it and reads what has changed since the last call: one small item as long as nothing has.
    """
    held = _held(table.name())
    held.refresh()
    return held.courses


@dataclass
class _Held:
    """What a process keeps of a table's catalog."""

    digests: dict[int, str] = field(default_factory=dict)
    shards: dict[int, dict[str, Course]] = field(default_factory=dict)
    courses: Mapping[str, Course] = field(default_factory=dict)

    def refresh(self) -> None:
        revision = catalog_shards.revision()
        if revision == self.digests:
            return
        changed = catalog_shards.read(n for n, digest in revision.items() if self.digests.get(n) != digest)
        # A shard may be newer than the revision by now; by its own digest the next call knows it.
        self.digests = {n: changed[n].digest or "" if n in changed else self.digests[n] for n in revision}
        unpacked = {n: {id_: from_values(values) for id_, values in changed[n].courses.items()} for n in changed}
        self.shards = {n: unpacked[n] if n in unpacked else self.shards[n] for n in revision}
        merged = {id_: course for shard in self.shards.values() for id_, course in shard.items()}
        self.courses = dict(sorted(merged.items()))


@cache
def _held(table_name: str) -> _Held:
    return _Held()


def _parts(courses: Iterable[Course]) -> Iterator[list[Course]]:
    """Courses in parts of which each fits into a transaction, those of a shard together."""
    part: list[Course] = []
    shards: set[int] = set()
    bytes_sum = 0
    for course in sorted(courses, key=lambda course: (shard_of(course.course), course.course)):
        with_it, bytes_each = shards | {shard_of(course.course)}, size_bytes(to_values(course))
        # The revision is one item more.
        items = len(part) + 1 + len(with_it) + 1
        if part and (
            items > table.TRANSACTION_ITEMS_MAX
            or len(with_it) > SHARDS_PER_TRANSACTION
            or bytes_sum + bytes_each > COURSES_BYTES_PER_TRANSACTION
        ):
            yield part
            part, with_it, bytes_sum = [], {shard_of(course.course)}, 0
        part.append(course)
        shards, bytes_sum = with_it, bytes_sum + bytes_each
    if part:
        yield part


def _put(courses: list[Course]) -> set[str]:
    """Keep what fits into one transaction, on top of whatever is there; the ids of what is new."""
    by_shard: dict[int, list[Course]] = {}
    for course in courses:
        by_shard.setdefault(shard_of(course.course), []).append(course)
    new: set[str] = set()
    for attempt in range(ATTEMPTS):
        pause(attempt)
        before = catalog_shards.read(by_shard)
        after = [before[number].with_courses(of_shard) for number, of_shard in by_shard.items()]
        changed = [shard for shard in after if shard.digest != before[shard.number].digest]
        if not changed:
            # All is as given; or an earlier attempt took effect, and only its reply was lost.
            return new
        new = {course.course for course in courses if course.course not in before[shard_of(course.course)].courses}
        try:
            table.transact(
                [
                    *(table.put_action({**keys.course(course.course), **to_values(course)}) for course in courses),
                    *(shard.put_action(before[shard.number]) for shard in changed),
                    catalog_shards.revise_action(changed),
                ]
            )
        except Contended:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return new
    raise AssertionError
