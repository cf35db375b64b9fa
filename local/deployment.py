"""Deploys a build through CloudFormation, as it would be deployed to AWS."""

import time
from pathlib import Path
from typing import Any

import yaml

from .cloud import Cloud
from .steps import Failed

STACK = "standing"
BUCKET = "artifacts"
TEMPLATE = "template.yaml"
DEPLOY_SECONDS = 120
CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}

WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def deploy(cloud: Cloud, build: Path, parameters: dict[str, str] | None = None) -> dict[str, str]:
    """The outputs of the deployed stack."""
    cloud.client("s3").create_bucket(Bucket=BUCKET)
    template = yaml.safe_load((build / "template.yaml").read_text())
    _allow_plain_http(template["Resources"])
    _leave_out_sums(template["Resources"])
    for name, resource in template["Resources"].items():
        if resource["Type"] in CODE:
            key = f"{name}.zip"
            cloud.client("s3").put_object(Bucket=BUCKET, Key=key, Body=(build / key).read_bytes())
            resource["Properties"][CODE[resource["Type"]]] = f"s3://{BUCKET}/{key}"
    # Larger than CloudFormation takes with the call, as `sam deploy` sends it.
    cloud.client("s3").put_object(Bucket=BUCKET, Key=TEMPLATE, Body=yaml.safe_dump(template).encode())
    formation = cloud.client("cloudformation")
    formation.create_stack(
        StackName=STACK,
        TemplateURL=f"{cloud.endpoint}/{BUCKET}/{TEMPLATE}",
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in (parameters or {}).items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    return _outputs(formation)


def _allow_plain_http(resources: dict[str, Any]) -> None:
    """The local cloud has no TLS: a statement that denies whatever comes without would deny everything."""
    for name, resource in list(resources.items()):
        if resource["Type"] == "AWS::S3::BucketPolicy":
            document = resource["Properties"]["PolicyDocument"]
            document["Statement"] = [one for one in document["Statement"] if one.get("Condition") != WITHOUT_TLS]
            if not document["Statement"]:
                del resources[name]


def _leave_out_sums(resources: dict[str, Any]) -> None:
    """The local cloud refuses alarms over several metrics; none of its alarms ever rings."""
    for name, resource in list(resources.items()):
        if resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]:
            del resources[name]


def _outputs(formation: Any) -> dict[str, str]:
    deadline = time.monotonic() + DEPLOY_SECONDS
    while time.monotonic() < deadline:
        stack = formation.describe_stacks(StackName=STACK)["Stacks"][0]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        if stack["StackStatus"] != "CREATE_IN_PROGRESS":
            break
        time.sleep(0.1)
    events = formation.describe_stack_events(StackName=STACK)["StackEvents"]
    reasons = [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
        for event in events
        if event["ResourceStatus"].endswith("FAILED")
    ]
    raise Failed("the stack was not created\n" + "\n".join(reasons), "The reasons name the resources of template.yaml.")
