"""A few hundred simulations; `make simulate RUNS=10000` tries others, `make simulate SEED=7` replays the one of a seed."""

from collections.abc import Iterator

import pytest

from tests.aws.stage import clients_of_memory
from tests.simulation.run import Broken, simulate

RUNS, PART = 200, 25


@pytest.fixture(scope="module", autouse=True)
def clients() -> Iterator[None]:
    with clients_of_memory():
        yield


@pytest.mark.parametrize("first", range(0, RUNS, PART))
def test_whatever_happens_nothing_is_lost_and_nothing_counts_twice(first: int) -> None:
    for seed in range(first, first + PART):
        simulate(seed)


def test_a_seed_is_all_that_a_simulation_follows_from() -> None:
    assert simulate(1).trace == simulate(1).trace


def test_a_broken_simulation_tells_its_seed_and_what_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.simulation.judge.check", lambda: ["a finding"])
    with pytest.raises(Broken, match=r"make simulate SEED=7\n(.|\n)*expire_credits(.|\n)*a finding"):
        simulate(7)
