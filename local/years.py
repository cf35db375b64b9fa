"""Ellis, a holder with years behind: told by how many days ago things became known, so that it is always recent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ledger
from ledger.values import digest
from policy import facts

HOLDER, ACCOUNT, NAME = "ellis", "ellis@example.com", "Ellis"
CAUSE = "sample program"
# Where the certificate of completion of Ellis's course at home is kept.
CERTIFICATE_KEY = f"{digest(ACCOUNT)}/{'0' * 32}"


@dataclass(frozen=True)
class Course:
    """A course, and how many days ago it was completed and submitted; by default its provider has not reported it."""

    claim: str
    course: str
    version: str
    provider: str
    completed: int
    submitted: int
    reported: int | None = None
    # As many days later than Ellis says.
    reported_late: int = 0
    retracted: int | None = None
    item_type: str = "instructor-led-training"
    certificate_key: str | None = None

    def told(self, today: date) -> Iterator[tuple[int, facts.Fact]]:
        ended = today - timedelta(days=self.completed)
        began = ended - timedelta(days=4)
        about: dict[str, Any] = {
            "provider": self.provider,
            "course": self.course,
            "version": self.version,
            "account": ACCOUNT,
        }
        yield (
            self.submitted,
            facts.ClaimSubmitted(
                claim=self.claim,
                item_type=self.item_type,
                started_on=began,
                completed_on=ended,
                certificate=self.certificate_key is not None,
                certificate_key=self.certificate_key,
                **about,
            ),
        )
        late = ended + timedelta(days=self.reported_late)
        if self.reported:
            yield (
                self.reported,
                facts.CompletionReported(**about, started_on=began, completed_on=late, outcome="completed"),
            )
        if self.retracted:
            yield self.retracted, facts.CompletionRetracted(**about, started_on=began, completed_on=late)


COURSES = (
    # Redeemed by the recertification of two years ago; its provider took it back since, which operators review.
    Course("ellis-0001", "SCOR", "1.0", "acme", completed=800, submitted=790, reported=780, retracted=60),
    # Its provider was slow: when it reported, the cycle was closed.
    Course("ellis-0002", "SISE", "4.0", "globex", completed=760, submitted=750, reported=720),
    Course(
        "ellis-0003",
        "ENAUTO",
        "1.2",
        "vendor",
        completed=120,
        submitted=112,
        reported=100,
        item_type="direct-delivery",
        certificate_key=CERTIFICATE_KEY,
    ),
    # Denied, since the provider has other dates.
    Course("ellis-0004", "SNCF", "4.0", "acme", completed=85, submitted=80, reported=60, reported_late=2),
    # Overdue.
    Course("ellis-0005", "SVPN", "1.0", "acme", completed=52, submitted=43),
    Course("ellis-0006", "ENARSI", "1.0", "acme", completed=12, submitted=8),
    Course("ellis-0007", "AUTOBOOT", "1.0", "acme", completed=5, submitted=3, item_type="automation-bootcamp"),
)
DISPUTED = "ellis-0004"


def live(today: date) -> None:
    """Record it all, one commit for each thing that became known."""
    ledger.link_accounts(HOLDER, [ACCOUNT], NAME, today - timedelta(days=1460), cause=CAUSE)
    told = [*_certifications(today), *(fact for course in COURSES for fact in course.told(today))]
    for days, fact in sorted(told, key=lambda item: -item[0]):
        course = ledger.get_course(fact.course) if isinstance(fact, facts.ClaimSubmitted) else None
        ledger.record(HOLDER, [fact], today - timedelta(days=days), course=course, cause=CAUSE)


def _certifications(today: date) -> list[tuple[int, facts.Fact]]:
    def ago(days: int) -> date:
        return today - timedelta(days=days)

    return [
        (1460, facts.TermsAccepted("2020-01")),
        (1460, facts.CertificationImported("ccnp-security", "professional", ago(1460), ago(365))),
        (1460, facts.CertificationImported("ccna", "associate", ago(1460), ago(365))),
        (728, facts.ExamPassed("300-715", "concentration", ago(730))),
        (700, facts.CertificationImported("devnet-associate", "associate", ago(700), today + timedelta(days=20))),
        (299, facts.CertificationImported("ccie-security", "expert", ago(300), today + timedelta(days=795))),
    ]
