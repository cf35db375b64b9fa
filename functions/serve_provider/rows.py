"""A roster's rows: each checked by itself, and made into the message that the queue takes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import ledger
from api.fields import faults
from api.problems import listed
from api.reports import REPORTED, roster_source
from ledger.values import digest
from pydantic import ValidationError

from functions.serve_provider.models import Report, Result

# More than a row has fields.
ROW_ERRORS_MAX = 20
ID_CHARS_MAX = 200


def check(rows: Sequence[Any], provider: str, today: date) -> tuple[list[Result], list[dict[str, Any]]]:
    """What comes of each row, and the CloudEvents of those accepted; rows that say the same are one event."""
    context = {"provider": provider, "today": today, "courses": _known_courses(rows)}
    results: list[Result] = []
    events: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows, 1):
        try:
            event = _event(Report.model_validate(row, context=context), provider)
        except ValidationError as error:
            errors = [(field or "row", message) for field, message in faults(error)]
        else:
            same_id = events.setdefault(event["id"], event)
            errors = [] if same_id == event else [("id", "is that of an earlier row, which says something else")]
        results.append(
            {
                "row": number,
                "id": _id(row),
                "result": "refused" if errors else "accepted",
                "errors": listed(errors, ROW_ERRORS_MAX),
            }
        )
    return results, list(events.values())


def _known_courses(rows: Sequence[Any]) -> set[str]:
    named = (row.get("course") for row in rows if isinstance(row, dict))
    return ledger.known_courses(course for course in named if isinstance(course, str) and 0 < len(course) <= 200)


def _event(report: Report, provider: str) -> dict[str, Any]:
    data = {**report.model_dump(mode="json", exclude={"id"}, exclude_none=True), "provider": provider}
    envelope = {"specversion": "1.0", "source": roster_source(provider), "type": REPORTED}
    return {**envelope, "id": report.id or digest(data), "data": data}


def _id(row: Any) -> str | None:
    given = row.get("id") if isinstance(row, dict) else None
    return given[:ID_CHARS_MAX] if isinstance(given, str) else None
