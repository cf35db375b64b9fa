import ledger
import pytest
from policy import facts

from tests.ledger import world
from tests.standing.conftest import Run

pytestmark = pytest.mark.usefixtures("cloud")


def test_a_provider_is_kept_with_its_senders(run: Run) -> None:
    put = run("provider", "put", "acme", "--name", "Acme Learning", "--sender", "AROA1", "AIDA2", "--sender", "AROA1")
    assert (put.status, put.out) == (0, "created acme: Acme Learning; senders AROA1, AIDA2\n")
    assert ledger.get_provider("acme") == ledger.Provider("acme", "Acme Learning", ("AROA1", "AIDA2"))


def test_a_provider_kept_anew_is_told_with_what_was_kept_of_it(run: Run) -> None:
    run("provider", "put", "acme", "--name", "Acme", "--sender", "AROA1")
    assert run("provider", "put", "acme", "--name", "Acme", "--sender", "AROA1").out.startswith("unchanged acme")
    put = run("provider", "put", "acme", "--name", "Acme", "--sender", "AROA2")
    assert put.lines == ["changed acme: Acme; senders AROA2", "  was: Acme; senders AROA1"]


def test_a_holder_becomes_known_with_accounts(run: Run) -> None:
    link = run("holder", "link", "ann", "--account", "Ann@Example.com", "--name", "Ann Lee")
    assert (link.status, link.out) == (0, "created ann: Ann Lee; accounts ann@example.com\n")
    assert ledger.holder_of("ann@example.com") == "ann"


def test_linked_again_nothing_changes(run: Run) -> None:
    run("holder", "link", "ann", "--account", "ann@example.com", "--name", "Ann Lee")
    before = world.snapshot()
    again = run("holder", "link", "ann", "--account", "ann@example.com")
    assert again.lines == ["unchanged ann: Ann Lee; accounts ann@example.com"]
    assert world.snapshot() == before


def test_an_account_left_out_is_told(run: Run) -> None:
    run("holder", "link", "ann", "--account", "ann@example.com", "ann@example.org")
    link = run("holder", "link", "ann", "--account", "ann@example.org")
    assert link.lines == [
        "changed ann: no name; accounts ann@example.org",
        "  no longer the holder's: ann@example.com",
    ]
    assert ledger.holder_of("ann@example.com") is None


def test_what_waited_for_an_account_is_told_as_it_is_decided(run: Run) -> None:
    world.push(world.completion("ann@example.com"))
    link = run("holder", "link", "ann", "--account", "ann@example.com")
    assert "report recorded: CORE  [training-record]  outcome completed, completed on 2021-02-19" in link.out


def test_what_waited_and_is_refused_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    exam = facts.ExamPassed("300-1", "core", world.START)
    ledger.record_for_account("ann@example.com", exam, world.START, source=ledger.Source("acme", "exam", {}))
    monkeypatch.setattr(facts, "EXAM_KINDS", ("expert_lab",))
    link = run("holder", "link", "ann", "--account", "ann@example.com")
    assert link.status == 0
    assert link.err == "standing: what waited for the account was refused: kind: 'core' is none of expert_lab\n"


def test_an_account_of_another_holder_is_refused(run: Run) -> None:
    run("holder", "link", "ann", "--account", "ann@example.com")
    before = world.snapshot()
    refused = run("holder", "link", "bob", "--account", "bob@example.com", "ann@example.com")
    assert refused.status == 1
    assert "ann@example.com is an account of ann: " in refused.err
    assert world.snapshot() == before


def test_an_account_with_claims_stays(run: Run) -> None:
    world.enroll("ann")
    world.submit("ann")
    refused = run("holder", "link", "ann", "--account", "other@example.com")
    assert refused.status == 1
    assert "ann@example.com has claims or reports and stays with its holder: give it with --account too" in refused.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("holder", "link", "a b", "--account", "ann@example.com"), "HOLDER: must be up to 64 letters"),
        (("holder", "link", "ann", "--account", "ann"), "--account: must be an e-mail address, not 'ann'"),
        (("holder", "link", "ann"), "the following arguments are required: --account"),
        (("provider", "put", "acme", "--name", "", "--sender", "1"), "--name: must be a line of 1 to 200"),
        (("provider", "put", "acme", "--name", "Acme"), "the following arguments are required: --sender"),
    ],
)
def test_bad_input_is_named(run: Run, arguments: tuple[str, ...], told: str) -> None:
    refused = run(*arguments)
    assert refused.status == 2
    assert told in refused.err
    assert world.snapshot() == {}
