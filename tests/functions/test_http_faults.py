"""At every call that a writing request makes: a crash, a lost reply, a throttle; then the same request again.

However it went, the client gets its answer in the end, and it is recorded once. And another request in between.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import ledger
import pytest
from ledger.check import check

from tests.functions.http import ANN, OPERATOR, Answer, signed_in
from tests.ledger import world
from tests.ledger.faults import Call, Client, Crash, crash_after, crash_before, lost_replies, throttle
from tests.ledger.tables import create_table

FAULTS = (crash_before, crash_after, lost_replies, throttle)
_numbers = count(1)
ON = world.COMPLETED + timedelta(days=5)
CLAIM = {
    "course": "CORE",
    "version": "1.0",
    "item_type": world.ACTIVITY,
    "provider": "acme",
    "started_on": "2021-02-15",
    "completed_on": "2021-02-19",
}
COURSE = {"title": "New", "versions": [{"version": "1", "credits": 1}], "item_types": {}}
AWARD = {"certification": "ccie", "level": "expert"}
EXAM = {"exam": "1", "kind": "core", "passed_on": "2021-02-20"}
REQUESTS: dict[str, Callable[[], Answer]] = {
    "POST /claims": lambda: ANN.post("/claims", CLAIM, key="k", on=ON),
    "PUT /enrollment": lambda: ANN.put("/enrollment", {"terms_version": "2"}, on=ON),
    "PUT course": lambda: OPERATOR.put("/admin/catalog/NEW", COURSE, on=ON),
    "PUT provider": lambda: OPERATOR.put("/admin/providers/new", {"name": "New", "senders": []}, on=ON),
    "PUT holder": lambda: OPERATOR.put("/admin/holders/ann", {"accounts": ["ann@example.com", "a@b.example"]}, on=ON),
    "POST certification": lambda: OPERATOR.post("/admin/holders/ann/certifications", AWARD, key="k", on=ON),
    "POST exam": lambda: OPERATOR.post("/admin/holders/ann/exams", EXAM, key="k", on=ON),
    "POST decision": lambda: OPERATOR.post("/admin/claims/ann-0001/decision", {"outcome": "earned"}, key="k", on=ON),
}


def new_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ann, who may claim, and has claimed something else."""
    name = f"fault-{next(_numbers)}"
    monkeypatch.setenv("TABLE_NAME", name)
    create_table(ledger.client(), name)
    for course in ("CORE", "DESIGN"):
        ledger.put_course(world.COURSES[course])
    world.enroll("ann")
    world.submit("ann", "DESIGN")


def settled() -> Any:
    """What has become of the table, but for the ids of requests."""
    world.deliver()
    assert check() == []
    return {key: {**values, "cause": None} for key, values in world.snapshot().items()}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("what", REQUESTS)
def test_a_request_cut_off_anywhere_and_sent_again_is_recorded_once(
    table: None, monkeypatch: pytest.MonkeyPatch, what: str, fault: Any
) -> None:
    send = REQUESTS[what]
    new_table(monkeypatch)
    counting = Client()
    whole = counting.act(send, monkeypatch)
    assert isinstance(whole, Answer)
    assert whole.status in (200, 201)
    kept = settled()
    for at in range(counting.calls):
        new_table(monkeypatch)
        try:
            answer = Client(at, fault).act(send, monkeypatch)
        except Crash:
            answer = None
        if not isinstance(answer, Answer) or answer.status == 503:
            answer = send()
        assert answer.body == whole.body, f"call {at} of {counting.calls}"
        assert settled() == kept, f"call {at} of {counting.calls}"


@pytest.mark.parametrize(
    ("other", "statuses"),
    [
        (lambda: ANN.post("/claims", CLAIM, key="k", on=ON), [201, 201]),
        (lambda: ANN.post("/claims", CLAIM, key="other", on=ON), [201, 409]),
        (lambda: ANN.post("/claims", {**CLAIM, "provider": "globex"}, key="k", on=ON), [201, 422]),
        (lambda: signed_in("second@example.com").post("/claims", CLAIM, key="k", on=ON), [201, 409]),
    ],
    ids=["the same", "with another key", "of the same key", "from another account"],
)
def test_of_two_claims_at_once_one_is_taken(
    table: None, monkeypatch: pytest.MonkeyPatch, other: Callable[[], Answer], statuses: list[int]
) -> None:
    for at in count():
        new_table(monkeypatch)
        ledger.link_accounts("ann", ["ann@example.com", "second@example.com"], "Ann", ON)
        answers: list[Answer] = []

        def meanwhile(call: Call, operation: str, answers: list[Answer] = answers) -> dict[str, Any]:
            with monkeypatch.context() as patched:
                patched.setattr("ledger.table.client", ledger.client)
                answers.append(other())
            return call()

        first = Client(at, meanwhile).act(REQUESTS["POST /claims"], monkeypatch)
        assert isinstance(first, Answer)
        if not answers:
            break
        assert sorted([first.status, answers[0].status]) == statuses
        assert len(world.claims("ann")) == 2
        settled()
    assert at > 3
