"""Everything that is held about a holder: in the journal, beside it, and elsewhere in the table."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from ledger import keys, table
from ledger.entry import Entry, from_item
from ledger.partner_records import list_partners
from ledger.values import unpack

Item = dict[str, Any]
# Of a stored entry: what is packed.
_PACKED = ("facts", "decisions", "refused", "learning")


def held(holder: str) -> dict[str, list[Item]]:
    """All of it as plain values: `journal`, `beside` it, `markers` of accounts, facts and certificates, `reminders`, and
    what is in the journals of `partners` under any id of the individual."""
    items = list(table.partition(keys.holder_pk(holder), ConsistentRead=True))
    journal = [item for item in items if item["sk"].startswith(keys.JOURNAL)]
    entries = tuple(map(from_item, journal))
    unique = [keys.account(account) for entry in entries for account in entry.accounts or ()]
    unique += [keys.certificate(fact["certificate_id"]) for fact in _facts(entries) if "certificate_id" in fact]
    found = table.get_many(list({key["pk"]: key for key in unique}.values()))
    same = {holder, *(name for entry in entries for name in entry.same or ())}
    own = [_without_others(item, holder) for item in found if _is_own(item, holder)]
    return {
        "journal": [{name: _plain(name, value) for name, value in item.items()} for item in journal],
        "beside": [item for item in items if not item["sk"].startswith(keys.JOURNAL)],
        "markers": [*own, *markers(entries)],
        "reminders": list(reminders(entries)),
        "partners": with_partners(same),
    }


def stored(holder: str) -> tuple[Entry, ...]:
    """The entries of a holder's journal as they are stored."""
    return _entries(keys.holder_pk(holder))


def reminders(entries: tuple[Entry, ...]) -> Iterator[Item]:
    """What is kept of reminders of a journal's events, each with the account that it went to."""
    for entry in entries:
        for event in entry.events:
            yield from table.partition(keys.mail(event["id"], "")["pk"], ConsistentRead=True)


def markers(entries: tuple[Entry, ...]) -> Iterator[Item]:
    """The markers of a journal's facts that are unique in the whole table."""
    sources = [source for entry in entries for source in entry.sources if not source.get("within_holder")]
    return table.get_many([keys.fact_of(source) for source in sources])


def with_partners(individuals: Collection[str]) -> list[Item]:
    """What the journals of partners say of individuals: that they joined or left, which roles they were named for, which
    events they attended. Who of a partner said so is nothing of theirs."""
    return [
        {"entry": entry.seq, "day": entry.day, "recorded_at": entry.recorded_at, "fact": fact}
        for entry in _of_partners()
        for fact in entry.facts
        if fact.get("individual") in individuals
    ]


def proofs() -> dict[str, set[str]]:
    """Whose attendance rests on each file that a partner's administrator uploaded, by the file's key."""
    found = defaultdict(set)
    for fact in _facts(tuple(_of_partners())):
        if "proof_key" in fact:
            found[fact["proof_key"]].add(fact["individual"])
    return found


def _of_partners() -> Iterator[Entry]:
    return (entry for record in list_partners() for entry in _entries(keys.partner_pk(record.partner)))


def _entries(pk: str) -> tuple[Entry, ...]:
    named = {"pk": pk, "journal": keys.JOURNAL}
    found = table.query_all("pk = :pk AND begins_with(sk, :journal)", named, ConsistentRead=True)
    return tuple(map(from_item, found))


def _facts(entries: tuple[Entry, ...]) -> Iterator[Item]:
    return (fact for entry in entries for fact in entry.facts)


def _is_own(item: Item, holder: str) -> bool:
    return item.get("holder") == holder or holder in item.get("carriers", ())


def _without_others(item: Item, holder: str) -> Item:
    """Who else has a certificate of the same id is nothing of this holder's."""
    return {name: value & {holder} if isinstance(value, set) else value for name, value in item.items()}


def _plain(name: str, value: Any) -> Any:
    return unpack(value) if name in _PACKED else value
