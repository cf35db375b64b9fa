"""The catalog made ready for search, once for as long as it stays the same."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import accumulate

from policy.catalog import Course

_WORD = re.compile(r"[^\W_]+")
# What an acronym may leave out.
SMALL_WORDS = frozenset(("a", "an", "and", "for", "in", "of", "on", "or", "the", "to", "using", "with"))


@dataclass(frozen=True)
class Index:
    """Courses by title, then id; each is known here by its place in that order.

    ids: places by id, spelled without punctuation; words: places by word of a title or of a version's number;
    titles: by place, as words; initials: of these words, a line a title, with small words and without.
    """

    courses: list[Course]
    ids: Mapping[str, list[int]]
    words: Mapping[str, list[int]]
    titles: list[list[str]]
    initials: str
    _line_ends: list[int]
    _unavailable: dict[date, list[bool]] = field(default_factory=dict)

    def place_of_initials(self, position: int) -> int:
        """The place of the title whose initials stand there."""
        return bisect_right(self._line_ends, position)

    def unavailable(self, day: date) -> list[bool]:
        """By place: whether no version of the course can be completed on a day."""
        if day not in self._unavailable:
            self._unavailable.clear()
            self._unavailable[day] = [not _available(course, day) for course in self.courses]
        return self._unavailable[day]


_kept: list[tuple[Mapping[str, Course], Index]] = []


def index_of(catalog: Mapping[str, Course]) -> Index:
    """The index of what `ledger.all_courses` gave; made anew when that is another."""
    if not _kept or _kept[0][0] is not catalog:
        _kept[:] = [(catalog, _build(catalog.values()))]
    return _kept[0][1]


def fold(text: str) -> str:
    """A text without what searching ignores: case, accents, forms of one character."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words_of(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _build(catalog: Iterable[Course]) -> Index:
    by_title = sorted((fold(course.title), course.course, course) for course in catalog)
    ids: dict[str, list[int]] = {}
    words: dict[str, list[int]] = {}
    titles, initials = [], []
    for place, (folded, _, course) in enumerate(by_title):
        ids.setdefault("".join(words_of(course.course)), []).append(place)
        title = _WORD.findall(folded)
        for word in {*title, *_words_of_versions(tuple(course.versions))}:
            words.setdefault(word, []).append(place)
        titles.append(title)
        initials.append(f"{_initials(title)} {_initials(word for word in title if word not in SMALL_WORDS)}")
    line_ends = list(accumulate(len(line) + 1 for line in initials))
    return Index([course for _, _, course in by_title], ids, words, titles, "\n".join(initials), line_ends)


@cache
def _words_of_versions(numbers: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for number in numbers for word in words_of(number))


def _initials(words: Iterable[str]) -> str:
    return "".join(word[0] for word in words)


def _available(course: Course, day: date) -> bool:
    return any(
        (version.available_from or day) <= day <= (version.available_until or day)
        for version in course.versions.values()
    )
