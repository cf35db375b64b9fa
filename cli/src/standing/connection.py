"""Where a command connects: by options, by the environment, or to the local stack that describes itself in a file."""

import json
import os
from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import boto3

from standing.errors import CommandError
from standing.output import complain

STACK_FILE = Path(".local/stack.json")
# By the name of the option: the variable in its place, the key in a stack file, and what it says.
PLACES = {
    "table": ("TABLE_NAME", "table", "name of the table"),
    "validate_claim": (
        "VALIDATE_CLAIM_FUNCTION",
        "validate_claim",
        "name of the function that takes providers' messages",
    ),
    "dead_letter_queue": ("DEAD_LETTER_QUEUE_URL", "dead_letter_queue", "URL of the dead-letter queue"),
    "certificates_bucket": (
        "CERTIFICATES_BUCKET",
        "certificates_bucket",
        "name of the bucket of certificates of completion",
    ),
    "stack": ("STACK_NAME", "stack", "name of the CloudFormation stack"),
    "endpoint_url": ("AWS_ENDPOINT_URL", "aws_endpoint", "another place than AWS"),
}
DESCRIPTION = f"""\
Each option comes before its variable. Where none of them is given, nor --region or --profile, and {STACK_FILE}
exists, the command goes to the local stack which that file describes."""


def options() -> ArgumentParser:
    """A parser to build others on; what is not given is not in the result."""
    parser = ArgumentParser(add_help=False, argument_default=SUPPRESS, allow_abbrev=False)
    group = parser.add_argument_group("where to connect", DESCRIPTION)
    for name, (variable, _, help_) in PLACES.items():
        group.add_argument(_option(name), metavar="URL" if "URL" in variable else "NAME", help=f"{help_} ({variable})")
    group.add_argument("--region", help="as AWS tools take it")
    group.add_argument("--profile", help="as AWS tools take it")
    group.add_argument("--stack-file", type=Path, metavar="FILE", help="the description of a local stack (JSON)")
    return parser


def connect(given: Namespace) -> None:
    """Let the ledger and the queue's client find what a command needs; CommandError where that is not said."""
    values = vars(given)
    described = _described(values)
    for name, (variable, key, _) in PLACES.items():
        if place := values.get(name) or described.get(key):
            os.environ[variable] = place
    session = {"profile_name": values.get("profile"), "region_name": values.get("region") or described.get("region")}
    if described and not values.get("profile"):
        # What a local stack takes; the operator's own keys are not for it.
        os.environ.pop("AWS_PROFILE", None)
        session |= {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    for name in given.needs:
        variable, _, help_ = PLACES[name]
        if not os.environ.get(variable):
            raise CommandError(f"{_option(name)}: the {help_} is not known; give it, or {variable}, or --stack-file")
    boto3.setup_default_session(**session)


def place(name: str) -> str:
    """The queue or table that a command was connected to."""
    return os.environ[PLACES[name][0]]


def _described(values: dict[str, Any]) -> dict[str, str]:
    """What a stack file says, if one is to be followed."""
    path = values.get("stack_file")
    if path is None:
        said = any(values.get(name) for name in (*PLACES, "region", "profile"))
        if said or any(os.environ.get(variable) for variable, _, _ in PLACES.values()) or not STACK_FILE.exists():
            return {}
        path = STACK_FILE
        complain(f"on the local stack of {path}")
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"--stack-file: {path}: {error.strerror}; `make run` writes it while it is up") from None
    except ValueError as error:
        raise CommandError(f"--stack-file: {path}: not JSON: {error}") from None
    if not isinstance(described, dict):
        raise CommandError(f"--stack-file: {path}: must be an object with table, functions, ..., not {described!r}")
    functions = described.get("functions")
    places = {**described, **(functions if isinstance(functions, dict) else {})}
    return {key: value for key, value in places.items() if isinstance(value, str)}


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")
