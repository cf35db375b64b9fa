"""`standing rehearse`: whose standing a draft edition would change, and how. Nothing is written anywhere."""

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ledger
from policy import Refused, program
from policy.program import Program

from standing import parsing
from standing.differences import KINDS, Difference, differences
from standing.errors import FAILED, OK, CommandError
from standing.output import complain, say

MORE = """\
EDITION is a file like those of the program (TOML). It stands in for the edition of the same id or first day, or comes
after the last one, which then ends on the day before. Every journal is replayed twice, by the program as it is and
with the draft, with time passed until one day. What was claimed and decided by operators counts as it was accepted."""
TOLD_EACH = 1000
BROKEN = (Refused, ledger.JournalBroken)
Entries = tuple[ledger.Entry, ...]


def add(commands: Any) -> None:
    rehearse = parsing.command(commands, "rehearse", _rehearse, "show whom a draft edition would change", more=MORE)
    rehearse.add_argument("edition", type=Path, metavar="EDITION")
    rehearse.add_argument(
        "--on", type=parsing.day, metavar="DATE", help="the day compared; by default the later of today and its first"
    )
    rehearse.add_argument("--holder", type=parsing.identifier, metavar="HOLDER", help="nobody else; by default all")


def _rehearse(given: Namespace) -> int:
    rules, draft = program.with_edition(program.load(), given.edition)
    day = given.on or max(parsing.today(), draft.start)
    say(f"{draft.id}, in force from {draft.start}, as of {day}")
    looked_at = changed = failed = 0
    kinds: Counter[str] = Counter()
    for holder, entries in ledger.journals(given.holder):
        looked_at += 1
        if looked_at % TOLD_EACH == 0:
            complain(f"{looked_at} holders looked at")
        try:
            found = _compare(holder, tuple(entry for entry in entries if entry.day <= day), rules, day)
        except BROKEN as error:
            # One holder's trouble holds up no other.
            failed += 1
            complain(f"{holder}: cannot be replayed: {error}")
            continue
        if found:
            changed += 1
            say(holder)
        for difference in found:
            kinds[difference.kind] += 1
            for line in _in_words(difference):
                say(f"  {line}")
    if given.holder and not looked_at:
        raise CommandError(f"--holder: nothing is known of a holder {given.holder}")
    say(f"holders looked at: {looked_at}, changed: {changed}, failed: {failed}")
    for kind, words in KINDS.items():
        if kinds[kind]:
            say(f"  {words}: {kinds[kind]}")
    return FAILED if failed else OK


def _compare(holder: str, entries: Entries, rules: Program, day: date) -> list[Difference]:
    now, drafted = ledger.replay(holder, entries), ledger.replay(holder, entries, rules)
    gone, new = drafted.redecided()
    past = Difference("past", "recorded decisions", "they stand", f"{gone} not made, {new} others")
    for loaded in (now, drafted):
        loaded.standing.advance(day)
    return [*differences(now.standing, drafted.standing), *([past] if gone or new else [])]


def _in_words(difference: Difference) -> Iterator[str]:
    if difference.kind != "remaining":
        yield f"{difference.what}: {difference.now} -> {difference.drafted}"
        return
    yield difference.what
    yield f"  now: {difference.now}"
    yield f"  draft: {difference.drafted}"
