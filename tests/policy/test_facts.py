"""Facts as data: what goes out comes back, and what cannot be a fact is refused by its key."""

import json
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy import FormError, Standing, facts

from tests.policy.histories import COURSES, RULES, SETTINGS

DAY = date(2021, 5, 10)
texts = st.text(min_size=1, max_size=8)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    str | None: st.none() | texts,
    int | None: st.none() | st.integers(0, 1000),
    bool: st.booleans(),
    date: st.dates(),
}
every_fact = st.one_of(
    [st.builds(kind, **{field.name: VALUES[field.type] for field in fields(kind)}) for kind in facts.KINDS.values()]
)
EXAM = {"event": "exam_passed", "exam": "350-401", "kind": "core", "passed_on": "2021-05-10"}
CLAIM = {
    "event": "claim_submitted",
    "claim": "c1",
    "account": "ann@example.com",
    "course": "SMALL",
    "version": "1",
    "item_type": "activity",
    "provider": "acme",
    "started_on": "2021-05-03",
    "completed_on": "2021-05-07",
}


@SETTINGS
@given(every_fact)
def test_a_fact_comes_back_from_the_json_that_it_went_out_as(fact: facts.Fact) -> None:
    assert facts.from_dict(json.loads(json.dumps(facts.to_dict(fact)))) == fact


def test_what_is_none_is_left_out_and_dates_are_iso_8601() -> None:
    assert facts.to_dict(facts.TermsAccepted()) == {"event": "terms_accepted"}
    assert facts.to_dict(facts.ExamPassed("350-401", "core", DAY)) == EXAM


def test_what_is_left_out_has_its_default() -> None:
    claim = facts.from_dict(CLAIM)
    assert isinstance(claim, facts.ClaimSubmitted)
    assert (claim.certificate, claim.certificate_id, claim.credits) == (False, None, None)


def test_dates_may_be_given_as_dates() -> None:
    assert facts.from_dict({**EXAM, "passed_on": DAY}) == facts.from_dict(EXAM)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({}, "event"),
        ({**EXAM, "event": "exam_failed"}, "event"),
        ({**EXAM, "event": ["exam_passed"]}, "event"),
        ({**EXAM, "score": 900}, "score"),
        ({**EXAM, "exam": None}, "exam"),
        ({**EXAM, "exam": ""}, "exam"),
        ({**EXAM, "exam": 350}, "exam"),
        ({name: value for name, value in EXAM.items() if name != "kind"}, "kind"),
        ({**EXAM, "passed_on": "10 May 2021"}, "passed_on"),
        ({**EXAM, "passed_on": "2021-02-29"}, "passed_on"),
        ({**EXAM, "passed_on": "20210510"}, "passed_on"),
        ({**EXAM, "passed_on": "2021-05-10T00:00:00"}, "passed_on"),
        ({**EXAM, "passed_on": 20210510}, "passed_on"),
        ({**CLAIM, "certificate": "yes"}, "certificate"),
        ({**CLAIM, "certificate": 1}, "certificate"),
        ({**CLAIM, "credits": True}, "credits"),
        ({**CLAIM, "credits": "10"}, "credits"),
        ({**CLAIM, "certificate_id": 7}, "certificate_id"),
    ],
)
def test_what_is_unknown_missing_or_mistyped_is_named(values: dict[str, Any], key: str) -> None:
    with pytest.raises(FormError) as refused:
        facts.from_dict(values)
    assert refused.value.key == key
    assert str(refused.value) == f"{key}: {refused.value.reason}"


@pytest.fixture
def standing() -> Standing:
    """An expert of March 2021, on 10 May."""
    standing = Standing(RULES)
    standing.record(facts.TermsAccepted(), DAY)
    standing.record(facts.CertificationAwarded("ccie", "expert", date(2021, 3, 1)), DAY)
    standing.record(facts.from_dict(CLAIM), DAY, COURSES["SMALL"])
    return standing


TOMORROW = date(2021, 5, 11)
REPORT = {name: value for name, value in CLAIM.items() if name not in ("claim", "item_type")}
REPORT |= {"event": "completion_reported", "outcome": "completed"}


@pytest.mark.parametrize(
    ("fact", "key"),
    [
        (facts.ExamPassed("350-401", "core", TOMORROW), "passed_on"),
        (facts.ExamPassed("350-401", "viva", DAY), "kind"),
        (facts.CertificationAwarded("ccnp", "professional", TOMORROW), "awarded_on"),
        (facts.CertificationAwarded("ccnp", "master", DAY), "level"),
        (facts.CertificationAwarded("ccie", "professional", DAY), "level"),
        (facts.CertificationImported("ccnp", "professional", TOMORROW, date(2024, 5, 11)), "cycle_started_on"),
        (facts.CertificationImported("ccnp", "master", DAY, date(2024, 5, 10)), "level"),
        (facts.CertificationImported("ccnp", "professional", DAY, date(2021, 5, 9)), "expires_on"),
        (facts.ClaimDecided("c1", "approved"), "outcome"),
        (facts.ClaimDecided("c1", "denied"), "reason"),
        (facts.ClaimDecided("c1", "denied", "too-late"), "reason"),
        (facts.ClaimDecided("c1", "earned", "policy-enforcement"), "reason"),
        (facts.from_dict(CLAIM), "claim"),
        (facts.from_dict({**REPORT, "completed_on": "2021-05-11"}), "completed_on"),
        (facts.from_dict({**REPORT, "outcome": "passed"}), "outcome"),
        (facts.FeePaid("three hundred"), "amount"),
        (facts.FeePaid("sNaN"), "amount"),
        (facts.FeePaid("3e2"), "amount"),
    ],
)
def test_what_cannot_have_happened_is_a_form_error(standing: Standing, fact: facts.Fact, key: str) -> None:
    with pytest.raises(FormError) as refused:
        standing.record(fact, DAY, COURSES["SMALL"])
    assert refused.value.key == key


def test_a_certification_that_is_not_held_cannot_become_emeritus() -> None:
    with pytest.raises(FormError) as refused:
        Standing(RULES).record(facts.EmeritusGranted("ccie"), date(2019, 1, 1))
    assert refused.value.key == "certification"


def test_facts_of_today_are_taken(standing: Standing) -> None:
    standing.record(facts.ExamPassed("200-301", "associate", DAY), DAY)
    standing.record(facts.CertificationAwarded("ccnp", "professional", DAY), DAY)
    standing.record(facts.CertificationImported("ccna", "associate", DAY, DAY), DAY)
    standing.record(facts.from_dict({**REPORT, "completed_on": "2021-05-10"}), DAY)
    assert list(standing.certifications) == ["ccie", "ccnp", "ccna"]


def test_a_claim_is_kept_with_the_title_and_credits_of_the_day(standing: Standing) -> None:
    claim = facts.from_dict({**CLAIM, "claim": "c2", "course": "DESIGN", "version": "2"})
    kept = standing.record(claim, DAY, COURSES["DESIGN"])
    assert isinstance(kept, facts.ClaimSubmitted)
    assert (kept.title, kept.credits) == ("Design", 50)
