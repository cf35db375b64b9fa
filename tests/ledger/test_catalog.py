from datetime import date
from typing import Any

import ledger
import pytest
from ledger import Busy, Provider
from policy.catalog import Course, Version

from tests.ledger import world


@pytest.fixture(autouse=True)
def _courses(table: str) -> None:
    for course in world.COURSES.values():
        ledger.put_course(course)


def test_a_course_comes_back_as_it_was_put() -> None:
    versions = {"1.0": Version(64, date(2020, 1, 1), date(2022, 6, 30)), "1.2": Version(40, None, None)}
    given = Course("NEW", "A course", versions, {"direct-delivery": ("vendor",), "activity": ("acme", "globex")})
    assert ledger.put_course(given)
    assert ledger.get_course("NEW") == given
    assert ledger.get_course("OLD") is None


def test_a_course_put_again_takes_the_place_of_what_was() -> None:
    assert not ledger.put_course(world.course("CORE", 16))
    assert ledger.get_course("CORE").versions["1.0"].credits == 16


def test_of_many_ids_those_in_the_catalog_are_known_however_many_are_asked_for() -> None:
    assert ledger.known_courses([]) == set()
    asked = ["CORE", "CORE", "DESIGN", *(f"NEW-{number}" for number in range(250))]
    assert ledger.known_courses(asked) == {"CORE", "DESIGN"}


def test_keys_that_the_table_leaves_out_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.table.sleep", lambda seconds: None)
    batch_get_item, calls = ledger.client().batch_get_item, []

    def one_at_a_time(RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        ((name, asked),) = RequestItems.items()
        calls.append(len(asked["Keys"]))
        reply = batch_get_item(RequestItems={name: {**asked, "Keys": asked["Keys"][:1]}})
        return {**reply, "UnprocessedKeys": {name: {**asked, "Keys": asked["Keys"][1:]}} if asked["Keys"][1:] else {}}

    monkeypatch.setattr(ledger.client(), "batch_get_item", one_at_a_time)
    assert ledger.known_courses(["CORE", "NEW", "HUGE"]) == {"CORE", "HUGE"}
    assert calls == [3, 2, 1]
    with pytest.raises(Busy):
        ledger.known_courses(map(str, range(9)))


def test_courses_are_listed_by_id_a_page_at_a_time() -> None:
    first = ledger.list_courses(limit=3)
    assert [course.course for course in first.items] == ["CORE", "CYBER", "DESIGN"]
    rest = ledger.list_courses(limit=3, cursor=first.cursor)
    assert ([course.course for course in rest.items], rest.cursor) == (["HUGE"], None)


def test_a_provider_comes_back_as_it_was_put() -> None:
    acme = Provider("acme", "Acme Training", ("123456789012", "arn:aws:iam::1:role/x"))
    assert ledger.put_provider(acme)
    assert not ledger.put_provider(acme)
    assert ledger.get_provider("acme") == acme
    assert ledger.get_provider("globex") is None
