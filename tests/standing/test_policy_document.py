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
from policy.dates import ONE_DAY
from policy.partners import Partner
from policy.partners import facts as learned
from policy.partners.dated import always
from policy.partners.program import Item, Program, Role, Specialization, current
from policy.partners.program import load as numbers
from policy.state import Decision

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
    assert commands == 6


MORE = "more:"
QUOTED = [
    (name, content)
    for kind, name, content in BLOCKS
    if kind == "toml" and name != "program.toml" and not name.startswith(MORE)
]


@pytest.mark.parametrize(("name", "content"), QUOTED)
def test_what_is_quoted_of_the_data_stands_there(name: str, content: str) -> None:
    path = program.DATA / name if name else IN_FORCE
    assert content in path.read_text(encoding="utf-8")


def test_the_retirement_shown_can_be_loaded() -> None:
    (content,) = [content for kind, name, content in BLOCKS if kind == "toml" and name == "program.toml"]
    retired = tomllib.loads(content)["retired_tracks"]
    assert (program.DATA / "program.toml").exists()
    assert program.load(retired).retired_on("ccdp") == date(2027, 7, 1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data of continuous learning, with what the document says to put after it."""
    folder = tmp_path / "data"
    folder.mkdir()
    for file in ("partners.toml", "learning.toml"):
        more = [content for _, name, content in BLOCKS if name == MORE + file]
        assert more
        text = (program.DATA / file).read_text(encoding="utf-8")
        (folder / file).write_text("\n".join([text, *more]), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("anniversary", "days"), [(date(2027, 2, 28), 10), (date(2027, 3, 1), 14)])
def test_the_changes_shown_hold_from_their_day_on(data: Path, anniversary: date, days: int) -> None:
    offered = current(data)
    assert (offered.rules.renewal_through(anniversary) - anniversary).days == days
    assert offered.worth("NET-LAB", anniversary) == (10 if days == 10 else 12)
    partner = Partner(offered)
    partner.advance(anniversary)
    assert set(partner.roles_of("express-networking")) == ({"am", "fe"} if days == 10 else {"se", "fe"})


REPRESENTATIVE = learned.BadgeEarned("ann", "rep", date(2015, 4, 26), "representative")
# Lost for want of points. The badge in its role, moved by five years, ends between two reminders.
YEAR: list[tuple[date, learned.Fact]] = [
    (date(2014, 1, 1), learned.IndividualAssociated("p1", "ann")),
    (date(2014, 1, 1), REPRESENTATIVE),
    (date(2019, 5, 1), learned.RoleFilled("p1", "cloud", "am", "ann")),
    (date(2019, 5, 1), learned.ApplicationSubmitted("p1", "cloud")),
    (date(2019, 6, 1), learned.ActivityRecorded("ann", "LAB", date(2019, 6, 1), "completed")),
]


def _offered(rules_from: Path) -> Program:
    cloud = Specialization.always("advanced-architecture", ("LAB",), roles={"am": Role(badge="rep")})
    return Program(numbers(rules_from), {"LAB": always(Item(minutes=600))}, {"cloud": cloud})


def _changed(key: str, folder: Path, day: date) -> Path:
    """A folder in which the numbers stand, one of them by one more from a day on."""
    text = (program.DATA / "partners.toml").read_text(encoding="utf-8")
    value = tomllib.loads(text)
    for part in key.split("."):
        value = value[part]
    more = f'\n[[{key}.changes]]\nfrom = {day}\nvalue = {value["value"] + 1}\ndescription = "."\nsource = "."\n'
    changed = folder / str(day)
    changed.mkdir()
    (changed / "partners.toml").write_text(text + more, encoding="utf-8")
    return changed


# What the history above rests on, and what it does not.
BEARING = ["points_required.advanced-architecture", "renewal_window", "grace"]
OTHERS = ["minutes_per_point", "points_max", "points_max_exceptional", "inactive_indicator", "barred"]


@pytest.mark.parametrize("key", [*BEARING, *OTHERS])
def test_what_changes_from_a_coming_day_on_changes_nothing_that_was_decided(key: str, tmp_path: Path) -> None:
    def decided(numbers_from: Path) -> list[Decision]:
        replayed = Partner(_offered(numbers_from))
        for day, fact in kept:
            replayed.apply(fact, day)
        replayed.advance(today)
        return replayed.decisions

    recorded, today = Partner(_offered(program.DATA)), date(2020, 6, 1)
    kept = [(day, recorded.record(fact, day)) for day, fact in YEAR]
    recorded.advance(today)
    assert recorded.decisions[-1].kind == "specialization.lost"
    assert decided(_changed(key, tmp_path, today + ONE_DAY)) == recorded.decisions
    assert (decided(_changed(key, tmp_path, date(2014, 1, 1))) == recorded.decisions) == (key in OTHERS)


def test_every_number_can_be_changed_from_a_day_on_or_is_said_to_have_none() -> None:
    """Of a day that is past no change can tell."""
    past = re.findall(r"`(representative_\w+)`", TEXT)
    with (program.DATA / "partners.toml").open("rb") as file:
        numbers = tomllib.load(file).keys() - {"types", "designations", "roles"}
    assert sorted(numbers) == sorted([*{key.partition(".")[0] for key in [*BEARING, *OTHERS]}, *set(past)])
