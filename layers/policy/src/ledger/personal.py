"""What is personal in a holder's journal, and what stands in its place once it is erased.

Erased are the name, the accounts, what was written in cases and notes, and where certificates of completion were kept.
An account becomes a pseudonym, so that whose claim and whose report it was stays as it was, and with it every decision.
The entry that records an erasure holds the pseudonyms until nothing that they stand for is left; as long, whoever reads
the journal sees it as if none were.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ledger import keys
from ledger.entry import Entry

ERASED = "(erased)"
# Of facts: what somebody wrote, and what leads to a file.
_TEXTS = ("message", "note")
_FILE = "certificate_key"
_PSEUDONYM = "erased-"

Pseudonyms = Mapping[str, str]


def is_pseudonym(account: str) -> bool:
    """No account of a person is one: those are e-mail addresses."""
    return account.startswith(_PSEUDONYM) and "@" not in account


def pseudonyms(holder: str, entries: tuple[Entry, ...]) -> dict[str, str]:
    """One for each account that a journal names. No other holder has the same."""
    named = [account for entry in entries for account in entry.accounts or ()]
    named += [fact["account"] for entry in entries for fact in _facts(entry) if "account" in fact]
    distinct = list(dict.fromkeys(named))
    had = sum(map(is_pseudonym, distinct))
    new = [account for account in distinct if not is_pseudonym(account)]
    return {account: f"{_PSEUDONYM}{number}.{holder}" for number, account in enumerate(new, had + 1)}


def seen(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """A journal as whoever reads it is to see it: nothing is left that is being erased."""
    erasing = [entry for entry in entries if entry.erasing is not None]
    if not erasing:
        return entries
    instead = {account: pseudonym for entry in erasing for account, pseudonym in (entry.erasing or {}).items()}
    last = erasing[-1].seq
    return (*(without(entry, instead) for entry in entries[: last - 1]), *entries[last - 1 :])


def without(entry: Entry, instead: Pseudonyms) -> Entry:
    """An entry without what is personal; the same again changes nothing."""
    return replace(
        entry,
        cause=_named(entry.cause, instead),
        facts=tuple(_fact(fact, instead) for fact in entry.facts),
        sources=tuple(_source(source, instead) for source in entry.sources),
        accounts=entry.accounts and tuple(instead.get(account, account) for account in entry.accounts),
        name=None,
        refused=tuple(
            {**refused, "fact": _fact(refused["fact"], instead), "detail": _named(refused["detail"], instead)}
            for refused in entry.refused
        ),
    )


def left(entries: tuple[Entry, ...]) -> list[int]:
    """The numbers of entries, as they are stored, that hold something personal though it was erased since."""
    erased = max((entry.seq for entry in entries if entry.erased), default=0)
    return [
        entry.seq
        for entry in entries[:erased]
        if without(entry, {}) != entry or not all(map(is_pseudonym, entry.accounts or ()))
    ]


def _facts(entry: Entry) -> list[dict[str, Any]]:
    return [*entry.facts, *(refused["fact"] for refused in entry.refused)]


def _fact(fact: dict[str, Any], instead: Pseudonyms) -> dict[str, Any]:
    changed = {name: ERASED for name in _TEXTS if name in fact}
    if "account" in fact:
        changed["account"] = instead.get(fact["account"], fact["account"])
    return {name: value for name, value in {**fact, **changed}.items() if name != _FILE}


def _source(source: dict[str, Any], instead: Pseudonyms) -> dict[str, Any]:
    """Where a fact came from. An id in which a provider put an account gives way to the key of its marker, by which the
    fact is known again all the same."""
    if source.get("within_holder"):
        return {**source, "source": _named(source["source"], instead)}
    told = f"{source.get('source')} {source.get('id')}".lower()
    if not any(account in told for account in instead):
        return source
    return {"marker": keys.fact_of(source)["pk"], "digest": source["digest"]}


def _named(text: str, instead: Pseudonyms) -> str:
    """A text with accounts that stand in it as words of their own replaced."""
    if not instead:
        return text
    accounts = "|".join(map(re.escape, sorted(instead, key=len, reverse=True)))
    return re.sub(rf"(?<!\S)(?:{accounts})(?=[\s,]|$)", lambda found: instead[found[0]], text)
