"""What holds after every history, whatever it was."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from policy import FormError, Refused, Standing, cases, facts, views
from policy.dates import ONE_DAY

from tests.policy.histories import (
    ACCOUNTS,
    ALTERATIONS,
    RULES,
    SETTINGS,
    Event,
    histories,
    play,
    reported,
    state,
    take,
)

RULE_IDS = frozenset(Path(__file__).with_name("rule_ids.txt").read_text(encoding="utf-8").split())
STATUS_AFTER = {
    "claim.submitted": "pending",
    "claim.earned": "earned",
    "claim.denied": "denied",
    "claim.redeemed": "redeemed",
    "claim.restored": "earned",
    "credits.expired": "expired",
}
FUTURE = st.integers(0, 1500).map(lambda days: timedelta(days=days))


@SETTINGS
@given(histories())
def test_replaying_what_was_kept_gives_the_same_standing(events: list[Event]) -> None:
    recorded, replayed = Standing(RULES), Standing(RULES)
    for event in events:
        kept = take(recorded, event)
        if not isinstance(kept, Refused):
            replayed.apply(kept, event.day)
    replayed.advance(recorded.today)
    assert state(replayed) == state(recorded)


@SETTINGS
@given(histories(), st.randoms(use_true_random=False))
def test_the_number_of_sweeps_does_not_matter(events: list[Event], random: Random) -> None:
    swept = Standing(RULES)
    for event in events:
        if swept.today > date.min:
            days = (event.day - swept.today).days
            for days_on in sorted(random.randint(0, days) for _ in range(3)):
                swept.advance(max(swept.today, event.day - timedelta(days=days - days_on)))
        take(swept, event)
    assert state(swept) == state(play(events))


@SETTINGS
@given(histories(), FUTURE)
def test_day_by_day_comes_to_the_same_as_all_days_at_once(events: list[Event], future: timedelta) -> None:
    standing = play(events)
    last = standing.today + future
    stepped = standing.copy()
    while stepped.today < last:
        stepped.advance(stepped.today + ONE_DAY)
    standing.advance(last)
    assert state(stepped) == state(standing)


@SETTINGS
@given(histories())
def test_a_day_already_past_changes_nothing(events: list[Event]) -> None:
    standing = play(events)
    before = standing.copy()
    standing.advance(standing.today)
    standing.advance(standing.today - ONE_DAY)
    assert state(standing) == state(before)


@SETTINGS
@given(histories(), histories(), FUTURE)
def test_a_copy_goes_its_own_way(events: list[Event], others: list[Event], future: timedelta) -> None:
    standing = play(events)
    before = standing.copy()
    play(
        [Event(max(event.day, standing.today), event.fact) for event in others if _fits(standing, event)],
        standing.copy(),
    )
    standing.copy().advance(standing.today + future)
    assert state(standing) == state(before)


def _fits(standing: Standing, event: Event) -> bool:
    """Whether a fact of another history can be one in this one."""
    if isinstance(event.fact, facts.EmeritusGranted):
        return event.fact.certification in standing.certifications
    if isinstance(event.fact, facts.CaseOpened):
        return event.fact.case not in standing.cases
    return not (isinstance(event.fact, facts.ClaimSubmitted) and event.fact.claim in standing.claims)


@SETTINGS
@given(histories())
def test_a_refused_fact_leaves_no_trace(events: list[Event]) -> None:
    standing = Standing(RULES)
    for event in events:
        before = standing.copy()
        if isinstance(take(standing, event), Refused):
            before.advance(event.day)
            assert state(standing) == state(before)


@SETTINGS
@given(histories())
def test_a_fact_that_cannot_be_one_leaves_no_trace(events: list[Event]) -> None:
    standing = play(events)
    before = standing.copy()
    tomorrow = standing.today + ONE_DAY
    for fact in (
        facts.ExamPassed("350-1", "core", tomorrow),
        facts.CertificationAwarded("ccnp", "professional", tomorrow),
        facts.CertificationAwarded("ccnp", "master", standing.today),
        facts.ClaimDecided("c01", "approved"),
    ):
        try:
            standing.record(fact, standing.today)
        except FormError:
            continue
        raise AssertionError(f"{fact} was taken")
    assert state(standing) == state(before)


@SETTINGS
@given(histories(), FUTURE)
def test_no_expiration_moves_back(events: list[Event], future: timedelta) -> None:
    standing = Standing(RULES)
    expirations: dict[str, date] = {}
    for event in events:
        take(standing, event)
        for track, cert in standing.certifications.items():
            assert cert.expires_on >= expirations.get(track, date.min)
            expirations[track] = cert.expires_on
    standing.advance(standing.today + future)
    assert all(cert.expires_on >= expirations[track] for track, cert in standing.certifications.items())


@SETTINGS
@given(histories(), FUTURE)
def test_what_was_recorded_and_decided_stands(events: list[Event], future: timedelta) -> None:
    standing = Standing(RULES)
    for event in events:
        recertifications, decisions = list(standing.recertifications), list(standing.decisions)
        take(standing, event)
        assert standing.recertifications[: len(recertifications)] == recertifications
        assert standing.decisions[: len(decisions)] == decisions
    recertifications = list(standing.recertifications)
    standing.advance(standing.today + future)
    assert standing.recertifications[: len(recertifications)] == recertifications


@SETTINGS
@given(histories(), FUTURE)
def test_a_course_counts_once_and_nothing_after_its_validity(events: list[Event], future: timedelta) -> None:
    standing = play(events)
    standing.advance(standing.today + future)
    for cert in standing.certifications.values():
        counted = views.counted(standing, cert)
        assert len({claim.course for claim in counted}) == len(counted)
        assert all(standing.today <= claim.valid_through for claim in counted)
        assert all(cert.holds(claim.completed_on) for claim in counted)
        assert all(claim.validated for claim in counted)


@SETTINGS
@given(histories(events_min=15, events_max=40))
def test_a_recertification_uses_what_its_option_needs_and_no_more(events: list[Event]) -> None:
    standing = play(events)
    for recertification in standing.recertifications:
        if recertification.option is None:
            assert recertification.certification not in recertification.renewed
            assert not recertification.used
            continue
        assert recertification.certification in recertification.renewed
        used = [standing.claims[claim] for claim in recertification.used]
        needed = recertification.option.get("credits", 0)
        assert len({claim.course for claim in used}) == len(used)
        assert all(claim.completed_on <= recertification.date <= claim.valid_through for claim in used)
        assert sum(claim.credits for claim in used) >= needed
        assert sum(claim.credits for claim in used[:-1]) < max(needed, 1)
        exams = sum(number for part, number in recertification.option.items() if part not in ("credits", "fee"))
        assert len(set(recertification.exams)) == len(recertification.exams) == exams


@SETTINGS
@given(histories(), FUTURE)
def test_every_decision_names_rules_of_the_rulebook_in_order_of_day(events: list[Event], future: timedelta) -> None:
    standing = play(events)
    standing.advance(standing.today + future)
    for decision in standing.decisions:
        assert {decision.rule, *decision.because} <= RULE_IDS
    days = [decision.day for decision in standing.decisions]
    assert days == sorted(days)


@SETTINGS
@given(histories())
def test_every_refusal_names_a_rule_and_says_it_in_words(events: list[Event]) -> None:
    standing = Standing(RULES)
    for event in events:
        refusal = take(standing, event)
        if isinstance(refusal, Refused):
            assert refusal.rule in RULE_IDS
            assert refusal.detail.endswith(".")


@SETTINGS
@given(histories(), FUTURE)
def test_a_claim_is_what_was_last_decided_about_it(events: list[Event], future: timedelta) -> None:
    standing = play(events)
    standing.advance(standing.today + future)
    statuses = {d.subject: STATUS_AFTER[d.kind] for d in standing.decisions if d.kind in STATUS_AFTER}
    assert {claim.claim: claim.status for claim in standing.claims.values()} == statuses


@SETTINGS
@given(histories())
def test_cases_and_reviews_change_no_claim_and_no_certification(events: list[Event]) -> None:
    silent = play([event for event in events if not isinstance(event.fact, cases.FACTS)])
    standing = play(events)
    silent.advance(standing.today)
    assert _observed(standing) == _observed(silent)
    assert standing.exams == silent.exams


@SETTINGS
@given(histories())
def test_a_case_is_open_as_long_as_its_claim_is_not_earned_and_nobody_closed_it(events: list[Event]) -> None:
    standing = play(events)
    by_claim = [case.claim for case in cases.open_cases(standing)]
    assert len(set(by_claim)) == len(by_claim)
    assert not any(standing.claims[claim].decision == "earned" for claim in by_claim)
    told = [(d.kind, d.subject) for d in standing.decisions if d.kind in ("case.opened", "case.closed")]
    assert len(set(told)) == len(told)
    closed = {case.case for case in standing.cases.values() if not case.open}
    assert {subject for kind, subject in told if kind == "case.closed"} == closed


@SETTINGS
@given(histories())
def test_nothing_changes_before_it_is_due_and_what_changes_on_that_day_was_due(events: list[Event]) -> None:
    standing = play(events)
    due = views.due(standing)
    seen, decided = _observed(standing), len(standing.decisions)
    while due and standing.today < min(due.values()) - ONE_DAY:
        standing.advance(standing.today + ONE_DAY)
        assert _observed(standing) == seen
        assert len(standing.decisions) == decided
    if due:
        first = min(due.values())
        standing.advance(first)
        subjects = {decision.subject for decision in standing.decisions[decided:]}
        assert subjects <= {subject for (_, subject), day in due.items() if day == first}
        # What is pending may put it off, and something is due again later.
        assert subjects or any(claim.status == "pending" for claim in standing.claims.values())


@SETTINGS
@given(histories(), FUTURE)
def test_where_nothing_is_due_nothing_changes(events: list[Event], future: timedelta) -> None:
    standing = play(events)
    standing.advance(standing.today + timedelta(days=5000))
    assert views.due(standing) == {}
    seen = _observed(standing)
    standing.advance(standing.today + future)
    assert _observed(standing) == seen


def _observed(standing: Standing) -> list[object]:
    """What can change by time alone, but for the days left to an expiration and the end of a suspension."""
    certifications = {
        track: {
            **line,
            "days_to_expire": None,
        }
        for track, line in views.certifications(standing).items()
    }
    return [views.claims(standing), certifications, views.recertifications(standing)]


@SETTINGS
@given(st.lists(st.sampled_from(sorted(set(ALTERATIONS))), min_size=1, max_size=4), st.sampled_from((None, "CDLL-1")))
def test_reports_decide_alike_before_and_after_the_claim(alterations: list[str], certificate_id: str | None) -> None:
    day, completed = date(2021, 5, 10), date(2021, 5, 7)
    values = ("DESIGN", "1", "direct-delivery", "vendor", completed, completed, True, certificate_id)
    claim = Event(day, facts.ClaimSubmitted("c1", ACCOUNTS[0], *values))
    reports = [Event(day, reported(claim.fact, alteration)) for alteration in alterations]
    began = [
        Event(day, facts.TermsAccepted()),
        Event(day, facts.CertificationAwarded("ccie", "expert", date(2021, 3, 1))),
    ]
    outcomes = set()
    for place in range(len(reports) + 1):
        decided = play([*began, *reports[:place], claim, *reports[place:]]).claims["c1"]
        # Of several reports the first to come may give the reason for a denial; of one there is no other.
        outcomes.add((decided.status, decided.reason if len(reports) == 1 else None))
    assert len(outcomes) == 1
