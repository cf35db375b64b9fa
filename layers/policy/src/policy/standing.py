"""A holder's standing: facts go in as they become known, day by day; decisions come out."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from policy import cases
from policy import facts as f
from policy.acceptance import check_claim, check_emeritus, check_fee
from policy.catalog import Course
from policy.credits import pending_claims, settle
from policy.dates import NEVER, ONE_DAY, add_years
from policy.errors import FormError
from policy.program import Program
from policy.recertification import evaluate, gain_days, renew
from policy.state import Case, Certification, Claim, Decision, Emeritus, Exam, Fee, Recertification
from policy.validation import (
    check_decision,
    decide_by_operator,
    decide_by_reports,
    record_report,
    record_retraction,
    take_certificate,
)


class Standing:
    """One holder. `record` takes a new fact, `apply` one taken before, `advance` lets time pass.

    `today` is the day it stands at; `decisions` is everything decided so far, in order.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.today = date.min
        self.terms_accepted_on: date | None = None
        self.certifications: dict[str, Certification] = {}
        self.claims: dict[str, Claim] = {}
        self.cases: dict[str, Case] = {}
        self.reports: list[f.CompletionReported] = []
        self.exams: list[Exam] = []
        self.fees: list[Fee] = []
        self.certificates_taken: set[str] = set()
        self.recertifications: list[Recertification] = []
        self.decisions: list[Decision] = []

    def copy(self) -> "Standing":
        """An independent copy, to see what would happen."""
        twin = Standing(self.program)
        twin.today, twin.terms_accepted_on = self.today, self.terms_accepted_on
        twin.certifications = {key: copy.copy(value) for key, value in self.certifications.items()}
        twin.claims = {key: copy.copy(value) for key, value in self.claims.items()}
        twin.cases = {key: copy.copy(value) for key, value in self.cases.items()}
        twin.reports = list(self.reports)
        twin.exams = [copy.copy(exam) for exam in self.exams]
        twin.fees = [copy.copy(fee) for fee in self.fees]
        twin.certificates_taken = set(self.certificates_taken)
        twin.recertifications = list(self.recertifications)
        twin.decisions = list(self.decisions)
        return twin

    def record(self, fact: f.Fact, day: date, course: Course | None = None) -> f.Fact:
        """Take a fact that becomes known on a day; gives it as it is to be kept.

        course: for a claim, the course as the catalog has it that day (None: not in the catalog).
        Raises Refused where a rule rejects the fact, FormError where it cannot be one; it then leaves no trace.
        """
        self.advance(day)
        if isinstance(fact, f.ClaimSubmitted):
            if fact.claim in self.claims:
                raise FormError("claim", f"{fact.claim} is the id of another claim")
            offered = check_claim(self, fact, course)
            fact = replace(fact, title=offered.title, credits=offered.versions[fact.version].credits)
        elif isinstance(fact, f.FeePaid):
            check_fee(self, fact)
        elif isinstance(fact, f.EmeritusGranted):
            check_emeritus(self, fact)
        elif isinstance(fact, f.ClaimDecided):
            self._check_decided(fact)
        elif isinstance(fact, cases.FACTS):
            cases.check(self, fact)
        else:
            self._check_form(fact)
        self.apply(fact, day)
        return fact

    def apply(self, fact: f.Fact, day: date) -> None:
        """Take a fact that was accepted before: what `record` does, without its checks."""
        self.advance(day)
        if isinstance(fact, cases.FACTS):
            # They change no claim: an evaluation would come to what it came to before.
            cases.take(self, fact)
            return
        before = pending_claims(self)
        denied = [claim for claim in self.claims.values() if claim.denied_by]
        expirations = {track: cert.expires_on for track, cert in self.certifications.items()}
        decided = len(self.decisions)
        late_exam = self._take(fact)
        if self.cases:
            cases.close_decided(self, self.decisions[decided:])
        reopened = [
            claim for claim in denied if claim.rule in ("corrected-report", "upheld-dispute") and claim.validated
        ]
        # A claim or report that earned nothing leaves the outcome of an evaluation as it was.
        if not isinstance(fact, f.ClaimSubmitted | f.CompletionReported) or any(
            decision.kind == "claim.earned" for decision in self.decisions[decided:]
        ):
            evaluate(self, before + reopened, late_exam)
        settle(self)
        for track, cert in self.certifications.items():
            if expirations.get(track) != cert.expires_on:
                self.decisions.extend(self._expirations(cert, self.today, self.today))

    def advance(self, day: date) -> None:
        """Let time pass through a day: evaluation where time alone can change its outcome, lapses, expirations.

        A day already past changes nothing.
        """
        if self.today == date.min:
            self.today = day
        while self.today < day:
            turn = self._next_turn(day)
            quiet_through = (turn or day + ONE_DAY) - ONE_DAY
            self._notice(self.today + ONE_DAY, quiet_through)
            self.today = turn or day
            if turn:
                evaluate(self, pending_claims(self))
                settle(self)
                self._notice(turn, turn)

    def extend(self, cert: Certification, expires_on: date) -> None:
        """Move an expiration date, never to an earlier day, and the window's end with it."""
        cert.expires_on = max(cert.expires_on, expires_on)
        years = self.program.edition(cert.expires_on).suspension_years.get(cert.level, 0)
        cert.window_end = NEVER if cert.emeritus else add_years(cert.expires_on, years)

    def turns(self) -> Iterator[date]:
        """The days on which time alone changes something, in no order, past ones included."""
        yield from (start for start, _, _ in self.program.spans)
        for cert in self.certifications.values():
            if cert.window_end < NEVER:
                yield cert.window_end + ONE_DAY
            yield cert.retired_on
            if self.claims or self.exams:
                yield from gain_days(self, cert)
        for claim in self.claims.values():
            yield claim.valid_through + ONE_DAY

    def _next_turn(self, through: date) -> date | None:
        return min((day for day in self.turns() if self.today < day <= through), default=None)

    def _check_form(self, fact: f.Fact) -> None:
        for name in ("awarded_on", "cycle_started_on", "passed_on", "completed_on"):
            value = getattr(fact, name, None)
            if value and value > self.today and not isinstance(fact, f.CompletionRetracted):
                raise FormError(name, f"{value} is after the day on which it is recorded, {self.today}")
        if isinstance(fact, f.CertificationAwarded | f.CertificationImported):
            if fact.level not in self.program.rank:
                raise FormError("level", f"{fact.level!r} is none of {', '.join(self.program.levels)}")
            held = self.certifications.get(fact.certification)
            if held and held.level != fact.level:
                raise FormError("level", f"{fact.certification} is held as {held.level}, not {fact.level}")
        if isinstance(fact, f.CertificationImported) and fact.expires_on < fact.cycle_started_on:
            raise FormError("expires_on", f"{fact.expires_on} is before the cycle began, {fact.cycle_started_on}")
        if isinstance(fact, f.CompletionReported) and fact.outcome not in f.OUTCOMES:
            raise FormError("outcome", f"{fact.outcome!r} is none of {', '.join(f.OUTCOMES)}")
        if isinstance(fact, f.ExamPassed) and fact.kind not in f.EXAM_KINDS:
            raise FormError("kind", f"{fact.kind!r} is none of {', '.join(f.EXAM_KINDS)}")

    def _check_decided(self, fact: f.ClaimDecided) -> None:
        if fact.outcome not in ("earned", "denied"):
            raise FormError("outcome", f"{fact.outcome!r} is neither earned nor denied")
        if fact.outcome == "denied" and fact.reason not in self.program.denial_reasons:
            raise FormError("reason", f"{fact.reason!r} is none of {', '.join(self.program.denial_reasons)}")
        if fact.outcome == "earned" and fact.reason is not None:
            raise FormError("reason", "is given with denied only")
        check_decision(self, fact)

    def _take(self, fact: f.Fact) -> Exam | None:
        """Change what the fact changes; gives the exam pass if it is one."""
        match fact:
            case f.TermsAccepted():
                self.terms_accepted_on = self.terms_accepted_on or self.today
                self._decide("terms.accepted", "terms-required", fact.terms_version or "terms")
            case f.ClaimSubmitted():
                self._submit(fact)
            case f.CompletionReported():
                self._decide(
                    "report.recorded",
                    "training-record",
                    fact.course,
                    outcome=fact.outcome,
                    completed_on=fact.completed_on,
                )
                record_report(self, fact)
            case f.CompletionRetracted():
                self._decide("report.retracted", "retraction", fact.course, completed_on=fact.completed_on)
                record_retraction(self, fact)
            case f.ClaimDecided():
                decide_by_operator(self, fact)
            case f.ExamPassed():
                exam = Exam(fact.exam, fact.kind, fact.passed_on)
                self.exams.append(exam)
                self._decide("exam.recorded", "exams-count", fact.exam, kind=fact.kind, passed_on=fact.passed_on)
                return exam
            case f.FeePaid():
                self.fees.append(Fee(fact.amount, self.today))
                self._decide("fee.recorded", "fee-after-credits", fact.certification or "fee", amount=fact.amount)
            case f.CertificationAwarded():
                self._award(fact)
            case f.CertificationImported():
                self._import(fact)
            case f.EmeritusGranted():
                cert = self.certifications[fact.certification]
                cert.emeritus = Emeritus(
                    fact.reinstatable_by_written, fact.business_transformation, frozenset(self.claims)
                )
                cert.window_end = NEVER
                self._decide("certification.emeritus", "emeritus", cert.track)
            case f.CertificateTaken():
                take_certificate(self, fact.certificate_id)
            case f.CertificateFreed():
                self.certificates_taken.discard(fact.certificate_id)
        return None

    def _submit(self, fact: f.ClaimSubmitted) -> None:
        claim = Claim(
            claim=fact.claim,
            account=fact.account,
            course=fact.course,
            title=fact.title or fact.course,
            version=fact.version,
            item_type=fact.item_type,
            provider=fact.provider,
            started_on=fact.started_on,
            completed_on=fact.completed_on,
            certificate_id=fact.certificate_id,
            certificate_key=fact.certificate_key,
            credits=fact.credits or 0,
            submitted_on=self.today,
            valid_through=add_years(fact.completed_on, self.program.validity_years),
        )
        self.claims[fact.claim] = claim
        edition = self.program.edition(self.today).id
        self._decide(
            "claim.submitted",
            "edition-by-date",
            claim.claim,
            edition=edition,
            course=claim.course,
            credits=claim.credits,
        )
        # What it could count for now, so that the reason is known if it is decided only after that has closed.
        settle(self)
        decide_by_reports(self, claim)

    def _award(self, fact: f.CertificationAwarded) -> None:
        track, day = fact.certification, fact.awarded_on
        expires_on = add_years(day, self.program.edition(day).term_years[fact.level])
        held = self.certifications.get(track)
        if held is None:
            held = self._hold(track, fact.level, day, expires_on)
        elif day < held.retired_on:
            held.emeritus = None
            held.cycle_start = max(held.cycle_start, day)
            self.extend(held, expires_on)
        self._decide(
            "certification.awarded",
            "term",
            track,
            awarded_on=day,
            cycle_started_on=held.cycle_start,
            expires_on=held.expires_on,
        )
        renewed = renew(self, day, self.program.rank[fact.level] - 1)
        if renewed:
            self.recertifications.append(Recertification(track, day, None, (), (), renewed))
            self._decide("certification.recertified", "award-renews-lower", track, criteria_met_on=day, renewed=renewed)

    def _import(self, fact: f.CertificationImported) -> None:
        held = self.certifications.get(fact.certification)
        if held is None:
            held = self._hold(fact.certification, fact.level, fact.cycle_started_on, fact.expires_on)
        else:
            held.cycle_start = fact.cycle_started_on
            self.extend(held, fact.expires_on)
        self._decide(
            "certification.imported",
            "import",
            held.track,
            cycle_started_on=held.cycle_start,
            expires_on=held.expires_on,
        )

    def _hold(self, track: str, level: str, cycle_start: date, expires_on: date) -> Certification:
        cert = Certification(track, level, cycle_start, expires_on, expires_on, self.program.retired_on(track))
        self.extend(cert, expires_on)
        self.certifications[track] = cert
        return cert

    def _decide(self, kind: str, rule: str, subject: str, /, **facts: object) -> None:
        self.decisions.append(Decision(self.today, kind, rule, subject, facts))

    def _notice(self, first: date, last: date) -> None:
        """What a holder is told as days pass: expirations near and come, claims overdue."""
        if first > last:
            return
        due = [decision for cert in self.certifications.values() for decision in self._expirations(cert, first, last)]
        for claim in pending_claims(self):
            day = self.program.overdue_on(claim.submitted_on)
            if first <= day <= last:
                facts = {"submitted_on": claim.submitted_on}
                due.append(Decision(day, "claim.overdue", "late-decision", claim.claim, facts))
        for cert in self.certifications.values():
            if first <= cert.retired_on <= last:
                facts = {"expires_on": cert.expires_on}
                due.append(Decision(cert.retired_on, "certification.retired", "retired-track", cert.track, facts))
        due.sort(key=lambda decision: decision.day)
        self.decisions.extend(due)

    def _expirations(self, cert: Certification, first: date, last: date) -> Iterator[Decision]:
        if cert.emeritus:
            return
        for days in self.program.notice_days:
            day = cert.expires_on - timedelta(days=days)
            if first <= day <= last:
                facts = {"expires_on": cert.expires_on, "days_to_expire": days}
                yield Decision(day, "certification.expiring", "days-to-expire", cert.track, facts)
        day = cert.expires_on + ONE_DAY
        if first <= day <= last:
            edition = self.program.edition(cert.expires_on)
            rule = "status-2017" if cert.level in edition.suspension_years else "status-2020"
            facts = {"expires_on": cert.expires_on, "status": "suspended" if cert.window_end >= day else "expired"}
            yield Decision(day, "certification.expired", rule, cert.track, facts)
        day = cert.window_end + ONE_DAY
        if cert.window_end > cert.expires_on and first <= day <= last:
            yield Decision(day, "certification.inactive", "status-2017", cert.track, {"expires_on": cert.expires_on})
