"""What deciding costs: beside other engines on the same holders, beside fetching the rows, beside a call."""

from collections.abc import Iterator

from bench import machine, store
from bench.built import built
from bench.figures import Figure

COURSES = 10_000
CLAIMS = 10


def measure() -> Iterator[Figure]:
    with built() as whole:
        own = whole.paths("serve_holder")
        engines = machine.run("engines", [machine.CHILDREN, *own, machine.packages()], {})
        yield from _rates(engines)
        with store.store() as variables:
            given = {"holder": store.make_holder(0, earned=CLAIMS), "day": store.SUBMITTED.isoformat()}
            reading = machine.run("reading", own, variables, **given, courses=COURSES)
    yield from _readings(reading)


def _rates(of: dict[str, float]) -> Iterator[Figure]:
    loop = of["loop"]

    def rate(name: str, spent: float, goal: float | None) -> Figure:
        return Figure(name, 1 / spent, goal, "one core", more=True, checked=spent / loop)

    yield rate("decisions per second: holders of 10 claims, 3 certifications, 3 exams", of["plain"], 5000)
    yield rate("... asked of today alone, as the engines are", of["today"], None)
    yield Figure(
        "... zen-engine's decision graph of the same rule takes as long as",
        of["zen"] / of["today"],
        20,
        "ours",
        more=True,
    )
    for engine, words in (
        ("cel", "CEL"),
        ("openfisca", "OpenFisca, one holder at a time"),
        ("openfisca_together", "OpenFisca, 300 holders at once"),
    ):
        yield Figure(f"... {words} takes as long as", of[engine] / of["today"], None, "ours", more=True)
    yield Figure("explained decision", of["explained"] / of["plain"], 3, "the plain one")
    yield rate("replays per second: journals of 10 facts", of["replay_short"], 2000)
    yield rate("replays per second: journals of 40 facts", of["replay"], 2000)


def _readings(of: dict[str, float]) -> Iterator[Figure]:
    yield Figure(
        "explained decision, beside fetching its rows as it is done", of["explained"] / of["fetch"], 0.03, "same rows"
    )
    yield Figure(
        "... beside fetching its rows through the SDK", of["explained"] / of["fetch_by_sdk"], 0.03, "same rows"
    )
    yield Figure(
        f"search over {COURSES:,} courses, warm", of["search"] / of["call_by_sdk"], 2, "one call through the SDK"
    )
