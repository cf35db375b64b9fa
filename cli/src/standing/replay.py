"""`standing replay`: what lies beside the journals is made anew from them."""

from argparse import Namespace
from typing import Any

import ledger
from ledger.keys import PARTNER, holder_pk, owner
from policy import Refused

from standing import parsing
from standing.errors import FAILED, OK, CommandError
from standing.output import complain, say
from standing.words import listed

MORE = """\
For a table that was restored, and for the days after a release that changed an edition or retired a track: projections,
accounts, markers and the catalog's shards follow what the journals and the rules now say. Journals stay as they are, so
what was recorded stands. Where the rules now decide otherwise what is on record, it says so, and exits 1: the data
reach into days that are past, and ought to be taken back."""


def add(commands: Any) -> None:
    help_ = "make anew what follows from the journals"
    replay = parsing.command(commands, "replay", _replay, help_, more=MORE)
    replay.add_argument("--holder", type=parsing.identifier, metavar="HOLDER", help="nobody else; by default all")
    replay.add_argument("--dry-run", action="store_true", help="say what differs and write nothing")


def _replay(given: Namespace) -> int:
    return replay(given.holder, write=not given.dry_run)


def replay(holder: str | None = None, *, write: bool = True) -> int:
    """Make everything anew, or what follows from one holder's journal; the exit status."""
    changed = failed = looked_at = 0
    if holder and not ledger.load(holder).entries:
        raise CommandError(f"--holder: nothing is known of a holder {holder}")
    for pk in [holder_pk(holder)] if holder else ledger.owners():
        looked_at += 1
        name = f"partner {owner(pk)}" if pk.startswith(PARTNER) else owner(pk)
        try:
            rebuilt = ledger.rebuild(pk, write=write)
        except (ledger.LedgerError, Refused) as error:
            # One holder's trouble holds up no other.
            failed += 1
            complain(f"{name}: {error}")
            continue
        if rebuilt.items:
            changed += 1
            say(f"{name}: {listed(rebuilt.items)}")
        if rebuilt.gone or rebuilt.new:
            failed += 1
            complain(
                f"{name}: {rebuilt.gone} decisions on record would not be made now, and {rebuilt.new} others would"
            )
    did = "made anew" if write else "to be made anew"
    for item in () if holder else ledger.rebuild_others(write=write):
        say(f"{did}: {item}")
    say(f"journals looked at: {looked_at}, {did}: {changed}, failed: {failed}")
    return FAILED if failed else OK
