"""What a holder sees of certifications, and does beside claiming: terms, fees."""

from datetime import date
from typing import Any

import ledger
import pytest

from tests.functions.http import ANN, OPERATOR, Answer, signed_in
from tests.functions.sample import AWARDED, CLAIM, TRACK, keep_course, keep_holder

pytestmark = pytest.mark.usefixtures("holder")
LINE = {
    "certification": TRACK,
    "name": TRACK,
    "level": "expert",
    "last_extension": "2021-01-29",
    "expires_on": "2024-01-29",
    "days_to_expire": 1064,
    "status": "active",
}


def earn(course: str, credits_each: int, completed_on: str = "2021-02-19", on: date = date(2021, 3, 1)) -> str:
    """Ann claims a course and an operator decides it earned; gives the claim's id."""
    assert keep_course(course, versions=[{"version": "1", "credits": credits_each}], on=on).status == 201
    body = {**CLAIM, "course": course, "version": "1", "started_on": completed_on, "completed_on": completed_on}
    claim_id: str = ANN.post("/claims", body, on=on, key=course).body["claim_id"]
    assert OPERATOR.post(f"/admin/claims/{claim_id}/decision", {"outcome": "earned"}, on=on).status == 200
    return claim_id


def exam(number: str, kind: str, on: date) -> Answer:
    return OPERATOR.post("/admin/holders/ann/exams", {"exam": number, "kind": kind, "passed_on": str(on)}, on=on)


def progress(query: str = "", on: date = date(2021, 3, 1), track: str = TRACK) -> Any:
    answer = ANN.get(f"/certifications/{track}/progress{query}", on=on)
    assert answer.status == 200
    return answer.body


def test_the_dashboard_s_table_is_the_certifications() -> None:
    assert ANN.get("/dashboard").body == {"announcements": [], "certifications": [LINE]}
    assert ANN.get("/certifications").body == {"certifications": [LINE]}


@pytest.mark.parametrize(
    ("on", "days", "status"),
    [(date(2024, 1, 29), 0, "active"), (date(2024, 1, 30), -1, "expired")],
)
def test_a_certification_shows_what_it_is_that_day_though_no_sweep_has_run(on: date, days: int, status: str) -> None:
    (line,) = ANN.get("/certifications", on=on).body["certifications"]
    assert (line["days_to_expire"], line["status"]) == (days, status)


def test_days_are_those_of_the_program_s_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROGRAM_TIME_ZONE", "Pacific/Kiritimati")
    # Noon in UTC is 2 o'clock in the next morning there.
    assert progress()["as_of"] == "2021-03-02"


def test_progress_is_the_tracker_s_model_case() -> None:
    claim_id = earn("DEVFUND", 48, "2021-02-23")
    body = progress()
    assert body["credits"] == 48
    assert body["counted"] == [{"claim_id": claim_id, "credits": 48, "completed_on": "2021-02-23"}]
    assert body["remaining"] == [
        {"expert_lab": 1},
        {"design_written": 1},
        {"core": 1},
        {"professional": 2},
        {"credits": 32, "professional": 1},
        {"credits": 72},
    ]
    assert body["options"][-1] == {"needs": {"credits": 120}, "remaining": {"credits": 72}}
    assert {"credits-count", "edition-2020"} <= set(body["because"])
    assert (body["certification"], body["expires_on"]) == (TRACK, "2024-01-29")


def test_progress_of_an_earlier_day_is_what_was_known_then() -> None:
    earn("DEVFUND", 48, "2021-02-23", on=date(2021, 3, 1))
    credits_on = {
        day: progress(f"?as_of=2021-0{day}", on=date(2021, 4, 1))["credits"] for day in ("2-28", "3-01", "4-01")
    }
    assert credits_on == {"2-28": 0, "3-01": 48, "4-01": 48}


def test_progress_of_a_later_day_is_what_time_alone_will_bring() -> None:
    earn("DEVFUND", 48, "2021-02-23")
    assert [progress(f"?as_of=2024-01-{day}")["credits"] for day in (29, 30)] == [48, 0]
    assert progress("?as_of=2199-12-31")["remaining"] == []
    assert progress()["credits"] == 48


def test_a_certification_is_absent_before_it_was_recorded() -> None:
    assert ANN.get(f"/certifications/{TRACK}/progress?as_of=2021-01-28").status == 404
    assert ANN.get(f"/certifications/{TRACK}/progress?as_of=1900-01-01").status == 404
    assert progress("?as_of=2021-01-29")["credits"] == 0


@pytest.mark.parametrize("day", ["today", "2021-02-30", "2200-01-01", "1899-12-31", "2021-02-01T00:00:00Z", "0"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    answer = ANN.get(f"/certifications/{TRACK}/progress?as_of={day}")
    assert (answer.status, answer.fields) == (400, ["as_of"])


@pytest.mark.parametrize("track", ["ccnp", "%20", "a" * 200])
@pytest.mark.parametrize("part", ["progress", "history"])
def test_a_certification_that_the_holder_has_not_is_absent(track: str, part: str) -> None:
    assert ANN.get(f"/certifications/{track}/{part}").status == 404


def test_history_tells_what_was_used_and_what_else_was_renewed() -> None:
    award = {"certification": "ccnp", "level": "professional"}
    assert OPERATOR.post("/admin/holders/ann/certifications", award, on=AWARDED).status == 201
    claim_id = earn("HALF", 40)
    assert exam("350-401", "core", date(2021, 3, 2)).status == 201
    (entry,) = ANN.get(f"/certifications/{TRACK}/history").body["recertifications"]
    assert entry == {
        "number": 1,
        "certification": TRACK,
        "date": "2021-03-02",
        "option": {"credits": 40, "core": 1},
        "used": [{"claim_id": claim_id, "credits": 40, "completed_on": "2021-02-19"}],
        "exams": ["350-401"],
        "renewed": [TRACK, "ccnp"],
    }
    assert [entry["number"] for entry in ANN.get("/certifications/ccnp/history").body["recertifications"]] == [1]
    (line, _) = ANN.get("/certifications").body["certifications"]
    assert (line["last_extension"], line["expires_on"]) == ("2021-03-02", "2024-03-02")


def test_a_certification_that_nothing_has_renewed_has_no_history() -> None:
    assert ANN.get(f"/certifications/{TRACK}/history").body == {"certification": TRACK, "recertifications": []}


class TestEnrollment:
    def accept(self, version: str, on: date) -> Answer:
        return ANN.put("/enrollment", {"terms_version": version}, on=on)

    def test_once_more_changes_nothing(self) -> None:
        before = ledger.load("ann").version
        answer = self.accept("2021-01", on=date(2022, 1, 1))
        assert (answer.status, answer.body) == (200, {"terms_version": "2021-01", "accepted_on": "2021-01-29"})
        assert ledger.load("ann").version == before

    def test_in_a_new_version_is_recorded_beside_the_old(self) -> None:
        answer = self.accept("2022-01", on=date(2022, 1, 1))
        assert (answer.status, answer.body) == (200, {"terms_version": "2022-01", "accepted_on": "2022-01-01"})
        assert self.accept("2021-01", on=date(2022, 1, 2)).body["accepted_on"] == "2021-01-29"


class TestFee:
    """Edition 2017: 100 credits, then the fee."""

    PAID = date(2018, 4, 2)

    @pytest.fixture(autouse=True)
    def expert_of_2017(self, table: None) -> None:
        on = date(2017, 7, 1)
        self.cid = signed_in("cid@example.com")
        assert OPERATOR.put("/admin/holders/cid", {"accounts": ["cid@example.com"]}, on=on).status == 201
        imported = {
            "certification": "ccie",
            "level": "expert",
            "cycle_started_on": "2017-01-20",
            "expires_on": "2019-01-20",
        }
        assert OPERATOR.post("/admin/holders/cid/certifications", imported, on=on).status == 201
        self.cid.put("/enrollment", {"terms_version": "1"}, on=on)
        keep_course("BIG", versions=[{"version": "1", "credits": 100}])

    def earn(self) -> None:
        body = {**CLAIM, "course": "BIG", "version": "1", "started_on": "2018-03-05", "completed_on": "2018-03-09"}
        claim_id = self.cid.post("/claims", body, on=date(2018, 3, 12), key="1").body["claim_id"]
        OPERATOR.post(f"/admin/claims/{claim_id}/decision", {"outcome": "earned"}, on=date(2018, 3, 13))

    def pay(self, amount: str = "300.00", reference: str = "p-1", on: date = PAID, **changes: str) -> Answer:
        body = {"certification": "ccie", "amount": amount, "payment_reference": reference, **changes}
        return self.cid.post("/fee-payments", body, on=on)

    def test_is_not_due_before_the_credits(self) -> None:
        answer = self.pay()
        assert (answer.status, answer.body["rule"]) == (422, "fee-not-due")
        assert answer.body["facts"] == {"paid_on": "2018-04-02", "credits": {"ccie": 0}}

    def test_is_not_due_for_a_certification_that_the_holder_has_not(self) -> None:
        self.earn()
        assert self.pay(certification="ccnp").body["rule"] == "fee-not-due"

    def test_is_to_be_paid_in_the_exact_amount(self) -> None:
        self.earn()
        answer = self.pay("299.99")
        assert (answer.status, answer.body["rule"]) == (422, "fee-amount")
        assert answer.body["facts"] == {"amount": "299.99", "fee": "300.00"}

    @pytest.mark.parametrize(
        "amount", ["", "-300.00", "300,00", "3e2", "NaN", "300.0", "USD 300.00", "\N{ARABIC-INDIC DIGIT THREE}00.00"]
    )
    def test_is_an_amount_in_digits(self, amount: str) -> None:
        assert self.pay(amount).fields == ["amount"]

    def test_recertifies(self) -> None:
        self.earn()
        answer = self.pay("300")
        assert answer.status == 201
        assert answer.body == {
            "certification": "ccie",
            "amount": "300",
            "payment_reference": "p-1",
            "paid_on": "2018-04-02",
        }
        (entry,) = self.cid.get("/certifications/ccie/history", on=self.PAID).body["recertifications"]
        assert (entry["date"], entry["option"]) == ("2018-04-02", {"credits": 100, "fee": 1})

    def test_is_recorded_once_for_a_payment(self) -> None:
        self.earn()
        first = self.pay()
        again = self.pay(on=date(2018, 5, 1))
        assert (again.status, again.body) == (201, first.body)
        for changed in (self.pay("200.00"), self.pay(certification="ccnp")):
            assert (changed.status, changed.body["rule"]) == (422, "idempotency-key-reused")

    def test_is_not_paid_twice_in_a_cycle(self) -> None:
        self.earn()
        assert self.pay().status == 201
        assert self.pay(reference="p-2").body["rule"] == "fee-not-due"

    def test_is_never_due_under_edition_2020(self) -> None:
        answer = self.pay(on=date(2020, 2, 24))
        assert (answer.body["rule"], answer.body["facts"]["edition"]) == ("fee-not-due", "edition-2020")

    def test_of_one_holder_is_not_another_s(self) -> None:
        self.earn()
        assert self.pay().status == 201
        keep_holder("bob")
        body = {"certification": TRACK, "amount": "300.00", "payment_reference": "p-1"}
        answer = signed_in("bob@example.com").post("/fee-payments", body)
        assert (answer.status, answer.body["rule"]) == (422, "idempotency-key-reused")
