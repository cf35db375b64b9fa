"""The checker sees what is wrong: each test breaks a sound table in one way."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import ledger
import pytest
from ledger import keys, table
from ledger.catalog_shards import shard_of
from ledger.check import check
from ledger.entry import Entry, from_item
from ledger.values import pack
from policy import Standing, facts

from tests.aws.memory import Memory
from tests.ledger import world
from tests.ledger.conftest import new_table

ID = "CDLL-7"
REPORT = world.completion("ann@example.com", certificate_id=ID)
SPARE = "spare@example.com"


@pytest.fixture(autouse=True)
def _sound(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    new_table(monkeypatch)
    world.enroll("ann", level="associate")
    world.enroll("bo")
    for holder in ("ann", "bo"):
        world.submit(holder, certificate_id=ID)
    world.push(REPORT, message_id="m")
    world.push(world.completion(SPARE))
    world.deliver()
    ledger.put_course(world.COURSES["CORE"])
    assert check() == []
    yield
    assert check() != []


def findings() -> set[tuple[int, str]]:
    return {(finding.invariant, finding.key) for finding in check()}


def change(key: keys.Key, **values: Any) -> None:
    table.put({**(table.get(key) or {}), **key, **values})


def drop(key: keys.Key) -> None:
    table.transact([table.delete_action(key, "attribute_exists(pk)")])


def entry(seq: int) -> Entry:
    return from_item(table.get(keys.entry("H#ann", seq)))


def test_an_entry_is_missing() -> None:
    drop(keys.entry("H#ann", 2))
    assert (1, "ann") in findings()


def test_a_day_goes_back() -> None:
    change(keys.entry("H#ann", 4), day=(world.START + timedelta(days=1)).isoformat())
    assert (1, "ann 4") in findings()


def test_one_commit_has_two_entries() -> None:
    change(keys.entry("H#ann", 5), **{**vars_of(4), "commit": entry(4).commit})
    assert (1, "ann") in findings()


def vars_of(seq: int) -> dict[str, Any]:
    return {name: value for name, value in table.get(keys.entry("H#ann", seq)).items() if name not in ("pk", "sk")}


def test_an_item_differs_from_the_replay() -> None:
    change(keys.key("H#ann", "CLAIM#ann-0001"), status="pending")
    assert findings() == {(1, "ann CLAIM#ann-0001")}


def test_an_item_falls_due_on_another_day() -> None:
    change(keys.key("H#ann", "CERT#ccnp"), due_on="2099-01-01")
    assert findings() == {(1, "ann CERT#ccnp")}


@pytest.mark.parametrize("sk", ["CLAIM#ann-0001", "CERT#ccnp", "PROFILE", "RECERT#0001"])
def test_an_item_is_missing(sk: str) -> None:
    drop(keys.key("H#ann", sk))
    assert findings() == {(1, f"ann {sk}")}


def test_an_item_that_nothing_accounts_for() -> None:
    change(keys.key("H#ann", "CLAIM#ann-0099"), status="earned")
    change(keys.key("ELSE#1", "X"))
    change(keys.key("H#cy", "PROFILE"), holder="cy")
    assert findings() == {(1, "ann CLAIM#ann-0099"), (1, "ELSE#1"), (1, "cy")}


def test_a_fact_is_recorded_twice() -> None:
    again = vars_of(4) | {"commit": "another", "decisions": "[]"}
    change(keys.entry("H#ann", 5), **again)
    assert (2, "ann") in findings()
    assert (2, keys.fact("acme", "m")["pk"]) in findings()


def test_a_fact_is_recorded_with_two_holders() -> None:
    report = vars_of(4) | {"commit": "another", "day": "2022-01-01"}
    change(keys.entry("H#bo", ledger.load("bo").version + 1), **report)
    assert (2, keys.fact("acme", "m")["pk"]) in findings()


def test_a_fact_without_its_marker() -> None:
    drop(keys.fact("acme", "m"))
    assert findings() == {(2, keys.fact("acme", "m")["pk"])}


def test_a_marker_of_other_content_or_another_place() -> None:
    change(keys.fact("acme", "m"), digest="other")
    assert findings() == {(2, keys.fact("acme", "m")["pk"])}
    change(keys.fact("acme", "m"), digest=entry(4).sources[0]["digest"], holder="bo")
    assert findings() == {(2, keys.fact("acme", "m")["pk"])}


def test_a_fact_is_lost() -> None:
    change(keys.account(SPARE), waiting=[])
    ((invariant, key),) = findings()
    assert (invariant, key[:5]) == (3, "FACT#")


def test_a_fact_waits_at_an_account_that_somebody_has() -> None:
    change(keys.account("ann@example.com"), waiting=table.get(keys.account(SPARE))["waiting"])
    assert (3, "A#ann@example.com") in findings()


def test_a_fact_of_somebody_else() -> None:
    stranger = facts.to_dict(world.completion("cy@example.com"))
    change(keys.entry("H#ann", 4), facts=pack([stranger]))
    assert (3, "ann 4") in findings()


def test_an_account_is_not_marked_or_marked_as_anothers() -> None:
    drop(keys.account("ann@example.com"))
    assert findings() == {(5, "A#ann@example.com")}
    change(keys.account("ann@example.com"), holder="bo")
    assert findings() == {(5, "A#ann@example.com")}


def test_a_decision_is_missing() -> None:
    change(keys.entry("H#ann", 4), decisions=pack(entry(4).decisions[:-1]))
    assert findings() == {(5, "ann 4")}


def test_a_commit_is_not_finished() -> None:
    change(keys.unfinished("H#ann"), seq=4)
    assert findings() == {(5, "ann")}


def test_a_course_is_other_than_in_its_shard() -> None:
    change(keys.course("CORE"), title="Other")
    assert findings() == {(5, "CATALOG COURSE#CORE")}
    drop(keys.course("CORE"))
    assert findings() == {(5, "CATALOG COURSE#CORE")}


def test_a_shard_is_missing() -> None:
    drop(keys.catalog_shard(shard_of("CORE")))
    assert findings() == {(5, "CATALOG COURSE#CORE"), (5, f"CATALOG SHARD#{shard_of('CORE'):02d}")}


def test_a_shard_is_not_the_one_that_readers_are_told_of() -> None:
    change(keys.catalog_shard(shard_of("CORE")), digest="other")
    assert findings() == {(5, f"CATALOG SHARD#{shard_of('CORE'):02d}")}
    drop(keys.catalog_revision())
    assert findings() == {(5, f"CATALOG SHARD#{shard_of('CORE'):02d}")}


def test_a_course_lies_in_a_shard_where_nobody_looks_for_it() -> None:
    number = shard_of("CORE")
    shard = {name: value for name, value in table.get(keys.catalog_shard(number)).items() if name not in ("pk", "sk")}
    change(keys.catalog_shard(number + 1), **shard)
    change(keys.catalog_revision(), **{f"s{number + 1:02d}": shard["digest"]})
    assert findings() == {(5, "CATALOG COURSE#CORE")}


def test_something_of_no_kind_lies_with_the_catalog() -> None:
    change(keys.key("CATALOG", "ELSE"), title="Else")
    assert findings() == {(1, "CATALOG")}


@pytest.mark.parametrize("broken", [{"carriers": {"ann"}}, {"earners": {"ann", "bo"}}, {"earners": {"bo"}}])
def test_a_certificate_marker_differs_from_the_journals(broken: dict[str, Any]) -> None:
    change(keys.certificate(ID), **broken)
    assert findings() == {(5, f"CERTIFICATE#{ID}")}


def test_a_carrier_was_not_told() -> None:
    world.push(world.retraction(REPORT))
    assert findings() == {(5, "bo")}


# In what follows the policy itself goes wrong, as it never should, and what it does is written as sound.


def test_sweeps_change_what_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Standing.advance

    def forgetful(self: Standing, day: Any) -> None:
        # Time that passes in one long stretch is not seen.
        if self.today.year > 1 and (day - self.today).days > 400:
            self.today = day
        real(self, day)

    monkeypatch.setattr(Standing, "advance", forgetful)
    for days in range(300, 1500, 300):
        ledger.settle("ann", world.COMPLETED + timedelta(days=days))
    assert (6, "ann") in findings()


def test_an_expiration_moves_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def shortening(self: Standing, cert: Any, expires_on: Any) -> None:
        cert.expires_on = cert.window_end = expires_on

    monkeypatch.setattr(Standing, "extend", shortening)
    day = world.COMPLETED + timedelta(days=8)
    imported = facts.CertificationImported("ccnp", "associate", day, day + timedelta(days=400))
    ledger.record("ann", [imported], day)
    assert any(invariant == 7 for invariant, _ in findings())


def test_credits_count_twice_or_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = Standing.apply

    def doubling(self: Standing, fact: Any, day: Any) -> None:
        recorded(self, fact, day)
        if isinstance(fact, facts.ExamPassed):
            done = self.recertifications[0]
            twice = type(done)(done.certification, done.date, done.option, done.used * 2, (), ())
            late = type(done)(done.certification, done.date.replace(year=2030), done.option, done.used, (), ())
            self.recertifications += [twice, late]

    monkeypatch.setattr(Standing, "apply", doubling)
    exam = facts.ExamPassed("100-1", "entry", world.COMPLETED)
    ledger.record("ann", [exam], world.COMPLETED + timedelta(days=8))
    what = {finding.what for finding in check() if finding.invariant == 4}
    assert what == {
        "CORE counted more than once",
        "ann-0001 used again at its level or below",
        "ann-0001 used after its validity",
    }


def test_something_is_told_twice() -> None:
    decisions = entry(3).decisions
    change(keys.entry("H#ann", 3), decisions=pack([*decisions, *decisions]))
    assert (8, "ann") in findings()


def test_an_open_case_is_not_in_the_worklist() -> None:
    ledger.record("bo", [facts.CaseOpened("bo-C0001", "bo-0001", "It is mine.")], world.COMPLETED + timedelta(days=8))
    assert check() == []
    case = table.get(keys.key("H#bo", "CASE#bo-C0001"))
    assert case
    table.put({name: value for name, value in case.items() if name not in ("worklist", "since")})
    assert findings() == {(1, "bo CASE#bo-C0001")}


def test_a_reminder_is_of_no_event() -> None:
    table.put({**keys.mail("ann-99-0", "ann@example.com"), "outcome": "sent"})
    assert findings() == {(8, "MAIL#ann-99-0")}
