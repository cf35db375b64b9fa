"""For all tests: the same examples in every run, however slow the machine; `HISTORIES=2000` and `FUZZ=200` look at that
many others.

And the whole stack, deployed once to a local cloud of its own, for the tests that call it from outside.
"""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import Phase, settings

if TYPE_CHECKING:
    from local.stack import Stack

settings.register_profile("suite", deadline=None, derandomize=not os.environ.keys() & {"HISTORIES", "FUZZ"})
settings.load_profile("suite")
# For tests/mutation: any example kills a mutant, and none need be made smaller or kept for the next mutant.
settings.register_profile(
    "mutation", settings.get_profile("suite"), phases=(Phase.explicit, Phase.generate), database=None
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the deployed stack run in one process, however many there are, so that it is deployed once.

    First, because xdist reads the groups in the same hook.
    """
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


@pytest.fixture(scope="session")
def stack() -> Iterator["Stack"]:
    """The deployed stack with all that is off by default, under enforced IAM: a function may do what its role allows."""
    from local import stack as stacks

    with stacks.running(enforce_iam=True, parameters={"SampleSubscriber": "on"}) as deployed:
        _let_mail_be_sent(deployed)
        yield deployed


def _let_mail_be_sent(stack: "Stack") -> None:
    """The local cloud knows neither identities nor addresses of a policy, and so would send no mail."""
    function = stack.description["functions"]["send_reminders"]
    role = stack.client("lambda").get_function_configuration(FunctionName=function)["Role"].rpartition("/")[2]
    send = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [send]})
    stack.client("iam").put_role_policy(RoleName=role, PolicyName="local-mail", PolicyDocument=policy)


@pytest.fixture(scope="session")
def sampled(stack: "Stack") -> "Stack":
    """The deployed stack with the sample program."""
    from local import sample

    with reaching_ledger(stack):
        sample.load(stack, datetime.now(UTC).date())
    return stack


@pytest.fixture(scope="session")
def administrator_of(stack: "Stack") -> Callable[[str], dict[str, Any]]:
    """administrator_of(partner): somebody new who administers it, {account, password, partner, client}."""
    from local import people
    from local.web import Client

    def make(partner: str) -> dict[str, Any]:
        pool, client = stack.outputs["UserPool"], stack.outputs["UserPoolClient"]
        group, account = f"partner-admin:{partner}", f"admin@{partner}.example"
        stack.client("cognito-idp").create_group(UserPoolId=pool, GroupName=group)
        token = people.token(stack.cloud, pool, client, account, (group,))
        signed_in = Client(stack.description["api"], token)
        return {"account": account, "password": people.PASSWORD, "partner": partner, "client": signed_in}

    return make


@contextmanager
def reaching_ledger(stack: "Stack") -> Iterator[None]:
    """In the block the package `ledger` speaks to the stack's table."""
    import boto3
    import ledger

    from local import sample

    with patch.dict(os.environ), patch.object(boto3, "DEFAULT_SESSION", None):
        try:
            sample.reach_ledger(stack)
            yield
        finally:
            ledger.client.cache_clear()


@pytest.fixture(scope="session")
def call(stack: "Stack") -> Callable[..., Answer]:
    """call("GET", "/dashboard", user="holder", body=None, headers={}): one HTTP request to the deployed API."""

    def send(method: str, path: str, user: str = "", body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        sent = {"Content-Type": "application/json", **(headers or {})}
        if user:
            sent["Authorization"] = f"Bearer {stack.description['users'][user]['token']}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(stack.description["api"] + path, data, sent, method=method)
        try:
            response = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            text = response.read().decode()
        received = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, received, json.loads(text) if text else None)

    return send
