"""What can become known about a holder. Facts are recorded in order and never changed."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from policy.forms import Forms

OUTCOMES = COMPLETED, INCOMPLETE = "completed", "incomplete"
EXAM_KINDS = ("entry", "associate", "core", "concentration", "design_written", "expert_lab", "recertification_exam")


@dataclass(frozen=True, slots=True)
class TermsAccepted:
    event: ClassVar[str] = "terms_accepted"
    terms_version: str | None = None


@dataclass(frozen=True, slots=True)
class CertificationAwarded:
    event: ClassVar[str] = "certification_awarded"
    certification: str
    level: str
    awarded_on: date


@dataclass(frozen=True, slots=True)
class CertificationImported:
    event: ClassVar[str] = "certification_imported"
    certification: str
    level: str
    cycle_started_on: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class EmeritusGranted:
    event: ClassVar[str] = "emeritus_granted"
    certification: str
    reinstatable_by_written: bool = True
    business_transformation: bool = False


@dataclass(frozen=True, slots=True)
class ClaimSubmitted:
    """`title` and `credits` are the catalog's on the day of submission, filled in when the claim is accepted.

    certificate: whether there is a certificate of completion; certificate_key: where it is kept, if it was uploaded.
    """

    event: ClassVar[str] = "claim_submitted"
    claim: str
    account: str
    course: str
    version: str
    item_type: str
    provider: str
    started_on: date
    completed_on: date
    certificate: bool = False
    certificate_id: str | None = None
    certificate_key: str | None = None
    title: str | None = None
    credits: int | None = None


@dataclass(frozen=True, slots=True)
class CompletionReported:
    event: ClassVar[str] = "completion_reported"
    provider: str
    course: str
    version: str
    account: str
    started_on: date
    completed_on: date
    outcome: str
    certificate_id: str | None = None


@dataclass(frozen=True, slots=True)
class CompletionRetracted:
    event: ClassVar[str] = "completion_retracted"
    provider: str
    course: str
    version: str
    account: str
    started_on: date
    completed_on: date
    certificate_id: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimDecided:
    event: ClassVar[str] = "claim_decided"
    claim: str
    outcome: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ExamPassed:
    event: ClassVar[str] = "exam_passed"
    exam: str
    kind: str
    passed_on: date


@dataclass(frozen=True, slots=True)
class FeePaid:
    """`amount` in USD as text ("300.00"); `certification`, if named, is the one whose credits were reached."""

    event: ClassVar[str] = "fee_paid"
    amount: str
    certification: str | None = None
    payment_reference: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateTaken:
    """Another holder's claim has earned with this certificate id (certificate-used-once)."""

    event: ClassVar[str] = "certificate_taken"
    certificate_id: str


@dataclass(frozen=True, slots=True)
class CertificateFreed:
    """No other holder's claim rests on this certificate id any more (retraction)."""

    event: ClassVar[str] = "certificate_freed"
    certificate_id: str


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A holder opens a case about a claim (late-decision)."""

    event: ClassVar[str] = "case_opened"
    case: str
    claim: str
    message: str


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """A further message of a case, from its holder or an operator; an operator's may close it."""

    event: ClassVar[str] = "case_message"
    case: str
    author: str
    message: str
    close: bool = False


@dataclass(frozen=True, slots=True)
class ClaimReviewed:
    """An operator has dealt with the retraction of credits that were redeemed or had expired (retraction)."""

    event: ClassVar[str] = "claim_reviewed"
    claim: str
    note: str


Fact = (
    TermsAccepted
    | CertificationAwarded
    | CertificationImported
    | EmeritusGranted
    | ClaimSubmitted
    | CompletionReported
    | CompletionRetracted
    | ClaimDecided
    | ExamPassed
    | FeePaid
    | CertificateTaken
    | CertificateFreed
    | CaseOpened
    | CaseMessage
    | ClaimReviewed
)
_FORMS: Forms[Fact] = Forms(Fact.__args__)
KINDS, to_dict, from_dict = _FORMS.kinds, _FORMS.to_dict, _FORMS.from_dict
