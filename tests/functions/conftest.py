"""What HTTP functions are tried on: a table in moto. Whatever a test did, the invariants hold at its end."""

from collections.abc import Iterator
from itertools import count

import ledger
import pytest
from api import clients
from ledger.check import check
from moto import mock_aws

from tests.aws.memory import Memory
from tests.functions.certificates import BUCKET
from tests.functions.cloud import cloud as cloud
from tests.functions.cloud import log as log
from tests.functions.cloud import today as today
from tests.functions.logs import faults, watched
from tests.functions.partners import approve, keep_partner
from tests.functions.sample import keep_course, keep_holder
from tests.ledger import world
from tests.ledger.tables import create_table
from tests.privileges.calls import enforced

_numbers = count(1)


@pytest.fixture(autouse=True, scope="module")
def roles() -> Iterator[None]:
    """Whatever the functions call, their roles allow it. Tables are in memory, ten times as quick as in moto."""
    with Memory().serving("dynamodb"), enforced():
        yield


@pytest.fixture(autouse=True)
def discreet(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever the functions do, their logs name nobody. Left out are tests of the logger itself, which write what they like."""
    with watched() as lines:
        yield
    if "test_observability" not in request.node.nodeid:
        assert [fault for line in lines for fault in faults(line)] == []


@pytest.fixture(scope="module")
def moto() -> Iterator[None]:
    """The cloud in this process, and one client each, since making one takes longer than most tests."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name, value in world.ENVIRONMENT.items():
            environment.setenv(name, value)
        ledger.client.cache_clear()
        clients.client.cache_clear()
        yield
    ledger.client.cache_clear()
    clients.client.cache_clear()


@pytest.fixture(scope="module")
def bucket(moto: None) -> None:
    """The bucket of certificates, with whatever the module's tests put there."""
    clients.client("s3").create_bucket(Bucket=BUCKET)


@pytest.fixture
def table(moto: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty table of the test's own, and what the HTTP functions find in their environment."""
    name = f"standing-{next(_numbers)}"
    monkeypatch.setenv("TABLE_NAME", name)
    monkeypatch.setenv("CURSOR_SECRET", "secret")
    monkeypatch.setenv("CERTIFICATES_BUCKET", BUCKET)
    monkeypatch.setattr("ledger.commit.sleep", lambda seconds: None)
    create_table(ledger.client(), name)
    yield
    world.deliver()
    assert check() == []


@pytest.fixture
def holder(table: None) -> None:
    """Ann, an expert who may claim, and a course to claim."""
    assert keep_course("ENCOR").status == 201
    keep_holder("ann")


@pytest.fixture
def partner(table: None) -> None:
    """Northwind, to which Max is assigned: approved on 2020-04-01 for express networking, with Ann in both roles."""
    keep_partner("northwind", "max@example.com")
    approve()
