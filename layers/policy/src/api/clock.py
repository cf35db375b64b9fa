"""The day on which something happens, for the program."""

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def day_of(instant: datetime) -> date:
    """The calendar date of an instant in the program's time zone (PROGRAM_TIME_ZONE, UTC where it is not set)."""
    return instant.astimezone(ZoneInfo(os.environ.get("PROGRAM_TIME_ZONE", "UTC"))).date()


def today(time_epoch_ms: int) -> date:
    """The day of a request, from `requestContext.timeEpoch`: milliseconds since 1970-01-01 UTC."""
    return day_of(datetime.fromtimestamp(time_epoch_ms / 1000, UTC))


def now() -> datetime:
    """The present instant, for what no request brings along. Tests put another function here."""
    return datetime.now(UTC)
