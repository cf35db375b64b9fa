"""`standing show`: a holder's standing as of a date, and what led there."""

from argparse import Namespace
from collections.abc import Iterable, Iterator
from typing import Any

import ledger
from api.words import days_in_words, parts_in_words
from policy import Standing, views

from standing import parsing
from standing.errors import OK, CommandError
from standing.output import say
from standing.words import decision_in_words, listed

AS_OF = """\
It is the standing by what was known on the day, with time passed until then, whether or not a sweep has run. A later
day than today shows what time alone will do."""


def add(commands: Any) -> None:
    show = parsing.command(commands, "show", _show, "show a holder's standing and its reasons", more=AS_OF)
    show.add_argument("holder", type=parsing.identifier, metavar="HOLDER")
    show.add_argument("--as-of", type=parsing.day, metavar="DATE", help="by default today")


def _show(given: Namespace) -> int:
    today = parsing.today()
    day = given.as_of or today
    loaded = ledger.load(given.holder, consistent=True, through_day=day)
    if not loaded.entries:
        raise CommandError(f"nothing was known of a holder {given.holder} on {day}")
    provided = ", if nothing more becomes known" if day > today else ""
    say(f"{given.holder} ({loaded.name or 'no name'}) as of {day}{provided}")
    say(f"accounts: {listed(loaded.accounts)}")
    standing = loaded.standing
    terms = standing.terms_accepted_on
    say(f"terms: {f'accepted on {terms}' if terms else 'not accepted'}  [terms-required]")
    _section("Certifications", _certifications(standing))
    _section("Claims", _claims(standing))
    _section("Cases", _cases(standing))
    _section("Exams", _exams(standing))
    _section("Recertifications", _recertifications(standing))
    _section("Decisions", (decision_in_words(decision.to_dict()) for decision in standing.decisions))
    return OK


def _section(title: str, lines: Iterable[str]) -> None:
    say()
    say(title)
    for line in list(lines) or ["none"]:
        say(f"  {line}")


def _certifications(standing: Standing) -> Iterator[str]:
    for track, certification in views.certifications(standing).items():
        days = certification["days_to_expire"]
        number = days_in_words(abs(days))
        when = f"in {number}" if days >= 0 else f"{number} ago"
        cycle = f"cycle since {certification['cycle_started_on']}, expires {certification['expires_on']} ({when})"
        yield f"{track}  {certification['level']}  {certification['status']}  {cycle}"
        progress = views.progress(standing, track)
        yield f"  {progress['credits']} credits count  [{', '.join(progress['because'])}]"
        for counted in progress["counted"]:
            yield f"    {counted['claim_id']}: {counted['credits']} credits, completed {counted['completed_on']}"
        if progress["remaining"]:
            yield "  remains one of"
        for missing in progress["remaining"]:
            yield f"    {parts_in_words(missing) or 'nothing: it waits for its gain day'}"


def _claims(standing: Standing) -> Iterator[str]:
    rules = {decision.subject: decision.rule for decision in standing.decisions}
    for claim_id, claim in views.claims(standing).items():
        status = ", ".join(filter(None, [claim["status"], claim["reason"], "overdue" if claim["overdue"] else None]))
        yield f"{claim_id}  {status}  {claim['credits']} credits  [{rules[claim_id]}]"
        yield (
            f"  {claim['course']} {claim['version']}, {claim['title']}; {claim['item_type']} by {claim['provider']};"
            f" for {claim['account']}"
        )
        days = {
            "started": claim["started_on"],
            "completed": claim["completed_on"],
            "submitted": claim["submitted_on"],
            "decided": claim["decided_on"],
            "expires": claim["expires_on"],
        }
        yield "  " + ", ".join(f"{word} {day}" for word, day in days.items() if day)


def _cases(standing: Standing) -> Iterator[str]:
    for case in standing.cases.values():
        state = "open" if case.open else f"closed {case.closed_on}, {case.outcome}"
        yield f"{case.case}  {state}  about {case.claim}, opened {case.opened_on}; messages: {case.messages}"


def _exams(standing: Standing) -> Iterator[str]:
    for exam in standing.exams:
        used = ", used by a recertification" if exam.used else ""
        yield f"{exam.exam}  {exam.kind}  passed {exam.passed_on}{used}"


def _recertifications(standing: Standing) -> Iterator[str]:
    for done in views.recertifications(standing):
        how = parts_in_words(done["option"]) if done["option"] else "its award"
        yield (
            f"{done['date']}  {done['certification']} by {how}: claims {listed(done['used'])};"
            f" exams {listed(done['exams'])}; renewed {listed(done['renewed'])}"
        )
