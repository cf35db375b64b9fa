"""Cases as holders and operators see them (cases)."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, Literal

import ledger
from ledger import Loaded, worklists
from policy import Standing, cases, state
from typing_extensions import TypedDict

from api import answers
from api.answers import Claim
from api.requests import Request

CaseState = Literal["open", "closed"]
Outcome = Literal["earned", "denied", "answered"]


class CaseLine(TypedDict):
    """A case about a claim. It has an outcome once it is closed; `messages` is how many there are."""

    case_id: str
    holder: str
    claim: Claim
    state: CaseState
    opened_on: date
    closed_on: date | None
    outcome: Outcome | None
    messages: int


class Message(TypedDict):
    author: Literal["holder", "operator"]
    at: str
    text: str


class Case(TypedDict):
    """A case about a claim, with its messages in the order in which they came."""

    case_id: str
    holder: str
    claim: Claim
    state: CaseState
    opened_on: date
    closed_on: date | None
    outcome: Outcome | None
    messages: list[Message]


class CaseLines(TypedDict):
    items: list[CaseLine]
    next_cursor: str | None


def line(holder: str, standing: Standing, case: state.Case) -> CaseLine:
    """A case as a list has it, with its claim as it is on the standing's day."""
    return {
        "case_id": case.case,
        "holder": holder,
        "claim": answers.claim(standing, case.claim),
        "state": "open" if case.open else "closed",
        "opened_on": case.opened_on,
        "closed_on": case.closed_on,
        "outcome": case.outcome,  # type: ignore[typeddict-item]
        "messages": case.messages,
    }


def case(loaded: Loaded, case_id: str) -> Case:
    """A case with its messages; KeyError where the holder has none of this id."""
    about = line(loaded.holder, loaded.standing, loaded.standing.cases[case_id])
    return {**about, "messages": list(_messages(loaded, case_id))}


def _messages(loaded: Loaded, case_id: str) -> Iterator[Message]:
    """What was written, and the instants at which it was recorded."""
    for entry in loaded.entries:
        for fact in entry.facts:
            if fact["event"] in ("case_opened", "case_message") and fact["case"] == case_id:
                author = fact.get("author", cases.HOLDER)
                yield {"author": author, "at": entry.recorded_at, "text": fact["message"]}


def as_of(day: date) -> Any:
    """A function that gives a holder's standing on a day, each loaded once."""

    @cache
    def standing(holder: str) -> Standing:
        found = ledger.load(holder, consistent=True).standing
        found.advance(day)
        return found

    return standing


def open_cases(request: Request[Any]) -> CaseLines:
    """A page of everybody's open cases, the first opened first."""
    page = worklists.open_cases(limit=request.given.limit, cursor=request.position(request.given.cursor))
    standing_of = as_of(request.today)
    found = ((waiting.holder, standing_of(waiting.holder), waiting.id) for waiting in page.items)
    # The index may lag behind a commit that has just closed a case.
    items = [
        line(holder, standing, standing.cases[item]) for holder, standing, item in found if standing.cases[item].open
    ]
    return {"items": items, "next_cursor": request.cursor(page.cursor) if page.cursor else None}
