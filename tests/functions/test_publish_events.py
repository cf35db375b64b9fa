"""The journal on its way to the bus: each event at least once, with the same id, and none that is nobody's business."""

import json
import re
from datetime import date, timedelta
from typing import Any

import ledger
import pytest

from functions.publish_events import handler
from functions.publish_events.handler import lambda_handler
from tests.functions.cloud import cloud as cloud
from tests.functions.cloud import log as log
from tests.functions.cloud import today as today
from tests.functions.events import Context, failures, from_stream, journal
from tests.ledger import world

EMAIL = re.compile(r"[\w.]+@[\w.]+")
CERTIFICATE = "CDLL-1"


def deliver(*items: dict[str, Any]) -> list[str]:
    """The sequence number, if any, from which the stream delivers again; the first item's is 1."""
    return failures(lambda_handler(from_stream(*items), Context()))


def ids(cloud: Any) -> list[str]:
    return [event["Detail"]["id"] for event in cloud.bus.events]


def test_an_event_is_a_cloud_event_in_the_envelope_of_the_bus(cloud):
    world.enroll("ann")
    recorded = world.submit("ann")
    assert deliver(*journal("ann")) == []
    (event,) = cloud.bus.events
    assert event["EventBusName"] == event["Source"] == "standing"
    assert event["DetailType"] == "claim.submitted"
    assert event["Detail"] == {
        "specversion": "1.0",
        "id": "ann-3-0",
        "source": "standing",
        "type": "claim.submitted",
        "subject": "ann-0001",
        "time": recorded.entry.recorded_at,
        "datacontenttype": "application/json",
        "data": {
            "holder": "ann",
            "day": "2021-02-24",
            "rule": "edition-by-date",
            "because": [],
            "edition": "edition-2020",
            "course": "CORE",
            "credits": 64,
        },
    }


def test_the_types_of_the_contract_are_published_and_no_others(cloud):
    world.enroll("ann")
    for course in ("CORE", "DESIGN", "CYBER"):
        world.submit("ann", course)
    world.push(world.completion("ann@example.com"))
    world.push(world.completion("ann@example.com", "CYBER", outcome="incomplete"))
    world.push(world.completion("ann@example.com", "DESIGN"))
    world.enroll("bob")
    world.submit("bob")
    ledger.settle("bob", date(2024, 3, 1))
    deliver(*journal())
    published = {(event["DetailType"], event["Detail"]["data"]["holder"]) for event in cloud.bus.events}
    assert {kind for kind, _ in published} == {
        "claim.submitted",
        "claim.earned",
        "claim.denied",
        "claim.overdue",
        "certification.recertified",
        "certification.expiring",
        "certification.expired",
    }
    decided = {decision["kind"] for entry in world.entries() for decision in entry.decisions}
    assert {"terms.accepted", "certification.awarded", "report.recorded", "claim.redeemed"} <= decided


def test_no_event_holds_an_address_or_a_name(cloud):
    world.enroll("ann", "ann@example.com", "ann@work.example.com")
    world.submit("ann")
    world.push(world.completion("ann@work.example.com"))
    deliver(*journal())
    text = json.dumps(cloud.bus.events)
    assert '"claim.denied"' in text
    assert not EMAIL.search(text)
    assert "Ann" not in text


def test_a_record_of_anything_else_is_passed_over(cloud):
    world.enroll("ann")
    world.submit("ann")
    assert deliver(*ledger.table.scan()) == []
    assert ids(cloud) == ["ann-3-0"]


def test_delivered_again_an_event_has_the_same_id(cloud):
    world.enroll("ann")
    world.submit("ann")
    deliver(*journal())
    deliver(*journal())
    assert cloud.bus.events[0] == cloud.bus.events[1]
    assert ids(cloud) == ["ann-3-0", "ann-3-0"]


def many_claims(holder: str, number: int) -> None:
    """Entries 3 and on, a claim each."""
    world.enroll(holder)
    for n in range(number):
        ledger.put_course(world.course(f"C{n}", 1))
        world.submit(holder, f"C{n}")


def test_events_go_ten_to_a_call(cloud):
    many_claims("ann", 23)
    deliver(*journal())
    assert cloud.bus.calls == [10, 10, 3]
    assert ids(cloud) == [f"ann-{seq}-0" for seq in range(3, 26)]


def test_events_that_the_bus_does_not_take_are_put_again(cloud):
    many_claims("ann", 12)
    cloud.bus.refuse = {"ann-4-0": 1, "ann-7-0": 2}
    assert deliver(*journal()) == []
    assert cloud.bus.calls == [10, 2, 1, 2]
    assert sorted(ids(cloud)) == sorted(f"ann-{seq}-0" for seq in range(3, 15))


def test_where_the_bus_does_not_take_an_event_at_all_the_stream_goes_on_from_there(cloud):
    many_claims("ann", 12)
    cloud.bus.refuse = {"ann-7-0": 100, "ann-9-0": 100}
    assert deliver(*journal()) == ["7"]
    cloud.bus.refuse = {}
    assert deliver(*journal()[6:]) == []
    assert set(ids(cloud)) == {f"ann-{seq}-0" for seq in range(3, 15)}


def test_where_the_bus_cannot_be_reached_the_stream_goes_on_from_the_first_event(cloud):
    world.enroll("ann")
    world.submit("ann")
    cloud.bus.down = True
    assert deliver(*journal()) == ["3"]
    cloud.bus.down = False
    assert deliver(*journal()) == []
    assert ids(cloud) == ["ann-3-0"]


def test_an_image_that_cannot_be_read_holds_up_what_comes_after_it_only(cloud, log):
    world.enroll("ann")
    world.submit("ann")
    world.submit("ann", "DESIGN")
    batch = from_stream(*journal())
    batch["Records"][3]["dynamodb"]["NewImage"]["decisions"] = {"S": "broken"}
    assert failures(lambda_handler(batch, Context())) == ["4"]
    assert ids(cloud) == ["ann-3-0"]
    assert log.lines()[-1]["sequence_number"] == "4"


def test_a_long_entry_comes_packed(cloud, monkeypatch):
    monkeypatch.setattr("ledger.values.PACKED_FROM_BYTES", 100)
    world.enroll("ann")
    world.submit("ann")
    assert isinstance(journal()[-1]["decisions"], bytes)
    assert deliver(*journal()) == []
    assert ids(cloud) == ["ann-3-0"]


def share_a_certificate() -> None:
    """Ann's claim earns with a certificate id that bob's pending claim carries, too."""
    for holder in ("ann", "bob"):
        world.enroll(holder)
        world.submit(holder, certificate_id=CERTIFICATE)
    world.push(world.completion("ann@example.com", certificate_id=CERTIFICATE))


def test_holders_who_share_a_certificate_id_are_told(cloud):
    share_a_certificate()
    assert deliver(*journal()) == []
    assert world.claims("bob") == {"bob-0001": "denied"}
    assert deliver(*journal()) == []
    assert len(ledger.load("bob").entries) == 4


def test_where_others_cannot_be_told_the_stream_goes_on_from_there(cloud, monkeypatch):
    share_a_certificate()
    world.submit("ann", "DESIGN")

    def fail(entry: ledger.Entry) -> int:
        if entry.certificates:
            raise ledger.Busy("throttled")
        return 0

    number = [item.get("certificates") is not None for item in journal()].index(True) + 1
    with monkeypatch.context() as patch:
        patch.setattr(handler, "spread_certificates", fail)
        assert deliver(*journal()) == [str(number)]
    assert world.claims("bob") == {"bob-0001": "pending"}
    assert deliver(*journal()[number - 1 :]) == []
    assert world.claims("bob") == {"bob-0001": "denied"}


def test_a_sweep_s_events_are_those_of_what_happened(cloud):
    world.enroll("ann")
    world.submit("ann")
    world.push(world.completion("ann@example.com"))
    ledger.settle("ann", date(2024, 1, 29) - timedelta(days=31))
    ledger.settle("ann", date(2024, 2, 1))
    deliver(*journal())
    told = [(event["DetailType"], event["Detail"]["data"]["day"]) for event in cloud.bus.events]
    assert told[2:] == [
        ("certification.expiring", "2023-10-31"),
        ("certification.expiring", "2023-11-30"),
        ("certification.expiring", "2023-12-30"),
        ("certification.expiring", "2024-01-22"),
        ("credits.expired", "2024-01-30"),
        ("certification.expired", "2024-01-30"),
    ]


@pytest.mark.parametrize("number", [0, 3])
def test_metrics_count_what_is_published(cloud, capsys, number):
    many_claims("ann", number)
    deliver(*journal())
    published = [json.loads(line)["EventsPublished"] for line in capsys.readouterr().out.splitlines()]
    assert published == ([[number]] if number else [])
