"""The partner program's numbers are checked as they are read; decisions say what they rest on."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from policy import EditionError
from policy import program as editions
from policy.partners import Partner, facts, program

from tests.policy.partners.histories import PROGRAM

GRACE = "[grace]\nvalue = 10"


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("types =", "kinds =", "types", "missing"),
        ("[points_required.express]", "[points_required.premium]", "points_required.premium", "is no type"),
        ("value = 40", "value = 0", "points_required.express.value", "must be at least 1"),
        (GRACE, '[grace]\nvalue = "10"', "grace.value", "must be int"),
        (GRACE, f"{GRACE}\nnote = 1", "grace.note", "unknown key"),
        ("[grace]", "[mercy]", "grace", "missing"),
        ("[grace]", "[mercy]\nvalue = 1\n[grace]", "mercy", "unknown key"),
        ('unit = "months"', 'unit = ""', "inactive_indicator.unit", "must not be empty"),
        ("value = 2015-04-26", 'value = "2015-04-26"', "representative_badges_active_on.value", "must be date"),
    ],
)
def test_damage_is_named_by_file_key_and_reason(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    data = Path(shutil.copytree(editions.DATA, tmp_path / "data"))
    text = (data / "partners.toml").read_text(encoding="utf-8")
    assert old in text
    (data / "partners.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(EditionError) as refused:
        program.load(data)
    assert (refused.value.file, refused.value.key) == ("partners.toml", key)
    assert reason in refused.value.reason


def test_advanced_technology_has_no_number_until_it_is_set() -> None:
    assert program.load().points_required == {"advanced-architecture": 100, "express": 40}


def test_an_individuals_fact_is_kept_with_its_day_and_what_it_was_worth() -> None:
    day = date(2021, 5, 10)
    kept = Partner(PROGRAM).record(facts.ActivityRecorded("ann", "BOOT", date(2021, 5, 1), "viewed"), day)
    assert isinstance(kept, facts.ActivityRecorded)
    assert (kept.points, kept.recorded_on) == (25, day)
    exam = Partner(PROGRAM).record(facts.ExamPassed("ann", "700-001", day), day)
    assert "points" not in facts.to_dict(exam)
