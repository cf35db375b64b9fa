"""Random histories of partners: dense in facts that bear on one another, on the days around every boundary.

Every fact is one that could be recorded; rules refuse some of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import length_hint
from typing import Any

from hypothesis import strategies as st
from policy import Refused
from policy.dates import add_months, add_years
from policy.partners import Partner, facts, program
from policy.partners.dated import always, on
from policy.partners.program import Item, Program, Role, Specialization

PARTNERS = ("p1", "p2")
INDIVIDUALS = ("ann", "bob", "cat")
PROGRAM = Program(
    program.load(),
    items={
        "LAB-20": always(Item(points=20)),
        "LAB-15": always(Item(points=15)),
        "WEB-59": always(Item(minutes=59)),
        "NOTHING": always(Item(minutes=29)),
        "DELTA": always(Item(points=5)),
        "BOOT": always(Item(points=30, exceptional=True)),
        "700-002": always(Item(points=10)),
        "CONFERENCE": always(Item(points=20, event=True)),
    },
    specializations={
        "cloud": Specialization.always(
            "express",
            ("LAB-20", "LAB-15", "WEB-59", "NOTHING", "DELTA", "700-002"),
            ("DELTA",),
            {"am": Role(("700-001",))},
        ),
        "security": Specialization.always("advanced-architecture", ("LAB-20", "LAB-15", "BOOT", "DELTA"), (), {}),
        "iot": Specialization.always(
            "advanced-technology",
            ("LAB-20", "BOOT", "NOTHING"),
            ("NOTHING",),
            {"se": Role(("700-001", "700-003"), "iot-specialist")},
        ),
        "atp": Specialization.always(
            "authorized-technology-provider",
            ("LAB-20",),
            ("LAB-20",),
            {"am": Role((), "rep"), "fe": Role((), None, "ccnp")},
        ),
    },
)
LIBRARIES = (
    (("LAB-20", "LAB-15", "BOOT"), ()),
    (("LAB-20", "LAB-15", "WEB-59", "DELTA", "700-002"), ("DELTA", "700-002")),
    (("DELTA", "NOTHING", "LAB-20", "BOOT"), ("LAB-20",)),
    (("LAB-20", "LAB-15", "WEB-59", "NOTHING", "DELTA", "700-002", "BOOT"), ("DELTA",)),
)
EXAMS = ("700-001", "700-002", "700-003", "700-004")
STARTS = tuple(map(date.fromisoformat, ("2015-04-26", "2019-08-31", "2020-02-29", "2021-01-01")))
GAPS_DAYS = (0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 7, 30, 60)
LATE_DAYS = (0, 0, 0, 0, 1, 2, 5, 9, 10, 11, 12, 30, 90, 200, 365)
# Days around what is counted from an anniversary.
EDGES_DAYS = (-91, -90, -89, -10, -1, 0, 0, 0, 1, 1, 2, 3, 5, 9, 10, 10, 11, 11, 12)


@dataclass(frozen=True)
class Event:
    """A fact and the day on which it became known."""

    day: date
    fact: facts.Fact

    def concerns(self, partner: str) -> bool:
        return getattr(self.fact, "partner", None) in (None, partner)


def histories(bytes_min: int = 150, bytes_max: int = 900) -> st.SearchStrategy[list[Event]]:
    """Histories in order of day, each beginning with a partner that has applied."""
    return st.binary(min_size=bytes_min, max_size=bytes_max).map(_from_bytes)


def _from_bytes(given: bytes) -> list[Event]:
    # A choice is a byte: drawing each by itself would take most of the time.
    choices = iter(given)
    made = _History(lambda number: next(choices, 0) % number)
    while length_hint(choices):
        made.go_on()
    return made.events


def history(pick: Callable[[int], int], events: int) -> list[Event]:
    """One of so many choices; pick: a number below the one given."""
    made = _History(pick)
    for _ in range(events):
        made.go_on()
    return made.events


def play(events: list[Event], partner: Partner | None = None, name: str = "p1") -> Partner:
    """The partner after a history, what is refused being passed over."""
    partner = partner or Partner(PROGRAM)
    for event in events:
        if event.concerns(name):
            take(partner, event)
    return partner


def take(partner: Partner, event: Event) -> facts.Fact | Refused:
    """The fact as it is to be kept, or its refusal."""
    try:
        return partner.record(event.fact, event.day)
    except Refused as refusal:
        return refusal


def state(partner: Partner) -> dict[str, Any]:
    """Everything that a partner knows, to be compared with another's."""
    return {name: value for name, value in vars(partner).items() if name not in ("program", "found")}


class _History:
    def __init__(self, pick: Callable[[int], int]) -> None:
        self.pick = pick
        self.today: date = self.one_of(STARTS)
        self.events: list[Event] = []
        self.approvals: list[date] = []
        for individual in INDIVIDUALS[:2]:
            self.add(facts.IndividualAssociated("p1", individual))
            self.add(facts.ExamPassed(individual, "700-001", self.today))
        for name, role in (("cloud", "am"), ("iot", "se"), ("atp", "am"), ("atp", "fe")):
            self.add(facts.RoleFilled("p1", name, role, "ann"))
        for badge, kind in (("rep", facts.REPRESENTATIVE), ("iot-specialist", facts.SPECIALIST)):
            self.add(facts.BadgeEarned("ann", badge, self.today + timedelta(days=self.one_of((365, 700))), kind))
        self.add(facts.CertificationHeld("ann", "ccnp", self.today + timedelta(days=self.one_of((365, 700)))))
        self.add(facts.PointsRequiredSet("express", self.one_of((20, 35, 40))))
        self.add(facts.PointsRequiredSet("advanced-architecture", self.one_of((20, 40, 60, 100))))
        for name in ("cloud", "security", "iot", "atp"):
            self.apply(name)
        acts = {
            self.study: 20,
            self.renew: 6,
            self.reactivate: 3,
            self.pass_exam: 2,
            self.apply: 1,
            self.join: 3,
            self.leave: 2,
            self.fill: 2,
            self.certify: 2,
            self.set_points: 1,
            self.change_library: 1,
            self.replace_exam: 1,
            self.merge: 1,
        }
        self.acts = [act for act, weight in acts.items() for _ in range(weight)]

    def one_of(self, values: Sequence[Any]) -> Any:
        return values[self.pick(len(values))]

    def ago(self) -> date:
        return self.today - timedelta(days=self.one_of(LATE_DAYS))

    def add(self, fact: facts.Fact) -> None:
        self.events.append(Event(self.today, fact))

    def go_on(self) -> None:
        if self.pick(5) == 0:
            self.today = max(self.today, self.edge())
        else:
            self.today += timedelta(days=self.one_of(GAPS_DAYS))
        self.one_of(self.acts)()

    def edge(self) -> date:
        """A day near the next anniversary of some approval, half a year after one, or the end of eighteen months."""
        approved = self.one_of(self.approvals)
        years = max(0, self.today.year - approved.year - 1)
        days = [add_years(approved, years + more) + timedelta(days=self.one_of(EDGES_DAYS)) for more in range(3)]
        lost = add_years(approved, max(1, years)) + timedelta(days=11)
        days += [add_months(add_years(approved, years), 6) + timedelta(days=self.pick(2))]
        if self.pick(8) == 0:
            days = [add_months(lost, 18) + timedelta(days=self.pick(2))]
        return min((day for day in days if day >= self.today), default=self.today)

    def specialization(self) -> str:
        return self.one_of(("cloud", "cloud", "cloud", "cloud", "security", "security", "iot", "atp"))

    def partner(self) -> str:
        return self.one_of(("p1", "p1", "p1", "p1", "p2"))

    def individual(self) -> str:
        return self.one_of(INDIVIDUALS)

    def apply(self, name: str | None = None) -> None:
        self.approvals.append(self.today)
        self.add(facts.ApplicationSubmitted("p1" if name else self.partner(), name or self.specialization()))

    def renew(self) -> None:
        self.add(facts.RenewalSubmitted(self.partner(), self.specialization()))

    def reactivate(self) -> None:
        self.approvals.append(self.today)
        self.add(facts.ReactivationSubmitted(self.partner(), self.specialization()))

    def study(self) -> None:
        for _ in range(1 + self.pick(3)):
            self.do()

    def do(self) -> None:
        item = self.one_of(tuple(PROGRAM.items))
        mode = self.one_of((*facts.MODES[:3], *facts.MODES))
        chosen: dict[str, Any] = {}
        if PROGRAM.is_event(item, self.today):
            proof = self.pick(6) > 0
            chosen = {"partner": self.partner(), "specialization": self.specialization(), "proof": proof}
        self.add(facts.ActivityRecorded(self.individual(), item, self.ago(), mode, **chosen))

    def pass_exam(self) -> None:
        self.add(facts.ExamPassed(self.individual(), self.one_of(EXAMS), self.ago()))

    def join(self) -> None:
        self.add(facts.IndividualAssociated(self.partner(), self.individual()))

    def leave(self) -> None:
        self.add(facts.IndividualLeft(self.partner(), self.individual()))

    def fill(self) -> None:
        name = self.one_of(("cloud", "iot", "atp"))
        role = self.one_of(tuple(on(PROGRAM.specializations[name].roles, self.today)))
        self.add(facts.RoleFilled(self.partner(), name, role, self.individual()))

    def certify(self) -> None:
        expires_on = self.today + timedelta(days=self.one_of((-400, -1, 0, 1, 200, 365, 376, 800)))
        if self.pick(4) == 0:
            self.add(facts.CertificationEnded(self.individual(), "ccnp"))
            return
        badge, kind = self.one_of((("iot-specialist", "specialist"), ("rep", "representative"), ("ccnp", "")))
        if kind:
            self.add(facts.BadgeEarned(self.individual(), badge, expires_on, kind))
        else:
            self.add(facts.CertificationHeld(self.individual(), badge, expires_on))

    def set_points(self) -> None:
        kind = self.one_of(("express", "express", "advanced-architecture", "advanced-technology"))
        self.add(facts.PointsRequiredSet(kind, self.one_of((0, 5, 20, 20, 35, 40))))

    def change_library(self) -> None:
        self.add(facts.LibraryChanged(self.specialization(), *self.one_of(LIBRARIES)))

    def replace_exam(self) -> None:
        exam = self.one_of(EXAMS)
        by = self.one_of([other for other in EXAMS if other != exam])
        self.add(facts.ExamReplaced(exam, by, self.pick(3) == 0))

    def merge(self) -> None:
        individual = self.individual()
        self.add(facts.IndividualsMerged(individual, self.one_of([name for name in INDIVIDUALS if name != individual])))
