"""`standing COMMAND`: what an operator does to a stack, deployed or local."""

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter

from standing import (
    backup,
    catalog,
    connection,
    dead_letters,
    keeping,
    person,
    portal,
    recording,
    rehearse,
    replay,
    show,
    tending,
    worklists,
)
from standing.errors import FAILED, INTERRUPTED, told
from standing.output import complain

MODULES = (
    catalog,
    keeping,
    recording,
    show,
    tending,
    worklists,
    rehearse,
    replay,
    backup,
    person,
    dead_letters,
    portal,
)
EPILOG = """\
Days are those of the program's time zone (PROGRAM_TIME_ZONE, UTC by default). Exit status: 0 done; 1 refused by a rule,
failed, or something found; 2 bad input."""


def parser() -> ArgumentParser:
    """Every command, with its options."""
    top = ArgumentParser(
        prog="standing",
        description="The operator's command line of Standing.",
        epilog=EPILOG,
        parents=[connection.options()],
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND", title="commands")
    for module in MODULES:
        module.add(commands)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run a command; gives the exit status."""
    given = parser().parse_args(arguments)
    try:
        connection.connect(given)
        status: int = given.run(given)
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough; the interpreter must not write the rest when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        known = told(error)
        if known is None:
            raise
        complain(known[0])
        return known[1]
    return status


if __name__ == "__main__":
    sys.exit(main())
