"""What the template says and the code must agree with."""

import re

import pytest
import yaml
from api.routes import Who

from functions.administer import handler as administer
from functions.serve_holder import handler as serve_holder
from functions.submit_claim import handler as submit_claim
from local import artifact

HANDLERS = {"SubmitClaim": submit_claim, "ServeHolder": serve_holder, "Administer": administer}


class Loader(yaml.SafeLoader):
    """Reads `!Ref X` and the like as the text or list behind the tag."""


def _behind(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_mapping(node)


Loader.add_multi_constructor("!", _behind)


@pytest.fixture(scope="module")
def resources():
    text = (artifact.ROOT / "template.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader)["Resources"]  # noqa: S506 - a safe loader


def _of(resources, kind):
    return {name: resource["Properties"] for name, resource in resources.items() if resource["Type"] == kind}


def test_the_gateway_has_the_routes_of_the_handlers_and_no_others(resources):
    routes = {
        (route["RouteKey"], re.search(r"\{(\w+)Integration\}", route["Target"])[1], route["AuthorizationType"])
        for route in _of(resources, "AWS::ApiGatewayV2::Route").values()
    }
    handled = {
        (route.name, function, "NONE" if route.who is Who.ANYONE else "JWT")
        for function, module in HANDLERS.items()
        for route in module.ROUTES
    }
    assert routes == handled | {("$default", "ServeHolder", "JWT")}


def test_each_function_has_a_handler_and_a_role_of_its_own(resources):
    functions = _of(resources, "AWS::Serverless::Function")
    folders = {path.parent.name for path in (artifact.ROOT / "functions").glob("*/handler.py")}
    assert {function["Handler"] for function in functions.values()} == {
        f"functions.{folder}.handler.lambda_handler" for folder in folders
    }
    assert all(function["Role"] == f"{name}Role.Arn" for name, function in functions.items())


def test_a_message_stays_hidden_for_six_times_as_long_as_a_function_may_take(resources):
    queues = _of(resources, "AWS::SQS::Queue")
    for function in _of(resources, "AWS::Serverless::Function").values():
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS":
                queue = queues[event["Properties"]["Queue"].removesuffix(".Arn")]
                assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_what_is_kept_is_kept(resources):
    for name in ("Table", "Users", "Certificates"):
        resource = resources[name]
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")
    table = resources["Table"]["Properties"]
    assert table["DeletionProtectionEnabled"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]


def test_certificates_are_private_and_only_what_nobody_claimed_with_goes(resources):
    bucket = resources["Certificates"]["Properties"]
    assert list(bucket["PublicAccessBlockConfiguration"].values()) == [True] * 4
    expiring = [rule for rule in bucket["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in rule]
    assert [rule["Prefix"] for rule in expiring] == ["uploads/"]
    (refused,) = resources["CertificatesPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (refused["Effect"], refused["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    for role in _of(resources, "AWS::IAM::Role").values():
        statements = [one for policy in role.get("Policies", []) for one in policy["PolicyDocument"]["Statement"]]
        assert not [action for one in statements for action in one["Action"] if action.startswith("s3:Delete")]


def test_nobody_may_do_everything(resources):
    """Only tracing, which knows no narrower resource, is allowed on everything; no action is a service's every action."""
    policies = [
        *(policy["PolicyDocument"] for policy in _of(resources, "AWS::IAM::ManagedPolicy").values()),
        *(
            policy["PolicyDocument"]
            for role in _of(resources, "AWS::IAM::Role").values()
            for policy in role.get("Policies", [])
        ),
    ]
    statements = [statement for policy in policies for statement in policy["Statement"]]
    on_everything = {action for one in statements if one["Resource"] == "*" for action in one["Action"]}
    assert on_everything == {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
    assert not [action for one in statements for action in one["Action"] if action.endswith(":*")]
