"""`standing person`: everything that is held about a holder, and erasing what is personal."""

import json
import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ledger
from api import certificates
from ledger import erasing, holdings

from standing import parsing
from standing.errors import OK, CommandError
from standing.output import say

EXPORT = """\
FOLDER gets person.json, with the journal, what follows from it and what else is kept under the holder's id or accounts,
and the files: certificates of completion, and proofs that the holder attended an event. Only its owner may read it."""
ERASE = """\
Erased are the name, the accounts (each becomes a pseudonym), what was written in cases and in notes of reviews, records
of reminders, certificates of completion, and proofs that the holder attended an event. What was decided, and when, stands, under the holder's id. The accounts
are nobody's from then on, and the holder gets no others. It cannot be undone. Interrupted, the same again goes on."""


def add(commands: Any) -> None:
    needs = ("table", "certificates_bucket")
    people = parsing.group(commands, "person", "what is personal about a holder")
    help_ = "write everything that is held about a holder"
    export = parsing.command(people, "export", _export, help_, needs=needs, more=EXPORT)
    erase = parsing.command(people, "erase", _erase, "erase what is personal about a holder", needs=needs, more=ERASE)
    for parser in (export, erase):
        parser.add_argument("holder", type=parsing.identifier, metavar="HOLDER")
    export.add_argument("folder", type=Path, metavar="FOLDER", help="is made, and must not be there")
    help_ = "the holder's id once more: there is no way back"
    erase.add_argument("--confirm", required=True, metavar="HOLDER", help=help_)


def _export(given: Namespace) -> int:
    loaded = ledger.load(given.holder, consistent=True)
    if not loaded.entries:
        raise CommandError(f"there is no holder {given.holder}")
    try:
        given.folder.mkdir(mode=0o700)
    except OSError as error:
        raise CommandError(f"{given.folder}: {error.strerror}") from None
    files: list[dict[str, str]] = []
    for number, key in enumerate(_files(given.holder, loaded.accounts), 1):
        content, content_type = certificates.fetch(key)
        name = f"file-{number:03d}.{certificates.extension(content_type)}"
        _write(given.folder / name, content)
        files.append({"file": name, "key": key})
    held = holdings.held(given.holder)
    who = {"holder": loaded.holder, "name": loaded.name, "accounts": loaded.accounts}
    text = json.dumps({**who, **held, "files": files}, indent=2, ensure_ascii=False, default=_plain)
    _write(given.folder / "person.json", text.encode())
    say(f"{len(held['journal'])} journal entries, {len(files)} files in {given.folder}")
    return OK


def _erase(given: Namespace) -> int:
    if given.confirm != given.holder:
        raise CommandError(f"--confirm: must be {given.holder}, as the holder is")
    accounts = erasing.erase(given.holder, parsing.today(), cause=parsing.cause("person erase"))
    # One that was given back before any claim may be somebody else's by now.
    files = _files(given.holder, [account for account in accounts if ledger.holder_of(account) is None])
    for key in files:
        certificates.delete(key)
    items = erasing.finish(given.holder)
    if not (accounts or files or items):
        say(f"{given.holder}: nothing personal is left")
        return OK
    say(f"{given.holder}: {items} items written anew or deleted, {len(files)} files deleted")
    for account in accounts:
        say(f"  nobody's from now on: {account}")
    say("The user pool, its own log and backups are not the stack's: see docs/operators.md")
    return OK


def _files(holder: str, accounts: Sequence[str]) -> list[str]:
    """The keys in the bucket of what accounts of a holder uploaded, but for what proves others' attendance, and of what
    proves the holder's."""
    proofs = {certificates.kept_as(key): individual for key, individual in holdings.proofs().items()}
    own = (key for account in accounts for key in certificates.files_of(account))
    about = (key for key, individual in proofs.items() if individual == holder and certificates.is_there(key))
    return list(dict.fromkeys([*(key for key in own if proofs.get(key, holder) == holder), *about]))


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)


def _plain(value: Any) -> Any:
    """Sets as lists, days as text."""
    return sorted(value) if isinstance(value, set) else str(value)
