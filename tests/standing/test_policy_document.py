"""docs/policy.md does what it says: its files are made, its commands run, and print what stands there."""

import re
import shlex
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import casefiles.__main__
import ledger
import pytest
from policy import facts, program

from tests.ledger import world
from tests.standing.conftest import NOW, Run

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
# Kind, name of the file that it is or changes, content.
BLOCKS = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
IN_FORCE = program.DATA / "editions" / "2020-02-24.toml"


@pytest.fixture(autouse=True)
def _checkout(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that looks like a checkout, on the day of the example, with its three holders."""
    monkeypatch.setattr("api.clock.now", lambda: NOW.replace(year=2026, month=11, day=22))
    Path("layers").symlink_to(ROOT / "layers")
    awarded = date(2025, 6, 2)
    for holder, track, level in (
        ("ann", "ccnp", "professional"),
        ("bob", "ccie", "expert"),
        ("cy", "ccnp", "professional"),
    ):
        ledger.link_accounts(holder, [f"{holder}@example.com"], holder.title(), awarded)
        ledger.record(holder, [facts.TermsAccepted(), facts.CertificationAwarded(track, level, awarded)], awarded)
    day = date(2026, 3, 6)
    world.submit("ann", completed=day, day=day)
    world.push(world.completion("ann@example.com", completed=day), day=day)


def change(name: str, diff: str) -> None:
    """Each run of removed lines is found once in the file, and gives way to the added lines after it."""
    path = Path(name)
    for removed, added in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", diff, re.MULTILINE):
        old, new = (re.sub(r"^.", "", lines, flags=re.MULTILINE) for lines in (removed, added))
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), encoding="utf-8")


def printed(command: str, run: Run, capsys: pytest.CaptureFixture[str]) -> str:
    words = shlex.split(command)
    match words[0]:
        case "policy":
            casefiles.__main__.main(words[1:])
            return capsys.readouterr().out
        case "standing":
            return run(*words[1:]).out
        case _:
            return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def test_the_commands_print_what_the_document_shows(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    commands = 0
    for kind, name, content in BLOCKS:
        if kind == "yaml":
            Path(name).write_text(content, encoding="utf-8")
        elif kind == "diff":
            change(name, content)
        elif kind == "console":
            command, _, shown = content.removeprefix("$ ").partition("\n")
            assert printed(command, run, capsys) == shown
            commands += 1
    assert commands == 4


@pytest.mark.parametrize("content", [content for kind, name, content in BLOCKS if kind == "toml" and not name])
def test_what_is_quoted_of_the_edition_in_force_stands_there(content: str) -> None:
    assert content in IN_FORCE.read_text(encoding="utf-8")


def test_the_retirement_shown_can_be_loaded() -> None:
    ((name, content),) = [(name, content) for kind, name, content in BLOCKS if kind == "toml" and name]
    retired = tomllib.loads(content)["retired_tracks"]
    assert (program.DATA / name).exists()
    assert program.load(retired).retired_on("ccdp") == date(2027, 7, 1)
