"""A small program to try the ledger with: courses, holders, and short words for what happens to them."""

from datetime import date, timedelta
from typing import Any

import ledger
from ledger import Recorded, Source, table
from ledger.entry import from_item
from ledger.values import canonical, item, unpack
from policy import facts
from policy.catalog import Course, Version

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}
START = date(2021, 1, 29)
COMPLETED = date(2021, 2, 19)
ACTIVITY = "activity"


def course(name: str, credits_each: int) -> Course:
    return Course(name, f"Course {name}", {"1.0": Version(credits_each)}, {ACTIVITY: ("acme",)})


COURSES = {name: course(name, number) for name, number in {"CORE": 64, "DESIGN": 40, "CYBER": 30, "HUGE": 200}.items()}


def enroll(holder: str, *accounts: str, level: str = "professional", certification: str = "ccnp") -> None:
    """A holder with accounts ("ann" has ann@example.com), the terms accepted and a certification."""
    ledger.link_accounts(holder, list(accounts) or [f"{holder}@example.com"], holder.title(), START)
    award = facts.CertificationAwarded(certification, level, START)
    ledger.record(holder, [facts.TermsAccepted(), award], START)


def submit(
    holder: str,
    name: str = "CORE",
    *,
    day: date = COMPLETED + timedelta(days=5),
    completed: date = COMPLETED,
    account: str | None = None,
    key: str | None = None,
    certificate_id: str | None = None,
) -> Recorded:
    """A claim over HTTP: an Idempotency-Key of its own unless one is given."""
    account = account or f"{holder}@example.com"
    content = {"course": name, "completed_on": completed.isoformat()}
    source = Source(f"POST /claims {account}", key or f"{name} {completed} {day}", content, within_holder=True)

    def claim(loaded: ledger.Loaded) -> list[facts.Fact]:
        claim_id = ledger.next_claim_id(loaded)
        started = completed - timedelta(days=4)
        values = (claim_id, account, name, "1.0", ACTIVITY, "acme", started, completed, False, certificate_id)
        return [facts.ClaimSubmitted(*values)]

    return ledger.record(holder, claim, day, source=source, course=COURSES.get(name) or course(name, 1))


def completion(
    account: str,
    name: str = "CORE",
    *,
    completed: date = COMPLETED,
    outcome: str = "completed",
    certificate_id: str | None = None,
) -> facts.CompletionReported:
    started = completed - timedelta(days=4)
    return facts.CompletionReported("acme", name, "1.0", account, started, completed, outcome, certificate_id)


def retraction(of: facts.CompletionReported) -> facts.CompletionRetracted:
    values = (of.provider, of.course, of.version, of.account, of.started_on, of.completed_on, of.certificate_id)
    return facts.CompletionRetracted(*values)


def push(
    fact: facts.CompletionReported | facts.CompletionRetracted,
    *,
    day: date = COMPLETED + timedelta(days=7),
    message_id: str | None = None,
) -> Recorded:
    """A provider's message from the queue."""
    content = facts.to_dict(fact)
    source = Source("acme", message_id or canonical(content), content)
    return ledger.record_for_account(fact.account, fact, day, source=source, cause="queue")


def claims(holder: str) -> dict[str, str]:
    """Status by claim id, as the table has it."""
    return {
        found["sk"].removeprefix("CLAIM#"): found["status"]
        for found in table.scan()
        if found["pk"] == f"H#{holder}" and found["sk"].startswith("CLAIM#")
    }


def entries() -> list[ledger.Entry]:
    """Every journal entry of the table."""
    return [from_item(found) for found in table.scan() if found["sk"].startswith("J#")]


def deliver() -> int:
    """The stream brings every entry to its readers, at least once; gives how many holders were told something."""
    return sum(ledger.spread_certificates(entry) for entry in entries())


def put_back(items: list[dict[str, Any]]) -> None:
    """Fill an empty table with what a scan found in another."""
    requests = [{"PutRequest": {"Item": item(values)}} for values in items]
    for start in range(0, len(requests), 25):
        ledger.client().batch_write_item(RequestItems={table.name(): requests[start : start + 25]})


def snapshot() -> dict[tuple[str, str], dict[str, Any]]:
    """Everything in the table but what is unique to each commit (its id, its instant)."""
    kept = {}
    for found in table.scan():
        values = {name: value for name, value in found.items() if name not in ("commit", "recorded_at", "at")}
        for packed in ("facts", "decisions", "refused", "learning", "news"):
            if packed in values and found["sk"].startswith(("J#", "N#")):
                values[packed] = unpack(values[packed])
        for told in values.get("news", ()):
            del told["at"]
        if "waiting" in values:
            values["waiting"] = len(values["waiting"])
        kept[found["pk"], found["sk"]] = values
    return kept
