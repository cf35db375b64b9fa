"""The command `policy cases`: what it says of files that are wrong, cases that fail and cases that pass."""

import subprocess
import sys
from pathlib import Path

import pytest
from casefiles.__main__ import main
from casefiles.checked import CaseFileError
from casefiles.reader import read

GOOD = """\
program: continuing-education
catalog:
  NET:
    title: Networks
    versions: {"1.0": {credits: 40, available_from: 2021-01-01}}
    offered: {activity: [acme]}
retired_tracks: {ccdp: 2020-02-24}
cases:
  - name: first
    history:
      - {date: 2021-03-01, event: terms_accepted}
      - {date: 2021-03-01, event: certification_awarded, certification: ccie, level: expert}
      - {date: 2021-05-10, event: claim_submitted, id: c1, account: ann@example.com, course: NET, version: "1.0", \
item_type: activity, provider: acme, started_on: 2021-05-07, completed_on: 2021-05-07}
      - {date: 2021-05-11, event: claim_decided, id: d1, claim: c1, outcome: earned}
    as_of: 2021-05-12
    expect:
      claims: {c1: {status: earned, credits: 40, expires_on: 2024-05-07, reason: null}}
      certifications: {ccie: {status: active, days_to_expire: 1024}}
      credits: {ccie: 40}
      remaining:
        ccie: [{credits: 80}, {credits: 40, professional: 1}, {professional: 2}, {core: 1}, {expert_lab: 1}, \
{design_written: 1}]
      recertifications: []
      rejected: {}
  - name: second
    history:
      - {date: 2021-03-01, event: certification_awarded, certification: ccna, level: associate}
      - {date: 2021-04-01, event: certification_awarded, certification: ccnp, level: professional}
      - {date: 2021-05-10, event: exam_passed, exam: 350-401, kind: core}
    as_of: 2021-05-10
    expect:
      recertifications:
        - {certification: ccnp, renewed: [ccna]}
        - {certification: ccnp, date: 2021-05-10, used: [], exams: [350-401], renewed: [ccnp, ccna]}
"""
DECISION = "{date: 2021-05-11, event: claim_decided, id: d1, claim: c1, outcome: earned}"
EXAM = "{date: 2021-05-10, event: exam_passed, exam: 350-401, kind: core}"
FIRST, SECOND = "first: ", "second: "


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "where", "reason"),
    [
        # The file.
        ("program: continuing-education", "program: chess", "program", "'chess' is none of"),
        ("retired_tracks: {ccdp: 2020-02-24}", "retired_tracks: {ccdp: soon}", "retired_tracks.ccdp", "must be a date"),
        ("    title: Networks\n", "", "catalog.NET.title", "missing"),
        ("    title: Networks", "    title: 5", "catalog.NET.title", "must be text"),
        ("credits: 40, av", 'credits: "40", av', "catalog.NET.versions.1.0.credits", "whole number"),
        ('"1.0": {credits', "1.0: {credits", "catalog.NET.versions.1.0", "put it in quotes"),
        (
            "available_from: 2021-01-01",
            "available_from: 2021",
            "catalog.NET.versions.1.0.available_from",
            "must be a date",
        ),
        ("available_from", "available_form", "catalog.NET.versions.1.0.available_form", "unknown key"),
        ("{activity: [acme]}", "{activity: acme}", "catalog.NET.offered.activity", "must be a list"),
        # A case.
        ("  - name: first\n", "  - title: first\n", "cases[0].title", "unknown key"),
        ("name: second", "name: first", "first: name", "two cases have this name"),
        ("    as_of: 2021-05-12\n", "", "cases[0].as_of", "missing"),
        ("as_of: 2021-05-12", "as_of: 2021-05-10", FIRST + "as_of", "is before the last event"),
        ("as_of: 2021-05-12", 'as_of: "2021-13-01"', FIRST + "as_of", "must be a date"),
        # An event.
        (DECISION, "earned", FIRST + "history[3]", "must be a map"),
        (DECISION, DECISION.replace("date: 2021-05-11, ", ""), FIRST + "history[3].date", "must be a date"),
        (DECISION, DECISION.replace("05-11", "05-09"), FIRST + "history[3].date", "is before the event before it"),
        (DECISION, DECISION.replace("claim_decided", "claim_won"), FIRST + "history[3].event", "is none of"),
        (DECISION, DECISION.replace("claim_decided", "certificate_taken"), FIRST + "history[3].event", "is none of"),
        (DECISION, DECISION.replace("claim_decided", "case_opened"), FIRST + "history[3].event", "is none of"),
        (DECISION, DECISION.replace("id: d1", "id: c1"), FIRST + "history[3].id", "is the id of another event"),
        (DECISION, DECISION.replace("claim: c1", "claim: c2"), FIRST + "history[3].claim", "no claim 'c2'"),
        (DECISION, DECISION.replace("claim: c1, ", ""), FIRST + "history[3].claim", ""),
        (DECISION, DECISION.replace("outcome: earned", "outcome: null"), FIRST + "history[3].outcome", "is empty"),
        (DECISION, DECISION.replace("outcome: earned", "result: earned"), FIRST + "history[3].result", "unknown key"),
        (DECISION, DECISION.replace("outcome: earned", "outcome: won"), FIRST + "history[3].outcome", "'won'"),
        (DECISION, DECISION.replace("outcome: earned", "outcome: denied"), FIRST + "history[3].reason", "is none of"),
        ("event: claim_submitted, id: c1,", "event: claim_submitted,", FIRST + "history[2].id", "a claim needs an id"),
        ("started_on: 2021-05-07, ", "", FIRST + "history[2].started_on", "missing"),
        ('version: "1.0"', "version: 1.0", FIRST + "history[2].version", "must be text"),
        ("provider: acme,", "provider: acme, credits: 40,", FIRST + "history[2].credits", "unknown key"),
        (EXAM, EXAM.replace("kind: core", "kind: hard"), SECOND + "history[2].kind", "'hard' is none of"),
        (
            EXAM,
            EXAM.replace("core", "core, passed_on: 2021-05-11"),
            SECOND + "history[2].passed_on",
            "is after the day",
        ),
        (EXAM, EXAM.replace("kind: core", "kind: core, kind: entry"), "", "'kind' is given twice"),
        # What is expected.
        ("      rejected: {}\n", "      refused: {}\n", FIRST + "expect.refused", "unknown key"),
        ("status: earned, credits", "state: earned, credits", FIRST + "expect.claims.c1.state", "unknown key"),
        ("days_to_expire", "days", FIRST + "expect.certifications.ccie.days", "unknown key"),
        ("credits: {ccie: 40}", "credits: {ccie: forty}", FIRST + "expect.credits.ccie", "whole number"),
        ("[{credits: 80}", "[80", FIRST + "expect.remaining.ccie[0]", "must be a map"),
        ("rejected: {}", "rejected: {c1: 5}", FIRST + "expect.rejected.c1", "must be text"),
        (
            "certification: ccnp, renewed",
            "track: ccnp, renewed",
            SECOND + "expect.recertifications[0].track",
            "unknown key",
        ),
        ("used: []", "used: c1", SECOND + "expect.recertifications[1].used", "must be a list"),
        ("[{credits: 80}", "[{credits: null}", FIRST + "expect.remaining.ccie[0].credits", "whole number"),
        (
            "certification: ccnp, renewed",
            "date: [], renewed",
            SECOND + "expect.recertifications[0].date",
            "must be a date",
        ),
        (EXAM, EXAM.replace("event: exam_passed", "event: []"), SECOND + "history[2].event", "[] is none of"),
    ],
)
def test_a_file_that_is_not_of_the_form_is_named_with_case_key_and_reason(
    path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, where: str, reason: str
) -> None:
    change(path, old, new)
    assert main(["cases", str(path)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"{path}: {where}")
    assert reason in said.err.removeprefix(f"{path}: {where}")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("program:", "programme:", "programme: unknown key"),
        ("program: continuing-education\n", "", "program: missing"),
        ("cases:\n", "examples:\n", "examples: unknown key"),
    ],
)
def test_a_key_of_the_file_itself_is_named(
    path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    change(path, old, new)
    assert main(["cases", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"{path}: {told}")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "must be a map"),
        (b"- 1", "must be a map"),
        (b"a: [", "while parsing"),
        (b"a: 2021-02-30", "day is out of range"),
        (b"\xff", "utf-8"),
    ],
)
def test_a_file_that_is_no_case_file_at_all_is_named(path: Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)
    with pytest.raises(CaseFileError) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert reason in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match=r"nothing\.yaml: .*No such file"):
        read(tmp_path / "nothing.yaml")


def test_cases_that_pass_are_counted_and_nothing_else_is_said(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", str(path), str(path)]) == 0
    assert capsys.readouterr() == ("4 passed, 0 failed\n", "")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("status: earned, credits", "status: denied, credits", "first: claims.c1.status: expected denied, got earned"),
        ("2024-05-07", "2024-05-08", "first: claims.c1.expires_on: expected 2024-05-08, got 2024-05-07"),
        ("reason: null", "reason: late", "first: claims.c1.reason: expected late, got null"),
        (
            "claims: {c1:",
            "claims: {c9:",
            "first: claims.c9: expected {status: earned, credits: 40, expires_on: 2024-05-07, reason: null}, got null",
        ),
        ("status: active", "status: expired", "first: certifications.ccie.status: expected expired, got active"),
        ("credits: {ccie: 40}", "credits: {ccie: 41}", "first: credits.ccie: expected 41, got 40"),
        ("credits: {ccie: 40}", "credits: {ccna: 0}", "first: credits.ccna: expected 0, got null"),
        ("rejected: {}", "rejected: {c1: claim-window}", "first: rejected.c1: expected claim-window, got null"),
        (
            "certification: ccnp, renewed",
            "certification: ccna, renewed",
            "second: recertifications[0].certification: expected ccna, got ccnp",
        ),
        (
            "renewed: [ccnp, ccna]",
            "renewed: [ccnp]",
            "second: recertifications[1].renewed: expected [ccnp], got [ccna, ccnp]",
        ),
    ],
)
def test_a_case_that_fails_is_one_line_with_path_expected_and_actual(
    path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, line: str
) -> None:
    change(path, old, new)
    assert main(["cases", str(path)]) == 1
    assert capsys.readouterr() == (f"{path}: {line}\n1 passed, 1 failed\n", "")


def test_what_remains_fails_whole_and_in_any_order(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(path, "[{credits: 80}, ", "[")
    assert main(["cases", str(path)]) == 1
    assert "first: remaining.ccie: expected [{credits: 40, professional: 1}, " in capsys.readouterr().out


def test_a_recertification_too_few_fails_as_a_whole(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(path, "        - {certification: ccnp, renewed: [ccna]}\n", "")
    assert main(["cases", str(path)]) == 1
    assert "second: recertifications: expected [" in capsys.readouterr().out


def test_all_that_differs_in_a_case_stands_in_its_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(path, "credits: {ccie: 40}", "credits: {ccie: 41}")
    change(path, "status: active", "status: expired")
    assert main(["cases", str(path)]) == 1
    line, closing = capsys.readouterr().out.splitlines()
    assert line.count("expected") == 2
    assert closing == "1 passed, 1 failed"


def test_every_case_that_fails_has_a_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(path, "credits: {ccie: 40}", "credits: {ccie: 41}")
    change(path, "exams: [350-401]", "exams: []")
    assert main(["cases", str(path)]) == 1
    *lines, closing = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["first", "second"]
    assert closing == "0 passed, 2 failed"


def test_what_is_not_expected_is_not_compared(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(path, "status: earned, credits: 40, expires_on: 2024-05-07, reason: null", "status: earned")
    change(path, "      rejected: {}\n", "")
    change(path, 'version: "1.0"', 'version: "9"')
    assert main(["cases", str(path)]) == 1
    assert "rejected" not in capsys.readouterr().out


def test_the_other_files_are_run_beside_a_broken_one(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("cases: []\n", encoding="utf-8")
    assert main(["cases", str(broken), str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == "2 passed, 0 failed\n"
    assert said.err.startswith(str(broken))


def test_the_command_is_also_a_module(path: Path) -> None:
    command = [sys.executable, "-m", "policy", "cases", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "2 passed, 0 failed\n", "")


@pytest.mark.parametrize("arguments", [[], ["cases"], ["case", "x.yaml"]])
def test_a_command_that_is_not_understood_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
