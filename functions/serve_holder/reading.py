"""What the readings of a holder have in common."""

from datetime import date
from typing import Any

import ledger
from api.requests import Request
from policy import Standing


def now(request: Request[Any]) -> Standing:
    """The holder's standing on the day of the request, whether or not a sweep has run."""
    standing = ledger.load(request.holder, consistent=True).standing
    standing.advance(request.today)
    return standing


def on(request: Request[Any], day: date | None) -> Standing:
    """The holder's standing as it was known on an earlier day, or as time alone will make it on a later one."""
    if day is not None and day < request.today:
        return ledger.load(request.holder, consistent=True, through_day=day).standing
    standing = now(request)
    standing.advance(day or request.today)
    return standing


def spelled(letters: str | None, *names: str) -> bool:
    """Whether letters occur in one of the names, in any case; no letters occur in every name."""
    return letters is None or any(letters.casefold() in name.casefold() for name in names)
