"""Previews: what a claim would do is what it then does; what waiting would gain is what waiting then gains."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy import FormError, Refused, Standing, facts, views
from policy.preview import Counting, Preview, Recertifying, Waiting, preview

from tests.policy.histories import COURSES, RULES, SETTINGS, Event, histories, play, take

BEGAN = date(2021, 3, 1)
TODAY = date(2021, 5, 10)
ONE_DAY = timedelta(days=1)


def certified(track: str = "ccnp", level: str = "professional") -> Standing:
    standing = Standing(RULES)
    standing.record(facts.TermsAccepted(), BEGAN)
    standing.record(facts.CertificationAwarded(track, level, BEGAN), BEGAN)
    standing.advance(TODAY)
    return standing


def claim(course: str = "BOOT", completed: date = TODAY, **changes: Any) -> facts.ClaimSubmitted:
    values = ("new", "ann@example.com", course, "1", "activity", "acme", completed, completed)
    return replace(facts.ClaimSubmitted(*values), **changes)


def previewed(standing: Standing, fact: facts.ClaimSubmitted, day: date = TODAY) -> Preview:
    return preview(standing, fact, day, COURSES.get(fact.course))


def report(fact: facts.ClaimSubmitted, outcome: str = "completed") -> facts.CompletionReported:
    values = (fact.provider, fact.course, fact.version, fact.account, fact.started_on, fact.completed_on, outcome)
    return facts.CompletionReported(*values)


def test_a_claim_that_recertifies_is_told_whole() -> None:
    found = previewed(certified(), claim())
    assert found.refusal is None
    assert found.submitted is not None
    assert views.claim(found.submitted, found.submitted.claims["new"])["status"] == "pending"
    assert found.counts_toward == (Counting("ccnp", 0, 80, ({},)),)
    assert found.recertifies == (Recertifying("ccnp", TODAY, date(2024, 5, 10), ("ccnp",), {"credits": 80}),)
    assert found.waiting == Waiting("ccnp", date(2024, 3, 1), date(2027, 3, 1), 1025)
    assert found.because == (
        "edition-2020", "training-record", "automatic", "criteria-date", "same-and-lower", "credits-count", "remaining",
    )  # fmt: skip


def test_a_claim_that_brings_it_nearer_tells_what_is_left() -> None:
    found = previewed(certified(), claim("CYBER"))
    (counting,) = found.counts_toward
    assert (counting.credits_before, counting.credits_after) == (0, 30)
    assert {"credits": 50} in counting.remaining
    assert (found.recertifies, found.waiting) == ((), None)


def test_each_certification_that_the_credits_count_for_is_told() -> None:
    standing = certified("ccie", "expert")
    for track, level in (("ccnp", "professional"), ("ccna", "associate"), ("cct", "entry")):
        standing.record(facts.CertificationImported(track, level, BEGAN, date(2024, 3, 1)), TODAY)
    found = previewed(standing, claim("CYBER"))
    assert [one.certification for one in found.counts_toward] == ["ccie", "ccnp", "ccna"]
    assert [(one.certification, one.renewed) for one in found.recertifies] == [("ccna", ("ccna", "cct"))]


def test_a_claim_that_a_rule_refuses_tells_which_and_why() -> None:
    standing = certified()
    standing.record(replace(claim(), claim="first"), TODAY, COURSES["BOOT"])
    found = previewed(standing, claim())
    assert found.refusal is not None
    assert (found.refusal.rule, found.refusal.facts["claim"], found.because) == (
        "duplicate-course",
        "first",
        ("duplicate-course",),
    )
    assert (found.submitted, found.counts_toward, found.recertifies) == (None, (), ())
    unknown = previewed(certified(), claim("NONE")).refusal
    assert unknown is not None
    assert unknown.rule == "unknown-course"


def test_what_is_known_already_decides_and_is_not_assumed_otherwise() -> None:
    standing = certified()
    standing.record(report(claim(), "incomplete"), TODAY)
    found = previewed(standing, claim())
    assert found.submitted is not None
    denied = found.submitted.claims["new"]
    assert (denied.status, denied.reason) == ("denied", "inadequate-completion")
    assert (found.counts_toward, found.recertifies, found.waiting) == ((), (), None)
    assert "inadequate-completion" in found.because

    standing.record(report(claim()), TODAY)
    found = previewed(standing, claim())
    assert found.submitted is not None
    assert found.submitted.claims["new"].rule == "training-record"
    assert len(found.recertifies) == 1


def test_a_certificate_id_that_earned_for_another_is_known_to_deny() -> None:
    standing = certified()
    standing.record(facts.CertificateTaken("CDLL-1"), TODAY)
    found = previewed(standing, claim(certificate_id="CDLL-1"))
    assert (found.counts_toward, "certificate-used-once" in found.because) == ((), True)


def test_a_claim_for_a_later_day_is_judged_on_that_day() -> None:
    standing = certified()
    late = date(2024, 3, 1)
    found = previewed(standing, claim(completed=late), late)
    assert (found.recertifies[0].criteria_met_on, found.waiting) == (late, None)
    after = previewed(standing, claim(completed=late), late + ONE_DAY)
    assert after.refusal is not None
    assert after.refusal.rule == "no-eligible-certification"
    early = previewed(standing, claim(completed=late), TODAY)
    assert early.refusal is not None
    assert early.refusal.rule == "completion-in-future"


def test_a_claim_s_id_that_is_taken_is_an_error() -> None:
    standing = certified()
    standing.record(claim(), TODAY, COURSES["BOOT"])
    with pytest.raises(FormError):
        previewed(standing, claim("CYBER"))


def test_waiting_gains_what_completing_later_then_gains() -> None:
    standing = certified()
    waiting = previewed(standing, claim()).waiting
    assert waiting is not None
    later = previewed(standing, claim(completed=waiting.until), waiting.until)
    assert (later.recertifies[0].criteria_met_on, later.recertifies[0].expires_on) == (
        waiting.until,
        waiting.expires_on,
    )


def test_nobody_waits_until_other_credits_have_lapsed() -> None:
    standing, day = Standing(RULES), date(2020, 3, 1)
    standing.record(facts.TermsAccepted(), day)
    standing.record(facts.CertificationImported("ccnp", "professional", date(2018, 1, 1), date(2023, 6, 1)), day)
    for course, completed in (("DESIGN", day), ("CYBER", TODAY)):
        standing.record(claim(course, completed, claim=course), completed, COURSES[course])
        standing.record(facts.ClaimDecided(course, "earned"), completed)
    found = previewed(standing, claim("SMALL"))
    assert found.recertifies[0].expires_on == date(2024, 5, 10)
    assert found.waiting == Waiting("ccnp", date(2023, 3, 1), date(2026, 3, 1), 660)


def test_nobody_waits_until_what_is_renewed_along_has_expired() -> None:
    standing = certified()
    standing.record(facts.CertificationImported("ccna", "associate", BEGAN, date(2022, 1, 1)), TODAY)
    standing.record(facts.CertificationImported("devnet", "specialist", BEGAN, date(2021, 6, 1)), TODAY)
    found = previewed(standing, claim())
    assert found.waiting is not None
    assert found.waiting.until == date(2021, 6, 1)


def test_nobody_waits_past_the_retirement_of_a_track() -> None:
    found = previewed(certified("ccdp"), claim())
    assert found.waiting is not None
    assert (found.waiting.until, found.waiting.days_gained) == (date(2021, 5, 31), 21)


def test_nobody_waits_while_suspended_nor_as_emeritus() -> None:
    for emeritus in (False, True):
        standing, day = Standing(RULES), date(2019, 8, 1)
        standing.record(facts.TermsAccepted(), day)
        standing.record(facts.CertificationImported("ccie", "expert", date(2017, 7, 1), date(2019, 6, 1)), day)
        if emeritus:
            standing.record(facts.EmeritusGranted("ccie"), day)
        standing.record(replace(claim("BOOT", day), claim="b"), day, COURSES["BOOT"])
        standing.record(facts.ClaimDecided("b", "earned"), day)
        day = date(2020, 3, 1)
        found = previewed(standing, claim("DESIGN", day), day)
        assert (len(found.recertifies), found.waiting) == (0 if emeritus else 1, None)


@given(histories(1, 14), st.sampled_from(sorted(COURSES)), st.sampled_from([0, 0, 1, 40, 400]))
@SETTINGS
def test_a_preview_is_what_then_happens(events: Any, course: str, later: int) -> None:
    standing = play(events)
    before = standing.copy()
    day = standing.today + timedelta(days=later)
    fact = claim(course, day, started_on=day)
    found = preview(standing, fact, day, COURSES[course])
    assert vars(standing) == vars(before)
    standing.advance(day)
    number = len(standing.recertifications)
    taken = take(standing, Event(day, fact))
    if isinstance(taken, Refused):
        assert found.refusal is not None
        assert (found.refusal.rule, found.refusal.facts) == (taken.rule, taken.facts)
        return
    if standing.claims["new"].status == "pending":
        standing.record(facts.ClaimDecided("new", "earned"), day)
    made = standing.recertifications[number:]
    assert [(one.certification, one.criteria_met_on, one.renewed) for one in found.recertifies] == [
        (one.certification, one.date, one.renewed) for one in made
    ]
    for one in found.recertifies:
        assert standing.certifications[one.certification].expires_on >= one.expires_on
    for counting in found.counts_toward:
        if counting.certification not in {track for one in made for track in (one.certification, *one.renewed)}:
            assert counting.credits_after == views.credits(standing)[counting.certification]
            assert list(counting.remaining) == views.remaining(standing)[counting.certification]


@given(histories(1, 14), st.sampled_from(sorted(COURSES)))
@SETTINGS
def test_waiting_is_worth_what_it_says(events: Any, course: str) -> None:
    standing = play(events)
    found = previewed(standing, claim(course, standing.today), standing.today)
    if found.waiting:
        until = found.waiting.until
        later = previewed(standing, claim(course, until), until)
        # With what was needed to renew it, a higher one may be recertified then and renew it along.
        made = [one for one in later.recertifies if found.waiting.certification in one.renewed]
        assert [one.criteria_met_on for one in made] == [until]
        assert made[0].expires_on == found.waiting.expires_on
