"""What functions find around them in this process: an environment, a clock that stands until it is set, no pauses."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from types import SimpleNamespace
from unittest.mock import patch

import ledger
from api import clients
from api.observability import logger

from tests.aws.memory import Memory
from tests.functions.events import SENDER
from tests.ledger import world
from tests.ledger.tables import create_table

BUCKET = "certificates"
PROVIDER_QUEUE, DEAD_LETTERS, SWEEPS = "provider", "dead-letter", "sweep"
ENVIRONMENT = {
    **world.ENVIRONMENT,
    "TABLE_NAME": "standing",
    "BUS_NAME": "standing",
    "PROGRAM_TIME_ZONE": "UTC",
    "CURSOR_SECRET": "secret",
    "CERTIFICATES_BUCKET": BUCKET,
    "PROVIDER_QUEUE_URL": PROVIDER_QUEUE,
    "DEAD_LETTER_QUEUE_URL": DEAD_LETTERS,
    "SWEEP_QUEUE_URL": SWEEPS,
    "MAIL_FROM": "reminders@standing.example",
    "PORTAL_URL": "https://portal.example",
}
# Of these modules each takes its pauses from a name of its own.
_PAUSES = ("ledger.commit.sleep", "ledger.table.sleep", "api.batches.sleep")


@dataclass
class Clock:
    """What the functions take for the present instant."""

    instant: datetime

    @property
    def today(self) -> date:
        return self.instant.date()

    @property
    def noon(self) -> datetime:
        return datetime.combine(self.today, time(12), UTC)

    def set(self, day: date) -> None:
        """Noon of a day, in UTC."""
        self.instant = datetime.combine(day, time(12), UTC)

    def tick(self) -> datetime:
        """The present instant, each time a little later."""
        self.go_on(milliseconds=1)
        return self.instant

    def go_on(self, **duration: int) -> None:
        self.instant += timedelta(**duration)


@contextmanager
def clients_of_memory() -> Iterator[None]:
    """Around as many stages as there are: making a client takes longer than most acts, and no other store wants these."""
    for client in (ledger.client, clients.client):
        client.cache_clear()
    yield
    for client in (ledger.client, clients.client):
        client.cache_clear()


@contextmanager
def stage(day: date) -> Iterator[tuple[Memory, Clock]]:
    """In the block functions run against memory, with an empty table, at a clock set to noon of a day."""
    clock = Clock(datetime.combine(day, time(12), UTC))
    with ExitStack() as held:
        held.enter_context(patch.dict(os.environ, ENVIRONMENT))
        for pause in _PAUSES:
            held.enter_context(patch(pause, lambda seconds: None))
        held.enter_context(patch("api.clock.now", lambda: clock.instant))
        # A sweep of two shards goes through the same as one of sixteen.
        for shards in ("ledger.keys.SHARDS", "api.sweep.SHARDS"):
            held.enter_context(patch(shards, 2))
        # What is done once more a little later is then recorded at the same instant.
        held.enter_context(patch("ledger.commit.datetime", SimpleNamespace(now=lambda zone: clock.noon)))
        level = logger.log_level
        logger.setLevel("CRITICAL")
        held.callback(logger.setLevel, level)
        # Where metrics are written.
        held.enter_context(redirect_stdout(StringIO()))
        memory = Memory()
        memory.sqs.sender = f"{SENDER}:session"
        held.enter_context(memory.serving())
        create_table(ledger.client(), ENVIRONMENT["TABLE_NAME"])
        yield memory, clock
