"""As of a day: what was answered on that day is what is answered about it ever after."""

import os
from contextlib import suppress
from datetime import date, timedelta
from itertools import count
from typing import Any

import ledger
import pytest
from hypothesis import given, settings
from policy import FormError, Refused

from tests.functions.http import ANN, OPERATOR, Answer, signed_in
from tests.functions.sample import CLAIM, keep_course
from tests.ledger.tables import create_table
from tests.policy import histories
from tests.policy.histories import Event

_numbers = count(1)
ON = date(2021, 3, 1)
DECIDED = date(2021, 3, 5)


@pytest.fixture
def claim(holder: None) -> str:
    """Claimed on one day, earned four days later."""
    claim_id: str = ANN.post("/claims", CLAIM, on=ON, key="1").body["claim_id"]
    assert OPERATOR.post(f"/admin/claims/{claim_id}/decision", {"outcome": "earned"}, on=DECIDED).status == 200
    return claim_id


def ask(path: str, as_of: date | str, on: date = date(2022, 1, 1)) -> Answer:
    return ANN.get(f"{path}{'&' if '?' in path else '?'}as_of={as_of}", on=on)


def test_a_claim_is_what_it_was_known_to_be_and_absent_before(claim: str) -> None:
    before = ON - timedelta(days=1)
    assert (ask(f"/claims/{claim}", before).status, ask("/claims", before).body["items"]) == (404, [])
    for day, status in ((ON, "pending"), (DECIDED - timedelta(days=1), "pending"), (DECIDED, "earned")):
        answer = ask(f"/claims/{claim}", day)
        assert (answer.body["status"], ask("/claims", day).body["items"]) == (status, [answer.body])
    assert ask("/claims?status=pending", DECIDED).body["items"] == []


def test_of_a_later_day_a_claim_is_what_time_will_make_of_it(claim: str) -> None:
    assert [ask("/claims", day).body["items"][0]["status"] for day in ("2024-01-29", "2024-01-30")] == [
        "earned",
        "expired",
    ]


def test_the_table_of_certifications_is_that_of_the_day(claim: str) -> None:
    for path in ("/certifications", "/dashboard"):
        assert ask(path, "2021-01-28").body["certifications"] == []
        (line,) = ask(path, "2024-01-30").body["certifications"]
        assert (line["status"], line["days_to_expire"]) == ("expired", -1)


def test_the_day_is_part_of_what_a_cursor_is_good_for(claim: str) -> None:
    keep_course("MORE")
    assert ANN.post("/claims", {**CLAIM, "course": "MORE"}, on=DECIDED, key="2").status == 201
    cursor = ask("/claims?limit=1", DECIDED).body["next_cursor"]
    assert len(ask(f"/claims?cursor={cursor}", DECIDED).body["items"]) == 1
    for as_of in (f"&as_of={DECIDED + timedelta(days=1)}", ""):
        assert ANN.get(f"/claims?cursor={cursor}{as_of}", on=date(2022, 1, 1)).fields == ["cursor"]


@pytest.mark.parametrize("path", ["/dashboard", "/certifications", "/claims", "/claims/ann-0001"])
@pytest.mark.parametrize("day", ["today", "2021-02-30", "2200-01-01", "1899-12-31", "0"])
def test_a_day_that_is_none_is_refused(path: str, day: str, holder: None) -> None:
    answer = ask(path, day)
    assert (answer.status, answer.fields) == (400, ["as_of"])


def published(on: date, as_of: date | None = None) -> dict[str, Any]:
    """Everything that a holder is told of, by path: on a day, or later about that day."""
    ask = f"?as_of={as_of}" if as_of else ""
    told: dict[str, Any] = {path: ANN.get(path + ask, on=on).body for path in ("/dashboard", "/certifications")}
    told["work"] = signed_in(histories.ACCOUNTS[1]).get("/claims" + ask, on=on).body
    told["home"] = ANN.get("/claims" + ask, on=on).body
    paths = [f"/certifications/{line['certification']}/progress" for line in told["/certifications"]["certifications"]]
    paths += [f"/claims/{claim['claim_id']}" for claim in told["home"]["items"]]
    return told | {path: ANN.get(path + ask, on=on).body for path in paths}


@settings(histories.SETTINGS, max_examples=8)
@given(histories.histories(events_max=15))
def test_each_published_answer_is_reproduced(table: None, events: list[Event]) -> None:
    os.environ["TABLE_NAME"] = f"as-of-{next(_numbers)}"
    create_table(ledger.client(), os.environ["TABLE_NAME"])
    ledger.link_accounts("ann", list(histories.ACCOUNTS), None, events[0].day)
    told: dict[date, dict[str, Any]] = {}
    for number, event in enumerate(events):
        record(event)
        if number + 1 == len(events) or events[number + 1].day > event.day:
            # Nothing more happens on this day, and on the next either nothing does.
            told[event.day] = published(event.day)
    last = max(told)
    for day, answers in told.items():
        assert published(last + timedelta(days=400), as_of=day) == answers


def record(event: Event) -> None:
    """A fact as it comes, whatever a rule says of it."""
    with suppress(Refused, FormError):
        ledger.record("ann", [event.fact], event.day, course=event.course)
