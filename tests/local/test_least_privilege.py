"""Each action that a role allows is taken away, on the deployed stack under enforced IAM: some use of its function fails.

`make least-privilege` does so, which takes minutes. The suite compares what is allowed with what is called instead
(tests/privileges/test_needed.py).
"""

import json
import os
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from local.stack import Stack
from tests.conftest import reaching_ledger
from tests.local.test_certificates import upload
from tests.privileges.roles import Permission, functions, of_lambda, permissions
from tests.privileges.uses import PDF, USES, Place, furnish

pytestmark = pytest.mark.skipif("LEAST_PRIVILEGE" not in os.environ, reason="make least-privilege")
# The local cloud tells also those who may not list a bucket what is not there.
NOT_HERE = {"s3:ListBucket"}
TRIALS = [
    pytest.param(function, permission, id=f"{function}: {permission}")
    for function in functions().values()
    for permission in permissions(function)
    if not of_lambda(function, permission) and permission.action not in NOT_HERE
]


@pytest.fixture(scope="module")
def place(stack: Stack) -> Iterator[Place]:
    """The deployed stack, whose functions are invoked as the gateway and the queues do."""

    def invoke(function: str, event: Mapping[str, Any]) -> Any:
        reply = stack.client("lambda").invoke(FunctionName=stack.outputs[function], Payload=json.dumps(event).encode())
        answer = json.load(reply["Payload"])
        assert "FunctionError" not in reply, answer
        return answer

    @contextmanager
    def mail_fails() -> Iterator[None]:
        role, iam = _role_of(stack, "SendReminders"), stack.client("iam")
        deny = {"Effect": "Deny", "Action": "ses:SendEmail", "Resource": "*"}
        iam.put_role_policy(RoleName=role, PolicyName="no-mail", PolicyDocument=_document([deny]))
        try:
            yield
        finally:
            iam.delete_role_policy(RoleName=role, PolicyName="no-mail")

    with reaching_ledger(stack):
        furnish()
        store = (stack.client("s3"), stack.description["certificates_bucket"])
        yield Place(invoke, store, mail_fails, _follow)


def _follow(signed: Any) -> None:
    if isinstance(signed, dict):
        assert upload(signed, PDF) == (204, None)
    else:
        urllib.request.urlopen(signed, timeout=30).close()


@pytest.mark.parametrize("function", USES)
def test_with_all_that_a_role_allows_every_use_of_its_function_succeeds(function: str, place: Place) -> None:
    for do in USES[function].values():
        do(place)


@pytest.mark.parametrize(("function", "permission"), TRIALS)
def test_without_an_action_some_use_fails(stack: Stack, place: Place, function: str, permission: Permission) -> None:
    failed = []
    with _without(stack, function, permission):
        for what, do in USES[function].items():
            try:
                do(place)
            except (AssertionError, OSError):
                failed.append(what)
                break
    assert failed


@contextmanager
def _without(stack: Stack, function: str, permission: Permission) -> Iterator[None]:
    """In the block a role lacks an action on a resource, in whichever of its policies it stands.

    The local cloud knows nothing of partitions: there a statement about some of a table's allows what one about others does.
    """
    iam, role = stack.client("iam"), _role_of(stack, function)
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    managed = {policy["PolicyArn"]: _managed(iam, policy["PolicyArn"]) for policy in attached}
    inline = {name: _inline(iam, role, name) for name in iam.list_role_policies(RoleName=role)["PolicyNames"]}
    whole = [*inline.items(), *managed.items()]
    (statements,) = (each for name, each in whole if name == permission.policy or f"-{permission.policy}-" in name)
    resource = _listed(statements[permission.statement]["Resource"])[permission.number]
    left = [part for _, each in whole for one in each for part in _all_but(one, permission.action, resource)]
    for arn in managed:
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    for name in inline:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    iam.put_role_policy(RoleName=role, PolicyName="left", PolicyDocument=_document(left))
    try:
        yield
    finally:
        for arn in managed:
            iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        for name, each in inline.items():
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=_document(each))
        iam.delete_role_policy(RoleName=role, PolicyName="left")


def _inline(iam: Any, role: str, name: str) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"][
        "Statement"
    ]
    return statements


def _managed(iam: Any, arn: str) -> list[dict[str, Any]]:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    statements: list[dict[str, Any]] = document["Statement"]
    return statements


def _all_but(statement: dict[str, Any], action: str, resource: str) -> Iterator[dict[str, Any]]:
    """What is left of a statement without an action on a resource, or on everything."""
    actions, resources = _listed(statement["Action"]), _listed(statement["Resource"])
    if action not in actions or not {resource, "*"} & {*resources}:
        yield statement
        return
    others = [one for one in actions if one != action]
    elsewhere = [one for one in resources if one not in (resource, "*")]
    yield from [{**statement, "Action": others}] if others else []
    yield from [{**statement, "Action": [action], "Resource": elsewhere}] if elsewhere else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _document(statements: list[dict[str, Any]]) -> str:
    # A policy says something; what is allowed here nobody needs.
    nothing = {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": statements or [nothing]})


def _role_of(stack: Stack, function: str) -> str:
    name = stack.outputs[function]
    role: str = stack.client("lambda").get_function_configuration(FunctionName=name)["Role"]
    return role.rpartition("/")[2]
