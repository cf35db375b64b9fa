"""`standing worklist`, `standing answer` and `standing review`: what waits for operators, and being done with it."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import Any

import ledger
from api import cases
from ledger import Loaded, Page, worklists
from ledger.keys import OPEN_CASES, OVERDUE_CLAIMS, REVIEWS
from ledger.worklists import Cursor, Waiting
from policy import facts
from policy.cases import OPERATOR, overdue_claims, to_review
from policy.state import Claim

from standing import parsing
from standing.errors import OK, CommandError
from standing.output import say
from standing.recording import record_and_tell

LIST = """\
Without a name it says how much waits in each list. It is what waits today, whether or not a sweep has run."""
ANSWER = """\
A decision on the claim (`standing decide`) closes its case by itself; --close is for a dispute that is not upheld."""
DONE_BY = {
    OVERDUE_CLAIMS: "standing decide CLAIM earned, or standing decide CLAIM denied --reason REASON",
    OPEN_CASES: "standing answer CASE MESSAGE, with --close if that is all; or standing decide CLAIM earned",
    REVIEWS: "standing review CLAIM NOTE",
}


def add(commands: Any) -> None:
    help_ = "list what waits for operators"
    worklist = parsing.command(commands, "worklist", _worklist, help_, more=LIST)
    names = ", ".join(LISTS)
    worklist.add_argument("name", nargs="?", choices=tuple(LISTS), metavar="NAME", help=names)
    answer = parsing.command(commands, "answer", _answer, "answer a case", more=ANSWER)
    answer.add_argument("case", type=parsing.line, metavar="CASE")
    answer.add_argument("message", type=parsing.message, metavar="MESSAGE")
    answer.add_argument("--close", action="store_true", help="close the case with it")
    review = parsing.command(commands, "review", _review, "be done with a retraction of credits redeemed or expired")
    review.add_argument("claim", type=parsing.line, metavar="CLAIM")
    review.add_argument("note", type=parsing.message, metavar="NOTE", help="what was found and done, for the audit")


def _worklist(given: Namespace) -> int:
    if given.name is None:
        for name, lines in LISTS.items():
            say(f"{name}: {sum(not line.startswith(' ') for line in lines())}")
        say("messages that could not be processed: see standing dead-letters")
        return OK
    number = 0
    for line in LISTS[given.name]():
        say(line)
        number += not line.startswith(" ")
    say(f"{number} found; to be done with one: {DONE_BY[given.name]}")
    return OK


def _overdue_claims() -> Iterator[str]:
    today = parsing.today()
    standing_of = cases.as_of(today)
    for waiting in _all(lambda cursor: worklists.overdue_holders(today, cursor=cursor)):
        standing = standing_of(waiting.holder)
        for claim in overdue_claims(standing):
            yield _claim(claim)
            yield f"  submitted {claim.submitted_on}, overdue since {standing.program.overdue_on(claim.submitted_on)}  [late-decision]"


def _open_cases() -> Iterator[str]:
    today = parsing.today()
    for waiting in _all(lambda cursor: worklists.open_cases(cursor=cursor)):
        loaded = ledger.load(waiting.holder, consistent=True)
        loaded.standing.advance(today)
        case = cases.case(loaded, waiting.id)
        claim = loaded.standing.claims[case["claim"]["claim_id"]]
        yield f"{waiting.id}  opened {case['opened_on']} about {_claim(claim)}"
        for message in case["messages"]:
            text = message["text"].replace("\n", "\n    ")
            yield f"  {message['at']}  {message['author']}: {text}"


def _reviews() -> Iterator[str]:
    standing_of = cases.as_of(parsing.today())
    for waiting in _all(lambda cursor: worklists.reviews(cursor=cursor)):
        claim = standing_of(waiting.holder).claims[waiting.id]
        if to_review(claim):
            yield _claim(claim)
            yield f"  its completion was retracted on {claim.retracted_on}  [retraction]"


LISTS: dict[str, Callable[[], Iterator[str]]] = {
    OVERDUE_CLAIMS: _overdue_claims,
    OPEN_CASES: _open_cases,
    REVIEWS: _reviews,
}


def _all(page_at: Callable[[Cursor | None], Page[Waiting]]) -> Iterator[Waiting]:
    cursor = None
    while True:
        page = page_at(cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return


def _claim(claim: Claim) -> str:
    status = ", ".join(filter(None, (claim.status, claim.reason)))
    return (
        f"{claim.claim}  {status}  {claim.course} {claim.version}, {claim.title}; {claim.item_type} by {claim.provider}"
    )


def _answer(given: Namespace) -> int:
    def answered(loaded: Loaded) -> list[facts.Fact]:
        if given.case not in loaded.standing.cases:
            raise CommandError(f"there is no case {given.case}; `standing worklist {OPEN_CASES}` lists those that wait")
        return [facts.CaseMessage(given.case, OPERATOR, given.message, given.close)]

    record_and_tell(ledger.holder_by_id(given.case), answered, "answer")
    return OK


def _review(given: Namespace) -> int:
    def reviewed(loaded: Loaded) -> list[facts.Fact]:
        if given.claim not in loaded.standing.claims:
            raise CommandError(f"there is no claim {given.claim}; `standing worklist {REVIEWS}` lists those that wait")
        return [facts.ClaimReviewed(given.claim, given.note)]

    record_and_tell(ledger.holder_by_id(given.claim), reviewed, "review")
    return OK
