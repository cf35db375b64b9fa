"""A roster in the deployed stack: over HTTP, the gateway and the queue, each function under its own role."""

import json
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local import people
from local.web import Client

TODAY = datetime.now(UTC).date()
WAIT_SECONDS = 60
COURSE: dict[str, Any] = {
    "title": "A course of rosters",
    "versions": [{"version": "1.0", "credits": 8}],
    "item_types": {"instructor-led-training": ["roster-school"]},
}
COMPLETION = {
    "course": "ROSTERS",
    "version": "1.0",
    "started_on": str(TODAY - timedelta(days=9)),
    "completed_on": str(TODAY - timedelta(days=5)),
}
CLAIM = {**COMPLETION, "item_type": "instructor-led-training", "provider": "roster-school"}


@pytest.fixture(scope="module")
def clients(stack) -> dict[str, Client]:
    """Those concerned, signed in: a provider, and a holder whose claim waits for it."""
    pool, app = stack.outputs["UserPool"], stack.outputs["UserPoolClient"]

    def signed_in(account: str, *groups: str) -> Client:
        return Client(stack.description["api"], people.token(stack.cloud, pool, app, account, groups))

    operator = Client(stack.description["api"], stack.description["users"]["operator"]["token"])
    # Messages of this cloud come from its account, whoever sends them.
    operator.must("PUT", "/admin/providers/roster-school", {"name": "School", "senders": ["000000000000"]})
    operator.must("PUT", "/admin/catalog/ROSTERS", COURSE)
    operator.must("PUT", "/admin/holders/rosters", {"accounts": ["rosters@example.com"]})
    award = {"certification": "ccna", "level": "associate", "awarded_on": str(TODAY - timedelta(days=90))}
    operator.must("POST", "/admin/holders/rosters/certifications", award)
    stack.client("cognito-idp").create_group(UserPoolId=pool, GroupName="provider:roster-school")
    holder = signed_in("rosters@example.com")
    holder.must("PUT", "/enrollment", {"terms_version": "2026-01"})
    holder.must("POST", "/claims", CLAIM, key="1")
    return {"holder": holder, "provider": signed_in("pat@roster-school.example", "provider:roster-school")}


def test_a_file_earns_the_claim_that_waits(clients) -> None:
    provider, holder = clients["provider"], clients["holder"]
    (waiting,) = provider.must("GET", "/provider/claims")["items"]
    row = {**{name: waiting[name] for name in (*COMPLETION, "account")}, "outcome": "completed"}
    others = [{**row, "account": f"{number}@rosters.example"} for number in range(19)]
    lines = [",".join(row), *(",".join(values.values()) for values in (row, *others))]
    answer = _post(provider, "\r\n".join(lines).encode())
    assert (answer["accepted"], answer["refused"]) == (20, 0)
    deadline = time.monotonic() + WAIT_SECONDS
    while holder.must("GET", f"/claims/{waiting['claim_id']}")["status"] != "earned":
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
    assert provider.must("GET", "/provider/claims")["items"] == []


def test_rosters_are_taken_by_the_id_of_their_function_s_role(stack) -> None:
    name = stack.outputs["ValidateClaim"]
    lambdas = stack.client("lambda")
    known = lambdas.get_function_configuration(FunctionName=name)["Environment"]["Variables"]["ROSTER_SENDER_ID"]
    role = lambdas.get_function_configuration(FunctionName=stack.outputs["ServeProvider"])["Role"].rpartition("/")[2]
    assert stack.client("iam").get_role(RoleName=role)["Role"]["RoleId"] == known


def _post(client: Client, body: bytes) -> Any:
    headers = {"authorization": f"Bearer {client.token}", "content-type": "text/csv"}
    request = urllib.request.Request(f"{client.api}/provider/reports", body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)
