"""What goes wrong on our side, and what is written about it."""

import json
from typing import Any

import ledger
import pytest
from ledger import Busy, EntryTooLarge

from tests.functions.cloud import Log
from tests.functions.http import ANN, OPERATOR
from tests.functions.sample import CLAIM

pytestmark = pytest.mark.usefixtures("holder")


def failing(error: Exception) -> Any:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def test_a_busy_table_asks_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "record", failing(Busy("query: throttled")))
        answer = ANN.post("/claims", CLAIM, key="1")
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")


def test_more_than_an_entry_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "link_accounts", failing(EntryTooLarge("ann", 400_001)))
        answer = OPERATOR.put("/admin/holders/ann", {"accounts": []})
    assert (answer.status, answer.body["facts"]) == (422, {"size_bytes": 400_001})


def test_an_error_that_nobody_expects_is_told_to_the_log_and_not_to_the_client(
    monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "load", failing(ValueError("secret of ann@example.com")))
        answer = ANN.get("/claims")
    assert answer.status == 500
    assert "secret" not in json.dumps(answer.body)
    (line,) = [line for line in log.lines() if line["level"] == "ERROR"]
    assert (line["route"], line["exception_name"]) == ("GET /claims", "ValueError")
    assert line["correlation_id"].startswith("request-")


def test_the_log_tells_what_was_answered_and_names_nobody(log: Log) -> None:
    ANN.post("/claims", {**CLAIM, "course": "\u2028secret\u0085"}, key="secret-key")
    ANN.post("/claims", CLAIM, key="secret-key")
    OPERATOR.put("/admin/holders/ann", {"accounts": ["ann@example.com", "ann@secret.example"], "name": "Secret"})
    told = [(line["route"], line["status"], line["holder"]) for line in log.lines()]
    assert told == [
        ("POST /claims", 422, "ann"),
        ("POST /claims", 201, "ann"),
        ("PUT /admin/holders/{holder}", 200, "ann"),
    ]
    assert "@" not in log.getvalue()
    assert "ecret" not in log.getvalue()


def test_claims_are_counted_by_what_came_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    ANN.post("/claims", CLAIM, key="1")
    ANN.post("/claims", CLAIM, key="1")
    ANN.post("/claims", CLAIM, key="2")
    OPERATOR.post("/admin/claims/ann-0001/decision", {"outcome": "earned"})
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"_aws"')]
    names = ("ClaimsSubmitted", "Refused", "ClaimsEarned")
    assert [{name for name in names if line.get(name) == [1.0]} for line in metrics] == [
        {"ClaimsSubmitted"},
        set(),
        {"Refused"},
        {"ClaimsEarned"},
    ]
    assert [line["DecisionMilliseconds"][0] > 0 for line in metrics if "Refused" not in line] == [True] * 3


def test_answers_are_kept_by_no_cache() -> None:
    for answer in (ANN.get("/claims"), ANN.get("/claims/none")):
        assert answer.headers["cache-control"] == "no-store"
