"""The checker, for the catalog: its shards hold what the courses' own items say, and the revision says which they are."""

from collections.abc import Iterable, Iterator
from typing import Any

from ledger import catalog_shards, keys
from ledger.check_holder import Finding
from ledger.values import digest


def check_catalog(items: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    """What is wrong with the partition of the catalog: a course and its shard are written in one commit (5)."""
    courses: dict[str, dict[str, Any]] = {}
    shards: dict[int, catalog_shards.Shard] = {}
    revision: dict[int, str] = {}
    for item in items:
        if item["sk"].startswith(keys.COURSE):
            courses[item["course"]] = {name: value for name, value in item.items() if name not in ("pk", "sk")}
        elif item["sk"].startswith(keys.CATALOG_SHARD):
            shard = catalog_shards.from_item(item)
            shards[shard.number] = shard
        elif item["sk"] == keys.catalog_revision()["sk"]:
            revision = catalog_shards.revision_of(item)
        else:
            yield Finding(1, item["pk"], "an item of no known kind", None, item["sk"])
    for number in shards.keys() | revision.keys():
        told, shard = revision.get(number), shards.get(number, catalog_shards.Shard(number, {}, None))
        if not told == shard.digest == digest(shard.courses):
            yield Finding(5, f"CATALOG SHARD#{number:02d}", "not the revision's", told, shard.digest)
    held = {(course, number): shard.courses[course] for number, shard in shards.items() for course in shard.courses}
    own = {(course, catalog_shards.shard_of(course)): values for course, values in courses.items()}
    for place in own.keys() | held.keys():
        if own.get(place) != held.get(place):
            yield Finding(5, f"CATALOG COURSE#{place[0]}", "other in its shard", own.get(place), held.get(place))
