"""Case files of continuous learning: what is not of the form is named by case and key, what fails is told."""

from pathlib import Path

import pytest
from casefiles.__main__ import main

GOOD = """\
program: continuous-learning
library:
  WEB: {minutes: 95}
  LAB: {points: 12, exceptional: false}
  SHOW: {points: 20, event: true}
specializations:
  cloud:
    type: express
    library: [WEB, LAB]
    mandatory: [LAB]
    roles: {am: {exams: [700-001]}, se: {exams: [300-001], badge: cloud-specialist}, fe: {certification: ccnp}}
  iot: {type: advanced-technology, roles: {}}
points_required: {advanced-technology: 70}
cases:
  - name: first
    history:
      - {date: 2021-01-01, event: individual_associated, partner: p1, individual: ann}
      - {date: 2021-02-01, event: application_submitted, id: a1, partner: p1, specialization: iot}
      - {date: 2021-02-01, event: application_submitted, id: a2, partner: p1, specialization: cloud}
      - {date: 2021-02-02, event: activity_recorded, id: s1, individual: ann, item: SHOW, mode: attended, \
partner: p1, specialization: iot, proof: true}
      - {date: 2021-02-03, event: library_changed, specialization: cloud, library: [LAB, WEB], mandatory: [WEB]}
      - {date: 2021-02-04, event: exam_passed, individual: ann, exam: 700-001, passed_on: 2021-01-05}
      - {date: 2021-02-04, event: exam_replaced, exam: 700-001, by: 700-002, retake: true}
      - {date: 2021-02-05, event: points_required_set, type: advanced-technology, points: 60}
      - {date: 2021-02-06, event: badge_earned, individual: ann, badge: b, expires_on: 2022-01-01}
    as_of: 2021-02-07
    expect:
      specializations:
        p1/iot: {status: approved, anniversary: 2022-02-01, points: 20, required: 60, indicator: inactive, \
renewed: false, lost_on: null, mandatory_open: [], blocked_by: [points-short, renewal-too-early]}
        p1/cloud: {status: null}
      report: {p1/iot: {ann: {points: 20, employee: current}}}
      rejected: {a2: core-not-met}
  - name: second
    history:
      - {date: 2021-01-01, event: exam_passed, individual: ann, exam: "1"}
    as_of: 2021-01-01
    expect: {}
"""
FIRST = "first: "
SHOW, EXAM, BADGE = FIRST + "history[3]", FIRST + "history[5]", FIRST + "history[8]"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_cases_that_pass_are_counted(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", str(path)]) == 0
    assert capsys.readouterr() == ("2 passed, 0 failed\n", "")


@pytest.mark.parametrize(
    ("old", "new", "where", "reason"),
    [
        # What the cases share.
        ("library:\n  WEB", "catalog:\n  WEB", "catalog", "unknown key"),
        ("{minutes: 95}", "{minutes: 95, points: 3}", "library.WEB", "exactly one of minutes and points"),
        ("{minutes: 95}", "{}", "library.WEB", "exactly one of minutes and points"),
        ("{minutes: 95}", "{minutes: -1}", "library.WEB.minutes", "whole number from 0"),
        ("{minutes: 95}", "{minutes: 1.5}", "library.WEB.minutes", "whole number from 0"),
        ("{minutes: 95}", "{points: true}", "library.WEB.points", "whole number from 0"),
        ("exceptional: false", "exceptional: 0", "library.LAB.exceptional", "true or false"),
        ("exceptional: false", "special: true", "library.LAB.special", "unknown key"),
        ("event: true", 'event: "yes"', "library.SHOW.event", "true or false"),
        ("type: express\n", "type: premium\n", "specializations.cloud.type", "'premium' is none of"),
        ("    type: express\n", "", "specializations.cloud.type", "missing"),
        ("library: [WEB, LAB]", "library: [WEB, LAB-7]", "specializations.cloud.library", "'LAB-7' is none of"),
        ("mandatory: [LAB]", "mandatory: LAB", "specializations.cloud.mandatory", "must be a list"),
        ("{am: {", "{pm: {", "specializations.cloud.roles", "'pm' is none of"),
        ("exams: [700-001]", "exams: [700]", "specializations.cloud.roles.am.exams", "must be text"),
        ("badge: cloud", "medal: cloud", "specializations.cloud.roles.se.medal", "unknown key"),
        ("certification: ccnp", "certification: 1", "specializations.cloud.roles.fe.certification", "must be text"),
        ("{advanced-technology: 70}", "{advanced-technology: many}", "points_required.advanced-technology", "whole"),
        ("{advanced-technology: 70}", "{authorized-technology-provider: 7}", "points_required", "is none of"),
        # Events.
        ("individual: ann}", "individual: 7}", FIRST + "history[0].individual", "must be text"),
        ("individual: ann}", "person: ann}", FIRST + "history[0].person", "unknown key"),
        ("individual_associated", "individual_joined", FIRST + "history[0].event", "is none of"),
        ("individual_associated", "certification_ended", FIRST + "history[0].event", "is none of"),
        ("specialization: iot}", "specialization: fog}", FIRST + "history[1].specialization", "'fog' is none of"),
        ("id: a2", "id: a1", FIRST + "history[2].id", "is the id of another event"),
        ("proof: true", "proof: 1", SHOW + ".proof", "must be true or false"),
        ("mode: attended", "mode: heard", SHOW + ".mode", "'heard' is none of"),
        (", specialization: iot, proof", ", proof", SHOW + ".specialization", "missing"),
        ("item: SHOW", "item: LAB", SHOW + ".partner", "is for events only"),
        ("proof: true", "proof: true, points: 5", SHOW + ".points", "unknown key"),
        ("proof: true", "proof: true, proof_key: k", SHOW + ".proof_key", "unknown key"),
        ("mandatory: [WEB]", "mandatory: WEB", FIRST + "history[4].mandatory", "must be a list of texts"),
        ("library: [LAB, WEB], mandatory", "mandatory", FIRST + "history[4].library", "missing"),
        ("library: [LAB, WEB], mandatory", "library: [LAB, TAB], mandatory", FIRST + "history[4].library", "'TAB'"),
        ("passed_on: 2021-01-05", "passed_on: 2021-02-05", EXAM + ".passed_on", "is after the day"),
        ("passed_on: 2021-01-05", "recorded_on: 2021-01-05", EXAM + ".recorded_on", "unknown key"),
        ("retake: true", "retake: maybe", FIRST + "history[6].retake", "must be true or false"),
        ("retake: true", "retake: null", FIRST + "history[6].retake", "is empty"),
        ("points: 60", 'points: "60"', FIRST + "history[7].points", "whole number"),
        ("expires_on: 2022-01-01", "expires_on: never", BADGE + ".expires_on", "must be a date"),
        ("expires_on: 2022-01-01", "expires_on: 2022-01-01, kind: golden", BADGE + ".kind", "'golden' is none of"),
        ("as_of: 2021-02-07", "as_of: 2021-02-05", FIRST + "as_of", "is before the last event"),
        # What is expected.
        ("status: approved", "state: approved", FIRST + "expect.specializations.p1/iot.state", "unknown key"),
        ("renewed: false", "renewed: 0", FIRST + "expect.specializations.p1/iot.renewed", "true or false"),
        ("anniversary: 2022-02-01", "anniversary: soon", FIRST + "expect.specializations.p1/iot.anniversary", "date"),
        ("points: 20, required", "points: null, required", FIRST + "expect.specializations.p1/iot.points", "whole"),
        ("mandatory_open: []", "mandatory_open: LAB", FIRST + "expect.specializations.p1/iot.mandatory_open", "a list"),
        ("p1/cloud: {status", "cloud: {status", FIRST + "expect.specializations.cloud", "must be PARTNER/NAME"),
        ("p1/cloud: {status", "p1/fog: {status", FIRST + "expect.specializations.p1/fog", "'fog' is none of"),
        ("employee: current", "employees: 1", FIRST + "expect.report.p1/iot.ann.employees", "unknown key"),
        ("{ann: {points", "{5: {points", FIRST + "expect.report.p1/iot.5", "must be text"),
        ("rejected: {a2: core-not-met}", "rejected: [a2]", FIRST + "expect.rejected", "must be a map"),
        ("rejected: {a2: core-not-met}", "claims: {}", FIRST + "expect.claims", "unknown key"),
    ],
)
def test_what_is_not_of_the_form_is_named_with_case_key_and_reason(
    path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, where: str, reason: str
) -> None:
    change(path, old, new)
    assert main(["cases", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{path}: {where}: ")
    assert reason in said


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("status: approved", "status: grace", "specializations.p1/iot.status: expected grace, got approved"),
        ("lost_on: null", "lost_on: 2022-02-12", "specializations.p1/iot.lost_on: expected 2022-02-12, got null"),
        (
            "blocked_by: [points-short, r",
            "blocked_by: [r",
            "specializations.p1/iot.blocked_by: expected [renewal-too-early], got [points-short, renewal-too-early]",
        ),
        ("{ann: {points: 20,", "{ann: {points: 5,", "report.p1/iot.ann.points: expected 5, got 20"),
        (
            "{ann: {points: 20, employee: current}}",
            "{bob: {points: 0}}",
            "report.p1/iot.bob: expected {points: 0}, got null",
        ),
        ("{a2: core-not-met}", "{}", "rejected.a2: expected null, got core-not-met"),
    ],
)
def test_a_case_that_fails_is_told_with_path_expected_and_actual(
    path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, line: str
) -> None:
    change(path, old, new)
    assert main(["cases", str(path)]) == 1
    assert capsys.readouterr().out == f"{path}: first: {line}\n1 passed, 1 failed\n"
