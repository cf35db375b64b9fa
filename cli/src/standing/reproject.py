"""`standing reproject`: what lies beside the journals is written anew after the program's data changed."""

from argparse import Namespace
from typing import Any

import ledger
from policy import Refused

from standing import parsing
from standing.errors import FAILED, OK, CommandError
from standing.output import complain, say
from standing.words import listed

MORE = """\
For the days after a release that changed an edition or retired a track: lists and due days follow what the rules now
say. Journals stay as they are, so what was recorded stands. Where the rules now decide otherwise what is on record,
it says so, and exits 1: the data reach into days that are past, and ought to be taken back."""


def add(commands: Any) -> None:
    reproject = parsing.command(commands, "reproject", _reproject, "write anew what follows from journals", more=MORE)
    reproject.add_argument("--holder", type=parsing.identifier, metavar="HOLDER", help="nobody else; by default all")
    reproject.add_argument("--dry-run", action="store_true", help="say what differs and write nothing")


def _reproject(given: Namespace) -> int:
    changed = failed = looked_at = 0
    for holder, _ in ledger.journals(given.holder):
        looked_at += 1
        try:
            items = ledger.reproject(holder, write=not given.dry_run)
            gone, new = ledger.load(holder, consistent=True).redecided()
        except (ledger.LedgerError, Refused) as error:
            # One holder's trouble holds up no other.
            failed += 1
            complain(f"{holder}: {error}")
            continue
        if items:
            changed += 1
            say(f"{holder}: {listed(items)}")
        if gone or new:
            failed += 1
            complain(f"{holder}: {gone} decisions on record would not be made now, and {new} others would")
    if given.holder and not looked_at:
        raise CommandError(f"--holder: nothing is known of a holder {given.holder}")
    did = "to be written anew" if given.dry_run else "written anew"
    say(f"holders looked at: {looked_at}, {did}: {changed}, failed: {failed}")
    return FAILED if failed else OK
