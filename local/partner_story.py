"""The second program before the reader's eyes: a partner's specializations approved, renewed in grace, lost, regained."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ledger.check import check

from .bus import Tap
from .stack import Stack
from .steps import say
from .telling import expect, tell_decision, wait
from .web import Client

PARTNER = "eastgate"


def tell(stack: Stack) -> int:
    """Tells the story on a stack that has the sample program; 0 when every step came out as the rules say."""
    story = _Story(stack)
    for chapter in (_approve, _renew, _lose, _reactivate, _check):
        say(f"\n{chapter.__doc__}")
        chapter(story)
    return 0


@dataclass
class _Story:
    stack: Stack

    def __post_init__(self) -> None:
        description = self.stack.description
        self.administrator = Client(description["api"], description["users"]["other_partner_administrator"]["token"])
        self.tap = Tap(self.stack, (PARTNER,))
        self.told: dict[str, int] = {}

    def path(self, name: str, what: str = "") -> str:
        return f"/partners/{PARTNER}/specializations/{name}{what}"

    def shown(self, name: str) -> Any:
        return self.administrator.must("GET", self.path(name))

    def tell_state(self, name: str) -> None:
        line = self.shown(name)
        blocks = "; ".join(f"{block['detail']} [{block['rule']}]" for block in line["blocks"])
        say(f"    {name}: {line['status']}, {line['points']} of {line['required']} points. {blocks}")

    def tell_decisions(self, name: str) -> None:
        """What was decided that was not told yet."""
        decisions = self.administrator.must("GET", self.path(name, "/history"))["items"]
        for decision in decisions[self.told.get(name, 0) :]:
            tell_decision(decision, name)
        self.told[name] = len(decisions)

    def send(self, message: str, **data: Any) -> None:
        """A provider's message on the queue."""
        event = {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": "https://acme.example/lms",
            "type": message,
            "time": datetime.now(UTC).isoformat(),
            "data": {"provider": "acme", **data},
        }
        queue = self.stack.description["queue"]
        self.stack.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(event))

    def refused(self, path: str, rule: str, body: Any = None) -> None:
        answer = self.administrator.call("POST", path, body)
        expect(answer.status == 422 and answer.body.get("rule") == rule, f"{rule}, not {json.dumps(answer.body)}")
        say(f"    422 [{rule}] {answer.body['detail']}")


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _approve(story: _Story) -> None:
    """A partner applies for a designation: refused until the field engineer passes the exam, then approved."""
    for role in ("am", "fe"):
        story.administrator.must("PUT", story.path("video-provider", f"/roles/{role}"), {"individual": "mira"})
    applications, body = f"/partners/{PARTNER}/applications", {"specialization": "video-provider"}
    story.refused(applications, "core-not-met", body)
    story.send("exam.passed.v1", holder="mira", exam="700-531", kind="specialist", passed_on=_today())
    wait("the exam counts", lambda: all(role["qualifies"] for role in story.shown("video-provider")["roles"]))
    story.administrator.must("POST", applications, body)
    story.tell_decisions("video-provider")


def _renew(story: _Story) -> None:
    """In grace, four days after the anniversary, points are missing; one more activity reaches them, and it is renewed."""
    name = "express-networking"
    story.told[name] = len(story.administrator.must("GET", story.path(name, "/history"))["items"])
    story.tell_state(name)
    story.refused(story.path(name, "/renewals"), "points-short")
    story.send("activity.recorded.v1", individual="mira", item="SDWFND", completed_on=_today(), mode="completed")
    wait("the points are reached", lambda: story.shown(name)["points"] >= story.shown(name)["required"])
    story.administrator.must("POST", story.path(name, "/renewals"))
    story.tell_decisions(name)
    story.tell_state(name)


def _lose(story: _Story) -> None:
    """A day's sweep: the grace of another specialization ended yesterday, and it is lost. Its points are kept."""
    function = story.stack.description["functions"]["recertify"]
    event = json.dumps({"source": "aws.events", "time": datetime.now(UTC).isoformat()}).encode()
    story.stack.client("lambda").invoke(FunctionName=function, Payload=event)
    wait("the loss is published", lambda: story.tap.seen("specialization.lost"))
    history = story.administrator.must("GET", story.path("data-center", "/history"))["items"]
    story.told["data-center"] = len(history) - 1
    story.tell_decisions("data-center")
    story.refused(story.path("data-center", "/reactivations"), "points-short")


def _reactivate(story: _Story) -> None:
    """Points kept and new together reach the requirement: it is regained, with a new anniversary."""
    for individual, item in (("omar", "DCAUTO"), ("mira", "DCAUTO"), ("omar", "CLAUTO")):
        done = {"individual": individual, "item": item, "completed_on": _today(), "mode": "completed"}
        story.send("activity.recorded.v1", **done)
    wait("the points are reached", lambda: not story.shown("data-center")["blocks"])
    story.administrator.must("POST", story.path("data-center", "/reactivations"))
    story.tell_decisions("data-center")
    for line in story.administrator.must("GET", f"/partners/{PARTNER}/specializations")["specializations"]:
        if line["status"]:
            until = f"the next anniversary on {line['anniversary']}" if line["anniversary"] else "held without points"
            say(f"    {line['specialization']}: {line['status']}, {until}")


def _check(story: _Story) -> None:
    """What was published about the partner, and whether the ledger keeps its invariants."""
    wait("the reactivation is published", lambda: story.tap.seen("specialization.reactivated"))
    for kind, number in sorted(story.tap.count().items()):
        say(f"    {number} x {kind}")
    findings = check()
    expect(not findings, f"no finding in the ledger, not {findings}")
    say("    standing check: nothing found")
