"""`standing person`: everything that is held about a holder, and erasing what is personal."""

import json
import os
from argparse import Namespace
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import ledger
from api import certificates
from ledger import Loaded, erasing, holdings

from standing import parsing
from standing.errors import OK, CommandError
from standing.output import say

EXPORT = """\
FOLDER gets person.json, with the journal, what follows from it, what else is kept under the holder's id or accounts, and
what partners recorded of the holder, and the files: certificates of completion, and proofs that the holder attended an
event. A proof of several people's attendance is there for each. Only its owner may read it."""
ERASE = """\
Erased are the name, the accounts (each becomes a pseudonym), what was written in cases and in notes of reviews, records
of reminders, certificates of completion, and proofs that the holder attended an event, each once nobody else's attendance
rests on it. What was decided, and when, stands, under the holder's id. The accounts are nobody's from then on, and the
holder gets no others. It cannot be undone. Interrupted, the same again goes on."""


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
    for number, key in enumerate(_exported(loaded), 1):
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
    own = [account for account in accounts if ledger.holder_of(account) is None]
    files, stay = _erased(given.holder, own)
    for key in files:
        certificates.delete(key)
    items = erasing.finish(given.holder)
    if accounts or files or items:
        say(f"{given.holder}: {items} items written anew or deleted, {len(files)} files deleted")
    elif not stay:
        say(f"{given.holder}: nothing personal is left")
        return OK
    for key, others in stay.items():
        say(f"  stays until {', '.join(others)} are erased, as proof that they attended: {key}")
    for account in accounts:
        say(f"  nobody's from now on: {account}")
    say("The user pool, its own log and backups are not the stack's: see docs/operators.md")
    return OK


def _exported(loaded: Loaded) -> list[str]:
    """The keys in the bucket of what a holder's accounts uploaded, but for what proves others' attendance, and of what
    proves the holder's, under any id of theirs."""
    proofs, ids = holdings.proofs(), {loaded.holder, *loaded.same}
    return [key for key in _files(ids, loaded.accounts, proofs) if ids & proofs.get(_name(key), ids)]


def _erased(holder: str, accounts: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The keys in the bucket of what goes with a holder, and of what proves the holder's attendance and stays, each with
    those whose attendance rests on it, too. It goes with the last of them."""
    proofs = holdings.proofs()
    gone: list[str] = []
    stay: dict[str, list[str]] = {}
    for key in _files({holder}, accounts, proofs):
        about = proofs.get(_name(key), set())
        others = [other for other in sorted(about - {holder}) if not ledger.load(other, consistent=True).erased]
        if not others:
            gone.append(key)
        elif holder in about:
            stay[key] = others
    return gone, stay


def _files(ids: Collection[str], accounts: Sequence[str], proofs: Mapping[str, set[str]]) -> list[str]:
    """The keys in the bucket of what accounts uploaded, and of what proves the attendance of some ids."""
    own = (key for account in accounts for key in certificates.files_of(account))
    about = (certificates.places(name) for name, whom in proofs.items() if not whom.isdisjoint(ids))
    return list(dict.fromkeys([*own, *filter(certificates.is_there, chain.from_iterable(about))]))


def _name(key: str) -> str:
    """By what a journal names a file of the bucket."""
    return key.partition("/")[2]


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)


def _plain(value: Any) -> Any:
    """Sets as lists, days as text."""
    return sorted(value) if isinstance(value, set) else str(value)
