"""What a claim would do, by the rules themselves: it is made in a copy of the standing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policy import views
from policy.catalog import Course
from policy.dates import ONE_DAY, add_years
from policy.errors import Refused
from policy.facts import ClaimDecided, ClaimSubmitted
from policy.recertification import counting_claims, counting_exams, counting_fees, match, options
from policy.standing import Standing
from policy.state import EARNED, PENDING, Certification, Claim, Decision


@dataclass(frozen=True)
class Counting:
    """Credits that count toward a certification without and with the claim, and what is left with it: one of these."""

    certification: str
    credits_before: int
    credits_after: int
    remaining: tuple[Mapping[str, int], ...]


@dataclass(frozen=True)
class Recertifying:
    """A recertification that the claim brings about: from which day, by which option, and what it renews."""

    certification: str
    criteria_met_on: date
    expires_on: date
    renewed: tuple[str, ...]
    option: Mapping[str, int]


@dataclass(frozen=True)
class Waiting:
    """A certification would last longer if the last course were completed as late as this day."""

    certification: str
    until: date
    expires_on: date
    days_gained: int


@dataclass(frozen=True)
class Preview:
    """submitted: the standing with the claim as it would be answered, None where a rule refuses it."""

    refusal: Refused | None
    submitted: Standing | None
    counts_toward: tuple[Counting, ...] = ()
    recertifies: tuple[Recertifying, ...] = ()
    waiting: Waiting | None = None
    because: tuple[str, ...] = ()


def preview(standing: Standing, fact: ClaimSubmitted, day: date, course: Course | None) -> Preview:
    """What a claim submitted on a day would do if nothing else happened until then and its provider confirmed it.

    What reports known already decide is not assumed otherwise. Raises FormError where the fact cannot be one.
    """
    before = standing.copy()
    before.advance(day)
    submitted = before.copy()
    try:
        submitted.record(fact, day, course)
    except Refused as refusal:
        return Preview(refusal, None, because=(refusal.rule,))
    claim = submitted.claims[fact.claim]
    after, because = submitted, [submitted.program.edition(day).id, claim.rule or "training-record"]
    if claim.status == PENDING:
        after = submitted.copy()
        after.record(ClaimDecided(fact.claim, "earned"), day)
    if not after.claims[fact.claim].validated:
        return Preview(None, submitted, because=tuple(because))
    # As it stands just before the evaluation, which may close the windows that the credits count in.
    earned = before.copy()
    earned.claims[fact.claim] = replace(claim, decision=EARNED, status=EARNED, used=False)
    decisions = _recertified(before, after)
    for decision in decisions:
        because += [decision.rule, *decision.because]
    waits = _waits(before, earned, after, fact.claim)
    return Preview(
        None,
        submitted,
        tuple(_counting(before, earned, {decision.subject for decision in decisions})),
        tuple(map(_recertifying, decisions)),
        max(waits, key=lambda one: one.days_gained, default=None),
        tuple(dict.fromkeys([*because, "credits-count", "remaining"])),
    )


def _recertified(before: Standing, after: Standing) -> list[Decision]:
    new = after.decisions[len(before.decisions) :]
    return [decision for decision in new if decision.kind == "certification.recertified"]


def _counting(before: Standing, earned: Standing, recertified: set[str]) -> Iterator[Counting]:
    without, with_claim = views.credits(before), views.credits(earned)
    for track, cert in earned.certifications.items():
        if with_claim[track] > without[track] or track in recertified:
            yield Counting(track, without[track], with_claim[track], tuple(views.remaining_for(earned, cert)))


def _recertifying(decision: Decision) -> Recertifying:
    facts: Mapping[str, Any] = decision.facts
    return Recertifying(
        decision.subject, facts["criteria_met_on"], facts["expires_on"], facts["renewed"], facts["option"]
    )


def _waits(before: Standing, earned: Standing, after: Standing, claim_id: str) -> Iterator[Waiting]:
    """What each recertification would gain if the course were completed on the last day that serves instead."""
    for decision in _recertified(before, after):
        cert, met_on = before.certifications[decision.subject], decision.facts["criteria_met_on"]
        if cert.emeritus or cert.expires_on < met_on or claim_id not in decision.facts["used"]:
            continue
        edition = before.program.edition(met_on)
        # Nobody gains by letting this one, or one that is renewed with it, expire meanwhile.
        ends = (before.certifications[track].expires_on for track in decision.facts["renewed"])
        last = min([cert.retired_on - ONE_DAY, edition.end, *(end for end in ends if end >= met_on)])
        until = _last_met(earned, cert, claim_id, met_on, last)
        if until:
            expires_on, shorter = add_years(until, edition.term_years[cert.level]), after.certifications[cert.track]
            if expires_on > shorter.expires_on:
                yield Waiting(cert.track, until, expires_on, (expires_on - shorter.expires_on).days)


def _last_met(earned: Standing, cert: Certification, claim_id: str, first: date, last: date) -> date | None:
    """The last day on which an option is met with the claim completed that day, before credits it needs lapse."""
    edition = earned.program.edition(first)
    lapses = {claim.valid_through for claim in earned.claims.values() if first < claim.valid_through < last}
    for day in (last, *sorted(lapses, reverse=True)):
        claims = counting_claims(_completed(earned, claim_id, day), cert, edition, day)
        exams, fees = counting_exams(earned.exams, cert, day), counting_fees(earned.fees, cert, day)
        if any(not match(option, claims, exams, fees).missing for option in options(cert, edition)):
            return day
    return None


def _completed(standing: Standing, claim_id: str, day: date) -> list[Claim]:
    """All claims, one of them as if completed, submitted and lapsing accordingly later."""
    late = standing.claims[claim_id]
    moved = replace(
        late, completed_on=day, submitted_on=day, valid_through=add_years(day, standing.program.validity_years)
    )
    return [*(claim for claim in standing.claims.values() if claim is not late), moved]
