"""Statements of completion: read as reports, or put aside with all that is wrong with them."""

import json
from contextlib import suppress
from copy import deepcopy
from datetime import date
from typing import Any

import ledger
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.validate_claim import messages
from functions.validate_claim.unprocessable import Unprocessable
from tests.functions.test_validate_claim import REPORT, ann, deliver, message
from tests.ledger import world

ID = "fd41c918-b88b-4b20-a0a5-a4c32391aaa0"
VERBS = "http://adlnet.gov/expapi/verbs/"
STATEMENT: dict[str, Any] = {
    "id": ID,
    "actor": {"objectType": "Agent", "name": "Ann", "mbox": "mailto:ann@example.com"},
    "verb": {"id": f"{VERBS}completed", "display": {"en-US": "completed"}},
    "object": {
        "objectType": "Activity",
        "id": "https://acme.example/courses/core",
        "definition": {
            "type": "http://adlnet.gov/expapi/activities/course",
            "extensions": {"urn:standing:course": "CORE", "urn:standing:version": "1.0"},
        },
    },
    "result": {"score": {"scaled": 0.95}, "success": True, "completion": True},
    "context": {
        "platform": "Acme LMS",
        "extensions": {"urn:standing:provider": "acme", "urn:standing:started-on": "2021-02-15"},
    },
    "timestamp": "2021-02-19T16:00:00Z",
    "version": "1.0.3",
}
START = "context/extensions/urn:standing:started-on"
CERTIFICATE = "context/extensions/urn:standing:certificate-id"
PROVIDER = "context/extensions/urn:standing:provider"
COURSE = "object/definition/extensions/urn:standing:course"
ABSENT = "(absent)"

__all__ = ["ann"]


def changed(original: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A statement with other values at paths such as `verb/id`, or without what is ABSENT."""
    other = deepcopy(original)
    for path, value in changes.items():
        *parents, name = path.split("/")
        part = other
        for parent in parents:
            part = part[parent]
        if value is ABSENT:
            del part[name]
        else:
            part[name] = value
    return other


def statement(**changes: Any) -> dict[str, Any]:
    return changed(STATEMENT, changes)


def read(**changes: Any) -> dict[str, Any]:
    _, report = messages.read(json.dumps(statement(**changes)))
    return report.model_dump(mode="json", exclude_none=True)


def test_a_statement_says_what_a_report_says() -> None:
    assert read() == REPORT


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"verb/id": f"{VERBS}passed"}, {}),
        ({"verb/id": f"{VERBS}failed"}, {"outcome": "incomplete"}),
        ({"result/success": False}, {"outcome": "incomplete"}),
        ({"result/completion": False}, {"outcome": "incomplete"}),
        ({"verb/id": f"{VERBS}failed", "result": {"success": True}}, {"outcome": "incomplete"}),
        ({"result": ABSENT}, {}),
        ({"actor/mbox": "MAILTO:Ann@Example.com"}, {}),
        ({"actor/mbox": "mailto:ann%2Bwork@example.com"}, {"account": "ann+work@example.com"}),
        ({"actor/mbox": ABSENT, "actor/account": {"homePage": "https://x.example", "name": "ann@example.com"}}, {}),
        ({"actor/objectType": ABSENT}, {}),
        ({"result/duration": "whatever"}, {}),
        ({"timestamp": "2021-02-20T01:00:00.123456789+05:00"}, {}),
        ({CERTIFICATE: "C-1"}, {"certificate_id": "C-1"}),
        ({CERTIFICATE: " "}, {}),
        ({"version": "2.0.0", "stored": 1, "attachments": None, "authority": [], "unknown": {}}, {}),
        ({"context/extensions/urn:acme:x": {"specversion": "1.0"}}, {}),
    ],
    ids=str,
)
def test_what_a_statement_says_otherwise_or_besides(changes: dict[str, Any], said: dict[str, Any]) -> None:
    assert read(**changes) == {**REPORT, **said}


def test_the_day_is_one_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROGRAM_TIME_ZONE", "Pacific/Auckland")
    assert read()["completed_on"] == "2021-02-20"


BAD: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"id": ABSENT}, "bad-data", ["id"]),
    ({"id": "1"}, "bad-data", ["id"]),
    ({"id": ID + "\n"}, "bad-data", ["id"]),
    ({"actor": "mailto:ann@example.com"}, "bad-data", ["actor"]),
    ({"actor/mbox": ABSENT}, "bad-data", ["actor"]),
    ({"actor/mbox": "ann@example.com"}, "bad-data", ["actor"]),
    ({"actor/mbox": "mailto:ann%00@example.com"}, "bad-data", ["actor"]),
    ({"actor/mbox": ABSENT, "actor/account": {"name": "ann"}}, "bad-data", ["actor"]),
    ({"actor/mbox": ABSENT, "actor/mbox_sha1sum": "0" * 40}, "bad-data", ["actor"]),
    ({"actor/objectType": "Group"}, "bad-data", ["actor"]),
    ({"verb": "completed"}, "bad-data", ["verb"]),
    ({"verb/id": ABSENT}, "bad-data", ["verb.id"]),
    ({"verb/id": f"{VERBS}voided"}, "unknown-type", [f"{VERBS}completed, {VERBS}passed, {VERBS}failed"]),
    ({"verb/id": "completed"}, "unknown-type", ["completed is none of"]),
    ({"timestamp": ABSENT}, "bad-data", ["timestamp"]),
    ({"timestamp": "2021-02-19T16:00:00"}, "bad-data", ["timestamp"]),
    ({"timestamp": "0001-01-01T00:00:00+14:00"}, "bad-data", ["timestamp"]),
    ({"timestamp": "9999-12-31T23:00:00-14:00"}, "bad-data", ["timestamp"]),
    ({START: ABSENT}, "bad-data", ["context.extensions.urn:standing:started-on"]),
    ({"result/success": "false"}, "bad-data", ["result.success"]),
    ({START: "2021-02-20"}, "bad-data", ["started_on must not be after completed_on"]),
    ({START: "2021-02-30"}, "bad-data", ["context.extensions.urn:standing:started-on"]),
    (
        {"object": {"objectType": "StatementRef", "id": ID}},
        "bad-data",
        ["object.definition.extensions.urn:standing:"],
    ),
    ({COURSE: 7}, "bad-data", ["object.definition.extensions.urn:standing:course"]),
    ({COURSE: "NONE"}, "unknown-course", ["NONE"]),
    ({PROVIDER: "nobody"}, "unknown-provider", ["nobody"]),
    ({PROVIDER: "p" * 199}, "bad-data", ["source"]),
    (
        {"context": ABSENT, COURSE: ABSENT, "actor": {}, "id": 1},
        "bad-data",
        ["id", "actor", "urn:standing:course", "context.extensions.urn:standing:provider"],
    ),
    ({"timestamp": "2021-02-26T00:00:00Z"}, "bad-data", ["completed_on"]),
]


def test_bad_statements_go_to_the_dead_letter_queue_and_say_why(ann) -> None:
    bodies = [json.dumps(statement(**changes)) for changes, _, _ in BAD]
    assert deliver(*bodies) == []
    dead = {letter["body"]: letter for letter in ann.take("dead-letter")}
    for body, (changes, reason, named) in zip(bodies, BAD, strict=True):
        assert dead[body]["reason"] == reason, changes
        assert [name for name in named if name not in dead[body]["detail"]] == [], changes
    assert ledger.load("ann").standing.reports == []


def test_several_statements_in_one_message_are_not_taken(ann) -> None:
    deliver(json.dumps([STATEMENT, STATEMENT]))
    (dead,) = ann.take("dead-letter")
    assert (dead["reason"], dead["detail"]) == ("batch", "statements come one to a message, not several in a list")


def test_a_statement_earns_the_claim_once(ann) -> None:
    assert deliver(STATEMENT, statement(id=ID.upper()), statement(stored="2021-02-20T00:00:00Z")) == []
    assert world.claims("ann") == {"ann-0001": "earned"}
    assert len(ledger.load("ann").standing.reports) == 1
    assert ann.take("dead-letter") == []


def test_a_statement_of_the_same_id_that_says_something_else_is_refused(ann) -> None:
    deliver(STATEMENT, statement(**{"verb/id": f"{VERBS}failed"}))
    assert [dead["reason"] for dead in ann.take("dead-letter")] == ["id-reused"]


def test_a_statement_comes_from_its_provider_s_sender(ann) -> None:
    deliver(STATEMENT, sender="AROASOMEBODYELSE:session")
    assert [dead["reason"] for dead in ann.take("dead-letter")] == ["wrong-sender"]


def test_nobody_uses_up_the_ids_of_another_s_statements(ann) -> None:
    ledger.put_provider(ledger.Provider("globex", "Globex", ("AROAGLOBEX",)))
    theirs = {**REPORT, "provider": "globex"}
    deliver(message(theirs, id=ID, source="xapi:acme"), sender="AROAGLOBEX:session")
    deliver(STATEMENT)
    assert [dead["reason"] for dead in ann.take("dead-letter")] == ["wrong-sender"]
    assert world.claims("ann") == {"ann-0001": "earned"}


def test_what_calls_itself_a_cloud_event_is_one(ann) -> None:
    deliver({**message(), "actor": {}, "verb": {}, "object": {}})
    assert world.claims("ann") == {"ann-0001": "earned"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
PATHS = ["id", "actor", "actor/mbox", "actor/account", "verb", "verb/id", "object", "object/definition", COURSE]
PATHS += ["result", "result/completion", "result/duration", "context", PROVIDER, START, CERTIFICATE, "timestamp"]


@given(st.sampled_from(PATHS), VALUES, st.sampled_from(PATHS), VALUES)
def test_whatever_a_statement_holds_it_is_a_report_or_unprocessable(path, value, other_path, other) -> None:
    # Parts before the whole, which may then have none.
    changes = dict(sorted({path: value, other_path: other}.items(), reverse=True))
    with suppress(Unprocessable):
        _, report = messages.read(json.dumps(statement(**changes)))
        assert date(1900, 1, 1) <= report.started_on <= report.completed_on


@given(st.dictionaries(st.sampled_from(["actor", "verb", "object", "id", "timestamp", "specversion"]), VALUES))
def test_any_object_is_read_or_unprocessable(value: dict[str, Any]) -> None:
    with pytest.raises(Unprocessable):
        messages.read(json.dumps(value))
