"""docs/operators.md names everything that can ring or be set, its requests are answered, its costs follow from what is measured."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import ledger
import pytest
from api.observability import CLAIM_METRICS
from ledger import table
from ledger.values import plain, size_bytes
from policy.partners import facts as learned

from tests.functions.http import OPERATOR
from tests.ledger import partner_world, world

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
TEMPLATE = (ROOT / "template.yaml").read_text(encoding="utf-8")
CODE = [path.read_text(encoding="utf-8") for part in ("layers", "functions") for path in (ROOT / part).rglob("*.py")]
MONEY = r"\$([\d.]+)"
HTTP = re.findall(r"```http\n(.*?)```", TEXT, re.DOTALL)


def test_every_alarm_says_what_to_do() -> None:
    alarms = re.findall(r"^  (\w+):\n    Type: AWS::CloudWatch::Alarm", TEMPLATE, re.MULTILINE)
    assert alarms
    assert [alarm for alarm in alarms if f"| `{alarm}` |" not in TEXT] == []


def test_every_parameter_is_explained() -> None:
    parameters = re.findall(r"^  (\w+):$", TEMPLATE.partition("Parameters:\n")[2].partition("\n\n")[0], re.MULTILINE)
    assert parameters
    assert [parameter for parameter in parameters if f"`{parameter}`" not in TEXT] == []


def test_every_metric_is_named() -> None:
    counted = r'(?:count|timed|single_metric)\("(\w+)"(?: if .* else "(\w+)")?'
    named = {name for text in CODE for names in re.findall(counted, text) for name in names if name}
    metrics = {*named, *CLAIM_METRICS.values()}
    assert metrics >= {"DeadLettered", "HoldersDue"}
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


def test_every_request_is_answered(cloud: None) -> None:
    day = date(2026, 11, 22)
    for holder in ("quinn", "quinn-2"):
        ledger.link_accounts(holder, [f"{holder}@example.com"], "Quinn", day)
    requests = re.findall(r"^(GET|PUT|POST) (\S+)\n(\{.*\})?", "\n".join(HTTP), re.MULTILINE)
    assert len(requests) == 9
    for method, path, body in requests:
        answer = OPERATOR.send(method, path, body or None, on=day)
        assert answer.status in (200, 201), (path, answer.body)


def test_partners_cost_what_is_said(written: list[list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    partner_world.use(monkeypatch)
    world.enroll("ann")
    day = partner_world.APPROVED
    written.clear()
    partner_world.approve()
    assert [len(actions) for actions in written] == _said(
        r"associate an individual writes (\d+) items, a role (\d+), an application (\d+)"
    )
    written.clear()
    ledger.record_program([learned.PointsRequiredSet("express", 50)], day)
    assert [len(actions) for actions in written] == _said(r"a change of the program (\d+)")
    written.clear()
    partner_world.do("ann", "LAB", day + timedelta(days=1))
    ledger.settle_partner("p1", day + timedelta(days=1))
    told, taken_in = written
    assert [len(told) - 1] == _said(r"an activity from the queue writes (\d+) items, and one more")
    puts = [action for action in (*told, *taken_in) if "Put" in action]
    news = len(told) + len(taken_in) - len(puts)
    units, of_index, cost = re.findall(r"comes to (\d+) write units and (\d+) in the due index: \$([\d.]+)", TEXT)[0]
    assert news == 1
    assert [len(taken_in) - news] == _said(r"a partner's entry writes (\d+)")
    assert [_units(puts) + 2 * news, 2 * news] == [int(units), int(of_index)]
    assert (int(units) + int(of_index)) * Decimal("0.625") == Decimal(cost)


def test_a_journal_grows_by_what_is_said_with_each_activity(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    partner_world.use(monkeypatch)
    world.enroll("ann")
    partner_world.approve()
    day = partner_world.APPROVED
    entries = []
    for number in range(20):
        partner_world.do("ann", "LAB", day + timedelta(days=number))
        if number < 10 or number == 19:
            recorded = ledger.settle_partner("p1", day + timedelta(days=number))
            assert recorded
            assert recorded.entry
            entries.append(recorded.entry)
    *alone, together = (size_bytes(entry.to_item()["news"]) / 1024 for entry in entries)
    said = re.search(
        r"([\d.]+) KB\s+for each activity that an entry took in alone.* ([\d.]+) KB where it took in ten of somebody",
        TEXT,
    )
    assert said
    assert [sum(alone) / 10, together / 10] == pytest.approx([float(said[1]), float(said[2])], rel=0.2)


def _said(pattern: str) -> list[int]:
    found = re.search(pattern.replace(" ", r"\s+"), TEXT)
    assert found
    return [int(number) for number in found.groups()]
