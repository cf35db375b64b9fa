"""Cold starts: what is imported, the first request, and the memory that they take."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from bench import machine, store
from bench.built import Built, built, functions
from bench.figures import Figure

BOTO = "boto3's client of DynamoDB alone"
HANDLER = "functions.{}.handler"
IMPURE = {"boto3", "botocore", "pydantic", "aws_lambda_powertools"}


def measure() -> Iterator[Figure]:
    with built() as whole, store.store() as variables:
        holders = store.make_holders(8)
        yield from _first_requests(whole, variables, holders)
        yield from _shipped(whole)
        yield from _policy(whole)


@cache
def _sdk() -> int:
    """The reference: instructions above those of the interpreter itself."""
    variables = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    return machine.instructions("function", [machine.runtime()], variables, sdk=True) - _bare()


@cache
def _bare() -> int:
    return machine.instructions("function", [machine.runtime()], {})


def _first_requests(whole: Built, variables: dict[str, str], holders: list[str]) -> Iterator[Figure]:
    """Each with holders of its own, since what was done once is not done again."""
    bare_kb = machine.run("function", [machine.runtime()], {}, memory=True)["resident_kb"]
    sdk_kb = machine.run("function", [machine.runtime()], {**variables}, sdk=True, memory=True)["resident_kb"]
    made = {
        "submit_claim": (1.35, store.claim_event),
        "validate_claim": (1.2, lambda holder: store.report_event([holder])),
        "expire_credits": (1.2, lambda holder: store.sweep_event([holder])),
    }
    for function, (goal, event) in made.items():
        counted, weighed, *holders = holders
        paths, handler = whole.paths(function), HANDLER.format(function)
        imported = machine.instructions("function", paths, variables, handler=handler) - _bare()
        with store.kept([event(counted)]) as events:
            first = machine.instructions("function", paths, variables, handler=handler, events=str(events)) - _bare()
        with store.kept([event(weighed)]) as events:
            given = {"handler": handler, "events": str(events), "memory": True}
            resident_kb = machine.run("function", paths, variables, **given)["resident_kb"]
        yield Figure(f"cold start of {function}, import and first request: instructions", first / _sdk(), goal, BOTO)
        yield Figure(f"cold start of {function}, import alone: instructions", imported / _sdk(), None, BOTO)
        yield Figure(f"resident memory of {function} after its first request", resident_kb / sdk_kb, 1.2, BOTO)
    yield Figure("resident memory of the bare interpreter", bare_kb / sdk_kb, None, BOTO)


def _shipped(whole: Built) -> Iterator[Figure]:
    """As built against what Python makes of the same sources when it compiles them itself (and keeps that)."""
    names = functions()
    with whole.without_bytecode() as usual:
        (slow,) = _imports(usual, ["submit_claim"])
        machine.compile_as_usual(usual.folder)
        # Counting does not mind what else the processors do.
        ratios = [
            shipped / compiled for shipped, compiled in zip(_imports(whole, names), _imports(usual, names), strict=True)
        ]
        yield Figure(
            "submit_claim without bytecode: import", slow / _imports(usual, ["submit_claim"])[0], None, "with bytecode"
        )
    worst = max(ratios)
    yield Figure(f"each of {len(names)} functions as shipped, the worst", worst, 1.02, "same code with .pyc")


def _imports(of: Built, names: list[str]) -> list[int]:
    def count(name: str) -> int:
        return machine.instructions("function", of.paths(name), {}, handler=HANDLER.format(name)) - _bare()

    _bare()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(count, names))


def _policy(whole: Built) -> Iterator[Figure]:
    paths = whole.paths("submit_claim")
    imported = machine.instructions("function", paths, {}, handler="policy") - _bare()
    loaded = set(machine.run("function", paths, {}, handler="policy")["modules"])
    yield Figure("the policy package alone: instructions", imported / _sdk(), 0.12, BOTO)
    yield Figure("... and modules of boto, pydantic or Powertools with it", len(loaded & IMPURE), 0, "none")
