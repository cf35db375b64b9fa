import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ledger
import pytest
from ledger import backup, keys, mail, table
from ledger.check import check
from policy.partners import facts as learned
from policy.partners import program as partner_program
from policy.partners.dated import always
from policy.partners.program import Item, Program, Specialization

from tests.ledger import world
from tests.ledger.tables import create_table
from tests.standing.conftest import Run

pytestmark = pytest.mark.usefixtures("cloud")
FILE = Path("backup.jsonl")
NOW = datetime(2021, 3, 1, tzinfo=UTC)
ON = NOW.date()
CERTIFICATE = "CDLL-7"
# Lines that hold no item, and what is said of each.
NO_ITEMS = {
    "{": "Expecting property name",
    '{"item": {}}': 'no {"Item": {...}} with pk and sk',
    '{"Item": {"pk": {"S": "x"}, "sk": {"N": "1"}}}': "with pk and sk",
    "[]": "with pk and sk",
    '{"Item": {"pk": {"S": "x"}, "sk": {"S": "y"}, "b": {"B": "!"}}}': "base64",
}


@pytest.fixture
def lived(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A little of everything that a table can hold."""
    ledger.put_courses([*world.COURSES.values(), world.course("Zürich", 3)])
    ledger.put_provider(ledger.Provider("acme", "Acme", ("111122223333",)))
    ledger.put_announcement(ledger.Announcement("a", "Closed on Friday", date(2021, 3, 1)))
    for holder in ("ann", "bob"):
        world.enroll(holder, f"{holder}@example.com", f"{holder}@work.example")
        world.submit(holder, certificate_id=CERTIFICATE)
        world.push(world.completion(f"{holder}@example.com", certificate_id=CERTIFICATE))
        world.deliver()
    world.submit("bob", "DESIGN", certificate_id="CDLL-8")
    world.push(world.completion("nobody@example.com"))
    # Reported before it was anybody's.
    world.push(world.completion("new@example.com"))
    ledger.link_accounts("carol", ["new@example.com"], "Carol", world.COMPLETED)
    mail.lease("ann-2-0", "ann@example.com", NOW)
    mail.finish("ann-2-0", "ann@example.com", "sent", NOW, "mail-1")
    # Packed as a long entry is: bytes, not text.
    monkeypatch.setattr("ledger.values.PACKED_FROM_BYTES", 0)
    world.submit("ann", "HUGE")
    _partners(monkeypatch)


def _partners(monkeypatch: pytest.MonkeyPatch) -> None:
    """A partner with an approved specialization, and news that it has not taken up."""
    free = Specialization.always("express", ("LAB",))
    rules = Program(partner_program.load(), {"LAB": always(Item(points=20))}, {"free": free})
    monkeypatch.setattr(partner_program, "current", lambda: rules)
    ledger.put_partner(ledger.PartnerRecord("globex", "Globex", ("manager@example.com",), ("office@globex.example",)))
    ledger.put_item("LAB", Item(points=30))
    ledger.record_program([learned.PointsRequiredSet("express", 30)], ON)
    ledger.record("ann", [learned.ActivityRecorded("ann", "LAB", ON, "completed")], ON)
    ledger.associate("globex", "ann", ON)
    ledger.record_partner("globex", [learned.ApplicationSubmitted("globex", "free")], ON)
    ledger.record("ann", [learned.ExamPassed("ann", "700-1", ON)], ON)
    badge = learned.BadgeEarned("nobody@example.com", "cloud", date(2024, 3, 1))
    ledger.record_for_account(badge.individual, badge, ON, source=ledger.Source("acme", "badge-1", "a badge"))


def raw() -> list[dict[str, Any]]:
    return sorted(table.raw_items(), key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def beside() -> dict[tuple[str, str], dict[str, Any]]:
    """Everything but where a fact came to be known that is now in a journal: its marker may name either."""
    return {
        place: {name: value for name, value in item.items() if place[1] != "FACT" or name not in ("account", "holder")}
        for place, item in world.snapshot().items()
    }


@contextmanager
def another_table(name: str) -> Iterator[str]:
    name = f"{os.environ['TABLE_NAME']}-{name}"
    create_table(ledger.client(), name)
    with patch.dict(os.environ, {"TABLE_NAME": name}):
        yield name


@pytest.mark.usefixtures("lived")
def test_a_restored_table_has_the_same_standing_for_everyone(run: Run) -> None:
    before, entries = beside(), [item for item in raw() if item["sk"]["S"].startswith("J#")]
    shown = [run("show", holder, "--as-of", "2021-10-01").out for holder in ("ann", "bob", "carol")]
    kept = run("backup", FILE)
    assert (kept.status, kept.err) == (0, "")
    assert kept.lines == [f"{len(FILE.read_text().splitlines())} items in {FILE}"]
    assert FILE.stat().st_mode & 0o777 == 0o600
    with another_table("copy") as copy:
        restored = run("restore", FILE, "--table", copy)
        assert restored.status == 0, restored.err
        assert run("check", "--table", copy).lines == ["nothing found"]
        assert [item for item in raw() if item["sk"]["S"].startswith("J#")] == entries
        assert beside() == before
        assert [run("show", holder, "--as-of", "2021-10-01").out for holder in ("ann", "bob", "carol")] == shown


@pytest.mark.usefixtures("lived")
def test_a_restored_table_goes_on_as_the_first_would(run: Run) -> None:
    run("backup", FILE)
    with another_table("copy") as copy:
        run("restore", FILE, "--table", copy)
        # The same again is known, what waited is found, and the certificate has earned already.
        assert world.push(world.completion("ann@example.com", certificate_id=CERTIFICATE)).again
        assert world.push(world.completion("nobody@example.com")).again
        ledger.link_accounts("dan", ["nobody@example.com"], "Dan", world.COMPLETED)
        assert len(ledger.load("dan").standing.reports) == 1
        world.enroll("eve")
        world.submit("eve", certificate_id=CERTIFICATE)
        assert set(world.claims("eve").values()) == {"denied"}
        world.deliver()
        assert check() == []


@pytest.mark.usefixtures("lived")
def test_what_no_model_knows_is_kept(run: Run) -> None:
    entry = {**keys.entry("H#ann", 1), "future": {"depth": [1, b"\x00\xff"]}}
    unknown = {"pk": "X#1", "sk": "Y", "set": {"b", "a"}}
    first = table.get(keys.entry("H#ann", 1))
    for item in ({**first, **entry}, unknown):
        table.put(item)
    run("backup", FILE)
    with another_table("copy") as copy:
        run("restore", FILE, "--table", copy)
        assert table.get(keys.entry("H#ann", 1)) == {**first, **entry}
        assert table.get({"pk": "X#1", "sk": "Y"}) == unknown
    table.put(first)
    table.delete({"pk": "X#1", "sk": "Y"})


@pytest.mark.usefixtures("lived")
def test_everything_beside_the_journals_is_made_anew_from_them(run: Run) -> None:
    before = beside()
    lost = [item for item in table.raw_items() if not backup._is_truth(item)]
    assert {item["pk"]["S"].partition("#")[0] for item in lost} == {
        "H",
        "P",
        "M",
        "A",
        "CATALOG",
        "FACT",
        "CERTIFICATE",
    }
    for item in lost:
        ledger.client().delete_item(TableName=table.name(), Key={name: item[name] for name in ("pk", "sk")})
    bare = raw()
    assert run("replay", "--dry-run").status == 0
    assert raw() == bare
    assert run("replay").status == 0
    assert beside() == before
    again = run("replay")
    assert again.lines == ["journals looked at: 4, made anew: 0, failed: 0"]


@pytest.mark.usefixtures("lived")
def test_what_was_changed_by_hand_is_mended(run: Run) -> None:
    table.put({**keys.profile("ann"), "holder": "ann", "name": "Somebody Else", "accounts": []})
    table.delete(keys.account("bob@work.example"))
    table.put({**keys.certificate(CERTIFICATE), "carriers": {"bob"}, "earners": {"ann", "bob"}})
    table.put({**keys.catalog_revision(), "s00": "0" * 32})
    assert len(check()) >= 4
    assert run("replay").status == 0
    assert check() == []


def test_an_account_that_is_anothers_is_left_to_the_checker(run: Run) -> None:
    world.enroll("ann")
    world.enroll("bob")
    table.put({**keys.account("ann@example.com"), "holder": "bob"})
    run("replay")
    assert {finding.key for finding in check()} == {"A#ann@example.com"}
    table.put({**keys.account("ann@example.com"), "holder": "ann"})


def test_a_table_that_is_not_empty_is_left_as_it_is(run: Run) -> None:
    world.enroll("ann")
    run("backup", FILE)
    before = raw()
    refused = run("restore", FILE)
    assert (refused.status, refused.out) == (2, "")
    assert "give an empty one with --table" in refused.err
    assert raw() == before


@pytest.mark.usefixtures("lived")
def test_a_restore_that_was_interrupted_goes_on_with_its_own_file_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = beside()
    run("backup", FILE)
    other = Path("other.jsonl")
    other.write_text("".join(FILE.read_text().splitlines(keepends=True)[:-1]))
    with another_table("copy") as copy:
        real, calls = ledger.client().batch_write_item, iter(range(100))

        def dying(**arguments: Any) -> Any:
            if next(calls):
                raise KeyboardInterrupt
            return real(**arguments)

        with monkeypatch.context() as patched:
            patched.setattr(table, "BATCH_WRITES_MAX", 10)
            patched.setattr(ledger.client(), "batch_write_item", dying)
            assert run("restore", FILE, "--table", copy).status == 130
        assert "RESTORING" in {finding.key for finding in check()}
        assert run("restore", other, "--table", copy).status == 2
        assert run("restore", FILE, "--table", copy).status == 0
        assert beside() == before
        assert check() == []


@pytest.mark.usefixtures("lived")
def test_what_the_store_leaves_out_of_a_batch_is_written_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = beside()
    run("backup", FILE)
    monkeypatch.setattr(table, "sleep", lambda seconds: None)
    with another_table("copy") as copy:
        real = ledger.client().batch_write_item

        def sparing(RequestItems: dict[str, list[Any]]) -> Any:  # noqa: N803 - the client's own name
            ((name, requests),) = RequestItems.items()
            real(RequestItems={name: requests[:10]})
            return {"UnprocessedItems": {name: requests[10:]} if requests[10:] else {}}

        monkeypatch.setattr(ledger.client(), "batch_write_item", sparing)
        assert run("restore", FILE, "--table", copy).status == 0
        assert beside() == before


def test_a_file_with_a_line_that_is_no_item_is_refused_before_anything_is_written(run: Run) -> None:
    ledger.put_course(world.COURSES["CORE"])
    run("backup", FILE)
    good = FILE.read_text()
    with another_table("copy") as copy:
        for line, said in NO_ITEMS.items():
            FILE.write_text(good + line + "\n")
            refused = run("restore", FILE, "--table", copy)
            assert refused.status == 2
            assert f"{FILE}:2: " in refused.err
            assert said in refused.err
        assert raw() == []


def test_a_packed_file_or_none_is_told_as_such(run: Run) -> None:
    FILE.write_bytes(gzip.compress(b"{}"))
    assert "unpacked first" in run("restore", FILE).err
    assert "No such file" in run("restore", "nowhere").err


def test_a_backup_is_whole_or_has_another_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    world.enroll("ann")

    def dying(item: Any) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(backup, "to_line", dying)
        assert run("backup", FILE).status == 130
    assert not FILE.exists()
    assert run("backup", FILE).status == 0
    before = FILE.read_bytes()
    assert "is there already" in run("backup", FILE).err
    assert FILE.read_bytes() == before


@pytest.mark.usefixtures("lived")
def test_an_export_by_aws_itself_can_be_restored(run: Run) -> None:
    """Such a file has everything, in the same form; what follows from the journals is passed over."""
    before = beside()
    FILE.write_text("".join(json.dumps(json.loads(backup.to_line(item))) + "\n" for item in table.raw_items()))
    with another_table("copy") as copy:
        assert run("restore", FILE, "--table", copy).status == 0
        assert beside() == before
        assert check() == []
