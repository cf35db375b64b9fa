"""What can go wrong at a call to AWS."""

from collections.abc import Iterator
from contextlib import suppress

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.aws.boundary import Call, Meet, Reply
from tests.aws.table import LAG, LAG_MAX, error

_THROTTLED = {"sqs": "RequestThrottled", "sesv2": "TooManyRequestsException", "s3": "SlowDown"}
_READS = ("Get", "BatchGet", "Query", "Scan", "Head", "Receive")


class Crash(BaseException):
    """The process ends here: nothing catches it."""


def crash_before(call: Call) -> Reply:
    raise Crash


def crash_after(call: Call) -> Reply:
    call.run()
    raise Crash


def lost_reply(call: Call) -> Reply:
    """The SDK tries again what has succeeded already, too late for its token to be known."""
    with suppress(ClientError):
        call.run()
    return call.run()


def lost_replies(call: Call) -> Reply:
    """Nor does the SDK hear of it on any of its attempts."""
    call.run()
    raise ReadTimeoutError(endpoint_url=call.service)


def throttle(call: Call) -> Reply:
    code = _THROTTLED.get(call.service, "ThrottlingException")
    raise error(call.operation, code, ResponseMetadata={"HTTPStatusCode": 503 if call.service == "s3" else 400})


def transaction_conflict(call: Call) -> Reply:
    """No emulator gives these: another request is at one of the items."""
    if call.operation == "TransactWriteItems":
        reasons = [{"Code": "TransactionConflict"}, *[{"Code": "None"}] * (len(call.arguments["TransactItems"]) - 1)]
        raise error(call.operation, "TransactionCanceledException", CancellationReasons=reasons)
    raise error(call.operation, "TransactionConflictException")


def condition_failed(call: Call) -> Reply:
    """Somebody was there first, and has gone again."""
    reasons = [{"Code": "ConditionalCheckFailed"}]
    raise error(call.operation, "TransactionCanceledException", CancellationReasons=reasons)


def partial_result(call: Call) -> Reply:
    """The first of several is done, or with a single one none."""
    match call.operation:
        case "BatchGetItem":
            ((name, asked),) = call.arguments["RequestItems"].items()
            done, left = asked["Keys"][:-1], asked["Keys"][-1:]
            reply = call.run(RequestItems={name: {**asked, "Keys": done}}) if done else {"Responses": {}}
            return {**reply, "UnprocessedKeys": {name: {**asked, "Keys": left}}}
        case "SendMessageBatch":
            *done, left = call.arguments["Entries"]
            reply = call.run(Entries=done) if done else {}
            return {**reply, "Failed": [{"Id": left["Id"], "Code": "InternalError", "SenderFault": False}]}
        case "PutEvents":
            *done, _ = call.arguments["Entries"]
            results = call.run(Entries=done)["Entries"] if done else []
            return {"FailedEntryCount": 1, "Entries": [*results, {"ErrorCode": "ThrottlingException"}]}
    # A page ends after so many bytes, however many items were asked for.
    return call.run(Limit=1)


def stale_read(call: Call) -> Reply:
    """An index, or a read that is not consistent, does not have the last writes yet."""
    return call.run(**{LAG: LAG_MAX})


def that_may_meet(call: Call) -> Iterator[Meet]:
    """Each fault that a call can meet."""
    yield from (crash_before, throttle)
    if call.operation in ("BatchGetItem", "SendMessageBatch", "PutEvents", "Query", "Scan"):
        yield partial_result
    if call.operation == "Query" and not call.arguments.get("ConsistentRead"):
        yield stale_read
    # What is lost on the way back from a read, or comes after it, is the same as if it had failed.
    if not writes(call):
        return
    yield from (crash_after, lost_replies)
    if call.attempts > 1:
        yield lost_reply
    if call.service == "dynamodb":
        yield transaction_conflict
    # The condition of a write by itself fails only where another has written, as other tests let it.
    if call.operation == "TransactWriteItems":
        yield condition_failed


def writes(call: Call) -> bool:
    """Whether a call leaves something behind."""
    return not call.operation.startswith(_READS)
