"""Continuous learning as operators keep it: partners, items, libraries, numbers, exams, badges, and who is who."""

from datetime import date, timedelta
from typing import Any

import ledger
import pytest

from tests.functions.http import MAX, OPERATOR, PIA, TODAY, Answer, signed_in
from tests.functions.partners import APPROVED, DONE, EXPRESS, NORTHWIND, do, keep_individual, points
from tests.functions.sample import keep_holder

pytestmark = pytest.mark.usefixtures("partner")
LIBRARY = "/admin/specializations/express-networking/library"


def learning(on: date = TODAY) -> Any:
    return OPERATOR.get("/admin/learning", on=on).body


def detail(on: date = TODAY) -> Any:
    return PIA.get(EXPRESS, on=on).body


class TestPartner:
    BODY = {"name": "Fabrikam", "account_managers": ["Max@Example.com"], "contacts": ["ops@fabrikam.example"]}  # noqa: RUF012

    def test_is_kept_as_given_in_place_of_what_was_kept(self) -> None:
        expected = {**self.BODY, "partner": "fabrikam", "account_managers": ["max@example.com"]}
        first = OPERATOR.put("/admin/partners/fabrikam", self.BODY)
        assert (first.status, first.body) == (201, expected)
        assert OPERATOR.put("/admin/partners/fabrikam", self.BODY).status == 200
        listed = OPERATOR.get("/admin/partners").body["partners"]
        assert [line["partner"] for line in listed] == ["fabrikam", "northwind"]
        assert listed[0] == expected
        assert [item["partner"] for item in MAX.get("/partners").body["items"]] == ["fabrikam", "northwind"]

    def test_loses_an_account_manager_who_is_not_named_any_more(self) -> None:
        OPERATOR.put("/admin/partners/fabrikam", self.BODY)
        OPERATOR.put("/admin/partners/fabrikam", {**self.BODY, "account_managers": ["mia@example.com"]})
        assert [item["partner"] for item in MAX.get("/partners").body["items"]] == ["northwind"]
        mia = signed_in("mia@example.com", "account-manager")
        assert [item["partner"] for item in mia.get("/partners").body["items"]] == ["fabrikam"]

    def test_named_twice_is_assigned_once(self) -> None:
        twice = {**self.BODY, "account_managers": ["max@example.com", "MAX@example.com"]}
        assert OPERATOR.put("/admin/partners/fabrikam", twice).body["account_managers"] == ["max@example.com"]

    def test_can_have_all_its_account_managers_replaced_at_once(self) -> None:
        for team in ("a", "b"):
            managers = [f"{team}{number}@example.com" for number in range(40)]
            assert OPERATOR.put("/admin/partners/fabrikam", {**self.BODY, "account_managers": managers}).status < 300
        assert OPERATOR.get("/admin/partners").body["partners"][0]["account_managers"] == managers

    @pytest.mark.parametrize(
        ("path", "changes", "fields"),
        [
            ("/admin/partners/a b", {}, ["partner"]),
            ("/admin/partners/-x", {}, ["partner"]),
            ("/admin/partners/x", {"account_managers": ["max"]}, ["account_managers.0"]),
            ("/admin/partners/x", {"contacts": ["a@b c"]}, ["contacts.0"]),
            ("/admin/partners/x", {"name": ""}, ["name"]),
            ("/admin/partners/x", {"contacts": ["a@b.example"] * 41}, ["contacts"]),
        ],
    )
    def test_that_cannot_be_one_is_refused(self, path: str, changes: Any, fields: list[str]) -> None:
        answer = OPERATOR.put(path, {**self.BODY, **changes})
        assert (answer.status, answer.fields) == (400, fields)


class TestProgram:
    def test_is_shown_whole(self) -> None:
        body = learning()
        assert {line["type"]: line["points_required"] for line in body["types"]} == {
            "advanced-architecture": 100,
            "advanced-technology": None,
            "express": 40,
        }
        express = next(line for line in body["specializations"] if line["specialization"] == "express-networking")
        assert (express["type"], express["mandatory"]) == ("express", ["NET-SALES"])
        assert express["roles"]["am"] == {"exams": ["700-501"], "badge": None, "certification": None}
        items = {line["item"]: line for line in body["items"]}
        assert items["NET-SALES"] == {
            "item": "NET-SALES",
            "points": None,
            "minutes": 59,
            "exceptional": False,
            "event": False,
            "worth": 1,
        }
        assert items["ENCOR"]["worth"] == 20
        assert items["COLLAB-LAB"]["worth"] == 25

    def test_shows_what_operators_changed(self) -> None:
        OPERATOR.put("/admin/items/NEW", {"points": 3})
        OPERATOR.put(LIBRARY, {"library": ["NEW", "ENCOR"], "mandatory": ["NEW"]})
        OPERATOR.put("/admin/specialization-types/advanced-technology", {"points_required": 70})
        OPERATOR.put("/admin/exams/700-513/replacement", {"by": "700-599", "retake": True})
        body = learning()
        assert {line["type"]: line["points_required"] for line in body["types"]}["advanced-technology"] == 70
        express = next(line for line in body["specializations"] if line["specialization"] == "express-networking")
        assert (express["library"], express["mandatory"]) == (["ENCOR", "NEW"], ["NEW"])
        assert "NEW" in {line["item"] for line in body["items"]}
        replaced = {"exam": "700-513", "by": "700-599", "retake": True, "replaced_on": "2021-03-01"}
        assert replaced in body["replacements"]


class TestAudit:
    def test_tells_every_change_and_who_made_it(self) -> None:
        OPERATOR.put(LIBRARY, {"library": ["ENCOR"], "mandatory": []})
        OPERATOR.put("/admin/specialization-types/express", {"points_required": 30}, on=TODAY + timedelta(days=1))
        changed, numbered = OPERATOR.get("/admin/learning/audit", on=TODAY + timedelta(days=1)).body["items"]
        assert changed["facts"] == [
            {
                "event": "library_changed",
                "specialization": "express-networking",
                "library": ["ENCOR"],
                "mandatory": [],
            }
        ]
        assert changed["cause"].startswith("PUT /admin/specializations/{specialization}/library by olga@example.com, ")
        assert (numbered["day"], numbered["facts"][0]["points"]) == (str(TODAY + timedelta(days=1)), 30)


class TestItem:
    @pytest.mark.parametrize(
        ("body", "worth"),
        [
            ({"minutes": 29}, 0),
            ({"minutes": 30}, 1),
            ({"minutes": 59}, 1),
            ({"minutes": 60}, 2),
            ({"points": 0}, 0),
            ({"points": 20}, 20),
            ({"points": 21}, 20),
            ({"points": 25, "exceptional": True}, 25),
            ({"points": 26, "exceptional": True}, 25),
        ],
    )
    def test_is_worth_its_points_or_its_length_to_a_limit(self, body: dict[str, Any], worth: int) -> None:
        answer = OPERATOR.put("/admin/items/NEW", body)
        assert (answer.status, answer.body["worth"]) == (201, worth)
        assert OPERATOR.put("/admin/items/NEW", body).status == 200

    def test_s_new_worth_is_for_what_is_recorded_from_now_on(self) -> None:
        do("ann", "NET-LAB")
        OPERATOR.put("/admin/items/NET-LAB", {"points": 5})
        do("ann", "NET-LAB", DONE + timedelta(days=1))
        assert points()["points"] == 10
        keep_individual("bob")
        do("bob", "NET-LAB")
        assert points()["points"] == 15

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({"points": 1, "minutes": 30}, ["minutes"]),
            ({}, ["minutes"]),
            ({"points": -1}, ["points"]),
            ({"minutes": 1.5}, ["minutes"]),
            ({"points": True}, ["points"]),
            ({"points": 1, "worth": 20}, ["worth"]),
        ],
    )
    def test_that_cannot_be_one_is_refused(self, body: Any, fields: list[str]) -> None:
        answer = OPERATOR.put("/admin/items/NEW", body)
        assert (answer.status, answer.fields) == (400, fields)


class TestLibrary:
    def test_lists_from_today_on(self) -> None:
        do("ann", "NET-LAB")
        answer = OPERATOR.put(LIBRARY, {"library": ["ENCOR", "ENCOR", "DCACI"], "mandatory": ["DCACI"]})
        expected = {"specialization": "express-networking", "library": ["DCACI", "ENCOR"], "mandatory": ["DCACI"]}
        assert (answer.status, answer.body) == (200, expected)
        do("ann", "NET-LAB", TODAY + timedelta(days=1))
        do("ann", "DCACI", TODAY + timedelta(days=1))
        shown = points(on=TODAY + timedelta(days=1))
        assert [(line["item"], line["completed_on"]) for line in shown["current"]] == [
            ("NET-LAB", "2021-02-01"),
            ("DCACI", "2021-03-02"),
        ]
        assert detail(TODAY + timedelta(days=1))["mandatory_open"] == []

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({"library": ["NOTHING"], "mandatory": []}, ["library"]),
            ({"library": ["ENCOR"], "mandatory": ["NET-LAB"]}, ["mandatory"]),
            ({"library": ["NOTHING"], "mandatory": ["NONE"]}, ["library", "mandatory"]),
            ({"library": ["a b"], "mandatory": []}, ["library.0"]),
        ],
    )
    def test_that_cannot_be_one_is_refused(self, body: Any, fields: list[str]) -> None:
        before = learning()
        answer = OPERATOR.put(LIBRARY, body)
        assert (answer.status, answer.fields) == (400, fields)
        assert learning() == before

    def test_said_again_is_recorded_only_where_it_no_longer_holds(self) -> None:
        """In June 2025 the data lists an exam more for data centers."""
        path, body = "/admin/specializations/data-center/library", {"library": ["DCCOR"], "mandatory": []}

        def keep(on: date) -> list[str]:
            assert OPERATOR.put(path, body, on=on).status == 200
            shown = OPERATOR.get("/admin/learning", on=on).body["specializations"]
            (library,) = [line["library"] for line in shown if line["specialization"] == "data-center"]
            return [*library, str(len(OPERATOR.get("/admin/learning/audit", on=on).body["items"]))]

        for on, entries in (
            (date(2025, 5, 30), 1),
            (date(2025, 5, 31), 1),
            (date(2025, 6, 1), 2),
            (date(2025, 6, 2), 2),
        ):
            assert keep(on) == ["DCCOR", str(entries)]

    def test_of_what_is_not_on_offer_is_absent(self) -> None:
        path = "/admin/specializations/nothing/library"
        assert OPERATOR.put(path, {"library": [], "mandatory": []}).status == 404


class TestPointsRequired:
    def keep(self, name: str, points: int) -> Answer:
        return OPERATOR.put(f"/admin/specialization-types/{name}", {"points_required": points})

    def test_hold_from_today_on(self) -> None:
        answer = self.keep("express", 10)
        assert (answer.status, answer.body) == (200, {"type": "express", "points_required": 10})
        assert (detail()["required"], detail()["points_missing"]) == (10, 10)

    def test_of_what_has_no_points_are_refused(self) -> None:
        answer = self.keep("authorized-technology-provider", 10)
        assert (answer.status, answer.body["rule"]) == (422, "no-points-for-atp")

    def test_of_no_type_are_absent(self) -> None:
        assert self.keep("nothing", 10).status == 404


class TestExamReplaced:
    def replace(self, exam: str, **body: Any) -> Answer:
        return OPERATOR.put(f"/admin/exams/{exam}/replacement", body)

    @pytest.mark.parametrize("retake", [True, False])
    def test_is_taken_again_or_not(self, retake: bool) -> None:
        answer = self.replace("700-501", by="700-502", retake=retake)
        assert answer.body == {"exam": "700-501", "by": "700-502", "retake": retake, "replaced_on": "2021-03-01"}
        am = detail()["roles"][0]
        assert (am["asks"]["exams"], am["qualifies"]) == (["700-502"], not retake)

    def test_is_shown_by_the_number_that_is_replaced_next(self) -> None:
        self.replace("700-501", by="700-502", retake=False)
        express = next(line for line in learning()["specializations"] if line["specialization"] == "express-networking")
        assert express["roles"]["am"]["exams"] == ["700-502"]
        assert self.replace("700-502", by="700-503", retake=False).status == 200
        assert detail()["roles"][0]["asks"]["exams"] == ["700-503"]

    def test_of_no_role_today_is_bad_input_which_names_those_that_can_be(self) -> None:
        self.replace("700-501", by="700-502", retake=False)
        before = ledger.offer().version
        for exam, by in (("700-501", "700-599"), ("700-5O2", "700-503"), ("350-801", "350-802")):
            answer = self.replace(exam, by=by, retake=False)
            assert (answer.status, answer.fields) == (400, ["exam"])
            assert f"{exam} is the present number of no exam" in answer.body["errors"][0]["message"]
            assert "700-502, 700-511, 700-513" in answer.body["errors"][0]["message"]
        assert ledger.offer().version == before

    def test_again_is_harmless_and_otherwise_is_refused(self) -> None:
        first = self.replace("700-501", by="700-502", retake=True)
        later = {"by": "700-502", "retake": True}
        again = OPERATOR.put("/admin/exams/700-501/replacement", later, on=TODAY + timedelta(days=9))
        assert (again.status, again.body) == (200, first.body)
        assert ledger.offer().version == 1
        assert self.replace("700-501", by="700-502", retake=False).fields == ["exam"]

    def test_by_the_files_is_not_recorded_again(self) -> None:
        body, late = {"by": "700-505", "retake": False}, date(2024, 3, 1)
        answer = OPERATOR.put("/admin/exams/700-501/replacement", body, on=late + timedelta(days=1))
        assert (answer.status, answer.body["replaced_on"], ledger.offer().version) == (200, "2024-03-01", 0)

    def test_and_brought_back_can_be_replaced_by_the_same_anew(self) -> None:
        for exam, by in (("700-501", "700-502"), ("700-502", "700-501"), ("700-501", "700-502")):
            assert self.replace(exam, by=by, retake=False).status == 200
            assert detail()["roles"][0]["asks"]["exams"] == [by]

    def test_by_itself_is_bad_input(self) -> None:
        assert self.replace("700-501", by="700-501", retake=True).fields == ["by"]


class TestBadge:
    def test_qualifies_for_a_role(self) -> None:
        body = {"badge": "unified-fabric-specialist", "kind": "specialist", "expires_on": "2021-06-30"}
        answer = OPERATOR.post("/admin/holders/ann/badges", body)
        assert (answer.status, answer.body) == (201, body)
        path = f"{NORTHWIND}/specializations/unified-fabric"
        assert PIA.get(path).body["roles"][0]["candidates"] == ["ann"]
        assert PIA.get(path, on=date(2021, 7, 1)).body["roles"][0]["candidates"] == []

    def test_sent_again_with_its_key_is_recorded_once(self) -> None:
        body = {"badge": "b", "kind": "representative", "expires_on": "2021-06-30"}
        first = OPERATOR.post("/admin/holders/ann/badges", body, key="k")
        assert OPERATOR.post("/admin/holders/ann/badges", body, key="k").body == first.body
        other = OPERATOR.post("/admin/holders/ann/badges", {**body, "badge": "c"}, key="k")
        assert other.body["rule"] == "idempotency-key-reused"

    def test_of_another_kind_or_nobody_is_refused(self) -> None:
        body = {"badge": "b", "kind": "gold", "expires_on": "2021-06-30"}
        assert OPERATOR.post("/admin/holders/ann/badges", body).fields == ["kind"]
        assert OPERATOR.post("/admin/holders/zoe/badges", {**body, "kind": "specialist"}).status == 404


class TestSpecialistExam:
    def test_is_of_continuous_learning_alone(self) -> None:
        path = f"{NORTHWIND}/specializations/data-center"
        exam = {"exam": "700-511", "kind": "specialist", "passed_on": "2021-02-01"}
        before = signed_in("ann@example.com").get("/certifications").body
        answer = OPERATOR.post("/admin/holders/ann/exams", exam)
        assert (answer.status, answer.body) == (201, exam)
        assert PIA.get(path).body["roles"][1]["candidates"] == ["ann"]
        assert signed_in("ann@example.com").get("/certifications").body == before

    def test_of_tomorrow_is_bad_input(self) -> None:
        exam = {"exam": "700-511", "kind": "specialist", "passed_on": "2021-03-02"}
        assert OPERATOR.post("/admin/holders/ann/exams", exam).fields == ["passed_on"]


class TestMerge:
    def test_makes_two_ids_one_individual_for_every_partner(self) -> None:
        keep_holder("annie", on=APPROVED)
        do("annie", "ENCOR")
        answer = OPERATOR.post("/admin/holders/annie/merge", {"into": "ann"})
        assert (answer.status, answer.body) == (200, {"holder": "annie", "into": "ann"})
        do("annie", "NET-LAB", TODAY)
        assert [line["individual"] for line in points()["current"]] == ["ann", "ann"]

    def test_again_changes_nothing(self) -> None:
        keep_individual("annie")
        first = OPERATOR.post("/admin/holders/annie/merge", {"into": "ann"})
        assert OPERATOR.post("/admin/holders/annie/merge", {"into": "ann"}).body == first.body

    def test_the_other_way_round_contradicts_what_was_merged_before(self) -> None:
        keep_individual("annie")
        OPERATOR.post("/admin/holders/annie/merge", {"into": "ann"})
        before = ledger.load("ann").version
        answer = OPERATOR.post("/admin/holders/ann/merge", {"into": "annie"})
        assert (answer.status, answer.body["facts"]) == (409, {"holder": "annie", "into": "ann"})
        assert "annie was merged into ann before" in answer.body["detail"]
        assert ledger.load("ann").version == before

    def test_into_an_id_that_was_merged_is_answered_with_the_one_that_is_known(self) -> None:
        keep_individual("annie")
        keep_individual("anna", name="Anna")
        OPERATOR.post("/admin/holders/annie/merge", {"into": "ann"})
        for _ in range(2):
            answer = OPERATOR.post("/admin/holders/anna/merge", {"into": "annie"})
            assert (answer.status, answer.body) == (200, {"holder": "anna", "into": "ann"})
        known = {line["individual"] for line in PIA.get(f"{NORTHWIND}/individuals").body["individuals"]}
        assert known == {"ann"}

    def test_of_an_id_that_was_merged_moves_the_person_who_is_known_by_all_of_them(self) -> None:
        keep_individual("annie")
        keep_individual("anna", name="Anna")
        OPERATOR.post("/admin/holders/annie/merge", {"into": "ann"})
        assert OPERATOR.post("/admin/holders/annie/merge", {"into": "anna"}).body["into"] == "anna"
        assert [line["individual"] for line in PIA.get(f"{NORTHWIND}/individuals").body["individuals"]] == ["anna"]
        assert OPERATOR.post("/admin/holders/ann/merge", {"into": "annie"}).body["into"] == "anna"
        assert OPERATOR.post("/admin/holders/anna/merge", {"into": "ann"}).status == 409

    def test_with_itself_or_nobody_is_refused(self) -> None:
        assert OPERATOR.post("/admin/holders/ann/merge", {"into": "ann"}).fields == ["into"]
        assert OPERATOR.post("/admin/holders/ann/merge", {"into": "zoe"}).fields == ["into"]
        assert OPERATOR.post("/admin/holders/zoe/merge", {"into": "ann"}).status == 404
