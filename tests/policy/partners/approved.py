"""A partner that is approved for cloud, which takes 40 points and DELTA, with 35 of them."""

from datetime import date

from policy.partners import Partner, facts

from tests.policy.partners.histories import PROGRAM

START, ANNIVERSARY, LAST_DAY = date(2021, 2, 1), date(2022, 2, 1), date(2022, 2, 11)


def approved() -> Partner:
    """Approved on START; ann fills its role, and took LAB-20 and LAB-15 a month later."""
    partner = Partner(PROGRAM)
    partner.record(facts.IndividualAssociated("p1", "ann"), START)
    partner.record(facts.ExamPassed("ann", "700-001", START), START)
    partner.record(facts.RoleFilled("p1", "cloud", "am", "ann"), START)
    partner.record(facts.ApplicationSubmitted("p1", "cloud"), START)
    for item in ("LAB-20", "LAB-15"):
        view(partner, item, date(2021, 3, 1))
    partner.decisions.clear()
    return partner


def view(partner: Partner, item: str, day: date, individual: str = "ann") -> None:
    partner.record(facts.ActivityRecorded(individual, item, day, "viewed"), day)
