"""A small program in which everything that any function does can be done at once, mostly to Ann."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import ledger
from ledger import Announcement, PartnerRecord, Provider
from ledger.values import digest
from policy import facts
from policy.partners import facts as learned

from tests.aws.memory import Memory
from tests.aws.stage import BUCKET, Clock, clients_of_memory, stage
from tests.functions.certificates import FILES
from tests.functions.events import SENDER
from tests.functions.http import ANN
from tests.functions.partners import APPROVED, ENOUGH, qualify
from tests.functions.sample import CLAIM, TRACK, keep_course, keep_holder
from tests.ledger import world

ANNS = ("ann@example.com", "ann@work.example.com")
# An account that nobody has yet.
NEW = "new@example.com"
CERTIFICATE_ID = "CDLL-7"
COMPLETED = date(2021, 2, 19)
CLAIMED = date(2021, 3, 1)
# A month on: claims are overdue, and a certification is about to expire.
TODAY = date(2021, 4, 2)
EXPIRES = date(2021, 5, 2)
NORTHWIND, TAILSPIN, FABRIKAM = "northwind", "tailspin", "fabrikam"
EXPRESS = "express-networking"
# When Fay pays.
DUE = date(2018, 4, 2)
# Of claims, by what can be done to them.
REVIEWED, PENDING, DISPUTED, DENIED = (f"ann-{number:04d}" for number in range(1, 5))
PROOF = f"{digest('admin@northwind.example')}/{3:032x}"
# The entry of Northwind in which an attendance of Gus was recorded, and its proof.
ATTENDED, PROVEN = "4", f"{digest('admin@northwind.example')}/{4:032x}"
UPLOADED, KEPT = (f"{digest(ANNS[0])}/{number:032x}" for number in (1, 2))


@dataclass(frozen=True)
class Program:
    aws: Memory
    clock: Clock

    @contextmanager
    def once_more(self) -> Iterator["Program"]:
        """In the block another that begins as this one stands, at the same noon."""
        self.clock.set(TODAY)
        with self.aws.copy().serving() as aws:
            yield Program(aws, self.clock)


@contextmanager
def program() -> Iterator[Program]:
    """In the block the program as it stands, at noon of TODAY."""
    with clients_of_memory(), stage(CLAIMED) as (aws, clock):
        _keep_all(aws)
        _let_happen()
        clock.set(TODAY)
        yield Program(aws, clock)


def _keep_all(aws: Memory) -> None:
    for course in world.COURSES.values():
        ledger.put_course(course)
    keep_course("ENCOR")
    ledger.put_provider(Provider("acme", "Acme", (SENDER,)))
    ledger.put_announcement(Announcement("a", "Closed on Monday", CLAIMED))
    for folder in ("uploads", "kept"):
        aws.s3.files[BUCKET, f"{folder}/{KEPT}"] = ("application/pdf", FILES["application/pdf"])
    aws.s3.files[BUCKET, f"kept/{PROVEN}"] = ("application/pdf", FILES["application/pdf"])
    for key in (UPLOADED, PROOF):
        aws.s3.files[BUCKET, f"uploads/{key}"] = ("application/pdf", FILES["application/pdf"])
    keep_holder("ann", *ANNS)
    keep_holder("bob")
    _owe_a_fee()
    _keep_partners()


def _keep_partners() -> None:
    """Northwind holds a specialization and is in grace, Tailspin has lost it, and Fabrikam may apply for it.

    Gus fills the roles of all three, and has done what a renewal takes. Ann is with Northwind, too.
    """
    for partner in (NORTHWIND, TAILSPIN, FABRIKAM):
        contacts = (f"admin@{partner}.example",)
        ledger.put_partner(PartnerRecord(partner, partner.title(), ("max@example.com",), contacts))
    before = APPROVED - timedelta(days=75)
    ledger.link_accounts("gus", ["gus@example.com"], "Gus", before)
    qualify("gus", on=before)
    for partner, day in {TAILSPIN: before, NORTHWIND: APPROVED, FABRIKAM: APPROVED}.items():
        ledger.associate(partner, "gus", day)
        filled = [learned.RoleFilled(partner, EXPRESS, role, "gus") for role in ("am", "fe")]
        ledger.record_partner(partner, filled, day)
        if partner != FABRIKAM:
            ledger.record_partner(partner, [learned.ApplicationSubmitted(partner, EXPRESS)], day)
    event = ("CONFERENCE", APPROVED, "attended", NORTHWIND, EXPRESS, True)
    attended = learned.ActivityRecorded("gus", *event, proof_key=PROVEN)
    ledger.record_partner(NORTHWIND, [attended], APPROVED)
    assert str(ledger.load_partner(NORTHWIND).version) == ATTENDED
    for item in (*ENOUGH, "SDWFND"):
        ledger.record("gus", [learned.ActivityRecorded("gus", item, COMPLETED, "completed")], CLAIMED)
    ledger.associate(NORTHWIND, "ann", CLAIMED)


def _owe_a_fee() -> None:
    """Fay has earned the credits after which the edition of 2017 asks for a fee."""
    began, on = date(2017, 7, 1), DUE - timedelta(days=20)
    ledger.link_accounts("fay", ["fay@example.com"], "Fay", began)
    imported = facts.CertificationImported(TRACK, "expert", date(2017, 1, 20), date(2019, 1, 20))
    ledger.record("fay", [facts.TermsAccepted(), imported], began)
    world.submit("fay", "HUGE", day=on, completed=on - timedelta(days=3))
    ledger.record("fay", [facts.ClaimDecided("fay-0001", "earned", None)], on)


def _let_happen() -> None:
    huge = world.completion(ANNS[0], "HUGE", completed=COMPLETED - timedelta(days=7))
    world.submit("ann", "HUGE", day=CLAIMED, completed=huge.completed_on)
    world.push(huge, day=CLAIMED)
    world.push(world.retraction(huge), day=CLAIMED)
    assert ledger.load("ann").standing.recertifications
    world.submit("ann", "DESIGN", day=CLAIMED, certificate_id=CERTIFICATE_ID)
    for name in ("CYBER", "CORE"):
        certificate = {"certificate_key": KEPT} if name == "CORE" else {}
        given = {**CLAIM, "course": name, "version": "1.0", "item_type": world.ACTIVITY, **certificate}
        assert ANN.post("/claims", given, key=name, on=CLAIMED).status == 201
        failed = world.completion(ANNS[0], name, outcome="incomplete")
        world.push(failed, day=CLAIMED)
    world.submit("bob", "DESIGN", day=CLAIMED, certificate_id=CERTIFICATE_ID)
    ledger.record("ann", [facts.CaseOpened("ann-C0001", DISPUTED, "Why?")], CLAIMED)
    soon = facts.CertificationImported("ccna", "associate", EXPIRES - timedelta(days=1095), EXPIRES)
    ledger.record("ann", [soon], CLAIMED)
    world.push(world.completion(NEW, "CORE"), day=CLAIMED)
