"""A request as its route sees it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import ledger
from ledger import Entry, Source
from ledger.recording import Facts
from policy import Standing
from policy.catalog import Course

from api import clock, cursors
from api.fields import is_id
from api.identity import Caller
from api.observability import measure, timed
from api.problems import bad_input, not_found
from api.routes import Key, Route

Given = TypeVar("Given")


@dataclass(frozen=True)
class Request(Generic[Given]):
    """An event of an HTTP API (payload 2.0) for a route.

    caller: who calls (nobody on a route for anyone); holder: whose account that is, on a route for holders;
    given: the body or query, checked.
    """

    event: Mapping[str, Any]
    route: Route
    caller: Caller
    holder: str
    given: Given

    @property
    def today(self) -> date:
        return clock.today(self.event["requestContext"]["timeEpoch"])

    @property
    def cause(self) -> str:
        """What the audit names as the cause of a fact."""
        return f"{self.route.name} by {self.caller.account}, request {self.event['requestContext']['requestId']}"

    def id(self, name: str) -> str:
        """An id in the path; 404 for what can be none, since nothing has it."""
        value: str = self.event["pathParameters"][name]
        if not is_id(value, chars_max=100):
            raise not_found(f"such {name.replace('_id', '')}")
        return value

    def new_id(self, name: str) -> str:
        """An id in the path that something is to have from now on."""
        value: str = self.event["pathParameters"][name]
        if not is_id(value):
            raise bad_input([(name, "must be up to 64 letters, digits, dots, underscores and hyphens")])
        return value

    def source(self) -> Source | None:
        """What tells the same request from another; None where it has no Idempotency-Key and needs none."""
        headers = {name.lower(): value for name, value in self.event["headers"].items()}
        key = headers.get("idempotency-key", "")
        if not key and self.route.key is Key.MUST:
            raise bad_input([("Idempotency-Key", "is missing: send a new one with each new claim")])
        if len(key) > 255 or not (key.isascii() and key.isprintable()):
            raise bad_input([("Idempotency-Key", "must be up to 255 printable ASCII characters")])
        if not key:
            return None
        content = [self.event.get("pathParameters"), _plain(self.given)]
        return Source(f"{self.route.name} {self.caller.account}", key, content, within_holder=True)

    def record(
        self,
        facts: Facts,
        *,
        holder: str = "",
        source: Source | None = None,
        course: Course | None = None,
        keep: Callable[[], None] | None = None,
    ) -> tuple[Entry, Standing]:
        """Record facts about the caller's holder, or another; gives the entry and the standing right after it."""
        with timed("DecisionMilliseconds"):
            recorded = ledger.record(
                holder or self.holder, facts, self.today, source=source, course=course, cause=self.cause, keep=keep
            )
        measure(recorded)
        # Only what waits for a holder has neither.
        assert recorded.entry is not None  # noqa: S101
        assert recorded.standing is not None  # noqa: S101
        return recorded.entry, recorded.standing

    def position(self, cursor: str | None) -> Any:
        """Where a list goes on; None at its start. Problem 400 for a cursor that was not given for this query."""
        return cursors.read(cursor, self._question) if cursor else None

    def cursor(self, position: Any) -> str:
        """The cursor with which the same query goes on from a position."""
        return cursors.sign(position, self._question)

    @property
    def _question(self) -> list[Any]:
        # The number of items may change from page to page.
        query = {name: value for name, value in _plain(self.given).items() if name not in ("cursor", "limit")}
        return [self.route.name, self.event.get("pathParameters"), self.caller.account, query]


def _plain(given: Any) -> dict[str, Any]:
    plain: dict[str, Any] = given.model_dump(mode="json", exclude_none=True) if given else {}
    return plain
