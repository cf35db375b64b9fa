"""Plans: what is proposed, what is not, and what is said of it. (What is exact is tried in test_plans_exact.py.)"""

from dataclasses import replace
from datetime import date, timedelta
from time import process_time
from typing import Any

import pytest
from policy import FormError, Standing, facts
from policy.catalog import Course, Version
from policy.plans import Plan, plan
from policy.ways import WAYS_MAX, Way

from tests.policy import planned
from tests.policy.histories import RULES

BEGAN = date(2021, 3, 1)
TODAY = date(2021, 5, 10)
EXPIRES = date(2024, 3, 1)
ONE_DAY = timedelta(days=1)
OFFERED = {"activity": ("acme",)}


def course(name: str, *credits_each: int, start: date | None = None, until: date | None = None) -> Course:
    versions = {str(number): Version(value, start, until) for number, value in enumerate(credits_each, 1)}
    return Course(name, name.title(), versions, OFFERED)


def courses(*credits_each: int) -> list[Course]:
    return [course(f"C{number}", value) for number, value in enumerate(credits_each)]


def certified(track: str = "ccnp", level: str = "professional", today: date = TODAY) -> Standing:
    standing = Standing(RULES)
    standing.record(facts.TermsAccepted(), BEGAN)
    standing.record(facts.CertificationAwarded(track, level, BEGAN), BEGAN)
    standing.advance(today)
    return standing


def imported(
    expires: date, track: str = "ccnp", level: str = "professional", on: date = TODAY, **began: date
) -> Standing:
    standing = Standing(RULES)
    standing.record(facts.TermsAccepted(), on)
    standing.record(facts.CertificationImported(track, level, began.get("began", BEGAN), expires), on)
    return standing


def earn(standing: Standing, one: Course, completed: date, outcome: str | None = "earned") -> None:
    claim = f"c{len(standing.claims)}"
    standing.record(planned.fact(one, "1", completed, claim), max(completed, standing.today), one)
    if outcome:
        reason = None if outcome == "earned" else "policy-enforcement"
        standing.record(facts.ClaimDecided(claim, outcome, reason), standing.today)


def by_credits(found: Plan) -> list[Way]:
    """The ways by credits alone."""
    return [way for way in found.ways if way.option.keys() == {"credits"}]


def values(way: Way) -> list[int]:
    return [choice.credits for choice in way.choose for _ in range(choice.number)]


def named(way: Way) -> list[str]:
    return [listed.course for choice in way.choose for listed in choice.courses]


def rules(found: Plan) -> list[str]:
    return [note.rule for note in found.notes]


def test_the_fewest_credits_to_spare_come_first_where_the_largest_course_first_would_not() -> None:
    first, *others = by_credits(plan(certified(), "ccnp", courses(60, 40, 40)))
    assert (values(first), first.credits_to_spare) == ([40, 40], 0)
    assert [values(way) for way in others] == [[60, 40]]


def test_a_plan_tells_everything_about_a_way() -> None:
    standing = certified()
    earn(standing, course("OLD", 30), TODAY - ONE_DAY)
    offered = [course("A", 50, until=date(2022, 6, 30)), course("B", 50)]
    (way,) = by_credits(plan(standing, "ccnp", offered))
    assert (way.option, way.needs, way.credits, way.credits_to_spare, way.courses) == (
        {"credits": 80}, {"credits": 50}, 50, 0, 1,
    )  # fmt: skip
    (choice,) = way.choose
    assert (choice.credits, choice.number, choice.of) == (50, 1, 2)
    assert [(listed.course, listed.title, listed.version, listed.available_until) for listed in choice.courses] == [
        ("B", "B", "1", None),
        ("A", "A", "1", date(2022, 6, 30)),
    ]
    assert (way.exams, way.fee) == ({}, False)
    assert (way.from_day, way.through) == (TODAY, EXPIRES)
    assert (way.recertified_on, way.expires_on) == (TODAY, date(2024, 5, 10))


def test_options_by_exams_need_no_courses_and_the_edition_s_order_decides_between_equals() -> None:
    found = plan(certified(), "ccnp", [])
    assert [(way.rank, dict(way.exams)) for way in found.ways] == [
        (1, {"core": 1}),
        (2, {"design_written": 1}),
        (3, {"expert_lab": 1}),
        (4, {"professional": 2}),
    ]
    assert (found.by, found.met_on, found.notes, found.more) == (EXPIRES, None, (), False)


def test_ways_that_are_equally_good_have_the_same_rank() -> None:
    found = by_credits(plan(certified(), "ccnp", courses(40, 40, 50, 30)))
    assert [values(way) for way in found[:2]] == [[50, 30], [40, 40]]
    assert found[0].rank == found[1].rank < found[2].rank


def test_no_more_than_twenty_ways_are_listed_with_the_best_of_each_option() -> None:
    found = plan(certified("ccie", "expert"), "ccie", courses(*range(1, 65)))
    assert (len(found.ways), found.more) == (WAYS_MAX, True)
    assert len({tuple(way.option.items()) for way in found.ways}) == 8
    assert values(by_credits(found)[0]) == [64, 56]


def test_ten_courses_of_a_value_are_named_and_all_are_counted() -> None:
    offered = [course(f"C{n:02}", 80, until=EXPIRES - timedelta(days=n)) for n in range(25)]
    (choice,) = by_credits(plan(certified(), "ccnp", reversed(offered)))[0].choose
    assert choice.of == 25
    assert [listed.course for listed in choice.courses] == [f"C{n:02}" for n in range(10)]


def test_a_course_is_taken_in_one_version_only() -> None:
    assert by_credits(plan(certified(), "ccnp", [course("A", 50, 30)])) == []
    (way,) = by_credits(plan(certified(), "ccnp", [course("A", 50, 30), course("B", 50)]))[:1]
    assert values(way) == [50, 30]
    assert [choice.courses[0].version for choice in way.choose] == ["1", "2"]


def test_the_version_named_is_the_one_available_longest() -> None:
    versions = {"1": Version(80, None, TODAY), "2": Version(80, None, EXPIRES), "3": Version(80, None, TODAY)}
    (way,) = by_credits(plan(certified(), "ccnp", [Course("A", "A", versions, OFFERED)]))
    assert (way.choose[0].courses[0].version, way.choose[0].of, way.through) == ("2", 1, EXPIRES)


@pytest.mark.parametrize(
    "never",
    [
        course("A", 0),
        course("A", 80, until=TODAY - ONE_DAY),
        course("A", 80, start=EXPIRES + ONE_DAY),
        replace(course("A", 80), item_types={}),
        replace(course("A", 80), item_types={"activity": ()}),
    ],
    ids=["worth nothing", "no longer available", "not yet", "not offered", "by nobody"],
)
def test_a_course_that_cannot_count_is_not_proposed(never: Course) -> None:
    assert by_credits(plan(certified(), "ccnp", [never])) == []


def test_a_course_that_counts_already_is_not_proposed_again() -> None:
    standing, one, other = certified(), course("A", 40), course("B", 40)
    earn(standing, one, TODAY)
    assert [named(way) for way in by_credits(plan(standing, "ccnp", [one, other]))] == [["B"]]


def test_a_pending_claim_is_told_and_not_counted_on() -> None:
    standing, one, other = certified(), course("A", 40), course("B", 80)
    earn(standing, one, TODAY, outcome=None)
    found = plan(standing, "ccnp", [one, other])
    assert found.pending_credits == 40
    assert [(way.needs["credits"], named(way)) for way in by_credits(found)] == [(80, ["B"])]


def test_a_denied_course_is_proposed_again() -> None:
    standing, one = certified(), course("A", 80)
    earn(standing, one, TODAY, outcome="denied")
    assert [named(way) for way in by_credits(plan(standing, "ccnp", [one]))] == [["A"]]


def test_a_course_claimed_in_the_cycle_of_a_higher_level_is_proposed_once_that_cycle_has_ended() -> None:
    standing, one = certified("ccie", "expert"), course("A", 80)
    earn(standing, one, TODAY - ONE_DAY)
    standing.record(facts.CertificationAwarded("ccnp", "professional", TODAY), TODAY)
    (way,) = by_credits(plan(standing, "ccnp", [one]))
    assert (named(way), way.from_day) == (["A"], EXPIRES + ONE_DAY)


def test_a_way_waits_for_its_course_and_lasts_as_long_as_it() -> None:
    offered = [course("A", 80, start=date(2022, 1, 1), until=date(2022, 6, 30))]
    (way,) = by_credits(plan(certified(), "ccnp", offered))
    assert (way.from_day, way.through) == (date(2022, 1, 1), date(2022, 6, 30))
    assert way.expires_on == date(2025, 1, 1)


def test_an_exam_may_be_left_until_after_the_last_course() -> None:
    offered = [course("A", 40, until=date(2022, 6, 30))]
    (way,) = [way for way in plan(certified(), "ccnp", offered).ways if way.courses]
    assert (way.exams, way.from_day, way.through) == ({"professional": 1}, TODAY, EXPIRES)


def test_an_exam_that_the_credits_make_needless_is_in_no_way() -> None:
    found = plan(certified(), "ccnp", [course("A", 80)])
    assert [dict(way.option) for way in found.ways if way.courses] == [{"credits": 80}]


def test_credits_that_lapse_are_relied_on_no_longer_than_they_last() -> None:
    standing = imported(date(2025, 6, 1), began=date(2018, 1, 1), on=date(2022, 4, 1))
    old = date(2021, 6, 10)
    earn(standing, course("OLD", 30), old)
    standing.advance(date(2022, 6, 2))
    found = by_credits(plan(standing, "ccnp", courses(50, 30)))
    assert [(values(way), way.from_day, way.through) for way in found] == [
        ([50], date(2022, 6, 2), date(2024, 6, 10)),
        ([50, 30], date(2024, 6, 11), date(2025, 6, 1)),
    ]


def test_a_course_whose_credits_have_lapsed_may_be_taken_again() -> None:
    standing = imported(date(2025, 6, 1), began=date(2018, 1, 1), on=date(2022, 4, 1))
    again = course("AGAIN", 60)
    earn(standing, again, date(2021, 6, 10))
    (way,) = by_credits(plan(standing, "ccnp", [again, course("B", 20)]))[:1]
    assert named(way) == ["B"]
    later = by_credits(plan(standing, "ccnp", [again, course("B", 20)]))[1]
    assert (sorted(named(later)), later.from_day) == (["AGAIN", "B"], date(2024, 6, 11))


def test_a_course_that_would_recertify_alone_before_the_day_is_in_no_later_way() -> None:
    standing = imported(date(2025, 6, 1), began=date(2018, 1, 1), on=date(2022, 4, 1))
    earn(standing, course("OLD", 20), date(2021, 6, 10))
    earn(standing, course("NEWER", 40), date(2022, 4, 1))
    # With OLD, A is enough; when OLD has lapsed, both would be needed, and A would have to be taken before.
    offered = [course("A", 20, until=date(2023, 1, 1)), course("B", 20, start=date(2024, 7, 1))]
    (way,) = by_credits(plan(standing, "ccnp", offered))
    assert (named(way), way.from_day, way.through) == (["A"], date(2022, 6, 2), date(2023, 1, 1))


def test_a_course_taken_under_the_first_edition_counts_under_the_next() -> None:
    standing = imported(date(2021, 6, 1), "ccna", "associate", date(2019, 8, 1), began=date(2017, 7, 1))
    closing = [course("A", 30, until=date(2019, 12, 31))]
    # Claimed when associates may claim, within a year; or at once by whoever holds what may claim already.
    assert by_credits(plan(standing, "ccna", closing))[0].from_day == date(2020, 2, 24)
    standing.record(
        facts.CertificationImported("ccie", "expert", BEGAN.replace(year=2018), date(2021, 6, 1)), date(2019, 8, 1)
    )
    (way,) = by_credits(plan(standing, "ccna", closing))
    assert (way.from_day, way.through) == (date(2020, 2, 24), date(2020, 2, 24))


def test_planned_credits_do_not_lapse_before_the_day_either() -> None:
    standing = imported(date(2028, 1, 1))
    lapsed, good = course("A", 80, until=date(2022, 1, 1)), course("B", 80, until=date(2022, 1, 2))
    assert [named(way) for way in by_credits(plan(standing, "ccnp", [lapsed, good]))] == [["B"]]


def test_before_the_gain_day_nothing_recertifies() -> None:
    found = plan(imported(date(2025, 6, 1)), "ccnp", courses(80))
    assert rules(found) == ["no-gain"]
    assert {way.from_day for way in found.ways} == {date(2022, 6, 2)}
    assert {way.expires_on for way in found.ways} == {date(2025, 6, 2)}
    early = plan(imported(date(2025, 6, 1)), "ccnp", courses(80), by=date(2022, 6, 1))
    assert (early.ways, rules(early)) == ((), ["no-gain"])


def test_what_is_met_and_waits_for_its_gain_day_needs_no_plan() -> None:
    standing = imported(date(2025, 6, 1))
    earn(standing, course("A", 80), TODAY)
    found = plan(standing, "ccnp", courses(80))
    assert (found.met_on, found.ways, rules(found)) == (date(2022, 6, 2), (), ["automatic"])
    assert plan(standing, "ccnp", courses(80), by=date(2022, 6, 1)).met_on is None


def test_a_cycle_that_another_s_renewal_will_end_is_planned_for_until_then() -> None:
    standing = imported(date(2030, 1, 1))
    standing.record(facts.CertificationImported("ccie", "expert", BEGAN, date(2026, 1, 1)), TODAY)
    standing.record(facts.ExamPassed("lab-1", "expert_lab", TODAY), TODAY)
    found = plan(standing, "ccnp", courses(80))
    assert (found.met_on, found.ways, rules(found)) == (None, (), ["same-and-lower"])


@pytest.mark.parametrize(("by", "fits"), [(-1, False), (0, True), (1026, True), (1027, False)])
def test_a_plan_is_for_a_day_from_today_through_the_last_of_the_window(by: int, fits: bool) -> None:
    day = TODAY + timedelta(days=by)
    if fits:
        assert plan(certified(), "ccnp", courses(80), day).by == day
        return
    with pytest.raises(FormError, match="2021-05-10 through 2024-03-01") as refused:
        plan(certified(), "ccnp", courses(80), day)
    assert refused.value.key == "by"


def test_a_way_is_done_by_the_day_asked_for() -> None:
    found = by_credits(plan(certified(), "ccnp", [course("A", 80, start=date(2022, 1, 1))], by=date(2021, 12, 31)))
    assert found == []


def test_past_its_window_nothing_recertifies_but_what_is_pending() -> None:
    standing = certified()
    earn(standing, course("A", 40), TODAY, outcome=None)
    standing.advance(EXPIRES + ONE_DAY)
    found = plan(standing, "ccnp", courses(80))
    assert (found.ways, found.by, rules(found)) == ((), EXPIRES, ["status-2020", "open-for-pending"])
    standing = certified(today=EXPIRES + ONE_DAY)
    assert rules(plan(standing, "ccnp", courses(80), EXPIRES)) == ["status-2020"]


def test_on_the_last_day_of_the_window_there_is_still_a_way() -> None:
    found = plan(certified(today=EXPIRES), "ccnp", courses(80))
    assert {(way.from_day, way.through) for way in found.ways} == {(EXPIRES, EXPIRES)}


def test_a_retired_track_is_recertified_before_its_retirement_only() -> None:
    found = plan(certified("ccdp"), "ccdp", courses(80))
    assert (found.by, {way.through for way in found.ways}) == (date(2021, 5, 31), {date(2021, 5, 31)})
    found = plan(certified("ccdp", today=date(2021, 6, 1)), "ccdp", courses(80))
    assert (found.ways, rules(found)) == ((), ["retired-track"])


def test_the_entry_level_takes_no_credits() -> None:
    assert [dict(way.option) for way in plan(certified("cct", "entry"), "cct", courses(80)).ways] == [{"entry": 1}]


def test_the_terms_are_named_where_they_are_not_accepted() -> None:
    standing = certified()
    standing.terms_accepted_on = None
    assert rules(plan(standing, "ccnp", courses(80))) == ["terms-required"]


def test_a_track_that_is_not_held_is_an_error() -> None:
    with pytest.raises(KeyError):
        plan(certified(), "ccie", [])


def in_2019(**grant: Any) -> Standing:
    standing = imported(date(2019, 6, 1), "ccie", "expert", date(2019, 8, 1), began=date(2017, 7, 1))
    if grant:
        standing.record(facts.EmeritusGranted("ccie", **grant), date(2019, 8, 1))
    return standing


def test_under_the_first_edition_a_fee_follows_the_credits_also_while_suspended() -> None:
    way = next(way for way in plan(in_2019(), "ccie", courses(100)).ways if way.fee)
    assert (way.option, values(way)) == ({"credits": 100, "fee": 1}, [100])
    assert (way.from_day, way.through, way.expires_on) == (date(2019, 8, 1), date(2020, 2, 23), date(2021, 8, 1))


def test_when_the_edition_changes_so_do_the_ways() -> None:
    found = plan(in_2019(), "ccie", courses(100, 20))
    assert [(values(way), way.from_day, way.through, way.expires_on) for way in by_credits(found)] == [
        ([100, 20], date(2020, 2, 24), date(2020, 6, 1), date(2023, 2, 24))
    ]


def test_an_emeritus_is_planned_for_as_long_as_it_is_eligible() -> None:
    found = plan(in_2019(reinstatable_by_written=True), "ccie", courses(100))
    assert found.by == date(2022, 8, 1)
    assert [(dict(way.option), way.through) for way in found.ways] == [
        ({"recertification_exam": 1}, date(2020, 2, 23)),
        ({"expert_lab": 1}, date(2022, 8, 1)),
        ({"credits": 100, "fee": 1}, date(2020, 2, 23)),
    ]
    found = plan(in_2019(reinstatable_by_written=False), "ccie", courses(100))
    assert ([dict(way.option) for way in found.ways], rules(found)) == ([{"expert_lab": 1}], ["emeritus"])


def test_ten_thousand_courses_take_a_moment() -> None:
    catalog = [
        Course(
            f"C{n:05}",
            "Course",
            {"1": Version(n % 64 + 1, None, TODAY + timedelta(days=n % 1500)), "2": Version(n % 50 + 1)},
            OFFERED,
        )
        for n in range(10_000)
    ]
    standing = certified("ccie", "expert")
    earn(standing, catalog[63], TODAY)
    began = process_time()
    found = plan(standing, "ccie", catalog)
    seconds = process_time() - began
    assert found.more
    # A tenth of that on a quiet machine; looking at every pair of courses would take minutes.
    assert seconds < 1
