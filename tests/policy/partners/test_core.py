"""Who qualifies for a role: what becomes known about certifications, and in which order (B3)."""

from datetime import date

import pytest
from policy.partners import Partner, facts
from policy.partners.core import open_roles

from tests.policy.partners.histories import PROGRAM

START, LATER = date(2021, 2, 1), date(2021, 3, 1)


def open_at(*learnt: facts.Fact) -> list[str]:
    """The open roles of the designation, which asks for an active ccnp as fe, once more became known."""
    partner = Partner(PROGRAM)
    partner.record(facts.IndividualAssociated("p1", "ann"), START)
    partner.record(facts.BadgeEarned("ann", "rep", date(2030, 1, 1)), START)
    partner.record(facts.CertificationHeld("ann", "ccnp", date(2024, 1, 1)), START)
    for role in ("am", "fe"):
        partner.record(facts.RoleFilled("p1", "atp", role, "ann"), START)
    assert open_roles(partner, "atp") == []
    for fact in learnt:
        partner.record(fact, LATER)
    return open_roles(partner, "atp")


ENDED, HELD = facts.CertificationEnded("ann", "ccnp"), facts.CertificationHeld("ann", "ccnp", date(2023, 1, 1))


@pytest.mark.parametrize(
    ("learnt", "roles"),
    [
        ((ENDED,), ["fe"]),
        ((HELD, ENDED), ["fe"]),
        # Held anew, if only for a shorter time than before.
        ((ENDED, HELD), []),
        ((ENDED, facts.CertificationHeld("ann", "ccnp", START)), ["fe"]),
        ((facts.CertificationEnded("ann", "ccna"),), []),
        ((facts.CertificationEnded("bob", "ccnp"),), []),
        ((ENDED, facts.CertificationHeld("bob", "ccnp", LATER), facts.IndividualsMerged("bob", "ann")), []),
        ((facts.IndividualsMerged("ann", "bob"), ENDED), ["fe"]),
    ],
)
def test_a_certification_that_ended_qualifies_no_more_until_it_is_held_anew(
    learnt: tuple[facts.Fact, ...], roles: list[str]
) -> None:
    assert open_at(*learnt) == roles
