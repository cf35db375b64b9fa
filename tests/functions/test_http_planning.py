"""What a holder can do next: plans through the catalog as it is kept, previews that are what the claim then is."""

from datetime import date
from typing import Any

import ledger
import pytest

from tests.functions.http import ANN, BOB, OPERATOR, Answer
from tests.functions.sample import CLAIM, TRACK, keep_course, keep_holder

pytestmark = pytest.mark.usefixtures("holder")
PLAN = {"certification": TRACK}
TODAY = date(2021, 3, 1)


def preview(on: date = TODAY, **changes: Any) -> Answer:
    return ANN.post("/claims/preview", {**CLAIM, **changes}, on=on)


def plan(on: date = TODAY, **changes: Any) -> Answer:
    return ANN.post("/plans", {**PLAN, **changes}, on=on)


def earn(claim_id: str) -> None:
    assert OPERATOR.post(f"/admin/claims/{claim_id}/decision", {"outcome": "earned"}).status == 200


def test_a_plan_goes_through_the_catalog() -> None:
    keep_course("DEVCOR", versions=[{"version": "1.0", "credits": 56, "available_until": "2022-06-30"}])
    answer = plan()
    assert answer.status == 200
    body = answer.body
    assert (body["certification"], body["as_of"], body["by"]) == (TRACK, "2021-03-01", "2024-01-29")
    assert (body["met_on"], body["pending_credits"], body["notes"], body["more"]) == (None, 0, [], False)
    assert body["measure"].startswith("Fewest credits to spare first")
    (way,) = [way for way in body["ways"] if way["option"] == {"credits": 120}]
    listed = {"title": "Implementing Enterprise Network Core Technologies"}
    assert way == {
        "rank": 5,
        "option": {"credits": 120},
        "needs": {"credits": 120},
        "credits": 120,
        "credits_to_spare": 0,
        "courses": 2,
        "choose": [
            {
                "credits": 64,
                "number": 1,
                "of": 1,
                "courses": [{"course": "ENCOR", "version": "1.2", "available_until": None, **listed}],
            },
            {
                "credits": 56,
                "number": 1,
                "of": 1,
                "courses": [{"course": "DEVCOR", "version": "1.0", "available_until": "2022-06-30", **listed}],
            },
        ],
        "exams": {},
        "fee": False,
        "from": "2021-03-01",
        "through": "2024-01-29",
        "recertified_on": "2021-03-01",
        "expires_on": "2024-03-01",
    }


def test_a_plan_counts_what_counts_and_tells_what_is_pending() -> None:
    earn(ANN.post("/claims", CLAIM, key="1").body["claim_id"])
    keep_course("DEVCOR")
    ANN.post("/claims", {**CLAIM, "course": "DEVCOR"}, key="2")
    keep_course("SPCOR")
    body = plan().body
    assert body["pending_credits"] == 64
    assert [way["needs"] for way in body["ways"] if way["option"] == {"credits": 120}] == [{"credits": 56}]
    named = {listed["course"] for way in body["ways"] for one in way["choose"] for listed in one["courses"]}
    assert named == {"SPCOR"}


def test_planning_and_previewing_record_nothing() -> None:
    version = ledger.load("ann").version
    assert (plan().status, preview().status) == (200, 200)
    assert preview(on=date(2024, 6, 1)).status == 200
    assert ledger.load("ann").version == version
    assert ANN.get("/claims").body["items"] == []


@pytest.mark.parametrize("by", ["2021-02-28", "2024-01-30", "2199-12-31"])
def test_a_plan_by_a_day_that_cannot_be_is_refused_with_those_that_can(by: str) -> None:
    answer = plan(by=by)
    assert (answer.status, answer.fields) == (400, ["by"])
    assert "2021-03-01 through 2024-01-29" in answer.body["errors"][0]["message"]


def test_a_plan_for_an_expired_certification_says_so() -> None:
    body = plan(on=date(2024, 1, 30)).body
    assert (body["ways"], [note["rule"] for note in body["notes"]], body["by"]) == ([], ["status-2020"], "2024-01-29")


def test_another_s_certification_is_as_if_it_did_not_exist() -> None:
    keep_holder("bob", level="expert")
    assert (
        OPERATOR.post("/admin/holders/ann/certifications", {"certification": "ccna", "level": "associate"}).status
        == 201
    )
    assert BOB.post("/plans", {"certification": "ccna"}).status == 404
    assert ANN.post("/plans", {"certification": "ccna"}).status == 200


def test_a_preview_is_the_claim_as_it_is_then_answered() -> None:
    answer = preview()
    claimed = ANN.post("/claims", CLAIM, key="1").body
    assert answer.status == 200
    assert answer.body["claim"] == claimed
    assert (answer.body["accepted"], answer.body["refusal"]) == (True, None)
    (counting,) = answer.body["counts_toward"]
    assert (counting["certification"], counting["credits_before"], counting["credits_after"]) == (TRACK, 0, 64)
    assert {"credits": 56} in counting["remaining"]
    assert (answer.body["recertifies"], answer.body["waiting"]) == ([], None)
    earn(claimed["claim_id"])
    assert ANN.get(f"/certifications/{TRACK}/progress").body["remaining"] == counting["remaining"]


def test_a_preview_tells_what_would_be_recertified_and_what_waiting_would_gain() -> None:
    keep_course("HUGE", versions=[{"version": "1.2", "credits": 120}])
    body = preview(course="HUGE").body
    assert body["recertifies"] == [
        {
            "certification": TRACK,
            "criteria_met_on": "2021-02-19",
            "expires_on": "2024-02-19",
            "renewed": [TRACK],
            "option": {"credits": 120},
        }
    ]
    assert body["waiting"] == {
        "certification": TRACK,
        "until": "2024-01-29",
        "expires_on": "2027-01-29",
        "days_gained": 1075,
    }
    assert {"criteria-date", "training-record", "same-and-lower", "edition-2020"} <= set(body["because"])


@pytest.mark.parametrize(
    ("changes", "rule", "fact"),
    [
        ({"version": "9"}, "unknown-version", ("version", "9")),
        ({"course": "NONE"}, "unknown-course", ("course", "NONE")),
        ({"completed_on": "2021-03-02"}, "completion-in-future", ("submitted_on", "2021-03-01")),
        (
            {"item_type": "direct-delivery", "provider": "vendor"},
            "certificate-required",
            ("item_type", "direct-delivery"),
        ),
        ({"certificate_id": "x"}, "certificate-id-format", ("certificate_id", "x")),
    ],
)
def test_a_preview_of_a_claim_that_is_refused_says_as_the_claim_would(
    changes: dict[str, Any], rule: str, fact: tuple[str, str]
) -> None:
    body = preview(**changes).body
    refused = ANN.post("/claims", {**CLAIM, **changes}, key="1").body
    assert body["refusal"] == {name: refused[name] for name in ("rule", "detail", "facts")}
    assert body["refusal"]["rule"] == rule
    assert body["refusal"]["facts"][fact[0]] == fact[1]
    assert (body["accepted"], body["claim"], body["counts_toward"], body["because"]) == (False, None, [], [rule])


def test_a_certificate_s_key_stands_for_a_certificate() -> None:
    delivered = {"item_type": "direct-delivery", "provider": "vendor"}
    assert preview(**delivered, certificate_key="any").body["accepted"] is True


def test_a_course_that_is_planned_is_previewed_on_its_day() -> None:
    planned = {"started_on": "2022-01-10", "completed_on": "2022-01-14"}
    body = preview(**planned, submitted_on="2022-01-20").body
    assert (body["accepted"], body["claim"]["submitted_on"]) == (True, "2022-01-20")
    late = preview(**planned, submitted_on="2023-01-15").body
    assert late["refusal"]["rule"] == "claim-window"
    answer = preview(submitted_on="2021-02-28")
    assert (answer.status, answer.fields) == (400, ["submitted_on"])


def test_a_certificate_id_that_earned_for_another_holder_is_known() -> None:
    carried = {"certificate_id": "CDLL-1"}
    bob = keep_holder("bob")
    earn(bob.post("/claims", {**CLAIM, **carried}, key="1").body["claim_id"])
    body = preview(**carried).body
    assert (body["accepted"], body["claim"]["status"], body["claim"]["reason"]) == (
        True,
        "denied",
        "mismatched-credentials",
    )
    assert (body["counts_toward"], "certificate-used-once" in body["because"]) == ([], True)
