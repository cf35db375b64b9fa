"""What a holder has to watch: the days on which certifications, credits and patience end, if nothing happens until then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policy import views
from policy.credits import pending_claims
from policy.dates import ONE_DAY
from policy.standing import Standing
from policy.state import EARNED, Decision


@dataclass(frozen=True, slots=True)
class Deadline:
    """kind: `certification-expires` and `suspension-ends` are last days, of the track `subject`; `credits-end` is the
    last day on which the claim `subject` can count; `case-from` the first on which a case about it may be opened.
    """

    day: date
    kind: str
    subject: str
    rule: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def deadlines(standing: Standing) -> list[Deadline]:
    """Those from today on, in order; a pending claim's stays for as long as the claim is pending."""
    found = [*_certifications(standing), *_credits(standing), *_cases(standing)]
    ahead = [item for item in found if item.day >= standing.today or item.kind == "case-from"]
    return sorted(ahead, key=lambda item: (item.day, item.kind, item.subject))


def _certifications(standing: Standing) -> Iterator[Deadline]:
    for cert in standing.certifications.values():
        if cert.emeritus:
            continue
        facts = {"level": cert.level, "retired": standing.today >= cert.retired_on}
        suspends = cert.window_end > cert.expires_on
        rule = "status-2017" if suspends else "status-2020"
        facts["remaining"] = views.remaining_for(standing, cert)
        yield Deadline(cert.expires_on, "certification-expires", cert.track, rule, facts)
        if suspends:
            yield Deadline(cert.window_end, "suspension-ends", cert.track, rule, facts)


def _credits(standing: Standing) -> Iterator[Deadline]:
    """The day before time alone makes an earned claim expired or redeemed, unless a recertification then uses it."""
    ends: dict[str, Decision] = {}
    used: set[tuple[str, date]] = set()
    for decision in views.to_come(standing):
        if decision.kind == "certification.recertified":
            used.update((claim, decision.day) for claim in decision.facts["used"])
        elif decision.kind in views.CLAIM_KINDS:
            ends.setdefault(decision.subject, decision)
    for claim in standing.claims.values():
        end = ends.get(claim.claim)
        if claim.status == EARNED and end and (claim.claim, end.day) not in used:
            facts = {"credits": claim.credits, "title": claim.title, "account": claim.account}
            yield Deadline(end.day - ONE_DAY, "credits-end", claim.claim, end.rule, facts)


def _cases(standing: Standing) -> Iterator[Deadline]:
    for claim in pending_claims(standing):
        day = standing.program.case_from(claim.submitted_on)
        facts = {"submitted_on": claim.submitted_on, "title": claim.title, "account": claim.account}
        yield Deadline(day, "case-from", claim.claim, "late-decision", facts)
