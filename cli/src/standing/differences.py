"""How one holder stands by two readings of the rules: what differs, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policy import Standing, views

from standing.words import parts_in_words

# By kind of difference, in the order in which they are told: what a total counts.
KINDS = {
    "status": "certifications of another status",
    "expiration": "other expiration dates",
    "credits": "certifications toward which other credits count",
    "remaining": "certifications for which something else remains",
    "claim": "claims of another status or reason",
    "past": "holders with decisions on record that the draft would make otherwise",
}


@dataclass(frozen=True)
class Difference:
    """kind: of KINDS; what: the certification or claim and what of it; now, drafted: the two values, in words."""

    kind: str
    what: str
    now: str
    drafted: str


def differences(now: Standing, drafted: Standing) -> Iterator[Difference]:
    """What differs between two standings that the same facts made, both on the same day."""
    for kind, what, before, after in _compared(now, drafted):
        if before != after:
            yield Difference(kind, what, before, after)


def _compared(now: Standing, drafted: Standing) -> Iterator[tuple[str, str, str, str]]:
    tables = [(views.certifications(side), views.credits(side), views.remaining(side)) for side in (now, drafted)]
    (lines, credits, left), (drafted_lines, drafted_credits, drafted_left) = tables
    for track, line in lines.items():
        other = drafted_lines[track]
        yield "status", track, line["status"], other["status"]
        yield "expiration", f"{track} expires", str(line["expires_on"]), str(other["expires_on"])
        yield "credits", f"{track} credits that count", str(credits[track]), str(drafted_credits[track])
        remains = _remaining(left[track]), _remaining(drafted_left[track])
        yield "remaining", f"{track} remains", *remains
    drafted_claims = views.claims(drafted)
    for claim_id, claim in views.claims(now).items():
        yield "claim", claim_id, _status(claim), _status(drafted_claims[claim_id])


def _status(claim: dict[str, Any]) -> str:
    return ", ".join(filter(None, [claim["status"], claim["reason"]]))


def _remaining(left: Sequence[Mapping[str, int]]) -> str:
    if not left:
        return "no option is open"
    ways = "; ".join(map(parts_in_words, left))
    return f"complete one of the following: {ways}" if len(left) > 1 else ways or "nothing: it waits for its gain day"
