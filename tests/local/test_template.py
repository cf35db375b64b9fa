"""What the template says and the code must agree with."""

import re

import pytest
import yaml
from api.routes import Who
from ledger import mail

from functions.administer import handler as administer
from functions.serve_holder import handler as serve_holder
from functions.serve_partner import handler as serve_partner
from functions.serve_provider import handler as serve_provider
from functions.submit_claim import handler as submit_claim
from local import artifact

HANDLERS = {
    "SubmitClaim": submit_claim,
    "ServeHolder": serve_holder,
    "ServeProvider": serve_provider,
    "ServePartner": serve_partner,
    "Administer": administer,
}


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


def test_what_sends_mail_is_there_only_where_mail_comes_from_somewhere(resources):
    conditional = {name for name, resource in resources.items() if resource.get("Condition") == "SendsMail"}
    assert conditional == {name for name in resources if "Reminder" in name}
    assert {name for name, one in resources.items() if one.get("Condition") == "HasSampleSubscriber"} == {
        name for name in resources if "SampleSubscriber" in name
    }


def test_a_queue_of_a_rule_takes_messages_from_that_rule_alone(resources):
    for policy in _of(resources, "AWS::SQS::QueuePolicy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Principal"] == {"Service": "events.amazonaws.com"}:
                (rule,) = statement["Condition"]["ArnEquals"].values()
                targets = resources[rule.removesuffix(".Arn")]["Properties"]["Targets"]
                named = {target["Arn"] for target in targets}
                named |= {target["DeadLetterConfig"]["Arn"] for target in targets if "DeadLetterConfig" in target}
                allowed = statement["Resource"]
                assert named == set(allowed if isinstance(allowed, list) else [allowed])


def test_mail_is_sent_from_the_given_address_alone(resources):
    (policy,) = resources["SendRemindersRole"]["Properties"]["Policies"]
    (send,) = [one for one in policy["PolicyDocument"]["Statement"] if one["Action"] == ["ses:SendEmail"]]
    assert send["Condition"] == {"StringEquals": {"ses:FromAddress": "MailFrom"}}


def test_a_lease_to_send_outlasts_the_function_and_ends_before_its_message_comes_again(resources):
    timeout = resources["SendReminders"]["Properties"]["Timeout"]
    hidden = resources["ReminderQueue"]["Properties"]["VisibilityTimeout"]
    assert timeout < mail.LEASE_SECONDS < hidden


def test_the_table_forgets_what_expires_and_nothing_else_has_that_attribute(resources):
    forgets = resources["Table"]["Properties"]["TimeToLiveSpecification"]
    assert forgets == {"AttributeName": "expires_at", "Enabled": True}
    sources = (artifact.ROOT / "layers/policy/src/ledger").glob("*.py")
    assert [path.name for path in sources if "expires_at" in path.read_text(encoding="utf-8")] == ["mail.py"]


def test_whatever_names_the_table_names_a_restored_one_in_its_place():
    text = (artifact.ROOT / "template.yaml").read_text(encoding="utf-8")
    naming = [line for line in text.splitlines() if re.search(r"Table\.(Stream)?Arn|!Ref Table\b", line)]
    assert [line for line in naming if "!If [Restored," not in line] == []
