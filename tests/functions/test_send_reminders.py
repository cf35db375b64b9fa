"""Reminders: one mail for an event and an account, whatever crashes or comes twice, and none that is no longer true."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import ledger
import pytest
from api import clients, clock
from botocore.exceptions import ClientError, ReadTimeoutError
from ledger import mail, table
from policy import facts

from functions.send_reminders import post
from functions.send_reminders.handler import lambda_handler
from functions.send_reminders.letters import Letter
from tests.functions.events import Context, failures, from_queue
from tests.ledger import faults, world

FROM = "reminders@standing.example"
EXPIRES = date(2024, 1, 29)
ANN = "ann@example.com"


@dataclass
class Post:
    """The mail service. before, after: what meets the next mails before they are taken, or right after that: an error
    by its name and message, an exception, or nothing (None).
    """

    sent: list[dict[str, Any]] = field(default_factory=list)
    before: list[Any] = field(default_factory=list)
    after: list[Any] = field(default_factory=list)

    def watch(self, client: Any) -> None:
        client.meta.events.register("before-parameter-build.sesv2.SendEmail", self._send)
        client.meta.events.register("after-call.sesv2.SendEmail", self._taken)

    def _send(self, params: dict[str, Any], **_: Any) -> None:
        self._now = params
        _meet(self.before)

    def _taken(self, **_: Any) -> None:
        self.sent.append(self._now)
        _meet(self.after)

    @property
    def to(self) -> list[str]:
        return [address for letter in self.sent for address in letter["Destination"]["ToAddresses"]]

    @property
    def subjects(self) -> list[str]:
        return [letter["Content"]["Simple"]["Subject"]["Data"] for letter in self.sent]

    @property
    def texts(self) -> list[str]:
        return [letter["Content"]["Simple"]["Body"]["Text"]["Data"] for letter in self.sent]


def _meet(faults_to_come: list[Any]) -> None:
    if not faults_to_come:
        return
    fault = faults_to_come.pop(0)
    if fault is None:
        return
    if isinstance(fault, BaseException):
        raise fault
    code, _, message = fault.partition(": ")
    raise ClientError({"Error": {"Code": code, "Message": message}}, "SendEmail")


@pytest.fixture
def service(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> Post:
    monkeypatch.setenv("MAIL_FROM", FROM)
    monkeypatch.setenv("PORTAL_URL", "https://portal.example")
    clients.client("sesv2").create_email_identity(EmailIdentity=FROM)
    made = Post()
    made.watch(clients.client("sesv2", attempts=1))
    return made


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """clock_at(n) sets the clock n seconds on."""

    def go_on(seconds: int) -> None:
        later = clock.now() + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: later)

    return go_on


def events(holder: str, kind: str) -> list[dict[str, Any]]:
    found = [event for entry in ledger.load(holder).entries for event in entry.events]
    return [{"detail-type": kind, "detail": event} for event in found if event["type"] == kind]


def expiring(today: Callable[[date], None], days: int = 30, *accounts: str) -> dict[str, Any]:
    """Ann's certification is about to expire; the notice of so many days before, on its day."""
    world.enroll("ann", *accounts)
    day = EXPIRES - timedelta(days=days)
    ledger.settle("ann", day)
    today(day)
    return events("ann", "certification.expiring")[-1]


def deliver(*messages: dict[str, Any]) -> int:
    """Deliver messages; gives how many are left on the queue."""
    return len(failures(lambda_handler(from_queue(*messages), Context())))


def outcomes() -> list[str]:
    return [item.get("outcome", "being sent") for item in table.scan() if item["pk"].startswith("MAIL#")]


def test_an_expiration_is_told_with_what_is_left(service, today):
    assert deliver(expiring(today)) == 0
    (letter,) = service.sent
    assert letter["FromEmailAddress"] == FROM
    assert letter["EmailTags"] == [{"Name": "event", "Value": "ann-3-2"}]
    assert letter["Content"]["Simple"]["Subject"] == {
        "Data": "ccnp expires on 2024-01-29, in 30 days",
        "Charset": "UTF-8",
    }
    assert service.texts[0] == (
        "Your certification ccnp (professional) expires on 2024-01-29, in 30 days.\n\n"
        "To recertify it, complete one of the following by then:\n\n"
        "- 1 core exam\n- 2 professional exams\n- 1 design written exam\n- 1 expert lab exam\n"
        "- 40 credits + 1 professional exam\n- 80 credits\n\n"
        "See https://portal.example\n"
    )
    assert outcomes() == ["sent"]


def test_an_expiration_is_told_to_each_account_by_a_mail_of_its_own(service, today):
    deliver(expiring(today, 30, ANN, "ann@work.example"))
    assert service.to == [ANN, "ann@work.example"]


def overdue(today: Callable[[date], None]) -> dict[str, Any]:
    world.enroll("ann", ANN, "ann@work.example")
    submitted = world.COMPLETED + timedelta(days=5)
    world.submit("ann", account="ann@work.example")
    ledger.settle("ann", submitted + timedelta(days=30))
    today(submitted + timedelta(days=30))
    return events("ann", "claim.overdue")[0]


def test_an_overdue_claim_is_told_to_its_account(service, today):
    deliver(overdue(today))
    assert service.to == ["ann@work.example"]
    assert service.subjects == ["Your claim for Course CORE 1.0 is still undecided"]
    assert (
        "submitted on 2021-02-24, is pending for 30 days. It waits for the report of its provider, acme."
        in (service.texts[0])
    )
    assert "From 2021-03-27 on you may open a case about it." in service.texts[0]


@pytest.mark.parametrize("number", [2, 3])
def test_an_event_delivered_again_is_mailed_once(service, today, number):
    event = expiring(today)
    assert deliver(*[event] * number) == 0
    assert deliver(event) == 0
    assert service.to == [ANN]


def test_a_claim_decided_meanwhile_is_not_called_overdue(service, today):
    event = overdue(today)
    world.push(world.completion("ann@work.example"), day=date(2021, 3, 26))
    assert (deliver(event), service.sent, outcomes()) == (0, [], ["needless"])


def test_a_certification_renewed_meanwhile_is_not_said_to_expire(service, today):
    event = expiring(today)
    day = EXPIRES - timedelta(days=20)
    ledger.record("ann", [facts.ExamPassed("350-401", "core", day)], day)
    today(day)
    assert (deliver(event), service.sent, outcomes()) == (0, [], ["needless"])


@pytest.mark.parametrize(("late", "told"), [(0, 1), (22, 1), (23, 0), (30, 0), (31, 0)])
def test_a_notice_is_told_until_the_next_is_due(service, today, late, told):
    event = expiring(today)
    today(EXPIRES - timedelta(days=30 - late))
    deliver(event)
    assert len(service.sent) == told
    if told:
        assert f"in {30 - late} days" in service.subjects[0]


def test_of_the_notices_that_come_at_once_after_a_pause_the_last_is_told(service, today):
    world.enroll("ann")
    ledger.settle("ann", EXPIRES - timedelta(days=7))
    today(EXPIRES - timedelta(days=6))
    deliver(*events("ann", "certification.expiring"))
    assert service.subjects == ["ccnp expires on 2024-01-29, in 6 days"]
    assert sorted(outcomes()) == ["needless"] * 3 + ["sent"]


@pytest.mark.parametrize(
    "fault", ["TooManyRequestsException", "SendingPausedException", ReadTimeoutError(endpoint_url="ses")], ids=str
)
def test_trouble_that_passes_leaves_the_message_and_the_next_delivery_sends(service, today, fault):
    event = expiring(today)
    service.before = [fault]
    assert (deliver(event), outcomes()) == (1, [])
    assert (deliver(event), service.to) == (0, [ANN])


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_an_address_refused_for_good_is_not_tried_again_and_holds_up_no_other(service, today, log, code):
    event = expiring(today, 30, ANN, "ann@work.example")
    service.before = [f"{code}: Email address is not verified: {ANN}"]
    assert deliver(event) == deliver(event) == 0
    assert service.to == ["ann@work.example"]
    assert sorted(outcomes()) == ["refused", "sent"]
    (warning,) = [line for line in log.lines() if line["level"] == "WARNING"]
    assert (warning["holder"], warning["reason"]) == ("ann", code)
    assert "@" not in log.getvalue()


def test_while_our_own_address_is_not_verified_the_mail_waits(service, today):
    event = expiring(today)
    service.before = [f"MessageRejected: Email address is not verified: {FROM}"]
    assert (deliver(event), outcomes()) == (1, [])


@pytest.mark.parametrize("address", ["ann,bob@example.com", "x<bob@example.com>", "ann;bob@example.com"])
def test_an_address_that_would_be_read_as_another_gets_no_mail(service, today, address):
    assert deliver(expiring(today, 30, address)) == 0
    assert (service.sent, outcomes()) == ([], ["refused"])


def test_who_crashes_before_the_mail_service_said_yes_is_followed_by_one_who_sends(service, today, clock_at):
    event = expiring(today)
    service.before = [faults.Crash()]
    with pytest.raises(faults.Crash):
        deliver(event)
    assert (deliver(event), service.sent) == (1, [])
    clock_at(mail.LEASE_SECONDS + 1)
    assert (deliver(event), service.to, outcomes()) == (0, [ANN], ["sent"])


def test_who_crashes_after_the_mail_service_said_yes_has_it_sent_twice_rather_than_never(service, today, clock_at):
    event = expiring(today)
    service.after = [faults.Crash()]
    with pytest.raises(faults.Crash):
        deliver(event)
    assert deliver(event) == 1
    clock_at(mail.LEASE_SECONDS + 1)
    assert (deliver(event), deliver(event), service.to) == (0, 0, [ANN, ANN])


def test_a_fault_at_any_call_to_the_table_costs_no_mail_and_at_most_a_second_one(service, today, clock_at, monkeypatch):
    event = expiring(today)
    undisturbed = faults.Client()
    undisturbed.act(lambda: deliver(event), monkeypatch)
    assert undisturbed.operations == ["query", "put_item", "put_item"]
    for number, fault in [
        (at, fault) for at in range(3) for fault in (faults.crash_before, faults.crash_after, faults.throttle, lost)
    ]:
        for item in list(table.scan()):
            if item["pk"].startswith("MAIL#"):
                ledger.client().delete_item(TableName=table.name(), Key={key: {"S": item[key]} for key in ("pk", "sk")})
        service.sent.clear()
        again: object = True
        with suppress(faults.Crash):
            again = faults.Client(number, fault).act(lambda: deliver(event), monkeypatch)
        if again:
            clock_at(mail.LEASE_SECONDS + 1)
            assert deliver(event) == 0
        sent_before_the_fault = number == 2 and fault in (faults.crash_before, faults.throttle)
        assert len(service.sent) == (2 if sent_before_the_fault else 1), (number, fault)
        assert outcomes() == ["sent"]


def lost(call: faults.Call, operation: str) -> dict[str, Any]:
    """The SDK tries again what has succeeded, and is told that the condition does not hold."""
    call()
    return call()


HOSTILE = "Kurs\r\nBcc: victim@example.com\x00\N{LINE SEPARATOR}; \N{FIRE}"


def test_titles_cannot_add_headers_or_lines(service, today, monkeypatch):
    world.enroll("ann")
    monkeypatch.setitem(world.COURSES, "CORE", replace(world.COURSES["CORE"], title=HOSTILE))
    world.submit("ann")
    ledger.settle("ann", date(2021, 3, 26))
    today(date(2021, 3, 26))
    deliver(events("ann", "claim.overdue")[0])
    assert service.subjects == ["Your claim for Kurs Bcc: victim@example.com ; \N{FIRE} 1.0 is still undecided"]
    assert service.to == [ANN]
    assert not re.search(r"^Bcc", service.texts[0], re.MULTILINE)


def test_a_letter_is_sent_as_it_is_in_utf_8(service):
    assert post.send(ANN, Letter("Ü", "ß\n"), "ann-1-0")
    assert (service.subjects, service.texts) == (["Ü"], ["ß\n"])


def test_without_an_address_of_the_portal_none_is_named(service, today, monkeypatch):
    monkeypatch.setenv("PORTAL_URL", "")
    deliver(expiring(today))
    assert "See" not in service.texts[0]


def test_what_is_no_event_stays_on_the_queue_and_holds_up_no_other(service, today):
    event = expiring(today)
    assert deliver({"detail": {"id": "x"}}, event) == 1
    assert service.to == [ANN]
