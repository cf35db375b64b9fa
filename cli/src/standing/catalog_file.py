"""Catalogs in CSV: read whole, or refused with every fault by line and column."""

from pathlib import Path
from typing import Any

from policy.catalog import Course, Version

from standing.catalog_rows import Faults, Row, read_rows

# What is the same in every row of a course, of one of its versions, or of one of its item types.
FIXED_BY = {
    "title": ("course",),
    "credits": ("course", "version"),
    "available_from": ("course", "version"),
    "available_until": ("course", "version"),
    "providers": ("course", "item_type"),
}


class CatalogFileError(Exception):
    """A file that is no catalog; faults: `FILE:LINE: COLUMN: what is wrong`, in the order of lines."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read(path: Path) -> list[Course]:
    """The courses of a file, in its order. Raises CatalogFileError with all that is wrong with it."""
    faults = Faults(path)
    try:
        rows = list(read_rows(path, faults))
    except OSError as error:
        raise CatalogFileError([f"{path}: {error.strerror}"]) from None
    _compare(rows, faults)
    if not rows and not faults.told():
        faults.add(2, "course", "missing: there is no course in the file")
    if told := faults.told():
        raise CatalogFileError(told)
    return _courses(rows)


def _compare(rows: list[tuple[int, Row]], faults: Faults) -> None:
    """Find rows that contradict themselves or one before them, or say the same once more."""
    said: dict[tuple[str, ...], tuple[Any, int]] = {}
    for number, row in rows:
        first, last = row["available_from"], row["available_until"]
        if first and last and first > last:
            faults.add(number, "available_until", f"{last} is before available_from, {first}")
        key = (row["course"], row["version"], row["item_type"])
        _, line_before = said.setdefault(("row", *key), (None, number))
        if line_before != number:
            faults.add(number, "item_type", f"{' '.join(key)} stands in line {line_before} already")
        for column, by in FIXED_BY.items():
            key = tuple(row[name] for name in by)
            value, line_before = said.setdefault((column, *key), (row[column], number))
            if value != row[column]:
                faults.add(number, column, f"other than in line {line_before}, which is about {' '.join(key)} too")


def _courses(rows: list[tuple[int, Row]]) -> list[Course]:
    by_course: dict[str, list[Row]] = {}
    for _, row in rows:
        by_course.setdefault(row["course"], []).append(row)
    return [
        Course(
            course=course,
            title=of_course[0]["title"],
            versions={
                row["version"]: Version(row["credits"], row["available_from"], row["available_until"])
                for row in of_course
            },
            item_types={row["item_type"]: row["providers"] for row in of_course},
        )
        for course, of_course in by_course.items()
    ]
