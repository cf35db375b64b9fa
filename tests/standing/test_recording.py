from datetime import date

import ledger
import pytest
from policy import views

from tests.ledger import world
from tests.standing.conftest import NOW, Run

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def _ann(cloud: None) -> None:
    ledger.link_accounts("ann", ["ann@example.com"], "Ann", world.START)


def facts_of(holder: str) -> list[dict[str, object]]:
    return [fact for entry in ledger.load(holder).entries for fact in entry.facts]


def test_a_certification_is_awarded(run: Run) -> None:
    award = run("award", "ann", "ccnp", "professional", "--on", "2021-02-01")
    assert (award.status, award.err) == (0, "")
    cycle = "cycle started on 2021-02-01, expires on 2024-02-01"
    assert award.lines == [
        "recorded as entry 2 of ann:",
        f"  2021-03-01  certification awarded: ccnp  [term]  awarded on 2021-02-01, {cycle}",
        "ccnp is active, since 2021-02-01, expires 2024-02-01",
    ]
    assert ledger.load("ann").entries[-1].cause.startswith("standing award by ")


def test_the_cause_names_nobody_where_the_user_has_no_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nameless)
    run("award", "ann", "ccnp", "professional")
    assert ledger.load("ann").entries[-1].cause == "standing award"


def test_an_award_is_of_today_where_no_day_is_given(run: Run) -> None:
    run("award", "ann", "ccnp", "professional")
    assert facts_of("ann")[-1]["awarded_on"] == NOW.date().isoformat()


def test_a_certification_is_imported_as_it_is(run: Run) -> None:
    cycle = ("--cycle-started-on", "2020-05-01", "--expires-on", "2023-05-01")
    assert run("import", "ann", "ccnp", "professional", *cycle).lines[-1] == (
        "ccnp is active, since 2020-05-01, expires 2023-05-01"
    )


def test_an_exam_that_recertifies_tells_so(run: Run) -> None:
    run("award", "ann", "ccna", "associate", "--on", "2021-01-29")
    exam = run("exam", "ann", "300-410", "concentration", "--on", "2021-02-10")
    assert exam.status == 0
    assert "  2021-03-01  certification recertified: ccna  [automatic" in exam.out
    assert "criteria met on 2021-02-10, option 1 professional exam" in exam.out


@pytest.mark.parametrize(
    "command",
    [
        ("award", "ann", "ccnp", "professional", "--on", "2021-02-01"),
        ("import", "ann", "ccnp", "professional", "--cycle-started-on", "2020-05-01", "--expires-on", "2023-05-01"),
        ("exam", "ann", "300-410", "concentration", "--on", "2021-02-10"),
    ],
)
def test_the_same_command_again_changes_nothing(run: Run, command: tuple[str, ...]) -> None:
    run(*command)
    before = world.snapshot()
    again = run(*command)
    assert (again.status, again.out) == (0, "recorded already, on 2021-03-01, as entry 2 of ann: nothing was changed\n")
    assert world.snapshot() == before


def test_an_import_is_recorded_again_after_another(run: Run) -> None:
    for expires_on in ("2023-05-01", "2023-06-01", "2023-05-01"):
        run("import", "ann", "ccnp", "professional", "--cycle-started-on", "2020-05-01", "--expires-on", expires_on)
    assert len(facts_of("ann")) == 3


def test_a_pending_claim_is_decided(run: Run) -> None:
    world.enroll("bob")
    world.submit("bob")
    decide = run("decide", "bob-0001", "denied", "--reason", "policy-enforcement")
    assert decide.lines == [
        "recorded as entry 4 of bob:",
        "  2021-03-01  claim denied: bob-0001  [operator-decision]  reason policy-enforcement",
    ]
    assert run("decide", "bob-0001", "earned").status == 0
    claim = views.claims(ledger.load("bob").standing)["bob-0001"]
    assert (claim["status"], claim["decided_on"]) == ("earned", date(2021, 3, 1))


def test_a_decision_that_a_rule_refuses_leaves_no_trace(run: Run) -> None:
    world.enroll("bob")
    world.submit("bob")
    run("decide", "bob-0001", "earned")
    before = world.snapshot()
    refused = run("decide", "bob-0001", "earned")
    assert refused.status == 1
    assert "refused by operator-decision: The claim is earned; only a pending claim can be decided" in refused.err
    assert "(status earned, outcome earned)" in refused.err
    assert world.snapshot() == before


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("award nobody ccnp professional", "there is no holder nobody; `standing holder link` makes one known"),
        ("award ann ccnp master", "LEVEL: invalid choice: 'master'"),
        ("award ann cc/np expert", "TRACK: must be up to 64 letters"),
        ("award ann ccnp expert --on 2021-02-30", "--on: must be a date such as 2024-02-29, not '2021-02-30'"),
        ("award ann ccnp expert --on 2021-03-02", "awarded_on: 2021-03-02 is after the day on which it is recorded"),
        ("import ann ccnp expert --cycle-started-on 2020-01-01", "required: --expires-on"),
        (
            "import ann ccnp expert --cycle-started-on 2020-01-01 --expires-on 2019-01-01",
            "expires_on: 2019-01-01 is before the cycle began, 2020-01-01",
        ),
        ("exam nobody 350-401 core", "there is no holder nobody"),
        ("exam ann 350-401 hard", "KIND: invalid choice: 'hard'"),
        ("exam ann 350-401 core --on 2021-03-02", "passed_on: 2021-03-02 is after the day"),
        ("decide ann-0001 earned", "there is no claim ann-0001; `standing show HOLDER` lists a holder's claims"),
        ("decide nobody earned", "there is no claim nobody"),
        ("decide ann-0001 pending", "invalid choice: 'pending'"),
        ("decide ann-0001 denied --reason bored", "--reason: invalid choice: 'bored'"),
    ],
)
def test_bad_input_is_named_and_leaves_no_trace(run: Run, command: str, told: str) -> None:
    before = world.snapshot()
    refused = run(*command.split())
    assert refused.status == 2
    assert told in refused.err
    assert world.snapshot() == before


def test_a_denial_needs_a_reason_and_an_earned_claim_has_none(run: Run) -> None:
    world.enroll("bob")
    world.submit("bob")
    assert "reason: None is none of inadequate-completion" in run("decide", "bob-0001", "denied").err
    given = run("decide", "bob-0001", "earned", "--reason", "policy-enforcement")
    assert (given.status, given.err) == (2, "standing: reason: is given with denied only\n")
