"""Accounts: each belongs to one holder; facts about one that nobody has yet wait until somebody does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from policy import Standing, program
from policy.facts import Fact, from_dict, to_dict
from policy.partners import facts as learned

from ledger import keys, learning, table
from ledger.commit import ATTEMPTS, Change, Recorded, committed, pause
from ledger.entry import Source
from ledger.errors import AccountInUse, AccountNotLinked, AccountTaken, Contended, HolderErased, WaitingFull
from ledger.journal import Loaded, to_write
from ledger.learning import About
from ledger.recording import decide, marker_action, record, recorded_elsewhere
from ledger.values import size_bytes

# What waits moves into one entry, together with what is decided on it, which may say it all again.
WAITING_MAX = 300
WAITING_BYTES_MAX = 150_000


@dataclass(frozen=True)
class Linked:
    """created: the holder was not known before; changed: accounts or name are others now."""

    created: bool
    changed: bool
    recorded: Recorded | None


def holder_of(account: str) -> str | None:
    """The holder to whom an account belongs, if any."""
    return (table.get(keys.account(account)) or {}).get("holder")


def waiting_at(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What waits at an account by its item: `fact`, `source`, `cause` and the instant `at` of each, as it came."""
    return [json.loads(kept) for kept in item.get("waiting", ())]


def record_for_account(account: str, fact: Fact | About, day: date, *, source: Source, cause: str = "") -> Recorded:
    """Record a fact about an account with its holder; keep it waiting where nobody has the account.

    One of continuous learning names the account as its individual.

    Raises what `record` raises, and WaitingFull.
    """
    for attempt in range(ATTEMPTS):
        pause(attempt)
        try:
            if holder := holder_of(account):
                return record(holder, [_about(fact, holder)], day, source=source, cause=cause, account=account)
        except AccountNotLinked:
            # It was unlinked in between: look again.
            continue
        try:
            return _keep_waiting(account, fact, day, source, cause)
        except Contended:
            # It was linked in between, or somebody delivered the same.
            continue
    raise Contended(f"facts about {account}")


def _keep_waiting(account: str, fact: Fact | About, day: date, source: Source, cause: str) -> Recorded:
    # What cannot be a fact is refused now, not when the account is linked.
    if isinstance(fact, About):
        learning.checked(fact, day)
    else:
        Standing(program.load()).record(fact, day)
    if earlier := recorded_elsewhere(source):
        return earlier
    waiting = (table.get(keys.account(account)) or {}).get("waiting", [])
    if len(waiting) >= WAITING_MAX or size_bytes(waiting) > WAITING_BYTES_MAX:
        raise WaitingFull(account)
    told = {"learned": learned.to_dict(fact)} if isinstance(fact, About) else {"fact": to_dict(fact)}
    kept = {**told, "source": source.to_dict(), "cause": cause, "at": datetime.now(UTC).isoformat()}
    append = table.update_action(
        keys.account(account),
        "SET waiting = list_append(if_not_exists(waiting, :none), :facts)",
        "attribute_not_exists(holder)",
        none=[],
        facts=[json.dumps(kept)],
    )
    table.transact([marker_action(source, account=account), append])
    return Recorded(None, None, None)


def link_accounts(holder: str, accounts: list[str], name: str | None, day: date, *, cause: str = "") -> Linked:
    """Make these, and no others, the accounts of a holder, who is made known if need be.

    What waits at an account that is added becomes known to the holder in the same commit, each fact decided in the
    order in which it came. Raises AccountTaken, AccountInUse, HolderErased, EntryTooLarge, Busy; nothing changes
    then.
    """
    wanted = tuple(dict.fromkeys(accounts))
    created = False

    def plan(loaded: Loaded) -> Change | None:
        nonlocal created
        created = not loaded.entries
        if not created and (wanted, name) == (loaded.accounts, loaded.name):
            return None
        if loaded.erased:
            raise HolderErased(holder)
        used = {fact.get("account") for entry in loaded.entries for fact in entry.facts}
        actions = []
        for account in sorted(set(loaded.accounts) - set(wanted)):
            if account in used:
                raise AccountInUse(account)
            actions.append(table.delete_action(keys.account(account), "holder = :holder", holder=holder))
        waiting: list[dict[str, Any]] = []
        for account in sorted(set(wanted) - set(loaded.accounts)):
            found, action = _take(account, holder)
            waiting += found
            actions.append(action)
        waiting.sort(key=lambda kept: kept["at"])
        decided = decide(loaded, [_waited(kept, holder) for kept in waiting], day, keep_refused=True)
        sources = [kept["source"] for kept in waiting]
        change = decided.change(loaded, cause, sources=sources, actions=actions)
        attributes = {**change.attributes, "accounts": wanted, "name": name}
        after = replace(loaded, standing=decided.standing, accounts=wanted, name=name)
        return replace(change, after=after, attributes=attributes)

    recorded = committed(to_write(holder), plan)
    return Linked(created, recorded is not None, recorded)


def _take(account: str, holder: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What waits at an account, and the part of a transaction that gives the account, just so, to a holder."""
    found = table.get(keys.account(account)) or {}
    if found.get("holder") == holder:
        raise Contended(f"{account} has just been given to {holder}")
    if "holder" in found:
        raise AccountTaken(account, found["holder"])
    values = {**keys.account(account), "holder": holder}
    waiting = waiting_at(found)
    if waiting:
        return waiting, table.put_action(
            values, "attribute_exists(waiting) AND size(waiting) = :number", number=len(waiting)
        )
    return [], table.put_action(values, "attribute_not_exists(pk)")


def _waited(kept: dict[str, Any], holder: str) -> Fact | About:
    if "fact" in kept:
        return from_dict(kept["fact"])
    return _about(learned.from_dict(kept["learned"]), holder)


def _about(fact: Any, holder: str) -> Any:
    """A fact as it is about the holder of the account that it names."""
    return replace(fact, individual=holder) if isinstance(fact, About) else fact
