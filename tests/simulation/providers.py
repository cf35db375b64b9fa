"""Training providers: reports that are right, wrong, late, early, twice or no reports at all."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import ledger
from api.reports import roster_source
from ledger.values import digest

from tests.aws.stage import PROVIDER_QUEUE
from tests.functions.http import signed_in
from tests.functions.test_validate_claim import message, without
from tests.simulation.book import Book, Sent
from tests.simulation.program import CERTIFICATE_IDS, COURSES, HOLDERS, SENDERS, SPARE
from tests.simulation.stack import Acts, Stack

REPORTED, RETRACTED, EXAM = "completion.reported.v1", "completion.retracted.v1", "exam.passed.v1"
KINDS = ("associate", "core", "concentration", "expert_lab", "recertification_exam")
POISON = (
    "",
    "{",
    "[]",
    "null",
    '{"specversion": "1.0"}',
    '{"a":' * 1000 + "1" + "}" * 1000,
    '{"id": "\\ud800"}',
    "NaN",
    "x" * 10_000,
)


@dataclass
class Providers:
    stack: Stack
    book: Book

    @property
    def acts(self) -> Acts:
        return [
            (8, self.report_of_a_claim),
            (3, self.report),
            (2, self.retract),
            (2, self.exam),
            (1, self.send_again),
            (1, self.say_otherwise),
            (1, self.send_for_another),
            (1, self.send_poison),
            (1, self.send_a_roster),
        ]

    def report_of_a_claim(self) -> None:
        random = self.stack.random
        claims = [claim for holder in sorted(HOLDERS) for claim in ledger.load(holder).standing.claims.values()]
        if not claims:
            return
        claim = random.choice(claims[-6:])
        data = {
            "provider": claim.provider,
            "course": claim.course,
            "version": claim.version,
            "account": claim.account,
            "started_on": claim.started_on.isoformat(),
            "completed_on": claim.completed_on.isoformat(),
            "outcome": "completed" if random.random() < 0.8 else "incomplete",
        }
        if claim.certificate_id and random.random() < 0.8:
            data["certificate_id"] = claim.certificate_id
        if random.random() < 0.15:
            data |= random.choice(({"version": "2"}, {"account": HOLDERS["ann"][1]}, {"course": "CYBER"}))
        self._send(REPORTED, data)

    def report(self) -> None:
        self._send(REPORTED, self._completion(self.stack.random.choice([*sum(HOLDERS.values(), ()), SPARE])))

    def retract(self) -> None:
        reported = [json.loads(sent.body) for sent in self._all_sent() if REPORTED in sent.body and sent.fact]
        if reported:
            self._send(RETRACTED, without(self.stack.random.choice(reported)["data"], "outcome"))

    def exam(self) -> None:
        random = self.stack.random
        passed_on = self.stack.clock.today - timedelta(days=random.choice((0, 1, 10, 100)))
        kind = random.choice(KINDS)
        whose = random.choice(
            ({"holder": "ann"}, {"holder": "bob"}, {"account": "cyd@example.com"}, {"account": SPARE})
        )
        data = {"provider": "acme", **whose, "exam": f"{kind}-1", "kind": kind, "passed_on": passed_on.isoformat()}
        self._send(EXAM, data)

    def send_again(self) -> None:
        if sent := self._any_sent():
            self._put(sent.body, sent.sender, sent.fact)

    def say_otherwise(self) -> None:
        """Another content under an id that was used before."""
        if (sent := self._any_sent()) and sent.fact:
            known = json.loads(sent.body)
            data = self._completion(SPARE) | {"provider": known["data"]["provider"]}
            self._send(REPORTED, data, event_id=known["id"])

    def send_for_another(self) -> None:
        data = self._completion("bob@example.com") | {"provider": "acme"}
        body = json.dumps(message(data, REPORTED, id=f"forged-{len(self.book.sent)}", source="https://globex.example"))
        self._put(body, SENDERS["globex"], None)

    def send_poison(self) -> None:
        self._put(self.stack.random.choice(POISON), SENDERS["acme"], None)

    def send_a_roster(self) -> None:
        rows = [
            without(self._completion(self.stack.random.choice(sorted(HOLDERS)) + "@example.com"), "provider")
            for _ in range(2)
        ]
        caller = signed_in("pat@acme.example", "provider:acme")
        queue = self.stack.aws.sqs
        before, queue.sender = {sent.message_id for sent in queue.queues.get(PROVIDER_QUEUE, ())}, SENDERS["acme"]
        self.stack.send(caller, "POST", "/provider/reports", {"reports": rows})
        for sent in queue.queues.get(PROVIDER_QUEUE, ()):
            known = {sent.message_id for sent in self.book.sent}
            if sent.message_id not in before | known and roster_source("acme") in sent.body:
                self.book.sent.append(Sent(sent.message_id, sent.body, sent.sender, fact_of(json.loads(sent.body))))

    def _completion(self, account: str) -> dict[str, Any]:
        random = self.stack.random
        completed = self.stack.clock.today - timedelta(days=random.choice((0, 1, 3, 20, 40)))
        data = {
            "provider": random.choice(sorted(SENDERS)),
            "course": random.choice(sorted(COURSES)),
            "version": random.choice("12"),
            "account": account,
            "started_on": (completed - timedelta(days=4)).isoformat(),
            "completed_on": completed.isoformat(),
            "outcome": random.choice(("completed", "completed", "incomplete")),
        }
        certificate_id = random.choice(CERTIFICATE_IDS)
        return data | ({"certificate_id": certificate_id} if certificate_id else {})

    def _send(self, kind: str, data: dict[str, Any], event_id: str = "") -> None:
        event = message(data, kind, id=event_id or f"event-{len(self.book.sent)}")
        event["source"] = f"https://{data['provider']}.example"
        self._put(json.dumps(event), SENDERS[data["provider"]], fact_of(event))

    def _put(self, body: str, sender: str, fact: tuple[str, str, str] | None) -> None:
        message_id = self.stack.put(PROVIDER_QUEUE, body, f"{sender}:session")
        self.stack.note(f"sent {message_id}: {body[:300]}")
        self.book.sent.append(Sent(message_id, body, sender, fact))

    def _all_sent(self) -> list[Sent]:
        return self.book.sent

    def _any_sent(self) -> Sent | None:
        return self.stack.random.choice(self.book.sent) if self.book.sent else None


def fact_of(event: dict[str, Any]) -> tuple[str, str, str]:
    """By what the journal knows the fact of a message."""
    # An individual is a holder.
    data = {"holder" if name == "individual" else name: value for name, value in event["data"].items()}
    return event["source"], event["id"], digest([event["type"], data])
