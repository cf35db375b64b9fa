"""What operators give and are answered, beside what api.answers has."""

from datetime import date
from typing import Annotated, Any, Literal, Union

from api.answers import Announcement, Claim
from api.audit import AuditLine
from api.cases import CaseLine
from api.fields import Account, Cursor, Day, Given, Id, LedgerDay, Limit, Message, Text, one_of
from policy import program
from policy.facts import EXAM_KINDS
from policy.partners.facts import SPECIALIST
from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator
from typing_extensions import TypedDict

ItemType = Annotated[str, one_of(lambda: program.load().item_types)]
Level = Annotated[str, one_of(lambda: program.load().levels)]
ExamKind = Annotated[str, one_of(lambda: (*EXAM_KINDS, SPECIALIST))]


class CourseVersion(Given):
    """Credits, and the completion dates for which the version is available, both included; left open, without end."""

    version: Id
    credits: Annotated[int, Field(ge=0, le=10_000)]
    available_from: Day | None = None
    available_until: Day | None = None

    @field_validator("available_until")
    @classmethod
    def _in_order(cls, value: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("available_from")
        if first and value and value < first:
            raise ValueError("must not be before available_from")
        return value


Versions = Annotated[list[CourseVersion], Field(min_length=1, max_length=100)]
Offers = Annotated[list[Id], Field(min_length=1, max_length=500)]


class CourseKept(Given):
    title: Text
    versions: Versions
    item_types: dict[ItemType, Offers]

    @field_validator("versions")
    @classmethod
    def _differ(cls, value: list[CourseVersion]) -> list[CourseVersion]:
        if len({version.version for version in value}) < len(value):
            raise ValueError("must not name a version twice")
        return value


class ProviderKept(Given):
    """senders: principal ids, ARNs or account ids that may send for the provider."""

    name: Text
    senders: Annotated[list[Text], Field(max_length=100)]


class Provider(TypedDict):
    provider: str
    name: str
    senders: list[str]


class AnnouncementKept(Given):
    """Shown on these days and those between, from today unless said otherwise; without a last day, until it is removed."""

    text: Message
    shown_from: Day | None = None
    shown_until: Day | None = None


class Announcements(TypedDict):
    announcements: list[Announcement]


class HolderKept(Given):
    """The accounts, e-mail addresses, are these and no others."""

    accounts: Annotated[list[Account], Field(max_length=50)]
    name: Text | None = None


class Holder(TypedDict):
    holder: str
    accounts: list[str]
    name: str | None


class Award(Given):
    """A certification awarded; its term and what it renews follow from the rules. By default awarded today."""

    certification: Id
    level: Level
    awarded_on: LedgerDay | None = None


class Import(Given):
    """A certification taken as it is; it renews nothing."""

    certification: Id
    level: Level
    cycle_started_on: LedgerDay
    expires_on: LedgerDay


class Emeritus(Given):
    """A certification that the holder has, granted emeritus (edition 2017)."""

    certification: Id
    emeritus: Literal[True]
    reinstatable_by_written: bool = True
    business_transformation: bool = False


def _form(given: Any) -> str:
    if "emeritus" in given:
        return "#emeritus"
    return "#import" if given.keys() & {"cycle_started_on", "expires_on"} else "#award"


CertificationGiven = Annotated[
    Union[Annotated[Award, Tag("#award")], Annotated[Import, Tag("#import")], Annotated[Emeritus, Tag("#emeritus")]],  # noqa: UP007
    Discriminator(_form),
]


class ExamPassed(Given):
    """kind: `specialist` for an exam of continuous learning alone."""

    exam: Text
    kind: ExamKind
    passed_on: LedgerDay


class Exam(TypedDict):
    exam: str
    kind: str
    passed_on: date


class ClaimDecision(Given):
    """An operator's decision; `reason` with denied only."""

    outcome: Literal["earned", "denied"]
    reason: Text | None = None


class AuditEntry(AuditLine):
    """The same with what only holders have.

    refused: facts that waited for the account and that a rule refused; learning: what it means for continuous learning,
    as facts of that. Accounts, name, partners that know the individual, and ids that are the same one, are all there
    are, where it changes them.
    """

    accounts: list[str] | None
    name: str | None
    refused: list[dict[str, Any]]
    learning: list[dict[str, Any]]
    partners: list[str] | None
    same: list[str] | None


class Audit(TypedDict):
    holder: str
    items: list[AuditEntry]
    next_cursor: str | None


class LearningAudit(TypedDict):
    items: list[AuditLine]
    next_cursor: str | None


class Review(Given):
    """`note`: what was found and done, for the audit."""

    note: Message


class WorklistQuery(Given):
    limit: Limit = 25
    cursor: Cursor | None = None


class WorklistNumbers(TypedDict):
    overdue_claims: int
    open_cases: int
    reviews: int
    dead_letters: int


class OverdueClaim(TypedDict):
    holder: str
    claim: Claim
    days_overdue: int


class RetractedClaim(TypedDict):
    """A claim whose completion was retracted after its credits were redeemed or had expired."""

    holder: str
    claim: Claim
    retracted_on: date


class DeadLetter(TypedDict):
    """A message that could not be processed; reason `failed` for one that failed each time it was delivered."""

    message_id: str
    sent_at: str
    reason: str
    detail: str | None
    rule: str | None
    sender: str
    body: str


class Worklist(TypedDict):
    """Items of one kind, by the list."""

    items: list[OverdueClaim] | list[CaseLine] | list[RetractedClaim] | list[DeadLetter]
    next_cursor: str | None
