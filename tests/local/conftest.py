"""The whole stack, deployed once to a local cloud of its own, for the tests that call it from outside."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local import stack as stacks


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the deployed stack run in one process, however many there are, so that it is deployed once."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


@pytest.fixture(scope="session")
def stack() -> Iterator[stacks.Stack]:
    """The deployed stack with all that is off by default, under enforced IAM: a function may do what its role allows."""
    with stacks.running(enforce_iam=True, parameters={"SampleSubscriber": "on"}) as deployed:
        yield deployed


@pytest.fixture(scope="session")
def call(stack: stacks.Stack) -> Callable[..., Answer]:
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
