"""Erasing what is personal about a holder, without a gap in the journal and without another decision.

First one commit: an entry that records the erasure, with the pseudonyms; from then on nobody reads anything personal,
and the accounts are nobody's. Then every place where it is stored is written anew, and last that entry without the
accounts. Entries keep their numbers, days, decisions and events.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from ledger import holdings, keys, personal, table
from ledger.commit import Change, committed
from ledger.entry import Entry
from ledger.errors import UnknownHolder
from ledger.journal import Loaded, load, replay, to_write

Item = dict[str, Any]


def erase(holder: str, day: date, *, cause: str = "") -> list[str]:
    """Let nobody read anything personal about a holder any more; gives the accounts that the holder had until then.

    What is stored is erased by `finish`; called in between, it gives the same. No accounts: all has been erased.
    Raises UnknownHolder, JournalBroken, Busy.
    """

    def plan(loaded: Loaded) -> Change | None:
        if not loaded.entries:
            raise UnknownHolder(holder)
        instead = personal.pseudonyms(holder, loaded.entries)
        entries = tuple(personal.without(entry, instead) for entry in loaded.entries)
        if entries == loaded.entries:
            return None
        after = replay(holder, entries)
        known = loaded.day(day)
        after.standing.advance(known)
        accounts = tuple(instead.get(account, account) for account in loaded.accounts)
        return Change(
            after=replace(after, accounts=accounts, name=None),
            day=known,
            cause=cause,
            attributes={"accounts": accounts, "erased": True, "erasing": instead},
            actions=list(_given(loaded, instead)),
        )

    committed(to_write(holder), plan)
    erasing = [entry.erasing or {} for entry in load(holder, consistent=True).entries]
    return sorted({account for instead in erasing for account in instead})


def finish(holder: str) -> int:
    """Erase what is stored; gives the number of items that were written anew or deleted."""
    entries = holdings.stored(holder)
    changed = 0
    clean = personal.seen(entries)
    for entry, wanted in zip(entries, clean, strict=True):
        if wanted != entry:
            changed += table.change(_rewritten(wanted))
    for reminder in list(holdings.reminders(clean)):
        changed += table.delete(keys.key(reminder["pk"], reminder["sk"])) is not None
    sources = {keys.fact_of(source)["pk"]: source for entry in clean for source in entry.sources}
    for marker in list(holdings.markers(clean)):
        # Of a fact that waited, or whose id has an account in it, it names the account.
        renamed: Item = {**keys.key(marker["pk"], marker["sk"]), **sources[marker["pk"]], "holder": holder}
        if "account" in marker or ("marker" in renamed and renamed != marker):
            table.put(renamed)
            changed += 1
    for unfinished in entries:
        if unfinished.erasing is not None:
            changed += table.change(table.update_action(keys.entry(unfinished.pk, unfinished.seq), "REMOVE erasing"))
    return changed


def _given(loaded: Loaded, instead: personal.Pseudonyms) -> Iterator[Item]:
    """The parts of a transaction that give a holder pseudonyms for accounts, and take these away."""
    for account in loaded.accounts:
        if account in instead:
            yield table.delete_action(keys.account(account), "holder = :holder", holder=loaded.holder)
            new = {**keys.account(instead[account]), "holder": loaded.holder}
            yield table.put_action(new, "attribute_not_exists(pk)")


def _rewritten(entry: Entry) -> Item:
    """The action that leaves out of a stored entry what is personal, and nothing else."""
    wanted = entry.to_item()
    named = {name: wanted[name] for name in ("facts", "sources", "refused", "cause", "accounts") if wanted.get(name)}
    names = {f"#{name}": name for name in (*named, "name")}
    told = "SET " + ", ".join(f"#{name} = :{name}" for name in named) if named else ""
    action = table.update_action(
        keys.entry(entry.pk, entry.seq), f"{told} REMOVE #name", "attribute_exists(pk)", **named
    )
    return {"Update": {**action["Update"], "ExpressionAttributeNames": names}}
