"""docs/clients.md: what it shows is run, in its order, and answered as it says."""

import json
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ledger
import pytest
from policy import facts
from policy.partners import facts as learning

from local import people
from tests.conftest import reaching_ledger

DOCUMENT = Path(__file__).parents[2] / "docs" / "clients.md"
ACCOUNT = "dana@example.com"
# What differs from run to run: dates, and numbers of days.
DATE = re.compile(r"\d{4}-\d\d-\d\d")
DATED = re.compile(rf"{DATE.pattern}.*")
DAYS = {"days_to_expire"}
END = "--end of block--"


def _blocks():
    """(language, text) of each fenced block."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def environment(sampled, administrator_of, tmp_path_factory):
    pool, client = sampled.outputs["UserPool"], sampled.outputs["UserPoolClient"]
    users = sampled.description["users"]
    with reaching_ledger(sampled):
        _let_a_year_pass(datetime.now(UTC).date())
    return {
        "PATH": os.environ["PATH"],
        "API": sampled.description["api"],
        "ACCOUNT": ACCOUNT,
        "TOKEN": people.token(sampled.cloud, pool, client, ACCOUNT),
        "OPERATOR_TOKEN": users["operator"]["token"],
        "PROVIDER_TOKEN": users["provider"]["token"],
        "PARTNER_TOKEN": administrator_of("harbor")["client"].token,
        "ACCOUNT_MANAGER_TOKEN": people.token(sampled.cloud, pool, client, "mel@example.com", ("account-manager",)),
        "SCRATCH": str(tmp_path_factory.mktemp("clients")),
    }


def _let_a_year_pass(today):
    """Nearly: Harbor's approval, with somebody in both roles, and somebody who has left since."""
    approved, name = today - timedelta(days=360), "express-networking"
    for holder in ("quinn", "robin"):
        ledger.link_accounts(holder, [f"{holder}@harbor.example"], holder.title(), approved)
        ledger.associate("harbor", holder, approved)
    certification = facts.CertificationAwarded("ccnp-enterprise", "professional", approved)
    ledger.record("quinn", [certification, learning.ExamPassed("quinn", "700-505", approved)], approved)
    roles = [learning.RoleFilled("harbor", name, role, "quinn") for role in ("am", "fe")]
    ledger.record_partner("harbor", [*roles, learning.ApplicationSubmitted("harbor", name)], approved)
    seen, left = (today - timedelta(days=days) for days in (100, 40))
    ledger.record("robin", [learning.ActivityRecorded("robin", "NET-SALES", seen, "viewed")], seen)
    ledger.record_partner("harbor", [learning.IndividualLeft("harbor", "robin")], left)


class Shell:
    """One bash for all blocks, so that what one defines the next can use."""

    def __init__(self, environment):
        self._bash = subprocess.Popen(
            ["bash"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, commands):
        self._bash.stdin.write(f"{commands}\necho; echo '{END}'\n")
        self._bash.stdin.flush()
        lines = []
        for line in self._bash.stdout:
            if line.strip() == END:
                return "".join(lines).strip()
            lines.append(line)
        raise AssertionError(f"the shell ended: {''.join(lines)}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._bash.stdin.close()
        self._bash.wait(10)
        self._bash.stdout.close()


def _differences(at, shown, answered):
    """What a document shows otherwise than it was answered; it may leave out fields and further items."""
    if isinstance(shown, dict) and isinstance(answered, dict):
        missing = [f"{at}.{name} is not in the answer" for name in shown.keys() - answered.keys()]
        return missing + [
            fault
            for name in shown.keys() & answered.keys() - DAYS
            for fault in _differences(f"{at}.{name}", shown[name], answered[name])
        ]
    if isinstance(shown, list) and isinstance(answered, list) and len(shown) <= len(answered):
        return [
            fault
            for i, (one, other) in enumerate(zip(shown, answered, strict=False))
            for fault in _differences(f"{at}[{i}]", one, other)
        ]
    dates = all(isinstance(value, str) and DATED.fullmatch(value) for value in (shown, answered))
    return [] if dates or shown == answered else [f"{at} is {answered!r}, not {shown!r}"]


def test_every_example_is_answered_as_shown(stack, environment):
    """Blocks of sh and python are run; a block of json, csv or text is what the one before it answered."""

    def ago(days):
        return str(datetime.now(UTC).date() - timedelta(days=days))

    names = {
        "account": ACCOUNT,
        "ago": ago,
        "json": json,
        "sqs": stack.client("sqs"),
        "queue": stack.description["queue"],
    }
    answered, compared = "", 0
    with Shell(environment) as shell:
        for language, text in _blocks():
            if language == "sh":
                answered = shell.run(text)
            elif language == "python":
                exec(text, names)  # noqa: S102 - the document's own example
            elif language == "json":
                assert _differences("", json.loads(text), json.loads(answered)) == [], answered
                compared += 1
            else:
                assert DATE.sub("", answered) == DATE.sub("", text.strip())
    assert compared > 30
