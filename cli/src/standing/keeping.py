"""`standing provider` and `standing holder`: who may report, and whose accounts are whose."""

from argparse import Namespace
from typing import Any

import ledger

from standing import parsing
from standing.errors import OK
from standing.output import complain, say
from standing.words import decision_in_words, listed

SENDERS = """\
SENDER is a principal as the queue sees it: an account id, the unique id of a user (AIDA...) or of a role (AROA...,
without the session)."""
ACCOUNTS = """\
The accounts given are the holder's from then on, these and no others; one that has claims or reports stays in any
case. What was reported about an account before it was anybody's counts from now on."""


def add(commands: Any) -> None:
    providers = parsing.group(commands, "provider", "those who report completions")
    put = parsing.command(providers, "put", _put_provider, "keep a provider and who may send for it", more=SENDERS)
    put.add_argument("provider", type=parsing.identifier, metavar="PROVIDER")
    put.add_argument("--name", type=parsing.line, required=True)
    put.add_argument(
        "--sender", type=parsing.line, nargs="+", action="extend", required=True, dest="senders", metavar="SENDER"
    )
    holders = parsing.group(commands, "holder", "holders and their accounts")
    link = parsing.command(holders, "link", _link_holder, "make a holder known, with accounts", more=ACCOUNTS)
    link.add_argument("holder", type=parsing.identifier, metavar="HOLDER")
    link.add_argument(
        "--account", type=parsing.account, nargs="+", action="extend", required=True, dest="accounts", metavar="EMAIL"
    )
    link.add_argument("--name", type=parsing.line, help="by default the name that the holder has")


def _put_provider(given: Namespace) -> int:
    kept = ledger.get_provider(given.provider)
    provider = ledger.Provider(given.provider, given.name, tuple(dict.fromkeys(given.senders)))
    ledger.put_provider(provider)
    what = "created" if kept is None else "unchanged" if kept == provider else "changed"
    say(f"{what} {provider.provider}: {provider.name}; senders {listed(provider.senders)}")
    if kept and kept != provider:
        say(f"  was: {kept.name}; senders {listed(kept.senders)}")
    return OK


def _link_holder(given: Namespace) -> int:
    before = ledger.load(given.holder, consistent=True)
    name = given.name or before.name
    linked = ledger.link_accounts(
        given.holder, given.accounts, name, parsing.today(), cause=parsing.cause("holder link")
    )
    what = "created" if linked.created else "changed" if linked.changed else "unchanged"
    say(f"{what} {given.holder}: {name or 'no name'}; accounts {listed(list(dict.fromkeys(given.accounts)))}")
    for account in before.accounts:
        if account not in given.accounts:
            say(f"  no longer the holder's: {account}")
    if linked.recorded and linked.recorded.entry:
        for decision in linked.recorded.entry.decisions:
            say(f"  {decision_in_words(decision)}")
        for refused in linked.recorded.entry.refused:
            complain(f"what waited for the account was refused: {refused['detail']}")
    return OK
