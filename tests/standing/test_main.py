import io
import subprocess
import sys

import ledger
import pytest
from api.clients import client
from standing.output import printable

from tests.standing.conftest import Run

COMMANDS = (
    *("catalog load", "provider put", "holder link", "award", "import", "exam", "decide"),
    *("show", "sweep", "check", "dead-letters", "redrive"),
    *("worklist", "answer", "review"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps(run: Run, command: str) -> None:
    helped = run(*command.split(), "--help")
    assert helped.status == 0
    assert "where to connect:" in helped.out


def test_the_columns_of_a_catalog_are_in_its_help(run: Run) -> None:
    helped = run("catalog", "load", "--help").out
    for column in ("course", "title", "version", "credits", "available_from", "item_type", "providers"):
        assert f"\n  {column} " in helped


@pytest.mark.parametrize("arguments", [(), ("catalog",), ("shw",), ("show",), ("show", "ann", "--as"), ("check", "x")])
def test_what_is_no_command_is_bad_input(run: Run, arguments: tuple[str, ...]) -> None:
    refused = run(*arguments)
    assert refused.status == 2
    assert "usage: standing" in refused.err


@pytest.mark.usefixtures("cloud")
def test_a_table_that_is_not_there_is_told_with_what_to_look_at(run: Run) -> None:
    refused = run("check", "--table", "other")
    assert refused.status == 1
    assert "ResourceNotFoundException" in refused.err
    assert "See where it connects: --table" in refused.err


@pytest.mark.usefixtures("cloud")
def test_a_busy_table_may_be_asked_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*arguments: object, **options: object) -> None:
        raise ledger.Busy("get_item: throttled")

    monkeypatch.setattr(ledger, "get_provider", busy)
    failed = run("provider", "put", "acme", "--name", "Acme", "--sender", "1")
    assert failed.status == 1
    assert failed.err == (
        "standing: get_item: throttled\nNothing is known to be stored; the same command again is safe.\n"
    )


def test_without_credentials_it_says_what_to_give(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
    client.cache_clear()
    refused = run("dead-letters", "--dead-letter-queue", "http://localhost:1/queue")
    client.cache_clear()
    assert refused.status == 2
    assert "Give --profile" in refused.err


@pytest.mark.usefixtures("cloud")
def test_an_unknown_time_zone_is_bad_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROGRAM_TIME_ZONE", "Mars/Olympus")
    refused = run("sweep")
    assert refused.status == 2
    assert "PROGRAM_TIME_ZONE: " in refused.err


@pytest.mark.usefixtures("cloud")
def test_what_nobody_expects_is_not_hidden(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standing.tending.check", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("check")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Zoë 日本", "Zoë 日本"), ("\x1b[31m", "\\x1b[31m"), ("a\u202eb", "a\\u202eb"), ("\ud800", "\\ud800")],
)
def test_only_what_can_be_looked_at_is_written(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_terminal_that_lacks_a_letter_gets_its_escape(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stderr", ascii_only)
    assert run("check", "--stack-file", "日本.json").status == 2
    ascii_only.seek(0)
    assert "\\u65e5\\u672c.json" in ascii_only.read()


def test_it_ends_quietly_when_nobody_reads_on() -> None:
    code = "import sys; from standing.output import say; from standing import __main__ as m\n"
    code += "m.connection.connect = lambda given: [say('line') for _ in range(100000)]\nsys.exit(m.main(['check']))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(10) == 1
