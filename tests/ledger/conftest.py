"""Stores to try the ledger against. Whatever a test did, the invariants hold at its end."""

import os
from collections.abc import Iterator
from itertools import count

import ledger
import pytest
from ledger.check import check
from moto import mock_aws

from tests.aws.memory import Memory
from tests.ledger import world
from tests.ledger.dynamodb_local import Unavailable, dynamodb_local
from tests.ledger.tables import create_table

_numbers = count(1)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in world.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("ledger.commit.sleep", lambda seconds: None)


@pytest.fixture
def moto(_environment: None) -> Iterator[None]:
    """DynamoDB in this process: quick, and right for anything but concurrency."""
    with mock_aws():
        ledger.client.cache_clear()
        yield
    ledger.client.cache_clear()


@pytest.fixture
def memory(_environment: None) -> Iterator[Memory]:
    """DynamoDB in memory, a hundred times as quick, for what is done thousands of times."""
    with Memory().serving() as aws:
        yield aws


@pytest.fixture(scope="session")
def local_endpoint() -> Iterator[str | Unavailable]:
    """Where DynamoDB Local answers, or why there is none."""
    try:
        with dynamodb_local() as endpoint:
            yield endpoint
    except Unavailable as why:
        yield why


@pytest.fixture
def local(_environment: None, local_endpoint: str | Unavailable, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """DynamoDB Local, which serialises transactions as DynamoDB does."""
    if isinstance(local_endpoint, Unavailable):
        pytest.skip(str(local_endpoint))
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", local_endpoint)
    # With which a function calls it itself, and not through the SDK.
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "standing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    ledger.client.cache_clear()
    yield
    ledger.client().connection.close()
    ledger.client.cache_clear()


@pytest.fixture(params=["moto", "local"])
def table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty table; at the end the stream is delivered, and the checker finds nothing."""
    request.getfixturevalue(request.param)
    yield from checked_table(monkeypatch)


@pytest.fixture
def large_table(
    request: pytest.FixtureRequest, local_endpoint: str | Unavailable, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A table for many items: moto copies all of a table for each transaction, so it is the second choice."""
    request.getfixturevalue("moto" if isinstance(local_endpoint, Unavailable) else "local")
    yield from checked_table(monkeypatch)


def checked_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    yield new_table(monkeypatch)
    world.deliver()
    assert check() == []


def new_table(monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty table in whatever store is there, in place of the one before."""
    if before := os.environ.get("TABLE_NAME"):
        ledger.client().delete_table(TableName=before)
    name = f"standing-{next(_numbers)}"
    monkeypatch.setenv("TABLE_NAME", name)
    create_table(ledger.client(), name)
    return name
