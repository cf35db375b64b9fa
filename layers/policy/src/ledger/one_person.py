"""As whom somebody is known who has several ids (one-person)."""

from policy.partners import Partner, facts
from policy.partners import program as offered

from ledger.journal import load


def known_as(holder: str) -> str:
    """The id under which every partner knows a holder, since any merge."""
    first = load(holder, consistent=True)
    members = [first, *(load(other, consistent=True) for other in first.same if other != holder)]
    told = sorted(
        (
            (entry.day, entry.recorded_at, fact)
            for member in members
            for entry in member.entries
            for fact in entry.learning
            if fact["event"] == facts.IndividualsMerged.event
        ),
        key=lambda merged: merged[:2],
    )
    anybody = Partner(offered.current())
    for day, _, fact in told:
        anybody.apply(facts.from_dict(fact), day)
    return anybody.person(holder)
