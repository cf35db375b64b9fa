"""What a partner's contacts are told of a specialization. What is no longer true is not written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.words import days_in_words, one_line
from policy.partners import Partner, turns, views
from policy.partners.program import Rules
from policy.partners.state import Year

from functions.send_reminders.letters import Letter, written


@dataclass(frozen=True)
class _Shown:
    """A specialization on a day. line: as views.detail gives it."""

    name: str
    partner: str
    today: date
    rules: Rules
    year: Year
    line: Mapping[str, Any]

    @property
    def last_day(self) -> date:
        return self.rules.renewal_through(self.year.end)

    @property
    def whose(self) -> str:
        return f"The specialization {self.name} of {self.partner}"


def letter(event: Mapping[str, Any], standing: Partner, partner: str) -> Letter | None:
    """What an event has to tell on the day of a standing; None where that is no longer so. partner: its name."""
    name = event["subject"]
    year = standing.year(name)
    if year is None:
        return None
    line = views.detail(standing, name)
    shown = _Shown(one_line(name), one_line(partner), standing.today, standing.program.rules, year, line)
    return _WRITERS[event["type"]](shown, event["data"])


def _expiring(shown: _Shown, data: Mapping[str, Any]) -> Letter | None:
    year, last_day = shown.year, shown.last_day
    if year.lost_on or year.end.isoformat() != data["anniversary"] or not _newest(shown, data["day"]):
        return None
    subject, when = _when(shown)
    through = f"It can be renewed through {last_day}; if it is not, it is lost from the day after."
    paragraphs = [f"{shown.whose} {when}. {through}", *_needs(shown, "A renewal")]
    if shown.line["points_missing"]:
        paragraphs.append(
            f"Activities completed after {year.start} and through {year.end} count. As long as they are too few, those"
            f" completed through {last_day} count, too."
        )
    do = _what_to_do(shown, "renewal")
    paragraphs.append(f"{do} If nobody does, the program renews it by itself on {last_day}, if nothing is open then.")
    return written(f"Renew {shown.name} by {last_day}: {subject}", paragraphs)


def _newest(shown: _Shown, told_on: str) -> bool:
    """Whether it is still to be renewed, and no later reminder is due by now: one is enough."""
    days = [day.isoformat() for day in turns.reminders(shown.rules, shown.year)]
    return told_on in days and not any(told_on < day <= shown.today.isoformat() for day in days)


def _when(shown: _Shown) -> tuple[str, str]:
    """When the anniversary is or was, for the subject and for the text."""
    anniversary = shown.year.end
    days, left = (anniversary - shown.today).days, (shown.last_day - shown.today).days
    if days > 0:
        when = f"on {anniversary}, in {days_in_words(days)}"
        return f"its anniversary is {when}", f"has its anniversary {when}"
    if days == 0:
        return "its anniversary is today", f"has its anniversary today, {anniversary}"
    grace = f"its grace ends in {days_in_words(left)}" if left else "today is its last day of grace"
    return grace, f"had its anniversary on {anniversary}; {grace}"


def _lost(shown: _Shown, data: Mapping[str, Any]) -> Letter | None:
    lost_on, start = shown.year.lost_on, shown.year.start
    if lost_on is None or lost_on.isoformat() != data["day"]:
        return None
    return written(
        f"{shown.name} is lost since {lost_on}",
        [
            f"{shown.whose} was not renewed through {shown.last_day}, and is lost since {lost_on}.",
            f"It can be reactivated. What was completed after {start} is kept and counts together with what is new.",
            *_needs(shown, "A reactivation"),
            _what_to_do(shown, "reactivation"),
            f"As a new partner you may apply for it only after {shown.rules.barred_through(lost_on)}.",
        ],
    )


def _renewed(shown: _Shown, data: Mapping[str, Any]) -> Letter | None:
    """Only of what the program renewed by itself, after the reminders of its grace: who submitted a renewal knows."""
    year, day = shown.year, data["day"]
    stands = year.start.isoformat() == data["anniversary"] and not (year.lost_on or year.renewed)
    if data["rule"] != "renewal-at-the-end-of-grace" or not stands:
        return None
    next_from = shown.rules.renewal_from(year.end)
    return written(
        f"{shown.name} was renewed on {day}",
        [
            f"{shown.whose} was renewed on {day}, the last day of its grace, by the program itself: nothing was open.",
            f"{data['points']} of {data['required']} points were reached. There is nothing left to do.",
            f"Its next anniversary is on {year.end}; a renewal may be submitted from {next_from} on.",
        ],
    )


def _needs(shown: _Shown, what: str) -> Iterator[str]:
    """The points reached, and whatever stands in the way."""
    line = shown.line
    if all(block["rule"] != "points-short" for block in line["blocks"]):
        yield f"{line['points']} of {line['required']} points are reached."
    if line["blocks"]:
        yield f"{what} still needs:"
        yield "\n".join(f"- {one_line(block['detail'])}" for block in line["blocks"])


def _what_to_do(shown: _Shown, what: str) -> str:
    if shown.line["blocks"]:
        return f"Submit the {what} as soon as nothing of this is open."
    return f"Nothing stands in the way: submit the {what}."


_WRITERS: dict[str, Callable[[_Shown, Mapping[str, Any]], Letter | None]] = {
    "specialization.expiring": _expiring,
    "specialization.lost": _lost,
    "specialization.renewed": _renewed,
}
