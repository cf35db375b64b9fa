"""The command line on a table and two queues of its own. Whatever a test did, the checker finds nothing at its end."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import ledger
import pytest
from api.clients import client
from ledger.check import check
from moto import mock_aws
from standing.__main__ import main

from tests.aws.memory import Memory
from tests.ledger import world
from tests.ledger.tables import create_table

NOW = datetime(2021, 3, 1, 12, tzinfo=UTC)
_numbers = count(1)


@dataclass(frozen=True)
class Ran:
    """A command that ended: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A day, a folder and an environment of its own: commands leave where they connect in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("api.clock.now", lambda: NOW)
    monkeypatch.setattr("ledger.commit.sleep", lambda seconds: None)
    monkeypatch.setattr("api.dead_letters.WAIT_SECONDS", 0)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with patch.dict(os.environ, {**kept, **world.ENVIRONMENT}, clear=True):
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        yield


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: run("show", "ann")."""

    def run(*arguments: Any) -> Ran:
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        written = capsys.readouterr()
        return Ran(status, written.out, written.err)

    return run


@pytest.fixture(scope="module")
def _clients() -> Iterator[None]:
    """Made once a file: a client takes longer to make than a test to run. Tables are in memory, the rest is moto's."""
    with mock_aws(), Memory().serving("dynamodb"):
        ledger.client.cache_clear()
        client.cache_clear()
        with patch.dict(os.environ, world.ENVIRONMENT):
            ledger.client()
            client("sqs")
        yield
    ledger.client.cache_clear()
    client.cache_clear()


@pytest.fixture
def cloud(_elsewhere: None, _clients: None) -> Iterator[None]:
    """A table and two queues of its own, which the environment names."""
    number = next(_numbers)
    table = f"standing-{number}"
    create_table(ledger.client(), table)
    os.environ |= {
        "TABLE_NAME": table,
        "DEAD_LETTER_QUEUE_URL": client("sqs").create_queue(QueueName=f"dead-letter-{number}")["QueueUrl"],
    }
    yield
    os.environ["TABLE_NAME"] = table
    world.deliver()
    assert check() == []
