"""What waits for operators, listed and dealt with at the command line."""

from datetime import timedelta

import ledger
import pytest
from policy import facts

from tests.ledger import world
from tests.standing.conftest import NOW, Run

pytestmark = pytest.mark.usefixtures("cloud")
OVERDUE = world.COMPLETED + timedelta(days=35)
CLAIM = "CORE 1.0, Course CORE; activity by acme"


@pytest.fixture(autouse=True)
def _waiting(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ann's claim is overdue; Bob disputes a denial; Cid's credits were taken back after they renewed something."""
    monkeypatch.setattr("api.clock.now", lambda: NOW.replace(month=3, day=OVERDUE.day + 2))
    world.enroll("ann")
    world.enroll("bob")
    world.enroll("cid", level="associate")
    for holder in ("ann", "bob", "cid"):
        world.submit(holder)
    ledger.record("bob", [facts.ClaimDecided("bob-0001", "denied", "policy-enforcement")], world.COMPLETED)
    ledger.record("bob", [facts.CaseOpened("bob-C0001", "bob-0001", "Look:\n\x1b[31mmy badge")], OVERDUE)
    report = world.completion("cid@example.com")
    world.push(report)
    world.push(world.retraction(report), day=OVERDUE)


@pytest.mark.parametrize("swept", [False, True])
def test_numbers_are_those_of_today_whether_or_not_a_sweep_has_run(run: Run, swept: bool) -> None:
    if swept:
        run("sweep")
    assert run("worklist").lines == [
        "overdue-claims: 1",
        "open-cases: 1",
        "reviews: 1",
        "messages that could not be processed: see standing dead-letters",
    ]


def test_overdue_claims_are_told_with_what_to_do(run: Run) -> None:
    listed = run("worklist", "overdue-claims")
    assert (listed.status, listed.err) == (0, "")
    assert listed.lines == [
        f"ann-0001  pending  {CLAIM}",
        "  submitted 2021-02-24, overdue since 2021-03-26  [late-decision]",
        "1 found; to be done with one: standing decide CLAIM earned, or standing decide CLAIM denied --reason REASON",
    ]
    assert run("decide", "ann-0001", "earned").status == 0
    assert run("worklist", "overdue-claims").lines[0].startswith("0 found")


def test_a_case_is_read_and_answered_and_steers_no_terminal(run: Run) -> None:
    first, message, second, _ = run("worklist", "open-cases").lines
    assert first == f"bob-C0001  opened 2021-03-26 about bob-0001  denied, policy-enforcement  {CLAIM}"
    assert message.endswith("Z  holder: Look:")
    assert second == "    \\x1b[31mmy badge"
    answered = run("answer", "bob-C0001", "We saw it.", "--close")
    assert answered.lines[1:] == [
        "  2021-03-28  case answered: bob-C0001  [cases]  claim bob-0001, author operator",
        "  2021-03-28  case closed: bob-C0001  [cases]  claim bob-0001, outcome answered",
    ]
    assert run("worklist", "open-cases").lines[0].startswith("0 found")
    assert (
        "  bob-C0001  closed 2021-03-28, answered  about bob-0001, opened 2021-03-26; messages: 2"
        in run("show", "bob").lines
    )
    again = run("answer", "bob-C0001", "And that.")
    assert again.status == 1
    assert "refused by cases: The case was closed on 2021-03-28." in again.err


def test_a_retraction_is_reviewed(run: Run) -> None:
    assert run("worklist", "reviews").lines[:2] == [
        f"cid-0001  redeemed  {CLAIM}",
        "  its completion was retracted on 2021-03-26  [retraction]",
    ]
    assert run("review", "cid-0001", "Spoken to the provider.").lines[1:] == [
        "  2021-03-28  claim reviewed: cid-0001  [retraction]  status redeemed, retracted on 2021-03-26"
    ]
    assert run("worklist", "reviews").lines[0].startswith("0 found")


@pytest.mark.parametrize("command", [("answer", "bob-C0002", "So."), ("review", "cid-0002", "Seen.")])
def test_what_is_not_there_is_bad_input(run: Run, command: tuple[str, ...]) -> None:
    refused = run(*command)
    assert refused.status == 2
    assert f"there is no {'case' if 'C' in command[1] else 'claim'} {command[1]}" in refused.err


@pytest.mark.parametrize("message", ["", " ", "a\x00b", "x" * 4001])
def test_a_message_is_something_to_read(run: Run, message: str) -> None:
    assert run("answer", "bob-C0001", message).status == 2
