"""`standing dead-letters` and `standing redrive`: messages that could not be processed, and another try for them."""

from argparse import Namespace
from typing import Any

from api.dead_letters import HIDDEN_SECONDS, UNEXPLAINED, DeadLetter, taken

from standing import parsing
from standing.connection import place
from standing.dead_letter_queue import NotTaken, try_again
from standing.errors import FAILED, OK
from standing.output import complain, say
from standing.words import facts_in_words

LETTERS_MAX = 1000
BODY_CHARS = 160
LIST = f"""\
The first line of each says when it was sent, why it lies there ({UNEXPLAINED}: it failed each time it was delivered) and
what more is known; the second is how its body begins. While they are listed they are hidden from others."""
REDRIVE = f"""\
Each is handed to the function validate_claim, as it came and from its first sender, and then deleted here: interrupted in
between it is handed over again, which does no harm, since a message's source and id are processed once. One that still
cannot be processed comes back with its reason of today. If the command is killed, what it had not dealt with yet shows
again after {HIDDEN_SECONDS} s."""


def add(commands: Any) -> None:
    needs = ("dead_letter_queue",)
    help_ = "list messages that could not be processed"
    listing = parsing.command(commands, "dead-letters", _list, help_, needs=needs, more=LIST)
    help_ = "try dead letters again"
    redrive = parsing.command(commands, "redrive", _redrive, help_, needs=("validate_claim", *needs), more=REDRIVE)
    redrive.add_argument("--reason", type=parsing.line, help="only those that lie there for it")
    redrive.add_argument("--dry-run", action="store_true", help="say which would be tried, and leave them there")
    for parser in (listing, redrive):
        help_ = f"at most so many; by default {LETTERS_MAX}"
        parser.add_argument("--max", type=parsing.number, default=LETTERS_MAX, metavar="N", help=help_)


def _list(given: Namespace) -> int:
    with taken(place("dead_letter_queue"), given.max) as letters:
        for letter in letters:
            _tell(letter)
    say(_number(len(letters), given.max, "found"))
    return OK


def _redrive(given: Namespace) -> int:
    tried = failed = 0
    with taken(place("dead_letter_queue"), given.max, lambda letter: given.reason in (None, letter.reason)) as letters:
        for letter in list(letters):
            _tell(letter)
            if given.dry_run:
                continue
            try:
                try_again(letter)
            except NotTaken as error:
                failed += 1
                complain(f"left where it is: {error}")
            else:
                letters.remove(letter)
                tried += 1
        number = len(letters) if given.dry_run else tried
    what = "would be tried again; a dry run: none was" if given.dry_run else "tried again"
    say(_number(number, given.max, what))
    return FAILED if failed else OK


def _tell(letter: DeadLetter) -> None:
    sent_at = letter.sent_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    say(f"{sent_at}  {letter.reason}  {facts_in_words({**letter.about, 'sender': letter.sender})}")
    body = letter.body.replace("\n", " ")
    say(f"    {body[:BODY_CHARS]}{'...' if len(body) > BODY_CHARS else ''}")


def _number(number: int, letters_max: int, what: str) -> str:
    more = "; there may be more, run it again" if number == letters_max else ""
    return f"{number} {what}{more}"
