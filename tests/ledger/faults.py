"""What can go wrong at a call to DynamoDB, put in its way on purpose."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import ledger
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

Call = Callable[[], dict[str, Any]]
Fault = Callable[[Call, str], dict[str, Any]]


class Crash(BaseException):
    """The process ends here: nothing catches it."""


def crash_before(call: Call, operation: str) -> dict[str, Any]:
    raise Crash


def crash_after(call: Call, operation: str) -> dict[str, Any]:
    call()
    raise Crash


def lost_reply(call: Call, operation: str) -> dict[str, Any]:
    """The SDK tries again what has succeeded already, too late for its token to be known."""
    with suppress(ClientError):
        call()
    return call()


def lost_replies(call: Call, operation: str) -> dict[str, Any]:
    """Nor does the SDK hear of it on any of its attempts."""
    call()
    raise ReadTimeoutError(endpoint_url="dynamodb")


def throttle(call: Call, operation: str) -> dict[str, Any]:
    raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "injected"}}, operation)


def transaction_conflict(call: Call, operation: str) -> dict[str, Any]:
    """No emulator gives these: another request is at one of the items."""
    reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}]
    error = {"Code": "TransactionCanceledException", "Message": "injected"}
    raise ClientError({"Error": error, "CancellationReasons": reasons}, operation)


# What is lost on the way back from a read, or comes after it, is the same as if it had failed.
OF_READS = (crash_before, throttle)
OF_TRANSACTIONS = (crash_before, crash_after, lost_reply, lost_replies, throttle, transaction_conflict)


class Client:
    """A client that counts its calls and does something else at one of them.

    at: the number of the call, from 0; None counts only. happens: what is done in its place, given the call itself.
    """

    def __init__(self, at: int | None = None, happens: Fault = crash_before) -> None:
        self.real = ledger.client()
        self.at, self.happens = at, happens
        self.operations: list[str] = []

    @property
    def calls(self) -> int:
        return len(self.operations)

    def faults(self) -> Iterator[tuple[int, Fault]]:
        """Each fault that may meet each of the calls that were made."""
        for number, operation in enumerate(self.operations):
            for fault in OF_TRANSACTIONS if operation == "transact_write_items" else OF_READS:
                yield number, fault

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def call(**arguments: Any) -> dict[str, Any]:
            number = self.calls
            self.operations.append(operation)

            def really() -> dict[str, Any]:
                return getattr(self.real, operation)(**arguments)

            return self.happens(really, operation) if number == self.at else really()

        return call

    def act(self, what: Callable[[], object], patch: pytest.MonkeyPatch) -> object:
        """Do something with this client in place of the real one."""
        with patch.context() as meanwhile:
            meanwhile.setattr("ledger.table.client", lambda: self)
            return what()
