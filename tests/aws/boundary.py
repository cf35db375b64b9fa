"""The boundary to AWS, where every call of any function to any service passes: it is recorded there, or goes wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

Reply = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A call to a service, by the names that AWS has for both; attempts: how often the SDK makes it where it fails."""

    service: str
    operation: str
    arguments: dict[str, Any]
    attempts: int
    really: Callable[[dict[str, Any]], Reply]

    def run(self, **changes: Any) -> Reply:
        """Make it, with other arguments if need be."""
        return self.really({**self.arguments, **changes})


Meet = Callable[[Call], Reply]


@contextmanager
def calls(meet: Meet = Call.run) -> Iterator[list[Call]]:
    """In the block every call is kept in the list, and made by `meet`; calls that come of `meet` itself are neither."""
    made: list[Call] = []
    below: Any = BaseClient._make_api_call  # type: ignore[attr-defined]
    meeting = False

    def call(client: Any, operation: str, arguments: dict[str, Any]) -> Reply:
        nonlocal meeting
        if meeting:
            return below(client, operation, arguments)
        attempts = (client.meta.config.retries or {}).get("total_max_attempts", 1)
        service = client.meta.service_model.service_name
        made.append(Call(service, operation, arguments, attempts, partial(below, client, operation)))
        meeting = True
        try:
            return meet(made[-1])
        finally:
            meeting = False

    with patch.object(BaseClient, "_make_api_call", call):
        yield made


def at(number: int, fault: Meet) -> Meet:
    """Something else in place of one call, counted from 0."""
    numbers = count()
    return lambda call: fault(call) if next(numbers) == number else call.run()
