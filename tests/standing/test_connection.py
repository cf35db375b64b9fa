import json
import os
from pathlib import Path
from typing import Any

import boto3
import pytest
from standing.__main__ import parser
from standing.connection import connect, place
from standing.errors import CommandError

DESCRIBED = {
    "api": "http://localhost:1/api",
    "aws_endpoint": "http://localhost:1",
    "region": "eu-west-1",
    "functions": {"validate_claim": "the-function"},
    "dead_letter_queue": "http://localhost:1/dead-letter",
    "table": "described",
    "users": {"holder": {"account": "ann@example.com"}},
}


@pytest.fixture
def _described() -> None:
    Path(".local").mkdir()
    Path(".local/stack.json").write_text(json.dumps(DESCRIBED))


def connected(*arguments: str) -> Any:
    """The session that a command gets."""
    connect(parser().parse_args(arguments))
    return boto3.DEFAULT_SESSION


@pytest.mark.usefixtures("_described")
def test_the_local_stack_is_the_default(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    session = connected("redrive")
    assert (place("table"), place("validate_claim"), place("dead_letter_queue")) == (
        "described",
        "the-function",
        "http://localhost:1/dead-letter",
    )
    assert (os.environ["AWS_ENDPOINT_URL"], session.region_name) == ("http://localhost:1", "eu-west-1")
    assert session.get_credentials().access_key == session.get_credentials().secret_key == "test"
    assert capsys.readouterr().err == "standing: on the local stack of .local/stack.json\n"


@pytest.mark.usefixtures("_described")
@pytest.mark.parametrize("before", [True, False], ids=["before the command", "after it"])
def test_an_option_leads_away_from_it(before: bool) -> None:
    option = ("--table", "given")
    session = connected(*option, "check") if before else connected("check", *option)
    assert place("table") == "given"
    assert "AWS_ENDPOINT_URL" not in os.environ
    assert session.get_credentials().access_key == "testing"


@pytest.mark.usefixtures("_described")
def test_the_environment_leads_away_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "of the environment")
    connected("check")
    assert place("table") == "of the environment"
    assert "AWS_ENDPOINT_URL" not in os.environ


def test_an_option_comes_before_a_stack_file_and_that_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("stack.json").write_text(json.dumps(DESCRIBED))
    for variable in ("TABLE_NAME", "VALIDATE_CLAIM_FUNCTION"):
        monkeypatch.setenv(variable, "of the environment")
    session = connected("redrive", "--stack-file", "stack.json", "--table", "given", "--region", "us-west-2")
    assert (place("table"), place("validate_claim")) == ("given", "the-function")
    assert session.region_name == "us-west-2"


def test_a_profile_comes_before_keys_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("config").write_text(
        "[profile ops]\nregion = eu-north-1\naws_access_key_id = of\naws_secret_access_key = ops\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", "config")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    session = connected("check", "--table", "given", "--profile", "ops")
    assert (session.region_name, session.get_credentials().access_key) == ("eu-north-1", "of")


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("check", "--table: the name of the table is not known; give it, or TABLE_NAME, or --stack-file"),
        ("redrive", "--validate-claim: the name of the function that takes providers' messages is not known"),
        ("dead-letters", "--dead-letter-queue: the URL of the dead-letter queue is not known"),
    ],
)
def test_what_a_command_needs_must_be_said(command: str, missing: str) -> None:
    with pytest.raises(CommandError, match=missing):
        connected(command)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "--stack-file: stack.json: No such file or directory; `make run` writes it while it is up"),
        ("{", "--stack-file: stack.json: not JSON: "),
        ("[]", r"--stack-file: stack.json: must be an object with table, functions, ..., not \[\]"),
        ('{"table": 1}', "--table: the name of the table is not known"),
    ],
)
def test_a_stack_file_that_describes_none_is_refused(content: str | None, told: str) -> None:
    if content is not None:
        Path("stack.json").write_text(content)
    with pytest.raises(CommandError, match=told):
        connected("check", "--stack-file", "stack.json")


@pytest.mark.parametrize("command", ["check", "show", "redrive"])
def test_a_profile_that_is_none_is_bad_input(run: Any, command: str) -> None:
    arguments = {"show": ("ann",), "redrive": ("--validate-claim", "v", "--dead-letter-queue", "d")}.get(command, ())
    refused = run(command, *arguments, "--table", "t", "--profile", "nobody")
    assert refused.status == 2
    assert "The config profile (nobody) could not be found" in refused.err
