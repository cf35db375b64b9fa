"""Catalogs that one transaction cannot hold."""

import ledger
import pytest
from policy.catalog import Course, Version

from tests.ledger import world

pytestmark = pytest.mark.usefixtures("large_table")


def test_of_many_courses_the_new_ones_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # As many in a shard as of 10,000 courses.
    monkeypatch.setattr("ledger.catalog_shards.CATALOG_SHARDS", 2)
    many = [world.course(f"C{n}", n) for n in range(300)]
    assert ledger.put_courses([*many[:200], world.course("CORE", 1)]) == {"CORE", *(f"C{n}" for n in range(200))}
    assert ledger.put_courses(many) == {f"C{n}" for n in range(200, 300)}
    assert ledger.put_courses(many) == set()
    assert ledger.all_courses()["C7"] == many[7] == ledger.get_course("C7")
    assert len(ledger.all_courses()) == 301


def test_large_courses_are_put_in_transactions_that_the_table_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.catalog_shards.CATALOG_SHARDS", 1)
    providers = tuple(f"provider-{n:04d}-{'x' * 50}" for n in range(500))
    offered = dict.fromkeys(("activity", "devnet", "live-training", "learning-path"), providers)
    large = [Course(f"LARGE-{n}", "Large", {"1": Version(1)}, offered) for n in range(36)]
    assert len(ledger.put_courses(large)) == 36
    assert ledger.all_courses()["LARGE-35"] == large[35]
