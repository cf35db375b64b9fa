"""Which facts count toward a certification, which option they meet, and from which day (A6, A7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from policy.dates import ONE_DAY, add_years, gain_day
from policy.program import LAB_ONLY, Edition, Option
from policy.state import Certification, Claim, Decision, Exam, Fee, Recertification

if TYPE_CHECKING:
    from policy.standing import Standing

KINDS_OF_PART = {"professional": ("core", "concentration")}


@dataclass(frozen=True, slots=True)
class Match:
    """What an option would use, and what it still misses (number by part; empty: the option is met)."""

    claims: tuple[Claim, ...]
    exams: tuple[Exam, ...]
    fees: tuple[Fee, ...]
    missing: dict[str, int]


def emeritus_eligible(cert: Certification, edition: Edition) -> bool:
    """Whether an emeritus certification is eligible under an edition (emeritus)."""
    emeritus = cert.emeritus
    return (
        emeritus is not None
        and edition.emeritus
        and emeritus.reinstatable_by_written
        and not emeritus.business_transformation
    )


def options(cert: Certification, edition: Edition) -> Sequence[Option]:
    """The options of a certification in the edition's order; an ineligible emeritus has the lab alone."""
    if cert.emeritus and not emeritus_eligible(cert, edition):
        return LAB_ONLY
    return edition.options[cert.level]


def counting_claims(claims: Iterable[Claim], cert: Certification, edition: Edition, day: date) -> list[Claim]:
    """Claims whose credits count toward a certification on a day, in the order of their use (credits-count)."""
    if cert.level == "entry" or (cert.emeritus and not emeritus_eligible(cert, edition)):
        return []
    start, end = cert.cycle_start, cert.window_end
    counting = [
        claim
        for claim in claims
        if claim.validated
        and start < claim.completed_on <= day
        and claim.completed_on <= end
        and claim.submitted_on <= end
        and day <= claim.valid_through
        and not (cert.emeritus and claim.used)
    ]
    counting.sort(key=_order_of_use)
    courses: set[str] = set()
    # Of several for one course the one completed first counts.
    return [claim for claim in counting if not (claim.course in courses or courses.add(claim.course))]  # type: ignore[func-returns-value]


def _order_of_use(claim: Claim) -> tuple[date, date, str]:
    return claim.completed_on, claim.submitted_on, claim.claim


def counting_exams(exams: Iterable[Exam], cert: Certification, day: date) -> list[Exam]:
    """Exam passes that count toward a certification on a day, by date and number, each number once (exams-count)."""
    counting = [
        exam
        for exam in exams
        if cert.holds(exam.passed_on) and exam.passed_on <= day and not (cert.emeritus and exam.used)
    ]
    counting.sort(key=lambda exam: (exam.passed_on, exam.exam))
    numbers: set[str] = set()
    return [exam for exam in counting if not (exam.exam in numbers or numbers.add(exam.exam))]  # type: ignore[func-returns-value]


def counting_fees(fees: Iterable[Fee], cert: Certification, day: date) -> list[Fee]:
    """Fees paid in a certification's window on or before a day, and not used: a fee pays for one recertification."""
    return [fee for fee in fees if cert.holds(fee.paid_on) and fee.paid_on <= day and not fee.used]


def match(option: Option, claims: Sequence[Claim], exams: Sequence[Exam], fees: Sequence[Fee]) -> Match:
    """What an option uses: credits until the number is reached, exams by date, core parts first (exams-used)."""
    missing = {}
    used_claims: list[Claim] = []
    earned = 0
    for claim in claims:
        if earned >= option.credits:
            break
        used_claims.append(claim)
        earned += claim.credits
    if earned < option.credits:
        missing["credits"] = option.credits - earned
    if len(fees) < option.fee:
        missing["fee"] = option.fee - len(fees)
    used_exams: list[Exam] = []
    for part, number in option.exams:
        kinds = KINDS_OF_PART.get(part, (part,))
        taken = [exam for exam in exams if exam.kind in kinds and not any(exam is used for used in used_exams)][:number]
        used_exams += taken
        if len(taken) < number:
            missing[part] = number - len(taken)
    return Match(tuple(used_claims), tuple(used_exams), tuple(fees[: option.fee]), missing)


def criteria_met(standing: "Standing", cert: Certification) -> tuple[date, Option, Match] | None:
    """D, the option and what it uses: the earliest date on which an option is met and the new term reaches further.

    Source: A7 step 1, `criteria-date`, `no-gain`, `retired-track`. None if there is no such date.
    """
    last = min(standing.today, cert.window_end, cert.retired_on - ONE_DAY)
    claims = [c for c in standing.claims.values() if c.validated and cert.cycle_start < c.completed_on <= last]
    exams = [e for e in standing.exams if cert.cycle_start < e.passed_on <= last]
    if not claims and not exams:
        return None
    credits_max, kinds = sum(claim.credits for claim in claims), [exam.kind for exam in exams]
    for start, end, edition in standing.program.spans:
        first = max(start, cert.cycle_start + ONE_DAY, gain_day(cert.expires_on, edition.term_years[cert.level]))
        through = min(last, end)
        if first > through:
            continue
        choices = [option for option in options(cert, edition) if _reachable(option, credits_max, kinds)]
        if not choices:
            continue
        days = {first}
        for claim in claims:
            days.add(claim.completed_on)
            # When an earlier claim for a course lapses, a later one takes its place.
            days.add(claim.valid_through + ONE_DAY)
        days.update(exam.passed_on for exam in exams)
        days.update(fee.paid_on for fee in standing.fees)
        for day in sorted(day for day in days if first <= day <= through):
            counted = counting_claims(claims, cert, edition, day)
            passed = counting_exams(exams, cert, day)
            paid = counting_fees(standing.fees, cert, day)
            for option in choices:
                found = match(option, counted, passed, paid)
                if not found.missing:
                    return day, option, found
    return None


def _reachable(option: Option, credits_max: int, kinds: Sequence[str]) -> bool:
    """Whether an option could be met on any day by facts of so many credits and these exams: spares trying each day."""
    if option.credits > credits_max:
        return False
    return all(
        sum(kind in KINDS_OF_PART.get(part, (part,)) for kind in kinds) >= number for part, number in option.exams
    )


def evaluate(standing: "Standing", kept_open_by: Sequence[Claim], late_exam: Exam | None = None) -> None:
    """Recertify what can be, earliest D first, until nothing more is met (A7).

    kept_open_by: claims that keep a window open past its end (open-for-pending); late_exam: the exam pass
    just recorded, which opens the window that it is dated in (late-exam).
    """
    while True:
        best = None
        for cert in standing.certifications.values():
            because = _open(standing, cert, kept_open_by, late_exam)
            if because is None:
                continue
            found = criteria_met(standing, cert)
            if found:
                key = (found[0], -standing.program.rank[cert.level], cert.emeritus is None, cert.track)
                if best is None or key < best[0]:
                    best = key, cert, found, because
        if best is None:
            return
        _, cert, (day, option, uses), because = best
        _recertify(standing, cert, day, option, uses, because)


def _open(
    standing: "Standing", cert: Certification, kept_open_by: Sequence[Claim], late_exam: Exam | None
) -> tuple[str, ...] | None:
    """Why a window counts as open for step 1: () in the ordinary way, the rule's id past its end, None if it is not."""
    if standing.today <= cert.window_end:
        return ()
    if any(cert.holds(claim.completed_on) and claim.submitted_on <= cert.window_end for claim in kept_open_by):
        return ("open-for-pending",)
    if late_exam and cert.holds(late_exam.passed_on):
        return ("late-exam",)
    return None


def _recertify(
    standing: "Standing", cert: Certification, day: date, option: Option, found: Match, because: tuple[str, ...]
) -> None:
    for claim in found.claims:
        claim.used = True
    for fee in found.fees:
        fee.used = True
    passes = {(exam.exam, exam.passed_on) for exam in found.exams}
    for exam in standing.exams:
        # A pass recorded twice is one pass.
        exam.used = exam.used or (exam.exam, exam.passed_on) in passes
    emeritus = cert.emeritus is not None
    edition = standing.program.edition(day)
    waited = day == gain_day(cert.expires_on, edition.term_years[cert.level]) and all(
        done < day
        for done in (
            *(c.completed_on for c in found.claims),
            *(e.passed_on for e in found.exams),
            *(f.paid_on for f in found.fees),
        )
    )
    renewed = renew(standing, day, standing.program.rank[cert.level], cert)
    used = tuple(claim.claim for claim in found.claims)
    exams = tuple(exam.exam for exam in found.exams)
    standing.recertifications.append(Recertification(cert.track, day, option.parts, used, exams, renewed))
    because = ("criteria-date", "same-and-lower", edition.id, *because)
    if emeritus:
        because += ("emeritus",)
    if waited:
        because += ("no-gain",)
    standing.decisions.append(
        Decision(
            standing.today,
            "certification.recertified",
            "automatic",
            cert.track,
            {
                "criteria_met_on": day,
                "option": dict(option.parts),
                "used": used,
                "exams": exams,
                "renewed": renewed,
                "expires_on": cert.expires_on,
            },
            because,
        )
    )


def renew(standing: "Standing", day: date, rank: int, itself: Certification | None = None) -> tuple[str, ...]:
    """Renew every certification through a rank whose window holds a date (A7 step 4); gives their tracks.

    An emeritus certification is renewed only as `itself`, by its own recertification.
    """
    program = standing.program
    edition = program.edition(day)
    renewed = []
    for cert in standing.certifications.values():
        if program.rank[cert.level] > rank or day >= cert.retired_on or not cert.holds(day):
            continue
        if cert.emeritus and cert is not itself:
            continue
        cert.emeritus = None
        cert.cycle_start = day
        standing.extend(cert, add_years(day, edition.term_years[cert.level]))
        renewed.append(cert.track)
    return tuple(renewed)


def gain_days(standing: "Standing", cert: Certification) -> list[date]:
    """The days on which a new term first reaches further than a certification's expiration date, by edition."""
    days = []
    for start, end, edition in standing.program.spans:
        day = max(start, gain_day(cert.expires_on, edition.term_years[cert.level]))
        if day <= min(end, cert.window_end):
            days.append(day)
    return days
