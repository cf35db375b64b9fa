"""Requests made up from the published description, good and bad: each is answered as it says, and none with 5xx.

A few for every operation in the suite, always the same; `make fuzz` tries many, others each time.
"""

import os
from collections.abc import Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import ledger
import pytest
import schemathesis
from api import clients
from hypothesis import HealthCheck, settings
from ledger.check import check
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance, unsupported_method

from tests.functions.certificates import BUCKET
from tests.functions.described import DESCRIPTION
from tests.functions.gateway import Gateway
from tests.functions.sample import TRACK
from tests.functions.visibility import CALLERS, furnish
from tests.ledger import world
from tests.ledger.tables import create_table

EXAMPLES = int(os.environ.get("FUZZ", "5"))
# Where several processes share the tests, one makes the world for all of these.
pytestmark = pytest.mark.xdist_group("fuzz")
_tables = count(1)
# By tag of an operation, who sends.
SENDERS = {
    "holder": "ann",
    "holder-or-operator": "ann",
    "operator": "operator",
    "provider": "acme",
    "partner": "p1",
    "anyone": "stranger",
}
# What there is, so that not everything asks for what is not there.
KNOWN = {
    "holder": ["ann", "bob"],
    "claim_id": ["ann-0001", "ann-0002", "cid-0001"],
    "case_id": ["ann-C0001"],
    "course": ["ENCOR", "FOURTH"],
    "version": ["1.2", "1.0"],
    "certification": [TRACK],
    "provider": ["acme", "globex"],
    "worklist": ["open-cases", "dead-letters", "reviews", "overdue-claims"],
    "announcement": ["closed"],
    "account": ["ann@secret.example", "new@example.com"],
    "partner": ["northwind", "tailspin"],
    "specialization": ["express-networking"],
    "role": ["am"],
    "individual": ["ida", "bob"],
    "item": ["CONFERENCE", "ENCOR"],
    "exam": ["700-501"],
    "started_on": ["2021-02-15"],
    "completed_on": ["2021-02-19"],
}
# What is wrong with a row refuses that row, and is answered with 200; what is no text in a query has become one on its way.
# A method that a path has not is a route that there is not: 404. What fits the description may still break a rule.
BY_ROW = {"POST /provider/reports"}
NOT_ASKED = [unsupported_method, positive_data_acceptance]


def _hinted(schema: Any) -> Any:
    """A description whose texts may also be what there is."""
    if isinstance(schema, list):
        return [_hinted(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    hinted = {name: _hinted(part) for name, part in schema.items()}
    if "in" in hinted and "schema" in hinted:
        hinted["schema"] = _or_known(hinted["name"], hinted["schema"])
        if hinted.pop("allowEmptyValue", False):
            hinted["schema"] = {"anyOf": [{"const": ""}, hinted["schema"]]}
    if isinstance(hinted.get("properties"), dict):
        hinted["properties"] = {name: _or_known(name, part) for name, part in hinted["properties"].items()}
    return hinted


def _or_known(name: str, schema: Any) -> Any:
    return {"anyOf": [{"enum": KNOWN[name]}, schema]} if name in KNOWN else schema


GATEWAY = Gateway({name: CALLERS[name] for name in SENDERS.values()})
SCHEMA = schemathesis.openapi.from_dict(_hinted(deepcopy(DESCRIPTION)))
SCHEMA.app = GATEWAY
# Every boundary of every field, one after the other: thousands of requests.
SCHEMA.config.phases.coverage.enabled = "FUZZ" in os.environ


@pytest.fixture(scope="module")
def items(moto: None, bucket: None) -> Iterator[list[dict[str, Any]]]:
    """What there is, made once."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"CURSOR_SECRET": "secret", "CERTIFICATES_BUCKET": BUCKET, "TABLE_NAME": "fuzz"}.items():
            patch.setenv(name, value)
        for queue in ("DEAD_LETTER_QUEUE_URL", "PROVIDER_QUEUE_URL"):
            patch.setenv(queue, clients.client("sqs").create_queue(QueueName=queue)["QueueUrl"])
        patch.setattr("api.dead_letters.WAIT_SECONDS", 0)
        create_table(ledger.client(), "fuzz")
        furnish()
        yield list(ledger.table.scan())


@pytest.fixture
def furnished(items: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A table of the test's own with what there is; whatever was asked of it, the invariants hold at its end."""
    name = f"fuzz-{next(_tables)}"
    monkeypatch.setenv("TABLE_NAME", name)
    create_table(ledger.client(), name)
    world.put_back(items)
    yield
    world.deliver()
    assert check() == []


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
def test_an_answer_is_as_it_is_described(case: schemathesis.Case, furnished: None) -> None:
    sender = SENDERS[case.operation.definition.raw["tags"][0]]
    lenient = case.method == "GET" or case.operation.label in BY_ROW
    not_asked = [*NOT_ASKED, negative_data_rejection] if lenient else NOT_ASKED
    case.call_and_validate(headers={"Authorization": f"Bearer {sender}"}, excluded_checks=not_asked)
