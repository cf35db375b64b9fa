"""A holder's deadlines as a calendar, read back by the library as calendar programs would."""

from datetime import date, datetime, timedelta
from typing import Any

import ledger
import pytest
from icalendar import Calendar, Event
from policy import facts

from tests.functions.http import ANN, BOB, TODAY, Client, signed_in
from tests.functions.sample import AWARDED, CLAIM, ENCOR, TRACK, keep_course, keep_holder

HOSTILE = "Netz;e, \\n 1\N{FIRE}\nEND:VCALENDAR\r\nBEGIN:VEVENT\N{LINE SEPARATOR}" + "x\N{COMBINING DIAERESIS}" * 40


def read(client: Client, on: date = TODAY) -> dict[str, Event]:
    """The events by UID."""
    calendar: Any = Calendar.from_ical(client.get("/calendar.ics", on=on).body)
    assert (calendar["prodid"], calendar["version"], calendar["method"]) == (
        "-//Standing//Deadlines//EN",
        "2.0",
        "PUBLISH",
    )
    assert len(calendar.events) == len({event.uid for event in calendar.events})
    assert not [error for part in calendar.walk() for error in part.errors]
    return {event.uid: event for event in calendar.events}


@pytest.mark.usefixtures("holder")
def test_is_a_calendar_to_be_kept_as_a_file() -> None:
    answer = ANN.get("/calendar.ics")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="deadlines.ics"'
    lines = answer.body.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert all(len(line.encode()) <= 75 and "\n" not in line for line in lines)


@pytest.mark.usefixtures("holder")
def test_an_expiration_is_an_all_day_event_with_an_alarm_thirty_days_before() -> None:
    event = read(ANN)[f"certification-expires.{TRACK}.ann@standing"]
    assert (event["summary"], event["transp"]) == (f"{TRACK} expires", "TRANSPARENT")
    assert event["dtstart"].to_ical() == b"20240129"
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["dtstamp"].dt == datetime.fromisoformat("2021-03-01T00:00:00Z")
    assert "complete one of the following: 1 expert lab exam; or 1 design written exam" in event["description"]
    (alarm,) = event.walk("VALARM")
    assert (alarm["action"], alarm["trigger"].dt) == ("DISPLAY", timedelta(days=-30))


@pytest.mark.usefixtures("holder")
def test_an_event_keeps_its_uid_when_its_day_moves() -> None:
    before = read(ANN)
    lab = facts.ExamPassed("lab", "expert_lab", TODAY)
    ledger.record("ann", [lab], TODAY)
    after = read(ANN)
    assert before.keys() == after.keys()
    (uid,) = after
    assert [before[uid].start, after[uid].start] == [date(2024, 1, 29), date(2024, 3, 1)]


@pytest.mark.usefixtures("holder")
def test_a_claim_is_followed_from_pending_to_its_last_day() -> None:
    claim = ANN.post("/claims", CLAIM, key="1").body
    waiting = read(ANN)["case-from.ann-0001.ann@standing"]
    assert waiting.start == TODAY + timedelta(days=31)
    ledger.record("ann", [facts.ClaimDecided(claim["claim_id"], "earned")], TODAY)
    ends = read(ANN)["credits-end.ann-0001.ann@standing"]
    assert (ends["summary"], ends.start) == (f"64 credits end: {ENCOR['title']}", date(2024, 1, 29))


@pytest.mark.usefixtures("table")
def test_another_account_of_the_holder_sees_the_credits_but_not_the_claim_that_waits() -> None:
    keep_course("ENCOR")
    first = keep_holder("cid", "cid@work.example", "cid@home.example")
    first.post("/claims", CLAIM, key="1")
    second = signed_in("cid@home.example")
    assert len(read(first)) - len(read(second)) == 1
    ledger.record("cid", [facts.ClaimDecided("cid-0001", "earned")], TODAY)
    assert read(first).keys() == read(second).keys()


@pytest.mark.usefixtures("holder")
def test_another_holder_s_deadlines_are_not_shown() -> None:
    keep_holder("bob", level="associate")
    assert all(uid.endswith(".bob@standing") for uid in read(BOB))


@pytest.mark.usefixtures("holder")
def test_titles_of_others_cannot_break_out_of_their_event() -> None:
    course = ledger.get_course("ENCOR")
    assert course is not None
    ledger.put_course(type(course)(course.course, HOSTILE, course.versions, course.item_types))
    assert ANN.post("/claims", CLAIM, key="1").status == 201
    events = read(ANN)
    assert events.keys() == {f"certification-expires.{TRACK}.ann@standing", "case-from.ann-0001.ann@standing"}
    summary = str(events["case-from.ann-0001.ann@standing"]["summary"])
    assert summary.startswith("Case possible: Netz;e, \\n 1\N{FIRE} END:VCALENDAR BEGIN:VEVENT x")
    assert summary.endswith("x\N{COMBINING DIAERESIS}")


@pytest.mark.usefixtures("table")
def test_a_holder_without_any_has_an_empty_calendar() -> None:
    ledger.link_accounts("ann", ["ann@example.com"], None, AWARDED)
    assert read(ANN) == {}
