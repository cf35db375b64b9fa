"""Random histories of one holder: dense in facts that bear on one another, on the days around every boundary.

Every fact is one that could be recorded; rules refuse some of them. Claims are numbered in order of submission.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from policy import Refused, Standing, facts, program
from policy.catalog import Course, Version

# The same few in every run; `HISTORIES=5000 pytest tests/policy` for a night of others.
SETTINGS = settings(
    deadline=None,
    derandomize="HISTORIES" not in os.environ,
    max_examples=int(os.environ.get("HISTORIES", "80")),
    suppress_health_check=list(HealthCheck),
)

ACCOUNTS = ("ann@example.com", "ann@work.example")
TRACKS = {
    "cct": "entry",
    "ccna": "associate",
    "devnet": "specialist",
    "ccnp": "professional",
    "ccdp": "professional",
    "ccie": "expert",
    "ccie-wireless": "expert",
}
RETIRED_TRACKS = {"ccdp": date(2021, 6, 1)}
RULES = program.load(retired_tracks=RETIRED_TRACKS)
OFFERED = {"activity": ("acme", "globex"), "direct-delivery": ("vendor",)}
COURSES = {
    "SMALL": Course("SMALL", "Small", {"1": Version(10), "2": Version(20)}, OFFERED),
    "CYBER": Course("CYBER", "Cyber", {"1": Version(30)}, OFFERED),
    "DESIGN": Course("DESIGN", "Design", {"1": Version(40), "2": Version(50)}, OFFERED),
    "BOOT": Course("BOOT", "Boot camp", {"1": Version(80)}, OFFERED),
    "HUGE": Course("HUGE", "Huge", {"1": Version(120), "2": Version(100)}, OFFERED),
}
EXAMS = {
    "100-1": "entry",
    "200-1": "associate",
    "350-1": "core",
    "350-2": "core",
    "300-1": "concentration",
    "300-2": "concentration",
    "352-1": "design_written",
    "lab-1": "expert_lab",
    "400-1": "recertification_exam",
}

STARTS = tuple(
    map(date.fromisoformat, ("2017-05-01", "2017-06-05", "2018-02-28", "2019-10-01", "2020-02-23", "2021-01-01"))
)
GAPS_DAYS = (0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 7, 30, 31, 60, 90, 364, 365, 366)
# Between an activity and the day on which it becomes known.
LATE_DAYS = (0, 0, 0, 1, 1, 2, 5, 10, 20, 30, 90, 365, 366)
CYCLE_DAYS = (0, 1, 30, 90, 200, 365, 366, 700)
TERMS_DAYS = (-30, 0, 1, 20, 90, 365, 366, 730, 1095, 1096, 1500, 2000)
CERTIFICATE_IDS = (None, None, None, None, "CDLL-1", "CDLL-2")
# How a report may differ from the claim that it is about; mostly it does not.
ALTERATIONS = ("none",) * 6 + (
    "incomplete",
    "account",
    "version",
    "start",
    "completion",
    "certificate",
    "no certificate",
)


@dataclass(frozen=True)
class Event:
    """A fact and the day on which it became known."""

    day: date
    fact: facts.Fact

    @property
    def course(self) -> Course | None:
        """What the catalog has for a claim, as `Standing.record` wants it."""
        return COURSES[self.fact.course] if isinstance(self.fact, facts.ClaimSubmitted) else None


def histories(events_min: int = 5, events_max: int = 30) -> st.SearchStrategy[list[Event]]:
    """Histories in order of day, each beginning with the terms accepted and a certification."""
    return _histories(events_min, events_max)


def play(events: list[Event], standing: Standing | None = None) -> Standing:
    """The standing after a history, what is refused being passed over."""
    standing = standing or Standing(RULES)
    for event in events:
        take(standing, event)
    return standing


def take(standing: Standing, event: Event) -> facts.Fact | Refused:
    """The fact as it is to be kept, or its refusal."""
    try:
        return standing.record(event.fact, event.day, event.course)
    except Refused as refusal:
        return refusal


def state(standing: Standing) -> dict[str, Any]:
    """Everything that a standing knows, to be compared with another's. It goes on changing with it: copy first."""
    return {name: value for name, value in vars(standing).items() if name != "program"}


@st.composite
def _histories(draw: Callable[..., Any], events_min: int, events_max: int) -> list[Event]:
    history = _History(draw)
    for _ in range(draw(st.integers(events_min, events_max))):
        history.go_on()
    return history.events


@cache
def _places(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


class _History:
    def __init__(self, draw: Callable[..., Any]) -> None:
        self.draw = draw
        self.today: date = self.one_of(STARTS)
        self.events: list[Event] = []
        self.drafts: list[facts.ClaimSubmitted] = []
        self.claims: list[facts.ClaimSubmitted] = []
        self.reports: list[facts.CompletionReported] = []
        self.held: list[str] = []
        self.cases = 0
        self.add(facts.TermsAccepted())
        self.import_certification("ccie", expires_days=self.one_of((20, 90, 366, 730, 2000)))
        acts = {
            self.study: 6,
            self.submit: 3,
            self.report: 3,
            self.decide: 2,
            self.pass_exam: 3,
            self.import_any: 2,
            self.award: 1,
            self.retract: 1,
            self.pay: 1,
            self.grant_emeritus: 1,
            self.open_case: 1,
            self.write: 1,
            self.review: 1,
        }
        self.acts = [act for act, weight in acts.items() for _ in range(weight)]

    def one_of(self, values: Sequence[Any]) -> Any:
        return values[self.draw(_places(len(values)))]

    def ago(self) -> date:
        return self.today - timedelta(days=self.one_of(LATE_DAYS))

    def add(self, fact: facts.Fact) -> None:
        self.events.append(Event(self.today, fact))

    def go_on(self) -> None:
        self.today += timedelta(days=self.one_of(GAPS_DAYS))
        self.one_of(self.acts)()

    def award(self) -> None:
        track = self.one_of(tuple(TRACKS))
        self.held.append(track)
        self.add(facts.CertificationAwarded(track, TRACKS[track], self.ago()))

    def import_any(self) -> None:
        self.import_certification(self.one_of(tuple(TRACKS)), self.one_of(TERMS_DAYS))

    def import_certification(self, track: str, expires_days: int) -> None:
        began = self.today - timedelta(days=self.one_of(CYCLE_DAYS))
        self.held.append(track)
        expires = max(began, self.today + timedelta(days=expires_days))
        self.add(facts.CertificationImported(track, TRACKS[track], began, expires))

    def grant_emeritus(self) -> None:
        self.add(facts.EmeritusGranted(self.one_of(self.held), self.one_of((True, True, False)), False))

    def draft(self) -> facts.ClaimSubmitted:
        """A course taken, to be claimed now or later."""
        course = COURSES[self.one_of(tuple(COURSES))]
        item_type = self.one_of(tuple(OFFERED))
        completed = self.ago()
        return facts.ClaimSubmitted(
            claim="draft",
            account=self.one_of(ACCOUNTS),
            course=course.course,
            version=self.one_of(tuple(course.versions)),
            item_type=item_type,
            provider=self.one_of(OFFERED[item_type]),
            started_on=completed - timedelta(days=self.one_of((0, 4))),
            completed_on=completed,
            certificate=item_type == "direct-delivery",
            certificate_id=self.one_of(CERTIFICATE_IDS),
        )

    def study(self) -> None:
        """A claim that is soon decided, as most are."""
        self.submit()
        self.today += timedelta(days=self.one_of((0, 0, 0, 1, 7, 40)))
        if self.one_of((True, False)):
            self.add(facts.ClaimDecided(self.claims[-1].claim, "earned"))
        else:
            self.send(self.claims[-1])
        if self.claims[-1].course == "HUGE":
            self.pay()

    def submit(self) -> None:
        draft = self.one_of(self.drafts) if self.drafts and self.one_of((True, False)) else self.draft()
        claim = replace(draft, claim=f"c{len(self.claims) + 1:02}")
        self.claims.append(claim)
        self.add(claim)

    def report(self) -> None:
        known = [*self.claims[-3:], *self.drafts]
        if known and self.one_of((True, True, False)):
            self.send(self.one_of(known))
        else:
            self.drafts.append(self.draft())
            self.send(self.drafts[-1])

    def send(self, taken: facts.ClaimSubmitted) -> None:
        report = reported(taken, self.one_of(ALTERATIONS))
        self.reports.append(report)
        self.add(report)

    def retract(self) -> None:
        if self.reports:
            values = facts.to_dict(self.one_of(self.reports))
            del values["outcome"]
            self.add(facts.from_dict({**values, "event": "completion_retracted"}))

    def decide(self) -> None:
        if self.claims:
            reason = self.one_of((None, None, *RULES.denial_reasons))
            outcome = "denied" if reason else "earned"
            self.add(facts.ClaimDecided(self.one_of(self.claims[-3:]).claim, outcome, reason))

    def open_case(self) -> None:
        if self.claims:
            self.cases += 1
            self.add(facts.CaseOpened(f"case-{self.cases}", self.one_of(self.claims[-5:]).claim, "Why?"))

    def write(self) -> None:
        if self.cases:
            author = self.one_of(("holder", "operator", "operator"))
            close = author == "operator" and self.one_of((True, False))
            self.add(facts.CaseMessage(f"case-{self.cases}", author, "So.", close))

    def review(self) -> None:
        if self.claims:
            self.add(facts.ClaimReviewed(self.one_of(self.claims).claim, "Seen."))

    def pass_exam(self) -> None:
        exam = self.one_of(tuple(EXAMS))
        self.add(facts.ExamPassed(exam, EXAMS[exam], self.ago()))

    def pay(self) -> None:
        self.add(facts.FeePaid(self.one_of(("300.00", "300.00", "299.99"))))


def reported(claim: facts.ClaimSubmitted, alteration: str = "none") -> facts.CompletionReported:
    """A provider's report of the course that a claim is for, altered in one way."""
    report = facts.CompletionReported(
        provider=claim.provider,
        course=claim.course,
        version=claim.version,
        account=claim.account,
        started_on=claim.started_on,
        completed_on=claim.completed_on,
        outcome="completed",
        certificate_id=claim.certificate_id,
    )
    altered: dict[str, dict[str, Any]] = {
        "none": {},
        "incomplete": {"outcome": "incomplete"},
        "account": {"account": next(account for account in ACCOUNTS if account != claim.account)},
        "version": {"version": "9"},
        "start": {"started_on": claim.started_on - timedelta(days=1)},
        "completion": {
            "started_on": claim.started_on - timedelta(days=1),
            "completed_on": claim.completed_on - timedelta(days=1),
        },
        "certificate": {"certificate_id": "CDLL-9"},
        "no certificate": {"certificate_id": None},
    }
    return replace(report, **altered[alteration])
