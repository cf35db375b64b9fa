"""Cases over HTTP: opened by a holder, talked about, closed; and whose they are."""

from datetime import date, timedelta
from typing import Any

import ledger
import pytest
from policy.facts import CompletionReported

from tests.functions.http import ANN, OPERATOR, TODAY, Answer, Client, signed_in
from tests.functions.sample import CLAIM, keep_course, keep_holder

pytestmark = pytest.mark.usefixtures("holder")

DAY_30, DAY_31 = TODAY + timedelta(days=30), TODAY + timedelta(days=31)
DAYS = (date(2021, 2, 15), date(2021, 2, 19))
TEXT = "I was there:\r\n\tsee the \N{CLAPPER BOARD}."


def claim(client: Client = ANN, course: str = "ENCOR", key: str = "c1") -> str:
    answer = client.post("/claims", {**CLAIM, "course": course}, key=key)
    assert answer.status == 201
    return str(answer.body["claim_id"])


def deny(claim_id: str = "ann-0001", on: date = TODAY) -> Answer:
    body = {"outcome": "denied", "reason": "policy-enforcement"}
    return OPERATOR.post(f"/admin/claims/{claim_id}/decision", body, on=on)


def open_case(claim_id: str = "ann-0001", client: Client = ANN, on: date = DAY_31, key: str | None = None) -> Answer:
    return client.post(f"/claims/{claim_id}/cases", {"message": TEXT}, on=on, key=key)


def write(client: Client, text: str = "So.", case: str = "ann-C0001", on: date = DAY_31, **further: Any) -> Answer:
    key = further.pop("key", None)
    return client.post(f"/cases/{case}/messages", {"message": text, **further}, on=on, key=key)


def listed(client: Client, query: str = "", on: date = DAY_31) -> list[str]:
    return [item["case_id"] for item in client.get(f"/cases{query}", on=on).body["items"]]


def state(case: str = "ann-C0001", on: date = DAY_31) -> tuple[Any, ...]:
    body = OPERATOR.get(f"/cases/{case}", on=on).body
    return body["state"], body["outcome"], body["closed_on"]


class TestOpening:
    def test_too_early_is_refused_with_the_first_day(self) -> None:
        claim()
        answer = open_case(on=DAY_30)
        assert (answer.status, answer.body["rule"]) == (422, "late-decision")
        assert answer.body["facts"] == {"submitted_on": "2021-03-01", "allowed_from": "2021-04-01"}
        assert ANN.get("/cases", on=DAY_30).body["items"] == []

    def test_is_answered_whole_and_where_it_is_read(self) -> None:
        claim()
        answer = open_case()
        assert (answer.status, answer.headers["location"]) == (201, "/cases/ann-C0001")
        (message,) = answer.body.pop("messages")
        assert (message["author"], message["text"]) == ("holder", TEXT.replace("\r\n", "\n"))
        assert message["at"] == ledger.load("ann").entries[-1].recorded_at
        assert answer.body == {
            "case_id": "ann-C0001",
            "holder": "ann",
            "claim": ANN.get("/claims/ann-0001", on=DAY_31).body,
            "state": "open",
            "opened_on": "2021-04-01",
            "closed_on": None,
            "outcome": None,
        }
        assert answer.body["claim"]["overdue"]

    def test_a_second_one_is_a_conflict_that_names_the_first(self) -> None:
        claim()
        open_case()
        answer = open_case()
        assert (answer.status, answer.body["rule"]) == (409, "cases")
        assert answer.body["facts"]["case"] == "ann-C0001"

    def test_sent_again_with_its_key_is_answered_as_it_was_then(self) -> None:
        claim()
        first = open_case(key="k")
        write(OPERATOR, close=True)
        again = open_case(key="k", on=DAY_31 + timedelta(days=9))
        assert (again.status, again.body, again.headers["location"]) == (201, first.body, "/cases/ann-C0001")
        claim(course=str(keep_course("OTHER").body["course"]), key="c2")
        assert open_case("ann-0002", key="k").body["rule"] == "idempotency-key-reused"

    @pytest.mark.parametrize("claim_id", ["ann-0002", "bob-0001", "ann", "a" * 101])
    def test_about_no_claim_of_the_holder_s_is_absent(self, claim_id: str) -> None:
        bob = keep_holder("bob")
        deny(claim(bob))
        assert open_case(claim_id).status == 404
        assert listed(OPERATOR) == []

    @pytest.mark.parametrize("text", ["", " ", "\n\t", "x" * 4001, "a\x00b", "a\x1bb", "a\x7fb", "a\x85b"])
    def test_needs_something_that_can_be_read(self, text: str) -> None:
        claim()
        answer = ANN.post("/claims/ann-0001/cases", {"message": text}, on=DAY_31)
        assert (answer.status, answer.fields) == (400, ["message"])

    def test_takes_four_thousand_characters(self) -> None:
        claim()
        text = "\N{CLAPPER BOARD}" * 4000
        answer = ANN.post("/claims/ann-0001/cases", {"message": text}, on=DAY_31)
        assert answer.body["messages"][0]["text"] == text


class TestMessages:
    @pytest.fixture(autouse=True)
    def case(self, holder: None) -> None:
        claim()
        assert open_case().status == 201

    def test_go_both_ways(self) -> None:
        write(OPERATOR, "We ask the provider.")
        answer = write(ANN, "Thank you.")
        told = [(message["author"], message["text"]) for message in answer.body["messages"]]
        assert told == [
            ("holder", TEXT.replace("\r\n", "\n")),
            ("operator", "We ask the provider."),
            ("holder", "Thank you."),
        ]
        assert ANN.get("/cases/ann-C0001", on=DAY_31).body == answer.body
        assert OPERATOR.get("/cases/ann-C0001", on=DAY_31).body == answer.body

    def test_sent_again_with_their_key_are_there_once(self) -> None:
        first = write(OPERATOR, key="k", close=True)
        assert write(OPERATOR, key="k", close=True).body == first.body
        assert len(first.body["messages"]) == 2
        assert write(OPERATOR, "Other.", key="k").body["rule"] == "idempotency-key-reused"

    def test_of_an_operator_may_close_it(self) -> None:
        assert write(OPERATOR, close=True).body["outcome"] == "answered"
        assert state() == ("closed", "answered", "2021-04-01")

    def test_of_a_holder_may_not_close_it(self) -> None:
        answer = write(ANN, close=True)
        assert (answer.status, answer.body["type"]) == (403, "/problems/operators-only")
        assert write(ANN, close=False).status == 201

    @pytest.mark.parametrize("client", [ANN, OPERATOR], ids=["holder", "operator"])
    def test_of_a_closed_case_are_refused_and_a_new_one_may_be_opened(self, client: Client) -> None:
        write(OPERATOR, close=True)
        answer = write(client)
        assert (answer.status, answer.body["rule"]) == (409, "cases")
        assert "open a new one" in answer.body["detail"]
        assert open_case().headers["location"] == "/cases/ann-C0002"

    @pytest.mark.parametrize("case", ["ann-C0002", "bob-C0001", "nobody-C0001", "ann", "a" * 101])
    @pytest.mark.parametrize("client", [ANN, OPERATOR], ids=["holder", "operator"])
    def test_of_no_case_are_absent(self, client: Client, case: str) -> None:
        assert write(client, case=case).status == 404
        assert client.get(f"/cases/{case}").status == 404

    def test_of_another_s_case_are_as_if_it_did_not_exist(self) -> None:
        bob = keep_holder("bob")
        version = ledger.load("ann").version
        assert write(bob).body == write(bob, case="bob-C0001").body
        assert bob.get("/cases/ann-C0001").status == 404
        assert open_case("ann-0001", bob).status == 404
        assert listed(bob) == []
        assert ledger.load("ann").version == version

    def test_are_in_the_audit_and_in_no_event(self) -> None:
        write(OPERATOR, "A secret.", close=True)
        entries = ledger.load("ann").entries[-2:]
        events = [event for entry in entries for event in entry.events]
        assert [event["type"] for event in events] == ["claim.overdue", "case.opened", "case.closed"]
        assert "secret" not in str(events)
        audit = OPERATOR.get("/admin/holders/ann/audit").body["items"]
        assert audit[-1]["facts"][0]["message"] == "A secret."
        assert audit[-1]["rules"] == ["cases"]


class TestClosing:
    def test_an_operator_s_decision_on_the_claim_closes_it(self) -> None:
        claim()
        open_case()
        deny(on=DAY_31)
        assert state() == ("closed", "denied", "2021-04-01")

    def test_an_upheld_dispute_closes_it_and_keeps_the_first_submission_date(self) -> None:
        deny(claim())
        open_case(on=TODAY)
        answer = OPERATOR.post("/admin/claims/ann-0001/decision", {"outcome": "earned"}, on=DAY_31)
        assert (answer.body["status"], answer.body["submitted_on"]) == ("earned", "2021-03-01")
        assert state() == ("closed", "earned", "2021-04-01")

    def test_a_report_that_earns_closes_it_and_one_that_denies_does_not(self) -> None:
        claim()
        open_case()
        report = ("acme", "ENCOR", "1.2", "ann@example.com", *DAYS)
        ledger.record("ann", [CompletionReported(*report, "incomplete")], DAY_31)
        assert state() == ("open", None, None)
        ledger.record("ann", [CompletionReported(*report, "completed")], DAY_31)
        assert state() == ("closed", "earned", "2021-04-01")


class TestLists:
    def test_show_an_account_the_cases_about_its_own_claims_the_last_opened_first(self) -> None:
        first = keep_holder("cid", "cid@work.example", "cid@home.example")
        second = signed_in("cid@home.example")
        keep_course("OTHER")
        for number, course in enumerate(("ENCOR", "OTHER"), 1):
            deny(claim(first, course, key=course))
            open_case(f"cid-000{number}", first)
        assert listed(first) == ["cid-C0002", "cid-C0001"]
        assert listed(second) == []
        # As with claims, what is not listed may be read: it is the holder's.
        assert second.get("/cases/cid-C0001").status == 200

    def test_go_on_page_by_page_and_by_state(self) -> None:
        keep_course("OTHER")
        for number, course in enumerate(("ENCOR", "OTHER"), 1):
            deny(claim(course=course, key=course))
            open_case(f"ann-000{number}")
        page = ANN.get("/cases?limit=1").body
        assert page["items"][0]["messages"] == 1
        rest = ANN.get(f"/cases?limit=1&cursor={page['next_cursor']}").body
        assert [item["case_id"] for item in (*page["items"], *rest["items"])] == ["ann-C0002", "ann-C0001"]
        assert rest["next_cursor"] is None
        write(OPERATOR, close=True)
        assert (listed(ANN, "?state=open"), listed(ANN, "?state=closed")) == (["ann-C0002"], ["ann-C0001"])
        assert ANN.get(f"/cases?state=open&cursor={page['next_cursor']}").fields == ["cursor"]

    def test_show_operators_all_that_are_open_the_first_opened_first(self) -> None:
        keep_course("OTHER")
        bob = keep_holder("bob")
        claim()
        deny(claim(bob))
        deny(claim(course="OTHER", key="c2"))
        # Ann's first claim has waited longer; her case about it is the youngest.
        open_case("ann-0002", on=TODAY)
        open_case("bob-0001", bob, on=DAY_30)
        open_case("ann-0001", on=DAY_31)
        assert listed(OPERATOR) == ["ann-C0001", "bob-C0001", "ann-C0002"]
        page = OPERATOR.get("/cases?limit=2").body
        rest = OPERATOR.get(f"/cases?limit=2&cursor={page['next_cursor']}").body
        assert [item["case_id"] for item in rest["items"]] == ["ann-C0002"]
        assert OPERATOR.get(f"/cases?cursor={page['next_cursor'][:-1]}x").fields == ["cursor"]
        assert ANN.get(f"/cases?cursor={page['next_cursor']}").fields == ["cursor"]
        write(OPERATOR, close=True)
        assert listed(OPERATOR, "?state=open") == ["bob-C0001", "ann-C0002"]
        assert OPERATOR.get("/cases?state=closed").fields == ["state"]
