import ledger
import pytest
from ledger import keys, table

from tests.ledger import partner_world, world
from tests.standing.conftest import NOW, Run

pytestmark = pytest.mark.usefixtures("cloud")


def clock(monkeypatch: pytest.MonkeyPatch, year: int, month: int, day: int) -> None:
    monkeypatch.setattr("api.clock.now", lambda: NOW.replace(year=year, month=month, day=day))


@pytest.fixture(autouse=True)
def _holders(cloud: None) -> None:
    for holder in ("ann", "bob"):
        world.enroll(holder)
    world.submit("ann")


def test_a_sweep_tells_what_it_settled(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 2021, 3, 26)
    swept = run("sweep")
    assert (swept.status, swept.err) == (0, "")
    assert swept.lines == [
        "ann: entry 4",
        "  2021-03-26  claim overdue: ann-0001  [late-decision]  submitted on 2021-02-24",
        "swept 2021-03-26: 1 due, 1 changed, 0 failed",
    ]
    assert ledger.load("ann").entries[-1].cause == "sweep of 2021-03-26"


def test_a_sweep_of_certifications_leaves_claims_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 2024, 1, 30)
    assert run("sweep", "--day", "2021-03-26", "--kind", "certification").lines == [
        "swept 2021-03-26: 0 due, 0 changed, 0 failed"
    ]
    assert run("sweep", "--day", "2021-03-26", "--kind", "claim").lines[-1] == (
        "swept 2021-03-26: 1 due, 1 changed, 0 failed"
    )
    swept = run("sweep", "--kind", "certification")
    assert swept.lines[-1] == "swept 2024-01-30: 2 due, 2 changed, 0 failed"
    assert swept.out.count("certification expired: ccnp") == 2


def test_a_sweep_settles_partners_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    partner_world.use(monkeypatch)
    partner_world.approve()
    partner_world.do("ann", "LAB", partner_world.APPROVED)
    clock(monkeypatch, 2022, 12, 1)
    swept = run("sweep", "--kind", "specialization")
    assert [swept.lines[0], swept.lines[-1]] == ["p1: entry 4", "swept 2022-12-01: 1 due, 1 changed, 0 failed"]
    assert "specialization expiring: express-network" in swept.out


def test_a_sweep_run_twice_changes_nothing_more(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 2024, 1, 30)
    run("sweep")
    before = world.snapshot()
    assert run("sweep").lines == ["swept 2024-01-30: 0 due, 0 changed, 0 failed"]
    assert world.snapshot() == before


def test_every_page_is_swept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 2024, 1, 30)
    due = ledger.due
    monkeypatch.setattr(ledger, "due", lambda *arguments, **options: due(*arguments, limit=1, **options))
    world.submit("ann", "DESIGN")
    assert run("sweep", "--kind", "claim").lines[-1] == "swept 2024-01-30: 1 due, 1 changed, 0 failed"


def test_a_day_after_today_is_refused(run: Run) -> None:
    before = world.snapshot()
    refused = run("sweep", "--day", "2021-03-02")
    assert refused.status == 2
    assert "--day: 2021-03-02 is after today, 2021-03-01" in refused.err
    assert world.snapshot() == before


def test_one_holders_trouble_holds_up_no_other(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, 2024, 1, 30)
    settle = ledger.settle

    def failing(holder: str, *arguments: object, **options: object) -> object:
        if holder == "ann":
            raise ledger.Busy("throttled")
        return settle(holder, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(ledger, "settle", failing)
    swept = run("sweep", "--kind", "certification")
    assert (swept.status, swept.err) == (1, "standing: ann: throttled\n")
    assert swept.lines[-1] == "swept 2024-01-30: 2 due, 1 changed, 1 failed"


def test_a_table_in_order_has_no_finding(run: Run) -> None:
    checked = run("check")
    assert (checked.status, checked.out) == (0, "nothing found\n")


def test_what_is_wrong_is_told_a_line_each(run: Run) -> None:
    claim = table.get(keys.key("H#ann", "CLAIM#ann-0001"))
    assert claim
    table.put({**claim, "credits": 640})
    checked = run("check")
    table.put(claim)
    assert checked.status == 1
    assert checked.lines[0].startswith("invariant 1: ann CLAIM#ann-0001: an item differs from the replay; expected {")
    assert checked.lines[1:] == ["1 found"]
