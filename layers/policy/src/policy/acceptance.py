"""What is checked before a fact is taken: who may claim (A3), claims (A4), fees (A6), emeritus (A2)."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from policy.catalog import Course
from policy.errors import FormError, Refused
from policy.facts import ClaimSubmitted, EmeritusGranted, FeePaid
from policy.recertification import counting_claims, counting_fees, emeritus_eligible
from policy.state import Certification

if TYPE_CHECKING:
    from policy.standing import Standing

CERTIFICATE_ID = re.compile(r"CDLL-[A-Z0-9-]+")
AMOUNT = re.compile(r"-?[0-9]{1,9}(\.[0-9]+)?")


def eligible_certifications(standing: "Standing") -> list[Certification]:
    """The certifications for which a holder may claim today (no-eligible-certification)."""
    today = standing.today
    edition = standing.program.edition(today)
    return [
        cert
        for cert in standing.certifications.values()
        if cert.level in edition.eligible_levels
        and today < cert.retired_on
        and (emeritus_eligible(cert, edition) if cert.emeritus else today <= cert.window_end)
    ]


def check_claim(standing: "Standing", fact: ClaimSubmitted, course: Course | None) -> Course:
    """The course that a claim is accepted for; raises Refused with the first rule of A4 that rejects it."""
    today, edition = standing.today, standing.program.edition(standing.today)
    if standing.terms_accepted_on is None:
        raise Refused("terms-required", "Accept the program's terms before you claim credits.", submitted_on=today)
    eligible = eligible_certifications(standing)
    if not eligible:
        levels = [level for level in standing.program.levels if level in edition.eligible_levels]
        detail = (
            f"You hold no certification that is active and of a level that may claim credits ({', '.join(levels)})."
        )
        raise Refused("no-eligible-certification", detail, submitted_on=today, eligible_levels=levels)
    course = _check_course(fact, course)
    _check_dates(standing, fact)
    _check_certificate(fact)
    in_window = [cert for cert in eligible if cert.holds(fact.completed_on)]
    if not in_window:
        raise Refused(
            "cycle-closed",
            f"The course was completed on {fact.completed_on}, outside the present cycle of all your certifications.",
            completed_on=fact.completed_on,
            cycle_started_on={cert.track: cert.cycle_start for cert in eligible},
        )
    _check_duplicate(standing, fact, in_window)
    return course


def _check_course(fact: ClaimSubmitted, course: Course | None) -> Course:
    if course is None:
        raise Refused("unknown-course", f"There is no course {fact.course} in the catalog.", course=fact.course)
    version = course.versions.get(fact.version)
    if version is None:
        known = sorted(course.versions)
        raise Refused(
            "unknown-version",
            f"{fact.course} has no version {fact.version}; it has {', '.join(known)}.",
            version=fact.version,
            versions=known,
        )
    providers = course.item_types.get(fact.item_type)
    if providers is None:
        types = sorted(course.item_types)
        detail = f"{fact.course} is not offered as {fact.item_type}; it is offered as {', '.join(types)}."
        raise Refused("item-type-mismatch", detail, item_type=fact.item_type, item_types=types)
    if fact.provider not in providers:
        detail = f"{fact.provider} does not offer {fact.course} as {fact.item_type}."
        raise Refused("provider-not-offering", detail, provider=fact.provider, providers=sorted(providers))
    first, last = version.available_from, version.available_until
    if (first and fact.completed_on < first) or (last and fact.completed_on > last):
        span = " ".join([*([f"from {first}"] if first else []), *([f"through {last}"] if last else [])])
        detail = f"{fact.course} {fact.version} is available {span}; you completed it on {fact.completed_on}."
        raise Refused(
            "not-available", detail, completed_on=fact.completed_on, available_from=first, available_until=last
        )
    return course


def _check_dates(standing: "Standing", fact: ClaimSubmitted) -> None:
    today, program = standing.today, standing.program
    if fact.started_on > fact.completed_on:
        detail = f"The start date, {fact.started_on}, is after the completion date, {fact.completed_on}."
        raise Refused("dates-out-of-order", detail, started_on=fact.started_on, completed_on=fact.completed_on)
    if fact.completed_on > today:
        detail = f"The completion date, {fact.completed_on}, is in the future."
        raise Refused("completion-in-future", detail, completed_on=fact.completed_on, submitted_on=today)
    if fact.completed_on < program.program_start:
        detail = f"Courses completed before {program.program_start} are not eligible."
        raise Refused(
            "before-program-start", detail, completed_on=fact.completed_on, program_start=program.program_start
        )
    limit = program.edition(today).claim_window_days
    if limit is not None and (today - fact.completed_on).days > limit:
        last = fact.completed_on + timedelta(days=limit)
        detail = f"A claim is submitted within {limit} days of completion; the last day for this one was {last}."
        raise Refused("claim-window", detail, completed_on=fact.completed_on, last_day=last, submitted_on=today)


def _check_certificate(fact: ClaimSubmitted) -> None:
    if fact.item_type == "direct-delivery" and not fact.certificate:
        raise Refused(
            "certificate-required", "A direct delivery needs its certificate of completion.", item_type=fact.item_type
        )
    if fact.certificate_id is not None and not CERTIFICATE_ID.fullmatch(fact.certificate_id):
        detail = (
            "A certificate id is CDLL- followed by letters A to Z, digits and hyphens; leave it out if there is none."
        )
        raise Refused("certificate-id-format", detail, certificate_id=fact.certificate_id)


def _check_duplicate(standing: "Standing", fact: ClaimSubmitted, in_window: list[Certification]) -> None:
    rank = standing.program.rank
    highest = max(rank[cert.level] for cert in in_window)
    windows = [cert for cert in in_window if rank[cert.level] == highest]
    for other in standing.claims.values():
        if other.live and other.course == fact.course and any(cert.holds(other.completed_on) for cert in windows):
            raise Refused(
                "duplicate-course",
                f"You have claimed {fact.course} already in this cycle (claim {other.claim}, {other.status}).",
                claim=other.claim,
                status=other.status,
                completed_on=other.completed_on,
                cycle_started_on={cert.track: cert.cycle_start for cert in windows},
            )


def check_fee(standing: "Standing", fact: FeePaid) -> None:
    """Raise Refused unless the fee is due today and the amount is right (fee-after-credits)."""
    if not AMOUNT.fullmatch(fact.amount):
        raise FormError("amount", f'must be an amount in USD such as "300.00", not {fact.amount!r}')
    amount = Decimal(fact.amount)
    today = standing.today
    edition = standing.program.edition(today)
    if edition.fee is None:
        raise Refused("fee-not-due", f"No fee is due under {edition.id}.", paid_on=today, edition=edition.id)
    certs = [c for c in standing.certifications.values() if fact.certification in (None, c.track)]
    if not any(_fee_due(standing, cert) for cert in certs):
        detail = "No fee is due: it can be paid, once in a cycle, when the credits that count reach the requirement."
        counting = {
            c.track: sum(claim.credits for claim in counting_claims(standing.claims.values(), c, edition, today))
            for c in certs
        }
        raise Refused("fee-not-due", detail, paid_on=today, credits=counting)
    if amount != edition.fee:
        raise Refused(
            "fee-amount", f"The fee is USD {edition.fee}, not {fact.amount}.", amount=fact.amount, fee=str(edition.fee)
        )


def _fee_due(standing: "Standing", cert: Certification) -> bool:
    today = standing.today
    edition = standing.program.edition(today)
    if today >= cert.retired_on or not cert.holds(today):
        return False
    if counting_fees(standing.fees, cert, today):
        return False
    earned = sum(claim.credits for claim in counting_claims(standing.claims.values(), cert, edition, today))
    return any(option.fee and earned >= option.credits for option in edition.options[cert.level])


def check_emeritus(standing: "Standing", fact: EmeritusGranted) -> None:
    """Raise Refused where no certification may be granted emeritus (emeritus)."""
    edition = standing.program.edition(standing.today)
    if not edition.emeritus:
        raise Refused("emeritus", f"No certification becomes emeritus under {edition.id}.", granted_on=standing.today)
    if fact.certification not in standing.certifications:
        raise FormError("certification", f"the holder has no certification {fact.certification}")
