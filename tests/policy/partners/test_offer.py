"""What the program offers is checked as it is read, and its replacements of exams hold from their day on."""

import csv
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from policy import EditionError, FormError
from policy import program as editions
from policy.dates import ONE_DAY
from policy.partners import Partner, facts, program, views
from policy.partners.core import open_roles
from policy.partners.dated import on
from policy.partners.program import Program
from policy.partners.state import Year

FILE = "learning.toml"
SPECIALIZATION = "specializations.express-networking"
LAB = "[items.NET-LAB]\npoints = 10"
SALES = '[replacements.700-501]\nby = "700-505"'
ANEW = '[replacements.700-511]\nby = "700-512"'
LAB_SOURCE = 'description = "A lab on campus and branch networks."\nsource = "outside"\n'
NOTES = 'from = 2027-03-01\ndescription = "Other."\nsource = "."\n'
ITEM = f"[[items.NET-LAB.changes]]\npoints = 4\n{NOTES}"
CHANGE = f"[[{SPECIALIZATION}.changes]]\n{NOTES}"
LIBRARY = f'{CHANGE}library = ["NET-LAB", "ENCOR"]\nmandatory = ["NET-LAB"]\n'
ROLES = f'{CHANGE}[{SPECIALIZATION}.changes.roles.se]\nexams = ["700-522"]\ndescription = "."\nsource = "."\n'
AM = f'[{SPECIALIZATION}.roles.am]\nexams = ["700-501"]'


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("[items.CONFERENCE]", "[offers.X]\n[items.CONFERENCE]", "offers", "unknown key"),
        (LAB, f"{LAB}\nminutes = 30", "items.NET-LAB", "exactly one of points and minutes"),
        (LAB, "[items.NET-LAB]", "items.NET-LAB", "exactly one of points and minutes"),
        (LAB, "[items.NET-LAB]\npoints = -1", "items.NET-LAB.points", "whole number from 0"),
        (LAB, "[items.NET-LAB]\npoints = 1.5", "items.NET-LAB.points", "must be int"),
        (LAB, f"{LAB}\nevent = 1", "items.NET-LAB.event", "must be bool"),
        (LAB, f"{LAB}\nspecial = true", "items.NET-LAB.special", "unknown key"),
        ('description = "A lab on campus and branch networks."', "", "items.NET-LAB.description", "missing"),
        ('description = "A lab on campus and branch networks."\nsource = "outside"', 'description = "A lab."\nsource = ""',
         "items.NET-LAB.source", "must not be empty"),
        ('type = "express"', 'type = "premium"', f"{SPECIALIZATION}.type", "'premium' is none of"),
        ('"NET-NEWS"]', '"NET-OLDS"]', f"{SPECIALIZATION}.library", "'NET-OLDS' is none of"),
        ('mandatory = ["NET-SALES"]', 'mandatory = ["DCACI"]', f"{SPECIALIZATION}.mandatory", "'DCACI' is none of"),
        ('mandatory = ["NET-SALES"]\n', "", f"{SPECIALIZATION}.mandatory", "missing"),
        (AM, AM.replace("roles.am", "roles.pm"), f"{SPECIALIZATION}.roles", "'pm' is none of am, fe, se"),
        (AM, f"[{SPECIALIZATION}.roles.am]", f"{SPECIALIZATION}.roles.am", "needs exams, a badge or a certification"),
        (AM, AM.replace("exams =", "exam ="), f"{SPECIALIZATION}.roles.am", "needs exams"),
        (AM, AM.replace('["700-501"]', "[700]"), f"{SPECIALIZATION}.roles.am.exams", "700 is not one of"),
        (AM, f"{AM}\nmedal = 1", f"{SPECIALIZATION}.roles.am.medal", "unknown key"),
        (SALES, SALES.replace("501]", "502]"), "replacements.700-502", "no exam of any role"),
        (SALES, SALES.replace("505", "501"), "replacements.700-501.by", "is itself replaced, and not after 2024-03-01"),
        (ANEW, ANEW.replace("512", "501"), "replacements.700-511.by", "is itself replaced, and not after 2025-06-01"),
        ("from = 2024-03-01", 'from = "2024-03-01"', "replacements.700-501.from", "must be date"),
        ("retake = false", "", "replacements.700-501.retake", "missing"),
        (LAB_SOURCE, LAB_SOURCE + ITEM.replace("points = 4", "points = -4"), "items.NET-LAB.changes[0].points", "from 0"),
        (LAB_SOURCE, LAB_SOURCE + ITEM + ITEM, "items.NET-LAB.changes[1].from", "is not after 2027-03-01"),
        (AM, LIBRARY.replace('"ENCOR"', '"ENCORE"') + AM, f"{SPECIALIZATION}.changes[0].library", "'ENCORE' is none"),
        (AM, LIBRARY.replace('mandatory = ["NET-LAB"]', "") + AM, f"{SPECIALIZATION}.changes[0].mandatory", "missing"),
        (AM, CHANGE + AM, f"{SPECIALIZATION}.changes[0].library", "missing"),
        (AM, ROLES.replace("roles.se", "roles.pm") + AM, f"{SPECIALIZATION}.changes[0].roles", "'pm' is none of"),
        (AM, LIBRARY.replace("mandatory", 'type = "express"\nmandatory') + AM, f"{SPECIALIZATION}.changes[0].type", "unknown"),
        ("points = 20", "points", "file", "line"),
    ],
)  # fmt: skip
def test_damage_is_named_by_file_key_and_reason(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    with pytest.raises(EditionError) as refused:
        changed(tmp_path, old, new)
    assert (refused.value.file, refused.value.key) == (FILE, key)
    assert reason in refused.value.reason


def changed(folder: Path, old: str, new: str) -> Program:
    data = Path(shutil.copytree(editions.DATA, folder / "data"))
    text = (data / FILE).read_text(encoding="utf-8")
    assert old in text
    (data / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    return program.current(data)


BEFORE, SINCE_THEN = date(2027, 2, 28), date(2027, 3, 1)
EXPRESS = "express-networking"


def test_an_item_is_worth_something_else_from_its_day_on(tmp_path: Path) -> None:
    partner = Partner(changed(tmp_path, LAB_SOURCE, LAB_SOURCE + ITEM))
    done = facts.ActivityRecorded("ann", "NET-LAB", BEFORE, "completed")
    kept = [partner.record(done, day) for day in (BEFORE, SINCE_THEN)]
    assert [fact.points for fact in kept if isinstance(fact, facts.ActivityRecorded)] == [10, 4]


def test_a_library_of_the_data_is_the_same_as_one_recorded_first_thing_that_day(tmp_path: Path) -> None:
    known = Partner(changed(tmp_path, AM, LIBRARY + AM))
    told = Partner(program.current())
    for partner in (known, told):
        partner.record(facts.IndividualAssociated("p1", "ann"), BEFORE)
        partner.years[EXPRESS] = Year(date(2026, 6, 1))
        for item in ("NET-LAB", "NET-SALES"):
            partner.record(facts.ActivityRecorded("ann", item, BEFORE, "viewed"), BEFORE)
    assert views.specialization(known, EXPRESS) == views.specialization(told, EXPRESS)
    told.record(facts.LibraryChanged(EXPRESS, ("NET-LAB", "ENCOR"), ("NET-LAB",)), SINCE_THEN)
    for partner in (known, told):
        partner.record(facts.ActivityRecorded("bob", "NET-SALES", SINCE_THEN, "viewed"), SINCE_THEN)
        partner.record(facts.IndividualAssociated("p1", "bob"), SINCE_THEN)
        assert {row["item"] for row in views.detail(partner, EXPRESS)["library"]} == {"NET-LAB", "ENCOR"}
    assert views.specialization(known, EXPRESS) == views.specialization(told, EXPRESS)
    assert views.report(known, EXPRESS) == views.report(told, EXPRESS)


def test_roles_ask_for_something_else_from_their_day_on(tmp_path: Path) -> None:
    """What operators did with the library stays, and who was named for a role that is no more fills none."""
    partner = Partner(changed(tmp_path, AM, ROLES + AM))
    partner.record(facts.IndividualAssociated("p1", "ann"), BEFORE)
    partner.record(facts.RoleFilled("p1", EXPRESS, "am", "ann"), BEFORE)
    partner.record(facts.ExamPassed("ann", "700-522", BEFORE), BEFORE)
    partner.record(facts.LibraryChanged(EXPRESS, ("NET-NEWS",)), BEFORE)
    assert open_roles(partner, EXPRESS) == ["am", "fe"]
    with pytest.raises(FormError, match="'se' is none of am, fe"):
        partner.record(facts.RoleFilled("p1", EXPRESS, "se", "ann"), BEFORE)
    assert [role["role"] for role in views.individuals(partner)[0]["roles"]] == ["am"]
    partner.record(facts.RoleFilled("p1", EXPRESS, "se", "ann"), SINCE_THEN)
    assert open_roles(partner, EXPRESS) == []
    assert [role["role"] for role in views.individuals(partner)[0]["roles"]] == ["se"]
    assert partner.library(EXPRESS, SINCE_THEN).items == {"NET-NEWS"}


def test_replacements_that_lead_round_in_a_circle_are_refused(tmp_path: Path) -> None:
    data = Path(shutil.copytree(editions.DATA, tmp_path / "data"))
    again = (
        '\n[replacements.700-505]\nby = "700-501"\nfrom = 2026-01-01\nretake = false\ndescription = "."\nsource = "."\n'
    )
    with (data / FILE).open("a", encoding="utf-8") as file:
        file.write(again)
    with pytest.raises(EditionError) as refused:
        program.current(data)
    assert refused.value.key == "replacements.700-505.by"


def test_every_type_is_on_offer_and_everything_that_an_item_can_be() -> None:
    offered = program.current()
    kinds = {specialization.type for specialization in offered.specializations.values()}
    assert kinds == {*offered.rules.types, *offered.rules.designations}
    worth = {item: offered.worth(item, RETAKE) for item in offered.items}
    assert {worth["CONFERENCE"], worth["COLLAB-LAB"], worth["NET-SALES"], worth["NET-NEWS"]} == {20, 25, 1, 0}
    assert [item for item in offered.items if offered.is_event(item, RETAKE)] == ["CONFERENCE"]
    for name, required in (("collaboration", 100), ("data-center", 100), ("express-networking", 40)):
        assert sum(worth[item] or 0 for item in on(offered.specializations[name].library, RETAKE).items) >= required


def test_courses_of_the_sample_catalog_are_items_too() -> None:
    catalog = Path(__file__).parents[3] / "local" / "sample" / "catalog.csv"
    with catalog.open(encoding="utf-8", newline="") as file:
        courses = {row["course"] for row in csv.DictReader(file)}
    assert {"CLCOR", "DCACI", "ENCOR", "SDWFND"} <= courses & set(program.current().items)


def standing(day: date, passed: str, passed_on: date, *, name: str, role: str) -> Partner:
    partner = Partner(program.current())
    partner.record(facts.IndividualAssociated("p1", "ann"), passed_on)
    partner.record(facts.ExamPassed("ann", passed, passed_on), passed_on)
    partner.record(facts.RoleFilled("p1", name, role, "ann"), passed_on)
    partner.advance(day)
    return partner


SINCE, RETAKE = date(2024, 3, 1), date(2025, 6, 1)


@pytest.mark.parametrize(
    ("name", "role", "passed", "passed_on", "day", "filled"),
    [
        # A new number without a retake.
        ("video-provider", "am", "700-501", SINCE - ONE_DAY, SINCE - ONE_DAY, True),
        ("video-provider", "am", "700-501", SINCE - ONE_DAY, SINCE, True),
        ("video-provider", "am", "700-501", SINCE, SINCE, False),
        ("video-provider", "am", "700-505", SINCE - ONE_DAY, SINCE - ONE_DAY, False),
        ("video-provider", "am", "700-505", SINCE - ONE_DAY, SINCE, True),
        # One with.
        ("data-center", "se", "700-511", SINCE, RETAKE - ONE_DAY, True),
        ("data-center", "se", "700-511", SINCE, RETAKE, False),
        ("data-center", "se", "700-512", SINCE, RETAKE - ONE_DAY, False),
        ("data-center", "se", "700-512", SINCE, RETAKE, True),
    ],
)
def test_a_replacement_of_the_data_holds_from_its_day_on(
    name: str, role: str, passed: str, passed_on: date, day: date, filled: bool
) -> None:
    partner = standing(day, passed, passed_on, name=name, role=role)
    assert (role not in open_roles(partner, name)) == filled


@pytest.mark.parametrize(("day", "exam"), [(SINCE - ONE_DAY, "700-501"), (SINCE, "700-505")])
def test_a_role_names_the_exam_of_the_day(day: date, exam: str) -> None:
    partner = standing(day, "700-501", date(2024, 1, 1), name="video-provider", role="am")
    assert views.detail(partner, "video-provider")["roles"][0]["asks"]["exams"] == [exam]


def test_a_replacement_recorded_before_one_of_the_data_comes_before_it() -> None:
    # The data replaces 700-501 on 1 March; an operator's fact of February has taken its place by then.
    partner = standing(SINCE - ONE_DAY, "700-599", date(2024, 2, 1), name="video-provider", role="am")
    partner.record(facts.ExamReplaced("700-501", "700-599", retake=True), SINCE - ONE_DAY)
    assert "am" not in open_roles(partner, "video-provider")
    partner.advance(SINCE)
    assert "am" not in open_roles(partner, "video-provider")


def test_a_replacement_of_the_data_is_the_same_as_one_recorded_first_thing_that_day() -> None:
    told = Partner(replace(program.current(), replacements=()))
    known = Partner(program.current())
    replacements = dict(program.current().replacements)
    for partner in (told, known):
        partner.record(facts.IndividualAssociated("p1", "ann"), date(2024, 1, 1))
        partner.record(facts.RoleFilled("p1", "unified-fabric", "se", "ann"), date(2024, 1, 1))
    for day in (SINCE - ONE_DAY, SINCE, RETAKE - ONE_DAY, RETAKE, RETAKE + ONE_DAY):
        if day in replacements:
            told.record(replacements[day], day)
        for partner in (told, known):
            partner.record(facts.ExamPassed("ann", "700-511", day), day)
            partner.advance(day)
        assert open_roles(told, "unified-fabric") == open_roles(known, "unified-fabric")
