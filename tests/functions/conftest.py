"""What HTTP functions are tried on: a table in moto. Whatever a test did, the invariants hold at its end."""

from collections.abc import Iterator

import ledger
import pytest
from ledger.check import check
from moto import mock_aws

from tests.functions.cloud import cloud as cloud
from tests.functions.cloud import log as log
from tests.functions.cloud import today as today
from tests.functions.sample import keep_course, keep_holder
from tests.ledger import world
from tests.ledger.tables import create_table

@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty table, and what the HTTP functions find in their environment."""
    for name, value in {**world.ENVIRONMENT, "TABLE_NAME": "standing", "CURSOR_SECRET": "secret"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("ledger.commit.sleep", lambda seconds: None)
    with mock_aws():
        ledger.client.cache_clear()
        create_table(ledger.client(), "standing")
        yield
        world.deliver()
        assert check() == []
    ledger.client.cache_clear()


@pytest.fixture
def holder(table: None) -> None:
    """Ann, an expert who may claim, and a course to claim."""
    assert keep_course("ENCOR").status == 201
    keep_holder("ann")
