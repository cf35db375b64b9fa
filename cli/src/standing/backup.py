"""`standing backup` and `standing restore`: the journals and what operators keep, out to a file and into another table."""

import hashlib
import os
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger import TableNotEmpty, backup

from standing import parsing, replay
from standing.errors import BAD_INPUT, CommandError
from standing.output import complain, say

BACKUP = """\
FILE gets a line of JSON for each journal entry and for whatever else follows from nothing: the catalog, providers,
announcements, facts that wait at accounts nobody has, reminders sent. It is as AWS exports a table (DYNAMODB_JSON). It
holds personal data: only its owner may read it. Take it while nothing is written, or from a restored table."""
RESTORE = """\
Into an empty table, which has no stream yet, or what was published before would be published again. Interrupted, the
same again goes on. Everything beside the journals is made anew as by `standing replay`; `standing check` then has to
find nothing."""
TOLD_EACH = 10_000


def add(commands: Any) -> None:
    keep = parsing.command(commands, "backup", _backup, "write the whole table to a file", more=BACKUP)
    restore = parsing.command(commands, "restore", _restore, "fill an empty table from a backup", more=RESTORE)
    for parser in (keep, restore):
        parser.add_argument("file", type=Path, metavar="FILE")


def _backup(given: Namespace) -> int:
    if given.file.exists():
        raise CommandError(f"{given.file} is there already")
    # Under its own name a backup is whole.
    part = given.file.with_name(f"{given.file.name}.part")
    number = 0
    try:
        with open(part, "w", encoding="utf-8", opener=_for_its_owner) as file:
            for number, item in enumerate(backup.truths(), 1):
                file.write(backup.to_line(item) + "\n")
                _tell(number)
        part.rename(given.file)
    except OSError as error:
        raise CommandError(f"{part}: {error.strerror}") from None
    say(f"{number} items in {given.file}")
    return 0


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _restore(given: Namespace) -> int:
    digest = hashlib.sha256()
    number = 0
    # All of it can be read, or none is written.
    for line, _ in _items(given.file):
        digest.update(line.encode())
        number += 1
    try:
        backup.put_back((item for _, item in _items(given.file)), digest.hexdigest())
    except TableNotEmpty as error:
        raise CommandError(f"{error}; give an empty one with --table", BAD_INPUT) from None
    say(f"{number} items put back")
    status = replay.replay()
    backup.finished()
    return status


def _items(path: Path) -> Iterator[tuple[str, backup.RawItem]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield line, backup.from_line(line)
                except ValueError as error:
                    raise CommandError(f"{path}:{number}: {error}; nothing of it was put back") from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path}: not UTF-8; a backup that is packed is to be unpacked first") from None


def _tell(number: int) -> None:
    if number % TOLD_EACH == 0:
        complain(f"{number} items so far")
