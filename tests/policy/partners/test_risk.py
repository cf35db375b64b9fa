"""What puts a renewal at risk: too few points at the present pace, one person in a role, what lapses before the day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from policy.dates import ONE_DAY
from policy.partners import Partner, facts, views
from policy.partners.program import Role, Specialization
from policy.partners.risk import risk

from tests.policy.histories import SETTINGS
from tests.policy.partners.approved import ANNIVERSARY, LAST_DAY, START, approved, view
from tests.policy.partners.histories import PROGRAM, Event, histories, play
from tests.policy.partners.test_properties import RULE_IDS


@pytest.fixture
def partner() -> Partner:
    return approved()


def pace(partner: Partner, day: date) -> dict[str, Any]:
    partner.advance(day)
    return risk(partner, "cloud")["pace"]


@pytest.mark.parametrize(
    ("elapsed", "projected", "meets", "needed"),
    [
        # 35 points of 40 in a year of 365 days: enough through day 319, 35 * 365 / 319 being 40.04.
        (28, 456, True, 1),
        (319, 40, True, 4),
        (320, 39, False, 4),
        (355, 35, False, 15),
        (364, 35, False, 150),
        (365, 35, False, 150),
    ],
)
def test_the_pace_so_far_is_projected_to_the_anniversary(
    partner: Partner, elapsed: int, projected: int, meets: bool, needed: int
) -> None:
    assert pace(partner, START + timedelta(days=elapsed)) == {
        "points": 35,
        "projected": projected,
        "required": 40,
        "meets": meets,
        "days_left": 365 - elapsed,
        "points_per_30_days_needed": needed,
    }


def test_in_grace_the_last_day_of_it_is_what_counts(partner: Partner) -> None:
    assert pace(partner, ANNIVERSARY + ONE_DAY) == {
        "points": 35,
        "projected": 35,
        "required": 40,
        "meets": False,
        "days_left": 9,
        "points_per_30_days_needed": 17,
    }
    assert pace(partner, LAST_DAY)["days_left"] == 0
    assert pace(partner, LAST_DAY + ONE_DAY) is None


def test_on_the_day_of_the_approval_there_is_no_pace_to_go_by(partner: Partner) -> None:
    partner.record(facts.ApplicationSubmitted("p1", "security"), ANNIVERSARY)
    shown = risk(partner, "security")["pace"]
    assert (shown["points"], shown["projected"], shown["meets"]) == (0, 0, False)
    assert shown["points_per_30_days_needed"] == 9


def test_what_is_renewed_is_at_no_risk_whatever_number_comes(partner: Partner) -> None:
    view(partner, "DELTA", date(2022, 1, 1))
    partner.record(facts.RenewalSubmitted("p1", "cloud"), date(2022, 1, 1))
    partner.record(facts.PointsRequiredSet("express", 100), date(2022, 1, 1))
    shown = risk(partner, "cloud")
    assert (shown["pace"]["meets"], shown["pace"]["points_per_30_days_needed"]) == (True, 0)
    assert shown["rules"] == ["roles"]


@pytest.mark.parametrize(("through", "lapses"), [(date(2023, 1, 31), True), (date(2023, 2, 1), False)])
def test_once_renewed_what_lapses_is_that_of_the_next_year(partner: Partner, through: date, lapses: bool) -> None:
    day = date(2022, 1, 1)
    for exam in EXAMS:
        partner.record(exam, day)
    for fact in (facts.RoleFilled("p1", "iot", "se", "ann"), facts.ApplicationSubmitted("p1", "iot")):
        partner.record(fact, day)
    renewed = replace(partner.years["cloud"], renewed=True)
    partner.years["iot"] = renewed
    partner.individuals["ann"].passed.pop("700-003")
    partner.record(badge(through), day)
    assert bool(risk(partner, "iot")["lapsing"]) == lapses


def test_without_a_number_or_approval_there_is_no_pace(partner: Partner) -> None:
    assert risk(partner, "iot") == {"pace": None, "hangs_on_one": [], "lapsing": [], "rules": []}
    del partner.points_required["express"]
    assert risk(partner, "cloud")["pace"] is None


def test_a_role_hangs_on_one_person_until_another_who_is_there_qualifies(partner: Partner) -> None:
    hangs = [{"role": "am", "individual": "ann"}]
    day = date(2021, 4, 1)
    partner.record(facts.ExamPassed("bob", "700-001", day), day)
    assert risk(partner, "cloud")["hangs_on_one"] == hangs
    partner.record(facts.IndividualAssociated("p1", "bob"), day)
    assert risk(partner, "cloud")["hangs_on_one"] == []
    partner.record(facts.IndividualLeft("p1", "ann"), day)
    # Bob could fill it, but nobody does: that is no risk any more, it blocks.
    assert risk(partner, "cloud")["hangs_on_one"] == []
    assert views.specialization(partner, "cloud")["blocked_by"].count("core-not-met") == 1
    partner.record(facts.RoleFilled("p1", "cloud", "am", "bob"), day)
    assert risk(partner, "cloud")["hangs_on_one"] == [{"role": "am", "individual": "bob"}]


def iot(*learnt: facts.Fact) -> Partner:
    """Approved for iot, whose systems engineer has two exams or a badge, with a number set."""
    partner = Partner(PROGRAM)
    partner.record(facts.PointsRequiredSet("advanced-technology", 40), START)
    partner.record(facts.IndividualAssociated("p1", "ann"), START)
    for fact in learnt:
        partner.record(fact, START)
    partner.record(facts.RoleFilled("p1", "iot", "se", "ann"), START)
    partner.record(facts.ApplicationSubmitted("p1", "iot"), START)
    return partner


def badge(expires_on: date) -> facts.BadgeEarned:
    return facts.BadgeEarned("ann", "iot-specialist", expires_on)


EXAMS = facts.ExamPassed("ann", "700-001", START), facts.ExamPassed("ann", "700-003", START)


@pytest.mark.parametrize(
    ("learnt", "lapses"),
    [
        ((badge(ANNIVERSARY - ONE_DAY),), True),
        ((badge(ANNIVERSARY),), False),
        ((badge(ANNIVERSARY - ONE_DAY), EXAMS[0]), True),
        # The exams will do without the badge.
        ((badge(ANNIVERSARY - ONE_DAY), *EXAMS), False),
        (EXAMS, False),
    ],
)
def test_a_badge_lapses_unless_the_exams_stand_behind_it(learnt: tuple[facts.Fact, ...], lapses: bool) -> None:
    shown = risk(iot(*learnt), "iot")
    line = {"role": "se", "individual": "ann", "kind": "badge", "name": "iot-specialist"}
    expected = [line | {"expires_on": ANNIVERSARY - ONE_DAY, "before": "anniversary"}] if lapses else []
    assert shown["lapsing"] == expected
    assert ("specialist-badge" in shown["rules"]) == lapses


def test_in_grace_what_lapses_before_its_last_day_is_told() -> None:
    partner = iot(badge(LAST_DAY - ONE_DAY))
    assert risk(partner, "iot")["lapsing"] == []
    partner.advance(ANNIVERSARY + ONE_DAY)
    assert [line["before"] for line in risk(partner, "iot")["lapsing"]] == ["grace"]
    partner.advance(LAST_DAY)
    assert risk(partner, "iot")["lapsing"] == []


def test_a_certification_behind_a_role_lapses_before_the_anniversary() -> None:
    offered = Specialization.always("express", ("LAB-20",), roles={"fe": Role(certification="ccnp")})
    partner = Partner(replace(PROGRAM, specializations={"cloud": offered}))
    partner.record(facts.IndividualAssociated("p1", "ann"), START)
    partner.record(facts.CertificationHeld("ann", "ccnp", date(2021, 12, 31)), START)
    partner.record(facts.RoleFilled("p1", "cloud", "fe", "ann"), START)
    partner.record(facts.ApplicationSubmitted("p1", "cloud"), START)
    shown = risk(partner, "cloud")
    assert shown["lapsing"] == [
        {
            "role": "fe",
            "individual": "ann",
            "kind": "certification",
            "name": "ccnp",
            "expires_on": date(2021, 12, 31),
            "before": "anniversary",
        }
    ]
    assert shown["rules"] == ["points-required", "indicator", "roles", "career-certification"]
    partner.record(facts.CertificationHeld("ann", "ccnp", ANNIVERSARY), START)
    assert risk(partner, "cloud")["lapsing"] == []


@SETTINGS
@given(histories())
def test_what_is_told_of_risk_is_so(events: list[Event]) -> None:
    partner = play(events)
    for name in PROGRAM.specializations:
        line, shown = views.specialization(partner, name), risk(partner, name)
        assert set(shown["rules"]) <= RULE_IDS
        if line["indicator"] in ("on-target", "behind") and line["status"] == "approved" and not line["renewed"]:
            assert shown["pace"]["meets"] == (line["indicator"] == "on-target")
        if line["anniversary"] is None or line["required"] is None:
            assert shown["pace"] is None
        for lapsing in shown["lapsing"]:
            last_day = partner.program.rules.renewal_through(line["anniversary"])
            later = partner.copy()
            later.today = line["anniversary"] if lapsing["before"] == "anniversary" else last_day
            if line["renewed"]:
                later.today = partner.years[name].next().end
            roles = {role["role"]: role for role in views.detail(later, name)["roles"]}
            assert roles[lapsing["role"]]["qualifies"] is False
