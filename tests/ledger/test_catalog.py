import os
from datetime import date
from typing import Any

import ledger
import pytest
from ledger import Busy, Provider, keys, table
from policy.catalog import Course, Version

from tests.ledger import world
from tests.ledger.tables import create_table


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


def test_all_courses_are_those_that_were_put_by_id() -> None:
    courses = ledger.all_courses()
    assert list(courses) == ["CORE", "CYBER", "DESIGN", "HUGE"]
    assert dict(courses) == world.COURSES


def test_all_courses_are_kept_as_they_are_until_one_changes() -> None:
    before = ledger.all_courses()
    ledger.put_course(world.COURSES["CORE"])
    assert ledger.all_courses() is before
    ledger.put_course(world.course("CORE", 16))
    after = ledger.all_courses()
    assert after == {**before, "CORE": world.course("CORE", 16)}
    assert after["HUGE"] is before["HUGE"]


def test_nothing_is_read_but_the_revision_while_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.all_courses()
    calls = []
    monkeypatch.setattr("ledger.table.get_many", lambda wanted: calls.append(wanted))
    ledger.all_courses()
    assert calls == []


def test_each_table_has_its_own_courses(monkeypatch: pytest.MonkeyPatch) -> None:
    name = os.environ["TABLE_NAME"]
    before = ledger.all_courses()
    create_table(ledger.client(), f"{name}-other")
    monkeypatch.setenv("TABLE_NAME", f"{name}-other")
    assert ledger.all_courses() == {}
    ledger.put_course(world.course("ELSE", 1))
    assert list(ledger.all_courses()) == ["ELSE"]
    ledger.client().delete_table(TableName=f"{name}-other")
    monkeypatch.setenv("TABLE_NAME", name)
    assert ledger.all_courses() is before


def test_a_table_restored_to_an_earlier_state_is_seen_as_it_is() -> None:
    earlier = list(table.scan())
    before = ledger.all_courses()
    ledger.put_courses([world.course("CORE", 1), world.course("LATER", 1)])
    assert len(ledger.all_courses()) == len(before) + 1
    for found in list(table.scan()):
        key = keys.key(found["pk"], found["sk"])
        table.transact([table.delete_action(key, "attribute_exists(pk)")])
    world.put_back(earlier)
    assert ledger.all_courses() == before


def test_a_course_given_twice_is_kept_as_given_last() -> None:
    assert ledger.put_courses([world.course("TWICE", 1), world.course("TWICE", 2)]) == {"TWICE"}
    assert ledger.all_courses()["TWICE"].versions["1.0"].credits == 2


def test_a_shard_that_would_not_fit_into_an_item_is_refused_and_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ledger.catalog_shards.SHARD_BYTES_MAX", 200)
    with pytest.raises(ledger.CatalogFull):
        ledger.put_course(Course("MORE", " ".join(map(str, range(100))), {}, {}))
    assert ledger.get_course("MORE") is None


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


def test_a_provider_comes_back_as_it_was_put() -> None:
    acme = Provider("acme", "Acme Training", ("123456789012", "arn:aws:iam::1:role/x"))
    assert ledger.put_provider(acme)
    assert not ledger.put_provider(acme)
    assert ledger.get_provider("acme") == acme
    assert ledger.get_provider("globex") is None
    assert ledger.list_providers() == [acme]
