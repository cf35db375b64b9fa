"""Three partners with years behind, told as Ellis is: by how many days ago things became known.

Northwind is behind with one specialization, in grace with another, and has lost a third; Southridge is on target; of
Eastgate's, one is in grace since four days, and one ran out of grace yesterday, which no sweep has seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import ledger
from policy import facts
from policy.dates import add_years
from policy.partners import facts as learning

CAUSE = "sample program"
NAMES = {"northwind": "Northwind Networks", "southridge": "Southridge Systems", "eastgate": "Eastgate Cloud"}
JOINED = 800


@dataclass(frozen=True)
class Employee:
    """exams: passed on joining; badges, certifications: for how many days from today they are valid."""

    individual: str
    partner: str
    name: str
    exams: tuple[str, ...] = ()
    badges: tuple[tuple[str, int], ...] = ()
    certifications: tuple[tuple[str, int], ...] = ()

    def qualified(
        self, today: date
    ) -> Iterator[facts.CertificationImported | learning.ExamPassed | learning.BadgeEarned]:
        joined = today - timedelta(days=JOINED)
        for exam in self.exams:
            yield learning.ExamPassed(self.individual, exam, joined)
        for badge, days in self.badges:
            yield learning.BadgeEarned(self.individual, badge, today + timedelta(days=days))
        for track, days in self.certifications:
            yield facts.CertificationImported(track, "professional", joined, today + timedelta(days=days))


@dataclass(frozen=True)
class Held:
    """A specialization, how many days ago it was applied for, and who fills its roles."""

    partner: str
    specialization: str
    applied: int
    roles: dict[str, str]


EMPLOYEES = (
    Employee("nadia", "northwind", "Nadia Reyes", exams=("700-505",)),
    Employee(
        "kim",
        "northwind",
        "Kim Sato",
        # Valid no more at the anniversary of what it is needed for.
        badges=(("collaboration-systems-engineer", 90),),
        certifications=(("ccnp-enterprise", 500),),
    ),
    Employee(
        "noor",
        "northwind",
        "Noor Haddad",
        exams=("700-512", "700-513"),
        badges=(("data-center-account-manager", 500),),
        certifications=(("ccnp-collaboration", 700), ("ccnp-data-center", 600)),
    ),
    Employee("lee", "northwind", "Lee Novak"),
    Employee(
        "mira",
        "eastgate",
        "Mira Olsen",
        exams=("700-505", "700-512", "700-513"),
        badges=(("data-center-account-manager", 500),),
        certifications=(("ccnp-enterprise", 500), ("ccnp-data-center", 600)),
    ),
    Employee("omar", "eastgate", "Omar Diaz"),
    Employee("sam", "southridge", "Sam Okafor", exams=("700-505",), certifications=(("ccnp-enterprise", 500),)),
)
HELD = (
    Held("northwind", "data-center", 400, {"am": "noor", "se": "noor", "fe": "noor"}),
    Held("northwind", "express-networking", 370, {"am": "nadia", "fe": "kim"}),
    Held("southridge", "express-networking", 250, {"am": "sam", "fe": "sam"}),
    Held("northwind", "collaboration", 250, {"am": "nadia", "se": "kim", "fe": "noor"}),
)
# Individual, item, and how many days ago it was completed.
DONE = (
    ("nadia", "NET-SALES", 200),
    ("lee", "COLLAB-LAB", 160),
    ("noor", "DC-UPDATE", 150),
    ("nadia", "COLLAB-SALES", 130),
    ("sam", "ENCOR", 100),
    ("kim", "ENCOR", 90),
    ("kim", "COLLAB-SALES", 71),
    ("sam", "NET-LAB", 50),
    ("sam", "NET-SALES", 20),
    ("mira", "NET-SALES", 200),
    ("mira", "DC-UPDATE", 180),
    ("mira", "DCCOR", 150),
    ("mira", "DCACI", 130),
    ("mira", "ENCOR", 100),
    ("mira", "DC-FABRIC-LAB", 60),
    ("mira", "NET-LAB", 50),
)
LEFT = ("northwind", "lee", 40)


def live(today: date, account_manager: str) -> None:
    """Record it all, one commit for each thing that became known."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    for partner, name in NAMES.items():
        contact = f"learning@{partner}.example"
        ledger.put_partner(ledger.PartnerRecord(partner, name, (account_manager,), (contact,)))
    for employee in EMPLOYEES:
        who, account = employee.individual, f"{employee.individual}@{employee.partner}.example"
        ledger.link_accounts(who, [account], employee.name, ago(JOINED), cause=CAUSE)
        if known := list(employee.qualified(today)):
            ledger.record(who, known, ago(JOINED), cause=CAUSE)
        ledger.associate(employee.partner, who, ago(JOINED), cause=CAUSE)
    # Anniversaries count from the approval, and years differ in length.
    eastgate = (
        Held("eastgate", "data-center", _year_and_days(today, 11), {"am": "mira", "se": "mira", "fe": "mira"}),
        Held("eastgate", "express-networking", _year_and_days(today, 4), {"am": "mira", "fe": "mira"}),
    )
    for held in (*HELD, *eastgate):
        name = held.specialization
        roles = [learning.RoleFilled(held.partner, name, role, who) for role, who in held.roles.items()]
        applied = learning.ApplicationSubmitted(held.partner, name)
        ledger.record_partner(held.partner, [*roles, applied], ago(held.applied), cause=CAUSE)
    for who, item, days in DONE:
        done = learning.ActivityRecorded(who, item, ago(days), "completed")
        ledger.record(who, [done], ago(days), cause=CAUSE)
    partner, who, days = LEFT
    ledger.record_partner(partner, [learning.IndividualLeft(partner, who)], ago(days), cause=CAUSE)
    for partner in NAMES:
        ledger.settle_partner(partner, today - timedelta(days=partner == "eastgate"))


def _year_and_days(today: date, days: int) -> int:
    """How many days ago a year ended some days ago began."""
    return (today - add_years(today - timedelta(days=days), -1)).days
