import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as some
from policy import program
from policy.catalog import Course, Version
from standing.catalog_file import read
from standing.catalog_rows import COLUMNS

IDS = some.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
DAYS = some.none() | some.dates()
TITLES = some.text(some.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30).filter(
    lambda title: title == title.strip()
)


@some.composite
def versions(draw: some.DrawFn) -> Version:
    days = sorted(filter(None, [draw(DAYS), draw(DAYS)]))
    first, last = days if len(days) == 2 else (*days, None, None)[:2]
    return Version(draw(some.integers(0, 10_000)), first, last)


@some.composite
def courses(draw: some.DrawFn) -> list[Course]:
    ids = draw(some.lists(IDS, min_size=1, max_size=3, unique=True))
    offers = some.lists(IDS, min_size=1, max_size=3, unique=True).map(tuple)
    item_types = some.sampled_from(program.load().item_types)
    return [
        Course(
            course,
            draw(TITLES),
            draw(some.dictionaries(IDS, versions(), min_size=1, max_size=3)),
            draw(some.dictionaries(item_types, offers, min_size=1, max_size=3)),
        )
        for course in ids
    ]


@settings(max_examples=30)
@given(courses())
def test_a_catalog_that_is_written_is_read_again(written: list[Course]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "catalog.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            for course in written:
                for number, version in course.versions.items():
                    days = version.available_from, version.available_until
                    for item_type, providers in course.item_types.items():
                        about = course.course, course.title, number, version.credits, *days
                        rows.writerow([*about, item_type, ";".join(providers)])
        assert read(path) == written
