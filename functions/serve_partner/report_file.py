"""The report as a file of comma-separated values (RFC 4180) that is safe to open in a spreadsheet."""

import csv
import re
from dataclasses import replace
from io import StringIO
from typing import Any

from api.routes import Reply
from api.words import one_line

MEDIA = "text/csv; charset=utf-8"
COLUMNS = ("individual", "name", "item", "completed_on", "points")
PREVIOUS = "Previous employees"
# What begins so is a formula to one spreadsheet or another, which may run a command or fetch an address; also after what
# some take for the end of a cell. The wide forms are those of East Asian keyboards.
FORMULA = re.compile(r'(?:^|[,;])[\s"]*(?=[=+\-@\uff1d\uff0b\uff0d\uff20])')


def write(reply: Reply) -> Reply:
    """The report that a reply holds, as a file to be saved."""
    text, report = StringIO(newline=""), reply.body
    lines = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    lines.writerow(COLUMNS)
    lines.writerows(map(_line, report["current"]))
    if report["previous"]:
        lines.writerow([PREVIOUS, *[""] * (len(COLUMNS) - 1)])
        lines.writerows(map(_line, report["previous"]))
    name = f"points-{report['partner']}-{report['specialization']}-{report['as_of']}.csv"
    return replace(reply, body=text.getvalue(), headers={"content-disposition": f'attachment; filename="{name}"'})


def _line(earned: dict[str, Any]) -> list[str | int]:
    return [*(_safe(str(earned[column] or "")) for column in COLUMNS[:-1]), earned["points"]]


def _safe(text: str) -> str:
    # One line: what cannot be seen could hide how a cell begins.
    return FORMULA.sub(r"\g<0>'", one_line(text))
