"""What each function's role allows, as the template says, and whether that covers a call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from tests import template


@dataclass(frozen=True)
class Permission:
    """An action on a resource; keys: patterns of the partitions of a table for which it holds, all where there are none.

    policy, statement, number: where it stands: the policy's name, its statement and the statement's resource, from 0.
    """

    action: str
    resource: str
    keys: tuple[str, ...]
    policy: str
    statement: int
    number: int

    def covers(self, action: str, resource: str, keys: Sequence[str]) -> bool:
        return (
            fnmatchcase(action, self.action)
            and fnmatchcase(resource, self.resource)
            and all(not self.keys or any(fnmatchcase(key, pattern) for pattern in self.keys) for key in keys)
        )

    def __str__(self) -> str:
        return f"{self.policy}: {self.action} on {self.resource}"


@cache
def functions() -> dict[str, str]:
    """The name in the template of each function, by its folder."""
    found = template.of_type("AWS::Serverless::Function")
    return {function["Handler"].split(".")[1]: name for name, function in found.items()}


@cache
def permissions(function: str) -> tuple[Permission, ...]:
    """What the role of a function, named as in the template, allows."""
    role = template.resources()[f"{function}Role"]["Properties"]
    documents = {name["Ref"]: _managed(name["Ref"]) for name in role["ManagedPolicyArns"]}
    documents |= {policy["PolicyName"]: policy["PolicyDocument"] for policy in role["Policies"]}
    return tuple(each for name, document in documents.items() for each in _of(name, template.resolved(document)))


def _managed(name: str) -> Any:
    return template.resources()[name]["Properties"]["PolicyDocument"]


def _of(policy: str, document: dict[str, Any]) -> Iterator[Permission]:
    for number, statement in enumerate(document["Statement"]):
        assert statement["Effect"] == "Allow"
        where = statement["Resource"]
        keys = _leading_keys(statement.get("Condition", {}))
        for place, resource in enumerate(where if isinstance(where, list) else [where]):
            for action in statement["Action"]:
                yield Permission(action, resource, keys, policy, number, place)


def _leading_keys(condition: dict[str, Any]) -> tuple[str, ...]:
    return tuple(key for kind in condition.values() for key in kind.get("dynamodb:LeadingKeys", ()))


def of_lambda(function: str, permission: Permission) -> bool:
    """Whether a permission is for what Lambda itself does in a function's name."""
    return (permission.action, permission.resource) in _of_lambda(function)


@cache
def _of_lambda(function: str) -> set[tuple[str, str]]:
    """Logs and traces written, the queues and the stream of its events read, what fails of the latter put aside."""
    needed = {(action, "Logs.Arn") for action in ("logs:CreateLogStream", "logs:PutLogEvents")}
    needed |= {(action, "*") for action in ("xray:PutTraceSegments", "xray:PutTelemetryRecords")}
    for event in template.resources()[function]["Properties"].get("Events", {}).values():
        source = template.resolved(event["Properties"])
        if event["Type"] == "SQS":
            actions = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
            needed |= {(f"sqs:{action}", source["Queue"]) for action in actions}
        if event["Type"] == "DynamoDB":
            actions = ("DescribeStream", "GetRecords", "GetShardIterator")
            needed |= {(f"dynamodb:{action}", source["Stream"]) for action in actions}
            needed.add(("dynamodb:ListStreams", source["Stream"].replace(".StreamArn", ".Arn/stream/*")))
            needed.add(("sqs:SendMessage", source["DestinationConfig"]["OnFailure"]["Destination"]))
    return needed
