"""What a holder gives and is answered, beside what api.answers has."""

from datetime import date
from typing import Annotated, Literal

from api.answers import Announcement, Certification, Claim, Course
from api.fields import AsOfQuery, Cursor, Given, Limit, Message, Text
from api.uploads import Upload
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict


class Enrollment(Given):
    terms_version: Text


class Enrolled(TypedDict):
    terms_version: str
    accepted_on: date


class CertificateUpload(Upload):
    """The form takes a file of this type, of 1 to `bytes_max` bytes, and only while it lasts."""

    certificate_key: str


class FeePayment(Given):
    """A fee in USD. The payment's reference tells one payment from another: given twice, it is recorded once."""

    certification: Text
    amount: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{2})?$"), Field(examples=["300.00"])]
    payment_reference: Text


class FeePaid(TypedDict):
    certification: str
    amount: str
    payment_reference: str
    paid_on: date


class CatalogQuery(Given):
    """`q`: a few letters of a course's id or title, or an acronym of it; typing errors are forgiven.

    With both `item_type` and `provider`, the provider offers the course in that item type.
    """

    q: Text | None = None
    item_type: Text | None = None
    provider: Text | None = None
    limit: Limit = 25
    cursor: Cursor | None = None


class Courses(TypedDict):
    items: list[Course]
    next_cursor: str | None


class FiltersQuery(Given):
    """`item_type`: only providers who offer something in it."""

    item_type: Text | None = None


class ProviderFilter(TypedDict):
    """courses: how many the provider offers, in the item type if one was asked for."""

    provider: str
    name: str
    courses: int


class CatalogFilters(TypedDict):
    """item_types: how many courses are offered in each."""

    item_types: dict[str, int]
    providers: list[ProviderFilter]


Status = Literal["pending", "earned", "denied", "redeemed", "expired"]
Sort = Literal[
    "title", "status", "item_type", "credits", "started_on", "completed_on", "submitted_on", "expires_on",
    "-title", "-status", "-item_type", "-credits", "-started_on", "-completed_on", "-submitted_on", "-expires_on",
]  # fmt: skip


class ClaimsQuery(AsOfQuery):
    """`q`: letters of a course's id or title, in any case; `sort`: a hyphen before the field puts the last first.

    `as_of`: as it was known on an earlier day, or as it will be on a later one if nothing happens until then.
    """

    status: Status | None = None
    q: Text | None = None
    sort: Sort = "-submitted_on"
    limit: Limit = 25
    cursor: Cursor | None = None


class Claims(TypedDict):
    items: list[Claim]
    next_cursor: str | None


class NewCase(Given):
    message: Message


class NewMessage(Given):
    """`close`: for operators only; the outcome of the case is then `answered`."""

    message: Message
    close: bool = False


class CasesQuery(Given):
    state: Literal["open", "closed"] | None = None
    limit: Limit = 25
    cursor: Cursor | None = None


class Dashboard(TypedDict):
    announcements: list[Announcement]
    certifications: list[Certification]


class Certifications(TypedDict):
    certifications: list[Certification]


class Option(TypedDict):
    """Numbers by part: credits, fee, and kinds of exams."""

    needs: dict[str, int]
    remaining: dict[str, int]


class Counted(TypedDict):
    claim_id: str
    credits: int
    completed_on: date


class ExamCounted(TypedDict):
    exam: str
    kind: str
    passed_on: date


class Progress(TypedDict):
    """What counts toward a certification and what is left, one of `remaining`; `because` names the rules."""

    certification: str
    as_of: date
    expires_on: date
    credits: int
    options: list[Option]
    remaining: list[dict[str, int]]
    counted: list[Counted]
    exams: list[ExamCounted]
    because: list[str]


class Recertification(TypedDict):
    """How a certification's cycle moved on: by its own recertification, or renewed along with another's.

    number: its place among all of the holder's; date: the day on which the criteria were met; option: the parts that
    were met, none for an award.
    """

    number: int
    certification: str
    date: date
    option: dict[str, int] | None
    used: list[Counted]
    exams: list[str]
    renewed: list[str]


class History(TypedDict):
    certification: str
    recertifications: list[Recertification]
