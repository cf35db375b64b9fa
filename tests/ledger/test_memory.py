"""The table in memory answers every call that the functions and the ledger make as DynamoDB Local does."""

from collections.abc import Callable
from typing import Any

import boto3
import ledger
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from ledger import table
from ledger.check import check

from tests.aws.boundary import Call, Reply, calls
from tests.aws.expressions import condition
from tests.aws.stage import clients_of_memory, stage
from tests.faults.acts import ACTS
from tests.faults.program import TODAY, program
from tests.ledger import partner_world
from tests.ledger.dynamodb_local import Unavailable
from tests.ledger.tables import create_table
from tests.ledger.test_faults import SCENARIOS


@pytest.fixture
def dynamodb(local_endpoint: str | Unavailable) -> Any:
    if isinstance(local_endpoint, Unavailable):
        pytest.skip(str(local_endpoint))
    return boto3.client("dynamodb", endpoint_url=local_endpoint)


def noted(notes: list[tuple[Call, Any]]) -> Callable[[Call], Reply]:
    """Make each call, and note what came of it."""

    def run(call: Call) -> Reply:
        try:
            reply = call.run()
        except ClientError as error:
            notes.append((call, error))
            raise
        notes.append((call, reply))
        return reply

    return run


def played(dynamodb: Any, notes: list[tuple[Call, Any]]) -> int:
    """Make the same calls to the table there; they come to the same. Gives how many there were."""
    of_table = [(call, reply) for call, reply in notes if call.service == "dynamodb"]
    for call, reply in of_table:
        try:
            found = getattr(dynamodb, xform_name(call.operation))(**call.arguments)
        except ClientError as error:
            found = error
        assert _shown(call, found) == _shown(call, reply), (call.operation, call.arguments)
    return len(of_table)


def _shown(call: Call, reply: Any) -> Any:
    if isinstance(reply, ClientError):
        reasons = reply.response.get("CancellationReasons", ())
        return reply.response["Error"]["Code"], [reason["Code"] for reason in reasons]
    shown = {
        name: value for name, value in reply.items() if name in ("Item", "Items", "LastEvaluatedKey", "Attributes")
    }
    if "IndexName" in call.arguments and "Items" in shown:
        # Those of an index that fall on one day come in whatever order.
        shown["Items"] = sorted(map(repr, map(sorted, map(dict.items, shown["Items"]))))
    found = reply.get("Responses", {})
    shown["found"] = {name: sorted(map(repr, map(sorted, items))) for name, items in found.items()}
    return shown


def test_every_act_of_the_functions(dynamodb: Any) -> None:
    notes: list[tuple[Call, Any]] = []
    with program() as there:
        name = table.name()
        before = list(there.aws.dynamodb.tables[name].items())
        with calls(noted(notes)):
            # The one that tells who may send for a provider comes last.
            for act in sorted(ACTS, key=lambda act: act == "PUT /admin/providers/{provider}"):
                ACTS[act].run(there)
    create_table(dynamodb, name)
    for item in before:
        dynamodb.put_item(TableName=name, Item=item)
    assert played(dynamodb, notes) > 150


def test_every_scenario_of_the_ledger(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    notes: list[tuple[Call, Any]] = []
    partner_world.use(monkeypatch)
    # Undone before the stage is left, which has a table of its own.
    with clients_of_memory(), stage(TODAY), calls(noted(notes)), pytest.MonkeyPatch.context() as patch:
        for number, (prepare, act) in enumerate(SCENARIOS.values()):
            patch.setenv("TABLE_NAME", f"scenario-{number}")
            create_table(ledger.client(), table.name())
            prepare()
            act()
            assert check() == []
            # A full scan gives partitions in whatever order.
            notes[:] = [(call, reply) for call, reply in notes if call.operation != "Scan"]
    assert played(dynamodb, notes) > 400


def test_an_expression_that_it_does_not_know_is_an_error() -> None:
    for text in ("a <> :b", "contains(a, :b)", "a = :b)", "a", "a.b = :c", "a IN (:b, :c)"):
        with pytest.raises((SyntaxError, KeyError)):
            condition(text)({"a": {"S": ""}}, {":b": {"S": ""}, ":c": {"S": ""}})
