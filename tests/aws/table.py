"""DynamoDB in memory: as much of it as the ledger uses, and a hundred times as quick as an emulator.

tests/ledger/test_memory.py holds it against DynamoDB Local. Items are kept as the wire has them and never changed in place, so that a
copy of everything costs next to nothing.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from tests.aws.expressions import condition, updated

Item = Mapping[str, dict[str, Any]]
# By partition and sort key.
Partitions = dict[str, dict[str, Item]]
Reply = dict[str, Any]

INDEXES = {"due": ("due_shard", "due_on"), "worklist": ("worklist", "since")}
KEYS_ONLY = {"due"}
# So many states before the last one can still be read, as indexes give them.
LAG_MAX = 4
# Of `query`: it answers with what was there before so many writes. No argument of DynamoDB's.
LAG = "Lag"
LIMITS = {"TransactItems": 100, "Keys": 100}


class Table:
    """One table. stream: the items that were new, in the order in which they came."""

    def __init__(self) -> None:
        self.partitions: Partitions = {}
        self.earlier: deque[Partitions] = deque(maxlen=LAG_MAX)
        self.stream: list[Item] = []

    def copy(self) -> "Table":
        other = Table()
        other.partitions, other.stream = dict(self.partitions), list(self.stream)
        other.earlier.extend(self.earlier)
        return other

    def get(self, key: Item) -> Item | None:
        return self.partitions.get(key["pk"]["S"], {}).get(key["sk"]["S"])

    def partition(self, pk: str, lag: int = 0) -> Iterable[Item]:
        return self._as_of(lag).get(pk, {}).values()

    def items(self, lag: int = 0) -> Iterator[Item]:
        """Every item, those of a partition in the order of their keys."""
        for partition in self._as_of(lag).values():
            yield from (partition[sk] for sk in sorted(partition))

    def _as_of(self, lag: int) -> Partitions:
        return self.earlier[-lag] if 0 < lag <= len(self.earlier) else self.partitions

    def write(self, changes: list[tuple[Item, Item | None]]) -> None:
        """Change items at once: each by its key, None in place of one that goes away."""
        before = dict(self.partitions)
        for key, item in changes:
            pk, sk = key["pk"]["S"], key["sk"]["S"]
            partition = self.partitions[pk] = dict(self.partitions.get(pk, {}))
            if item is None:
                partition.pop(sk, None)
                continue
            if sk not in partition:
                self.stream.append(item)
            partition[sk] = item
        self.earlier.append(before)


class DynamoDB:
    """The calls, by the names that the SDK's methods have."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}

    def copy(self) -> "DynamoDB":
        other = DynamoDB()
        other.tables = {name: table.copy() for name, table in self.tables.items()}
        return other

    def create_table(self, TableName: str, **_: Any) -> Reply:
        self.tables[TableName] = Table()
        return {}

    def delete_table(self, TableName: str) -> Reply:
        del self.tables[TableName]
        return {}

    def get_item(self, TableName: str, Key: Item, **_: Any) -> Reply:
        found = self._table(TableName, "GetItem").get(Key)
        return {"Item": found} if found else {}

    def batch_get_item(self, RequestItems: Mapping[str, Any]) -> Reply:
        found = {}
        for name, asked in RequestItems.items():
            _within_limit("BatchGetItem", "Keys", asked["Keys"])
            items = filter(None, map(self._table(name, "BatchGetItem").get, asked["Keys"]))
            found[name] = [_projected(item, asked.get("ProjectionExpression")) for item in items]
        return {"Responses": found, "UnprocessedKeys": {}}

    def put_item(self, **put: Any) -> Reply:
        return self._alone("PutItem", put, put["Item"], put["Item"])

    def delete_item(self, **delete: Any) -> Reply:
        return self._alone("DeleteItem", delete, delete["Key"], None)

    def update_item(self, **update: Any) -> Reply:
        table = self._table(update["TableName"], "UpdateItem")
        return self._alone("UpdateItem", update, update["Key"], _update(table, update))

    def batch_write_item(self, RequestItems: Mapping[str, Any]) -> Reply:
        for name, requests in RequestItems.items():
            puts = [request["PutRequest"]["Item"] for request in requests]
            self._table(name, "BatchWriteItem").write([(item, item) for item in puts])
        return {"UnprocessedItems": {}}

    def transact_write_items(self, TransactItems: list[Mapping[str, Any]]) -> Reply:
        _within_limit("TransactWriteItems", "TransactItems", TransactItems)
        changes, reasons = [], []
        for action in TransactItems:
            ((kind, given),) = action.items()
            table = self._table(given["TableName"], "TransactWriteItems")
            key = _key(given["Item"] if kind == "Put" else given["Key"])
            held = _holds(table.get(key), given)
            reasons.append({"Code": "None"} if held else {"Code": "ConditionalCheckFailed"})
            if held and kind != "ConditionCheck":
                changes.append((key, _update(table, given) if kind == "Update" else given.get("Item")))
        if any(reason["Code"] != "None" for reason in reasons):
            raise error("TransactWriteItems", "TransactionCanceledException", CancellationReasons=reasons)
        places = [(key["pk"]["S"], key["sk"]["S"]) for key, _ in changes]
        if len(set(places)) < len(places):
            raise error("TransactWriteItems", "ValidationException")
        table.write(changes)
        return {}

    def query(self, TableName: str, KeyConditionExpression: str, **options: Any) -> Reply:
        table, index = self._table(TableName, "Query"), options.get("IndexName")
        assert not (index and options.get("ConsistentRead"))
        holds, values = condition(KeyConditionExpression), options["ExpressionAttributeValues"]
        lag, own = options.get(LAG, 0), ("pk", "sk")
        items = table.items(lag) if index else table.partition(values[":pk"]["S"], lag)
        found = [item for item in items if holds(item, values)]
        order = (*INDEXES[index], *own) if index else own
        if index:
            found = [item for item in found if all(name in item for name in INDEXES[index])]
        reply = _page("Query", found, order, order[1:], options)
        if index in KEYS_ONLY:
            reply["Items"] = [{name: item[name] for name in order} for item in reply["Items"]]
        if options.get("Select") == "COUNT":
            del reply["Items"]
        return reply

    def scan(self, TableName: str, FilterExpression: str | None = None, **options: Any) -> Reply:
        reply = _page("Scan", list(self._table(TableName, "Scan").items()), ("pk", "sk"), ("pk", "sk"), options)
        if FilterExpression:
            holds, values = condition(FilterExpression), options.get("ExpressionAttributeValues", {})
            reply["Items"] = [item for item in reply["Items"] if holds(item, values)]
        return reply

    def _table(self, name: str, operation: str) -> Table:
        if name not in self.tables:
            raise error(operation, "ResourceNotFoundException")
        return self.tables[name]

    def _alone(self, operation: str, given: Mapping[str, Any], key: Item, after: Item | None) -> Reply:
        table = self._table(given["TableName"], operation)
        before = table.get(key)
        if not _holds(before, given):
            raise error(operation, "ConditionalCheckFailedException")
        table.write([(_key(key), after)])
        return {"Attributes": before} if before and given.get("ReturnValues") == "ALL_OLD" else {}


def error(operation: str, code: str, **further: Any) -> ClientError:
    """The error of a service, as the SDK raises it."""
    return ClientError({"Error": {"Code": code, "Message": "in memory"}, **further}, operation)  # type: ignore[arg-type]


def _key(item: Item) -> Item:
    return {"pk": item["pk"], "sk": item["sk"]}


def _holds(item: Item | None, given: Mapping[str, Any]) -> bool:
    text = given.get("ConditionExpression")
    return text is None or condition(text)(item or {}, given.get("ExpressionAttributeValues", {}))


def _update(table: Table, given: Mapping[str, Any]) -> Item:
    before = table.get(given["Key"]) or given["Key"]
    # In the ledger a name that stands for another is that name with the sign.
    assert all(f"#{name}" == sign for sign, name in given.get("ExpressionAttributeNames", {}).items())
    text = given["UpdateExpression"].replace("#", "")
    return updated(before, text, given.get("ExpressionAttributeValues", {}))


def _projected(item: Item, names: str | None) -> Item:
    return {name: item[name] for name in map(str.strip, names.split(",")) if name in item} if names else item


def _page(operation: str, found: list[Item], order: tuple[str, ...], by: tuple[str, ...], options: Any) -> Reply:
    """The items in order, from where the page before ended, and no more than are wanted."""
    place = _place(by)
    if operation == "Query":
        found.sort(key=place)
    if start := options.get("ExclusiveStartKey"):
        if operation == "Query":
            found = [item for item in found if place(item) > place(start)]
        else:
            found = found[1 + [_key(item) for item in found].index(start) :]
    limit = options.get("Limit", len(found) + 1)
    page = found[:limit]
    reply: Reply = {"Items": page, "Count": len(page)}
    if len(page) == limit:
        reply["LastEvaluatedKey"] = {name: page[-1][name] for name in order}
    return reply


def _place(names: tuple[str, ...]) -> Callable[[Item], tuple[str, ...]]:
    return lambda item: tuple(item[name]["S"] for name in names)


def _within_limit(operation: str, name: str, given: list[Any]) -> None:
    if len(given) > LIMITS[name]:
        raise error(operation, "ValidationException")
