"""The main job before the reader's eyes: from a claim to a renewed certification, and a day's sweep."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api.words import parts_in_words
from ledger.check import check
from policy.dates import add_years

from . import sample
from .bus import Tap
from .stack import Stack
from .steps import say
from .telling import expect, tell_decision, wait
from .web import Client


def tell(stack: Stack) -> int:
    """Tells the story on a stack that has the sample program; 0 when every step came out as the rules say."""
    story = _Story(stack, datetime.now(UTC).date())
    for chapter in (_enroll, _claim, _refuse, _report, _recertify, _sweep, _check):
        say(f"\n{chapter.__doc__}")
        chapter(story)
    return 0


@dataclass
class _Story:
    stack: Stack
    today: date

    def __post_init__(self) -> None:
        description = self.stack.description
        self.me = description["users"]["holder"]["holder"]
        self.account = description["users"]["holder"]["account"]
        self.holder = Client(description["api"], description["users"]["holder"]["token"])
        self.operator = Client(description["api"], description["users"]["operator"]["token"])
        self.tap = Tap(self.stack, (self.me, sample.WITH_A_PAST))
        self.told: dict[str, int] = {}

    def ago(self, days: int) -> str:
        return (self.today - timedelta(days=days)).isoformat()

    def claim(self, course: str, version: str, provider: str, completed: int) -> dict[str, Any]:
        """A claim for a course completed some days ago."""
        return {
            "course": course,
            "version": version,
            "item_type": "instructor-led-training",
            "provider": provider,
            "started_on": self.ago(completed + 4),
            "completed_on": self.ago(completed),
        }

    def decisions(self, holder: str) -> list[dict[str, Any]]:
        entries = self.operator.must("GET", f"/admin/holders/{holder}/audit")["items"]
        return [decision for entry in entries for decision in entry["decisions"]]

    def tell_decisions(self, holder: str) -> None:
        """What the audit has on a holder that was not told yet: each decision with its rule and its facts."""
        decisions = self.decisions(holder)
        for decision in decisions[self.told.get(holder, 0) :]:
            tell_decision(decision, decision["subject"])
        self.told[holder] = len(decisions)


def _enroll(story: _Story) -> None:
    """A holder with a professional and an associate certification accepts the terms."""
    began = add_years(story.today, -2) - timedelta(days=170)
    for track, level in (("ccnp-enterprise", "professional"), ("ccna", "associate")):
        line = {"certification": track, "level": level, "cycle_started_on": str(began)}
        line["expires_on"] = str(add_years(began, 3))
        story.operator.must("POST", f"/admin/holders/{story.me}/certifications", line)
    story.holder.must("PUT", "/enrollment", {"terms_version": "2026-01"})
    story.tell_decisions(story.me)


def _claim(story: _Story) -> None:
    """The holder claims a course of 40 credits: it waits for the provider."""
    made = story.holder.must("POST", "/claims", story.claim("ENSLD", "1.0", "acme", 16), key=str(uuid.uuid4()))
    say(f"    claim {made['claim_id']}: {made['title']} {made['version']}, {made['credits']} credits, {made['status']}")
    story.tell_decisions(story.me)


def _refuse(story: _Story) -> None:
    """Two claims are refused, and leave no trace: one too late, one for the same course again."""
    late = story.claim("SCOR", "1.0", "acme", 366)
    again = story.claim("ENSLD", "1.0", "acme", 3)
    for body, status, rule in ((late, 422, "claim-window"), (again, 409, "duplicate-course")):
        answer = story.holder.call("POST", "/claims", body, key=str(uuid.uuid4()))
        expect(answer.status == status and answer.body.get("rule") == rule, f"{rule}, not {json.dumps(answer.body)}")
        say(f"    {answer.status} [{answer.body['rule']}] {answer.body['detail']}")


def _report(story: _Story) -> None:
    """The provider's report arrives on the queue: the claim is earned, and its credits renew the associate at once."""
    course = story.claim("ENSLD", "1.0", "acme", 16)
    del course["item_type"]
    report = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "https://acme.example/lms",
        "type": "completion.reported.v1",
        "time": datetime.now(UTC).isoformat(),
        "data": {**course, "account": story.account, "outcome": "completed"},
    }
    queue = story.stack.description["queue"]
    story.stack.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(report))
    wait("the claim is earned", lambda: story.holder.must("GET", "/claims?status=earned")["items"])
    story.tell_decisions(story.me)
    left = story.holder.must("GET", "/certifications/ccnp-enterprise/progress")
    options = "; or ".join(parts_in_words(option) for option in left["remaining"])
    say(f"    toward ccnp-enterprise: {left['credits']} credits; complete one of the following: {options}")


def _recertify(story: _Story) -> None:
    """A concentration exam joins the credits: the professional is recertified, and the associate below it renewed."""
    exam = {"exam": "300-410", "kind": "concentration", "passed_on": story.ago(2)}
    story.operator.must("POST", f"/admin/holders/{story.me}/exams", exam)
    story.tell_decisions(story.me)
    for line in story.holder.must("GET", "/dashboard")["certifications"]:
        days = f"{line['days_to_expire']} days"
        say(
            f"    {line['certification']}: {line['status']}, from {line['last_extension']} to {line['expires_on']}, {days}"
        )


def _sweep(story: _Story) -> None:
    """A day's sweep: for a holder with a past, credits lapse today and a certification expired yesterday."""
    story.told[sample.WITH_A_PAST] = len(story.decisions(sample.WITH_A_PAST))
    for folder in ("expire_credits", "recertify"):
        function = story.stack.description["functions"][folder]
        event = json.dumps({"source": "aws.events", "time": datetime.now(UTC).isoformat()}).encode()
        story.stack.client("lambda").invoke(FunctionName=function, Payload=event)
    wait("the sweep comes to the holder", lambda: story.tap.seen("certification.expired"))
    story.tell_decisions(sample.WITH_A_PAST)


def _check(story: _Story) -> None:
    """What was published, each event under an id of its own, and whether the ledger keeps its invariants."""
    wait("the recertification is published", lambda: story.tap.seen("certification.recertified"))
    for kind, number in sorted(story.tap.count().items()):
        say(f"    {number} x {kind}")
    findings = check()
    expect(not findings, f"no finding in the ledger, not {findings}")
    say("    standing check: nothing found")
