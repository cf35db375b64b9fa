"""A partner that holds a specialization, its individuals, and what they did. All of it is over HTTP but activities,
which come over the queue."""

from datetime import date
from typing import Any

import ledger
from policy.partners import facts

from tests.functions.http import OPERATOR, PIA, Answer, Client, signed_in

APPROVED = date(2020, 4, 1)
DONE = date(2021, 2, 1)
NORTHWIND = "/partners/northwind"
EXPRESS = f"{NORTHWIND}/specializations/express-networking"
# What renews it takes 40 points and NET-SALES.
ENOUGH = {"ENCOR": 20, "SDWAN300": 20, "NET-SALES": 1}


def administrator(partner: str) -> Client:
    return signed_in(f"admin@{partner}.example", f"partner-admin:{partner}")


def keep_partner(partner: str, *account_managers: str, name: str | None = None) -> None:
    body = {"name": name or partner.title(), "account_managers": account_managers, "contacts": []}
    assert OPERATOR.put(f"/admin/partners/{partner}", body, on=APPROVED).status in (200, 201)


def keep_individual(holder: str, name: str | None = None, on: date = APPROVED, partner: str = "northwind") -> None:
    """A holder of that name, associated with a partner."""
    body = {"accounts": [f"{holder}@example.com"], "name": name or holder.title()}
    assert OPERATOR.put(f"/admin/holders/{holder}", body, on=on).status in (200, 201)
    account = {"account": f"{holder}@example.com"}
    answer = administrator(partner).post(f"/partners/{partner}/individuals", account, on=on)
    assert answer.status == 201


def qualify(holder: str, on: date = APPROVED) -> None:
    """For both roles of the express specialization."""
    exam = {"exam": "700-501", "kind": "specialist", "passed_on": "2020-01-15"}
    award = {"certification": "ccnp-enterprise", "level": "professional", "awarded_on": "2020-01-15"}
    for kind, body in (("exams", exam), ("certifications", award)):
        assert OPERATOR.post(f"/admin/holders/{holder}/{kind}", body, on=on).status == 201


def fill(holder: str, role: str, on: date = APPROVED, partner: str = "northwind") -> Answer:
    path = f"/partners/{partner}/specializations/express-networking/roles/{role}"
    return administrator(partner).put(path, {"individual": holder}, on=on)


def do(holder: str, item: str, day: date = DONE, known: date | None = None, mode: str = "completed") -> None:
    """An activity as a provider's message records it."""
    ledger.record(holder, [facts.ActivityRecorded(holder, item, day, mode)], known or day)


def do_enough(holder: str) -> None:
    for item in ENOUGH:
        do(holder, item)


def approve(partner: str = "northwind", holder: str = "ann") -> None:
    """The express specialization, with one person in both roles."""
    keep_individual(holder, partner=partner)
    qualify(holder)
    for role in ("am", "fe"):
        assert fill(holder, role, partner=partner).status == 200
    application = {"specialization": "express-networking"}
    assert administrator(partner).post(f"/partners/{partner}/applications", application, on=APPROVED).status == 201


def points(client: Client = PIA, on: date = date(2021, 3, 1)) -> Any:
    answer = client.get(f"{EXPRESS}/points", on=on)
    assert answer.status == 200
    return answer.body
