"""What functions call of AWS, seen where botocore does it, and whether their roles allow it."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from botocore.client import BaseClient
from botocore.exceptions import ClientError
from botocore.signers import RequestSigner, S3PostPresigner

from tests import template
from tests.privileges.roles import Permission, functions, permissions

# The action that a call of another name needs.
ACTIONS = {
    "SendMessageBatch": "SendMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "HeadObject": "GetObject",
}
Need = tuple[str, str, tuple[str, ...]]
Used = set[tuple[str, Permission]]


@contextmanager
def enforced(used: Used | None = None) -> Iterator[None]:
    """In the block a function's call fails as AWS lets it, unless the function's role allows it.

    used: takes up each permission without which a call would have failed, with its function.
    """
    real_call, real_post, real_url = (
        BaseClient._make_api_call,
        S3PostPresigner.generate_presigned_post,
        RequestSigner.generate_presigned_url,
    )

    def call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        _check(operation, _needs(operation, arguments), used)
        try:
            return real_call(client, operation, arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                # Whoever may not list a bucket is not told what is not there.
                _check(operation, [("s3:ListBucket", "Certificates.Arn", ())], used)
            raise

    # Whoever has what was signed can do with it what its signer may.
    def sign_form(signer: Any, *, fields: dict[str, Any], **named: Any) -> Any:
        _check("PutObject", [("s3:PutObject", f"Certificates.Arn/{fields['key']}", ())], used)
        return real_post(signer, fields=fields, **named)

    def sign_link(signer: Any, *, request_dict: dict[str, Any], operation_name: str, **named: Any) -> Any:
        key = urlsplit(request_dict["url"]).path.lstrip("/").removeprefix(f"{os.environ['CERTIFICATES_BUCKET']}/")
        _check(operation_name, [(f"s3:{operation_name}", f"Certificates.Arn/{key}", ())], used)
        return real_url(signer, request_dict=request_dict, operation_name=operation_name, **named)

    with ExitStack() as patches:
        patches.enter_context(patch.object(BaseClient, "_make_api_call", call))
        patches.enter_context(patch.object(S3PostPresigner, "generate_presigned_post", sign_form))
        patches.enter_context(patch.object(RequestSigner, "generate_presigned_url", sign_link))
        yield


def _check(operation: str, needs: Callable[[str], Iterator[Need]] | list[Need], used: Used | None) -> None:
    function = _calling()
    if function is None:
        return
    for need in needs if isinstance(needs, list) else needs(function):
        allowing = [permission for permission in permissions(function) if permission.covers(*need)]
        if not allowing:
            message = f"{function} is not authorized to perform {need[0]} on {need[1]} {need[2]}"
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, operation)
        if used is not None and len(allowing) == 1:
            used.add((function, allowing[0]))


def _calling() -> str | None:
    """The function, named as in the template, whose code is running; None where a test itself calls."""
    frame: Any = sys._getframe(3)
    while frame:
        package, _, rest = frame.f_globals.get("__name__", "").partition(".")
        if package == "tests":
            return None
        if package == "functions":
            return functions()[rest.partition(".")[0]]
        frame = frame.f_back
    return None


def _needs(operation: str, arguments: dict[str, Any]) -> Callable[[str], Iterator[Need]]:
    return lambda function: _of_call(function, operation, arguments)


def _of_call(function: str, operation: str, arguments: dict[str, Any]) -> Iterator[Need]:
    """(action, resource, partitions) of each permission that a call needs."""
    action = ACTIONS.get(operation, operation)
    match arguments:
        case {"TransactItems": items}:
            for item in items:
                ((kind, what),) = item.items()
                yield f"dynamodb:{kind.removesuffix('Item')}Item", "Table.Arn", _partitions(what)
        case {"RequestItems": tables}:
            (asked,) = tables.values()
            yield f"dynamodb:{action}", "Table.Arn", tuple(key["pk"]["S"] for key in asked["Keys"])
        case {"IndexName": index}:
            yield f"dynamodb:{action}", f"Table.Arn/index/{index}", ()
        case {"TableName": _, "KeyConditionExpression": _}:
            yield f"dynamodb:{action}", "Table.Arn", (arguments["ExpressionAttributeValues"][":pk"]["S"],)
        case {"TableName": _}:
            yield f"dynamodb:{action}", "Table.Arn", _partitions(arguments)
        case {"CopySource": {"Key": source}, "Key": key}:
            yield "s3:GetObject", f"Certificates.Arn/{source}", ()
            yield "s3:PutObject", f"Certificates.Arn/{key}", ()
        case {"Bucket": _, "Key": key}:
            yield f"s3:{action}", f"Certificates.Arn/{key}", ()
        case {"QueueUrl": url}:
            yield f"sqs:{action}", _queue(function, url), ()
        case {"FromEmailAddress": _}:
            yield f"ses:{action}", "arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:identity/any", ()
        case {"Entries": [{"EventBusName": _}, *_]}:
            yield f"events:{action}", "Bus.Arn", ()
        case _:
            raise AssertionError(f"{function} calls {operation}, of which nobody knows what it needs")


def _partitions(item: dict[str, Any]) -> tuple[str, ...]:
    return (item.get("Key", item.get("Item"))["pk"]["S"],)


def _queue(function: str, url: str) -> str:
    """The queue that a function is told of by the variable that holds a URL."""
    variables = template.resources()[function]["Properties"]["Environment"]["Variables"]
    known = {name: template.resolved(value) for name, value in variables.items()}
    return next((f"{name}.Arn" for variable, name in known.items() if os.environ.get(variable) == url), url)
