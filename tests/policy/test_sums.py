"""Sums: every choice of values that no value can be left out of, in order, and quickly where there are thousands."""

from collections import Counter
from itertools import combinations, islice

from hypothesis import given
from hypothesis import strategies as st
from policy.sums import Sums

from tests.policy.histories import SETTINGS

VALUES = st.lists(st.integers(1, 30), max_size=8)


@given(VALUES, st.integers(1, 45), st.none() | st.integers(1, 60))
@SETTINGS
def test_finds_what_trying_all_finds_in_order(values: list[int], need: int, below: int | None) -> None:
    choices = {tuple(sorted(chosen)) for n in range(1, 9) for chosen in combinations(values, n)}
    wanted = {
        chosen
        for chosen in choices
        if need <= sum(chosen) < (below or 10**6) and all(sum(chosen) - value < need for value in chosen)
    }
    found = list(Sums(Counter(values), 45, len(values)).minimal(need, below))
    assert len(found) == len(set(found))
    assert {tuple(sorted(chosen)) for chosen in found} == wanted
    order = [(sum(chosen) - need, len(chosen)) for chosen in found]
    assert order == sorted(order)


def test_what_does_not_fit_together_is_left_out() -> None:
    # A course of 60 credits in one version and 20 in another, and another of 60.
    sums = Sums({60: 2, 20: 1}, 80, 2, {60, 20}, fit=lambda values: sorted(values) != [20, 20, 60])
    assert list(sums.minimal(80)) == [(20, 60), (60, 60)]
    never = Sums({60: 1, 20: 1}, 80, 2, {60, 20}, fit=lambda values: False)
    assert list(never.minimal(80)) == []


def test_values_that_exclude_each_other_are_not_tried_in_every_combination() -> None:
    tried = []

    def fit(values: tuple[int, ...]) -> bool:
        tried.append(values)
        return False

    # One course in sixty versions, and many small ones.
    counts = {**dict.fromkeys(range(2, 61), 1), 1: 60}
    best = next(iter(Sums(counts, 119, 61, frozenset(range(2, 61)), fit).minimal(119)))
    assert sum(best) == 119
    assert len(tried) < 100_000


def test_nothing_is_enough_where_there_is_nothing() -> None:
    assert list(Sums({}, 0, 0).minimal(10)) == []
    assert list(Sums({5: 1}, 10, 1).minimal(10)) == []


def test_the_first_of_countless_choices_come_at_once() -> None:
    sums = Sums(dict.fromkeys(range(1, 65), 150), 120, 10_000)
    first = list(islice(sums.minimal(120), 100))
    assert {sum(chosen) for chosen in first} == {120}
    assert [len(chosen) for chosen in first] == sorted(len(chosen) for chosen in first)
