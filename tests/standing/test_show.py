import re
from datetime import date, timedelta
from typing import Any

import ledger
import pytest
from api.words import parts_in_words
from policy import facts, views
from standing.words import decision_in_words

from tests.ledger import world
from tests.standing.conftest import NOW, Ran, Run

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def _history(cloud: None) -> None:
    """Ann: a claim earned, one denied, one pending, an exam that recertifies with credits, and a lower certification."""
    world.enroll("ann")
    award = facts.CertificationAwarded("ccna", "associate", world.START)
    ledger.record("ann", [award], world.START + timedelta(days=1))
    world.submit("ann", "DESIGN")
    world.push(world.completion("ann@example.com", "DESIGN"))
    world.submit("ann", "CYBER", day=world.COMPLETED + timedelta(days=7))
    world.push(world.completion("ann@example.com", "CYBER", outcome="incomplete"), day=date(2021, 2, 27))
    world.submit("ann", "HUGE", day=date(2021, 2, 28))
    ledger.record("ann", [facts.ExamPassed("300-410", "concentration", date(2021, 2, 20))], NOW.date())


def section(shown: Ran, title: str) -> list[str]:
    lines = shown.lines[shown.lines.index(title) + 1 :]
    return lines[: lines.index("")] if "" in lines else lines


def certifications(shown: Ran) -> dict[str, dict[str, Any]]:
    """What was printed of each certification, in the form of the policy's view, with credits and what remains."""
    found = {}
    lines = section(shown, "Certifications")
    while lines:
        head = re.fullmatch(r"  (\S+)  (\S+)  (\S+)  cycle since (\S+), expires (\S+) \((.+)\)", lines.pop(0))
        assert head
        track, level, status, began, ends, when = head.groups()
        days = int(re.search(r"\d+", when)[0]) * (1 if when.startswith("in") else -1)
        below: list[str] = []
        while lines and lines[0].startswith("    "):
            below.append(lines.pop(0).strip())
        count = below.index("remains one of") if "remains one of" in below else len(below)
        counted = (re.fullmatch(r"(\S+): (\d+) credits, completed \S+", line).groups() for line in below[1:count])
        found[track] = {
            "certification": track,
            "level": level,
            "cycle_started_on": date.fromisoformat(began),
            "expires_on": date.fromisoformat(ends),
            "days_to_expire": days,
            "status": status,
            "credits": int(re.match(r"(\d+) credits count", below[0])[1]),
            "counted": {claim_id: int(number) for claim_id, number in counted},
            "remaining": below[count + 1 :],
        }
    return found


DAYS = [
    *(world.START + timedelta(days=number) for number in (0, 1, 25, 27, 29, 30, 31)),
    *(date(2023, 12, 1), date(2024, 2, 20), date(2024, 2, 21), date(2024, 2, 22)),
]


def test_it_is_what_the_policy_says_of_the_day(run: Run) -> None:
    for day in DAYS:
        check_day(run, day)


def check_day(run: Run, day: date) -> None:
    shown = run("show", "ann", "--as-of", day)
    assert (shown.status, shown.err) == (0, "")
    standing = ledger.load("ann", through_day=day).standing
    expected = {}
    for track, view in views.certifications(standing).items():
        progress = views.progress(standing, track)
        expected[track] = {
            **view,
            "credits": views.credits(standing)[track],
            "counted": {item["claim_id"]: item["credits"] for item in progress["counted"]},
            "remaining": [parts_in_words(missing) for missing in progress["remaining"]],
        }
    assert certifications(shown) == expected
    claims = [re.match(r"  (\S+)  (\w+)", line).groups() for line in section(shown, "Claims") if "-000" in line]
    assert claims == [(claim_id, claim["status"]) for claim_id, claim in views.claims(standing).items()]
    decisions = [f"  {decision_in_words(decision.to_dict())}" for decision in standing.decisions]
    assert section(shown, "Decisions") == decisions


def test_it_reads_as_a_person_would_tell_it(run: Run) -> None:
    shown = run("show", "ann")
    assert shown.lines[:3] == [
        "ann (Ann) as of 2021-03-01",
        "accounts: ann@example.com",
        "terms: accepted on 2021-01-29  [terms-required]",
    ]
    assert section(shown, "Claims") == [
        "  ann-0001  redeemed  40 credits  [redeemed]",
        "    DESIGN 1.0, Course DESIGN; activity by acme; for ann@example.com",
        "    started 2021-02-15, completed 2021-02-19, submitted 2021-02-24, decided 2021-02-26",
        "  ann-0002  denied, inadequate-completion  30 credits  [inadequate-completion]",
        "    CYBER 1.0, Course CYBER; activity by acme; for ann@example.com",
        "    started 2021-02-15, completed 2021-02-19, submitted 2021-02-26, decided 2021-02-27",
        "  ann-0003  expired, cycle-closed  200 credits  [surplus]",
        "    HUGE 1.0, Course HUGE; activity by acme; for ann@example.com",
        "    started 2021-02-15, completed 2021-02-19, submitted 2021-02-28",
    ]
    assert section(shown, "Exams") == ["  300-410  concentration  passed 2021-02-20, used by a recertification"]
    assert section(shown, "Recertifications") == [
        "  2021-02-19  ccna by 30 credits: claims ann-0001; exams none; renewed ccna",
        "  2021-02-20  ccnp by 40 credits + 1 professional exam: claims ann-0001; exams 300-410; renewed ccnp, ccna",
    ]


def test_an_award_that_renewed_something_is_told_as_such(run: Run) -> None:
    ledger.record("ann", [facts.CertificationAwarded("ccie", "expert", NOW.date())], NOW.date())
    shown = section(run("show", "ann"), "Recertifications")
    assert shown[-1] == "  2021-03-01  ccie by its award: claims none; exams none; renewed ccnp, ccna"


def test_what_waits_for_its_gain_day_is_told_as_such(run: Run) -> None:
    imported = facts.CertificationImported("cyber", "specialist", world.START, date(2027, 1, 1))
    ledger.record("ann", [imported], NOW.date())
    assert section(run("show", "ann"), "Certifications")[-2:] == [
        "    remains one of",
        "      nothing: it waits for its gain day",
    ]


def test_a_later_day_is_told_with_its_proviso(run: Run) -> None:
    assert run("show", "ann", "--as-of", "2024-02-21").lines[0] == (
        "ann (Ann) as of 2024-02-21, if nothing more becomes known"
    )


def test_what_was_not_known_yet_is_not_told(run: Run) -> None:
    shown = run("show", "ann", "--as-of", world.START)
    assert section(shown, "Claims") == section(shown, "Exams") == ["  none"]
    assert "ccna" not in shown.out


@pytest.mark.parametrize(("holder", "day"), [("nobody", "2021-03-01"), ("ann", "2021-01-28")])
def test_a_holder_not_known_on_the_day_is_bad_input(run: Run, holder: str, day: str) -> None:
    refused = run("show", holder, "--as-of", day)
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == f"standing: nothing was known of a holder {holder} on {day}\n"


def test_looking_changes_nothing(run: Run) -> None:
    before = world.snapshot()
    run("show", "ann", "--as-of", "2024-02-21")
    assert world.snapshot() == before
