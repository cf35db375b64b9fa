"""What operators give and are answered about continuous learning: partners, individuals, the program."""

from datetime import date
from typing import Annotated, Union

from api.answers import Asks
from api.fields import Account, Given, Id, LedgerDay, Text, one_of
from policy.partners.facts import BADGE_KINDS
from pydantic import Discriminator, Field, Tag
from typing_extensions import TypedDict

BadgeKind = Annotated[str, one_of(lambda: BADGE_KINDS)]


class BadgeEarned(Given):
    """expires_on: the last day on which the badge is valid."""

    badge: Text
    kind: BadgeKind
    expires_on: LedgerDay


class Badge(TypedDict):
    badge: str
    kind: str
    expires_on: date


class Merge(Given):
    """into: the id under which the person is known from now on."""

    into: Id


class Merged(TypedDict):
    """into: the id under which the person is known."""

    holder: str
    into: str


class PartnerKept(Given):
    """account_managers: the accounts of those who are assigned to the partner; contacts: addresses for reminders."""

    name: Text
    # All of them replaced by others is one transaction, of at most 100 items.
    account_managers: Annotated[list[Account], Field(max_length=40)]
    contacts: Annotated[list[Account], Field(max_length=40)]


class Partner(TypedDict):
    partner: str
    name: str
    account_managers: list[str]
    contacts: list[str]


class Partners(TypedDict):
    partners: list[Partner]


class StatedItem(Given):
    """Something to view, attend or complete that is worth `points`; exceptional: it may be worth more than others."""

    points: Annotated[int, Field(ge=0, le=1000)]
    exceptional: bool = False
    event: bool = False


class TimedItem(Given):
    """Something to view, attend or complete that is worth as much as it is long."""

    minutes: Annotated[int, Field(ge=0, le=100_000)]
    exceptional: bool = False
    event: bool = False


ItemGiven = Annotated[
    Union[Annotated[StatedItem, Tag("#points")], Annotated[TimedItem, Tag("#minutes")]],  # noqa: UP007
    Discriminator(lambda given: "#points" if "points" in given else "#minutes"),
]


class LearningItem(TypedDict):
    """points: as stated, else null; worth: the points that it gives."""

    item: str
    points: int | None
    minutes: int
    exceptional: bool
    event: bool
    worth: int


Items = Annotated[list[Id], Field(max_length=1000)]


class LibraryKept(Given):
    library: Items
    mandatory: Items


class Library(TypedDict):
    specialization: str
    library: list[str]
    mandatory: list[str]


class SpecializationOffered(Library):
    """A specialization or designation, and what each of its roles asks for."""

    type: str
    roles: dict[str, Asks]


class PointsRequiredKept(Given):
    points_required: Annotated[int, Field(ge=0, le=10_000)]


class PointsRequired(TypedDict):
    """points_required: null while no number is set."""

    type: str
    points_required: int | None


class ExamReplacement(Given):
    by: Id
    retake: bool


class Replacement(TypedDict):
    exam: str
    by: str
    retake: bool
    replaced_on: date


class LearningProgram(TypedDict):
    types: list[PointsRequired]
    specializations: list[SpecializationOffered]
    items: list[LearningItem]
    replacements: list[Replacement]
