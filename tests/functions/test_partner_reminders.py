"""Reminders of specializations: to each contact of a partner once, in words, and nothing that is no longer true."""

import re
from datetime import date, timedelta
from typing import Any

import ledger
import pytest
from ledger import PartnerRecord, mail
from policy.partners import facts

from tests.functions import learning
from tests.functions.learning import (
    ANNIVERSARY,
    CONTACTS,
    LAST_DAY,
    LOST,
    NAME,
    REMINDED,
    approve,
    do,
    do_enough,
    renew,
)
from tests.functions.learning import small_program as small_program
from tests.functions.test_send_reminders import clock_at, deliver, outcomes, service
from tests.ledger import world

__all__ = ["clock_at", "service"]
pytestmark = pytest.mark.usefixtures("small_program")


@pytest.fixture
def p1(service, today):
    """The partner p1, which reaches 20 of 40 points and lacks what is mandatory."""
    world.enroll("ann")
    approve()
    do("ann", "LAB", date(2021, 6, 1))
    return service


def told(today: Any, day: date, kind: str = "expiring") -> dict[str, Any]:
    """The newest event of a kind that a sweep of a day tells, on that day."""
    ledger.settle_partner("p1", day)
    today(day)
    return as_messages(kind)[-1]


def as_messages(kind: str) -> list[dict[str, Any]]:
    wanted = f"specialization.{kind}"
    return [{"detail-type": wanted, "detail": event} for event in learning.events() if event["type"] == wanted]


def test_a_reminder_says_when_what_is_reached_what_is_open_and_what_to_do(p1, today):
    assert deliver(told(today, REMINDED)) == 0
    assert p1.to == list(CONTACTS)
    assert set(p1.subjects) == {"Renew collaboration by 2022-02-11: its anniversary is on 2022-02-01, in 90 days"}
    assert p1.texts[0] == (
        "The specialization collaboration of Partner p1 has its anniversary on 2022-02-01, in 90 days. "
        "It can be renewed through 2022-02-11; if it is not, it is lost from the day after.\n\n"
        "A renewal still needs:\n\n"
        "- 20 of 40 points are reached; 20 more are needed.\n"
        "- Somebody has yet to take what is mandatory: UPDATE.\n\n"
        "Activities completed after 2021-02-01 and through 2022-02-01 count. "
        "As long as they are too few, those completed through 2022-02-11 count, too.\n\n"
        "Submit the renewal as soon as nothing of this is open. "
        "If nobody does, the program renews it by itself on 2022-02-11, if nothing is open then.\n\n"
        "See https://portal.example\n"
    )
    assert outcomes() == ["sent", "sent"]


def test_where_nothing_is_open_it_says_so(p1, today):
    do_enough("ann", date(2021, 7, 1))
    deliver(told(today, REMINDED))
    assert "40 of 40 points are reached.\n\nNothing stands in the way: submit the renewal." in p1.texts[0]
    assert "count" not in p1.texts[0]


def test_a_role_that_nobody_fills_is_named(p1, today):
    ledger.record_partner("p1", [facts.IndividualLeft("p1", "ann")], date(2021, 8, 1))
    deliver(told(today, REMINDED))
    assert "- Each of these roles needs an associated individual who qualifies: se.\n" in p1.texts[0]


@pytest.mark.parametrize(
    ("day", "subject", "text"),
    [
        (ANNIVERSARY - timedelta(days=1), "anniversary is on 2022-02-01, in 1 day", "on 2022-02-01, in 1 day. It can"),
        (ANNIVERSARY, "its anniversary is today", "has its anniversary today, 2022-02-01. It can"),
        (ANNIVERSARY + timedelta(days=1), "its grace ends in 9 days", "on 2022-02-01; its grace ends in 9 days. It"),
        (ANNIVERSARY + timedelta(days=9), "its grace ends in 1 day", "on 2022-02-01; its grace ends in 1 day. It"),
        (LAST_DAY, "today is its last day of grace", "on 2022-02-01; today is its last day of grace. It can"),
    ],
)
def test_the_day_is_told_in_words(p1, today, day, subject, text):
    deliver(told(today, day))
    assert p1.subjects[0].endswith(subject)
    assert text in p1.texts[0]


def test_a_loss_is_told_with_what_a_reactivation_takes(p1, today):
    deliver(told(today, LOST, "lost"))
    assert p1.subjects[0] == "collaboration is lost since 2022-02-12"
    assert p1.texts[0] == (
        "The specialization collaboration of Partner p1 was not renewed through 2022-02-11, "
        "and is lost since 2022-02-12.\n\n"
        "It can be reactivated. What was completed after 2021-02-01 is kept and counts together with what is new.\n\n"
        "A reactivation still needs:\n\n"
        "- 20 of 40 points are reached; 20 more are needed.\n"
        "- Somebody has yet to take what is mandatory: UPDATE.\n\n"
        "Submit the reactivation as soon as nothing of this is open.\n\n"
        "As a new partner you may apply for it only after 2023-08-12.\n\n"
        "See https://portal.example\n"
    )


def by_itself(today: Any) -> dict[str, Any]:
    """The event of what the program renewed on the last day of grace, on the day after."""
    do_enough("ann", ANNIVERSARY + timedelta(days=3))
    return told(today, LOST, "renewed")


def test_what_the_program_renews_by_itself_is_told_once_its_grace_is_over(p1, today):
    assert deliver(by_itself(today)) == 0
    assert p1.to == list(CONTACTS)
    assert set(p1.subjects) == {"collaboration was renewed on 2022-02-11"}
    assert p1.texts[0] == (
        "The specialization collaboration of Partner p1 was renewed on 2022-02-11, the last day of its grace, "
        "by the program itself: nothing was open.\n\n"
        "40 of 40 points were reached. There is nothing left to do.\n\n"
        "Its next anniversary is on 2023-02-01; a renewal may be submitted from 2022-11-03 on.\n\n"
        "See https://portal.example\n"
    )


def test_a_renewal_by_itself_that_comes_three_times_is_mailed_once_to_each(p1, today):
    event = by_itself(today)
    assert deliver(event, event) == deliver(event) == 0
    assert (p1.to, outcomes()) == (list(CONTACTS), ["sent", "sent"])


@pytest.mark.parametrize("day", [REMINDED, ANNIVERSARY, ANNIVERSARY + timedelta(days=4), LAST_DAY])
def test_of_a_renewal_that_was_submitted_nobody_is_told(p1, today, day):
    do_enough("ann", day)
    renew(day)
    today(day)
    (event,) = as_messages("renewed")
    assert (deliver(event), p1.sent, set(outcomes())) == (0, [], {"needless"})


@pytest.mark.parametrize("day", [date(2022, 11, 3), date(2023, 2, 1), date(2023, 2, 2)])
def test_that_it_was_renewed_is_not_told_once_the_next_year_is_renewed(p1, today, day):
    event = by_itself(today)
    do_enough("ann", date(2022, 11, 3))
    renew(date(2022, 11, 3))
    today(day)
    assert (deliver(event), p1.sent) == (0, [])


@pytest.mark.parametrize(("day", "mails"), [(date(2023, 2, 11), 2), (date(2023, 2, 12), 0)])
def test_that_it_was_renewed_is_not_told_of_what_was_lost_since(p1, today, day, mails):
    event = by_itself(today)
    today(day)
    deliver(event)
    assert len(p1.sent) == mails


def test_what_becomes_known_before_the_mail_is_in_it_though_no_sweep_has_run(p1, today):
    event = told(today, REMINDED)
    do("ann", "WEB", REMINDED)
    deliver(event)
    assert "- 35 of 40 points are reached; 5 more are needed." in p1.texts[0]


def test_an_event_delivered_again_is_mailed_once_to_each(p1, today):
    event = told(today, REMINDED)
    assert deliver(event, event) == deliver(event) == 0
    assert p1.to == list(CONTACTS)


def test_the_tag_of_a_mail_holds_nothing_that_the_mail_service_refuses(p1, today):
    event = told(today, REMINDED)
    assert event["detail"]["id"].startswith("P#p1-")
    deliver(event)
    (tag,) = p1.sent[0]["EmailTags"]
    assert re.fullmatch(r"P_p1-\d+-0", tag["Value"])


@pytest.mark.parametrize("late", [0, 1, 89, 90, 91])
def test_a_reminder_is_told_until_the_next_is_due(p1, today, late):
    event = told(today, REMINDED)
    today(REMINDED + timedelta(days=late))
    deliver(event)
    assert len(p1.sent) == (2 if late < 90 else 0)


def test_of_the_reminders_that_come_at_once_after_a_pause_the_last_is_told(p1, today):
    told(today, ANNIVERSARY + timedelta(days=3))
    deliver(*as_messages("expiring"))
    assert p1.subjects == ["Renew collaboration by 2022-02-11: its grace ends in 7 days"] * 2
    assert sorted(set(outcomes())) == ["needless", "sent"]


def test_when_a_loss_is_known_no_reminder_is_sent_any_more(p1, today):
    told(today, LOST, "lost")
    deliver(*as_messages("expiring"), *as_messages("lost"))
    assert p1.subjects == ["collaboration is lost since 2022-02-12"] * 2


@pytest.mark.parametrize("day", [REMINDED, ANNIVERSARY, LAST_DAY])
def test_what_was_renewed_meanwhile_is_not_called_for(p1, today, day):
    event = told(today, day)
    do_enough("ann", day)
    renew(day)
    assert (deliver(event), p1.sent, set(outcomes())) == (0, [], {"needless"})


def test_on_the_last_day_of_grace_nothing_is_asked_that_the_program_does_by_itself(p1, today):
    event = told(today, LAST_DAY)
    do_enough("ann", LAST_DAY)
    assert (deliver(event), p1.sent) == (0, [])


def test_the_reminder_of_a_year_is_none_of_the_next(p1, today):
    event = told(today, REMINDED)
    do_enough("ann", REMINDED)
    renew(REMINDED)
    today(REMINDED + timedelta(days=365))
    assert (deliver(event), p1.sent) == (0, [])


def test_a_loss_that_was_made_good_is_not_told(p1, today):
    event = told(today, LOST, "lost")
    do_enough("ann", LOST)
    ledger.record_partner("p1", [facts.ReactivationSubmitted("p1", NAME)], LOST)
    assert (deliver(event), p1.sent) == (0, [])


def test_a_partner_without_contacts_or_that_operators_do_not_keep_is_told_nothing(p1, today, log):
    event = told(today, REMINDED)
    ledger.put_partner(PartnerRecord("p1", "Partner p1"))
    assert (deliver(event), p1.sent, outcomes()) == (0, [], [])
    (warning,) = [line for line in log.lines() if line["level"] == "WARNING"]
    assert warning["partner"] == "p1"


def test_an_address_refused_for_good_holds_up_no_other_and_is_in_no_log(p1, today, log):
    event = told(today, REMINDED)
    p1.before = [f"MessageRejected: Email address is not verified: {CONTACTS[0]}"]
    assert deliver(event) == deliver(event) == 0
    assert (p1.to, sorted(outcomes())) == ([CONTACTS[1]], ["refused", "sent"])
    assert "@" not in log.getvalue()


def test_who_crashes_between_two_contacts_tells_the_first_no_second_time(p1, today, clock_at):
    event = told(today, REMINDED)
    p1.before = [None, SystemExit()]
    with pytest.raises(SystemExit):
        deliver(event)
    clock_at(mail.LEASE_SECONDS + 1)
    assert (deliver(event), p1.to) == (0, list(CONTACTS))


HOSTILE = "P1\r\nBcc: victim@example.com\x00\N{LINE SEPARATOR}; \N{FIRE}"


def test_a_name_cannot_add_headers_or_lines(p1, today):
    event = told(today, LOST, "lost")
    ledger.put_partner(PartnerRecord("p1", HOSTILE, contacts=(CONTACTS[0], "x<eve@example.com>", "a@b.c,d@e.f")))
    deliver(event)
    assert p1.to == [CONTACTS[0]]
    assert not re.search(r"^Bcc", p1.texts[0], re.MULTILINE)
    assert "collaboration of P1 Bcc: victim@example.com ; \N{FIRE} was not renewed" in p1.texts[0]
    assert sorted(outcomes()) == ["refused", "refused", "sent"]


def test_a_holder_and_a_partner_of_one_id_are_not_taken_for_each_other(p1, today):
    world.enroll("p1")
    deliver(told(today, REMINDED))
    assert set(p1.to) == set(CONTACTS)
