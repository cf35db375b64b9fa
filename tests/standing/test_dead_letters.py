import io
import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import ledger
import pytest
from api.clients import client
from api.dead_letters import HIDDEN_SECONDS
from botocore.client import BaseClient
from moto.core.utils import unix_time_millis
from policy.catalog import Course, Version
from standing.connection import place

from functions.validate_claim.handler import lambda_handler
from tests.functions.events import Context
from tests.ledger import world
from tests.standing.conftest import Run

pytestmark = pytest.mark.usefixtures("cloud", "function")

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


class Function:
    """In the place of Lambda: what it was handed, and what it makes of it."""

    def __init__(self) -> None:
        self.handed: Counter[str] = Counter()
        self.act: Callable[[dict[str, Any]], Any] = lambda event: {"batchItemFailures": []}

    def invoke(self, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == "validate-claim"
        event = json.loads(Payload)
        self.handed.update(record["body"] for record in event["Records"])
        return {"Payload": io.BytesIO(json.dumps(self.act(event)).encode())}


@pytest.fixture
def function(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Function:
    function = Function()
    monkeypatch.setenv("VALIDATE_CLAIM_FUNCTION", "validate-claim")
    monkeypatch.setattr("standing.dead_letter_queue.boto3.client", lambda service, config: function)
    return function


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
    assert first.split("  ")[1:] == ["not-json", "detail Expecting value, sender AROA1:lms"]
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


def test_a_message_is_recorded_once_what_it_lacked_is_there(run: Run, function: Function) -> None:
    world.enroll("ann")
    ledger.put_provider(ledger.Provider("acme", "Acme", ("AROAACME",)))
    data = {
        "provider": "acme",
        "course": "NEW",
        "version": "1",
        "account": "ann@example.com",
        "started_on": "2021-02-01",
        "completed_on": "2021-02-05",
        "outcome": "completed",
    }
    event = {"specversion": "1.0", "id": "1", "source": "acme", "type": "completion.reported.v1", "data": data}
    bury(json.dumps(event), reason="unknown-course", sender="AROAACME:lms", message_id="m1")
    bury(json.dumps({**event, "id": "2"}), reason="unknown-course", sender="AROAOTHER:lms", message_id="m2")
    ledger.put_course(Course("NEW", "New", {"1": Version(8)}, {"activity": ("acme",)}))
    function.act = lambda event: lambda_handler(event, Context())
    before = len(ledger.load("ann").entries)
    assert run("redrive").lines[-1] == "2 tried again"
    assert [entry.facts[0]["course"] for entry in ledger.load("ann").entries[before:]] == ["NEW"]
    # Who sent the other may not speak for the provider; that an operator tries it again changes nothing.
    assert run("dead-letters").lines[0].split("  ")[1] == "wrong-sender"


def test_messages_are_handed_over_as_they_came_and_from_their_sender(run: Run, function: Function) -> None:
    records: list[dict[str, Any]] = []
    function.act = lambda event: records.extend(event["Records"]) or {"batchItemFailures": []}
    bury('{"é": 1}', reason="unknown-course", sender="AROA1:lms", message_id="m1")
    run("redrive")
    (record,) = records
    assert (record["body"], record["messageId"]) == ('{"é": 1}', "m1")
    assert record["attributes"]["SenderId"] == "AROA1:lms"


def test_only_those_of_a_reason_are_tried_where_it_is_given(run: Run, function: Function, buried: Counter[str]) -> None:
    redrive = run("redrive", "--reason", "unknown-course")
    assert (redrive.status, redrive.err, redrive.lines[-1]) == (0, "", "12 tried again")
    assert function.handed == Counter(body for body in buried if "unknown-course" in body)
    assert function.handed + lying("dead_letter_queue") == buried


def test_messages_without_a_reason_are_redriven_as_failed(run: Run, function: Function, buried: Counter[str]) -> None:
    assert run("redrive", "--reason", "failed").lines[-1] == "2 tried again"
    assert function.handed == Counter(body for body in buried if "None" in body)


def test_no_more_are_redriven_than_wanted(run: Run, function: Function, buried: Counter[str]) -> None:
    redrive = run("redrive", "--max", "2", "--reason", "unknown-course")
    assert redrive.lines[-1] == "2 tried again; there may be more, run it again"
    assert function.handed.total() == 2
    assert function.handed + lying("dead_letter_queue") == buried


def test_a_dry_run_hands_over_nothing(run: Run, function: Function, buried: Counter[str]) -> None:
    dry = run("redrive", "--dry-run", "--reason", "wrong-sender")
    assert dry.lines[-1] == "3 would be tried again; a dry run: none was"
    assert lying("dead_letter_queue") == buried
    assert not function.handed


def test_a_message_that_comes_back_at_once_is_not_met_again(run: Run, function: Function) -> None:
    def put_back(event: dict[str, Any]) -> dict[str, Any]:
        bury("{}", reason="unknown-type")
        return {"batchItemFailures": []}

    bury("{}", reason="unknown-type")
    function.act = put_back
    assert run("redrive").lines[-1] == "1 tried again"
    assert lying("dead_letter_queue") == Counter(["{}"])


@pytest.mark.parametrize("body", ["fails", "breaks"])
def test_a_message_that_cannot_be_dealt_with_now_stays_and_holds_up_no_other(
    run: Run, function: Function, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act(event: dict[str, Any]) -> dict[str, Any]:
        (record,) = event["Records"]
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]}] if record["body"] == "fails" else []}

    invoke = function.invoke

    def broken(**arguments: Any) -> dict[str, Any]:
        reply = invoke(**arguments)
        return {**reply, "FunctionError": "Unhandled"} if "breaks" in arguments["Payload"] else reply

    function.act = act
    monkeypatch.setattr(function, "invoke", broken)
    bury(body)
    bury("{}")
    redrive = run("redrive")
    assert (redrive.status, redrive.lines[-1]) == (1, "1 tried again")
    assert "left where it is: " in redrive.err
    assert lying("dead_letter_queue") == Counter([body])


def test_a_queue_that_is_not_there_stops_it(run: Run, function: Function, buried: Counter[str]) -> None:
    refused = run("redrive", "--dead-letter-queue", place("dead_letter_queue") + "x")
    assert refused.status == 1
    assert "NonExistentQueue" in refused.err
    assert not function.handed


class Crash(BaseException):
    """Power cut."""


def crashing(monkeypatch: pytest.MonkeyPatch, function: Function, at: int, after: bool) -> None:
    """From its call number `at` on, before or after that takes effect, the command gets nothing more done."""
    calls = iter(range(1, 1000))

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def crash(*arguments: Any, **named: Any) -> Any:
            number = next(calls)
            if number < at:
                return call(*arguments, **named)
            if number == at and after:
                call(*arguments, **named)
            raise Crash

        return crash

    monkeypatch.setattr(BaseClient, "_make_api_call", counted(BaseClient._make_api_call))
    monkeypatch.setattr(function, "invoke", counted(function.invoke))


def test_a_crash_anywhere_loses_nothing(run: Run, function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = Counter(f"message {number}" for number in range(3))
    hidden = 0
    crashes = 0
    for at in range(1, 30):
        for after in (False, True):
            for body in bodies:
                bury(body)
            with monkeypatch.context() as patched:
                crashing(patched, function, at, after)
                with suppress(Crash):
                    ended = run("redrive")
                    assert ended.lines[-1] == "3 tried again"
                    assert crashes == 2 * (at - 1)
                    return
            crashes += 1
            # What was being looked at shows again after a while.
            hidden += HIDDEN_SECONDS * 1000
            later = hidden
            monkeypatch.setattr("moto.sqs.models.unix_time_millis", lambda later=later: unix_time_millis() + later)
            run("redrive")
            assert lying("dead_letter_queue") == Counter()
            assert function.handed.keys() == bodies.keys()
            assert function.handed.total() <= bodies.total() + 1
            function.handed.clear()
    pytest.fail("it never ended")


def test_interrupted_between_trying_and_deleting_it_says_so_and_puts_the_rest_back(
    run: Run, function: Function, monkeypatch: pytest.MonkeyPatch, buried: Counter[str]
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
    assert function.handed.total() == 1
