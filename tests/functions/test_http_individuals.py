"""The individuals of a partner over HTTP: joining, leaving, roles, and events that they attended."""

import json
from base64 import b64decode
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import ledger
import pytest
from api import certificates
from ledger import UnknownHolder, erasing, holdings
from ledger.values import digest

from tests.functions.certificates import FILES, kept, uploaded
from tests.functions.http import MAX, OPERATOR, PIA, TODAY, Answer
from tests.functions.partners import (
    APPROVED,
    DONE,
    EXPRESS,
    NORTHWIND,
    administrator,
    do,
    fill,
    keep_individual,
    keep_partner,
    points,
    qualify,
)
from tests.functions.sample import keep_holder

pytestmark = pytest.mark.usefixtures("partner")
ROLES = [{"specialization": "express-networking", "role": role} for role in ("am", "fe")]
ACCOUNT = "pia@northwind.example"


def individuals(on: date = TODAY) -> dict[str, Any]:
    listed = MAX.get(f"{NORTHWIND}/individuals", on=on).body["individuals"]
    return {line["individual"]: line for line in listed}


def associate(body: Any, on: date = TODAY, key: str | None = None) -> Answer:
    return PIA.post(f"{NORTHWIND}/individuals", body, on=on, key=key)


def leave(individual: str, on: date = TODAY) -> Answer:
    return PIA.send("DELETE", f"{NORTHWIND}/individuals/{individual}", on=on)


class TestAssociating:
    def test_names_an_account(self) -> None:
        keep_holder("bob")
        answer = associate({"account": "Bob@Example.com"})
        expected = {
            "individual": "bob",
            "name": "Bob",
            "employee": "current",
            "stays": [{"first": "2021-03-01", "last": None}],
            "roles": [],
        }
        assert (answer.status, answer.body) == (201, expected)
        assert individuals()["bob"] == expected

    def test_anew_may_name_who_was_there_before(self) -> None:
        keep_individual("bob")
        leave("bob")
        answer = associate({"individual": "bob"}, on=TODAY + timedelta(days=10))
        assert (answer.status, answer.body["employee"], len(answer.body["stays"])) == (201, "current", 2)

    def test_anew_may_name_another_id_of_the_same_person(self) -> None:
        keep_holder("annie")
        assert OPERATOR.post("/admin/holders/annie/merge", {"into": "ann"}).status == 200
        answer = associate({"individual": "annie"})
        assert (answer.status, answer.body["individual"]) == (201, "ann")

    @pytest.mark.parametrize("named", ["individual", "account"])
    def test_of_who_was_erased_is_bad_input(self, named: str) -> None:
        keep_individual("bob")
        leave("bob")
        erasing.erase("bob", TODAY)
        answer = associate({"individual": "bob"} if named == "individual" else {"account": "bob@example.com"})
        assert (answer.status, answer.fields) == (400, [named])
        with pytest.raises(UnknownHolder):
            ledger.associate("northwind", "bob", TODAY)
        assert individuals()["bob"]["employee"] == "previous"
        erasing.finish("bob")

    def test_brings_what_was_done_in_the_present_window(self) -> None:
        keep_holder("bob")
        do("bob", "NET-LAB", APPROVED, known=DONE)
        do("bob", "ENCOR")
        associate({"account": "bob@example.com"})
        assert [line["item"] for line in points()["current"]] == ["ENCOR"]

    @pytest.mark.parametrize("body", [{"account": "zoe@example.com"}, {"individual": "zoe"}])
    def test_of_somebody_unknown_is_bad_input(self, body: dict[str, str]) -> None:
        answer = associate(body)
        assert (answer.status, answer.fields) == (400, [*body])
        assert "zoe" not in individuals()

    def test_names_one_or_the_other(self) -> None:
        answer = associate({"account": "ann@example.com", "individual": "ann"})
        assert (answer.status, answer.fields) == (400, ["individual"])

    def test_sent_again_with_its_key_is_answered_as_it_was_then(self) -> None:
        keep_holder("bob")
        body = {"account": "bob@example.com"}
        first = associate(body, key="k")
        again = associate(body, key="k", on=TODAY + timedelta(days=1))
        assert (again.status, again.body) == (201, first.body)
        assert associate({"account": "ann@example.com"}, key="k").body["rule"] == "idempotency-key-reused"

    @pytest.mark.parametrize("now_of", ["cid", "nobody"])
    def test_sent_again_with_its_key_is_of_whom_the_account_was_then(self, now_of: str) -> None:
        for holder, account in (("bob", "b@example.com"), ("cid", "c@example.com")):
            ledger.link_accounts(holder, [account], holder.title(), TODAY)
        first = associate({"account": "b@example.com"}, key="k")
        ledger.link_accounts("bob", ["b@work.example"], "Bob", TODAY)
        if now_of == "cid":
            ledger.link_accounts("cid", ["b@example.com"], "Cid", TODAY)
        again = associate({"account": "b@example.com"}, key="k")
        assert (again.status, again.body) == (201, first.body)
        assert "cid" not in individuals()

    def test_of_somebody_who_is_there_changes_nothing(self) -> None:
        before = individuals()
        assert associate({"individual": "ann"}).status == 201
        assert individuals() == before


class TestLeaving:
    def test_ends_the_stay_today_and_vacates_the_roles(self) -> None:
        answer = leave("ann")
        assert answer.status == 200
        assert (answer.body["employee"], answer.body["roles"]) == ("previous", [])
        assert answer.body["stays"] == [{"first": "2020-04-01", "last": "2021-03-01"}]
        am = PIA.get(EXPRESS).body["roles"][0]
        assert (am["individual"], am["associated"], am["candidates"]) == ("ann", False, [])

    def test_and_returning_fills_the_roles_again(self) -> None:
        leave("ann")
        answer = associate({"individual": "ann"}, on=TODAY + timedelta(days=10))
        assert answer.body["roles"] == ROLES
        assert [stay["first"] for stay in answer.body["stays"]] == ["2020-04-01", "2021-03-11"]

    def test_twice_is_leaving_once(self) -> None:
        first = leave("ann")
        assert leave("ann", on=TODAY + timedelta(days=1)).body == first.body

    @pytest.mark.parametrize("individual", ["bob", "zoe", "a b", "x" * 101])
    def test_of_who_never_came_is_absent(self, individual: str) -> None:
        keep_holder("bob")
        assert leave(individual).status == 404

    def test_of_an_id_that_was_merged_is_of_the_person(self) -> None:
        keep_individual("annie")
        assert OPERATOR.post("/admin/holders/annie/merge", {"into": "ann"}).status == 200
        assert leave("annie").body["individual"] == "ann"


class TestRole:
    def test_goes_to_whoever_is_named_last(self) -> None:
        keep_individual("bob")
        qualify("bob")
        answer = fill("bob", "am", on=TODAY)
        assert (answer.status, answer.body["individual"], answer.body["name"]) == (200, "bob", "Bob")
        assert (answer.body["qualifies"], sorted(answer.body["candidates"])) == (True, ["ann", "bob"])
        assert individuals()["ann"]["roles"] == ROLES[1:]

    def test_may_be_that_of_who_has_left(self) -> None:
        keep_individual("bob")
        leave("bob")
        answer = fill("bob", "am", on=TODAY)
        assert (answer.status, answer.body["name"], answer.body["associated"]) == (200, "Bob", False)

    def test_is_judged_when_it_matters(self) -> None:
        keep_individual("bob")
        answer = fill("bob", "am", on=TODAY)
        assert (answer.status, answer.body["qualifies"], answer.body["candidates"]) == (200, False, ["ann"])
        assert "core-not-met" in PIA.get(EXPRESS).body["blocked_by"]

    @pytest.mark.parametrize("role", ["se", "ceo", "a b"])
    def test_that_is_not_asked_for_is_absent(self, role: str) -> None:
        assert fill("ann", role).status == 404

    def test_of_what_is_not_on_offer_is_absent(self) -> None:
        assert PIA.put(f"{NORTHWIND}/specializations/nothing/roles/am", {"individual": "ann"}).status == 404


class TestAttendance:
    BODY = {  # noqa: RUF012 - never changed
        "individual": "ann",
        "item": "CONFERENCE",
        "completed_on": "2021-02-20",
        "specialization": "express-networking",
    }

    @pytest.fixture(autouse=True)
    def proofs(self, bucket: None) -> None:
        pass

    def attend(self, key: str | None = None, **changes: Any) -> Answer:
        body = {**self.BODY, "proof_key": uploaded(ACCOUNT), **changes}
        return PIA.post(f"{NORTHWIND}/activities", body, key=key)

    def test_counts_for_the_specialization_that_is_chosen(self) -> None:
        proof = uploaded(ACCOUNT)
        answer = self.attend(proof_key=proof)
        assert answer.status == 201
        known = {"mode": "attended", "points": 20, "proof": True, "recorded_on": str(TODAY)}
        activity = str(ledger.load_partner("northwind").version)
        counts = {"counts": True, "because": None, "rule": None}
        assert answer.body == {**self.BODY, "partner": "northwind", "activity": activity, **known, **counts}
        assert [(line["item"], line["points"]) for line in points()["current"]] == [("CONFERENCE", 20)]
        assert kept(proof) == FILES["application/pdf"]
        (fact,) = ledger.load_partner("northwind").entries[-1].facts
        assert (fact["proof"], fact["proof_key"]) == (True, proof)

    def test_is_of_today_unless_told_otherwise(self) -> None:
        body = {name: value for name, value in self.BODY.items() if name != "completed_on"}
        answer = PIA.post(f"{NORTHWIND}/activities", {**body, "proof_key": uploaded(ACCOUNT)})
        assert answer.body["completed_on"] == "2021-03-01"

    def test_needs_a_proof(self) -> None:
        for none in (None, "", "  "):
            answer = self.attend(proof_key=none)
            assert (answer.status, answer.body["rule"]) == (422, "proof-required")
        assert points()["current"] == []

    def test_counts_once_for_one_specialization(self) -> None:
        assert self.attend().status == 201
        assert self.attend().status == 201
        answer = self.attend(specialization="collaboration")
        assert (answer.status, answer.body["rule"]) == (422, "points-listed")
        assert points()["points"] == 20

    @pytest.mark.parametrize(
        ("changes", "rule", "because"),
        [
            ({"completed_on": str(APPROVED)}, "late-activity", f"holds what is dated after {APPROVED}."),
            ({"individual": "bob"}, "points-associated", "bob was not associated with the partner on 2021-02-20."),
            ({"mode": "downloaded"}, "points-viewed", "only downloaded"),
            ({"specialization": "collaboration"}, "not-held", "collaboration is not held"),
            ({"specialization": "video-provider"}, "no-points-for-atp", "video-provider is held without points"),
        ],
    )
    def test_that_counts_nothing_is_kept_and_says_why(self, changes: Any, rule: str, because: str) -> None:
        keep_individual("bob", on=TODAY)
        answer = self.attend(key="k", **changes)
        assert (answer.status, answer.body["points"]) == (201, 20)
        assert (answer.body["counts"], answer.body["rule"]) == (False, rule)
        assert because in answer.body["because"]
        assert points()["points"] == 0
        assert PIA.get(f"{NORTHWIND}/activities").body["items"] == [answer.body]

    def test_that_is_sent_again_with_its_key_is_answered_the_same_though_it_counts_no_longer(self) -> None:
        proof = uploaded(ACCOUNT)
        first = self.attend(key="k", proof_key=proof)
        assert self.attend(completed_on="2021-02-19").body["counts"] is True
        assert self.attend(key="k", proof_key=proof).body == first.body
        listed = PIA.get(f"{NORTHWIND}/activities").body["items"]
        assert [(line["completed_on"], line["counts"], line["rule"]) for line in listed] == [
            ("2021-02-19", True, None),
            ("2021-02-20", False, "points-once"),
        ]

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"individual": "zoe"}, 400),
            ({"completed_on": "2021-03-02"}, 400),
            ({"specialization": "collaboration"}, 422),
        ],
    )
    def test_that_is_refused_leaves_no_file_and_may_be_mended_with_the_same(
        self, changes: dict[str, str], status: int
    ) -> None:
        assert self.attend().status == 201
        proof = uploaded(ACCOUNT)
        assert self.attend(proof_key=proof, **changes).status == status
        assert not certificates.is_there(f"kept/{proof}")
        assert self.attend(proof_key=proof).status == 201
        assert certificates.is_there(f"kept/{proof}")

    def test_of_an_item_that_operators_keep_is_accepted_with_its_proof(self) -> None:
        assert OPERATOR.put("/admin/items/SUMMIT", {"points": 15, "event": True}).status == 201
        assert self.attend(item="SUMMIT").body["points"] == 15

    def test_of_two_people_may_rest_on_one_proof(self) -> None:
        keep_individual("bob")
        proof = uploaded(ACCOUNT)
        told = [self.attend(individual=who, proof_key=proof) for who in ("ann", "bob")]
        assert [answer.status for answer in told] == [201, 201]
        assert holdings.proofs()[proof] == {"ann", "bob"}

    def test_sent_again_with_its_key_asks_for_no_file(self) -> None:
        proof = uploaded(ACCOUNT)
        first = self.attend(key="k", proof_key=proof)
        for place in certificates.places(proof):
            certificates.delete(place)
        again = self.attend(key="k", proof_key=proof)
        assert (again.status, again.body) == (201, first.body)

    def test_does_not_follow_the_individual(self) -> None:
        keep_partner("tailspin")
        keep_individual("ann", partner="tailspin")
        assert self.attend().status == 201
        seen = administrator("tailspin").get("/partners/tailspin/specializations/express-networking").body
        assert seen["points"] == 0

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"item": "NET-LAB"}, ["item"]),
            ({"item": "NOTHING"}, ["item"]),
            ({"specialization": "nothing"}, ["specialization"]),
            ({"completed_on": "2021-03-02"}, ["completed_on"]),
            ({"mode": "slept"}, ["mode"]),
            ({"individual": "zoe"}, ["individual"]),
        ],
    )
    def test_that_cannot_be_one_is_bad_input(self, changes: dict[str, str], fields: list[str]) -> None:
        before = ledger.load_partner("northwind").version
        answer = self.attend(**changes)
        assert (answer.status, answer.fields) == (400, fields)
        assert ledger.load_partner("northwind").version == before

    @pytest.mark.parametrize(
        ("key", "why"),
        [
            (f"{digest('max@example.com')}/{'0' * 32}", "is no key"),
            (f"{digest(ACCOUNT)}/{'0' * 32}", "nothing"),
            ("../../x", "is no key"),
        ],
    )
    def test_takes_no_proof_but_what_the_account_uploaded(self, key: str, why: str) -> None:
        answer = self.attend(proof_key=key)
        assert (answer.status, answer.fields) == (400, ["proof_key"])
        message = answer.body["errors"][0]["message"]
        assert why in message
        assert "POST /partners/{partner}/proofs" in message

    def test_takes_no_file_that_is_not_what_it_says(self) -> None:
        key = uploaded(ACCOUNT, content=b"<html>")
        answer = self.attend(proof_key=key)
        assert (answer.status, answer.fields) == (400, ["proof_key"])

    def test_sent_again_with_its_key_is_answered_as_it_was_then(self) -> None:
        proof = uploaded(ACCOUNT)
        first = self.attend(key="k", proof_key=proof)
        before = ledger.load_partner("northwind").version
        assert self.attend(key="k", proof_key=proof).body == first.body
        assert ledger.load_partner("northwind").version == before
        assert self.attend(key="k", proof_key=proof, item="NET-LAB").status == 400
        assert self.attend(key="k", proof_key=proof, mode="viewed").body["rule"] == "idempotency-key-reused"

    def test_s_proof_has_a_place_of_its_own_in_the_account(self) -> None:
        answer = PIA.post(f"{NORTHWIND}/proofs", {"content_type": "image/png"})
        assert answer.status == 201
        fields = answer.body["upload"]["fields"]
        assert fields["key"] == f"uploads/{answer.body['proof_key']}"
        assert answer.body["proof_key"].startswith(digest(ACCOUNT))
        assert {"Content-Type": "image/png"} in json.loads(b64decode(fields["policy"]))["conditions"]

    def test_is_listed_the_last_first_a_page_at_a_time(self) -> None:
        days = [str(DONE + timedelta(days=number)) for number in range(3)]
        told = [self.attend(completed_on=day).body for day in days]
        assert self.attend(proof_key=None).status == 422
        shown, cursor = [], ""
        while cursor is not None:
            page = MAX.get(f"{NORTHWIND}/activities?limit=2&cursor={cursor}").body
            shown += page["items"]
            cursor = page["next_cursor"]
        assert shown == told[::-1]

    @pytest.mark.parametrize(("content_type", "extension"), [("application/pdf", "pdf"), ("image/png", "png")])
    def test_s_proof_can_be_fetched_for_a_minute(self, content_type: str, extension: str) -> None:
        proof = uploaded(ACCOUNT, content_type)
        activity = self.attend(proof_key=proof).body["activity"]
        answer = MAX.get(f"{NORTHWIND}/activities/{activity}/proof")
        assert (answer.status, answer.body["content_type"], answer.body["expires_in_seconds"]) == (
            200,
            content_type,
            60,
        )
        link = urlsplit(answer.body["url"])
        assert link.path.endswith(f"kept/{proof}")
        disposition = parse_qs(link.query)["response-content-disposition"]
        assert disposition == [f'attachment; filename="proof-{activity}.{extension}"']

    @pytest.mark.parametrize("activity", ["1", "0", "999", "x", "1.0"])
    def test_that_is_none_has_no_proof(self, activity: str) -> None:
        """Entry 1 is an individual who joined."""
        assert PIA.get(f"{NORTHWIND}/activities/{activity}/proof").status == 404

    def test_without_a_proof_has_none_to_fetch(self) -> None:
        activity = self.attend(proof_key=None, mode="downloaded").body["activity"]
        assert PIA.get(f"{NORTHWIND}/activities/{activity}/proof").status == 404
