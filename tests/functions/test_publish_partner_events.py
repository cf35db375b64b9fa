"""Partners' journals on their way to the bus: what was decided of specializations, and nothing of who did what."""

import json
import re
from datetime import date, timedelta

import ledger
import pytest
from policy.partners import facts

from tests.functions.events import from_stream, journal, partner_journal
from tests.functions.learning import ANNIVERSARY, APPROVED, LAST_DAY, LOST, NAME, approve, do, do_enough, renew
from tests.functions.learning import small_program as small_program
from tests.functions.test_publish_events import EMAIL, deliver, ids
from tests.ledger import world

pytestmark = pytest.mark.usefixtures("small_program")


def published(cloud) -> list[tuple[str, str]]:
    return [(event["DetailType"], event["Detail"]["data"]["day"]) for event in cloud.bus.events]


@pytest.fixture
def p1(cloud):
    world.enroll("ann")
    approve()
    return cloud


def test_a_partner_s_event_is_a_cloud_event_about_a_specialization(p1):
    assert deliver(*partner_journal()) == []
    (event,) = p1.bus.events
    assert (event["Source"], event["DetailType"]) == ("standing", "specialization.approved")
    assert event["Detail"] == {
        "specversion": "1.0",
        "id": "P#p1-3-0",
        "source": "standing",
        "type": "specialization.approved",
        "subject": NAME,
        "time": ledger.load_partner("p1").entries[-1].recorded_at,
        "datacontenttype": "application/json",
        "data": {
            "partner": "p1",
            "day": "2021-02-01",
            "rule": "first-approval",
            "because": [],
            "approved_on": "2021-02-01",
        },
    }


def test_a_story_of_a_partner_is_published_in_its_order(p1):
    do("ann", "LAB", date(2021, 6, 1))
    ledger.settle_partner("p1", ANNIVERSARY + timedelta(days=1))
    do_enough("ann", ANNIVERSARY + timedelta(days=2))
    renew(ANNIVERSARY + timedelta(days=2))
    year = timedelta(days=365)
    ledger.settle_partner("p1", LOST + year)
    do_enough("ann", LOST + year)
    ledger.record_partner("p1", [facts.ReactivationSubmitted("p1", NAME)], LOST + year)
    deliver(*partner_journal())
    told = [kind.removeprefix("specialization.") for kind, _ in published(p1)]
    assert told == [
        "approved",
        *["expiring"] * 2,
        "grace",
        *["expiring"] * 2,
        "renewed",
        *["expiring"] * 2,
        "grace",
        *["expiring"] * 10,
        "lost",
        "reactivated",
    ]
    assert len(set(ids(p1))) == len(told)


def test_what_was_done_for_a_partner_is_published_by_nobody(p1):
    before = len(journal())
    do("ann", "LAB", APPROVED)
    ledger.record_partner("p1", [facts.IndividualLeft("p1", "ann")], APPROVED)
    assert deliver(*journal()[before:], *partner_journal()[-1:]) == []
    assert p1.bus.events == []


def test_no_event_holds_an_individual_a_name_or_an_address(p1):
    ledger.settle_partner("p1", LOST)
    deliver(*partner_journal())
    text = json.dumps(p1.bus.events)
    assert "specialization.lost" in text
    assert not re.search(r"\bann\b|Partner p1", text)
    assert not EMAIL.search(text)


def test_what_lies_beside_the_journals_is_passed_over(p1):
    do("ann", "LAB", APPROVED)
    ledger.record_program([facts.PointsRequiredSet("express", 30)], APPROVED)
    items = list(ledger.table.scan())
    assert {"N", "SPEC", "PARTNER"} <= {item["sk"].partition("#")[0] for item in items}
    assert deliver(*items) == []
    assert ids(p1) == ["P#p1-3-0"]


def test_a_holder_and_a_partner_of_one_id_have_events_of_different_ids(p1):
    world.enroll("p1")
    world.submit("p1")
    deliver(*journal("p1"), *partner_journal("p1"))
    assert ids(p1) == ["p1-3-0", "P#p1-3-0"]


def test_delivered_again_after_the_bus_refused_one_each_comes_with_the_same_id(p1):
    ledger.settle_partner("p1", LAST_DAY)
    p1.bus.refuse = {"P#p1-4-2": 100}
    assert deliver(*partner_journal()) == ["4"]
    p1.bus.refuse = {}
    assert deliver(*partner_journal()[3:]) == []
    assert set(ids(p1)) == {"P#p1-3-0", *(f"P#p1-4-{number}" for number in range(13))}


def test_an_image_of_the_stream_is_read_as_lambda_gets_it(p1, monkeypatch):
    monkeypatch.setattr("ledger.values.PACKED_FROM_BYTES", 100)
    ledger.settle_partner("p1", LOST)
    assert isinstance(partner_journal()[-1]["decisions"], bytes)
    deliver(*partner_journal())
    assert published(p1)[-1] == ("specialization.lost", LOST.isoformat())
    assert from_stream(*partner_journal())["Records"][0]["dynamodb"]["Keys"]["pk"] == {"S": "P#p1"}
