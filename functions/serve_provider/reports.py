"""Rosters: many reports at once, which go the way of all reports, over the queue."""

import os
from typing import Any

import ledger
from api.batches import NotTaken, enqueue
from api.observability import count
from api.problems import Problem
from api.requests import Request
from api.routes import Reply, Who, route
from botocore.exceptions import BotoCoreError, ClientError

from functions.serve_provider import roster_file, rows
from functions.serve_provider.acting import provider_of
from functions.serve_provider.models import Results, Roster


@route(
    "POST /provider/reports",
    who=Who.PROVIDER,
    given=Roster,
    gives={200: Results},
    body_chars_max=1024 * 1024,
    takes={"text/csv": roster_file.read},
    refuses={503: "Not all of it was taken; the same roster again is safe."},
)
def report_completions(request: Request[Roster]) -> Reply:
    """Report completions, up to 1,000 at once, with a result for each.

    As `text/csv` (UTF-8, RFC 4180) the first line names the columns, which are the fields of a report, in any order; a
    blank cell is as if it had been left out. A row that is accepted is recorded in a moment, once, however often it is
    sent: its `id`, or without one its content, tells it from others. A row that is wrong is refused with its faults and
    holds up no other. Of a roster that cannot be read as a whole nothing is accepted.
    """
    provider = provider_of(request.caller, _named(request))
    if ledger.get_provider(provider) is None:
        raise Problem(403, "unknown-provider", f"{provider} is not registered as a provider; an operator does that.")
    results, events = rows.check(request.given.reports, provider, request.today)
    _send(events)
    refused = sum(result["result"] == "refused" for result in results)
    accepted = len(results) - refused
    count("ReportsAccepted", accepted)
    count("ReportsRefused", refused)
    return Reply({"provider": provider, "accepted": accepted, "refused": refused, "results": results})


def _named(request: Request[Roster]) -> str | None:
    """The provider that a roster names. A file has no other place for it than its rows."""
    if request.given.provider or len(request.caller.providers) == 1:
        return request.given.provider
    named = (row.get("provider") for row in request.given.reports if isinstance(row, dict))
    return next((provider for provider in named if provider and isinstance(provider, str)), None)


def _send(events: list[dict[str, Any]]) -> None:
    try:
        enqueue(os.environ["PROVIDER_QUEUE_URL"], events)
    except (NotTaken, BotoCoreError, ClientError) as error:
        detail = "Not all of it was taken; send the same roster again: what was taken is recorded once."
        raise Problem(503, "busy", detail, headers={"retry-after": "1"}) from error
