from datetime import date, timedelta
from pathlib import Path

import ledger
import pytest
from ledger import keys, table
from policy import facts

from tests.ledger import world
from tests.standing.conftest import Run
from tests.standing.drafts import CREDITS_60, CREDITS_80, draft

pytestmark = pytest.mark.usefixtures("cloud")
SIXTY = (CREDITS_80, CREDITS_60)


@pytest.fixture(autouse=True)
def _holders(cloud: None) -> None:
    """Ann has earned 64 credits toward a professional certification that needs 80; Bob has none; Cy is an expert."""
    for holder, level in (("ann", "professional"), ("bob", "professional"), ("cy", "expert")):
        world.enroll(holder, level=level, certification="ccie" if holder == "cy" else "ccnp")
    world.submit("ann")
    world.push(world.completion("ann@example.com"))


def test_it_tells_whose_standing_changes_and_how_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    before = world.snapshot()
    rehearsed = run("rehearse", draft(tmp_path / "draft.toml", "2021-07-01", SIXTY))
    assert (rehearsed.status, rehearsed.err) == (0, "")
    assert rehearsed.lines[0] == "edition-draft, in force from 2021-07-01, as of 2021-07-01"
    others = "1 core exam; 1 design written exam; 1 expert lab exam"
    start = rehearsed.lines.index("ann")
    assert [line.split(": complete")[0] for line in rehearsed.lines[start : rehearsed.lines.index("bob")]] == [
        "ann",
        "  ccnp expires: 2024-01-29 -> 2024-07-01",
        "  ccnp credits that count: 64 -> 0",
        "  ccnp remains",
        "    now",
        "    draft",
        "  ann-0001: earned -> redeemed",
    ]
    assert f"    now: complete one of the following: {others}; 1 professional exam; 16 credits" in rehearsed.lines
    start = rehearsed.lines.index("bob")
    two = (
        "1 core exam; 2 professional exams; 1 design written exam; 1 expert lab exam; 40 credits + 1 professional exam"
    )
    assert rehearsed.lines[start : start + 4] == [
        "bob",
        "  ccnp remains",
        f"    now: complete one of the following: {two}; 80 credits",
        f"    draft: complete one of the following: {two}; 60 credits",
    ]
    assert rehearsed.lines[-5:] == [
        "holders looked at: 3, changed: 2, failed: 0",
        "  other expiration dates: 1",
        "  certifications toward which other credits count: 1",
        "  certifications for which something else remains: 2",
        "  claims of another status or reason: 1",
    ]
    assert world.snapshot() == before


def test_the_day_before_the_draft_nothing_differs(run: Run, tmp_path: Path) -> None:
    path = draft(tmp_path / "draft.toml", "2021-07-01", SIXTY)
    assert run("rehearse", path, "--on", "2021-06-30").lines[1:] == ["holders looked at: 3, changed: 0, failed: 0"]


def test_one_holder_alone(run: Run, tmp_path: Path) -> None:
    path = draft(tmp_path / "draft.toml", "2021-07-01", SIXTY)
    assert run("rehearse", path, "--holder", "bob").lines[-2:] == [
        "holders looked at: 1, changed: 1, failed: 0",
        "  certifications for which something else remains: 1",
    ]
    nobody = run("rehearse", path, "--holder", "dan")
    assert (nobody.status, nobody.err) == (2, "standing: --holder: nothing is known of a holder dan\n")


def test_facts_recorded_after_the_day_compared_are_not_known_on_it(run: Run, tmp_path: Path) -> None:
    """Her claim was earned on 2021-02-26; by the draft it would have recertified her at once."""
    path = draft(tmp_path / "draft.toml", "2020-02-24", SIXTY, edition="edition-2020")
    assert "  ann-0001: earned -> redeemed" in run("rehearse", path, "--on", "2021-02-26").lines
    assert not [line for line in run("rehearse", path, "--on", "2021-02-25").lines if line.startswith("  ann-0001")]


def test_a_draft_that_reaches_into_days_on_record_is_told(run: Run, tmp_path: Path) -> None:
    path = draft(tmp_path / "draft.toml", "2020-02-24", SIXTY, edition="edition-2020")
    rehearsed = run("rehearse", path)
    assert "  recorded decisions: they stand -> 0 not made, 2 others" in rehearsed.lines
    assert rehearsed.lines[-1] == "  holders with decisions on record that the draft would make otherwise: 1"


def test_facts_that_the_draft_leaves_nothing_to_act_on_hold_up_nobody_else(run: Run, tmp_path: Path) -> None:
    """An operator decided a claim that, by the draft, a recertification would have expired before."""
    world.submit("ann", "DESIGN", completed=world.COMPLETED - timedelta(days=9))
    world.push(world.completion("bob@example.com", "CYBER"))
    ledger.record("ann", [facts.ClaimDecided("ann-0002", "earned")], date(2021, 3, 1))
    path = draft(tmp_path / "draft.toml", "2020-02-24", SIXTY, edition="edition-2020")
    rehearsed = run("rehearse", path)
    assert rehearsed.status == 1
    assert rehearsed.err.startswith("standing: ann: cannot be replayed: operator-decision: The claim is expired;")
    assert "holders looked at: 3, changed: 1, failed: 1" in rehearsed.lines


def test_a_broken_journal_is_told(run: Run, tmp_path: Path) -> None:
    key = keys.entry("H#bob", 1)
    entry = table.get(key)
    assert entry
    table.transact([table.delete_action(key, "attribute_exists(pk)")])
    rehearsed = run("rehearse", draft(tmp_path / "draft.toml", "2021-07-01", SIXTY))
    table.put(entry)
    assert (rehearsed.status, rehearsed.err) == (
        1,
        "standing: bob: cannot be replayed: the journal of bob has no entry 1\n",
    )


def test_many_holders_are_counted_as_they_are_looked_at(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standing.rehearse.TOLD_EACH", 2)
    path = draft(tmp_path / "draft.toml", "2021-07-01")
    assert run("rehearse", path).err == "standing: 2 holders looked at\n"


def test_a_draft_that_cannot_be_is_named_by_file_key_and_reason(run: Run, tmp_path: Path) -> None:
    path = draft(tmp_path / "draft.toml", "2021-07-01", ("emeritus = false", "emeritus = 0"))
    refused = run("rehearse", path)
    assert (refused.status, refused.err) == (2, "standing: draft.toml: emeritus: must be bool, not 0\n")
    gone = run("rehearse", tmp_path / "none.toml")
    assert gone.status == 2
    assert gone.err.startswith("standing: none.toml: file: ")
