"""Statements about an item of continuous learning: read as activities, or put aside with all that is wrong with them."""

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.validate_claim import messages
from functions.validate_claim.unprocessable import Unprocessable
from tests.functions.events import journal
from tests.functions.learning import small_program as small_program
from tests.functions.test_learning_messages import ACTIVITY, activity, ann, of_account, points
from tests.functions.test_validate_claim import deliver
from tests.functions.test_xapi import ABSENT, ID, PROVIDER, VALUES, VERBS, changed

TIN_CAN = "http://id.tincanapi.com/verb/"
STATEMENT: dict[str, Any] = {
    "id": ID,
    "actor": {"mbox": "mailto:ann@example.com"},
    "verb": {"id": f"{VERBS}completed"},
    "object": {"id": "https://acme.example/labs/7", "definition": {"extensions": {"urn:standing:item": "LAB"}}},
    "context": {"extensions": {"urn:standing:provider": "acme"}},
    "timestamp": "2021-02-20T16:00:00Z",
}
EXTENSIONS = "object/definition/extensions"
ITEM = f"{EXTENSIONS}/urn:standing:item"

__all__ = ["ann"]
pytestmark = pytest.mark.usefixtures("small_program")


def statement(**changes: Any) -> dict[str, Any]:
    return changed(STATEMENT, changes)


def read(**changes: Any) -> dict[str, Any]:
    _, told = messages.read(json.dumps(statement(**changes)))
    return told.model_dump(mode="json", exclude_none=True, by_alias=True)


def test_a_statement_says_what_an_activity_says() -> None:
    assert read() == of_account(ACTIVITY)


@pytest.mark.parametrize(
    ("verb", "mode"),
    [
        (f"{VERBS}completed", "completed"),
        (f"{VERBS}passed", "completed"),
        (f"{VERBS}attended", "attended"),
        (f"{VERBS}experienced", "viewed"),
        (f"{TIN_CAN}viewed", "viewed"),
        (f"{TIN_CAN}downloaded", "downloaded"),
    ],
)
def test_the_verb_says_how(verb: str, mode: str) -> None:
    assert read(**{"verb/id": verb})["mode"] == mode


def test_who_attended_or_viewed_did_so_whatever_the_result() -> None:
    assert read(**{"verb/id": f"{VERBS}attended", "result": {"success": False}})["mode"] == "attended"


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"verb/id": f"{VERBS}failed"}, "unknown-type", f"{VERBS}failed is none of {VERBS}completed"),
    ({"verb/id": f"{TIN_CAN}completed"}, "unknown-type", f"{TIN_CAN}downloaded"),
    ({"verb/id": "viewed"}, "unknown-type", "viewed is none of"),
    ({"result": {"completion": False}}, "bad-data", "result: says that it was not completed"),
    ({"verb/id": f"{VERBS}passed", "result": {"success": False}}, "bad-data", "result: says that it was not"),
    ({f"{EXTENSIONS}/urn:standing:course": "CORE"}, "bad-data", "must name a course or an item, not both"),
    ({ITEM: None}, "bad-data", "object.definition.extensions.urn:standing:item"),
    ({ITEM: ""}, "bad-data", "object.definition.extensions.urn:standing:item"),
    ({ITEM: {"item": "LAB"}}, "bad-data", "object.definition.extensions.urn:standing:item"),
    ({ITEM: "NONE"}, "unknown-item", "NONE"),
    ({ITEM: "SHOW", "verb/id": f"{VERBS}attended"}, "event-item", "administrators"),
    ({"context": ABSENT}, "bad-data", "context.extensions.urn:standing:provider"),
    ({PROVIDER: "nobody"}, "unknown-provider", "nobody"),
    ({"actor/mbox": "mailto:ann"}, "bad-data", "actor"),
    ({"timestamp": "2021-02-26T00:00:00Z"}, "bad-data", "completed_on"),
    ({"id": "1"}, "bad-data", "id"),
]


def test_bad_statements_go_to_the_dead_letter_queue_and_say_why(ann) -> None:
    before = journal()
    bodies = [json.dumps(statement(**changes)) for changes, _, _ in BAD]
    assert deliver(*bodies) == []
    dead = {letter["body"]: letter for letter in ann.take("dead-letter")}
    for body, (changes, reason, named) in zip(bodies, BAD, strict=True):
        assert dead[body]["reason"] == reason, changes
        assert named in dead[body]["detail"], changes
    assert journal() == before


def test_a_statement_counts_once_and_comes_from_its_provider_s_sender(ann) -> None:
    deliver(STATEMENT, sender="AROASOMEBODYELSE:session")
    assert ([dead["reason"] for dead in ann.take("dead-letter")], points()) == (["wrong-sender"], 0)
    assert deliver(STATEMENT, statement(id=ID.upper()), statement(stored="2021-02-21T00:00:00Z")) == []
    assert points() == 20
    deliver(statement(**{ITEM: "WEB"}), activity(of_account(ACTIVITY), id=ID, source="xapi:globex"))
    assert sorted(dead["reason"] for dead in ann.take("dead-letter")) == ["id-reused", "wrong-sender"]
    assert points() == 20


PATHS = ["id", "actor", "actor/mbox", "verb", "verb/id", "object", "object/definition", EXTENSIONS, ITEM]
PATHS += ["result", "context", PROVIDER, "timestamp"]


@given(st.sampled_from(PATHS), VALUES, st.sampled_from(PATHS), VALUES)
def test_whatever_a_statement_holds_it_is_an_activity_or_unprocessable(path, value, other_path, other) -> None:
    # Parts before the whole, which may then have none.
    changes = dict(sorted({path: value, other_path: other}.items(), reverse=True))
    with suppress(Unprocessable):
        _, told = messages.read(json.dumps(statement(**changes)))
        assert date(1900, 1, 1) <= told.completed_on
