"""What can become known about a partner, the individuals it knows and the program it takes part in.

Three kinds of facts: a partner's own (they name it in `partner`), an individual's, which matter to every partner that
ever knew the individual, and the program's, which matter to all. `recorded_on`, the day on which an individual's fact
first became known, and `points`, what the item was worth then, are filled in when the fact is accepted.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from policy.forms import Forms

DOWNLOADED = "downloaded"
MODES = ("viewed", "attended", "completed", DOWNLOADED)
BADGE_KINDS = SPECIALIST, REPRESENTATIVE = "specialist", "representative"


@dataclass(frozen=True, slots=True)
class IndividualAssociated:
    event: ClassVar[str] = "individual_associated"
    partner: str
    individual: str


@dataclass(frozen=True, slots=True)
class IndividualLeft:
    event: ClassVar[str] = "individual_left"
    partner: str
    individual: str


@dataclass(frozen=True, slots=True)
class RoleFilled:
    event: ClassVar[str] = "role_filled"
    partner: str
    specialization: str
    role: str
    individual: str


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted:
    """As a new partner."""

    event: ClassVar[str] = "application_submitted"
    partner: str
    specialization: str


@dataclass(frozen=True, slots=True)
class RenewalSubmitted:
    event: ClassVar[str] = "renewal_submitted"
    partner: str
    specialization: str


@dataclass(frozen=True, slots=True)
class ReactivationSubmitted:
    event: ClassVar[str] = "reactivation_submitted"
    partner: str
    specialization: str


@dataclass(frozen=True, slots=True)
class ActivityRecorded:
    """`partner`, `specialization` and `proof` belong to events, which count where the partner chooses (points-listed).

    proof_key: where the proof of attendance is kept, if it was uploaded.
    """

    event: ClassVar[str] = "activity_recorded"
    individual: str
    item: str
    completed_on: date
    mode: str
    partner: str | None = None
    specialization: str | None = None
    proof: bool = False
    points: int | None = None
    recorded_on: date | None = None
    proof_key: str | None = None


@dataclass(frozen=True, slots=True)
class ExamPassed:
    """`points` is None for an exam that is an event, and 0 for one that is no item yet (exam-as-item)."""

    event: ClassVar[str] = "exam_passed"
    individual: str
    exam: str
    passed_on: date
    points: int | None = None
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class BadgeEarned:
    event: ClassVar[str] = "badge_earned"
    individual: str
    badge: str
    expires_on: date
    kind: str = SPECIALIST
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class CertificationHeld:
    """since: the day on which time alone renewed it, where that became known later."""

    event: ClassVar[str] = "certification_held"
    individual: str
    certification: str
    expires_on: date
    since: date | None = None


@dataclass(frozen=True, slots=True)
class CertificationEnded:
    """No longer active, whatever expiration was known, until it is held anew."""

    event: ClassVar[str] = "certification_ended"
    individual: str
    certification: str


@dataclass(frozen=True, slots=True)
class IndividualsMerged:
    event: ClassVar[str] = "individuals_merged"
    individual: str
    into: str


@dataclass(frozen=True, slots=True)
class ExamReplaced:
    event: ClassVar[str] = "exam_replaced"
    exam: str
    by: str
    retake: bool


@dataclass(frozen=True, slots=True)
class PointsRequiredSet:
    event: ClassVar[str] = "points_required_set"
    type: str
    points: int


@dataclass(frozen=True, slots=True)
class LibraryChanged:
    """The whole library and its mandatory items, as they are from the day on which it is recorded."""

    event: ClassVar[str] = "library_changed"
    specialization: str
    library: tuple[str, ...]
    mandatory: tuple[str, ...] = ()


Fact = (
    IndividualAssociated
    | IndividualLeft
    | RoleFilled
    | ApplicationSubmitted
    | RenewalSubmitted
    | ReactivationSubmitted
    | ActivityRecorded
    | ExamPassed
    | BadgeEarned
    | CertificationHeld
    | CertificationEnded
    | IndividualsMerged
    | ExamReplaced
    | PointsRequiredSet
    | LibraryChanged
)
_FORMS: Forms[Fact] = Forms(Fact.__args__)
KINDS, to_dict, from_dict = _FORMS.kinds, _FORMS.to_dict, _FORMS.from_dict
