"""Reminders by e-mail: an event's goes once to each account, though the bus and its queue deliver at least once.

The marker of an event and an account is a lease while somebody sends, and holds the outcome from then on: `sent`,
`refused` by the mail service for good, or `needless` when it came too late to be true. Who crashes between the mail
service's yes and the mark leaves a lease that ends, and the mail is sent again: better twice than never.
"""

from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4

from ledger import keys, table
from ledger.errors import Busy

Outcome = Literal["sent", "refused", "needless"]

# Longer than the function that sends may take, shorter than a message stays hidden after it was received.
LEASE_SECONDS = 60
# A reminder is not delivered again after so long; the table then forgets its marker.
KEPT = timedelta(days=400)


class BeingSent(Busy):
    """Somebody else is about to send it, or died doing so: it will be known a minute later."""


def lease(event_id: str, account: str, now: datetime) -> str | None:
    """The id of a lease under which to send, None where it has an outcome already. Raises BeingSent, Busy."""
    marker, own, instant = keys.mail(event_id, account), uuid4().hex, int(now.timestamp())
    taken = table.put_action(
        {**marker, "lease": own, "lease_until": instant + LEASE_SECONDS, "expires_at": _forgotten_at(now)},
        "attribute_not_exists(outcome) AND (attribute_not_exists(lease_until) OR lease_until < :now)",
        now=instant,
    )
    if table.change(taken):
        return own
    found = table.get(marker) or {}
    if found.get("lease") == own:
        # The reply to a first attempt was lost.
        return own
    if "outcome" in found:
        return None
    raise BeingSent(f"a reminder of {event_id}")


def finish(event_id: str, account: str, outcome: Outcome, now: datetime, detail: str | None = None) -> None:
    """Keep what came of it; detail: the mail's id, or why it was refused. An outcome stays as it was first."""
    values = {**keys.mail(event_id, account), "outcome": outcome, "detail": detail, "expires_at": _forgotten_at(now)}
    table.change(table.put_action(values, "attribute_not_exists(outcome)"))


def release(event_id: str, account: str, own: str) -> None:
    """Give a lease back: nothing was sent."""
    table.change(table.delete_action(keys.mail(event_id, account), "lease = :own", own=own))


def _forgotten_at(now: datetime) -> int:
    return int((now + KEPT).timestamp())
