from datetime import date

import ledger
import pytest
from ledger import Provider
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
