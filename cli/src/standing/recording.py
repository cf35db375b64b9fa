"""`standing award`, `import`, `exam` and `decide`: what becomes known about a holder by an operator."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import Any

import ledger
from ledger import Entry, Loaded, Recorded
from policy import facts, program, views

from standing import parsing
from standing.errors import OK, CommandError
from standing.output import say
from standing.words import decision_in_words

# By what facts are about the same: the last of them is what holds.
ABOUT = {"certification_awarded": "certification", "certification_imported": "certification", "exam_passed": "exam"}


class _RecordedAlready(Exception):
    """The same was the last thing recorded about a certification or exam, in this entry."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry


def add(commands: Any) -> None:
    award = parsing.command(commands, "award", _award, "award a certification")
    imported = parsing.command(commands, "import", _import, "take a certification as it is; it renews nothing")
    for parser in (award, imported):
        parser.add_argument("holder", type=parsing.identifier, metavar="HOLDER")
        parser.add_argument("certification", type=parsing.identifier, metavar="TRACK")
        parser.add_argument("level", choices=parsing.LEVELS, metavar="LEVEL", help=", ".join(parsing.LEVELS))
    award.add_argument("--on", type=parsing.day, metavar="DATE", help="the day of the award; by default today")
    imported.add_argument("--cycle-started-on", type=parsing.day, required=True, metavar="DATE")
    imported.add_argument("--expires-on", type=parsing.day, required=True, metavar="DATE")
    exam = parsing.command(commands, "exam", _exam, "record an exam that a holder passed")
    exam.add_argument("holder", type=parsing.identifier, metavar="HOLDER")
    exam.add_argument("exam", type=parsing.line, metavar="EXAM", help="its number")
    exam.add_argument("kind", choices=facts.EXAM_KINDS, metavar="KIND", help=", ".join(facts.EXAM_KINDS))
    exam.add_argument("--on", type=parsing.day, metavar="DATE", help="the day of the pass; by default today")
    decide = parsing.command(commands, "decide", _decide, "decide a pending claim, or uphold a dispute as earned")
    decide.add_argument("claim", type=parsing.line, metavar="CLAIM")
    decide.add_argument("outcome", choices=("earned", "denied"))
    reasons = program.load().denial_reasons
    decide.add_argument("--reason", choices=reasons, metavar="REASON", help=f"with denied: {', '.join(reasons)}")


def _award(given: Namespace) -> int:
    awarded_on = given.on or parsing.today()
    fact = facts.CertificationAwarded(given.certification, given.level, awarded_on)
    return _record_certification(given.holder, fact, "award")


def _import(given: Namespace) -> int:
    fact = facts.CertificationImported(given.certification, given.level, given.cycle_started_on, given.expires_on)
    return _record_certification(given.holder, fact, "import")


def _exam(given: Namespace) -> int:
    fact = facts.ExamPassed(given.exam, given.kind, given.on or parsing.today())
    record_and_tell(given.holder, _once(fact), "exam")
    return OK


def _decide(given: Namespace) -> int:
    fact = facts.ClaimDecided(given.claim, given.outcome, given.reason)

    def decided(loaded: Loaded) -> Sequence[facts.Fact]:
        if given.claim not in loaded.standing.claims:
            raise CommandError(f"there is no claim {given.claim}; `standing show HOLDER` lists a holder's claims")
        return [fact]

    record_and_tell(ledger.holder_by_id(given.claim), decided, "decide")
    return OK


def _record_certification(
    holder: str, fact: facts.CertificationAwarded | facts.CertificationImported, command: str
) -> int:
    recorded = record_and_tell(holder, _once(fact), command)
    if recorded and recorded.standing:
        line = views.certifications(recorded.standing)[fact.certification]
        say(f"{fact.certification} is {line['status']}, since {line['cycle_started_on']}, expires {line['expires_on']}")
    return OK


def _once(fact: facts.Fact) -> Callable[[Loaded], Sequence[facts.Fact]]:
    """The fact, for a holder who is known, unless the same is recorded already: a command may be given again."""
    new = facts.to_dict(fact)
    key = ABOUT[fact.event]

    def unless_recorded(loaded: Loaded) -> Sequence[facts.Fact]:
        if not loaded.entries:
            raise CommandError(f"there is no holder {loaded.holder}; `standing holder link` makes one known")
        about = (
            (known, entry)
            for entry in reversed(loaded.entries)
            for known in reversed(entry.facts)
            if ABOUT.get(known["event"]) == key and known[key] == new[key]
        )
        known, entry = next(about, (None, None))
        if known == new and entry:
            raise _RecordedAlready(entry)
        return [fact]

    return unless_recorded


def record_and_tell(holder: str, new: Callable[[Loaded], Sequence[facts.Fact]], command: str) -> Recorded | None:
    """Record facts and say what was decided on them; None where they were recorded before."""
    try:
        recorded = ledger.record(holder, new, parsing.today(), cause=parsing.cause(command))
    except _RecordedAlready as known:
        say(f"recorded already, on {known.entry.day}, as entry {known.entry.seq} of {holder}: nothing was changed")
        return None
    assert recorded.entry is not None  # noqa: S101 - only what waits for a holder has none
    say(f"recorded as entry {recorded.entry.seq} of {holder}:")
    for decision in recorded.entry.decisions:
        say(f"  {decision_in_words(decision)}")
    return recorded
