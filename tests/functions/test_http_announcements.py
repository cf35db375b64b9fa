"""What operators announce, and what every holder's dashboard shows of it."""

from datetime import date
from typing import Any

import pytest

from tests.functions.http import ANN, OPERATOR, Answer

pytestmark = pytest.mark.usefixtures("holder")


def keep(name: str, text: str = "Closed", **days: str) -> Answer:
    return OPERATOR.put(f"/admin/announcements/{name}", {"text": text, **days})


def shown(on: date = date(2021, 3, 1), query: str = "") -> list[str]:
    announcements: list[dict[str, Any]] = ANN.get(f"/dashboard{query}", on=on).body["announcements"]
    return [each["announcement"] for each in announcements]


def test_is_created_then_replaced_then_removed() -> None:
    assert keep("a", shown_until="2021-04-01").status == 201
    answer = keep("a", "Open again")
    assert (answer.status, answer.body) == (
        200,
        {"announcement": "a", "text": "Open again", "shown_from": "2021-03-01", "shown_until": None},
    )
    assert ANN.get("/dashboard").body["announcements"] == [answer.body]
    assert OPERATOR.get("/admin/announcements").body == {"announcements": [answer.body]}
    removed = OPERATOR.send("DELETE", "/admin/announcements/a")
    assert (removed.status, removed.body) == (200, answer.body)
    assert OPERATOR.send("DELETE", "/admin/announcements/a").status == 404
    assert shown() == []


def test_is_shown_from_its_first_day_through_its_last() -> None:
    keep("a", shown_from="2021-03-02", shown_until="2021-03-03")
    assert [shown(date(2021, 3, day)) for day in (1, 2, 3, 4)] == [[], ["a"], ["a"], []]
    assert shown(query="?as_of=2021-03-03") == ["a"]
    assert [each["announcement"] for each in OPERATOR.get("/admin/announcements").body["announcements"]] == ["a"]


def test_the_newest_comes_first_and_of_one_day_the_first_by_id() -> None:
    for name, day in {"b": "2021-02-01", "c": "2021-02-02", "a": "2021-02-01"}.items():
        keep(name, shown_from=day)
    assert shown() == ["c", "a", "b"]


def test_its_lines_are_kept_as_lines() -> None:
    assert keep("a", "First\r\nsecond\n\nlast").body["text"] == "First\nsecond\n\nlast"
    assert keep("b", "x" * 4000).status == 201


def test_is_not_over_before_it_begins() -> None:
    assert keep("a", shown_from="2021-03-05", shown_until="2021-03-04").fields == ["shown_until"]
    # By default it begins today.
    assert keep("a", shown_until="2021-02-28").fields == ["shown_until"]
    assert keep("a", shown_from="2021-03-05", shown_until="2021-03-05").status == 201
    assert shown(date(2021, 3, 5)) == ["a"]


def test_has_an_id() -> None:
    assert keep("a%20b").fields == ["announcement"]
    assert OPERATOR.send("DELETE", "/admin/announcements/a%20b").status == 404
