"""A partner in the states that the sample program has none of: renewed for the year, without a number of points, without
points at all, and with a proof of attendance."""

from datetime import UTC, datetime, timedelta

import ledger
from policy import facts
from policy.partners import facts as learning

from local.web import Client
from tests.local.test_certificates import PDF, upload

NAME, EMPLOYEE = "Tailspin Networks", "Zoë Braun"
HELD = {"express-networking": ("am", "fe"), "unified-fabric": ("se",), "video-provider": ("am", "fe")}
EXAMS = ("700-505", "700-512", "700-531")
ITEMS = ("ENCOR", "SDWAN300", "NET-SALES")


def live(partner: str, who: str, account_manager: str) -> None:
    """Applied for 300 days ago, all of it; express networking is renewed today."""
    today = datetime.now(UTC).date()
    began, done, until = today - timedelta(days=300), today - timedelta(days=9), today + timedelta(days=500)
    certification = facts.CertificationImported("ccnp-enterprise", "professional", began, until)
    ledger.put_partner(ledger.PartnerRecord(partner, NAME, (account_manager,), ()))
    ledger.link_accounts(who, [f"{who}@example.com"], EMPLOYEE, began)
    ledger.record(who, [certification, *(learning.ExamPassed(who, exam, began) for exam in EXAMS)], began)
    ledger.associate(partner, who, began)
    for name, roles in HELD.items():
        filled = [learning.RoleFilled(partner, name, role, who) for role in roles]
        ledger.record_partner(partner, [*filled, learning.ApplicationSubmitted(partner, name)], began)
    ledger.record(who, [learning.ActivityRecorded(who, item, done, "completed") for item in ITEMS], done)
    ledger.record_partner(partner, [learning.RenewalSubmitted(partner, "express-networking")], today)


def attend(administrator: Client, partner: str, who: str) -> None:
    """The conference, today, with proof, for what has a year to run."""
    place = administrator.must("POST", f"/partners/{partner}/proofs")
    assert upload(place["upload"], PDF) == (204, None)
    attended = {"individual": who, "item": "CONFERENCE", "specialization": "express-networking"}
    administrator.must("POST", f"/partners/{partner}/activities", {**attended, "proof_key": place["proof_key"]})
