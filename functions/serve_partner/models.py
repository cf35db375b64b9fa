"""What a partner's administrators give, and what they and account managers are answered."""

from datetime import date
from typing import Annotated, Any, Literal, Union

from api.answers import Asks
from api.audit import AuditLine
from api.fields import Account, Cursor, Given, Id, LedgerDay, Limit, OptionalText, one_of
from api.uploads import Upload
from policy.partners import facts
from pydantic import Discriminator, Field, Tag
from typing_extensions import TypedDict

Employee = Literal["current", "previous"]


class PartnersQuery(Given):
    limit: Limit = 25
    cursor: Cursor | None = None


class Window(TypedDict):
    """The dates after `start` and through `end`; null for what was lost, whose window lasts."""

    start: date
    end: date | None


class Specialization(TypedDict):
    """A specialization or designation. It has a status once it was approved, and an anniversary while it is held.

    required: null where no number is set; mandatory_open: items that somebody has yet to take; blocked_by: every rule
    by which a renewal, or a reactivation of what is lost, would be refused today.
    """

    specialization: str
    type: str
    status: Literal["approved", "grace", "lost"] | None
    anniversary: date | None
    window: Window | None
    points: int
    required: int | None
    indicator: Literal["inactive", "on-target", "behind"] | None
    renewed: bool
    lost_on: date | None
    mandatory_open: list[str]
    blocked_by: list[str]


class PartnerLine(TypedDict):
    """A partner with what it holds or once held; administrator: whether the caller may change something."""

    partner: str
    name: str
    administrator: bool
    specializations: list[Specialization]


class PartnerLines(TypedDict):
    items: list[PartnerLine]
    next_cursor: str | None


class Event(TypedDict):
    """points: what attendance is worth."""

    item: str
    points: int


class Specializations(TypedDict):
    """events: what individuals may attend, for a specialization of the partner's choice."""

    partner: str
    name: str
    as_of: date
    specializations: list[Specialization]
    events: list[Event]


# `from` is a word of the language, too.
RenewalDays = TypedDict("RenewalDays", {"from": date, "through": date})


class RoleLine(TypedDict):
    """A role and who is named for it; candidates: the current individuals who qualify today."""

    role: str
    asks: Asks
    individual: str | None
    name: str | None
    associated: bool
    qualifies: bool
    candidates: list[str]


class Block(TypedDict):
    """A check that would fail today: its rule, a sentence, and the dates and numbers it rests on."""

    rule: str
    detail: str
    facts: dict[str, Any]


class LibraryItem(TypedDict):
    """points: what it is worth; taken: whether anybody has taken it in the present window; event: it needs proof."""

    item: str
    points: int
    mandatory: bool
    taken: bool
    event: bool


class Pace(TypedDict):
    """projected: the points at the anniversary, at the pace so far; meets: whether these reach the required points."""

    points: int
    projected: int
    required: int
    meets: bool
    days_left: int
    points_per_30_days_needed: int


class OnePerson(TypedDict):
    """A role for which no other current individual qualifies."""

    role: str
    individual: str


class Lapse(TypedDict):
    """A certification or badge behind a role that ends before the anniversary, or before grace does."""

    role: str
    individual: str
    kind: Literal["certification", "badge"]
    name: str
    expires_on: date
    before: Literal["anniversary", "grace"]


class Risk(TypedDict):
    """What endangers the next renewal; no pace where points do not decide."""

    pace: Pace | None
    hangs_on_one: list[OnePerson]
    lapsing: list[Lapse]
    rules: list[str]


class SpecializationDetail(Specialization):
    """A specialization with all that a renewal rests on.

    name: the partner's; blocks: the rules of `blocked_by` in words; application: the same of an application as a new
    partner.
    """

    partner: str
    name: str
    as_of: date
    renewal: RenewalDays | None
    points_missing: int | None
    roles: list[RoleLine]
    blocks: list[Block]
    application: list[Block]
    library: list[LibraryItem]
    risk: Risk
    because: list[str]


class Decided(TypedDict):
    """kind: such as `specialization.renewed`; because: further rules that bore on it."""

    day: date
    kind: str
    rule: str
    because: list[str]
    facts: dict[str, Any]


class SpecializationHistory(TypedDict):
    items: list[Decided]


class Earned(TypedDict):
    """An activity that counts; it may be worth nothing."""

    individual: str
    name: str | None
    item: str
    completed_on: date
    points: int


class PointsReport(TypedDict):
    """Who earned what in the present window, current and previous employees apart."""

    partner: str
    specialization: str
    as_of: date
    window: Window | None
    points: int
    required: int | None
    current: list[Earned]
    previous: list[Earned]


class Application(Given):
    specialization: Id


class Stay(TypedDict):
    """From the day of joining through the day of leaving; null while it lasts."""

    first: date
    last: date | None


class RoleHeld(TypedDict):
    specialization: str
    role: str


class Individual(TypedDict):
    individual: str
    name: str | None
    employee: Employee
    stays: list[Stay]
    roles: list[RoleHeld]


class Individuals(TypedDict):
    individuals: list[Individual]


class ByAccount(Given):
    """The individual to whom an account belongs."""

    account: Account


class ByIndividual(Given):
    """An individual whom the partner associated before."""

    individual: Id


NewIndividual = Annotated[
    Union[Annotated[ByAccount, Tag("#account")], Annotated[ByIndividual, Tag("#individual")]],  # noqa: UP007
    Discriminator(
        lambda given: "#individual" if {"account", "individual"} & given.keys() == {"individual"} else "#account"
    ),
]


class RoleGiven(Given):
    individual: Id


class ProofUpload(Upload):
    """The form takes a file of this type, of 1 to `bytes_max` bytes, and only while it lasts."""

    proof_key: str


class Attendance(Given):
    """An event that somebody attended, by default today, and the specialization for which it is to count.

    individual: who is or was associated with the partner.
    """

    individual: Id
    item: Id
    specialization: Id
    completed_on: LedgerDay | None = None
    mode: Annotated[str, one_of(lambda: facts.MODES)] = "attended"
    proof_key: Annotated[
        OptionalText, Field(description="Of a proof of attendance, from `POST /partners/{partner}/proofs`.")
    ] = None


class Attended(TypedDict):
    """points: what the event is worth; recorded_on: when that became known.

    counts: whether it counts in the present window; where it does not, because: why not, and rule: by which rule.
    """

    activity: str
    partner: str
    specialization: str
    individual: str
    item: str
    completed_on: date
    mode: str
    points: int
    proof: bool
    recorded_on: date
    counts: bool
    because: str | None
    rule: str | None


class Attendances(TypedDict):
    items: list[Attended]
    next_cursor: str | None


class AttendancesQuery(Given):
    limit: Limit = 25
    cursor: Cursor | None = None


class PartnerAudit(TypedDict):
    partner: str
    items: list[AuditLine]
    next_cursor: str | None
