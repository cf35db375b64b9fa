"""What can become known about a holder. Facts are recorded in order and never changed."""

import re
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, ClassVar

from policy.errors import FormError

OUTCOMES = ("completed", "incomplete")
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
KINDS: dict[str, type[Fact]] = {kind.event: kind for kind in Fact.__args__}
_FIELDS = {kind: {field.name: field for field in fields(kind)} for kind in KINDS.values()}


def to_dict(fact: Fact) -> dict[str, Any]:
    """A fact as JSON can hold it: `event` names its kind, dates are ISO 8601, what is None is left out."""
    values = {name: getattr(fact, name) for name in _FIELDS[type(fact)]}
    plain = {name: value.isoformat() if type(value) is date else value for name, value in values.items()}
    return {"event": fact.event, **{name: value for name, value in plain.items() if value is not None}}


def from_dict(values: dict[str, Any]) -> Fact:
    """The fact that a dict describes (dates as dates or ISO 8601 text).

    Raises FormError for an unknown event or key, a missing key, or a value of the wrong type.
    """
    event = values.get("event")
    kind = KINDS.get(event) if isinstance(event, str) else None
    if kind is None:
        raise FormError("event", f"{event!r} is none of {', '.join(sorted(KINDS))}")
    known = _FIELDS[kind]
    for key in values:
        if key != "event" and key not in known:
            raise FormError(key, f"unknown key of {event}")
    given = {}
    for name, field in known.items():
        value = values.get(name)
        if value is None:
            if field.default is MISSING:
                raise FormError(name, f"missing in {event}")
            continue
        given[name] = _typed(name, value, field.type)
    return kind(**given)


_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _typed(name: str, value: Any, wanted: Any) -> Any:
    if wanted is date:
        return as_date(name, value)
    if wanted is bool:
        if not isinstance(value, bool):
            raise FormError(name, f"must be true or false, not {value!r}")
    elif wanted == int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise FormError(name, f"must be a whole number, not {value!r}")
    elif not isinstance(value, str) or not value:
        raise FormError(name, f"must be text that is not empty, not {value!r}")
    return value


def as_date(name: str, value: Any) -> date:
    """A date from a date or its ISO 8601 text; FormError names the key otherwise."""
    if type(value) is date:
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise FormError(name, f"must be a date such as 2024-02-29, not {value!r}")
