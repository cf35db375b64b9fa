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


@pytest.fixture
def partner() -> Partner:
    """Approved on 1 February 2021 for cloud, with 35 of 40 points."""
    partner = Partner(PROGRAM)
    start = date(2021, 2, 1)
    partner.record(facts.IndividualAssociated("p1", "ann"), start)
    partner.record(facts.ExamPassed("ann", "700-001", start), start)
    partner.record(facts.RoleFilled("p1", "cloud", "am", "ann"), start)
    partner.record(facts.ApplicationSubmitted("p1", "cloud"), start)
    for item in ("LAB-20", "LAB-15"):
        partner.record(facts.ActivityRecorded("ann", item, date(2021, 3, 1), "viewed"), date(2021, 3, 1))
    partner.decisions.clear()
    return partner


def told(partner: Partner) -> list[dict[str, object]]:
    return [decision.to_dict() for decision in partner.decisions if decision.kind.startswith("specialization.")]


def test_a_loss_tells_the_grace_before_it_and_every_need_that_was_not_met(partner: Partner) -> None:
    partner.advance(date(2022, 3, 1))
    grace, lost = told(partner)
    facts_of_grace = {"anniversary": "2022-02-01", "points": 35, "required": 40, "last_day": "2022-02-11"}
    assert grace == {
        "day": "2022-02-02",
        "kind": "specialization.grace",
        "rule": "grace",
        "subject": "cloud",
        "facts": facts_of_grace,
    }
    assert (lost["day"], lost["rule"]) == ("2022-02-12", "lost")
    assert lost["because"] == ["points-short", "mandatory-item-missing"]


def test_what_the_tenth_day_renews_is_told_for_that_day_once_it_is_over(partner: Partner) -> None:
    partner.record(facts.ActivityRecorded("ann", "DELTA", date(2022, 2, 11), "viewed"), date(2022, 2, 11))
    assert [decision["kind"] for decision in told(partner)] == ["specialization.grace"]
    partner.advance(date(2022, 2, 12))
    renewed = told(partner)[-1]
    assert (renewed["day"], renewed["rule"]) == ("2022-02-11", "renewal-at-the-end-of-grace")
    assert renewed["facts"] == {"anniversary": "2022-02-01", "points": 40, "required": 40}


def test_an_individuals_fact_is_kept_with_its_day_and_what_it_was_worth() -> None:
    day = date(2021, 5, 10)
    kept = Partner(PROGRAM).record(facts.ActivityRecorded("ann", "BOOT", date(2021, 5, 1), "viewed"), day)
    assert isinstance(kept, facts.ActivityRecorded)
    assert (kept.points, kept.recorded_on) == (25, day)
    exam = Partner(PROGRAM).record(facts.ExamPassed("ann", "700-001", day), day)
    assert "points" not in facts.to_dict(exam)
