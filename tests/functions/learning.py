"""A small program of continuous learning, a partner that holds a specialization of it, and short words for what happens."""

from datetime import date, timedelta
from typing import Any

import ledger
import pytest
from ledger import PartnerRecord
from policy.partners import facts, program, views
from policy.partners.dated import always
from policy.partners.program import Item, Program, Role, Specialization

APPROVED = date(2021, 2, 1)
ANNIVERSARY = date(2022, 2, 1)
REMINDED = ANNIVERSARY - timedelta(days=90)
LAST_DAY = ANNIVERSARY + timedelta(days=10)
LOST = ANNIVERSARY + timedelta(days=11)
# What renews it takes 40 points, UPDATE among them, and a certification that Ann has.
NAME = "collaboration"
ITEMS = {
    "LAB": always(Item(points=20)),
    "WEB": always(Item(minutes=450)),
    "UPDATE": always(Item(points=5)),
    "SHOW": always(Item(points=20, event=True)),
}
RULES = Program(
    program.load(),
    ITEMS,
    {
        NAME: Specialization.always(
            "express", ("LAB", "WEB", "UPDATE"), ("UPDATE",), {"se": Role(certification="ccnp")}
        ),
        "security": Specialization.always("express", ("LAB",), (), {"am": Role(("700-1",), "am-badge")}),
    },
)
CONTACTS = ("pia@p1.example", "pat@p1.example")


@pytest.fixture
def small_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "current", lambda: RULES)


def approve(partner: str = "p1", *individuals: str, contacts: tuple[str, ...] = CONTACTS) -> None:
    """A partner that is approved for the specialization, with the first of its individuals, or Ann, in its role."""
    first, *others = individuals or ("ann",)
    ledger.put_partner(PartnerRecord(partner, f"Partner {partner}", contacts=contacts))
    for individual in (first, *others):
        ledger.associate(partner, individual, APPROVED)
    ledger.record_partner(partner, [facts.RoleFilled(partner, NAME, "se", first)], APPROVED)
    ledger.record_partner(partner, [facts.ApplicationSubmitted(partner, NAME)], APPROVED)


def do(individual: str, item: str, day: date) -> None:
    ledger.record(individual, [facts.ActivityRecorded(individual, item, day, "completed")], day)


def do_enough(individual: str, day: date) -> None:
    for item in ("LAB", "WEB", "UPDATE"):
        do(individual, item, day)


def renew(day: date, partner: str = "p1") -> None:
    ledger.record_partner(partner, [facts.RenewalSubmitted(partner, NAME)], day)


def shown(day: date, partner: str = "p1", name: str = NAME) -> dict[str, Any]:
    return views.detail(ledger.load_partner(partner).on(day), name)


def events(partner: str = "p1") -> list[dict[str, Any]]:
    return [event for entry in ledger.load_partner(partner).entries for event in entry.events]


def happened(partner: str = "p1") -> list[tuple[str, str]]:
    """Kinds and days of the events of a partner, in order."""
    return [(event["type"].removeprefix("specialization."), event["data"]["day"]) for event in events(partner)]
