"""What operators keep and record about holders, and the audit of it."""

from datetime import date
from typing import Any

import ledger
import pytest
from api import audit
from ledger import erasing
from policy.facts import CompletionReported
from policy.partners import facts as learned

from tests.functions.http import ANN, OPERATOR, TODAY, Answer, signed_in
from tests.functions.sample import CLAIM, TRACK, keep_course, keep_holder

pytestmark = pytest.mark.usefixtures("holder")
IMPORT = {
    "certification": "ccnp",
    "level": "professional",
    "cycle_started_on": "2020-03-01",
    "expires_on": "2023-06-01",
}


def record(kind: str, body: Any, on: date = TODAY, key: str | None = None, holder: str = "ann") -> Answer:
    return OPERATOR.post(f"/admin/holders/{holder}/{kind}", body, on=on, key=key)


def decide(claim_id: str, on: date = TODAY, key: str | None = None, **body: str) -> Answer:
    return OPERATOR.post(f"/admin/claims/{claim_id}/decision", body, on=on, key=key)


def show(holder: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = OPERATOR.get(f"/admin/holders/{holder}/audit").body["items"]
    return items


class TestHolder:
    def test_is_created_and_then_replaced(self) -> None:
        answer = OPERATOR.put("/admin/holders/bob", {"accounts": ["Bob@Example.com", "bob@example.COM"], "name": "Bob"})
        assert (answer.status, answer.body) == (201, {"holder": "bob", "accounts": ["bob@example.com"], "name": "Bob"})
        answer = OPERATOR.put("/admin/holders/bob", {"accounts": ["bob@home.example"]})
        assert (answer.status, answer.body) == (200, {"holder": "bob", "accounts": ["bob@home.example"], "name": None})
        assert signed_in("bob@home.example").get("/claims").status == 200
        assert signed_in("bob@example.com").get("/claims").status == 403

    def test_has_no_account_of_another(self) -> None:
        answer = OPERATOR.put("/admin/holders/bob", {"accounts": ["bob@example.com", "ANN@example.com"]})
        assert (answer.status, answer.body["type"]) == (409, "/problems/account-taken")
        assert answer.body["facts"] == {"account": "ann@example.com", "holder": "ann"}
        assert signed_in("bob@example.com").get("/claims").status == 403

    def test_keeps_an_account_that_has_claims(self) -> None:
        assert ANN.post("/claims", CLAIM, key="1").status == 201
        answer = OPERATOR.put("/admin/holders/ann", {"accounts": []})
        assert (answer.status, answer.body["type"]) == (409, "/problems/account-in-use")
        assert ANN.get("/claims/ann-0001").status == 200

    def test_is_no_more_to_be_known_by_name_once_erased(self) -> None:
        assert ANN.post("/claims", CLAIM, key="1").status == 201
        erasing.erase("ann", TODAY)
        # Not yet where it is stored, which only a reader of the table could see.
        assert "example.com" not in str([entry["facts"] for entry in show("ann")])
        assert ANN.get("/claims").status == 403
        answer = OPERATOR.put("/admin/holders/ann", {"accounts": ["ann@example.com"]})
        assert (answer.status, answer.body["type"]) == (409, "/problems/holder-erased")
        erasing.finish("ann")
        assert "ann@" not in str(show("ann"))

    @pytest.mark.parametrize("account", ["ann", "a b@example.com", "@", "a@b@c", "a@\n", "x" * 250 + "@a.io"])
    def test_has_e_mail_addresses_for_accounts(self, account: str) -> None:
        answer = OPERATOR.put("/admin/holders/bob", {"accounts": ["bob@example.com", account]})
        assert (answer.status, answer.fields) == (400, ["accounts.1"])

    def test_is_told_what_was_reported_before_the_account_was_anybody_s(self) -> None:
        days = (date(2021, 2, 15), date(2021, 2, 19))
        report = CompletionReported("acme", "ENCOR", "1.2", "bob@example.com", *days, "completed")
        ledger.record_for_account("bob@example.com", report, TODAY, source=ledger.Source("acme", "1", {}))
        bob = keep_holder("bob", on=TODAY)
        imported = {**IMPORT, "certification": TRACK, "level": "expert", "cycle_started_on": "2021-01-29"}
        record("certifications", imported, holder="bob")
        assert bob.post("/claims", CLAIM, key="1").body["status"] == "earned"

    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            ("certifications", {"certification": "ccnp", "level": "professional"}),
            ("certifications", IMPORT),
            ("exams", {"exam": "350-401", "kind": "core", "passed_on": "2021-02-01"}),
        ],
    )
    @pytest.mark.parametrize("nobody", ["nobody", "%20", "a" * 101])
    def test_that_nobody_keeps_is_absent(self, kind: str, body: Any, nobody: str) -> None:
        assert record(kind, body, holder=nobody).status == 404
        assert ledger.load(nobody).version == 0

    def test_that_nobody_keeps_has_no_audit(self) -> None:
        assert OPERATOR.get("/admin/holders/nobody/audit").status == 404


class TestCertification:
    def test_is_awarded_today_unless_said_otherwise(self) -> None:
        for track, more, day in (("a", {}, "2021-03-01"), ("b", {"awarded_on": "2021-02-01"}, "2021-02-01")):
            answer = record("certifications", {"certification": track, "level": "associate", **more})
            assert (answer.status, answer.body["certification"], answer.body["last_extension"]) == (201, track, day)

    def test_is_imported_as_it_is(self) -> None:
        answer = record("certifications", IMPORT)
        assert answer.status == 201
        assert (answer.body["last_extension"], answer.body["expires_on"]) == ("2020-03-01", "2023-06-01")

    def test_is_granted_emeritus_under_edition_2017_only(self) -> None:
        emeritus = {"certification": TRACK, "emeritus": True}
        answer = record("certifications", emeritus)
        assert (answer.status, answer.body["rule"]) == (422, "emeritus")
        OPERATOR.put("/admin/holders/cid", {"accounts": ["cid@example.com"]}, on=date(2018, 1, 1))
        record("certifications", {"certification": TRACK, "level": "expert"}, on=date(2018, 1, 1), holder="cid")
        answer = record("certifications", emeritus, on=date(2018, 2, 1), holder="cid")
        assert (answer.status, answer.body["status"]) == (201, "emeritus")

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({"certification": "ccnp", "level": "master"}, ["level"]),
            ({"certification": "ccnp", "level": "expert", "awarded_on": "2021-03-02"}, ["awarded_on"]),
            ({"certification": TRACK, "level": "professional"}, ["level"]),
            ({"certification": "c c", "level": "expert"}, ["certification"]),
            ({**IMPORT, "awarded_on": "2021-03-01"}, ["awarded_on"]),
            ({**IMPORT, "cycle_started_on": "2021-03-02"}, ["cycle_started_on"]),
            ({**IMPORT, "expires_on": "2020-02-29"}, ["expires_on"]),
            ({"certification": "ccnp", "level": "expert", "expires_on": "2023-01-01"}, ["cycle_started_on"]),
            ({"certification": "ccnp", "emeritus": False}, ["emeritus"]),
            ({"certification": "ccnp", "emeritus": True, "level": "expert"}, ["level"]),
            (
                {"certification": "ccnp", "emeritus": True, "business_transformation": "yes"},
                ["business_transformation"],
            ),
        ],
        ids=str,
    )
    def test_that_cannot_be_one_is_refused(self, body: Any, fields: list[str]) -> None:
        answer = record("certifications", body)
        assert (answer.status, answer.fields) == (400, fields)

    def test_that_the_holder_has_not_is_not_granted_emeritus(self) -> None:
        OPERATOR.put("/admin/holders/cid", {"accounts": []}, on=date(2018, 1, 1))
        body = {"certification": "ccie", "emeritus": True}
        assert record("certifications", body, on=date(2018, 2, 1), holder="cid").fields == ["certification"]


class TestExam:
    def test_is_recorded_and_may_recertify(self) -> None:
        body = {"exam": "400-007", "kind": "expert_lab", "passed_on": "2021-02-20"}
        answer = record("exams", body)
        assert (answer.status, answer.body) == (201, body)
        (line,) = ANN.get("/certifications").body["certifications"]
        assert line["last_extension"] == "2021-02-20"

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [({"kind": "oral"}, ["kind"]), ({"passed_on": "2021-03-02"}, ["passed_on"]), ({"exam": ""}, ["exam"])],
    )
    def test_that_cannot_be_one_is_refused(self, changes: dict[str, str], fields: list[str]) -> None:
        answer = record("exams", {"exam": "350-401", "kind": "core", "passed_on": "2021-02-20", **changes})
        assert (answer.status, answer.fields) == (400, fields)


class TestDecision:
    @pytest.fixture(autouse=True)
    def claim(self, holder: None) -> None:
        assert ANN.post("/claims", CLAIM, key="1").status == 201

    def test_earns(self) -> None:
        answer = decide("ann-0001", outcome="earned", on=date(2021, 3, 4))
        assert (answer.status, answer.body["status"], answer.body["decided_on"]) == (200, "earned", "2021-03-04")
        assert answer.body == ANN.get("/claims/ann-0001", on=date(2021, 3, 4)).body

    def test_denies_with_a_reason_and_upholds_a_dispute(self) -> None:
        answer = decide("ann-0001", outcome="denied", reason="unexpected-behavior")
        assert (answer.body["status"], answer.body["reason"]) == ("denied", "unexpected-behavior")
        assert decide("ann-0001", outcome="earned").body["status"] == "earned"

    def test_of_a_decided_claim_is_refused(self) -> None:
        decide("ann-0001", outcome="earned")
        answer = decide("ann-0001", outcome="denied", reason="policy-enforcement")
        assert (answer.status, answer.body["rule"]) == (422, "operator-decision")
        assert answer.body["facts"] == {"status": "earned", "outcome": "denied"}

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({"outcome": "denied"}, ["reason"]),
            ({"outcome": "denied", "reason": "because"}, ["reason"]),
            ({"outcome": "earned", "reason": "policy-enforcement"}, ["reason"]),
            ({"outcome": "redeemed"}, ["outcome"]),
        ],
    )
    def test_that_cannot_be_one_is_refused(self, body: dict[str, str], fields: list[str]) -> None:
        answer = decide("ann-0001", **body)
        assert (answer.status, answer.fields) == (400, fields)
        assert ANN.get("/claims/ann-0001").body["status"] == "pending"

    @pytest.mark.parametrize("claim_id", ["ann-0002", "bob-0001", "ann", "0001", "-0001", "a" * 101])
    def test_of_no_claim_is_absent(self, claim_id: str) -> None:
        assert decide(claim_id, outcome="earned").status == 404

    def test_sent_again_with_its_key_is_answered_as_it_was_then(self) -> None:
        first = decide("ann-0001", key="k", outcome="denied", reason="policy-enforcement")
        decide("ann-0001", outcome="earned", on=date(2021, 3, 2))
        again = decide("ann-0001", key="k", outcome="denied", reason="policy-enforcement", on=date(2021, 3, 3))
        assert (again.status, again.body) == (200, first.body)
        assert ANN.get("/claims/ann-0001").body["status"] == "earned"

    def test_s_key_is_not_for_another_claim(self) -> None:
        keep_course("OTHER")
        ANN.post("/claims", {**CLAIM, "course": "OTHER"}, key="2")
        decide("ann-0001", key="k", outcome="earned")
        assert decide("ann-0002", key="k", outcome="earned").body["rule"] == "idempotency-key-reused"


@pytest.mark.parametrize(
    ("kind", "body", "other"),
    [
        ("certifications", {"certification": "a", "level": "associate"}, {"certification": "b", "level": "associate"}),
        (
            "exams",
            {"exam": "1", "kind": "core", "passed_on": "2021-02-20"},
            {"exam": "2", "kind": "core", "passed_on": "2021-02-20"},
        ),
    ],
)
def test_what_is_sent_again_with_its_key_is_recorded_once(kind: str, body: Any, other: Any) -> None:
    first = record(kind, body, key="k")
    assert first.status == 201
    again = record(kind, body, key="k", on=date(2021, 4, 1))
    assert (again.status, again.body) == (201, first.body)
    assert ledger.load("ann").version == 4
    assert record(kind, other, key="k").body["rule"] == "idempotency-key-reused"
    assert record(kind, body).status == 201
    assert ledger.load("ann").version == 5


class TestAudit:
    def items(self, cursor: str = "") -> Any:
        answer = OPERATOR.get(f"/admin/holders/ann/audit?cursor={cursor}")
        assert answer.status == 200
        return answer.body

    def test_tells_every_fact_and_decision_in_order_with_rules(self) -> None:
        ANN.post("/claims", CLAIM, key="1")
        decide("ann-0001", outcome="earned", on=date(2021, 3, 2))
        record("exams", {"exam": "400-007", "kind": "expert_lab", "passed_on": "2021-03-03"}, on=date(2021, 3, 3))
        body = self.items()
        assert (body["holder"], body["next_cursor"]) == ("ann", None)
        assert [item["seq"] for item in body["items"]] == [1, 2, 3, 4, 5, 6]
        told = [(fact["event"], item["rules"]) for item in body["items"] for fact in item["facts"]]
        assert told == [
            ("certification_awarded", ["term"]),
            ("terms_accepted", ["terms-required"]),
            ("claim_submitted", ["edition-by-date"]),
            ("claim_decided", ["operator-decision"]),
            ("exam_passed", body["items"][5]["rules"]),
        ]
        assert body["items"][0]["accounts"] == ["ann@example.com"]
        kinds = [decision["kind"] for decision in body["items"][5]["decisions"]]
        assert kinds[:2] == ["exam.recorded", "certification.recertified"]
        assert "exams-count" in body["items"][5]["rules"]

    def test_tells_what_became_known_for_continuous_learning_and_to_whom(self) -> None:
        keep_holder("bob")
        ledger.associate("northwind", "ann", date(2021, 3, 2))
        ledger.merge("ann", "bob", date(2021, 3, 3))
        ledger.record("ann", [learned.BadgeEarned("ann", "am-badge", date(2022, 1, 1))], date(2021, 3, 4))
        joined, merged, badge = self.items()["items"][-3:]
        assert (joined["partners"], joined["learning"]) == (["northwind"], [])
        assert (merged["same"], merged["learning"][0]["event"]) == (["ann", "bob"], "individuals_merged")
        assert (badge["facts"], badge["learning"][0]["badge"], badge["partners"]) == ([], "am-badge", None)

    def test_names_who_did_it_by_which_request(self) -> None:
        causes = [item["cause"] for item in self.items()["items"]]
        assert causes[1].startswith("POST /admin/holders/{holder}/certifications by olga@example.com, request request-")
        assert causes[2].startswith("PUT /enrollment by ann@example.com, request request-")

    def test_goes_on_where_an_answer_is_full(self, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = self.items()["items"]
        monkeypatch.setattr(audit, "ANSWER_BYTES_MAX", 1)
        found, cursor = [], ""
        while cursor is not None:
            page = self.items(cursor)
            assert len(page["items"]) == 1
            found += page["items"]
            cursor = page["next_cursor"]
        assert found == whole

    def test_s_cursor_is_good_for_its_holder_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        keep_holder("bob")
        monkeypatch.setattr(audit, "ANSWER_BYTES_MAX", 1)
        cursor = self.items()["next_cursor"]
        assert OPERATOR.get(f"/admin/holders/bob/audit?cursor={cursor}").fields == ["cursor"]
