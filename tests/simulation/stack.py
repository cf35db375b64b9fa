"""The stack around the functions: queues that lose nothing and keep no order, the stream, schedules, and all that fails."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from random import Random
from typing import Any
from unittest.mock import patch

from api.batches import NotTaken
from botocore.exceptions import BotoCoreError, ClientError
from ledger import Busy, table
from ledger.keys import JOURNAL
from ledger.values import plain

from tests.aws.boundary import Call, Reply, calls
from tests.aws.faults import Crash, that_may_meet, writes
from tests.aws.memory import Memory
from tests.aws.services import Message
from tests.aws.stage import DEAD_LETTERS, PROVIDER_QUEUE, Clock
from tests.faults.acts import HANDLERS
from tests.functions.events import Context, failures, from_queue, from_stream, scheduled
from tests.functions.http import Answer, Client
from tests.simulation.wrong import hold

# How often a call that reads or writes goes wrong, or something else happens meanwhile; a message comes twice.
FAULTS_OF_READS, FAULTS_OF_WRITES, MEANWHILE, DUPLICATES = 0.01, 0.12, 0.03, 0.1
DEPTH_MAX = 2
RECEIVES_MAX = 5
REMINDERS = "reminders"
REMINDED = (
    "certification.expiring",
    "claim.overdue",
    "specialization.expiring",
    "specialization.renewed",
    "specialization.lost",
)
# By queue, the function that takes from it.
CONSUMERS = {
    PROVIDER_QUEUE: "validate_claim",
    "sweep-expire_credits": "expire_credits",
    "sweep-recertify": "recertify",
    REMINDERS: "send_reminders",
}
# What Lambda takes for a failed invocation. Anything else is a mistake of the function.
PASSING = (BotoCoreError, ClientError, NotTaken, Busy)


@dataclass(frozen=True)
class Failed:
    """An invocation that died or failed, and nobody knows how far it came."""

    why: str


@dataclass
class Stack:
    """random: decides on everything that could go one way or another; meanwhile: something that happens inside a call.

    calm: nothing goes wrong any more. trace: what happened, in words.
    """

    random: Random
    aws: Memory
    clock: Clock
    meanwhile: Callable[[], None] = field(default=lambda: None)
    calm: bool = False
    trace: list[str] = field(default_factory=list)
    calls: int = 0
    moved: dict[str, list[Message]] = field(default_factory=dict)
    _depth: int = 0
    _streamed: int = 0
    _told: int = 0

    def note(self, what: str) -> None:
        self.trace.append(f"{self.clock.instant:%Y-%m-%d %H:%M} {'  ' * self._depth}{what}")

    def invoke(self, name: str, run: Callable[[], Any]) -> Any:
        """What an invocation gives; its calls may fail, and others may be served during any of them."""
        self.note(name)
        try:
            with calls(self._meet):
                return run()
        except (Crash, *PASSING) as error:
            self.note(f"- failed: {type(error).__name__}")
            return Failed(type(error).__name__)

    def _meet(self, call: Call) -> Reply:
        self.calls += 1
        drawn = 1.0 if self.calm else self.random.random()
        faults = FAULTS_OF_WRITES if writes(call) else FAULTS_OF_READS
        if drawn < faults:
            fault = self.random.choice(list(that_may_meet(call)))
            self.note(f"- {fault.__name__} at {call.operation}")
            return fault(call)
        if drawn < faults + MEANWHILE and self._depth < DEPTH_MAX:
            self._depth += 1
            self.meanwhile()
            self._depth -= 1
        return call.run()

    def send(self, client: Client, method: str, path: str, body: Any = None, key: str = "") -> Answer | Failed:
        """A request through the gateway, which waits for an answer or gives up."""
        headers = {"idempotency-key": key} if key else {}
        ask = partial(client.send, method, path, body, on=self.clock.today, headers=headers)
        answer: Answer | Failed = self.invoke(f"{method} {path} {body or ''} {key}", ask)
        if isinstance(answer, Answer):
            self.note(f"= {answer.status} {answer.body.get('type', '') if isinstance(answer.body, dict) else ''}")
            hold(answer.status != 500, "an error within", method, path, body)
        return answer

    def put(self, queue: str, body: str, sender: str) -> str:
        """Put a message on a queue; gives its id."""
        self.aws.sqs.sender, before = sender, self.aws.sqs.sender
        message_id: str = self.aws.sqs.send_message(queue, body)["MessageId"]
        self.aws.sqs.sender = before
        return message_id

    def deliver(self, queue: str) -> int:
        """Bring some messages of a queue, in any order, some of them twice, to its function; gives how many are done."""
        waiting = self.aws.sqs.queues.setdefault(queue, [])
        number = len(waiting) if self.calm else self.random.randint(1, 10)
        taken = self.random.sample(waiting, min(len(waiting), 10, number))
        if not taken:
            return 0
        function = CONSUMERS[queue]
        for message in taken:
            if self.calm or self.random.random() >= DUPLICATES:
                waiting.remove(message)
        batch = {"Records": [_record(message) for message in taken]}
        answer = self._run(function, f"{function} of {[message.message_id for message in taken]}", batch)
        left = {message.message_id for message in taken} if isinstance(answer, Failed) else set(failures(answer))
        for message in taken:
            if message.message_id in left and message not in waiting:
                self._put_back(queue, replace(message, receives=message.receives + 1))
        return len(taken) - len(left)

    def _put_back(self, queue: str, message: Message) -> None:
        if message.receives < RECEIVES_MAX:
            self.aws.sqs.queues[queue].append(message)
        elif queue == PROVIDER_QUEUE:
            self.aws.sqs.queues.setdefault(DEAD_LETTERS, []).append(replace(message, attributes={}))
        else:
            self.moved.setdefault(queue, []).append(message)

    def redrive(self) -> None:
        """What was moved aside after so many failures is tried again; dead letters with a reason stay."""
        letters = self.aws.sqs.queues.get(DEAD_LETTERS, [])
        unexplained = [letter for letter in letters if "reason" not in letter.attributes]
        self.aws.sqs.queues[DEAD_LETTERS] = [letter for letter in letters if letter not in unexplained]
        for queue, messages in [*self.moved.items(), (PROVIDER_QUEUE, unexplained)]:
            self.aws.sqs.queues.setdefault(queue, []).extend(replace(message, receives=0) for message in messages)
        self.moved.clear()

    def stream(self) -> bool:
        """Bring the next new entries, some again, to the outbox; whether there were any."""
        entries = [item for item in self.aws.dynamodb.tables[table.name()].stream if _is_entry(item)]
        start = self._streamed if self.calm else max(0, self._streamed - self.random.choice((0, 0, 0, 1, 3)))
        batch = entries[start : start + (100 if self.calm else self.random.randint(1, 10))]
        if not batch:
            return False
        answer = self._run("publish_events", f"publish_events of {len(batch)}", from_stream(*map(plain, batch)))
        if not isinstance(answer, Failed):
            failed = failures(answer)
            self._streamed = max(self._streamed, start + (int(failed[0]) - 1 if failed else len(batch)))
        self._route()
        return start + len(batch) >= self._streamed

    def _route(self) -> None:
        """The rule on the bus: events of which holders are told go to a queue."""
        for event in self.aws.events.put[self._told :]:
            if event["type"] in REMINDED:
                self.put(REMINDERS, json.dumps({"detail-type": event["type"], "detail": event}), "events")
        self._told = len(self.aws.events.put)

    def sweep(self, function: str, instant: datetime) -> None:
        """The schedule's event of an instant, which comes when it comes, and again where it failed."""
        self._run(function, f"{function} at {instant}", scheduled(instant.isoformat()))

    def _run(self, function: str, what: str, event: Any) -> Any:
        environment = {"SWEEP_QUEUE_URL": f"sweep-{function}"}
        with patch.dict(os.environ, environment):
            return self.invoke(what, partial(HANDLERS[function].lambda_handler, event, Context()))


def _record(message: Message) -> dict[str, Any]:
    (record,) = from_queue(message.body, sender=message.sender)["Records"]
    return {**record, "messageId": message.message_id}


def _is_entry(item: Any) -> bool:
    return bool(item["sk"]["S"].startswith(JOURNAL))


Acts = Sequence[tuple[int, Callable[[], Any]]]
