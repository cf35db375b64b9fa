"""A roster as a file of comma-separated values (RFC 4180)."""

import csv
from collections import Counter
from io import StringIO
from typing import Any

from api.given import unreadable
from api.problems import bad_input

from functions.serve_provider.models import Report

BYTE_ORDER_MARK = "\ufeff"
# What a gateway puts in the place of what is not UTF-8.
REPLACEMENT = "\ufffd"


def read(text: str) -> dict[str, Any]:
    """The roster, as JSON would have it; Problem 400 where the file as a whole cannot be one.

    The first line names the columns, in any order. A blank cell is as if it had been left out, and so is a blank line.
    """
    if REPLACEMENT in text:
        raise unreadable("is not UTF-8")
    lines = csv.reader(StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""), strict=True)
    try:
        columns = next(lines, [])
        _check(columns)
        rows = [_row(columns, cells) for cells in lines if any(map(str.strip, cells))]
    except csv.Error as error:
        raise unreadable(f"is not CSV: line {lines.line_num}: {error}") from None
    return {"reports": rows}


def _check(columns: list[str]) -> None:
    fields = Report.model_fields
    times = Counter(columns)
    faults = {name: f"is no column; they are {', '.join(fields)}" for name in times if name not in fields}
    faults |= {name: "is given twice" for name in times if times[name] > 1}
    faults |= {name: "is missing" for name, field in fields.items() if field.is_required() and name not in times}
    if faults:
        raise bad_input(faults.items())


def _row(columns: list[str], cells: list[str]) -> dict[str, str]:
    row = {name: cell for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    if len(cells) > len(columns):
        # Named, so that the row is refused for it.
        row[f"column {len(columns) + 1}"] = cells[len(columns)]
    return row
