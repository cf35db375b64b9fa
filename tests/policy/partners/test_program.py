"""The partner program's numbers are checked as they are read; decisions say what they rest on."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policy import EditionError
from policy import program as editions
from policy.partners import Partner, facts, program
from policy.partners.dated import always

from tests.policy.partners.histories import PROGRAM

GRACE = "[grace]\nvalue = 10"
EXPRESS = 'description = "What a renewal of an express specialization takes."\nsource = "003"\n'


def change(day: str, value: int, of: str = "points_required.express") -> str:
    return f'\n[[{of}.changes]]\nfrom = {day}\nvalue = {value}\ndescription = "Other."\nsource = "."\n'


def changed(folder: Path, changes: str, file: str = "partners.toml") -> Path:
    """The data with something more in a file."""
    data = Path(shutil.copytree(editions.DATA, folder / "data"))
    with (data / file).open("a", encoding="utf-8") as text:
        text.write(changes)
    return data


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
        (GRACE, "[grace]", "grace.value", "missing"),
        (EXPRESS, EXPRESS + change("2027-01-01", 0), "points_required.express.changes[0].value", "must be at least 1"),
        (EXPRESS, EXPRESS + change('"soon"', 50), "points_required.express.changes[0].from", "must be date"),
        (EXPRESS, EXPRESS + change("2027-01-01", 50) + change("2027-01-01", 60),
         "points_required.express.changes[1].from", "2027-01-01 is not after 2027-01-01"),
        (EXPRESS, EXPRESS + change("2027-01-01", 50).replace("source", "from_whom"),
         "points_required.express.changes[0].source", "missing"),
        ('unit = "months"', 'unit = ""', "inactive_indicator.unit", "must not be empty"),
        ("value = 2015-04-26", 'value = "2015-04-26"', "representative_badges_active_on.value", "must be date"),
    ],
)  # fmt: skip
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
    assert program.load().points_required == {"advanced-architecture": always(100), "express": always(40)}


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("renewal_window", lambda rules, day: day - rules.renewal_from(day)),
        ("grace", lambda rules, day: rules.renewal_through(day) - day),
        ("inactive_indicator", lambda rules, day: rules.inactive_through(day) - day),
        ("barred", lambda rules, day: rules.barred_through(day) - day),
        ("minutes_per_point", lambda rules, day: rules.worth(program.Item(minutes=60), day)),
        ("points_max", lambda rules, day: rules.worth(program.Item(points=100), day)),
        ("points_max_exceptional", lambda rules, day: rules.worth(program.Item(points=100, exceptional=True), day)),
    ],
)
def test_a_number_changes_from_its_day_on(
    key: str, shown: Callable[[program.Rules, date], Any], tmp_path: Path
) -> None:
    before, after = program.load(), program.load(changed(tmp_path, change("2027-03-01", 3, of=key)))
    assert shown(after, date(2027, 2, 28)) == shown(before, date(2027, 2, 28))
    assert shown(after, date(2027, 3, 1)) != shown(before, date(2027, 3, 1))


def test_a_type_gets_its_number_from_a_day_on(tmp_path: Path) -> None:
    unset = '[points_required.advanced-technology]\nunit = "points a year"\ndescription = "."\nsource = "."\n'
    more = unset + change("2027-03-01", 70, of="points_required.advanced-technology")
    partner = Partner(program.current(changed(tmp_path, more)))
    partner.advance(date(2027, 2, 28))
    assert partner.required("unified-fabric") is None
    partner.advance(date(2027, 3, 1))
    assert partner.required("unified-fabric") == 70


def test_what_operators_set_holds_until_the_data_s_next_day(tmp_path: Path) -> None:
    partner = Partner(program.current(changed(tmp_path, change("2027-03-01", 50))))
    partner.record(facts.PointsRequiredSet("express", 30), date(2027, 2, 1))
    seen = []
    for day in (date(2027, 2, 28), date(2027, 3, 1)):
        partner.advance(day)
        seen.append(partner.required("express-networking"))
    partner.record(facts.PointsRequiredSet("express", 45), date(2027, 3, 1))
    assert [*seen, partner.required("express-networking")] == [30, 50, 45]


def test_an_individuals_fact_is_kept_with_its_day_and_what_it_was_worth() -> None:
    day = date(2021, 5, 10)
    kept = Partner(PROGRAM).record(facts.ActivityRecorded("ann", "BOOT", date(2021, 5, 1), "viewed"), day)
    assert isinstance(kept, facts.ActivityRecorded)
    assert (kept.points, kept.recorded_on) == (25, day)
    exam = Partner(PROGRAM).record(facts.ExamPassed("ann", "700-001", day), day)
    assert facts.to_dict(exam)["points"] == 0
