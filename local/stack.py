"""A deployed stack: what the reader and other programs are told of it."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import artifact, cloud, deployment, people, portal
from .steps import step

MAIL_FROM = "reminders@standing.example"
DESCRIPTION = artifact.ROOT / ".local" / "stack.json"


@dataclass(frozen=True)
class Stack:
    """`description` is what .local/stack.json says; `cloud` is where it runs; `outputs` are those of the template."""

    description: dict[str, Any]
    cloud: cloud.Cloud
    outputs: dict[str, str]

    def client(self, service: str) -> Any:
        """The boto3 client of a service of the cloud that this stack runs in."""
        return self.cloud.client(service)


@contextmanager
def running(*, enforce_iam: bool = False, parameters: dict[str, str] | None = None) -> Iterator[Stack]:
    """A stack freshly built, deployed, with its people signed in. It ends, and is forgotten, with the block."""
    with step("build the functions"):
        built = artifact.build()
    with ExitStack() as until_the_end:
        with step("start the local cloud"):
            home = until_the_end.enter_context(cloud.running(enforce_iam=enforce_iam))
            home.client("sesv2").create_email_identity(EmailIdentity=MAIL_FROM)
        with step("deploy the template"):
            outputs = deployment.deploy(home, built, {"MailFrom": MAIL_FROM, **(parameters or {})})
        with step("sign in three holders, an operator, a provider, and three who look after partners"):
            users = people.sign_in(home, outputs["UserPool"], outputs["UserPoolClient"])
        description = _describe(home, outputs, users)
        with step("publish the portal"):
            description["portal"] = until_the_end.enter_context(portal.running(home, outputs, description["api"]))
        yield Stack(description, home, outputs)


def write(stack: Stack, path: Path = DESCRIPTION) -> None:
    path.write_text(json.dumps(stack.description, indent=2) + "\n")


def _describe(home: cloud.Cloud, outputs: dict[str, str], users: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "api": f"{home.endpoint}/_aws/execute-api/{outputs['ApiId']}/$default",
        "aws_endpoint": home.endpoint,
        "region": cloud.REGION,
        "stack": deployment.STACK,
        "queue": outputs["ProviderQueueUrl"],
        "dead_letter_queue": outputs["DeadLetterQueueUrl"],
        "table": outputs["TableName"],
        "bus": outputs["BusName"],
        "certificates_bucket": outputs["CertificatesBucket"],
        # Without an address that mail comes from, nothing sends any.
        "functions": {folder: outputs[_logical_id(folder)] for folder in _folders() if _logical_id(folder) in outputs},
        "users": users,
    }


def _folders() -> list[str]:
    return sorted(path.parent.name for path in (artifact.ROOT / "functions").glob("*/handler.py"))


def _logical_id(folder: str) -> str:
    """submit_claim is SubmitClaim in the template."""
    return re.sub(r"(?:^|_)([a-z])", lambda match: match[1].upper(), folder)
