"""What only the whole can show: real tokens, the real queue, many at once, each function under its own role."""

import base64
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from ledger.check import check

from local import partner_story, people, story
from local.web import Client
from tests.conftest import reaching_ledger

TODAY = datetime.now(UTC).date()
WAIT_SECONDS = 60


@pytest.fixture(scope="module")
def program(sampled):
    """The stack with the sample program. Whatever the tests did, the checker finds nothing at their end."""
    with reaching_ledger(sampled):
        yield sampled
        assert check() == []


@pytest.fixture
def operator(program):
    return _client(program, program.description["users"]["operator"]["token"])


@pytest.fixture
def holder(program, operator):
    """A holder of their own for each test: (name, clients of two accounts)."""
    name = f"holder-{uuid.uuid4().hex[:8]}"
    accounts = [f"{name}@one.example", f"{name}@two.example"]
    operator.must("PUT", f"/admin/holders/{name}", {"accounts": accounts})
    award = {
        "certification": "ccnp-enterprise",
        "level": "professional",
        "awarded_on": str(TODAY - timedelta(days=200)),
    }
    operator.must("POST", f"/admin/holders/{name}/certifications", award)
    pool, client = program.outputs["UserPool"], program.outputs["UserPoolClient"]
    clients = [_client(program, people.token(program.cloud, pool, client, account)) for account in accounts]
    clients[0].must("PUT", "/enrollment", {"terms_version": "2026-01"})
    return accounts[0], clients


def _client(stack, token):
    return Client(stack.description["api"], token)


COURSE = {
    "course": "ENSLD",
    "version": "1.0",
    "provider": "acme",
    "started_on": str(TODAY - timedelta(days=20)),
    "completed_on": str(TODAY - timedelta(days=16)),
}
CLAIM = {**COURSE, "item_type": "instructor-led-training"}


def _report(account, **changes):
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "https://acme.example/lms",
        "type": "completion.reported.v1",
        "time": datetime.now(UTC).isoformat(),
        "data": {**COURSE, "account": account, "outcome": "completed", **changes},
    }


def _wait(seen):
    deadline = time.monotonic() + WAIT_SECONDS
    while not (found := seen()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
    return found


def test_the_story_comes_out_as_the_rules_say(program):
    assert story.tell(program) == 0


def test_the_story_of_a_partner_comes_out_as_the_rules_say(program):
    assert partner_story.tell(program) == 0


def test_one_course_from_two_accounts_at_once_is_one_claim(holder):
    _, clients = holder
    with ThreadPoolExecutor(8) as many:
        answers = list(
            many.map(
                lambda number: clients[number % 2].call("POST", "/claims", CLAIM, key=f"attempt-{number}"), range(8)
            )
        )
    assert sorted(answer.status for answer in answers) == [201] + [409] * 7
    assert {answer.body["rule"] for answer in answers if answer.status == 409} == {"duplicate-course"}


def test_one_report_delivered_thrice_earns_once(program, holder):
    account, (client, _) = holder
    claim = client.must("POST", "/claims", CLAIM, key="once")
    body = json.dumps(_report(account))
    with ThreadPoolExecutor(3) as many:
        list(many.map(lambda _: _send(program, body), range(3)))
    _wait(lambda: client.must("GET", f"/claims/{claim['claim_id']}")["status"] == "earned")
    _wait(lambda: _waiting(program, "queue") == 0)
    progress = client.must("GET", "/certifications/ccnp-enterprise/progress")
    assert [line["claim_id"] for line in progress["counted"]] == [claim["claim_id"]]


def test_garbage_is_set_aside_with_its_reason_and_holds_up_nothing(program, holder):
    account, (client, _) = holder
    claim = client.must("POST", "/claims", CLAIM, key="once")
    garbage = f"no JSON {uuid.uuid4()}"
    messages = [garbage, *(json.dumps(_report(account, **change)) for change in ({"provider": "nobody"}, {}))]
    program.client("sqs").send_message_batch(
        QueueUrl=program.description["queue"],
        Entries=[{"Id": str(number), "MessageBody": body} for number, body in enumerate(messages)],
    )
    _wait(lambda: client.must("GET", f"/claims/{claim['claim_id']}")["status"] == "earned")
    reasons = _wait(lambda: _dead(program, messages[:2]))
    assert all(reasons.values())


def test_a_case_goes_from_the_holder_to_the_operators_and_back(program, holder, operator):
    _, (client, _) = holder
    claim_id = client.must("POST", "/claims", CLAIM, key="once")["claim_id"]
    denied = {"outcome": "denied", "reason": "policy-enforcement"}
    operator.must("POST", f"/admin/claims/{claim_id}/decision", denied)
    case_id = client.must("POST", f"/claims/{claim_id}/cases", {"message": "Why?"})["case_id"]
    listed = _wait(lambda: operator.must("GET", "/admin/worklists/open-cases?limit=100")["items"])
    assert case_id in [item["case_id"] for item in listed]
    operator.must("POST", f"/cases/{case_id}/messages", {"message": "It was not the course.", "close": True})
    assert client.must("GET", f"/cases/{case_id}")["outcome"] == "answered"


def test_the_operators_see_what_waits_for_them(program, operator):
    garbage = f"no JSON {uuid.uuid4()}"
    _send(program, garbage)
    _wait(lambda: garbage in [item["body"] for item in operator.must("GET", "/admin/worklists/dead-letters")["items"]])
    numbers = operator.must("GET", "/admin/worklists")
    assert numbers["dead_letters"] >= 1
    for worklist in ("overdue-claims", "reviews"):
        assert isinstance(operator.must("GET", f"/admin/worklists/{worklist}")["items"], list)


def test_another_holders_claim_is_as_if_it_did_not_exist(program, holder):
    _, (client, _) = holder
    claim = client.must("POST", "/claims", CLAIM, key="once")
    stranger = _client(program, program.description["users"]["other_holder"]["token"])
    assert stranger.call("GET", f"/claims/{claim['claim_id']}").status == 404


def test_only_an_operator_administers(holder):
    _, (client, _) = holder
    assert client.call("PUT", "/admin/providers/mine", {"name": "Mine", "senders": []}).status == 403


def test_a_course_is_found_as_soon_as_an_operator_keeps_it(operator, holder):
    _, (client, _) = holder
    course = {"title": "Zither for Beginners", "versions": [{"version": "1", "credits": 1}]}
    assert client.must("GET", "/catalog?q=acip")["items"][0]["course"] == "ACIPRG"
    operator.must("PUT", "/admin/catalog/ZITHER", {**course, "item_types": {"activity": ["acme"]}})
    assert [item["course"] for item in client.must("GET", "/catalog?q=zihter")["items"]] == ["ZITHER"]
    names = [line["name"] for line in client.must("GET", "/catalog-filters?item_type=activity")["providers"]]
    assert "Acme Learning" in names


def test_an_announcement_is_shown_until_it_is_removed(operator, holder):
    _, (client, _) = holder
    kept = operator.must("PUT", "/admin/announcements/closed", {"text": "Closed\non Monday"})
    assert kept in client.must("GET", "/dashboard")["announcements"]
    operator.must("DELETE", "/admin/announcements/closed")
    assert kept not in client.must("GET", "/dashboard")["announcements"]


@pytest.mark.parametrize("path", ["/nowhere", "/admin/nowhere", "/claims/x/y"])
def test_what_is_nowhere_is_a_problem(program, call, path):
    answer = call("GET", path, user="holder")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


def test_the_description_is_open_to_all(call):
    answer = call("GET", "/openapi.json")
    assert answer.status == 200
    assert answer.body["openapi"].startswith("3.1")


def test_a_token_for_another_audience_is_refused(program):
    pool = program.outputs["UserPool"]
    cognito = program.client("cognito-idp")
    other = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="other", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    token = people.token(program.cloud, pool, other, "stranger@example.com")
    assert _status(program, token) == 401


def test_a_token_that_nobody_signed_is_refused(program):
    token = program.description["users"]["operator"]["token"]
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    assert _status(program, f"{header}.{token.split('.')[1]}.") == 401


def _status(stack, token):
    return _client(stack, token).call("GET", "/dashboard").status


def _send(stack, body):
    return stack.client("sqs").send_message(QueueUrl=stack.description["queue"], MessageBody=body)


def _waiting(stack, queue):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    reply = stack.client("sqs").get_queue_attributes(QueueUrl=stack.description[queue], AttributeNames=names)
    return sum(int(number) for number in reply["Attributes"].values())


def _dead(stack, bodies):
    """{body: reason} of messages on the dead-letter queue, once all of them are there."""
    sqs, queue = stack.client("sqs"), stack.description["dead_letter_queue"]
    found = sqs.receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=0
    ).get("Messages", [])
    reasons = {message["Body"]: message["MessageAttributes"]["reason"]["StringValue"] for message in found}
    return {body: reasons[body] for body in bodies} if reasons.keys() >= set(bodies) else None
