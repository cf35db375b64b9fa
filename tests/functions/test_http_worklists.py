"""The operators' worklists: whole on the day of the request, whether or not a sweep has run."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import ledger
import pytest
from api import clients
from policy.facts import CompletionReported, CompletionRetracted

from functions.administer import worklists
from tests.functions.http import ANN, OPERATOR, TODAY, Answer, Client
from tests.functions.sample import CLAIM, keep_course, keep_holder

DAY_29, DAY_30 = TODAY + timedelta(days=29), TODAY + timedelta(days=30)
DAY = timedelta(days=1)
COMPLETION = ("acme", "ENCOR", "1.2", "ann@example.com", date(2021, 2, 15), date(2021, 2, 19))


@pytest.fixture(autouse=True)
def queue(holder: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty dead-letter queue, which is asked without waiting."""
    clients.client.cache_clear()
    url = clients.client("sqs").create_queue(QueueName="dead-letter")["QueueUrl"]
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", url)
    monkeypatch.setattr("api.dead_letters.WAIT_SECONDS", 0)
    yield url
    clients.client("sqs").delete_queue(QueueUrl=url)
    clients.client.cache_clear()


def claim(client: Client = ANN, course: str = "ENCOR", on: date = TODAY) -> str:
    answer = client.post("/claims", {**CLAIM, "course": course}, key=course, on=on)
    assert answer.status == 201
    return str(answer.body["claim_id"])


def show(name: str, on: date = DAY_30, query: str = "") -> Answer:
    return OPERATOR.get(f"/admin/worklists/{name}{query}", on=on)


def overdue(on: date = DAY_30) -> list[tuple[str, int]]:
    items = show("overdue-claims", on).body["items"]
    return [(item["claim"]["claim_id"], item["days_overdue"]) for item in items]


def numbers(on: date = DAY_30) -> dict[str, int]:
    body: dict[str, int] = OPERATOR.get("/admin/worklists", on=on).body
    return body


def sweep(day: date) -> None:
    for holder in ("ann", "bob", "cid"):
        ledger.settle(holder, day)


class TestOverdueClaims:
    @pytest.mark.parametrize("swept", [False, True])
    def test_are_listed_from_the_day_on_whether_or_not_a_sweep_has_run(self, swept: bool) -> None:
        claim()
        assert (overdue(DAY_29), numbers(DAY_29)["overdue_claims"]) == ([], 0)
        if swept:
            sweep(DAY_30)
        assert (overdue(), numbers()["overdue_claims"]) == ([("ann-0001", 0)], 1)
        assert overdue(DAY_30 + DAY) == [("ann-0001", 1)]
        (item,) = show("overdue-claims").body["items"]
        assert item["holder"] == "ann"
        assert item["claim"] == ANN.get("/claims/ann-0001", on=DAY_30).body

    def test_that_were_decided_are_gone(self) -> None:
        claim()
        sweep(DAY_30)
        OPERATOR.post("/admin/claims/ann-0001/decision", {"outcome": "earned"}, on=DAY_30)
        assert (overdue(), numbers()["overdue_claims"]) == ([], 0)

    def test_whose_cycle_closed_are_gone(self) -> None:
        claim()
        sweep(DAY_30)
        award = {"certification": "ccie-enterprise", "level": "expert"}
        OPERATOR.post("/admin/holders/ann/certifications", award, on=DAY_30)
        assert ANN.get("/claims/ann-0001", on=DAY_30).body["status"] == "expired"
        assert (overdue(), numbers()["overdue_claims"]) == ([], 0)

    @pytest.mark.parametrize("swept", [date(2021, 3, 31), date(2021, 4, 1), None])
    @pytest.mark.parametrize("limit", [1, 2, 100])
    def test_go_on_page_by_page_each_once(self, swept: date | None, limit: int) -> None:
        bob, cid = keep_holder("bob"), keep_holder("cid")
        for course in ("OTHER", "THIRD"):
            keep_course(course)
        claim(bob)
        for course in ("ENCOR", "OTHER", "THIRD"):
            claim(ANN, course, on=TODAY + DAY)
        claim(cid, on=TODAY + DAY)
        claim(cid, "OTHER", on=TODAY + 2 * DAY)
        day = DAY_30 + DAY
        if swept:
            sweep(swept)
        found: list[str] = []
        query = f"?limit={limit}"
        for _ in range(20):
            page = show("overdue-claims", day, query).body
            assert len(page["items"]) <= limit
            found += [item["claim"]["claim_id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            query = f"?limit={limit}&cursor={page['next_cursor']}"
        assert sorted(found) == ["ann-0001", "ann-0002", "ann-0003", "bob-0001", "cid-0001"]
        assert found[0] == "bob-0001" or swept is None
        assert numbers(day)["overdue_claims"] == 5

    def test_are_as_the_last_sweep_found_them_where_too_many_holders_wait_for_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        claim()
        monkeypatch.setattr(worklists, "UNSWEPT_MAX", 0)
        assert numbers()["overdue_claims"] == 0
        sweep(DAY_30)
        assert numbers()["overdue_claims"] == 1


class TestOpenCases:
    def test_are_those_that_operators_list_as_cases(self) -> None:
        claim()
        ANN.post("/claims/ann-0001/cases", {"message": "Well?"}, on=DAY_30 + DAY)
        body = show("open-cases", DAY_30 + DAY).body
        assert [item["case_id"] for item in body["items"]] == ["ann-C0001"]
        assert body == OPERATOR.get("/cases", on=DAY_30 + DAY).body
        assert numbers()["open_cases"] == 1
        OPERATOR.post("/admin/claims/ann-0001/decision", {"outcome": "earned"}, on=DAY_30 + DAY)
        assert (show("open-cases").body["items"], numbers()["open_cases"]) == ([], 0)


class TestReviews:
    @pytest.fixture(autouse=True)
    def redeemed(self, queue: str) -> None:
        """Credits that renewed an associate, taken back a day later."""
        claim()
        keep_holder("bob", level="associate")
        bob = (*COMPLETION[:3], "bob@example.com", *COMPLETION[4:])
        claim(Client({"email": "bob@example.com", "email_verified": "true"}))
        ledger.record("bob", [CompletionReported(*bob, "completed")], TODAY)
        ledger.record("bob", [CompletionRetracted(*bob)], TODAY + DAY)

    def review(self, claim_id: str = "bob-0001", key: str | None = None) -> Answer:
        return OPERATOR.post(f"/admin/claims/{claim_id}/review", {"note": "Spoken to the provider."}, key=key)

    def test_wait_until_an_operator_is_done_with_them(self) -> None:
        (item,) = show("reviews").body["items"]
        assert (item["holder"], item["claim"]["status"], item["retracted_on"]) == ("bob", "redeemed", "2021-03-02")
        assert numbers()["reviews"] == 1
        answer = self.review(key="k")
        assert (answer.status, answer.body["claim_id"]) == (200, "bob-0001")
        assert (show("reviews").body["items"], numbers()["reviews"]) == ([], 0)
        assert self.review(key="k").body == answer.body
        audit = OPERATOR.get("/admin/holders/bob/audit").body["items"][-1]
        assert audit["facts"] == [{"event": "claim_reviewed", "claim": "bob-0001", "note": "Spoken to the provider."}]

    def test_are_refused_where_there_is_nothing_to_review(self) -> None:
        answer = self.review("ann-0001")
        assert (answer.status, answer.body["rule"]) == (422, "retraction")
        self.review()
        assert self.review().body["facts"] == {"reviewed_on": "2021-03-02"}

    @pytest.mark.parametrize("claim_id", ["ann-0002", "nobody-0001", "ann"])
    def test_of_no_claim_are_absent(self, claim_id: str) -> None:
        assert self.review(claim_id).status == 404


class TestDeadLetters:
    def bury(self, queue: str, body: str, **about: str) -> None:
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in about.items()}
        clients.client("sqs").send_message(QueueUrl=queue, MessageBody=body, MessageAttributes=attributes)

    def test_are_shown_with_their_reason_and_stay_where_they_are(self, queue: str) -> None:
        about = {"reason": "unknown-course", "detail": "X is not in the catalog", "rule": "unknown-course"}
        self.bury(queue, '{"é": 1}', **about, sender="AROA1:lms", message_id="m1")
        for _ in range(2):
            (item,) = show("dead-letters").body["items"]
            assert item.pop("sent_at").endswith("Z")
            assert item == {**about, "message_id": "m1", "sender": "AROA1:lms", "body": '{"é": 1}'}
            assert numbers()["dead_letters"] == 1

    def test_that_sqs_moved_have_no_reason_but_that(self, queue: str) -> None:
        self.bury(queue, "{}")
        (item,) = show("dead-letters").body["items"]
        assert (item["reason"], item["detail"], item["rule"]) == ("failed", None, None)

    def test_are_bounded_in_number_and_length(self, queue: str) -> None:
        for number in range(52):
            self.bury(queue, json.dumps({"n": number, "x": "x" * 20_000}))
        body = show("dead-letters", query="?limit=100").body
        assert (len(body["items"]), body["next_cursor"]) == (50, None)
        assert {len(item["body"]) for item in body["items"]} == {10_000}
        assert len(show("dead-letters", query="?limit=3").body["items"]) == 3
        assert numbers()["dead_letters"] == 52


@pytest.mark.parametrize("name", ["overdue_claims", "nothing", "x" * 101])
def test_what_is_no_worklist_is_absent(name: str) -> None:
    assert show(name).status == 404


@pytest.mark.parametrize("name", ["overdue-claims", "open-cases", "reviews", "dead-letters"])
@pytest.mark.parametrize("query", ["?cursor=x", "?limit=0", "?limit=101", "?state=open"])
def test_what_cannot_be_asked_is_bad_input(name: str, query: str) -> None:
    assert show(name, query=query).status == 400


def test_a_cursor_is_good_for_its_own_list(holder: Any) -> None:
    keep_course("OTHER")
    claim()
    claim(course="OTHER")
    cursor = show("overdue-claims", query="?limit=1").body["next_cursor"]
    assert show("reviews", query=f"?limit=1&cursor={cursor}").fields == ["cursor"]
