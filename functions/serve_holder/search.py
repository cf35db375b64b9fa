"""Search in the catalog: which courses a few typed letters may mean, best first."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from policy.catalog import Course

from functions.serve_holder.search_index import Index, words_of

# How a word that was typed finds a course, best first; after them a typing error, and two.
ID, ID_BEGINS, ACRONYM, WORD_BEGINS, WITHIN, TYPO = range(6)
# Further words would cost time and tell little.
WORDS_MAX = 8
# Fewer letters than these stand somewhere in anything.
WITHIN_LETTERS_MIN = 3
ABBREVIATION_LETTERS = range(4, 11)
# With an error in fewer letters it is another word; from so many on there may be two.
TYPO_LETTERS_MIN, BEGINNING_LETTERS_MIN, TWO_TYPOS_LETTERS_MIN = 4, 5, 8


def search(
    index: Index, question: str | None, day: date, suits: Callable[[Course], bool] | None = None
) -> list[tuple[int, int]]:
    """Of the courses that suit those that a question may mean, each by rank and place, best first.

    The course that has the id comes first; then those that can be completed on the day, then the others; then by how
    the words of the question were found, the one that fits worst deciding. No question means every course.
    """
    unavailable = index.unavailable(day)
    if question is None:
        grades = dict.fromkeys(range(len(index.courses)), (ID_BEGINS, 0))
    else:
        grades = _grades(index, words_of(question))
    return sorted(
        ((worst != ID) << 18 | unavailable[place] << 17 | worst << 8 | total, place)
        for place, (worst, total) in grades.items()
        if suits is None or suits(index.courses[place])
    )


def _grades(index: Index, typed: Sequence[str]) -> dict[int, tuple[int, int]]:
    """By place: the worst grade of the words typed and their sum; only of courses that every word finds."""
    grades: dict[int, tuple[int, int]] = {}
    for number, word in enumerate(list(dict.fromkeys(typed))[:WORDS_MAX]):
        found = _find(index, word)
        if number == 0:
            grades = {place: (grade, grade) for place, grade in found.items()}
        else:
            both = ((place, grades[place], found[place]) for place in grades.keys() & found.keys())
            grades = {place: (max(worst, grade), total + grade) for place, (worst, total), grade in both}
        if not grades:
            break
    if len(typed) > 1:
        # "SD-WAN 300" is SDWAN300.
        grades |= {place: (grade, 0) for grade, places in _by_id(index, "".join(typed)) for place in places}
    return grades


def _find(index: Index, word: str) -> dict[int, int]:
    """By place: the best grade with which a word finds a course."""
    found: dict[int, int] = {}
    for ways in (_misspelled, _within, _by_word, _by_acronym, _by_id):
        # What is found in several ways keeps the last, which is the best.
        for grade, places in ways(index, word):
            found.update(dict.fromkeys(places, grade))
    return found


def _by_id(index: Index, word: str) -> Iterator[tuple[int, Iterable[int]]]:
    for name, places in index.ids.items():
        if name.startswith(word):
            yield ID if name == word else ID_BEGINS, places


def _by_acronym(index: Index, word: str) -> Iterator[tuple[int, Iterable[int]]]:
    """All initials of a title, or three or more in a row."""
    if len(word) > 1:
        acronym = re.escape(word) if len(word) > 2 else rf"\b{re.escape(word)}\b"
        yield ACRONYM, (index.place_of_initials(match.start()) for match in re.finditer(acronym, index.initials))


def _by_word(index: Index, word: str) -> Iterator[tuple[int, Iterable[int]]]:
    for name, places in index.words.items():
        if name.startswith(word):
            yield WORD_BEGINS, places


def _within(index: Index, word: str) -> Iterator[tuple[int, Iterable[int]]]:
    if len(word) >= WITHIN_LETTERS_MIN:
        for names in (index.words, index.ids):
            yield from ((WITHIN, places) for name, places in names.items() if word in name)
    if len(word) in ABBREVIATION_LETTERS and word not in index.words:
        yield WITHIN, _abbreviated(index, word)


def _abbreviated(index: Index, word: str) -> Iterator[int]:
    """Courses with words in a row in their title whose beginnings make the word: "acip", "encor", "sdwan"."""
    # The initials tell quickly who cannot be meant: they hold the first letter, and next to it one of the others.
    pairs = re.finditer(f"{re.escape(word[0])}[{re.escape(word[1:])}]", index.initials)
    places = {index.place_of_initials(pair.start()) for pair in pairs}
    return (place for place in places if _made_of(word, index.titles[place]))


def _made_of(word: str, title: Sequence[str]) -> bool:
    ends: set[int] = set()
    for part in title:
        if not ends and part[0] != word[0]:
            continue
        # How much of the word is made when this part of the title ends: it begins the word or goes on with it.
        ends = {end for start in (0, *ends) for end in _ends(word, start, part)}
        if len(word) in ends:
            return True
    return False


def _ends(word: str, start: int, part: str) -> Iterator[int]:
    """Where in a word a part of it that begins at `start` can end, if it begins `part` as well."""
    for end, (letter, expected) in enumerate(zip(word[start:], part, strict=False), start + 1):
        if letter != expected:
            return
        yield end


def _misspelled(index: Index, word: str) -> Iterator[tuple[int, Iterable[int]]]:
    """Courses whose id, or a word of whose title, or the beginning of one, is the word but for an error or two."""
    if len(word) < TYPO_LETTERS_MIN:
        return
    # Its import takes longer than a search, and not every reading is one.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    typos_max = 2 if len(word) >= TWO_TYPOS_LETTERS_MIN else 1
    spelled: list[tuple[list[str], list[list[int]]]] = [(list(index.ids), list(index.ids.values()))]
    if word not in index.words:
        names, places = list(index.words), list(index.words.values())
        begins = range(len(word) - 1, len(word) + 2) if len(word) >= BEGINNING_LETTERS_MIN else ()
        spelled += [(names, places), *(([name[:letters] for name in names], places) for letters in begins)]
    near = [
        (typos, places[number])
        for names, places in spelled
        for _, typos, number in process.extract(word, names, scorer=OSA.distance, score_cutoff=typos_max, limit=None)
    ]
    # "Networking" is about networks.
    yield from ((TYPO + typos_max, index.words[name]) for name in index.words if _goes_on(word, name))
    # The fewest errors last.
    for typos in range(typos_max, -1, -1):
        yield from ((TYPO + typos, places) for errors, places in near if errors == typos)


def _goes_on(word: str, name: str) -> bool:
    return len(name) >= BEGINNING_LETTERS_MIN and word.startswith(name)
