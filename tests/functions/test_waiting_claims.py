"""What a provider sees of the claims that wait for it."""

from datetime import date, timedelta

import pytest

from tests.functions.http import ANN, OPERATOR, PAT, signed_in
from tests.functions.sample import CLAIM, keep_holder

pytestmark = pytest.mark.usefixtures("holder")

SUBMITTED = date(2021, 3, 1)
BOTH = signed_in("both@agency.example", "provider:acme", "provider:globex")


def submit(**changes: str) -> None:
    assert ANN.post("/claims", {**CLAIM, **changes}, key="1").status == 201


def waiting(query: str = "", on: date = SUBMITTED, client=PAT) -> list[str]:
    return [item["claim_id"] for item in client.get(f"/provider/claims{query}", on=on).body["items"]]


def test_a_claim_that_waits_is_shown_with_what_a_report_must_say() -> None:
    submit(certificate_id="CDLL-7")
    assert PAT.get("/provider/claims").body == {
        "items": [
            {
                **CLAIM,
                "claim_id": "ann-0001",
                "account": "ann@example.com",
                "title": "Implementing Enterprise Network Core Technologies",
                "submitted_on": "2021-03-01",
                "certificate_id": "CDLL-7",
                "overdue": False,
            }
        ],
        "next_cursor": None,
    }


def test_a_claim_is_overdue_on_the_day_and_though_no_sweep_has_run() -> None:
    submit()
    days = [SUBMITTED + timedelta(days=number) for number in (29, 30)]
    shown = [PAT.get("/provider/claims", on=day).body["items"][0] for day in days]
    assert [claim["overdue"] for claim in shown] == [False, True]
    assert shown[0]["certificate_id"] is None


def test_a_decided_claim_is_shown_no_more() -> None:
    submit()
    assert OPERATOR.post("/admin/claims/ann-0001/decision", {"outcome": "earned"}).status == 200
    assert waiting() == []


def test_the_first_submitted_comes_first_and_the_list_goes_on() -> None:
    submit()
    bob = keep_holder("bob")
    assert bob.post("/claims", CLAIM, on=SUBMITTED - timedelta(days=1), key="1").status == 201
    first = PAT.get("/provider/claims?limit=1").body
    assert [item["claim_id"] for item in first["items"]] == ["bob-0001"]
    assert waiting(f"?limit=100&cursor={first['next_cursor']}") == ["ann-0001"]


def test_nobody_sees_the_claims_of_another_provider() -> None:
    submit(provider="globex")
    assert waiting() == []
    assert waiting(client=signed_in("gil@globex.example", "provider:globex")) == ["ann-0001"]
    for named in ("globex", "nobody", "ACME"):
        answer = PAT.get(f"/provider/claims?provider={named}")
        assert (answer.status, answer.body["type"]) == (403, "/problems/other-provider")


def test_whoever_acts_for_several_says_for_which() -> None:
    submit(provider="globex")
    answer = BOTH.get("/provider/claims")
    assert (answer.status, answer.fields) == (400, ["provider"])
    assert "acme, globex" in answer.body["errors"][0]["message"]
    assert (waiting("?provider=acme", client=BOTH), waiting("?provider=globex", client=BOTH)) == ([], ["ann-0001"])


def test_a_cursor_is_good_for_its_provider_s_list_only() -> None:
    submit()
    assert keep_holder("bob").post("/claims", CLAIM, key="1").status == 201
    cursor = PAT.get("/provider/claims?limit=1").body["next_cursor"]
    # The same person, who acts for another provider by now.
    moved = signed_in("pat@acme.example", "provider:globex")
    for client, query in ((moved, ""), (BOTH, "&provider=acme"), (PAT, "x")):
        answer = client.get(f"/provider/claims?limit=1&cursor={cursor}{query}")
        assert (answer.status, answer.fields) == (400, ["cursor"])
