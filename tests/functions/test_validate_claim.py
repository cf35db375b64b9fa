"""Providers' messages: what is recorded, what goes to the dead-letter queue and why, what stays on the queue."""

import json
import re
import subprocess
import sys
from datetime import date
from typing import Any

import ledger
import pytest
from ledger import Busy, Provider
from policy import facts

from functions.validate_claim import handler
from functions.validate_claim.handler import lambda_handler
from functions.validate_claim.senders import may_send
from tests.functions.cloud import cloud as cloud
from tests.functions.cloud import log as log
from tests.functions.cloud import today as today
from tests.functions.events import SENDER, Context, failures, from_queue, journal
from tests.ledger import world

COMPLETION = {
    "provider": "acme",
    "course": "CORE",
    "version": "1.0",
    "account": "ann@example.com",
    "started_on": "2021-02-15",
    "completed_on": "2021-02-19",
}
REPORT = {**COMPLETION, "outcome": "completed"}
EXAM = {"provider": "acme", "holder": "ann", "exam": "350-401", "kind": "core", "passed_on": "2021-02-20"}
EMAIL = re.compile(r"[\w.]+@[\w.]+")


def message(data: Any = REPORT, kind: str = "completion.reported.v1", **attributes: Any) -> dict[str, Any]:
    """A CloudEvent; attributes replace or join those that a message needs."""
    needed = {"specversion": "1.0", "id": "1", "source": "https://acme.example", "type": kind, "data": data}
    return {**needed, "time": "2021-02-20T09:00:00Z", **attributes}


def without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def exam(data: Any = EXAM, **attributes: Any) -> dict[str, Any]:
    return message(data, "exam.passed.v1", **attributes)


def _text(body: str | dict[str, Any]) -> str:
    return body if isinstance(body, str) else json.dumps(body)


def deliver(*bodies: str | dict[str, Any], sender: str = f"{SENDER}:session") -> list[str]:
    """The ids of messages that stay on the queue."""
    return failures(lambda_handler(from_queue(*bodies, sender=sender), Context()))


@pytest.fixture
def ann(cloud, today):
    world.enroll("ann")
    world.submit("ann")
    return cloud


NESTED = '{"a":' * 100_000 + "1" + "}" * 100_000
# What can never be processed, and the reason that it gets.
POISON: dict[str, tuple[str | dict[str, Any], str]] = {
    "no JSON": ("completed!", "not-json"),
    "half a message": (json.dumps(message())[:-10], "not-json"),
    "two messages": (json.dumps(message()) * 2, "not-json"),
    "a byte order mark": ("\ufeff" + json.dumps(message()), "not-json"),
    "deep nesting": (NESTED, "not-json"),
    "deep nesting in an extension": (json.dumps(message(extension=0)).replace("0", NESTED, 1), "not-json"),
    "NaN": (json.dumps(message(extension=float("nan"))), "not-json"),
    "infinity": (json.dumps(message(extension=0)).replace('"extension": 0', '"extension": 1e999'), "not-json"),
    "a number of 5000 digits": ("1" * 5000, "not-json"),
    "half a surrogate pair": (message({**REPORT, "version": "\ud800"}), "not-json"),
    "half a surrogate pair in a key": (message({**REPORT, "\udc00": 1}), "not-json"),
    "a key given twice": (json.dumps(message()).replace('"id": "1"', '"id": "1", "id": "2"'), "not-json"),
    "null": ("null", "not-a-cloud-event"),
    "a list": (json.dumps([message()]), "not-a-cloud-event"),
    "a string": ('"completion.reported.v1"', "not-a-cloud-event"),
    "data alone": (REPORT, "not-a-cloud-event"),
    "no id": (without(message(), "id"), "not-a-cloud-event"),
    "an empty id": (message(id=""), "not-a-cloud-event"),
    "a number for an id": (message(id=1), "not-a-cloud-event"),
    "an id without end": (message(id="1" * 1000), "not-a-cloud-event"),
    "no source": (without(message(), "source"), "not-a-cloud-event"),
    "no type": (without(message(), "type"), "not-a-cloud-event"),
    "no version of the specification": (without(message(), "specversion"), "not-a-cloud-event"),
    "another version of the specification": (message(specversion="0.3"), "not-a-cloud-event"),
    "no data": (without(message(), "data"), "not-a-cloud-event"),
    "text for data": (message(json.dumps(REPORT)), "not-a-cloud-event"),
    "a time without its offset": (message(time="2021-02-20T09:00:00"), "not-a-cloud-event"),
    "a time that is a number": (message(time=1613811600), "not-a-cloud-event"),
    "a time that never was": (message(time="2021-02-30T09:00:00Z"), "not-a-cloud-event"),
    "an unknown type": (message(type="completion.reported.v2"), "unknown-type"),
    "a type with a line break": (message(type="completion\nreported"), "not-a-cloud-event"),
    "an unknown field": (message({**REPORT, "credits": 64}), "bad-data"),
    "an unknown field full of control characters": (message({**REPORT, "\x00\x1b[31m\n": 1}), "bad-data"),
    "a thousand unknown fields": (message({**REPORT, **{f"field {n}": n for n in range(1000)}}), "bad-data"),
    "a holder in a report": (message({**REPORT, "holder": "ann"}), "bad-data"),
    "a missing field": (message(without(REPORT, "version")), "bad-data"),
    "an empty field": (message({**REPORT, "version": ""}), "bad-data"),
    "null for a field": (message({**REPORT, "version": None}), "bad-data"),
    "a number for text": (message({**REPORT, "version": 1.0}), "bad-data"),
    "a list for text": (message({**REPORT, "course": ["CORE"]}), "bad-data"),
    "an instant for a date": (message({**REPORT, "completed_on": "2021-02-19T00:00:00Z"}), "bad-data"),
    "a number for a date": (message({**REPORT, "completed_on": 1613692800}), "bad-data"),
    "a date that never was": (message({**REPORT, "completed_on": "2021-02-29"}), "bad-data"),
    "a date in other words": (message({**REPORT, "completed_on": "19.02.2021"}), "bad-data"),
    "a date in other digits": (message({**REPORT, "completed_on": "\uff12\uff10\uff12\uff11-02-19"}), "bad-data"),
    "dates out of order": (message({**REPORT, "started_on": "2021-02-20"}), "bad-data"),
    "a completion tomorrow": (message({**REPORT, "completed_on": "2021-02-26"}), "bad-data"),
    "a completion long after the end of the calendar": (message({**REPORT, "completed_on": "9999-12-31"}), "bad-data"),
    "an unknown outcome": (message({**REPORT, "outcome": "failed"}), "bad-data"),
    "no account": (message({**REPORT, "account": "ann"}), "bad-data"),
    "an outcome in a retraction": (message(REPORT, "completion.retracted.v1"), "bad-data"),
    "an exam of both": (exam({**EXAM, "account": "ann@example.com"}), "bad-data"),
    "an exam of nobody": (exam(without(EXAM, "holder")), "bad-data"),
    "an exam of an unknown kind": (exam({**EXAM, "kind": "oral"}), "bad-data"),
    "an exam tomorrow": (exam({**EXAM, "passed_on": "2021-02-26"}), "bad-data"),
    "an exam tomorrow of somebody unknown": (
        exam({**without(EXAM, "holder"), "account": "new@example.com", "passed_on": "2021-02-26"}),
        "bad-data",
    ),
    "an exam of an unknown holder": (exam({**EXAM, "holder": "nobody"}), "unknown-holder"),
    "an unknown provider": (message({**REPORT, "provider": "nobody"}), "unknown-provider"),
    "an unknown course": (message({**REPORT, "course": "NONE"}), "unknown-course"),
    "an unknown course retracted": (
        message({**COMPLETION, "course": "NONE"}, "completion.retracted.v1"),
        "unknown-course",
    ),
}


@pytest.mark.parametrize("names", [list(POISON)[start : start + 5] for start in range(0, len(POISON), 5)])
def test_bad_messages_go_to_the_dead_letter_queue_and_hold_up_none_of_their_batch(ann, names):
    bad = {_text(POISON[name][0]): POISON[name][1] for name in names}
    good = [message({**REPORT, "course": "DESIGN"}, id=f"good {number}") for number in range(5)]
    assert deliver(*(body for pair in zip(bad, good, strict=False) for body in pair)) == []
    dead = ann.take("dead-letter")
    assert {letter["body"]: letter["reason"] for letter in dead} == bad
    assert {letter["sender"] for letter in dead} == {f"{SENDER}:session"}
    assert all(letter["detail"].isprintable() for letter in dead)
    assert len(ledger.load("ann").standing.reports) == len(bad)


def test_a_batch_of_nothing_but_bad_messages_is_dealt_with_as_a_whole(ann):
    before = journal()
    assert deliver(*(body for body, _ in POISON.values())) == []
    assert len(ann.take("dead-letter")) == len(POISON)
    assert journal() == before


def test_a_body_that_no_queue_takes_stays_on_its_own(ann):
    batch = from_queue("\udcff\udcfe", message())
    assert failures(lambda_handler(batch, Context())) == [batch["Records"][0]["messageId"]]
    assert world.claims("ann") == {"ann-0001": "earned"}


def test_a_message_of_256_kb_goes_over_as_it_came(ann):
    data = {**REPORT, "remark": "x" * 256 * 1024}
    deliver(message({**data, "remark": "x" * (2 * 256 * 1024 - len(json.dumps(message(data))))}))
    (dead,) = ann.take("dead-letter")
    assert len(dead["body"]) == 256 * 1024
    assert dead["reason"] == "bad-data"


def test_the_rule_and_the_fault_are_named(ann):
    deliver(message({**REPORT, "course": "NONE"}), message({**REPORT, "outcome": "failed", "more": 1}))
    course, data = ann.take("dead-letter")
    assert (course["rule"], course["detail"]) == ("unknown-course", "NONE is not in the catalog")
    assert data["detail"] == "outcome: must be one of completed, incomplete; more: Extra inputs are not permitted"
    assert "rule" not in data


def test_a_report_earns_the_claim(ann):
    assert deliver(message(certificate="an extension", subject="CORE")) == []
    assert world.claims("ann") == {"ann-0001": "earned"}
    (source,) = journal("ann")[-1]["sources"]
    assert (source["source"], source["id"]) == ("https://acme.example", "1")


def test_the_account_is_read_in_lower_case(ann):
    deliver(message({**REPORT, "account": "Ann@Example.COM"}))
    assert world.claims("ann") == {"ann-0001": "earned"}


def test_a_version_that_the_catalog_lacks_is_for_the_rules_to_judge(ann):
    assert deliver(message({**REPORT, "version": "9.9"})) == []
    claim = ledger.load("ann").standing.claims["ann-0001"]
    assert (claim.status, claim.reason) == ("denied", "invalid-course-certification-details")


def test_a_retraction_takes_the_report_back(ann):
    deliver(message(), message(COMPLETION, "completion.retracted.v1", id="2"))
    assert world.claims("ann") == {"ann-0001": "denied"}


def test_an_exam_is_recorded_by_holder_or_by_account(ann):
    by_account = {**without(EXAM, "holder"), "exam": "300-410", "kind": "concentration", "account": "ann@example.com"}
    assert deliver(exam(), exam(by_account, id="2")) == []
    standing = ledger.load("ann").standing
    assert [(taken.exam, taken.passed_on) for taken in standing.exams] == [
        ("350-401", date(2021, 2, 20)),
        ("300-410", date(2021, 2, 20)),
    ]
    assert [done.certification for done in standing.recertifications] == ["ccnp"]


def test_a_report_waits_for_the_holder_of_its_account(cloud, today):
    assert deliver(message(), message(id="1")) == []
    world.enroll("ann", "ann@work.example.com")
    ledger.link_accounts("ann", ["ann@work.example.com", "ann@example.com"], "Ann", date(2021, 2, 25))
    world.submit("ann")
    assert world.claims("ann") == {"ann-0001": "earned"}
    assert deliver(message()) == []
    assert len(ledger.load("ann").standing.reports) == 1


def test_the_same_message_again_changes_nothing(ann):
    again = message()
    assert deliver(again, again, sender=SENDER) == []
    recorded = journal()
    assert deliver(message(time="2021-02-21T09:00:00+01:00", extension="resent"), again) == []
    assert journal() == recorded
    assert ann.take("dead-letter") == []


def test_the_same_id_with_other_content_is_refused(ann):
    deliver(message())
    recorded = journal()
    deliver(message({**REPORT, "outcome": "incomplete"}), message(COMPLETION, "completion.retracted.v1"))
    assert journal() == recorded
    assert [dead["reason"] for dead in ann.take("dead-letter")] == ["id-reused", "id-reused"]


def test_the_same_id_from_another_source_is_another_message(ann):
    deliver(message(), message({**REPORT, "course": "DESIGN"}, source="https://acme.example/two"))
    assert len(ledger.load("ann").standing.reports) == 2


def test_a_bad_message_delivered_again_is_put_down_again(ann):
    deliver(message(type="unknown"))
    before = journal()
    deliver(message(type="unknown"))
    assert len(ann.take("dead-letter")) == 2
    assert journal() == before


@pytest.mark.parametrize(
    ("sender", "registered"),
    [
        ("AIDAUSER", "AIDAUSER"),
        ("AROAROLE:session", "AROAROLE"),
        ("AROAROLE:session", "AROAROLE:session"),
        ("123456789012", "123456789012"),
        ("123456789012:federated", "123456789012"),
        ("arn:aws:iam::123456789012:user/acme", "arn:aws:iam::123456789012:user/acme"),
        ("123456789012", "arn:aws:iam::123456789012:root"),
    ],
)
def test_a_registered_sender_may_send(sender, registered):
    assert may_send(sender, Provider("acme", "Acme", ("AIDAOTHER", registered)))


@pytest.mark.parametrize(
    ("sender", "registered"),
    [
        (f"{SENDER}2:session", SENDER),
        (f"x:{SENDER}", SENDER),
        (SENDER.lower(), SENDER),
        (SENDER[:-1], SENDER),
        ("AROAROLE:other", "AROAROLE:session"),
        ("arn:aws:iam::123456789012:user/other", "arn"),
        ("arn:aws:iam::123456789012:user/other", "arn:aws:iam::123456789012:user/acme"),
        ("", SENDER),
        ("123456789012", "arn:aws:iam::123456789013:root"),
        ("123456789012", "arn:aws:iam::123456789012:user/root"),
    ],
)
def test_nobody_else_may_send(sender, registered):
    assert not may_send(sender, Provider("acme", "Acme", ("AIDAOTHER", registered)))


def test_what_another_provider_sends_is_not_recorded(ann):
    ledger.put_provider(Provider("globex", "Globex", ("AROAGLOBEX",)))
    before = journal()
    assert deliver(message(), sender="AROAGLOBEX:session") == []
    assert deliver(message({**REPORT, "provider": "globex"}), sender=SENDER) == []
    assert [dead["reason"] for dead in ann.take("dead-letter")] == ["wrong-sender", "wrong-sender"]
    assert journal() == before


def test_a_message_without_a_sender_is_nobodys(ann):
    batch = from_queue(message())
    del batch["Records"][0]["attributes"]["SenderId"]
    lambda_handler(batch, Context())
    assert [dead["reason"] for dead in ann.take("dead-letter")] == ["wrong-sender"]


def test_when_the_dead_letter_queue_fails_the_bad_message_stays_and_the_others_are_recorded(ann, monkeypatch):
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", ann.queues["dead-letter"] + "-gone")
    batch = from_queue("bad", message())
    assert failures(lambda_handler(batch, Context())) == [batch["Records"][0]["messageId"]]
    assert world.claims("ann") == {"ann-0001": "earned"}
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", ann.queues["dead-letter"])
    assert failures(lambda_handler(batch, Context())) == []
    assert [dead["body"] for dead in ann.take("dead-letter")] == ["bad"]


@pytest.mark.parametrize("error", [Busy("throttled"), RuntimeError("nobody expected this")])
def test_what_may_pass_stays_on_the_queue(ann, monkeypatch, error):
    batch = from_queue(message(), message({**REPORT, "account": "bob@example.com"}, id="2"))
    record = ledger.record_for_account

    def fail_for_ann(account: str, *args: Any, **named: Any) -> Any:
        if account == "ann@example.com":
            raise error
        return record(account, *args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(handler, "record_for_account", fail_for_ann)
        assert failures(lambda_handler(batch, Context())) == [batch["Records"][0]["messageId"]]
    assert failures(lambda_handler(batch, Context())) == []
    assert world.claims("ann") == {"ann-0001": "earned"}
    assert ann.take("dead-letter") == []


def test_facts_that_cannot_be_kept_go_to_the_dead_letter_queue(ann, monkeypatch):
    monkeypatch.setattr("ledger.accounts.WAITING_MAX", 2)
    deliver(*(message({**REPORT, "account": "new@example.com"}, id=f"{n}") for n in range(3)))
    monkeypatch.setattr("ledger.commit.ENTRY_BYTES_MAX", 100)
    deliver(message(id="large"))
    assert [dead["reason"] for dead in ann.take("dead-letter")] == ["waiting-full", "too-large"]


@pytest.mark.parametrize(("zone", "reasons"), [("UTC", ["bad-data"]), ("Pacific/Auckland", [])])
def test_today_is_a_day_of_the_program(ann, monkeypatch, zone, reasons):
    """At noon of the 25th in UTC it is one in the morning of the 26th in Auckland."""
    monkeypatch.setenv("PROGRAM_TIME_ZONE", zone)
    deliver(message({**REPORT, "completed_on": "2021-02-26"}))
    assert [dead["reason"] for dead in ann.take("dead-letter")] == reasons


def test_a_completion_of_today_is_recorded(ann):
    deliver(message({**REPORT, "started_on": "2021-02-25", "completed_on": "2021-02-25"}))
    assert facts.from_dict(json.loads(journal("ann")[-1]["facts"])[0]).completed_on == date(2021, 2, 25)


def test_log_lines_lead_from_the_message_to_what_was_decided(ann, log):
    deliver(message(id="of the provider"), message(type="unknown", id="2"), "bad")
    recorded, unknown, bad = log.lines()
    assert recorded["event_id"] == "of the provider"
    assert recorded["function_request_id"] == Context.aws_request_id
    assert recorded["message_id"].startswith("message-")
    assert (recorded["holder"], recorded["decisions"][-1]) == ("ann", "claim.earned ann-0001")
    assert (unknown["message"], unknown["reason"]) == ("dead-lettered", "unknown-type")
    assert "event_id" not in bad


def test_no_log_line_and_no_metric_holds_an_address(ann, log, capsys, monkeypatch):
    def fail(account: str, *_: Any, **__: Any) -> None:
        raise RuntimeError(f"something about <{account}>")

    deliver(*(body for body, _ in POISON.values()), message(id="ann@example.com"))
    monkeypatch.setattr(handler, "record_for_account", fail)
    deliver(message(), sender="AROAX:ann@example.com")
    deliver(message(id="2"))
    lines = log.lines()
    assert any("RuntimeError" in line.get("exception", "") for line in lines)
    assert not EMAIL.search(log.getvalue() + capsys.readouterr().out)


def test_metrics_count_claims_by_outcome_and_dead_letters_by_reason(ann, today, capsys):
    world.submit("ann", "DESIGN")
    today(date(2021, 3, 3))
    late = message({**REPORT, "course": "DESIGN", "outcome": "incomplete"}, id="2")
    deliver(message(), late, late, "bad")
    dead, decided = map(json.loads, capsys.readouterr().out.splitlines())
    assert (dead["reason"], dead["DeadLettered"]) == ("not-json", [1])
    assert (decided["ClaimsEarned"], decided["ClaimsDenied"], decided["PendingDays"]) == ([1], [1], [7, 7])
    assert len(decided["DecisionMilliseconds"]) == 3


def test_a_cold_start_loads_neither_the_x_ray_sdk_nor_models_of_all_events():
    loaded = "import sys, functions.validate_claim.handler; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert "pydantic" in modules
    later = {"functions.validate_claim.xapi", "functions.validate_claim.xapi_items"}
    assert not {"aws_xray_sdk", "aws_lambda_powertools.utilities.parser", *later} & set(modules)
