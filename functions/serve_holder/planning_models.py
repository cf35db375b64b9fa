"""What a holder gives and is answered about what can be done next."""

from datetime import date
from typing import Annotated, Any

from api.answers import Claim
from api.claims import NewClaim
from api.fields import Given, LedgerDay, Text
from pydantic import Field
from typing_extensions import TypedDict


class PlanQuery(Given):
    """`by`: at the latest, and where it is left out, the last day of the certification's window."""

    certification: Text
    by: LedgerDay | None = None


class ListedCourse(TypedDict):
    """A course in the version that is worth the credits."""

    course: str
    title: str
    version: str
    available_until: date | None


class Choice(TypedDict):
    """Complete `number` courses of so many credits each; there are `of`, and `courses` are the first ten at most."""

    credits: int
    number: int
    of: int
    courses: list[ListedCourse]


Way = TypedDict(
    "Way",
    {
        "rank": int,
        "option": dict[str, int],
        "needs": dict[str, int],
        "credits": int,
        "credits_to_spare": int,
        "courses": int,
        "choose": list[Choice],
        "exams": dict[str, int],
        "fee": bool,
        "from": date,
        "through": date,
        "recertified_on": date,
        "expires_on": date,
    },
)
Way.__doc__ = "A way to recertify; the option and what is left of it are numbers by part: credits, fee, kinds of exams."


class Note(TypedDict):
    """What a rule has to do with it."""

    rule: str
    detail: str


class Plan(TypedDict):
    certification: str
    as_of: date
    by: date
    measure: str
    met_on: date | None
    pending_credits: int
    notes: list[Note]
    ways: list[Way]
    more: bool


class ClaimToPreview(NewClaim):
    """A course completed, or planned to be completed by the day on which it would be claimed."""

    submitted_on: Annotated[LedgerDay | None, Field(description="Today if left out; not before today.")] = None


class Refusal(TypedDict):
    """The first rule that refuses the claim, and the dates and numbers it rests on."""

    rule: str
    detail: str
    facts: dict[str, Any]


class CountsToward(TypedDict):
    """Credits that count toward a certification; `remaining`: what is left with the claim, one of these."""

    certification: str
    credits_before: int
    credits_after: int
    remaining: list[dict[str, int]]


class Recertifies(TypedDict):
    """A recertification: the day its criteria are met, by which option, and what is renewed with it."""

    certification: str
    criteria_met_on: date
    expires_on: date
    renewed: list[str]
    option: dict[str, int]


class Waiting(TypedDict):
    """How much longer a certification would last if its last course were completed as late as `until`."""

    certification: str
    until: date
    expires_on: date
    days_gained: int


class Preview(TypedDict):
    """`because`: the ids of the rules that it rests on."""

    accepted: bool
    refusal: Refusal | None
    claim: Claim | None
    counts_toward: list[CountsToward]
    recertifies: list[Recertifies]
    waiting: Waiting | None
    because: list[str]
