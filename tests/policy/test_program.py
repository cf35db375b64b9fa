"""Policy data is checked as it is read: what is wrong with it is named by file, key and reason."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from policy import EditionError, program

COMMON, OLD, NEW = "program.toml", "editions/2017-06-06.toml", "editions/2020-02-24.toml"
VALIDITY = "[validity]\nvalue = 3"
CREDITS = "parts = { credits = 30 }"
DESCRIPTION = 'description = "Earn 30 credits."'
ENTRY = '[[options.entry]]\nparts = { entry = 1 }\ndescription = "Pass one entry exam."\nsource = "001 section 8"\n'
OPTION = "options.associate[4]"

DAMAGE = [
    # What holds under every edition: file, old text, new text, key, reason.
    (COMMON, "levels =", "lewels = []\nlevels =", "lewels", "unknown key"),
    (COMMON, "levels =", "lewels =", "levels", "missing"),
    (COMMON, '"entry", "associate"', '1, "associate"', "levels", "1 is not one of"),
    (COMMON, "value = 2017-06-06", 'value = "2017-06-06"', "program_start.value", "must be date"),
    (COMMON, "value = 2017-06-06", "value = 2017-06-06T00:00:00", "program_start.value", "must be date"),
    (COMMON, "[validity]", "[validities]", "validity", "missing"),
    (COMMON, VALIDITY, "[validity]", "validity.value", "missing"),
    (COMMON, VALIDITY, '[validity]\nvalue = "3"', "validity.value", "must be int"),
    (COMMON, VALIDITY, "[validity]\nvalue = true", "validity.value", "must be int"),
    (COMMON, VALIDITY, "[validity]\nvalue = 0", "validity.value", "must be at least 1"),
    (COMMON, VALIDITY, f"{VALIDITY}\nnote = 1", "validity.note", "unknown key"),
    (COMMON, 'unit = "years"', "", "validity.unit", "missing"),
    (COMMON, 'source = "000 i"', "", "validity.source", "missing"),
    (COMMON, 'source = "000 i"', 'source = ""', "validity.source", "must not be empty"),
    (COMMON, "[90, 60", "[90, 0", "notices.value", "must be whole numbers from 1"),
    (COMMON, "[retired_tracks]", "[retired_tracks]\nccdp = 2020", "retired_tracks.ccdp", "must be date"),
    (COMMON, "levels =", "levels", "file", "line"),
    # An edition.
    (OLD, 'id = "edition-2017"', "", "id", "missing"),
    (OLD, 'title = "Continuing education for experts"', 'title = ""', "title", "must not be empty"),
    (OLD, "in_force_from = 2017-06-06", "", "in_force_from", "missing"),
    (OLD, "emeritus = true", 'emeritus = "yes"', "emeritus", "must be bool"),
    (OLD, "emeritus = true", "emeritus = true\nbonus = 1", "bonus", "unknown key"),
    (OLD, '= ["expert"]', '= ["master"]', "eligible_levels", "'master' is not one of"),
    (OLD, "[term.expert]", "[term.master]", "master", "is no level"),
    (OLD, "[term.other]", "[term.associate]", "term.other", "missing"),
    (OLD, "[suspension.expert]", "[suspension.master]", "master", "is no level"),
    (OLD, "[suspension.expert]", "[suspension.other]", "other", "is no level"),
    (NEW, "emeritus = false", "emeritus = false\nsuspension = 1", "suspension", "must be dict"),
    (NEW, CREDITS, "parts = { credits = 30, fee = 1 }", "options.associate", "needs a fee"),
    (OLD, 'value = "300.00"', "value = 300", "fee.value", "must be str"),
    (OLD, 'value = "300.00"', 'value = "300,00"', "fee.value", "must be an amount"),
    (NEW, "value = 365", "value = 365.5", "claim_window.value", "must be int"),
    (NEW, "title =", "title", "file", "line"),
    # Its options.
    (NEW, ENTRY, "", "options.entry", "missing"),
    (NEW, ENTRY, "[options]\nentry = [1]\n", "options.entry[0]", "must be a table"),
    (NEW, ENTRY, "[options]\nentry = []\n", "options.entry", "needs at least one option"),
    (NEW, "[[options.entry]]", "[[options.master]]", "master", "is no level"),
    (NEW, CREDITS, "", f"{OPTION}.parts", "missing"),
    (NEW, CREDITS, "parts = 30", f"{OPTION}.parts", "must be dict"),
    (NEW, CREDITS, "parts = {}", f"{OPTION}.parts", "needs at least one part"),
    (NEW, CREDITS, "parts = { points = 30 }", f"{OPTION}.parts.points", "is no part"),
    (NEW, CREDITS, "parts = { credits = 0 }", f"{OPTION}.parts.credits", "whole number from 1"),
    (NEW, CREDITS, 'parts = { credits = "30" }', f"{OPTION}.parts.credits", "whole number from 1"),
    (NEW, CREDITS, f"{CREDITS}\nfrom = 1", f"{OPTION}.from", "unknown key"),
    (NEW, DESCRIPTION, "", f"{OPTION}.description", "missing"),
    (NEW, DESCRIPTION, "description = 30", f"{OPTION}.description", "must be str"),
]
UNEVEN = [
    # Editions that do not follow one another day by day: file, old text, new text, key, reason.
    (OLD, "2020-02-23", "2020-02-22", "in_force_through", "is not the day before"),
    (OLD, "2020-02-23", "2020-02-24", "in_force_through", "is not the day before"),
    (OLD, "in_force_through = 2020-02-23", "", "in_force_through", "missing, though 2020-02-24.toml"),
    (NEW, "2020-02-24", "2017-06-06", "in_force_from", "is not after 2017-06-06"),
    (NEW, "2020-02-24", "2020-02-24\nin_force_through = 2030-01-01", "in_force_through", "no end"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(program.DATA, tmp_path / "data"))


def damage(data: Path, file: str, old: str, new: str) -> None:
    text = (data / file).read_text(encoding="utf-8")
    assert old in text
    (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(data: Path) -> EditionError:
    with pytest.raises(EditionError) as refused:
        program.load(data=data)
    return refused.value


@pytest.mark.parametrize(("file", "old", "new", "key", "reason"), DAMAGE)
def test_damage_is_named_by_file_key_and_reason(
    data: Path, file: str, old: str, new: str, key: str, reason: str
) -> None:
    damage(data, file, old, new)
    refused = refusal(data)
    assert (refused.file, refused.key) == (Path(file).name, key)
    assert reason in refused.reason
    assert str(refused) == f"{refused.file}: {key}: {refused.reason}"


@pytest.mark.parametrize(("file", "old", "new", "key", "reason"), UNEVEN)
def test_gaps_and_overlaps_are_named_by_file_key_and_reason(
    data: Path, file: str, old: str, new: str, key: str, reason: str
) -> None:
    damage(data, file, old, new)
    refused = refusal(data)
    assert (refused.file, refused.key) == (Path(file).name, key)
    assert reason in refused.reason


def test_no_edition_at_all_is_refused(data: Path) -> None:
    shutil.rmtree(data / "editions")
    assert refusal(data).reason == "there is no edition file"


def test_a_file_that_is_not_there_is_named(data: Path) -> None:
    (data / COMMON).unlink()
    assert refusal(data).file == COMMON


def test_a_file_that_is_no_text_is_named(data: Path) -> None:
    (data / OLD).write_bytes(b"\xff")
    assert refusal(data).file == Path(OLD).name


def test_the_data_that_is_shipped_loads_whole(data: Path) -> None:
    rules = program.load(data=data)
    assert [edition.id for edition in rules.editions] == ["edition-2017", "edition-2020"]
    assert all(set(edition.options) == set(rules.levels) for edition in rules.editions)
    assert all(edition.term_years[level] for edition in rules.editions for level in rules.levels)


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(1999, 1, 1), "edition-2017"),
        (date(2017, 6, 5), "edition-2017"),
        (date(2020, 2, 23), "edition-2017"),
        (date(2020, 2, 24), "edition-2020"),
        (date(9999, 12, 31), "edition-2020"),
    ],
)
def test_every_day_has_an_edition(day: date, edition: str) -> None:
    assert program.load().edition(day).id == edition


def test_every_option_says_where_it_comes_from() -> None:
    for edition in program.load().editions:
        for options in edition.options.values():
            assert all(option.description.endswith(".") and option.source for option in options)


def test_a_list_of_retired_tracks_replaces_that_of_the_file(data: Path) -> None:
    damage(data, COMMON, "[retired_tracks]", "[retired_tracks]\nccdp = 2020-02-24")
    assert program.load(data=data).retired_on("ccdp") == date(2020, 2, 24)
    assert program.load({"ccda": date(2021, 1, 1)}, data).retired_on("ccdp") == date.max
    assert program.load({"ccda": date(2021, 1, 1)}, data).retired_on("ccda") == date(2021, 1, 1)


DRAFT = "draft.toml"


def draft(folder: Path, **changed: str) -> Path:
    """The edition in force, as a draft of another id from 2027-01-01 on; changed: other values of its first keys."""
    text = (program.DATA / NEW).read_text(encoding="utf-8")
    for key, value in {"id": '"edition-2027"', "in_force_from": "2027-01-01", **changed}.items():
        text = re.sub(f"^{key} = .*$", f"{key} = {value}", text, count=1, flags=re.MULTILINE)
    (folder / DRAFT).write_text(text, encoding="utf-8")
    return folder / DRAFT


def drafted(path: Path) -> list[tuple[str, date, date]]:
    rules, _ = program.with_edition(program.load(), path)
    return [(edition.id, edition.start, edition.end) for edition in rules.editions]


def test_a_draft_after_the_last_edition_ends_that_on_the_day_before(tmp_path: Path) -> None:
    rules, added = program.with_edition(program.load(), draft(tmp_path))
    assert (rules.edition(date(2026, 12, 31)).id, rules.edition(date(2027, 1, 1))) == ("edition-2020", added)
    assert rules.editions[-2].end == date(2026, 12, 31)
    assert program.load().editions[-1].end == date.max


@pytest.mark.parametrize("changed", [{"id": '"edition-2020"'}, {"in_force_from": "2020-02-24"}])
def test_a_draft_replaces_the_edition_of_its_id_or_first_day(tmp_path: Path, changed: dict[str, str]) -> None:
    first = {"in_force_from": "2020-02-24", **changed}
    editions = drafted(draft(tmp_path, **first))
    assert [start for _, start, _ in editions] == [date(2017, 6, 6), date(2020, 2, 24)]
    assert editions[1][0] == changed.get("id", '"edition-2027"').strip('"')


@pytest.mark.parametrize(
    ("changed", "file", "key", "reason"),
    [
        # Of the id of the last one and a later first day, it would leave days without an edition.
        ({"id": '"edition-2020"'}, "edition-2017", "in_force_through", "is not the day before draft.toml begins"),
        ({"in_force_from": "2019-01-01"}, "edition-2017", "in_force_through", "is not the day before draft.toml"),
        ({"in_force_from": "2017-01-01"}, DRAFT, "in_force_through", "missing, though edition-2017 follows it"),
        (
            {"id": '"edition-2017"', "in_force_from": "2020-02-24"},
            DRAFT,
            "in_force_from",
            "2020-02-24 is not after 2020-02-24 of edition-2020",
        ),
        (
            {"in_force_from": "2027-01-01\nin_force_through = 2029-12-31"},
            DRAFT,
            "in_force_through",
            "the last edition has no end",
        ),
        ({"emeritus": "1"}, DRAFT, "emeritus", "must be bool"),
    ],
)
def test_a_draft_that_cannot_be_is_named_by_file_key_and_reason(
    tmp_path: Path, changed: dict[str, str], file: str, key: str, reason: str
) -> None:
    with pytest.raises(EditionError) as refused:
        drafted(draft(tmp_path, **changed))
    assert (refused.value.file, refused.value.key) == (file, key)
    assert reason in refused.value.reason
