"""Calls to DynamoDB: the only place that makes them, and that knows which of its errors pass."""

import os
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Generic, TypeVar

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BrokenConnection

from ledger import direct
from ledger.errors import Busy, Contended
from ledger.keys import Key
from ledger.values import encode, item, plain

T = TypeVar("T")

TRANSACTION_ITEMS_MAX = 100
BATCH_ITEMS_MAX = 100
BATCH_WRITES_MAX = 25
BATCH_ATTEMPTS = 5
BATCH_PAUSE_SECONDS = 0.2

sleep = time.sleep

# Reasons for which a transaction is cancelled and which fresh state, or a moment, can cure.
_PASSING = {"None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of what was asked for, and a JSON-able cursor with which to ask for the rest (None: there is none)."""

    items: list[T]
    cursor: dict[str, str] | None


@cache
def client() -> Any:
    """One client per process, which itself tries again what was throttled or broken off.

    Timeouts are far below those of a function, so that a lost packet costs a retry and not the invocation.
    """
    if direct.serves("dynamodb"):
        return direct.Client("dynamodb")
    import boto3
    from botocore.config import Config

    retries = {"mode": "standard", "total_max_attempts": 4}
    return boto3.client("dynamodb", config=Config(retries=retries, connect_timeout=2, read_timeout=4))


def name() -> str:
    """The table of the environment, read when it is needed."""
    return os.environ["TABLE_NAME"]


def get(key: Key) -> dict[str, Any] | None:
    """One item, as it is after every write so far; None if there is none."""
    reply = _call("get_item", TableName=name(), Key=item(key), ConsistentRead=True)
    return plain(reply["Item"]) if "Item" in reply else None


def get_many(keys: Sequence[Key], attributes: str | None = None) -> Iterator[dict[str, Any]]:
    """Those of some items that there are, or attributes of them, as they are after every write so far, in any order.

    Raises Busy where the table leaves out some each time it is asked.
    """
    left = [item(key) for key in keys]
    projection = {"ProjectionExpression": attributes} if attributes else {}
    for attempt in range(BATCH_ATTEMPTS):
        sleep(random.uniform(0, BATCH_PAUSE_SECONDS) if attempt else 0)  # noqa: S311 - no secret
        now, left = left, []
        for start in range(0, len(now), BATCH_ITEMS_MAX):
            part = now[start : start + BATCH_ITEMS_MAX]
            asked = {"Keys": part, **projection, "ConsistentRead": True}
            reply = _call("batch_get_item", RequestItems={name(): asked})
            yield from (plain(found) for found in reply["Responses"].get(name(), ()))
            left += reply.get("UnprocessedKeys", {}).get(name(), {}).get("Keys", [])
        if not left:
            return
    raise Busy(f"batch_get_item: {len(left)} keys left out")


def put(values: Mapping[str, Any]) -> bool:
    """Write one item that no rule rests on; whether it is new."""
    return "Attributes" not in _call("put_item", TableName=name(), Item=item(values), ReturnValues="ALL_OLD")


def delete(key: Key) -> dict[str, Any] | None:
    """Delete one item that no rule rests on; gives it, if there was one."""
    reply = _call("delete_item", TableName=name(), Key=item(key), ReturnValues="ALL_OLD")
    return plain(reply["Attributes"]) if "Attributes" in reply else None


def query(
    condition: str, named: Mapping[str, Any], cursor: Mapping[str, str] | None = None, **options: Any
) -> Page[dict[str, Any]]:
    """One page of a Query: items as plain dicts; each value is named in the condition as :name."""
    if cursor:
        options["ExclusiveStartKey"] = item(cursor)
    values = {f":{name}": encode(value) for name, value in named.items()}
    arguments = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, **options}
    reply = _call("query", TableName=name(), **arguments)
    last = reply.get("LastEvaluatedKey")
    return Page([plain(found) for found in reply["Items"]], plain(last) if last else None)


def count(condition: str, named: Mapping[str, Any], **options: Any) -> int:
    """How many items a Query finds, all its pages."""
    values = {f":{name}": encode(value) for name, value in named.items()}
    arguments = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, "Select": "COUNT", **options}
    number = 0
    start: dict[str, Any] = {}
    while True:
        reply = _call("query", TableName=name(), **arguments, **start)
        number += reply["Count"]
        if "LastEvaluatedKey" not in reply:
            return number
        start = {"ExclusiveStartKey": reply["LastEvaluatedKey"]}


def query_all(condition: str, named: Mapping[str, Any], **options: Any) -> Iterator[dict[str, Any]]:
    """All pages of a Query."""
    cursor = None
    while True:
        page = query(condition, named, cursor, **options)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return


def partition(pk: str, **options: Any) -> Iterator[dict[str, Any]]:
    """All items of a partition, in the order of their keys."""
    return query_all("pk = :pk", {"pk": pk}, **options)


def scan(only: str | None = None, **named: Any) -> Iterator[dict[str, Any]]:
    """Every item, a partition's items one after the other; only: a condition, each value named in it as :name."""
    options: dict[str, Any] = {"FilterExpression": only} if only else {}
    if named:
        options["ExpressionAttributeValues"] = {f":{name}": encode(value) for name, value in named.items()}
    return map(plain, raw_items(**options))


def raw_items(**options: Any) -> Iterator[dict[str, Any]]:
    """Every item as DynamoDB gives it, in the same order."""
    start: dict[str, Any] = {}
    while True:
        reply = _call("scan", TableName=name(), ConsistentRead=True, **options, **start)
        yield from reply["Items"]
        if "LastEvaluatedKey" not in reply:
            return
        start = {"ExclusiveStartKey": reply["LastEvaluatedKey"]}


def put_raw_items(items: Iterable[Mapping[str, Any]]) -> None:
    """Write items as DynamoDB takes them, in place of whatever is there. Raises Busy, and some are written then."""
    for part in _batched(items, BATCH_WRITES_MAX):
        left = [{"PutRequest": {"Item": item}} for item in part]
        for attempt in range(BATCH_ATTEMPTS):
            sleep(random.uniform(0, BATCH_PAUSE_SECONDS * 2**attempt) if attempt else 0)  # noqa: S311 - no secret
            reply = _call("batch_write_item", RequestItems={name(): left})
            left = reply.get("UnprocessedItems", {}).get(name(), [])
            if not left:
                break
        else:
            raise Busy(f"batch_write_item: {len(left)} items left out")


def _batched(items: Iterable[T], number: int) -> Iterator[list[T]]:
    remaining = iter(items)
    while part := list(islice(remaining, number)):
        yield part


def transact(actions: Sequence[Mapping[str, Any]]) -> None:
    """All of the actions or none.

    Raises Contended where another commit came first, or where it is not known whether this one took effect.
    """
    try:
        _call("transact_write_items", TransactItems=list(actions))
    except ClientError as error:
        reasons = {reason.get("Code", "None") for reason in error.response.get("CancellationReasons", ())}
        code = error.response["Error"]["Code"]
        if code == "TransactionInProgressException" or (code == "TransactionCanceledException" and reasons <= _PASSING):
            raise Contended(f"{code}: {sorted(reasons - {'None'})}") from error
        raise
    except Busy as error:
        raise Contended(str(error)) from error


def change(action: Mapping[str, Any]) -> bool:
    """Do one action by itself; whether its condition held."""
    ((kind, arguments),) = action.items()
    try:
        _call(f"{kind.lower()}_item", **arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise
    return True


def put_action(values: Mapping[str, Any], condition: str | None = None, **named: Any) -> dict[str, Any]:
    """Write an item as part of a transaction, on a condition over its present state."""
    return {"Put": {"TableName": name(), "Item": item(values), **_condition(condition, named)}}


def delete_action(key: Key, condition: str, **named: Any) -> dict[str, Any]:
    return {"Delete": {"TableName": name(), "Key": item(key), **_condition(condition, named)}}


def check_action(key: Key, condition: str, **named: Any) -> dict[str, Any]:
    """Nothing but a condition."""
    return {"ConditionCheck": {"TableName": name(), "Key": item(key), **_condition(condition, named)}}


def update_action(key: Key, update: str, condition: str | None = None, **named: Any) -> dict[str, Any]:
    action = {"TableName": name(), "Key": item(key), "UpdateExpression": update, **_condition(condition, named)}
    return {"Update": action}


def _condition(condition: str | None, named: Mapping[str, Any]) -> dict[str, Any]:
    """A condition, if there is one, with the values that it and an update name as :name."""
    values = {f":{name}": encode(value) for name, value in named.items()}
    given = {"ConditionExpression": condition, "ExpressionAttributeValues": values}
    return {name: value for name, value in given.items() if value}


def _call(operation: str, **arguments: Any) -> dict[str, Any]:
    try:
        return getattr(client(), operation)(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in direct.MOMENTARY:
            raise Busy(f"{operation}: {error}") from error
        raise
    except (BrokenConnection, HTTPClientError) as error:
        raise Busy(f"{operation}: {error}") from error
