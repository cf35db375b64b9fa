"""What only the whole can show of events: on their way over stream, bus and queue to holders and other systems."""

import json
import time
import urllib.request
from datetime import UTC, datetime, timedelta

import ledger
import pytest
from policy import facts
from policy.dates import add_years
from policy.partners import facts as learned

from local.stack import MAIL_FROM
from tests.conftest import reaching_ledger
from tests.functions.test_documented_events import PATTERNS, SECTIONS, example

TODAY = datetime.now(UTC).date()
WAIT_SECONDS = 60


@pytest.fixture(scope="module")
def program(stack):
    with reaching_ledger(stack):
        yield stack


def test_an_expiration_is_announced_by_one_mail_however_often_its_event_comes(program):
    expires_on = TODAY + timedelta(days=30)
    ledger.link_accounts("mona", ["mona@example.com"], "Mona", TODAY)
    began = expires_on - timedelta(days=1096)
    ledger.record("mona", [facts.CertificationImported("ccna", "associate", began, expires_on)], TODAY)
    mail = _wait(lambda: _mails(program, "mona@example.com"))[0]
    assert (mail["Source"], mail["Subject"]) == (MAIL_FROM, f"ccna expires on {expires_on}, in 30 days")
    assert "- 30 credits" in mail["BodyText"]

    (event,) = [event for entry in ledger.load("mona").entries for event in entry.events]
    bus = program.description["bus"]
    entry = {"EventBusName": bus, "Source": bus, "DetailType": event["type"], "Detail": json.dumps(event)}
    program.client("events").put_events(Entries=[entry, entry])
    # What came after them in the queue is done with, and so are they.
    ledger.link_accounts("nora", ["nora@example.com"], "Nora", TODAY)
    ledger.record("nora", [facts.CertificationImported("ccna", "associate", began, expires_on)], TODAY)
    _wait(lambda: _mails(program, "nora@example.com"))
    _wait(lambda: _waiting(program) == 0)
    assert len(_mails(program, "mona@example.com")) == 1


def test_a_partner_s_contacts_are_reminded_of_a_specialization(program):
    approved = add_years(TODAY + timedelta(days=90), -1)
    ledger.link_accounts("pola", ["pola@example.com"], "Pola", approved)
    certification = facts.CertificationImported(
        "ccnp-enterprise", "professional", approved, TODAY + timedelta(days=400)
    )
    ledger.record("pola", [certification, learned.ExamPassed("pola", "700-505", approved)], approved)
    ledger.put_partner(ledger.PartnerRecord("polaris", "Polaris", contacts=("pia@polaris.example",)))
    ledger.associate("polaris", "pola", approved)
    roles = [learned.RoleFilled("polaris", "express-networking", role, "pola") for role in ("am", "fe")]
    application = learned.ApplicationSubmitted("polaris", "express-networking")
    ledger.record_partner("polaris", [*roles, application], approved)
    ledger.settle_partner("polaris", TODAY)
    (mail,) = _wait(lambda: _mails(program, "pia@polaris.example"))
    assert mail["Subject"].startswith("Renew express-networking by ")
    assert "- 0 of 40 points are reached; 40 more are needed." in mail["BodyText"]


def test_the_sample_subscriber_gets_the_events_of_certifications_and_no_others(program):
    ledger.link_accounts("otto", ["otto@example.com"], "Otto", TODAY)
    award = facts.CertificationAwarded("ccna", "associate", TODAY)
    expiring = facts.CertificationImported("ccnp", "professional", TODAY, TODAY + timedelta(days=7))
    ledger.record("otto", [award, expiring], TODAY)
    sqs, queue = program.client("sqs"), program.outputs["SampleSubscriberQueueUrl"]
    got = []

    def seen():
        got.extend(sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []))
        return any(json.loads(message["Body"])["detail"]["data"]["holder"] == "otto" for message in got)

    _wait(seen)
    assert {json.loads(message["Body"])["detail-type"].partition(".")[0] for message in got} == {"certification"}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_documented_pattern_takes_some_of_the_documented_events_and_not_all(stack, pattern):
    envelope = {
        "id": "1",
        "account": "123456789012",
        "time": "2021-02-24T09:30:00Z",
        "region": "eu-central-1",
        "resources": [],
    }
    events = [json.dumps({**envelope, **example(kind)}) for kind in SECTIONS]
    taken = [stack.client("events").test_event_pattern(EventPattern=pattern, Event=event)["Result"] for event in events]
    assert set(taken) == {True, False}


def _function(stack):
    return stack.description["functions"]["send_reminders"]


def _mails(stack, address):
    with urllib.request.urlopen(f"{stack.cloud.endpoint}/_ministack/ses/messages", timeout=10) as reply:
        messages = json.load(reply)["messages"]
    return [message for sent in messages.values() for message in sent if message["To"] == [address]]


def _waiting(stack):
    mappings = stack.client("lambda").list_event_source_mappings(FunctionName=_function(stack))
    queue = mappings["EventSourceMappings"][0]["EventSourceArn"].rpartition(":")[2]
    sqs = stack.client("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    reply = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return sum(int(number) for number in reply["Attributes"].values())


def _wait(seen):
    deadline = time.monotonic() + WAIT_SECONDS
    while not (found := seen()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
    return found
