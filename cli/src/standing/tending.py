"""`standing sweep` and `standing check`: a day's sweep by hand, and whether the table keeps what must always hold."""

import json
from argparse import Namespace
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import ledger
from ledger import keys
from ledger.check import Finding, check

from standing import parsing
from standing.errors import FAILED, OK, CommandError
from standing.output import complain, say
from standing.words import decision_in_words

KINDS = (keys.CLAIM, keys.CERTIFICATION, keys.SPECIALIZATION)
SWEEP = """\
Records what time alone has changed by the day, as the schedules do: credits that lapse, certifications that expire,
notices, recertifications on a gain day; partners' news, reminders, grace and loss. Run twice, or for an earlier day, it
changes nothing more."""
CHECK = """\
Reads the whole table, deployed or local, and says what breaks an invariant, a line each; the exit status is then 1.
Run it while nothing is written, or it may find what is only half way."""


def add(commands: Any) -> None:
    sweep = parsing.command(commands, "sweep", _sweep, "run a day's sweep", more=SWEEP)
    sweep.add_argument("--day", type=parsing.day, metavar="DATE", help="not after today; by default today")
    sweep.add_argument("--kind", choices=(*KINDS, "all"), default="all", help="what falls due; by default all")
    parsing.command(commands, "check", _check, "find what should not be in the table", more=CHECK)


def _sweep(given: Namespace) -> int:
    today = parsing.today()
    day = given.day or today
    if day > today:
        raise CommandError(f"--day: {day} is after today, {today}; nothing is recorded that has not happened")
    due = changed = failed = 0
    for kind, owner in _due(KINDS if given.kind == "all" else [given.kind], day):
        due += 1
        settle = ledger.settle_partner if kind == keys.SPECIALIZATION else ledger.settle
        try:
            recorded = settle(owner, day, cause=f"sweep of {day}")
        except ledger.LedgerError as error:
            # One's trouble holds up no other.
            failed += 1
            complain(f"{owner}: {error}")
            continue
        if recorded and recorded.entry:
            changed += 1
            say(f"{owner}: entry {recorded.entry.seq}")
            for decision in recorded.entry.decisions:
                say(f"  {decision_in_words(decision)}")
    say(f"swept {day}: {due} due, {changed} changed, {failed} failed")
    return FAILED if failed else OK


def _due(kinds: Iterable[str], day: date) -> Iterator[tuple[str, str]]:
    for kind in kinds:
        for shard in range(ledger.SHARDS):
            cursor = None
            while True:
                page = ledger.due(kind, shard, day, cursor=cursor)
                yield from ((kind, owner) for owner in page.items)
                cursor = page.cursor
                if cursor is None:
                    break


def _check(given: Namespace) -> int:
    findings = check()
    for finding in findings:
        say(_finding(finding))
    say(f"{len(findings)} found" if findings else "nothing found")
    return FAILED if findings else OK


def _finding(finding: Finding) -> str:
    expected, actual = (json.dumps(value, default=str) for value in (finding.expected, finding.actual))
    return f"invariant {finding.invariant}: {finding.key}: {finding.what}; expected {expected}, found {actual}"
