"""A holder's deadlines as a calendar, for whatever program keeps the holder's days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from api.requests import Request
from api.routes import Reply, route
from api.words import days_in_words, one_line, parts_in_words
from policy.deadlines import Deadline, deadlines

from functions.serve_holder.reading import now

if TYPE_CHECKING:
    from icalendar import Calendar, Event

MEDIA = "text/calendar; charset=utf-8"
REMIND = timedelta(days=30)


@route("GET /calendar.ics", gives={200: str}, media=MEDIA)
def show_calendar(request: Request[None]) -> Reply:
    """The holder's deadlines as all-day events (iCalendar).

    Last days of certifications and of their suspension, last days on which earned credits can count, and the first
    days on which a case may be opened about the account's pending claims. An event keeps its UID when its day moves.
    """
    standing = now(request)
    shown = [
        item
        for item in deadlines(standing)
        if item.kind != "case-from" or item.facts["account"] == request.caller.account
    ]
    text = _calendar(request, shown).to_ical().decode()
    return Reply(text, headers={"content-disposition": 'attachment; filename="deadlines.ics"'})


def _calendar(request: Request[None], shown: list[Deadline]) -> Calendar:
    # A fifth of a second of a cold start, which no other route needs.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Standing//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.calendar_name = "Certifications and credits"
    stamp = datetime.combine(request.today, time(), UTC)
    for item in shown:
        calendar.add_component(_event(item, request.holder, stamp))
    return calendar


def _event(item: Deadline, holder: str, stamp: datetime) -> Event:
    from icalendar import Alarm, Event

    summary, description = _WORDS[item.kind](one_line(item.subject), item.facts)
    event = Event()
    event.add("uid", f"{item.kind}.{one_line(item.subject)}.{holder}@standing")
    event.add("dtstamp", stamp)
    event.add("dtstart", item.day)
    event.add("summary", summary)
    event.add("description", f"{description} [{item.rule}]")
    event.add("transp", "TRANSPARENT")
    if item.kind == "certification-expires":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{summary} in {days_in_words(REMIND.days)}")
        alarm.add("trigger", -REMIND)
        event.add_component(alarm)
    return event


def _expires(track: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    remaining = [parts_in_words(missing) for missing in facts["remaining"]]
    if facts["retired"]:
        left = "Its track is retired, so it cannot be recertified."
    elif remaining in ([], [""]):
        left = "Nothing is left to do."
    else:
        left = "To recertify it, complete one of the following: " + "; or ".join(remaining) + "."
    return f"{track} expires", f"Last day of your certification {track} ({facts['level']}). {left}"


def _suspended(track: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    return f"Suspension of {track} ends", f"Last day on which your certification {track} can still be recertified."


def _credits(claim: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    title = one_line(facts["title"])
    return (
        f"{facts['credits']} credits end: {title}",
        f"Last day on which the credits of claim {claim} ({title}) count.",
    )


def _case(claim: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    title = one_line(facts["title"])
    text = f"If claim {claim}, submitted on {facts['submitted_on']}, is still pending you may open a case about it."
    return f"Case possible: {title}", text


_WORDS: Mapping[str, Callable[[str, Mapping[str, Any]], tuple[str, str]]] = {
    "certification-expires": _expires,
    "suspension-ends": _suspended,
    "credits-end": _credits,
    "case-from": _case,
}
