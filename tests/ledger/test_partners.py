"""Partners: what becomes known of individuals reaches every partner that knows them, once, and decides on its day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import ledger
import pytest
from ledger import Source, backup, table
from ledger.check import check
from ledger.entry import from_item
from ledger.errors import UnknownHolder
from ledger.values import plain
from policy import Refused, facts
from policy.partners import facts as learned
from policy.partners import views
from policy.partners.program import Item

from tests.ledger import partner_world, world
from tests.ledger.partner_world import ANNIVERSARY, APPROVED, EXPRESS, activity, approve, do, events, shown, waiting

# In memory instead of in moto: a third of the time of all tests of the ledger.
pytestmark = pytest.mark.parametrize("table", ["memory", "local"], indirect=True)


@pytest.fixture(autouse=True)
def _program(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    partner_world.use(monkeypatch)
    world.enroll("ann")
    world.enroll("bob")
    yield
    assert check() == []


def test_a_role_reads_the_certification_that_the_same_holder_has_on_the_day() -> None:
    with pytest.raises(Refused, match="se"):
        ledger.record_partner("p1", [learned.ApplicationSubmitted("p1", EXPRESS)], APPROVED)
    approve()
    assert shown(APPROVED)["blocked_by"] == ["renewal-too-early", "points-short"]
    # Awarded on the day of world.START, it lasts three years.
    assert "core-not-met" in shown(world.START.replace(year=2024) + timedelta(days=1))["blocked_by"]  # type: ignore[operator]


def test_what_becomes_known_of_an_individual_counts_before_any_sweep_and_is_taken_up_by_the_next_commit() -> None:
    approve()
    do("ann", "LAB", APPROVED + timedelta(days=10))
    assert (shown(APPROVED + timedelta(days=10))["points"], waiting()) == (20, 1)
    assert ledger.settle_partner("p1", APPROVED + timedelta(days=11)) is not None
    assert (shown(APPROVED + timedelta(days=11))["points"], waiting()) == (20, 0)
    assert ledger.settle_partner("p1", APPROVED + timedelta(days=11)) is None


def test_whoever_joins_brings_what_became_known_before() -> None:
    approve()
    do("bob", "LAB", APPROVED + timedelta(days=5))
    assert shown(APPROVED + timedelta(days=6))["points"] == 0
    ledger.associate("p1", "bob", APPROVED + timedelta(days=7))
    assert shown(APPROVED + timedelta(days=7))["points"] == 20
    ledger.record_partner("p1", [learned.IndividualLeft("p1", "bob")], APPROVED + timedelta(days=8))
    do("bob", "WEB", APPROVED + timedelta(days=6), known=APPROVED + timedelta(days=9))
    assert shown(APPROVED + timedelta(days=9))["points"] == 30


def test_one_attendance_is_a_claim_s_report_and_an_activity_and_each_program_keeps_its_own() -> None:
    approve()
    world.submit("ann", day=APPROVED + timedelta(days=8), completed=APPROVED + timedelta(days=6))
    report = world.completion("ann@example.com", completed=APPROVED + timedelta(days=6))
    world.push(report, day=APPROVED + timedelta(days=9))
    world.push(report, day=APPROVED + timedelta(days=9))
    assert world.claims("ann") == {"ann-0001": "earned"}
    assert shown(APPROVED + timedelta(days=9))["points"] == 12
    world.push(world.retraction(report), day=APPROVED + timedelta(days=10))
    assert world.claims("ann") == {"ann-0001": "denied"}
    assert shown(APPROVED + timedelta(days=10))["points"] == 12


def test_an_exam_of_the_career_program_is_an_item_too_and_a_report_of_an_event_is_no_choice() -> None:
    approve()
    ledger.record(
        "ann", [facts.ExamPassed("700-1", "core", APPROVED + timedelta(days=3))], APPROVED + timedelta(days=4)
    )
    show = world.completion("ann@example.com", "SHOW", completed=APPROVED + timedelta(days=3))
    world.push(show, day=APPROVED + timedelta(days=4))
    assert shown(APPROVED + timedelta(days=4))["points"] == 5


def test_what_waited_at_an_account_is_an_activity_once_somebody_has_it() -> None:
    approve()
    fact = activity("new@example.com", "LAB", APPROVED + timedelta(days=1))
    source = Source("acme", "1", {})
    ledger.record_for_account("new@example.com", fact, APPROVED + timedelta(days=2), source=source)
    ledger.link_accounts("ann", ["ann@example.com", "new@example.com"], "Ann", APPROVED + timedelta(days=3))
    assert shown(APPROVED + timedelta(days=3))["points"] == 20


def test_the_year_is_decided_by_what_was_known_on_each_day_however_late_the_sweep() -> None:
    approve()
    do("ann", "LAB", ANNIVERSARY)
    do("ann", "WEB", ANNIVERSARY + timedelta(days=10))
    do("ann", "CORE", ANNIVERSARY + timedelta(days=10))
    ledger.settle_partner("p1", ANNIVERSARY + timedelta(days=40))
    assert shown(ANNIVERSARY + timedelta(days=40))["status"] == "approved"
    kinds = [kind for _, kind in events()]
    assert kinds.count("specialization.expiring") == 12
    assert kinds[-1] == "specialization.renewed"
    assert (ANNIVERSARY + timedelta(days=10)).isoformat() == events()[-1][0]


def test_a_partner_is_due_at_once_for_news_and_then_on_the_days_on_which_time_decides() -> None:
    approve()
    due = {owner for shard in range(ledger.SHARDS) for owner in ledger.due("specialization", shard, APPROVED).items}
    assert due == set()
    do("ann", "LAB", APPROVED + timedelta(days=1))
    day = ANNIVERSARY - timedelta(days=90)
    for through, found in ((APPROVED, set()), (APPROVED + timedelta(days=1), {"p1"})):
        shards = range(ledger.SHARDS)
        assert {owner for shard in shards for owner in ledger.due("specialization", shard, through).items} == found
    ledger.settle_partner("p1", APPROVED + timedelta(days=1))
    for through, found in ((day - timedelta(days=1), set()), (day, {"p1"})):
        shards = range(ledger.SHARDS)
        assert {owner for shard in shards for owner in ledger.due("specialization", shard, through).items} == found


def test_what_operators_change_holds_for_every_partner_from_its_day_on() -> None:
    approve()
    do("ann", "LAB", APPROVED + timedelta(days=1))
    ledger.record_program([learned.LibraryChanged(EXPRESS, ("WEB",), ("WEB",))], APPROVED + timedelta(days=5))
    ledger.record_program([learned.PointsRequiredSet("express", 30)], APPROVED + timedelta(days=6))
    do("ann", "CORE", APPROVED + timedelta(days=7))
    do("ann", "CORE", APPROVED + timedelta(days=4), known=APPROVED + timedelta(days=8))
    seen = shown(APPROVED + timedelta(days=8))
    assert (seen["points"], seen["required"], seen["mandatory_open"]) == (32, 30, ["WEB"])
    ledger.settle_partner("p1", APPROVED + timedelta(days=9))
    assert shown(APPROVED + timedelta(days=9)) == seen
    assert ledger.offer().version == 2


def test_an_item_that_operators_keep_is_worth_what_it_was_when_it_was_recorded() -> None:
    approve()
    ledger.put_item("LAB", Item(points=7))
    do("ann", "LAB", APPROVED + timedelta(days=1))
    ledger.put_item("LAB", Item(points=9))
    assert shown(APPROVED + timedelta(days=1))["points"] == 7


def test_merged_ids_are_one_individual_for_every_partner_of_either() -> None:
    approve("p1")
    ledger.associate("p2", "bob", APPROVED)
    ledger.record_partner("p2", [learned.ApplicationSubmitted("p2", "free")], APPROVED)
    do("ann", "LAB", APPROVED + timedelta(days=1))
    do("bob", "LAB", APPROVED + timedelta(days=1))
    do("bob", "WEB", APPROVED + timedelta(days=2))
    assert shown(APPROVED + timedelta(days=2))["points"] == 20
    assert ledger.merge("ann", "bob", APPROVED + timedelta(days=3)) is not None
    assert ledger.merge("ann", "bob", APPROVED + timedelta(days=3)) is None
    assert shown(APPROVED + timedelta(days=3))["points"] == 30
    assert shown(APPROVED + timedelta(days=3), "p2", "free")["points"] == 20
    do("ann", "CORE", APPROVED + timedelta(days=4))
    assert shown(APPROVED + timedelta(days=4))["points"] == 42
    world.enroll("cyd")
    do("cyd", "700-1", APPROVED + timedelta(days=4))
    ledger.merge("cyd", "bob", APPROVED + timedelta(days=5))
    assert shown(APPROVED + timedelta(days=5))["points"] == 47
    ledger.associate("p3", "cyd", APPROVED + timedelta(days=6))
    assert set(ledger.load("bob").partners) == {"p1", "p2", "p3"}


def test_more_news_than_one_entry_takes_are_taken_up_in_order_by_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.partners.NEWS_MAX", 3)
    approve()
    for number in range(8):
        do("ann", "WEB", APPROVED + timedelta(days=number))
    before = ledger.load_partner("p1").version
    ledger.record_partner("p1", [learned.IndividualLeft("p1", "ann")], APPROVED + timedelta(days=20))
    loaded = ledger.load_partner("p1")
    assert [len(entry.news) for entry in loaded.entries[before:]] == [3, 3, 2, 0]
    assert waiting() == 0


def test_the_same_request_is_answered_with_what_was_recorded() -> None:
    approve()
    do("ann", "LAB", APPROVED + timedelta(days=1))
    do("ann", "CORE", APPROVED + timedelta(days=1))
    do("ann", "WEB", APPROVED + timedelta(days=1))
    day, source = ANNIVERSARY - timedelta(days=90), Source("POST renewals", "1", [], within_holder=True)
    renewal = [learned.RenewalSubmitted("p1", EXPRESS)]
    first = ledger.record_partner("p1", renewal, day, source=source)
    again = ledger.record_partner("p1", renewal, day + timedelta(days=1), source=source)
    assert (again.again, again.entry) == (True, first.entry)
    with pytest.raises(Refused, match="renewed"):
        ledger.record_partner("p1", renewal, day)


def test_nobody_unknown_is_associated_or_merged() -> None:
    for refused in (lambda: ledger.associate("p1", "eve", APPROVED), lambda: ledger.merge("eve", "ann", APPROVED)):
        with pytest.raises(UnknownHolder):
            refused()
    assert [found for found in table.scan() if found["pk"] == "P#p1"] == []


def test_a_certification_that_ends_early_no_longer_fills_a_role() -> None:
    day = date(2018, 5, 1)
    ledger.link_accounts("old", ["old@example.com"], "Old", day)
    imported = facts.CertificationImported("ccnp", "expert", date(2017, 1, 1), date(2019, 1, 1))
    ledger.record("old", [facts.TermsAccepted(), imported], day)
    ledger.associate("p1", "old", day)
    ledger.record_partner("p1", [learned.RoleFilled("p1", EXPRESS, "se", "old")], day)
    ledger.record_partner("p1", [learned.ApplicationSubmitted("p1", EXPRESS)], day)
    assert "core-not-met" not in shown(day)["blocked_by"]  # type: ignore[operator]
    ledger.record("old", [facts.EmeritusGranted("ccnp")], day)
    assert "core-not-met" in shown(day)["blocked_by"]  # type: ignore[operator]


def test_assignments_follow_the_partner_s_record() -> None:
    record = ledger.PartnerRecord("p1", "Partner One", ("max@example.com", "eva@example.com"))
    assert ledger.put_partner(record)
    assert not ledger.put_partner(replace(record, account_managers=("eva@example.com",)))
    assert (ledger.partners_of("max@example.com"), ledger.partners_of("eva@example.com")) == ([], ["p1"])
    assert ledger.get_partner("p1") == replace(record, account_managers=("eva@example.com",))


def test_what_changed_in_the_program_later_is_not_known_on_an_earlier_day() -> None:
    ledger.record_program([learned.PointsRequiredSet("express", 30)], APPROVED + timedelta(days=5))
    approve()
    assert [entry.day for entry in ledger.load_partner("p1").entries] == [APPROVED] * 3
    assert shown(APPROVED + timedelta(days=4))["required"] == 40
    assert shown(APPROVED + timedelta(days=5))["required"] == 30


def test_entries_of_the_program_that_are_given_are_not_read_again_unless_the_partner_knows_of_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    approve()
    none = ledger.program_entries()
    ledger.record_program([learned.PointsRequiredSet("express", 5)], APPROVED)
    ledger.record_partner("p1", [learned.RoleFilled("p1", EXPRESS, "se", "bob")], APPROVED)
    known = ledger.program_entries()
    for given, readings in ((known, 0), (none, 1), (None, 1)):
        asked: list[str] = []
        monkeypatch.setattr("ledger.partners.program_entries", lambda asked=asked: asked.append("") or known)  # type: ignore[misc]
        assert ledger.load_partner("p1", program=given).standing.required(EXPRESS) == 5
        assert len(asked) == readings


def test_news_of_many_are_packed_and_kept_through_a_backup() -> None:
    approve()
    for number in range(10):
        do("ann", "LAB", APPROVED + timedelta(days=number))
    ledger.settle_partner("p1", APPROVED + timedelta(days=10))
    (raw,) = [item for item in backup.truths() if "news" in item and "B" in item["news"]]
    assert plain(backup.from_line(backup.to_line(raw))) == plain(raw)
    assert len(from_item(plain(raw)).news) == 10
    assert shown(APPROVED + timedelta(days=10))["points"] == 20


GAIN_DAY, LAST_DAY, LATER = date(2023, 3, 3), date(2023, 3, 11), date(2023, 3, 20)


def renewed_by_time_alone() -> None:
    """Gus, in the role, has a certification that ends in grace; before, on its gain day, that of a higher level renews it."""
    ledger.link_accounts("gus", ["gus@example.com"], "Gus", APPROVED)
    known = [
        facts.CertificationImported("ccie", "expert", date(2020, 6, 1), date(2026, 3, 2)),
        facts.CertificationImported("ccnp", "professional", date(2022, 2, 1), date(2023, 3, 5)),
        facts.ExamPassed("LAB", "expert_lab", date(2022, 2, 1)),
    ]
    ledger.record("gus", known, APPROVED)
    approve()
    partner_world.join("p1", "gus", APPROVED)
    ledger.record_partner("p1", [learned.RoleFilled("p1", EXPRESS, "se", "gus")], APPROVED)
    for item, days in (("LAB", 10), ("WEB", 11), ("CORE", 12)):
        do("ann", item, APPROVED + timedelta(days=days))


@pytest.mark.parametrize(
    "sweeps",
    [
        [],
        [("p1", LATER)],
        [("gus", LATER)],
        [("gus", LATER), ("p1", LATER)],
        [("p1", LATER), ("gus", LATER), ("p1", LATER)],
        [("gus", GAIN_DAY), ("p1", LATER)],
        [("p1", GAIN_DAY + timedelta(days=days)) for days in range(18)],
    ],
)
def test_a_role_s_certification_does_not_depend_on_whose_sweep_has_run(sweeps: list[tuple[str, date]]) -> None:
    renewed_by_time_alone()
    for owner, day in sweeps:
        if owner == "p1":
            ledger.settle_partner("p1", day)
        else:
            ledger.settle(owner, day)
    before, after = shown(LAST_DAY - timedelta(days=1)), shown(LATER)
    if not sweeps:
        assert (before["status"], before["blocked_by"]) == ("grace", [])
    assert (after["status"], after["anniversary"]) == ("approved", ANNIVERSARY.replace(year=2024))
    ledger.settle_partner("p1", LATER)
    assert ("2023-03-11", "specialization.renewed") in events()


def test_who_is_in_a_role_catches_up_before_the_partner_decides() -> None:
    """A renewal on a day on which nobody's sweep has run since the gain day."""
    renewed_by_time_alone()
    ledger.record_partner("p1", [learned.RenewalSubmitted("p1", EXPRESS)], LAST_DAY)
    assert shown(LAST_DAY)["anniversary"] == ANNIVERSARY.replace(year=2024)
    assert ledger.load("gus").standing.certifications["ccnp"].expires_on == date(2026, 3, 3)


def test_an_earlier_day_shows_what_was_known_then() -> None:
    approve()
    do("ann", "LAB", APPROVED + timedelta(days=10))
    do("ann", "WEB", APPROVED + timedelta(days=9), known=APPROVED + timedelta(days=12))
    ledger.settle_partner("p1", APPROVED + timedelta(days=13))
    seen = [
        views.specialization(ledger.partner_on("p1", day, through_day=day), EXPRESS)["points"]
        for day in (APPROVED + timedelta(days=days) for days in (9, 10, 11, 12, 13))
    ]
    assert seen == [0, 20, 20, 30, 30]


def test_an_exam_passed_before_it_became_an_item_is_taken_but_worth_nothing() -> None:
    approve()
    day = APPROVED + timedelta(days=10)
    ledger.record("ann", [learned.ExamPassed("ann", "700-9", day)], day)
    ledger.put_item("700-9", Item(points=9))
    later = day + timedelta(days=1)
    ledger.record_program([learned.LibraryChanged(EXPRESS, ("700-9", "LAB"), ("700-9", "LAB"))], later)
    assert (shown(later)["points"], shown(later)["mandatory_open"]) == (0, ["LAB"])
