"""The catalog packed into few items, so that all of it can be read at once and kept in a process.

The course's own item is the truth for a claim. Each shard holds its share of the courses once more, and one item, the
revision, the digest of each shard; all three change in one transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from zlib import crc32

from policy.catalog import Course, Version

from ledger import keys, table
from ledger.errors import CatalogFull
from ledger.values import compress, digest, size_bytes, unpack

# 10,000 courses are some 150 a shard, which take about 10 KB packed.
CATALOG_SHARDS = 64
SHARD_BYTES_MAX = 380_000


@dataclass(frozen=True)
class Shard:
    """Some courses as plain values, by id. The digest is of these, so the same courses have the same, whoever wrote them."""

    number: int
    courses: Mapping[str, dict[str, Any]]
    digest: str | None

    def with_courses(self, courses: Iterable[Course]) -> "Shard":
        """This shard with courses added, or put in place of what it has of them."""
        held = {**self.courses, **{course.course: to_values(course) for course in courses}}
        return Shard(self.number, held, digest(held))

    def put_action(self, before: "Shard") -> dict[str, Any]:
        """The part of a transaction that writes this shard in place of another, if nobody did so before."""
        values = {**keys.catalog_shard(self.number), "courses": compress(self.courses), "digest": self.digest}
        if size_bytes(values) > SHARD_BYTES_MAX:
            raise CatalogFull(size_bytes(values))
        if before.digest is None:
            return table.put_action(values, "attribute_not_exists(pk)")
        return table.put_action(values, "digest = :before", before=before.digest)


def shard_of(course: str) -> int:
    """The number of the shard in which a course lies."""
    return crc32(course.encode()) % CATALOG_SHARDS


def read(numbers: Iterable[int]) -> dict[int, Shard]:
    """Shards by number, as they are after every write so far, also those that nobody has written yet. Raises Busy."""
    shards = {number: Shard(number, {}, None) for number in numbers}
    found = map(from_item, table.get_many([keys.catalog_shard(number) for number in shards]))
    return shards | {shard.number: shard for shard in found}


def from_item(item: Mapping[str, Any]) -> Shard:
    return Shard(int(item["sk"].removeprefix(keys.CATALOG_SHARD)), unpack(item["courses"]), item["digest"])


def revision() -> dict[int, str]:
    """The digest of each shard that there is."""
    return revision_of(table.get(keys.catalog_revision()) or {})


def revision_of(item: Mapping[str, Any]) -> dict[int, str]:
    return {int(name[1:]): value for name, value in item.items() if name[1:].isdigit()}


def revise_action(shards: Iterable[Shard]) -> dict[str, Any]:
    """The part of a transaction that tells readers of new shards."""
    digests = {f"s{shard.number:02d}": shard.digest for shard in shards}
    update = "SET " + ", ".join(f"{name} = :{name}" for name in digests)
    return table.update_action(keys.catalog_revision(), update, **digests)


def to_values(course: Course) -> dict[str, Any]:
    """A course as plain values, the same in its own item and in a shard."""
    versions = {number: _version_values(version) for number, version in course.versions.items()}
    offered = {item_type: list(providers) for item_type, providers in course.item_types.items()}
    return {"course": course.course, "title": course.title, "versions": versions, "item_types": offered}


def from_values(values: Mapping[str, Any]) -> Course:
    versions = {
        number: _version(version["credits"], version.get("available_from"), version.get("available_until"))
        for number, version in values["versions"].items()
    }
    offered = {item_type: tuple(providers) for item_type, providers in values["item_types"].items()}
    return Course(values["course"], values["title"], versions, offered)


def _version_values(version: Version) -> dict[str, Any]:
    days = {"available_from": version.available_from, "available_until": version.available_until}
    return {"credits": version.credits, **{name: day.isoformat() for name, day in days.items() if day is not None}}


# Most versions of a catalog are alike, and a whole catalog is read at once.
@lru_cache(maxsize=1000)
def _version(credits_each: int, first: str | None, last: str | None) -> Version:
    return Version(credits_each, *(date.fromisoformat(day) if day else None for day in (first, last)))


def rebuild(*, write: bool = True) -> Iterator[str]:
    """Let every shard be what the courses' own items say; gives the partition and sort key of those that differed."""
    before = read(range(CATALOG_SHARDS))
    told = revision()
    # Read after the shards: a course that is put meanwhile changes its shard, and the guard breaks.
    own: dict[int, dict[str, Any]] = {}
    for item in table.partition(keys.course("")["pk"], ConsistentRead=True):
        if item["sk"].startswith(keys.COURSE):
            values = {name: value for name, value in item.items() if name not in keys.course("")}
            own.setdefault(shard_of(item["course"]), {})[item["course"]] = values
    for number, shard in before.items():
        courses = own.get(number, {})
        after = Shard(number, courses, digest(courses) if courses or shard.digest or number in told else None)
        if (after, after.digest) != (shard, told.get(number)):
            yield f"CATALOG {keys.catalog_shard(number)['sk']}"
            if write:
                table.transact([after.put_action(shard), revise_action([after])])
