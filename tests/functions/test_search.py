"""What a few typed letters find in the sample catalog, and what must hold whatever is typed."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy.catalog import Course, Version
from standing import catalog_file

from functions.serve_holder.search import search
from functions.serve_holder.search_index import index_of

SAMPLE = {
    course.course: course
    for course in catalog_file.read(Path(__file__).parents[2] / "local" / "sample" / "catalog.csv")
}
TODAY = date(2026, 6, 1)
ids = st.sampled_from(sorted(SAMPLE))
ACRONYMS = {
    "OWN": "Something else",
    "LONG": "Cloud Operations and Routing Platforms",
    "CORPS": "Marching",
    "WORD": "Corporate design",
    "LETTERS": "Encore",
}


def found(question: str | None, courses: Iterable[Course] = SAMPLE.values(), day: date = TODAY) -> list[str]:
    index = index_of({course.course: course for course in courses})
    return [index.courses[place].course for _, place in search(index, question, day)]


def titled(**titles: str) -> list[Course]:
    return [Course(course, title, {"1": Version(1)}, {}) for course, title in titles.items()]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("acip", ["ACIPRG"]),
        ("aciprg", ["ACIPRG"]),
        ("ACI Programmability (ACIPRG) 3.0", ["ACIPRG"]),
        ("prog", ["ACIPRG"]),
        ("programability", ["ACIPRG"]),
        ("encor", ["ENCOR", "ENCORDW"]),
        ("scor", ["SCOR"]),
        # By acronym: all words, without the small ones, some in a row.
        ("iaoenct", ["ENCOR"]),
        ("ioenct", ["ENCOR"]),
        ("aci", ["ACIPRG", "DCACI"]),
        ("vpn", ["SVPN"]),
        ("ap", ["ACIPRG"]),
        # By the beginnings of words, in any order.
        ("wireless design", ["ENWLSD"]),
        ("sec auto", ["SAUTO"]),
        ("fund devnet", ["DEVFUND"]),
        ("dev net", ["DEVFUND"]),
        ("live session", ["LIVESESS"]),
        ("bootcamp", ["AUTOBOOT"]),
        ("2026", ["LIVESESS"]),
        # However it is spelled.
        ("sd-wan", ["SDWAN300", "SDWFND"]),
        ("SDWAN", ["SDWAN300", "SDWFND"]),
        ("sd wan 300", ["SDWAN300"]),
        ("email", ["SESA"]),
        ("e-mail", ["SESA"]),
        ("ÉNCÖR", ["ENCOR"]),
        # Typing errors.
        ("ensdl", ["ENSLD"]),
        ("identiy", ["SISE"]),
        ("wirelss desing", ["ENWLSD"]),
        ("fundementals", ["DEVFUND"]),
        ("colaboratoin aplications", ["CLICA"]),
        ("bootcmp", ["AUTOBOOT"]),
        ("authroing", ["ITEMAUTH"]),
    ],
)
def test_finds_first(question: str, first: list[str]) -> None:
    assert found(question)[: len(first)] == first


@pytest.mark.parametrize("question", ["zzzz", "qwerty", "asdf", "xyzzy", "core xyzzy", "***", "\N{GRINNING FACE}", " "])
def test_finds_nothing_in_nonsense(question: str) -> None:
    assert found(question) == []


def test_what_fits_better_comes_first() -> None:
    assert found("cor", titled(COR="Last in the alphabet", **ACRONYMS)) == ["COR", "CORPS", "LONG", "WORD", "LETTERS"]
    assert found("corp", titled(**ACRONYMS)) == ["CORPS", "LONG", "WORD"]
    assert found("networcs", titled(A="Nettworks", B="Networks")) == ["B", "A"]
    assert found("networking", titled(A="Network design")) == ["A"]


def test_what_fits_alike_comes_by_title_then_id() -> None:
    courses = titled(C3="Network B", C2="Network A", C1="Network B")
    assert found("network", courses) == found("network", courses[::-1]) == ["C2", "C1", "C3"]
    assert found(None, courses) == ["C2", "C1", "C3"]


def test_what_cannot_be_completed_today_comes_last_unless_its_id_was_typed() -> None:
    span = {"1": Version(1, None, date(2026, 5, 31)), "2": Version(1, date(2026, 6, 2), None)}
    courses = [Course("ONCE", "Alpha", span, {}), *titled(ONCEMORE="Beta", OTHER="Once again")]
    assert found("onc", courses) == ["ONCEMORE", "OTHER", "ONCE"]
    assert found("once", courses) == ["ONCE", "ONCEMORE", "OTHER"]
    assert found(None, courses) == ["ONCEMORE", "OTHER", "ONCE"]
    for day in (date(2026, 5, 31), date(2026, 6, 2)):
        assert found(None, courses, day)[0] == "ONCE"


def test_a_few_letters_forgive_no_error() -> None:
    assert found("nex", titled(A="Next", B="Net")) == ["A"]
    assert found("cora", titled(A="Core", B="Corner", C="Cors")) == ["A", "C"]


@given(ids)
def test_every_course_is_found_by_its_id_first(course: str) -> None:
    assert found(course)[0] == found(f" {course.lower()} ")[0] == course


@given(st.data())
def test_every_course_is_found_by_its_id_with_an_error(data: st.DataObject) -> None:
    course = data.draw(ids.filter(lambda course: len(course) >= 5))
    at = data.draw(st.integers(0, len(course) - 2))
    assert course in found(course[:at] + course[at + 1 :])
    assert course in found(course[:at] + course[at + 1] + course[at] + course[at + 2 :])
    assert course in found(course[:at] + data.draw(st.sampled_from("QXZ9")) + course[at:])


@given(ids, st.integers(0, 200))
def test_case_and_accents_do_not_matter(course: str, chars: int) -> None:
    question = SAMPLE[course].title[:chars]
    assert found(question.upper()) == found(question)
    assert found("\N{COMBINING ACUTE ACCENT}".join(question)) == found(question)


@given(st.text(max_size=200) | st.text("a.*+?()[]{}|\\^$-_ ", max_size=200) | st.text("ab ", max_size=200))
def test_whatever_is_typed_is_answered_with_courses_each_once(question: str) -> None:
    courses = found(question)
    assert len(set(courses)) == len(courses)
    assert set(courses) <= SAMPLE.keys()


@given(st.lists(st.text(max_size=30), max_size=8), st.text(max_size=30))
def test_titles_of_any_characters_are_searched(titles: list[str], question: str) -> None:
    courses = titled(**{f"C{number}": title for number, title in enumerate(titles)})
    assert len(found(None, courses)) == len(titles)
    assert set(found(question, courses)) <= {course.course for course in courses}


def test_a_title_made_to_be_slow_is_not() -> None:
    courses = titled(**{f"A{number}": "aaaa " * 39 + "aaaa" for number in range(50)})
    assert found("a" * 9 + "b", courses) == []


def test_the_index_is_made_once_for_the_same_catalog() -> None:
    assert index_of(SAMPLE) is index_of(SAMPLE)
    assert index_of(dict(SAMPLE)) is not index_of(SAMPLE)
