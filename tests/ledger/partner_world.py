"""A small program of continuous learning, and a partner in it, to try the ledger with."""

from datetime import date

import ledger
import pytest
from ledger import Source
from policy.partners import facts as learned
from policy.partners import program, views
from policy.partners.dated import always
from policy.partners.program import Item, Program, Role, Specialization

APPROVED = date(2022, 3, 1)
ANNIVERSARY = date(2023, 3, 1)
EXPRESS = "express-network"
ROLE = Role(certification="ccnp")
ITEMS = {
    "LAB": always(Item(points=20)),
    "WEB": always(Item(minutes=300)),
    "CORE": always(Item(points=12)),
    "SHOW": always(Item(points=20, event=True)),
    "700-1": always(Item(points=5)),
}
RULES = Program(
    program.load(),
    ITEMS,
    {
        EXPRESS: Specialization.always("express", tuple(ITEMS), (), {"se": ROLE}),
        "free": Specialization.always("express", ("LAB",)),
    },
)


def use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this be the program, whatever its files say."""
    monkeypatch.setattr(program, "current", lambda: RULES)


def activity(individual: str, item: str, day: date, mode: str = "completed") -> learned.ActivityRecorded:
    return learned.ActivityRecorded(individual, item, day, mode)


def do(individual: str, item: str, day: date, *, known: date | None = None) -> None:
    """A message from the queue."""
    source = Source("acme", f"{individual} {item} {day}", {})
    ledger.record(individual, [activity(individual, item, day)], known or day, source=source)


def join(partner: str, individual: str, day: date) -> None:
    ledger.associate(partner, individual, day, source=once(f"join {individual}"))


def once(key: str) -> Source:
    """An Idempotency-Key."""
    return Source("POST", key, key, within_holder=True)


def approve(partner: str = "p1", name: str = EXPRESS, day: date = APPROVED) -> None:
    join(partner, "ann", day)
    ledger.record_partner(partner, [learned.RoleFilled(partner, EXPRESS, "se", "ann")], day)
    ledger.record_partner(partner, [learned.ApplicationSubmitted(partner, name)], day)


def shown(day: date, partner: str = "p1", name: str = EXPRESS) -> dict[str, object]:
    return views.specialization(ledger.partner_on(partner, day), name)


def events(partner: str = "p1") -> list[tuple[str, str]]:
    entries = ledger.load_partner(partner).entries
    return [(event["data"]["day"], event["type"]) for entry in entries for event in entry.events]


def waiting(partner: str = "p1") -> int:
    return len(ledger.load_partner(partner).news)
