"""Rows of a catalog in CSV: each value read as what its column holds, each fault kept with its line and column."""

import csv
import io
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from policy import program

from standing.parsing import any_day, credit_number, identifier, line

Row = dict[str, Any]


def _day_or_none(cell: str) -> date | None:
    return any_day(cell) if cell else None


def _item_type(cell: str) -> str:
    known = program.load().item_types
    if cell not in known:
        raise ArgumentTypeError(f"must be one of {', '.join(known)}, not {cell!r}")
    return cell


def _providers(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(identifier(provider.strip()) for provider in cell.split(";")))


COLUMNS: dict[str, Callable[[str], Any]] = {
    "course": identifier,
    "title": line,
    "version": identifier,
    "credits": credit_number,
    "available_from": _day_or_none,
    "available_until": _day_or_none,
    "item_type": _item_type,
    "providers": _providers,
}
NAMED = f"the first line names the columns {','.join(COLUMNS)}"


class Faults:
    """What is wrong with a file, each as `FILE:LINE: COLUMN: what`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[tuple[int, str]] = []

    def add(self, number: int, column: str, reason: str) -> None:
        self._found.append((number, f"{self._path}:{number}: {column}: {reason}"))

    def told(self) -> list[str]:
        """In the order of lines."""
        return [told for _, told in sorted(self._found, key=lambda fault: fault[0])]


def read_rows(path: Path, faults: Faults) -> Iterator[tuple[int, Row]]:
    """Line and values of each row that can be read; OSError for a file that cannot be."""
    lines = _lines(path.read_bytes(), faults)
    _, header = next(lines, (1, []))
    _check_header(header, faults)
    if faults.told():
        return
    for number, cells in lines:
        if len(cells) != len(header):
            reason = f"{len(cells)} values for {len(header)} columns; a value that holds a comma stands in quotes"
            faults.add(number, header[min(len(cells), len(header) - 1)], reason)
        elif row := _row(number, dict(zip(header, cells, strict=True)), faults):
            yield number, row


def _check_header(header: list[str], faults: Faults) -> None:
    for column in COLUMNS:
        if column not in header:
            faults.add(1, column, f"missing; {NAMED}")
    for column in dict.fromkeys(header):
        if column not in COLUMNS:
            faults.add(1, repr(column), f"unknown column; {NAMED}")
        elif header.count(column) > 1:
            faults.add(1, column, "named twice")


def _row(number: int, cells: dict[str, str], faults: Faults) -> Row | None:
    row: Row = {}
    for column, read in COLUMNS.items():
        try:
            row[column] = read(cells[column])
        except ArgumentTypeError as error:
            faults.add(number, column, str(error))
    return row if len(row) == len(COLUMNS) else None


def _lines(content: bytes, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line that is not blank; a value in quotes may go on over several."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(content.count(b"\n", 0, error.start) + 1, "file", "not UTF-8; save it as CSV UTF-8")
        return
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        number = lines.line_num + 1
        try:
            cells = [cell.strip() for cell in next(lines)]
        except StopIteration:
            return
        except csv.Error as error:
            faults.add(number, "line", f"cannot be read as CSV: {error}")
            return
        if any(cells):
            yield number, cells
