"""Which numbers of credits add up to a need: every choice of courses by what they are worth, the least surplus first."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Set
from functools import lru_cache

Values = tuple[int, ...]


class Sums:
    """Sums of values, of which there are so many each.

    need_max: the largest need that will be asked for; courses_max: how many values may be taken together. `mixed` are
    the values of courses that have others, too, so that not all may be taken at once: whether some may is for `fit`.
    """

    def __init__(
        self,
        counts: Mapping[int, int],
        need_max: int,
        courses_max: int,
        mixed: Set[int] = frozenset(),
        fit: Callable[[Values], bool] = lambda values: True,
    ) -> None:
        self._counts, self._mixed, self._fit = counts, mixed, fit
        self._small = sorted(value for value in counts if value < need_max)
        # A choice of which no value can be left out comes to less than twice the need.
        most = 2 * need_max
        useful = tuple((value, min(counts[value], most // value)) for value in self._small)
        self._reach = _reach(useful, most, min(courses_max, most))

    def minimal(self, need: int, below: int | None = None) -> Iterator[Values]:
        """Every choice of values that comes to a need and below a limit, and of which none can be left out.

        By surplus, then by number of values. Nothing can be left out where each value is larger than the surplus.
        """
        alone = {value - need for value in self._counts if value >= need}
        together = range(min(need, self._small[-1])) if self._small else ()
        for surplus in sorted(alone.union(together)):
            total = need + surplus
            if below is not None and total >= below:
                return
            if surplus in alone:
                yield (total,)
            start = bisect_right(self._small, surplus)
            for number in range(2, len(self._reach[start])):
                yield from self._choices(start, number, total, ())

    def _choices(self, start: int, number: int, total: int, chosen: Values) -> Iterator[Values]:
        if number == 0:
            yield chosen
            return
        for i in range(start, len(self._small)):
            if not _has(self._reach[i], number, total):
                return
            value = self._small[i]
            for times in range(1, min(number, self._counts[value]) + 1):
                left = total - times * value
                if left < 0:
                    break
                more = chosen + (value,) * times
                if _has(self._reach[i + 1], number - times, left) and self._possible(more):
                    yield from self._choices(i + 1, number - times, left, more)

    def _possible(self, values: Values) -> bool:
        return sum(value in self._mixed for value in values) < 2 or self._fit(values)


def _has(reach: list[int], number: int, total: int) -> bool:
    return number < len(reach) and bool(reach[number] >> total & 1)


@lru_cache(maxsize=16)
def _reach(counts: tuple[tuple[int, int], ...], total_max: int, number_max: int) -> list[list[int]]:
    """For each place in ascending values, and each number of them: a bit for every sum of values from there on."""
    mask = (1 << total_max) - 1
    reach = [[1]]
    for value, count in reversed(counts):
        before = reach[-1]
        length = min(number_max, (total_max - 1) // value) + 1
        sums = before + [0] * (length - len(before))
        if count >= length - 1:
            for number in range(1, length):
                sums[number] |= sums[number - 1] << value & mask
        else:
            for _ in range(count):
                for number in range(length - 1, 0, -1):
                    sums[number] |= sums[number - 1] << value & mask
        reach.append(sums)
    reach.reverse()
    return reach
