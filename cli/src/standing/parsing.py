"""How commands are declared, and the kinds of values that their options and files hold."""

import getpass
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfoNotFoundError

from api import clock
from api.fields import Account, Day, Id, LedgerDay, Message, Text
from policy import program
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from standing import connection
from standing.errors import CommandError

LEVELS = program.load().levels


def command(
    commands: Any,
    name: str,
    run: Callable[[Namespace], int],
    help: str,  # noqa: A002 - argparse's own name
    *,
    needs: tuple[str, ...] = ("table",),
    more: str = "",
) -> ArgumentParser:
    """Declare a command: what runs it, what it must know of connection.PLACES, and more about it for its --help."""
    parser: ArgumentParser = commands.add_parser(
        name,
        help=help,
        description=f"{help[0].upper()}{help[1:]}.\n\n{more}".strip(),
        parents=[connection.options()],
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=run, needs=needs)
    return parser


def group(commands: Any, name: str, help: str) -> Any:  # noqa: A002
    """Declare a word under which several commands stand."""
    parser = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.", allow_abbrev=False)
    return parser.add_subparsers(required=True, metavar="COMMAND")


def _kind(wanted: Any, must_be: str) -> Callable[[str], Any]:
    """A reader of texts that gives a value of a kind, and says what it must be where it is none."""
    adapter: TypeAdapter[Any] = TypeAdapter(wanted)

    def read(text: str) -> Any:
        try:
            return adapter.validate_python(text)
        except ValidationError:
            raise ArgumentTypeError(f"must be {must_be}, not {text!r}") from None

    return read


def _number(text: str) -> Any:
    return int(text) if text.isascii() and text.isdigit() else text


ID = "up to 64 letters, digits, dots, underscores and hyphens"
CREDITS_MAX = 10_000
NUMBER_MAX = 10_000

identifier = _kind(Id, ID)
line = _kind(Text, "a line of 1 to 200 characters")
message = _kind(Message, "a text of 1 to 4000 characters")
account = _kind(Account, "an e-mail address")
day = _kind(LedgerDay, "a date such as 2024-02-29")
any_day = _kind(Day, "a date such as 2024-02-29")
credit_number = _kind(
    Annotated[int, BeforeValidator(_number), Field(ge=0, le=CREDITS_MAX)], f"a whole number from 0 to {CREDITS_MAX}"
)
number = _kind(
    Annotated[int, BeforeValidator(_number), Field(ge=1, le=NUMBER_MAX)], f"a whole number from 1 to {NUMBER_MAX}"
)


def today() -> date:
    """Today in the program's time zone."""
    try:
        return clock.day_of(clock.now())
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CommandError(f"PROGRAM_TIME_ZONE: {error}; give an IANA name such as Europe/Berlin") from None


def cause(name: str) -> str:
    """What the audit names as the cause of what a command recorded."""
    try:
        return f"standing {name} by {getpass.getuser()}"
    except (KeyError, OSError):
        return f"standing {name}"
