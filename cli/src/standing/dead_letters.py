"""`standing dead-letters` and `standing redrive`: messages that could not be processed, and another try."""

from argparse import Namespace
from typing import Any

from botocore.exceptions import ClientError

from standing import parsing
from standing.dead_letter_queue import HIDDEN_SECONDS, UNEXPLAINED, DeadLetter, send_back, taken
from standing.errors import FAILED, OK
from standing.output import complain, say
from standing.words import facts_in_words

LETTERS_MAX = 1000
BODY_CHARS = 160
# Codes by which the queue refuses one message, and not all of them.
REFUSES = {"InvalidParameterValue", "InvalidMessageContents"}
# The sender is none of those that the provider registered.
FORGED = "wrong-sender"
LIST = f"""\
The first line of each says when it was sent, why it lies there ({UNEXPLAINED}: it failed each time it was delivered) and
what more is known; the second is how its body begins. While they are listed they are hidden from others."""
REDRIVE = f"""\
Each is sent to the provider queue with the body that it had, and then deleted here: interrupted in between it lies in
both, which does no harm, since a message's source and id are processed once. One that still cannot be processed
comes back. If the command is killed, what it had not moved yet shows again after {HIDDEN_SECONDS} s.

You are the sender then, and vouch for the message: on AWS it is taken if your principal is registered with its
provider (standing provider put). Those of reason {FORGED} are moved only if --reason says so."""


def add(commands: Any) -> None:
    needs = ("dead_letter_queue",)
    help_ = "list messages that could not be processed"
    listing = parsing.command(commands, "dead-letters", _list, help_, needs=needs, more=LIST)
    help_ = "move dead letters back to the provider queue"
    redrive = parsing.command(commands, "redrive", _redrive, help_, needs=("queue", *needs), more=REDRIVE)
    redrive.add_argument(
        "--reason", type=parsing.line, help=f"only those that lie there for it; by default all but {FORGED}"
    )
    redrive.add_argument("--dry-run", action="store_true", help="say what would be moved, and move nothing")
    for parser in (listing, redrive):
        help_ = f"at most so many; by default {LETTERS_MAX}"
        parser.add_argument("--max", type=parsing.number, default=LETTERS_MAX, metavar="N", help=help_)


def _list(given: Namespace) -> int:
    with taken(given.max, lambda letter: True) as letters:
        for letter in letters:
            _tell(letter)
    say(_number(len(letters), given.max, "found"))
    return OK


def _redrive(given: Namespace) -> int:
    def wanted(letter: DeadLetter) -> bool:
        return letter.reason == given.reason if given.reason else letter.reason != FORGED

    moved = failed = 0
    with taken(given.max, wanted) as letters:
        for letter in list(letters):
            _tell(letter)
            if given.dry_run:
                continue
            try:
                send_back(letter)
            except ClientError as error:
                if error.response["Error"]["Code"] not in REFUSES:
                    raise
                failed += 1
                complain(f"left where it is: {error}")
            else:
                letters.remove(letter)
                moved += 1
    if given.dry_run:
        say(_number(len(letters), given.max, "would be moved; a dry run: nothing was"))
    else:
        say(_number(moved, given.max, "moved"))
    return FAILED if failed else OK


def _tell(letter: DeadLetter) -> None:
    sent_at = letter.sent_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    say(f"{sent_at}  {letter.reason}  {facts_in_words({**letter.about, 'sender': letter.sender})}")
    body = letter.body.replace("\n", " ")
    say(f"    {body[:BODY_CHARS]}{'...' if len(body) > BODY_CHARS else ''}")


def _number(number: int, letters_max: int, what: str) -> str:
    more = "; there may be more, run it again" if number == letters_max else ""
    return f"{number} {what}{more}"
