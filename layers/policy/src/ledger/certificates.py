"""Certificate ids across holders (certificate-used-once): who carries one, and whose claims earned with it.

What other holders' claims did with an id reaches a holder's journal as a fact, CertificateTaken or CertificateFreed,
so that the policy alone decides on it. The marker of an id holds two sets of holders: `carriers` have a claim with it,
`earners` a validated one. (More than one earner only where an operator upheld a dispute.)
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policy import Standing
from policy.facts import CertificateFreed, CertificateTaken, ClaimSubmitted, Fact

from ledger import keys, table

Earners = Mapping[str, frozenset[str]]


def earned(standing: Standing) -> set[str]:
    """The certificate ids with which claims of this holder are validated."""
    return {claim.certificate_id for claim in standing.claims.values() if claim.validated and claim.certificate_id}


def gained_or_lost(before: Standing, after: Standing) -> list[str]:
    """Ids that came to be earned by this holder in between, or no longer are: news for the other carriers."""
    return sorted(earned(before) ^ earned(after))


def touched(before: Standing, after: Standing, facts: Iterable[Fact]) -> set[str]:
    """Ids whose marker a commit rests on or changes."""
    submitted = {fact.certificate_id for fact in facts if isinstance(fact, ClaimSubmitted) and fact.certificate_id}
    return submitted.union(gained_or_lost(before, after))


def read_earners(ids: Iterable[str]) -> Earners:
    """The holders whose claims earned with each id, as of now."""
    markers = {certificate_id: table.get(keys.certificate(certificate_id)) or {} for certificate_id in ids}
    return {certificate_id: frozenset(marker.get("earners", ())) for certificate_id, marker in markers.items()}


def news(holder: str, known: Standing, earners: Earners) -> list[Fact]:
    """The facts that a standing lacks about what other holders did with these ids."""
    facts: list[Fact] = []
    for certificate_id, holders in sorted(earners.items()):
        taken = bool(holders - {holder})
        if taken and certificate_id not in known.certificates_taken:
            facts.append(CertificateTaken(certificate_id))
        elif not taken and certificate_id in known.certificates_taken:
            facts.append(CertificateFreed(certificate_id))
    return facts


def guard(holder: str, before: Standing, after: Standing, earners: Earners) -> list[dict[str, Any]]:
    """Keep the markers in step with a commit, provided that their earners are still those that it rests on."""
    gained, lost = earned(after) - earned(before), earned(before) - earned(after)
    actions = []
    for certificate_id, holders in sorted(earners.items()):
        update = "ADD carriers :holder"
        if certificate_id in gained:
            update += ", earners :holder"
        elif certificate_id in lost:
            update += " DELETE earners :holder"
        condition, named = "attribute_not_exists(earners)", {}
        if holders:
            condition, named = "earners = :earners", {"earners": holders}
        marker = keys.certificate(certificate_id)
        actions.append(table.update_action(marker, update, condition, holder={holder}, **named))
    return actions


def missing(holder: str, standing: Standing) -> Iterator[tuple[keys.Key, dict[str, Any]]]:
    """The markers that do not say what this holder's claims have to do with their ids, and what mends each."""
    carried = {claim.certificate_id for claim in standing.claims.values() if claim.certificate_id}
    for certificate_id in sorted(carried):
        key = keys.certificate(certificate_id)
        marker = table.get(key) or {}
        earns = certificate_id in earned(standing)
        if holder not in marker.get("carriers", ()) or earns != (holder in marker.get("earners", ())):
            update = "ADD carriers :holder, earners :holder" if earns else "ADD carriers :holder DELETE earners :holder"
            yield key, table.update_action(key, update, holder={holder})
