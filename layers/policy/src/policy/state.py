"""What is known of a holder: claims, certifications, reports, exams and fees, as they stand on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policy.errors import plain


@dataclass(frozen=True, slots=True)
class Decision:
    """Something decided: on which day, about what, by which rule and on which facts.

    kind: `claim.earned` and the like; subject: the claim id, track, exam number or course it is about;
    because: further rule ids that bore on it.
    """

    day: date
    kind: str
    rule: str
    subject: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    because: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it; empty parts are left out."""
        values: dict[str, Any] = {
            "day": self.day.isoformat(),
            "kind": self.kind,
            "rule": self.rule,
            "subject": self.subject,
        }
        if self.facts:
            values["facts"] = plain(self.facts)
        if self.because:
            values["because"] = list(self.because)
        return values


@dataclass(frozen=True, slots=True)
class Emeritus:
    """How it was granted, and the claims submitted before it was."""

    reinstatable_by_written: bool
    business_transformation: bool
    claims_before: frozenset[str]


@dataclass(slots=True)
class Certification:
    """`window_end` follows from `expires_on` and is kept beside it, since every rule asks for it."""

    track: str
    level: str
    cycle_start: date
    expires_on: date
    window_end: date
    retired_on: date
    emeritus: Emeritus | None = None

    def holds(self, day: date) -> bool:
        """Whether a date lies in the window (A2)."""
        return self.cycle_start < day <= self.window_end


PENDING, EARNED, DENIED = "pending", "earned", "denied"
REDEEMED, EXPIRED = "redeemed", "expired"


@dataclass(slots=True)
class Claim:
    """A claim and what became of it.

    decision: pending, earned or denied; `status` adds redeemed and expired, which follow from the facts (A8).
    denied_by: "report", "certificate", "operator" or "retraction". rests_on_report: earned by a provider's report.
    retracted_on, reviewed_on: when its provider took it back though its credits were spent or lost, and when an operator
    was done with that.
    windows: the state of each window that holds it, by track, when last looked at; closed: why the last of them closed.
    """

    claim: str
    account: str
    course: str
    title: str
    version: str
    item_type: str
    provider: str
    started_on: date
    completed_on: date
    certificate_id: str | None
    certificate_key: str | None
    credits: int
    submitted_on: date
    valid_through: date
    decision: str = PENDING
    status: str = PENDING
    reason: str | None = None
    rule: str | None = None
    decided_on: date | None = None
    denied_by: str | None = None
    rests_on_report: bool = False
    retracted_on: date | None = None
    reviewed_on: date | None = None
    used: bool = False
    windows: Mapping[str, str] = field(default_factory=dict)
    closed: str = "cycle-closed"
    closed_on: date | None = None

    @property
    def retracted(self) -> bool:
        return self.retracted_on is not None

    @property
    def validated(self) -> bool:
        """Decided earned, and not retracted since (credits-count)."""
        return self.decision == EARNED and not self.retracted

    @property
    def final(self) -> bool:
        """Its status can change no more by the passing of time or the closing of windows."""
        return self.retracted or (self.decision == PENDING and self.status == EXPIRED)

    @property
    def live(self) -> bool:
        return self.status in (PENDING, EARNED)


@dataclass(slots=True)
class Case:
    """A holder's case about a claim (cases); open as long as it has no outcome: earned, denied or answered.

    messages: how many there are. What they say is in the facts.
    """

    case: str
    claim: str
    opened_on: date
    messages: int = 1
    closed_on: date | None = None
    outcome: str | None = None

    @property
    def open(self) -> bool:
        return self.outcome is None


@dataclass(slots=True)
class Exam:
    exam: str
    kind: str
    passed_on: date
    used: bool = False


@dataclass(slots=True)
class Fee:
    amount: str
    paid_on: date
    used: bool = False


@dataclass(frozen=True, slots=True)
class Recertification:
    """certification, D, the option met (parts), claims and exams used, tracks renewed."""

    certification: str
    date: date
    option: Mapping[str, int] | None
    used: tuple[str, ...]
    exams: tuple[str, ...]
    renewed: tuple[str, ...]
