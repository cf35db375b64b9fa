"""Claims over HTTP: submitted, refused, submitted again, read."""

from datetime import date
from typing import Any

import ledger
import pytest

from tests.functions.certificates import uploaded
from tests.functions.http import ANN, OPERATOR, TODAY, Answer, signed_in
from tests.functions.sample import CLAIM, ENCOR, keep_course, keep_holder

pytestmark = pytest.mark.usefixtures("holder")


def claim(key: str = "1", on: date = TODAY, **changes: Any) -> Answer:
    return ANN.post("/claims", {**CLAIM, **changes}, key=key, on=on)


def test_a_claim_is_answered_whole_and_where_it_is_read() -> None:
    answer = claim()
    assert answer.status == 201
    assert answer.headers["location"] == "/claims/ann-0001"
    assert answer.body == {
        "claim_id": "ann-0001",
        "course": "ENCOR",
        "title": "Implementing Enterprise Network Core Technologies",
        "version": "1.2",
        "item_type": "instructor-led-training",
        "provider": "acme",
        "credits": 64,
        "status": "pending",
        "reason": None,
        "started_on": "2021-02-15",
        "completed_on": "2021-02-19",
        "submitted_on": "2021-03-01",
        "decided_on": None,
        "expires_on": None,
        "overdue": False,
    }
    assert ANN.get("/claims/ann-0001").body == answer.body


@pytest.mark.parametrize(
    ("changes", "rule", "facts"),
    [
        ({"course": "NONE"}, "unknown-course", {"course": "NONE"}),
        ({"version": "9"}, "unknown-version", {"version": "9", "versions": ["1.0", "1.2"]}),
        ({"item_type": "activity"}, "item-type-mismatch", {"item_type": "activity"}),
        ({"provider": "vendor"}, "provider-not-offering", {"provider": "vendor", "providers": ["acme", "globex"]}),
        ({"started_on": "2021-02-20"}, "dates-out-of-order", {"started_on": "2021-02-20"}),
        ({"completed_on": "2021-03-02"}, "completion-in-future", {"completed_on": "2021-03-02"}),
        ({"completed_on": "9999-12-31"}, "completion-in-future", {"submitted_on": "2021-03-01"}),
        ({"started_on": "0001-01-01", "completed_on": "0001-01-01"}, "before-program-start", {}),
        ({"item_type": "direct-delivery", "provider": "vendor"}, "certificate-required", {}),
        ({"certificate_id": "cdll-1"}, "certificate-id-format", {"certificate_id": "cdll-1"}),
        ({"started_on": "2021-01-25", "completed_on": "2021-01-29"}, "cycle-closed", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_rule_that_rejects_is_named_with_its_facts(changes: dict[str, str], rule: str, facts: dict[str, Any]) -> None:
    answer = claim(**changes)
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.body["type"] == f"/problems/{rule}"
    assert answer.body["rule"] == rule
    assert answer.body["status"] == 422
    assert facts.items() <= answer.body["facts"].items()
    assert answer.body["detail"]
    assert ledger.load("ann").version == 3


def test_a_claim_is_in_time_on_day_365_and_late_on_day_366() -> None:
    late = claim(on=date(2022, 2, 20))
    assert (late.status, late.body["rule"]) == (422, "claim-window")
    assert late.body["facts"] == {
        "completed_on": "2021-02-19",
        "last_day": "2022-02-19",
        "submitted_on": "2022-02-20",
    }
    assert claim(on=date(2022, 2, 19)).status == 201


def test_whoever_has_not_accepted_the_terms_is_refused() -> None:
    assert OPERATOR.put("/admin/holders/bob", {"accounts": ["bob@example.com"]}).status == 201
    answer = signed_in("bob@example.com").post("/claims", CLAIM, key="1")
    assert (answer.status, answer.body["rule"]) == (422, "terms-required")


def test_a_duplicate_course_is_a_conflict_from_any_account() -> None:
    ann = {"accounts": ["ann@example.com", "ann@home.example"], "name": "Ann"}
    assert OPERATOR.put("/admin/holders/ann", ann).status == 200
    assert claim().status == 201
    answer = signed_in("ann@home.example").post("/claims", {**CLAIM, "version": "1.0"}, key="1")
    assert (answer.status, answer.body["rule"]) == (409, "duplicate-course")
    assert answer.body["facts"]["claim"] == "ann-0001"


@pytest.mark.parametrize("certificate_id", ["", "  ", None, "CDLL-1"])
def test_a_certificate_s_id_may_be_blank(bucket: None, certificate_id: str | None) -> None:
    changes = {"item_type": "direct-delivery", "provider": "vendor", "certificate_key": uploaded("ann@example.com")}
    assert claim(certificate_id=certificate_id, **changes).status == 201


def test_credits_are_the_catalog_s_on_the_day_of_submission() -> None:
    claim()
    keep_course("ENCOR", versions=[{"version": "1.2", "credits": 10}])
    assert ANN.get("/claims/ann-0001").body["credits"] == 64


def test_a_request_sent_again_is_answered_as_it_was_then() -> None:
    first = claim(on=date(2021, 3, 1))
    assert OPERATOR.post("/admin/claims/ann-0001/decision", {"outcome": "earned"}, on=date(2021, 3, 2)).status == 200
    again = claim(on=date(2021, 5, 1))
    assert (again.status, again.headers, again.body) == (first.status, first.headers, first.body)
    assert len(ANN.get("/claims").body["items"]) == 1


def test_the_same_is_the_same_however_it_is_written() -> None:
    first = claim()
    text = (
        '{"completed_on":"2021-02-19",\n "certificate_id":null,'
        + "".join(f'"{name}": "{CLAIM[name]}",' for name in ("course", "version", "item_type", "provider"))
        + '"started_on":"2021-02-15"}'
    )
    assert ANN.send("POST", "/claims", text, headers={"Idempotency-Key": "1"}).body == first.body


def test_a_key_is_not_for_two_claims() -> None:
    claim()
    answer = claim(provider="globex")
    assert (answer.status, answer.body["rule"]) == (422, "idempotency-key-reused")
    assert ANN.get("/claims/ann-0001").body["provider"] == "acme"


def test_keys_of_two_accounts_and_of_two_holders_do_not_meet() -> None:
    bob = keep_holder("bob")
    ann = {"accounts": ["ann@example.com", "ann@home.example"], "name": "Ann"}
    assert OPERATOR.put("/admin/holders/ann", ann).status == 200
    keep_course("OTHER")
    claims = [
        claim(),
        signed_in("ann@home.example").post("/claims", {**CLAIM, "course": "OTHER"}, key="1"),
        bob.post("/claims", CLAIM, key="1"),
    ]
    assert [answer.status for answer in claims] == [201, 201, 201]
    assert [answer.body["claim_id"] for answer in claims] == ["ann-0001", "ann-0002", "bob-0001"]


def test_a_claim_that_was_refused_is_decided_anew() -> None:
    assert claim(course="LATER").status == 422
    keep_course("LATER")
    assert claim(course="LATER").status == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "\N{SNOWMAN}", "a\tb"])
def test_a_claim_needs_a_key_that_is_one(key: str) -> None:
    answer = ANN.send("POST", "/claims", CLAIM, headers={"idempotency-key": key})
    assert (answer.status, answer.fields) == (400, ["Idempotency-Key"])


def test_a_claim_needs_a_key() -> None:
    answer = ANN.post("/claims", CLAIM)
    assert (answer.status, answer.fields) == (400, ["Idempotency-Key"])


def test_a_claim_shows_on_each_day_what_it_is_that_day_though_no_sweep_has_run() -> None:
    claim()
    assert [ANN.get("/claims/ann-0001", on=date(2021, 3, day)).body["overdue"] for day in (30, 31)] == [False, True]
    OPERATOR.post("/admin/claims/ann-0001/decision", {"outcome": "earned"}, on=date(2021, 4, 1))
    assert ANN.get("/claims/ann-0001", on=date(2024, 1, 29)).body["status"] == "earned"
    after = ANN.get("/claims/ann-0001", on=date(2024, 1, 30)).body
    assert (after["status"], after["reason"], after["expires_on"]) == ("expired", "certification-expired", None)


@pytest.mark.parametrize("claim_id", ["ann-0002", "ann", "x", "%2e%2e", "a" * 500, "H#ann"])
def test_a_claim_that_is_none_is_absent(claim_id: str) -> None:
    assert ANN.get(f"/claims/{claim_id}").status == 404


class TestList:
    @pytest.fixture(autouse=True)
    def claims(self, holder: None) -> None:
        titles = {"ALPHA": "Routing", "BETA": "Switching", "GAMMA": "routing in depth"}
        for day, (course, title) in enumerate(titles.items(), 1):
            keep_course(course, title=title, versions=[{"version": "1.2", "credits": 10 * day}])
            claim(course, on=date(2021, 3, day), course=course)
        OPERATOR.post("/admin/claims/ann-0002/decision", {"outcome": "earned"}, on=date(2021, 3, 5))

    def ids(self, query: str) -> list[str]:
        answer = ANN.get(f"/claims?{query}", on=date(2021, 3, 6))
        return [item["course"] for item in answer.body["items"]]

    @pytest.mark.parametrize(
        ("query", "courses"),
        [
            ("", ["GAMMA", "BETA", "ALPHA"]),
            ("status=earned", ["BETA"]),
            ("status=denied", []),
            ("q=ROUTING", ["GAMMA", "ALPHA"]),
            ("q=bet", ["BETA"]),
            ("q=routing&status=pending&sort=credits", ["ALPHA", "GAMMA"]),
            ("sort=submitted_on", ["ALPHA", "BETA", "GAMMA"]),
            ("sort=-title", ["BETA", "GAMMA", "ALPHA"]),
            ("sort=-credits", ["GAMMA", "BETA", "ALPHA"]),
            ("sort=expires_on", ["BETA", "ALPHA", "GAMMA"]),
            ("sort=-expires_on", ["BETA", "GAMMA", "ALPHA"]),
            ("status=&q=&sort=&limit=&cursor=", ["GAMMA", "BETA", "ALPHA"]),
        ],
    )
    def test_is_filtered_and_sorted(self, query: str, courses: list[str]) -> None:
        assert self.ids(query) == courses

    @pytest.mark.parametrize("sort", ["title", "-title", "expires_on", "-expires_on", "status", "credits", "item_type"])
    def test_gives_everything_once_page_by_page(self, sort: str) -> None:
        whole, found, cursor = self.ids(f"sort={sort}"), [], ""
        while True:
            page = ANN.get(f"/claims?sort={sort}&limit=1&cursor={cursor}", on=date(2021, 3, 6)).body
            found += [item["course"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert found == whole

    def test_goes_on_where_it_was_when_a_claim_is_added(self) -> None:
        cursor = ANN.get("/claims?limit=2", on=date(2021, 3, 6)).body["next_cursor"]
        claim("new", on=date(2021, 3, 6))
        assert self.ids(f"limit=2&cursor={cursor}") == ["ALPHA"]

    @pytest.mark.parametrize(
        ("query", "fields"),
        [
            ("limit=0", ["limit"]),
            ("limit=101", ["limit"]),
            ("limit=x", ["limit"]),
            ("limit=1.0", ["limit"]),
            ("status=lost", ["status"]),
            ("sort=claim_id", ["sort"]),
            ("colour=red", ["colour"]),
            ("limit=0&status=x&sort=y", ["limit", "sort", "status"]),
            ("q=" + "x" * 201, ["q"]),
            ("cursor=x", ["cursor"]),
        ],
    )
    def test_names_what_is_wrong_with_its_query(self, query: str, fields: list[str]) -> None:
        answer = ANN.get(f"/claims?{query}")
        assert (answer.status, answer.fields) == (400, fields)

    @pytest.mark.parametrize("limit", [1, 100])
    def test_takes_a_limit_from_1_to_100(self, limit: int) -> None:
        assert ANN.get(f"/claims?limit={limit}").status == 200


def test_25_claims_are_a_page() -> None:
    for number in range(26):
        keep_course(f"C{number}", versions=ENCOR["versions"])
        claim(str(number), course=f"C{number}")
    page = ANN.get("/claims").body
    assert len(page["items"]) == 25
    assert len(ANN.get(f"/claims?cursor={page['next_cursor']}").body["items"]) == 1
