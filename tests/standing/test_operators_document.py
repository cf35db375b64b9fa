"""docs/operators.md names everything that can ring or be set, and its costs follow from what is measured."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from api.observability import CLAIM_METRICS
from ledger import table
from ledger.values import plain, size_bytes

from tests.ledger import world

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
TEMPLATE = (ROOT / "template.yaml").read_text(encoding="utf-8")
CODE = [path.read_text(encoding="utf-8") for part in ("layers", "functions") for path in (ROOT / part).rglob("*.py")]
MONEY = r"\$([\d.]+)"


def test_every_alarm_says_what_to_do() -> None:
    alarms = re.findall(r"^  (\w+):\n    Type: AWS::CloudWatch::Alarm", TEMPLATE, re.MULTILINE)
    assert alarms
    assert [alarm for alarm in alarms if f"| `{alarm}` |" not in TEXT] == []


def test_every_parameter_is_explained() -> None:
    parameters = re.findall(r"^  (\w+):$", TEMPLATE.partition("Parameters:\n")[2].partition("\n\n")[0], re.MULTILINE)
    assert parameters
    assert [parameter for parameter in parameters if f"`{parameter}`" not in TEXT] == []


def test_every_metric_is_named() -> None:
    named = {name for text in CODE for name in re.findall(r'(?:count|timed|single_metric)\("(\w+)"', text)}
    metrics = {*named, *CLAIM_METRICS.values()}
    assert "DeadLettered" in metrics
    assert [metric for metric in sorted(metrics) if f"`{metric}`" not in TEXT] == []


def test_costs_are_number_by_price_and_add_up() -> None:
    rows = re.findall(rf"^\|.*\| ([\d.]+) [^|]*\| {MONEY} \| {MONEY} \|$", TEXT, re.MULTILINE)
    # A KB a claim of logs is a GB a million, and so paid at the price of one.
    *_, together = re.findall(rf"\*\*{MONEY}\*\*", TEXT)
    costs = [Decimal(cost) for _, _, cost in rows]
    assert len(rows) == 9
    for number, price, cost in rows:
        assert abs(Decimal(number) * Decimal(price) - Decimal(cost)) <= Decimal("0.01")
    assert sum(costs) == Decimal(together)


@pytest.fixture
def written(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[Any]]]:
    """The actions of each transaction."""
    transact, seen = table.transact, []

    def watched(actions: Any) -> None:
        seen.append(list(actions))
        transact(actions)

    monkeypatch.setattr(table, "transact", watched)
    return seen


def _units(actions: list[Any]) -> int:
    """Write units of a transaction: two for each KB begun of an item."""
    return sum(2 * ceil(size_bytes(plain(action["Put"]["Item"])) / 1024) for action in actions)


def test_a_claim_writes_what_its_costs_rest_on(written: list[list[Any]]) -> None:
    world.enroll("ann")
    for number in range(4):
        completed = world.COMPLETED + timedelta(days=10 * number)
        written.clear()
        world.submit("ann", f"C{number}", completed=completed, day=completed + timedelta(days=2))
        report = world.completion("ann@example.com", f"C{number}", completed=completed)
        world.push(report, day=completed + timedelta(days=3))
    submitted, decided = written
    said = re.search(r"a submission writes (\d+) items, a decision by report (\d+), together\s+(\d+) write units", TEXT)
    assert said
    assert [int(number) for number in said.groups()] == [
        len(submitted),
        len(decided),
        _units(submitted) + _units(decided),
    ]
