from datetime import date
from pathlib import Path

import ledger
import pytest
from policy.catalog import Course, Version

from tests.ledger import world
from tests.standing.conftest import Run

HEADER = "course,title,version,credits,available_from,available_until,item_type,providers"
ENCOR = "ENCOR,Enterprise Network Core,1.2,64,,,instructor-led-training,acme;globex"
DIRECT = "ENCOR,Enterprise Network Core,1.3,60,2023-01-01,2025-12-31,direct-delivery,vendor"
SCOR = "SCOR,Security Core,1.0,64,,,activity,acme"
GOOD = (HEADER, ENCOR, DIRECT, SCOR)

pytestmark = pytest.mark.usefixtures("cloud")


def written(*lines: str, end: str = "\n") -> Path:
    path = Path("catalog.csv")
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


def test_a_file_is_loaded_course_by_course(run: Run) -> None:
    loaded = run("catalog", "load", written(*GOOD))
    assert (loaded.status, loaded.err) == (0, "")
    assert loaded.lines == [
        "created ENCOR: Enterprise Network Core",
        "created SCOR: Security Core",
        "2 created, 0 changed, 0 unchanged",
    ]
    assert ledger.get_course("ENCOR") == Course(
        "ENCOR",
        "Enterprise Network Core",
        {"1.2": Version(64), "1.3": Version(60, date(2023, 1, 1), date(2025, 12, 31))},
        {"instructor-led-training": ("acme", "globex"), "direct-delivery": ("vendor",)},
    )


def test_a_dry_run_tells_the_same_and_changes_nothing(run: Run) -> None:
    dry = run("catalog", "load", written(*GOOD), "--dry-run")
    assert world.snapshot() == {}
    loaded = run("catalog", "load", "catalog.csv")
    assert dry.lines[:-1] == loaded.lines[:-1]
    assert dry.lines[-1] == "2 created, 0 changed, 0 unchanged; a dry run: nothing was changed"


def test_loaded_again_nothing_changes(run: Run) -> None:
    run("catalog", "load", written(*GOOD))
    assert run("catalog", "load", "catalog.csv").lines[-1] == "0 created, 0 changed, 2 unchanged"


def test_what_becomes_other_is_told(run: Run) -> None:
    run("catalog", "load", written(*GOOD))
    moved = DIRECT.replace("1.3,60", "1.4,50").replace("vendor", "vendor;academy")
    loaded = run("catalog", "load", written(HEADER, ENCOR.replace("64", "48"), moved))
    assert loaded.lines[0] == (
        "changed ENCOR: version 1.2: 48 credits, was 64 credits; "
        "version 1.3: none, was 60 credits from 2023-01-01 through 2025-12-31; "
        "version 1.4: 50 credits from 2023-01-01 through 2025-12-31, was none; "
        "direct-delivery: vendor, academy, was vendor"
    )
    retitled = written(HEADER, SCOR.replace("Security Core", "Security"))
    assert run("catalog", "load", retitled).lines[0] == "changed SCOR: title 'Security', was 'Security Core'"


def test_courses_that_the_file_does_not_name_stay(run: Run) -> None:
    run("catalog", "load", written(HEADER, SCOR))
    run("catalog", "load", written(HEADER, ENCOR))
    assert ledger.get_course("SCOR") is not None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (SCOR.replace("SCOR", "S COR"), "course: must be up to 64 letters, digits, dots, underscores and hyphens"),
        (SCOR.replace("Security Core", ""), "title: must be a line of 1 to 200 characters, not ''"),
        (SCOR.replace("1.0", ""), "version: must be up to 64 letters"),
        (SCOR.replace("64", "-1"), "credits: must be a whole number from 0 to 10000, not '-1'"),
        (SCOR.replace("64", "10001"), "credits: must be a whole number from 0 to 10000, not '10001'"),
        (SCOR.replace("64", "6.5"), "credits: must be a whole number"),
        (SCOR.replace("64,,", "64,2021-02-29,"), "available_from: must be a date such as 2024-02-29"),
        (SCOR.replace("64,,", "64,,1 May"), "available_until: must be a date such as 2024-02-29, not '1 May'"),
        (
            SCOR.replace("64,,", "64,2021-05-02,2021-05-01"),
            "available_until: 2021-05-01 is before available_from, 2021-05-02",
        ),
        (SCOR.replace("activity", "party"), "item_type: must be one of instructor-led-training, direct-delivery"),
        (SCOR.replace("acme", ""), "providers: must be up to 64 letters"),
        (SCOR.replace("acme", "acme;"), "providers: must be up to 64 letters"),
        (SCOR.replace("Security Core", "Security, Core"), "providers: 9 values for 8 columns; a value that holds a"),
        (SCOR.replace(",acme", ""), "providers: 7 values for 8 columns"),
        (SCOR.replace("Security Core", '"Security" Core'), "line: cannot be read as CSV: ',' expected after '\"'"),
        (SCOR.replace("Security Core", '"Security Core'), "line: cannot be read as CSV: unexpected end of data"),
        (ENCOR, "item_type: ENCOR 1.2 instructor-led-training stands in line 2 already"),
        (DIRECT.replace("Network", "Net"), "title: other than in line 2, which is about ENCOR too"),
        (
            DIRECT.replace("direct-delivery", "activity").replace("60", "61"),
            "credits: other than in line 3, which is about ENCOR 1.3 too",
        ),
        (
            DIRECT.replace("1.3", "1.4").replace("vendor", "acme"),
            "providers: other than in line 3, which is about ENCOR direct-delivery too",
        ),
    ],
)
def test_one_wrong_line_and_nothing_is_loaded(run: Run, wrong: str, told: str) -> None:
    refused = run("catalog", "load", written(HEADER, ENCOR, DIRECT, wrong))
    assert refused.status == 2
    assert f"catalog.csv:4: {told}" in refused.err
    assert "nothing was loaded" in refused.err
    assert world.snapshot() == {}


def test_every_fault_is_told_in_the_order_of_lines(run: Run) -> None:
    lines = (HEADER, SCOR.replace("64", "many").replace("activity", "party"), ENCOR, DIRECT.replace("Core", "Kernel"))
    faults = run("catalog", "load", written(*lines)).err.splitlines()[1:]
    assert [fault.split(": ")[:2] for fault in faults] == [
        ["catalog.csv:2", "credits"],
        ["catalog.csv:2", "item_type"],
        ["catalog.csv:4", "title"],
    ]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (HEADER.replace("credits,", ""), "1: credits: missing; the first line names the columns course,title,"),
        (HEADER.replace("credits", "points"), "1: 'points': unknown column; the first line names"),
        (HEADER + ",", "1: '': unknown column"),
        (HEADER + ",title", "1: title: named twice"),
    ],
)
def test_the_first_line_must_name_the_columns(run: Run, header: str, told: str) -> None:
    refused = run("catalog", "load", written(header, SCOR))
    assert refused.status == 2
    assert f"catalog.csv:{told}" in refused.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "catalog.csv:1: course: missing"),
        (HEADER.encode(), "catalog.csv:2: course: missing: there is no course in the file"),
        (b"course\nSCOR\xff", "catalog.csv:2: file: not UTF-8; save it as CSV UTF-8"),
        (None, "catalog.csv: No such file or directory"),
    ],
)
def test_a_file_that_is_no_catalog_is_refused(run: Run, content: bytes | None, told: str) -> None:
    if content is not None:
        Path("catalog.csv").write_bytes(content)
    refused = run("catalog", "load", "catalog.csv")
    assert refused.status == 2
    assert told in refused.err


def test_what_spreadsheets_write_is_read(run: Run) -> None:
    reordered = "\ufeffproviders,item_type,course,title,version,credits,available_from,available_until"
    row = '" acme ; globex ",activity,SCOR,"Security, ""Core""",1.0,64,,'
    run("catalog", "load", written(reordered, "", row, ",,,,,,,", end="\r\n"))
    course = ledger.get_course("SCOR")
    assert course == Course("SCOR", 'Security, "Core"', {"1.0": Version(64)}, {"activity": ("acme", "globex")})


def test_a_value_over_two_lines_does_not_shift_the_numbers(run: Run) -> None:
    refused = run("catalog", "load", written(HEADER, SCOR.replace("Security Core", '"Security\nCore"'), "x"))
    assert "catalog.csv:2: title: must be a line" in refused.err
    assert "catalog.csv:4: title: 1 values for 8 columns" in refused.err
