import json
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from api.clients import client
from botocore.client import BaseClient
from moto.core.utils import unix_time_millis
from standing.connection import place
from standing.dead_letter_queue import HIDDEN_SECONDS

from tests.standing.conftest import Run

pytestmark = pytest.mark.usefixtures("cloud")

POISON = {"unknown-course": 12, "wrong-sender": 3, None: 2}


def bury(body: str, **about: str) -> None:
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in about.items()}
    client("sqs").send_message(QueueUrl=place("dead_letter_queue"), MessageBody=body, MessageAttributes=attributes)


def lying(queue: str) -> Counter[str]:
    """Bodies that can be received from a queue, which stay there."""
    found: Counter[str] = Counter()
    receipts = []
    while messages := client("sqs").receive_message(QueueUrl=place(queue), MaxNumberOfMessages=10).get("Messages", []):
        found.update(message["Body"] for message in messages)
        receipts += [message["ReceiptHandle"] for message in messages]
    for receipt in receipts:
        client("sqs").change_message_visibility(QueueUrl=place(queue), ReceiptHandle=receipt, VisibilityTimeout=0)
    return found


def empty(queue: str) -> None:
    while messages := client("sqs").receive_message(QueueUrl=place(queue), MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            client("sqs").delete_message(QueueUrl=place(queue), ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture
def buried(cloud: None) -> Counter[str]:
    """More than one call takes, of several reasons."""
    bodies = []
    for reason, number in POISON.items():
        for copy in range(number):
            body = json.dumps({"id": f"{reason}-{copy}", "data": 'é\t"quoted"'}, indent=1)
            bury(body, **({"reason": reason} if reason else {}))
            bodies.append(body)
    return Counter(bodies)


def test_what_lies_there_is_listed_with_its_reason(run: Run) -> None:
    bury("not\nJSON " + "x" * 200, reason="not-json", detail="Expecting value", sender="AROA1:lms", message_id="m1")
    bury("{}")
    listing = run("dead-letters")
    assert (listing.status, listing.err) == (0, "")
    first, body, second, _, number = listing.lines
    assert first.split("  ")[1:] == ["not-json", "detail Expecting value, message id m1, sender AROA1:lms"]
    assert body == "    not JSON " + "x" * 151 + "..."
    assert second.split("  ")[1] == "failed"
    assert number == "2 found"


def test_listing_leaves_everything_there(run: Run, buried: Counter[str]) -> None:
    assert run("dead-letters").lines[-1] == "17 found"
    assert lying("dead_letter_queue") == buried


def test_a_part_is_listed_where_no_more_is_wanted(run: Run, buried: Counter[str]) -> None:
    assert run("dead-letters", "--max", "11").lines[-1] == "11 found; there may be more, run it again"
    assert lying("dead_letter_queue") == buried


def test_nothing_in_a_message_steers_the_terminal(run: Run) -> None:
    bury("\u202e{}\u2028\x85", reason="not-json")
    assert "    \\u202e{}\\u2028\\x85" in run("dead-letters").lines


def moved_by_sqs(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQS says of a message that it moved by itself where it came from; moto does not."""
    call = BaseClient._make_api_call

    def marked(self: Any, operation: str, arguments: Any) -> Any:
        reply = call(self, operation, arguments)
        for message in reply.get("Messages", ()):
            message["Attributes"]["DeadLetterQueueSourceArn"] = "arn:aws:sqs:us-east-1:123456789012:provider"
        return reply

    monkeypatch.setattr(BaseClient, "_make_api_call", marked)


def test_what_a_sender_says_of_its_message_is_not_taken_for_the_reason(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    bury("{}", reason="unknown-course", sender="AROA1:lms")
    moved_by_sqs(monkeypatch)
    line = run("dead-letters").lines[0]
    assert line.split("  ")[1] == "failed"
    assert "AROA1" not in line


def test_redriven_messages_lie_in_the_provider_queue_as_they_came(run: Run, buried: Counter[str]) -> None:
    redrive = run("redrive", "--reason", "unknown-course")
    assert (redrive.status, redrive.err, redrive.lines[-1]) == (0, "", "12 moved")
    assert lying("queue") == Counter(body for body in buried if "unknown-course" in body)
    assert lying("queue") + lying("dead_letter_queue") == buried


def test_forged_messages_are_redriven_only_by_name(run: Run, buried: Counter[str]) -> None:
    assert run("redrive").lines[-1] == "14 moved"
    assert lying("dead_letter_queue") == Counter(body for body in buried if "wrong-sender" in body)
    assert run("redrive", "--reason", "wrong-sender").lines[-1] == "3 moved"
    assert lying("queue") == buried


def test_messages_without_a_reason_are_redriven_as_failed(run: Run, buried: Counter[str]) -> None:
    assert run("redrive", "--reason", "failed").lines[-1] == "2 moved"
    assert lying("queue") == Counter(body for body in buried if "None" in body)


def test_no_more_are_redriven_than_wanted(run: Run, buried: Counter[str]) -> None:
    redrive = run("redrive", "--max", "2", "--reason", "unknown-course")
    assert redrive.lines[-1] == "2 moved; there may be more, run it again"
    assert lying("queue").total() == 2
    assert lying("queue") + lying("dead_letter_queue") == buried


def test_a_dry_run_moves_nothing(run: Run, buried: Counter[str]) -> None:
    dry = run("redrive", "--dry-run", "--reason", "wrong-sender")
    assert dry.lines[-1] == "3 would be moved; a dry run: nothing was"
    assert lying("dead_letter_queue") == buried
    assert lying("queue") == Counter()


def test_a_message_that_comes_back_at_once_is_not_met_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    bury("{}", reason="unknown-type")
    monkeypatch.setattr("standing.dead_letter_queue.place", lambda name: place("dead_letter_queue"))
    assert run("redrive").lines[-1] == "1 moved"
    assert lying("dead_letter_queue") == Counter(["{}"])


def test_a_message_that_the_queue_does_not_take_stays_and_holds_up_no_other(run: Run) -> None:
    size = {"MaximumMessageSize": "1024"}
    client("sqs").set_queue_attributes(QueueUrl=place("queue"), Attributes=size)
    bury("x" * 1025)
    bury("{}")
    redrive = run("redrive")
    assert (redrive.status, redrive.lines[-1]) == (1, "1 moved")
    assert "left where it is: " in redrive.err
    assert lying("dead_letter_queue") == Counter(["x" * 1025])


def test_a_queue_that_is_not_there_stops_it(run: Run, buried: Counter[str]) -> None:
    refused = run("redrive", "--queue", place("queue") + "x")
    assert refused.status == 1
    assert "NonExistentQueue" in refused.err
    assert lying("dead_letter_queue") == buried


class Crash(BaseException):
    """Power cut."""


def crashing(monkeypatch: pytest.MonkeyPatch, at: int, after: bool) -> None:
    """From its call number `at` on, before or after that takes effect, the command gets nothing more done."""
    call = BaseClient._make_api_call
    calls = iter(range(1, 1000))

    def counted(self: Any, *arguments: Any) -> Any:
        number = next(calls)
        if number < at:
            return call(self, *arguments)
        if number == at and after:
            call(self, *arguments)
        raise Crash

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)


def test_a_crash_anywhere_loses_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = Counter(f"message {number}" for number in range(3))
    hidden = 0
    crashes = 0
    for at in range(1, 30):
        for after in (False, True):
            for body in bodies:
                bury(body)
            with monkeypatch.context() as patched:
                crashing(patched, at, after)
                with suppress(Crash):
                    ended = run("redrive")
                    assert ended.lines[-1] == "3 moved"
                    assert crashes == 2 * (at - 1)
                    return
            crashes += 1
            # What was being looked at shows again after a while.
            hidden += HIDDEN_SECONDS * 1000
            later = hidden
            monkeypatch.setattr("moto.sqs.models.unix_time_millis", lambda later=later: unix_time_millis() + later)
            run("redrive")
            assert lying("dead_letter_queue") == Counter()
            arrived = lying("queue")
            assert arrived.keys() == bodies.keys()
            assert arrived.total() <= bodies.total() + 1
            empty("queue")
    pytest.fail("it never ended")


def test_interrupted_between_sending_and_deleting_it_says_so_and_puts_the_rest_back(
    run: Run, monkeypatch: pytest.MonkeyPatch, buried: Counter[str]
) -> None:
    call = BaseClient._make_api_call

    def interrupted(self: Any, operation: str, arguments: Any) -> Any:
        if operation == "DeleteMessage":
            raise KeyboardInterrupt
        return call(self, operation, arguments)

    with monkeypatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", interrupted)
        ended = run("redrive")
    assert (ended.status, ended.err) == (130, "standing: interrupted\n")
    assert lying("dead_letter_queue") == buried
    assert lying("queue").total() == 1
