"""What holds of a partner after every history, whatever it was."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy import FormError, Refused
from policy.dates import ONE_DAY
from policy.partners import Partner, facts, views

from tests.policy.histories import SETTINGS
from tests.policy.partners.histories import INDIVIDUALS, PARTNERS, PROGRAM, Event, histories, play, state, take

RULE_IDS = frozenset((Path(__file__).parents[1] / "rule_ids.txt").read_text(encoding="utf-8").split())
TODAY = date(2021, 5, 10)
FUTURE = st.integers(0, 400).map(lambda days: timedelta(days=days))


def shown(partner: Partner) -> list[object]:
    return [(views.specialization(partner, name), views.report(partner, name)) for name in PROGRAM.specializations]


@SETTINGS
@given(histories())
def test_replaying_what_was_kept_gives_the_same_partner(events: list[Event]) -> None:
    recorded, replayed = Partner(PROGRAM), Partner(PROGRAM)
    for event in events:
        if event.concerns("p1"):
            kept = take(recorded, event)
            if not isinstance(kept, Refused):
                replayed.apply(facts.from_dict(facts.to_dict(kept)), event.day)
    replayed.advance(recorded.today)
    assert state(replayed) == state(recorded)


@SETTINGS
@given(histories(), FUTURE)
def test_day_by_day_comes_to_the_same_as_all_days_at_once(events: list[Event], future: timedelta) -> None:
    partner, stepped = play(events), Partner(PROGRAM)
    for event in events:
        if event.concerns("p1"):
            while date.min < stepped.today < event.day:
                stepped.advance(stepped.today + ONE_DAY)
            take(stepped, event)
    last = partner.today + future
    while stepped.today < last:
        stepped.advance(stepped.today + ONE_DAY)
    partner.advance(last)
    assert state(stepped) == state(partner)


@SETTINGS
@given(histories(), FUTURE)
def test_a_sweep_of_the_due_days_alone_decides_what_every_day_does(events: list[Event], future: timedelta) -> None:
    partner, swept = play(events), Partner(PROGRAM)

    def sweep(before: date) -> None:
        while (day := min(views.due(swept).values(), default=before)) < before:
            decided, untouched = len(swept.decisions), swept.copy()
            # Nothing is decided on the day before, and whatever is decided is dated that day or at the end of that.
            untouched.advance(day - ONE_DAY)
            assert len(untouched.decisions) == decided
            swept.advance(day)
            assert {decision.day for decision in swept.decisions[decided:]} <= {day - ONE_DAY, day}

    for event in events:
        if event.concerns("p1"):
            sweep(event.day)
            take(swept, event)
    last = partner.today + future
    partner.advance(last)
    sweep(last + ONE_DAY)
    assert swept.decisions == partner.decisions
    assert swept.years == partner.years


@SETTINGS
@given(histories())
def test_what_was_found_to_count_is_forgotten_as_soon_as_more_is_learnt(events: list[Event]) -> None:
    partner = Partner(PROGRAM)
    for event in events:
        if event.concerns("p1"):
            take(partner, event)
            assert shown(partner) == shown(partner.copy())


@SETTINGS
@given(histories())
def test_a_refused_fact_leaves_no_trace_and_a_copy_is_independent(events: list[Event]) -> None:
    partner = Partner(PROGRAM)
    for event in events:
        if not event.concerns("p1"):
            continue
        partner.advance(event.day)
        before, twin = partner.copy(), partner.copy()
        if isinstance(take(partner, event), Refused):
            assert state(partner) == state(before)
        assert state(twin) == state(before)


@SETTINGS
@given(histories(), st.randoms(use_true_random=False))
def test_another_partners_facts_do_not_matter(events: list[Event], random: Random) -> None:
    both = {name: play(events, name=name) for name in PARTNERS}
    alone = play([event for event in events if event.concerns("p1")])
    alone.advance(both["p1"].today)
    assert state(alone) == state(both["p1"])


def heard_late(events: list[Event], individual: str) -> list[Event]:
    """The facts as a partner learns them that hears of an individual when that one joins, is merged or named."""
    waiting: list[Event] | None = []
    heard: list[Event] = []
    for event in events:
        fact = event.fact
        about = individual in (getattr(fact, "individual", None), getattr(fact, "into", None))
        if about and waiting is not None:
            if not isinstance(fact, facts.IndividualAssociated | facts.IndividualsMerged | facts.RoleFilled):
                waiting.append(event)
                continue
            heard += [Event(event.day, late.fact) for late in waiting]
            waiting = None
        heard.append(event)
    return heard


@SETTINGS
@given(histories())
def test_an_individuals_earlier_facts_may_come_with_the_joining(events: list[Event]) -> None:
    done = facts.ActivityRecorded | facts.ExamPassed
    # Which of two individuals was first on a day is known to those alone who heard of both at once.
    days = {event.day for event in events if isinstance(event.fact, done) and event.fact.individual == "cat"}
    kept, taken = Partner(PROGRAM), []
    for event in events:
        others = isinstance(event.fact, done) and event.fact.individual != "cat" and event.day in days
        if event.concerns("p1") and not others and not isinstance(fact := take(kept, event), Refused):
            taken.append(Event(event.day, fact))
    heard = Partner(PROGRAM)
    for event in heard_late(taken, "cat"):
        heard.apply(event.fact, event.day)
    heard.advance(kept.today)
    assert shown(heard) == shown(kept)


@SETTINGS
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_what_different_individuals_do_on_one_day_does_not_matter_to_the_points(
    events: list[Event], random: Random
) -> None:
    partner = play(events)
    on = partner.today + ONE_DAY
    done = [
        facts.ActivityRecorded(individual, item, on, "viewed")
        for individual in INDIVIDUALS
        for item in ("LAB-20", "DELTA", "BOOT")
    ]
    partner.advance(on)
    if any(partner.in_grace(name, year) for name, year in partner.years.items()):
        # There the order decides which activity is the one that reaches the points (grace).
        return
    other = partner.copy()
    for fact in done:
        partner.record(fact, on)
    random.shuffle(done)
    for fact in done:
        other.record(fact, on)
    assert [views.specialization(partner, name) for name in PROGRAM.specializations] == [
        views.specialization(other, name) for name in PROGRAM.specializations
    ]


@SETTINGS
@given(histories(), FUTURE)
def test_nothing_is_lost_before_the_eleventh_day(events: list[Event], future: timedelta) -> None:
    partner = play(events)
    partner.advance(partner.today + future)
    for decision in partner.decisions:
        if decision.kind == "specialization.lost":
            assert decision.day - decision.facts["anniversary"] == timedelta(days=11)
    for name, year in partner.years.items():
        if not year.lost_on and PROGRAM.has_points(name):
            assert partner.today <= year.end + timedelta(days=10)


@SETTINGS
@given(histories())
def test_an_item_counts_once_for_an_individual_in_a_year_and_in_one_year_only(events: list[Event]) -> None:
    partner = Partner(PROGRAM)
    counted: dict[str, dict[object, set[object]]] = {name: {} for name in PROGRAM.specializations}
    for event in events:
        if not event.concerns("p1"):
            continue
        merged = isinstance(event.fact, facts.IndividualsMerged)
        take(partner, event)
        if merged:
            counted = {name: {} for name in PROGRAM.specializations}
        for name in PROGRAM.specializations:
            rows = views.report(partner, name)
            assert len({(row["individual"], row["item"]) for row in rows}) == len(rows)
            assert sum(row["points"] for row in rows) == views.specialization(partner, name)["points"]
            year = partner.year(name)
            if year:
                keys = {(row["individual"], row["item"], row["completed_on"]) for row in rows}
                counted[name][year.start] = keys
    for name, year in partner.years.items():
        now = counted[name].get(year.start, set())
        assert not now & year.used


@SETTINGS
@given(histories())
def test_an_item_is_worth_at_most_its_cap(events: list[Event]) -> None:
    partner = play(events)
    for name in PROGRAM.specializations:
        for row in views.report(partner, name):
            assert 0 <= row["points"] <= (25 if row["item"] == "BOOT" else 20)


@SETTINGS
@given(histories())
def test_every_decision_and_refusal_names_a_rule_of_the_rulebook(events: list[Event]) -> None:
    partner = Partner(PROGRAM)
    for event in events:
        if event.concerns("p1"):
            given = take(partner, event)
            if isinstance(given, Refused):
                assert given.rule in RULE_IDS
    for decision in partner.decisions:
        assert {decision.rule, *decision.because} <= RULE_IDS
        assert decision.to_dict()["day"] == decision.day.isoformat()
    days = [decision.day for decision in partner.decisions]
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("fact", "key"),
    [
        (facts.ActivityRecorded("ann", "DELTA", TODAY + ONE_DAY, "viewed"), "completed_on"),
        (facts.ActivityRecorded("ann", "GAMMA", TODAY, "viewed"), "item"),
        (facts.ActivityRecorded("ann", "DELTA", TODAY, "heard"), "mode"),
        (facts.ActivityRecorded("ann", "DELTA", TODAY, "viewed", partner="p1"), "partner"),
        (facts.ActivityRecorded("ann", "DELTA", TODAY, "viewed", proof=True), "proof"),
        (facts.ActivityRecorded("ann", "CONFERENCE", TODAY, "attended", specialization="cloud", proof=True), "partner"),
        (facts.ActivityRecorded("ann", "CONFERENCE", TODAY, "attended", partner="p1", proof=True), "specialization"),
        (facts.ExamPassed("ann", "700-001", TODAY + ONE_DAY), "passed_on"),
        (facts.ExamReplaced("700-001", "700-001", False), "by"),
        (facts.BadgeEarned("ann", "rep", TODAY, "golden"), "kind"),
        (facts.RoleFilled("p1", "cloud", "se", "ann"), "role"),
        (facts.RoleFilled("p1", "fog", "am", "ann"), "specialization"),
        (facts.ApplicationSubmitted("p1", "fog"), "specialization"),
        (facts.LibraryChanged("cloud", ("GAMMA",)), "library"),
        (facts.LibraryChanged("cloud", (), ("GAMMA",)), "mandatory"),
        (facts.PointsRequiredSet("premium", 10), "type"),
        (facts.PointsRequiredSet("express", -1), "points"),
        (facts.IndividualsMerged("ann", "ann"), "into"),
    ],
)
def test_what_cannot_be_a_fact_is_a_form_error_and_leaves_no_trace(fact: facts.Fact, key: str) -> None:
    partner = Partner(PROGRAM)
    partner.advance(TODAY)
    before = partner.copy()
    with pytest.raises(FormError) as refused:
        partner.record(fact, TODAY)
    assert refused.value.key == key
    assert state(partner) == state(before)
