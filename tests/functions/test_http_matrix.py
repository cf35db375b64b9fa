"""Who may do what: every route with everybody who may call, for what is theirs and what is not.

`matrix.txt` says what each is answered; visibility.py, who they are and what there is. A route joins by a line there
for each kind of object that it reaches, and a body in test_http_bodies.py where it takes one.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import Any

import ledger
import pytest
from api import clients

from tests.functions.certificates import BUCKET
from tests.functions.described import DESCRIPTION
from tests.functions.http import Answer, Client, route_of
from tests.functions.test_http_bodies import GOOD
from tests.functions.visibility import CALLERS, SECRETS, TOLD, changes, furnish
from tests.ledger import world
from tests.ledger.tables import create_table

COLUMNS, *LINES = (Path(__file__).parent / "matrix.txt").read_text(encoding="utf-8").splitlines()
NAMES = COLUMNS.split()
# By request, such as `POST /claims (a new course)`: the status for each caller.
ROWS = {
    request.strip(): dict(zip(NAMES, map(int, statuses), strict=True))
    for request, *statuses in (line.rsplit(None, len(NAMES)) for line in LINES)
}
# Where several processes share the tests, one makes the world for all of these.
pytestmark = pytest.mark.xdist_group("matrix")
_tables = count(1)


@pytest.fixture(scope="module")
def made(moto: None, bucket: None) -> Iterator[dict[tuple[str, str], dict[str, Any]]]:
    """The world, in a table in which nobody changes anything; gives what there is."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"CURSOR_SECRET": "secret", "CERTIFICATES_BUCKET": BUCKET}.items():
            patch.setenv(name, value)
        for queue in ("DEAD_LETTER_QUEUE_URL", "PROVIDER_QUEUE_URL"):
            patch.setenv(queue, clients.client("sqs").create_queue(QueueName=queue)["QueueUrl"])
        patch.setattr("api.dead_letters.WAIT_SECONDS", 0)
        _use_new_table(patch)
        furnish()
        yield world.snapshot()


@contextmanager
def a_copy() -> Iterator[None]:
    """In the block everything is in a table of its own."""
    items = list(ledger.table.scan())
    with pytest.MonkeyPatch.context() as patch:
        _use_new_table(patch)
        world.put_back(items)
        yield


def _use_new_table(patch: pytest.MonkeyPatch) -> None:
    name = f"matrix-{next(_tables)}"
    patch.setenv("TABLE_NAME", name)
    create_table(ledger.client(), name)


def send(client: Client, request: str) -> Answer:
    method, path, *_ = request.split()
    route, _ = route_of(method, path.partition("?")[0])
    body = {**GOOD[route], **changes(request)} if route in GOOD else None
    return client.send(method, path, body, headers={"idempotency-key": "new"})


def test_every_route_has_its_lines_and_every_line_its_route() -> None:
    paths = DESCRIPTION["paths"].items()
    described = {f"{method.upper()} {path}" for path, operations in paths for method in operations}
    asked = (row.partition("?")[0].split()[:2] for row in ROWS)
    assert {route_of(method, path)[0] for method, path in asked} == described
    assert list(CALLERS) == NAMES


@pytest.mark.parametrize("asked", ROWS)
def test_everybody_is_answered_as_the_matrix_says(asked: str, made: dict[tuple[str, str], dict[str, Any]]) -> None:
    wanted, reads = ROWS[asked], asked.startswith("GET ")
    answers: dict[str, Answer] = {}
    for name, client in CALLERS.items():
        with nullcontext() if reads or wanted[name] >= 300 else a_copy():
            answers[name] = send(client, asked)
    assert {name: answer.status for name, answer in answers.items()} == wanted
    assert world.snapshot() == made
    for name, answer in answers.items():
        told = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        assert [secret for secret in SECRETS if secret in told and secret not in TOLD.get(name, ())] == [], name
        if answer.status == 404:
            assert (
                answer.body == send(CALLERS[name], asked.replace("ann-", "zoe-").replace("northwind", "nowhere")).body
            )
        if answer.status == 401:
            assert answer.body["type"] == "/problems/not-signed-in"
    if wanted["unverified"] == 403:
        assert answers["unverified"].body["type"] == "/problems/email-not-verified"
