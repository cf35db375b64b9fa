"""Hostile messages made from good ones: each is recorded, or put aside with its reason, and holds up none of its batch.

A few batches in the suite, always the same; `make fuzz` tries many, others each time.
"""

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger import keys, table

from functions.validate_claim import messages
from functions.validate_claim.handler import lambda_handler
from tests.functions.cloud import cloud as cloud
from tests.functions.cloud import today as today
from tests.functions.events import SENDER, Context, failures, from_queue
from tests.functions.test_validate_claim import COMPLETION, EXAM, REPORT, message
from tests.functions.test_xapi import STATEMENT
from tests.ledger import world

BATCHES = int(os.environ.get("FUZZ", "12"))
GOOD = [message(), message(COMPLETION, "completion.retracted.v1"), message(EXAM, "exam.passed.v1"), STATEMENT]
_ids = count(1)

# As JSON writes them: half a surrogate pair among them, and what is no number.
HOSTILE = st.one_of(
    st.sampled_from([None, True, 0, -1, 1.5, 10**400, float("nan"), float("inf"), [], {}]),
    st.sampled_from(["", " ", "\ud800", "\x00", "a\r\nb", "=1+1", "x" * 201, "x" * 100_000]),
    st.sampled_from(["ann@example.com", "ANN@EXAMPLE.COM", "globex", "xapi:globex", "/provider/globex/reports"]),
    st.sampled_from(["2021-02-30", "9999-12-31", "0001-01-01", "2021-02-15T00:00:00Z"]),
    st.text(max_size=50),
    st.integers(),
    st.floats(),
    st.recursive(st.none() | st.booleans() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each part of a message, itself left out."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield (*path, name)
        yield from places(part, (*path, name))


@st.composite
def hostile(draw: Any) -> str:
    """A good message with up to three of its parts replaced, left out or given beside another; then perhaps cut."""
    changed = deepcopy(draw(st.sampled_from(GOOD)))
    changed["id"] = str(draw(st.uuids()))
    for _ in range(draw(st.integers(0, 3))):
        *parents, name = draw(st.sampled_from(list(places(changed)) or [("id",)]))
        part: Any = changed
        for parent in parents:
            part = part[parent]
        match draw(st.sampled_from(["replace", "leave out", "add"])):
            case "replace":
                part[name] = draw(HOSTILE)
            case "leave out":
                del part[name]
            case "add" if isinstance(part, dict):
                part[draw(st.text(max_size=20))] = draw(HOSTILE)
    text = json.dumps(changed)
    if draw(st.integers(0, 9)) == 0:
        text = text[: draw(st.integers(0, len(text)))] + draw(st.sampled_from(["", "}", '"', "[" * 5000, text]))
    return text


@pytest.fixture
def ann(cloud: Any, today: Any) -> Any:
    world.enroll("ann")
    world.submit("ann")
    return cloud


@given(st.lists(hostile(), min_size=1, max_size=9))
@settings(max_examples=BATCHES, suppress_health_check=list(HealthCheck))
def test_every_message_is_recorded_or_put_aside(ann: Any, bodies: list[str]) -> None:
    good = message({**REPORT, "course": "DESIGN"}, id=f"good {next(_ids)}")
    batch = [*bodies, json.dumps(good)]
    assert failures(lambda_handler(from_queue(*batch, sender=f"{SENDER}:session"), Context())) == []
    dead = ann.take("dead-letter")
    assert all(letter["reason"] and letter["detail"].isprintable() for letter in dead)
    aside = [letter["body"] for letter in dead]
    for body in set(batch):
        recorded = body not in aside and _recorded(body)
        assert recorded or aside.count(body) == batch.count(body), body[:500]


def _recorded(body: str) -> bool:
    event, _ = messages.read(body)
    return table.get(keys.fact(event.source, event.id)) is not None
