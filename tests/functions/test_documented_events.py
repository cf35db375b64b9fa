"""docs/events.md says what is published: its examples are events as they come, and it names every field."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import ledger
import pytest
from hypothesis import given, settings
from ledger.entry import PUBLISHED
from policy import facts
from policy.partners import facts as learned

from functions.publish_events.handler import lambda_handler
from tests.functions import learning
from tests.functions.events import Context, from_stream, journal, partner_journal
from tests.functions.learning import small_program as small_program
from tests.ledger import world
from tests.policy.histories import histories, play
from tests.policy.partners.histories import histories as partner_histories
from tests.policy.partners.histories import play as play_partner

TEXT = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `([a-z.]+)`\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL))
PATTERNS = re.findall(r"```json pattern\n(.*?)```", TEXT, re.DOTALL)


def fields(kind: str) -> dict[str, bool]:
    """The fields of an event's data that its table names, and whether each is always there."""
    rows = re.findall(r"^\| (`[^|]+`) \| (always|sometimes)", SECTIONS[kind], re.MULTILINE)
    return {name: when == "always" for names, when in rows for name in re.findall(r"`(\w+)`", names)}


def example(kind: str) -> dict[str, Any]:
    (block,) = re.findall(r"```json\n(.*?)```", SECTIONS[kind], re.DOTALL)
    event: dict[str, Any] = json.loads(block)
    return event


def happenings() -> None:
    """Something of every kind: claims earned and denied, a recertification; a holder to whom nothing but time happens."""
    world.enroll("ann")
    for course in ("CORE", "DESIGN", "CYBER"):
        world.submit("ann", course)
    world.push(world.completion("ann@example.com"))
    world.push(world.completion("ann@example.com", "CYBER", outcome="incomplete"))
    world.push(world.completion("ann@example.com", "DESIGN"))
    dispute = facts.CaseOpened("ann-C0001", "ann-0003", "I completed it.")
    ledger.record("ann", [dispute], date(2021, 3, 1))
    ledger.record("ann", [facts.CaseMessage("ann-C0001", "operator", "Ask Acme.", close=True)], date(2021, 3, 2))
    world.enroll("bob")
    world.submit("bob", "DESIGN")
    world.submit("bob")
    world.push(world.completion("bob@example.com"), day=date(2021, 4, 1))
    ledger.settle("bob", date(2024, 3, 1))


def happenings_of_a_partner() -> None:
    """A year that is renewed in grace, and one that is lost."""
    world.enroll("cyd")
    learning.approve("p1", "cyd")
    learning.do("cyd", "LAB", date(2021, 6, 1))
    ledger.settle_partner("p1", date(2022, 2, 2))
    learning.do_enough("cyd", date(2022, 2, 3))
    learning.renew(date(2022, 2, 3))
    ledger.settle_partner("p1", date(2023, 2, 12))
    learning.do_enough("cyd", date(2023, 3, 1))
    ledger.record_partner("p1", [learned.ReactivationSubmitted("p1", learning.NAME)], date(2023, 3, 1))


def test_every_type_that_is_published_is_documented_and_no_other() -> None:
    assert SECTIONS.keys() == PUBLISHED


def test_each_example_is_an_event_as_it_comes_over_the_bus(cloud: Any, small_program: None) -> None:
    happenings()
    happenings_of_a_partner()
    lambda_handler(from_stream(*journal(), *partner_journal()), Context())
    first: dict[str, Any] = {}
    for put in cloud.bus.events:
        envelope = {"source": put["Source"], "detail-type": put["DetailType"], "detail": put["Detail"]}
        envelope["detail"]["time"] = "2021-02-24T09:30:00.000Z"
        first.setdefault(put["DetailType"], envelope)
    assert first == {kind: example(kind) for kind in SECTIONS}


@settings(max_examples=40, deadline=None)
@given(histories().map(play) | partner_histories().map(play_partner))
def test_no_event_has_a_field_that_is_not_documented_or_lacks_one_that_is_always_there(after: Any) -> None:
    for decision in after.decisions:
        if decision.kind in PUBLISHED:
            documented = fields(decision.kind)
            assert decision.to_dict().get("facts", {}).keys() <= documented.keys(), decision
            assert {name for name, always in documented.items() if always} <= decision.facts.keys(), decision


@pytest.mark.parametrize("policy", re.findall(r"```json policy\n(.*?)```", TEXT, re.DOTALL))
def test_a_policy_is_json(policy: str) -> None:
    assert json.loads(policy)["Action"] == "events:PutEvents"
