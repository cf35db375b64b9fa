"""`policy cases FILE...`: runs case files; exits 0 only if every case passed."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from casefiles.checked import CaseFileError
from casefiles.reader import read
from casefiles.run import run


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 all passed, 1 some failed, 2 a file is not of the form."""
    parser = argparse.ArgumentParser(
        prog="policy", description="The rules of the program, and the cases that hold them to it."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    cases = commands.add_parser(
        "cases", help="run case files", description="Runs case files and prints a line per case that fails."
    )
    cases.add_argument("files", nargs="+", type=Path, metavar="FILE")
    files = parser.parse_args(arguments).files
    passed = failed = 0
    broken = False
    for path in files:
        try:
            for case, mismatches in run(read(path)):
                if not mismatches:
                    passed += 1
                    continue
                failed += 1
                told = "; ".join(
                    f"{at}: expected {_show(wanted)}, got {_show(given)}" for at, wanted, given in mismatches
                )
                print(f"{path}: {case.name}: {told}")
        except CaseFileError as error:
            broken = True
            print(error, file=sys.stderr)
    print(f"{passed} passed, {failed} failed")
    return 2 if broken else 1 if failed else 0


def _show(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_show(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_show, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return "null" if value is None else str(value)


if __name__ == "__main__":
    sys.exit(main())
