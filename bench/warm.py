"""Processor time of functions that are warm, beside that of the calls that they make."""

from collections.abc import Iterator
from typing import Any

from bench import machine, store
from bench.built import Built, built
from bench.figures import Figure

WARM_UP = 40
CLAIMS = 160
ROUNDS = 3
BATCHES, BATCH = 12, 10
SDK = "AWS_LAMBDA_FUNCTION_NAME"


def measure() -> Iterator[Figure]:
    with built() as whole, store.store() as variables:
        # Without the function's name the SDK is used, whose calls are the reference.
        by_sdk = {name: value for name, value in variables.items() if name != SDK}
        first = 0
        claims: dict[str, list[dict[str, Any]]] = {"direct": [], "sdk": []}
        # In turns, so that a machine that is slower for a while is slower for both.
        for way, environment in [("direct", variables), ("sdk", by_sdk)] * ROUNDS:
            holders = store.make_holders(WARM_UP + CLAIMS, first=first)
            events = [store.claim_event(holder) for holder in holders]
            claims[way].append(_run(whole, "submit_claim", environment, events, WARM_UP))
            first += len(holders)
        direct, sdk = (min(runs, key=lambda run: run["nanoseconds"]) for runs in claims.values())
        name = "CPU of a warm POST /claims"
        yield Figure(f"{name} through the SDK", sdk["nanoseconds"] / _in_calls(sdk), 1.35, "its calls through the SDK")
        yield Figure(f"{name}, as it is", direct["nanoseconds"] / _in_calls(sdk), 1.35, "its calls through the SDK")
        yield Figure(
            f"{name}, as it is, beside its own calls", direct["nanoseconds"] / _in_calls(direct), 1.35, "its calls"
        )
        yield Figure(
            "CPU of calls without the SDK", _in_calls(direct) / _in_calls(sdk), None, "the same through the SDK"
        )

        holders = store.make_holders(BATCHES * BATCH, first=first, waiting=True)
        events = [store.report_event(holders[start : start + BATCH]) for start in range(0, len(holders), BATCH)]
        reports = _run(whole, "validate_claim", variables, events, 2)
        beyond = (reports["nanoseconds"] - _in_calls(reports)) / (reports["events"] * BATCH)
        times, spent = sdk["calls"]["transact_write_items"]
        name = f"queue, batch of {BATCH}: CPU per report beyond its calls"
        yield Figure(name, beyond / (spent / times), 0.5, "one transact call through the SDK")


def _run(whole: Built, function: str, variables: dict[str, str], events: list[Any], warm_up: int) -> dict[str, Any]:
    with store.kept(events) as path:
        given = {"handler": f"functions.{function}.handler", "events": str(path), "warm_up": warm_up}
        return machine.run("function", whole.paths(function), variables, **given)


def _in_calls(run: dict[str, Any]) -> int:
    return sum(nanoseconds for _, nanoseconds in run["calls"].values())
