"""A function in a process of its own: imported, and called with events.

sdk: only the SDK's client of DynamoDB is made, against which all else is held. handler: the module; left out, nothing is
imported. events: the file of events to call it with; the first `warm_up` of them are not measured, and of the others the
round that went best is: what else the machine did at the time is not the function's.
"""

import json
import sys

paths, given = json.loads(sys.argv[1])
sys.path[:0] = paths
answer = {}
ROUNDS = 5


class Context:
    function_name, memory_limit_in_mb, aws_request_id = "standing", 512, "00000000-0000-4000-8000-000000000000"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:standing"

    def get_remaining_time_in_millis(self):
        return 60_000


def timed(call, spent, clock):
    def run(operation, **arguments):
        started = clock()
        try:
            return call(operation, **arguments)
        finally:
            times, nanoseconds = spent.get(operation, (0, 0))
            spent[operation] = times + 1, nanoseconds + clock() - started

    return run


def answered(handler, events):
    for event in events:
        reply = handler(event, Context())
        # A request that was refused, or a message left on the queue, would be cheap.
        assert reply.get("statusCode", 201) == 201, reply
        assert not reply.get("batchItemFailures"), reply


if given.get("sdk"):
    import boto3

    boto3.client("dynamodb", region_name="us-east-1")
if given.get("handler"):
    __import__(given["handler"])
if given.get("events"):
    handler = sys.modules[given["handler"]].lambda_handler
    with open(given["events"], encoding="utf-8") as file:  # noqa: PTH123 - pathlib would be imported
        events = json.load(file)
    if "warm_up" in given:
        from time import process_time_ns

        from ledger import table

        number, calls, rounds = given["warm_up"], {}, []
        answered(handler, events[:number])
        table._call = timed(table._call, calls, process_time_ns)
        each = (len(events) - number) // ROUNDS
        for start in range(number, number + each * ROUNDS, each):
            calls.clear()
            started = process_time_ns()
            answered(handler, events[start : start + each])
            rounds.append({"nanoseconds": process_time_ns() - started, "calls": dict(calls), "events": each})
        answer = min(rounds, key=lambda one: one["nanoseconds"])
    else:
        answered(handler, events)
if given.get("memory"):
    # getrusage would still know of the process that this one was forked from.
    with open("/proc/self/status", encoding="utf-8") as file:  # noqa: PTH123
        answer["resident_kb"] = int(next(line for line in file if line.startswith("VmHWM")).split()[1])
answer["modules"] = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps(answer))
