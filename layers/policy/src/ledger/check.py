"""The checker: does a whole table keep the invariants? It reads everything, so let nothing write meanwhile.

Invariants, by number: 1 journals are gapless and everything beside them follows from them; 2 a fact is recorded once;
3 nothing is lost or recorded for somebody else; 4 nothing counts twice or after its validity; 5 a commit is whole;
6 sweeps change nothing; 7 no expiration moves back; 8 events have stable ids.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ledger import keys, table
from ledger.accounts import waiting_at
from ledger.check_catalog import check_catalog
from ledger.check_holder import Claimed, check_holder
from ledger.check_journal import Finding
from ledger.check_partners import Known, check_assignments, check_partner, check_told

__all__ = ["Finding", "check"]

OF_OPERATORS = ("ANNOUNCEMENTS", "PROVIDERS", "PARTNERS", "LIBRARY")


@dataclass
class _Gathered:
    """What is to be compared once everything has been read."""

    holders: list[Claimed] = field(default_factory=list)
    partners: list[Known] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    assigned: list[tuple[str, str]] = field(default_factory=list)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    markers: dict[str, dict[str, Any]] = field(default_factory=dict)
    certificates: dict[str, dict[str, Any]] = field(default_factory=dict)
    mailed: set[str] = field(default_factory=set)


def check() -> list[Finding]:
    """Everything in the table of TABLE_NAME that breaks an invariant; an empty list where all is well."""
    found: list[Finding] = []
    gathered = _Gathered()
    for pk, items in groupby(table.scan(), key=lambda item: item["pk"]):
        kind, _, name = pk.partition("#")
        if kind == "H":
            findings, claimed = check_holder(name, items)
            found += findings
            gathered.holders.append(claimed)
            continue
        if kind == "P":
            findings, known = check_partner(name, items)
            found += findings
            gathered.partners.append(known)
            continue
        if kind == "CATALOG":
            found += check_catalog(items)
            continue
        for item in items:
            match kind:
                case "A":
                    gathered.accounts[name] = item
                case "FACT":
                    gathered.markers[pk] = item
                case "CERTIFICATE":
                    gathered.certificates[name] = item
                case "MAIL":
                    gathered.mailed.add(name)
                case "RESTORING":
                    found.append(Finding(1, pk, "filled from a backup, and not to the end"))
                case "L" if item["sk"].startswith(keys.JOURNAL):
                    # Partners are checked against it.
                    pass
                case "M":
                    gathered.assigned.append((name, item["sk"].partition("#")[2]))
                case "PARTNERS":
                    gathered.records.append(item)
                case _ if pk not in OF_OPERATORS:
                    found.append(Finding(1, pk, "an item of no known kind", None, item["sk"]))
    told = {claimed.holder: (claimed.partners, claimed.entries) for claimed in gathered.holders}
    return [
        *found,
        *_accounts(gathered),
        *_facts(gathered),
        *_certificates(gathered),
        *_mailed(gathered),
        *check_told(gathered.partners, told),
        *check_assignments(gathered.records, gathered.assigned),
    ]


def _accounts(gathered: _Gathered) -> Iterator[Finding]:
    """An account belongs to one holder, both sides say so, and nothing waits where it has been given (3, 5)."""
    owners = {account: item.get("holder") for account, item in gathered.accounts.items()}
    for claimed in gathered.holders:
        for account in claimed.accounts:
            if owners.get(account) != claimed.holder:
                yield Finding(5, f"A#{account}", "not marked as its holder's", claimed.holder, owners.get(account))
    theirs = {(account, claimed.holder) for claimed in gathered.holders for account in claimed.accounts}
    for account, item in gathered.accounts.items():
        holder = item.get("holder")
        if holder and (account, holder) not in theirs:
            yield Finding(5, f"A#{account}", "marked as a holder's who does not have it", None, holder)
        if holder and item.get("waiting"):
            yield Finding(3, f"A#{account}", "facts wait though somebody has the account", 0, len(item["waiting"]))


def _facts(gathered: _Gathered) -> Iterator[Finding]:
    """Each fact with an id is in one place, with its marker; each marker has its fact (2, 3)."""
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    journals = [(keys.holder_pk(claimed.holder), claimed.sources) for claimed in gathered.holders]
    journals += [(keys.partner_pk(known.partner), known.sources) for known in gathered.partners]
    for pk, sources in journals:
        ids: set[tuple[str | None, str]] = set()
        for source in sources:
            known = source.get("source"), source.get("id") or source["marker"]
            if known in ids:
                yield Finding(2, keys.owner(pk), f"recorded twice: {source}", 1, 2)
            ids.add(known)
            if not source.get("within_holder"):
                places[keys.fact_of(source)["pk"]].append((pk, source["digest"]))
    for account, item in gathered.accounts.items():
        for kept in waiting_at(item):
            places[keys.fact_of(kept["source"])["pk"]].append((f"A#{account}", kept["source"]["digest"]))
    for pk, recorded in places.items():
        if len(recorded) > 1:
            yield Finding(2, pk, "recorded more than once", 1, [place for place, _ in recorded])
        marked = gathered.markers.get(pk)
        for place, digest in recorded:
            if marked is None or marked["digest"] != digest:
                yield Finding(2, pk, f"no marker of the fact in {place}", digest, marked and marked["digest"])
            elif "holder" in marked and place != f"H#{marked['holder']}":
                yield Finding(2, pk, "marked as recorded elsewhere", place, f"H#{marked['holder']}")
    for pk in gathered.markers.keys() - places.keys():
        yield Finding(3, pk, "a marker whose fact is nowhere", gathered.markers[pk], None)


def _certificates(gathered: _Gathered) -> Iterator[Finding]:
    """Markers of certificate ids say what the journals say, and every carrier knows of the others' (5)."""
    carriers: dict[str, set[str]] = defaultdict(set)
    earners: dict[str, set[str]] = defaultdict(set)
    for claimed in gathered.holders:
        for certificate_id in claimed.carried:
            carriers[certificate_id].add(claimed.holder)
        for certificate_id in claimed.earned:
            earners[certificate_id].add(claimed.holder)
    for certificate_id in carriers.keys() | gathered.certificates.keys():
        marker = gathered.certificates.get(certificate_id, {})
        for name, expected in (("carriers", carriers[certificate_id]), ("earners", earners[certificate_id])):
            if marker.get(name, set()) != expected:
                what = f"{name} differ from the journals"
                yield Finding(5, f"CERTIFICATE#{certificate_id}", what, sorted(expected), sorted(marker.get(name, ())))
    for claimed in gathered.holders:
        for certificate_id in claimed.carried | claimed.taken:
            taken = bool(earners[certificate_id] - {claimed.holder})
            if taken != (certificate_id in claimed.taken):
                what = f"does not know what others did with {certificate_id}"
                yield Finding(5, claimed.holder, what, taken, not taken)


def _mailed(gathered: _Gathered) -> Iterator[Finding]:
    """What was mailed is an event of a journal, so that delivered again it has the same id (8)."""
    versions = {claimed.holder: claimed.version for claimed in gathered.holders}
    versions |= {f"P#{known.partner}": known.version for known in gathered.partners}
    for event_id in sorted(gathered.mailed):
        holder, seq, _ = event_id.rsplit("-", 2)
        if int(seq) > versions.get(holder, 0):
            yield Finding(8, f"MAIL#{event_id}", "a reminder of an event that no journal has", None, event_id)
