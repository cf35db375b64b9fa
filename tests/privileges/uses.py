"""What each function does that takes a permission, done as Lambda does it: wherever functions run, in this process or in a cloud.

Each use is made of holders of its own, so that it can be had again and again. It fails where its function does.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import ledger
from ledger import PartnerRecord, Provider, keys, table
from ledger.errors import Contended
from ledger.values import digest
from policy import facts

from tests.functions.events import SENDER, from_queue, from_stream, journal, scheduled
from tests.functions.http import OPERATOR, Client, signed_in
from tests.ledger import world

Use = Callable[["Place"], None]
USES: dict[str, dict[str, Use]] = {}
TODAY = datetime.now(UTC).date()
ON = world.COMPLETED + timedelta(days=5)
COMPLETION = {
    "course": "CORE",
    "version": "1.0",
    "provider": "acme",
    "started_on": "2021-02-15",
    "completed_on": "2021-02-19",
}
CLAIM = {**COMPLETION, "item_type": world.ACTIVITY}
PDF = b"%PDF-1.7\n"


@dataclass(frozen=True)
class Place:
    """Where functions run. invoke: calls one, named as in the template, with an event; raises where it fails.

    store: a client of the bucket of certificates, and its name; mail_fails: in that block the mail service takes none;
    follow: does what was signed, a form or a link, as a browser would, where whoever does is asked for permission only
    then.
    """

    invoke: Callable[[str, Mapping[str, Any]], Any]
    store: tuple[Any, str]
    mail_fails: Callable[[], AbstractContextManager[None]]
    follow: Callable[[Any], None] = lambda signed: None

    def upload(self, folder: str, account: str) -> str:
        client, bucket = self.store
        key = f"{digest(account)}/{uuid4().hex}"
        client.put_object(Bucket=bucket, Key=f"{folder}/{key}", Body=PDF, ContentType="application/pdf")
        return key

    def http(self, function: str, client: Client, request: str, body: Any = None, status: int = 0) -> Any:
        """Send a request; gives the body of the answer, which has this status, or says that it went well."""
        method, _, path = request.partition(" ")
        event = {**client.event(method, path, ON), "body": json.dumps(body) if body is not None else ""}
        event["headers"] = {**event["headers"], "idempotency-key": uuid4().hex}
        reply = self.invoke(function, event)
        assert reply["statusCode"] == status if status else reply["statusCode"] < 300, reply
        return json.loads(reply["body"])

    def deliver(self, function: str, batch: Mapping[str, Any]) -> None:
        """Deliver a batch, of which nothing may be left."""
        assert self.invoke(function, batch)["batchItemFailures"] == []


def furnish() -> None:
    """What uses find: courses and a provider."""
    for course in world.COURSES.values():
        ledger.put_course(course)
    ledger.put_provider(Provider("acme", "Acme", (SENDER,)))


def use(function: str, what: str) -> Callable[[Use], Use]:
    def keep(do: Use) -> Use:
        USES.setdefault(function, {})[what] = do
        return do

    return keep


def somebody() -> tuple[str, Client]:
    """A new holder who may claim, and their client."""
    name = f"u{uuid4().hex[:8]}"
    world.enroll(name)
    return name, signed_in(f"{name}@example.com")


def cut_off(name: str) -> None:
    """The projections of a holder's last entry are cut off: whoever commits next writes the rest."""
    real, calls = table.transact, iter(range(9))

    def once(actions: list[dict[str, Any]]) -> None:
        if next(calls):
            raise Contended("cut off")
        real(actions)

    exams = [facts.ExamPassed(str(number), "core", world.START) for number in range(3)]
    with patch.object(table, "TRANSACTION_ITEMS_MAX", 3), patch.object(table, "transact", once):
        ledger.record(name, exams, ON)


def half_written() -> tuple[str, Client]:
    """A new holder whose last entry's projections were cut off."""
    name, client = somebody()
    cut_off(name)
    return name, client


def a_certificate_id() -> str:
    return f"CDLL-{uuid4().hex.upper()}"


def report(account: str, **changes: Any) -> dict[str, Any]:
    data = {**COMPLETION, "account": account, "outcome": "completed", **changes}
    envelope = {"specversion": "1.0", "source": "https://acme.example", "type": "completion.reported.v1"}
    return {**envelope, "id": uuid4().hex, "data": data}


def with_claim(**more: Any) -> tuple[str, Client]:
    name, client = somebody()
    world.submit(name, **more)
    return name, client


@use("SubmitClaim", "a claim with a certificate id")
def _(place: Place) -> None:
    place.http("SubmitClaim", somebody()[1], "POST /claims", {**CLAIM, "certificate_id": a_certificate_id()}, 201)


@use("SubmitClaim", "a claim with a certificate that was uploaded")
def _(place: Place) -> None:
    name, client = somebody()
    key = place.upload("uploads", f"{name}@example.com")
    place.http("SubmitClaim", client, "POST /claims", {**CLAIM, "certificate_key": key}, 201)


@use("SubmitClaim", "a claim with a certificate that was kept before")
def _(place: Place) -> None:
    name, client = somebody()
    key = place.upload("kept", f"{name}@example.com")
    place.http("SubmitClaim", client, "POST /claims", {**CLAIM, "certificate_key": key}, 201)


@use("SubmitClaim", "a claim with a certificate that is not there")
def _(place: Place) -> None:
    name, client = somebody()
    key = f"{digest(f'{name}@example.com')}/{'0' * 32}"
    place.http("SubmitClaim", client, "POST /claims", {**CLAIM, "certificate_key": key}, 400)


@use("SubmitClaim", "a claim after a commit that was cut off")
def _(place: Place) -> None:
    place.http("SubmitClaim", half_written()[1], "POST /claims", CLAIM, 201)


@use("ServeHolder", "terms accepted after a commit that was cut off")
def _(place: Place) -> None:
    place.http("ServeHolder", half_written()[1], "PUT /enrollment", {"terms_version": "2"})


@use("ServeHolder", "the dashboard")
def _(place: Place) -> None:
    place.http("ServeHolder", somebody()[1], "GET /dashboard")


@use("ServeHolder", "the catalog")
def _(place: Place) -> None:
    # The function keeps what it has read until something changes.
    ledger.put_course(world.course(uuid4().hex, 1))
    place.http("ServeHolder", somebody()[1], "GET /catalog?q=core")


@use("ServeHolder", "a preview of a claim with a certificate id")
def _(place: Place) -> None:
    place.http("ServeHolder", somebody()[1], "POST /claims/preview", {**CLAIM, "certificate_id": a_certificate_id()})


@use("ServeHolder", "a place for a certificate")
def _(place: Place) -> None:
    place.follow(place.http("ServeHolder", somebody()[1], "POST /certificates", {})["upload"])


@use("ServeHolder", "a certificate that was kept, and one that is gone")
def _(place: Place) -> None:
    name, client = somebody()
    key, (store, bucket) = place.upload("kept", f"{name}@example.com"), place.store
    claim = facts.ClaimSubmitted(
        f"{name}-0001", f"{name}@example.com", "CORE", "1.0", world.ACTIVITY, "acme", *DAYS, True, None, key
    )
    ledger.record(name, [claim], ON, course=world.COURSES["CORE"])
    place.follow(place.http("ServeHolder", client, f"GET /claims/{name}-0001/certificate")["url"])
    store.delete_object(Bucket=bucket, Key=f"kept/{key}")
    place.http("ServeHolder", client, f"GET /claims/{name}-0001/certificate", status=404)


DAYS = (world.COMPLETED - timedelta(days=4), world.COMPLETED)


@use("ServeHolder", "open cases, for an operator")
def _(place: Place) -> None:
    place.http("ServeHolder", OPERATOR, "GET /cases")


@use("ServeProvider", "claims that wait")
def _(place: Place) -> None:
    place.http("ServeProvider", PAT, "GET /provider/claims")


@use("ServeProvider", "a roster")
def _(place: Place) -> None:
    rows = [{name: value for name, value in report("new@example.com")["data"].items() if name != "provider"}]
    assert place.http("ServeProvider", PAT, "POST /provider/reports", {"reports": rows})["accepted"] == 1


PAT = signed_in("pat@acme.example", "provider:acme")


def a_partner() -> tuple[str, Client]:
    """A new partner with somebody to write to, and its administrator."""
    name = f"p{uuid4().hex[:8]}"
    ledger.put_partner(PartnerRecord(name, "Partner", contacts=("pia@p.example",)))
    return name, signed_in(f"pia@{name}.example", f"partner-admin:{name}")


@use("ServePartner", "somebody associated, after a commit that was cut off, and listed")
def _(place: Place) -> None:
    partner, client = a_partner()
    given = {"account": f"{half_written()[0]}@example.com"}
    place.http("ServePartner", client, f"POST /partners/{partner}/individuals", given)
    place.http("ServePartner", client, f"GET /partners/{partner}/individuals")


@use("ServePartner", "a place for a proof")
def _(place: Place) -> None:
    partner, client = a_partner()
    place.follow(place.http("ServePartner", client, f"POST /partners/{partner}/proofs", {})["upload"])


def _attended(place: Place, key: Callable[[str], str], status: int) -> tuple[str, Client]:
    (partner, client), name = a_partner(), somebody()[0]
    ledger.associate(partner, name, ON)
    attended = {"individual": name, "item": "CONFERENCE", "specialization": "express-networking"}
    given = {**attended, "completed_on": str(ON), "proof_key": key(f"pia@{partner}.example")}
    place.http("ServePartner", client, f"POST /partners/{partner}/activities", given, status)
    return partner, client


@use("ServePartner", "an event attended, with a proof that was uploaded")
def _(place: Place) -> None:
    _attended(place, lambda account: place.upload("uploads", account), 201)


@use("ServePartner", "an event attended, with a proof that was kept before")
def _(place: Place) -> None:
    partner, client = _attended(place, lambda account: place.upload("kept", account), 201)
    (attended,) = place.http("ServePartner", client, f"GET /partners/{partner}/activities")["items"]
    proof = f"GET /partners/{partner}/activities/{attended['activity']}/proof"
    place.follow(place.http("ServePartner", client, proof)["url"])


@use("ServePartner", "an event attended, with a proof that is not there")
def _(place: Place) -> None:
    _attended(place, lambda account: f"{digest(account)}/{'0' * 32}", 400)


@use("Administer", "a course, a provider, an announcement kept and removed")
def _(place: Place) -> None:
    course = {"title": "New", "versions": [{"version": "1", "credits": 1}], "item_types": {}}
    place.http("Administer", OPERATOR, f"PUT /admin/catalog/{uuid4().hex}", course)
    place.http("Administer", OPERATOR, "PUT /admin/providers/new", {"name": "New", "senders": []})
    name = f"a{uuid4().hex[:8]}"
    place.http("Administer", OPERATOR, f"PUT /admin/announcements/{name}", {"text": "Closed"})
    place.http("Administer", OPERATOR, "GET /admin/announcements")
    place.http("Administer", OPERATOR, f"DELETE /admin/announcements/{name}")


@use("Administer", "a holder's account taken away, another given for which something waits")
def _(place: Place) -> None:
    name = f"u{uuid4().hex[:8]}"
    place.http("Administer", OPERATOR, f"PUT /admin/holders/{name}", {"accounts": [f"{name}@one.example"]})
    world.push(world.completion(f"{name}@two.example"))
    place.http("Administer", OPERATOR, f"PUT /admin/holders/{name}", {"accounts": [f"{name}@two.example"]})


@use("Administer", "a claim with a certificate id decided")
def _(place: Place) -> None:
    name, _ = with_claim(certificate_id=a_certificate_id())
    place.http("Administer", OPERATOR, f"POST /admin/claims/{name}-0001/decision", {"outcome": "earned"})


@use("Administer", "an exam after a commit that was cut off")
def _(place: Place) -> None:
    exam = {"exam": "9", "kind": "core", "passed_on": "2021-02-01"}
    place.http("Administer", OPERATOR, f"POST /admin/holders/{half_written()[0]}/exams", exam)


@use("Administer", "the worklists")
def _(place: Place) -> None:
    place.http("Administer", OPERATOR, "GET /admin/worklists")
    for name in ("overdue-claims", "open-cases", "reviews", "dead-letters"):
        place.http("Administer", OPERATOR, f"GET /admin/worklists/{name}")


@use("Administer", "a dead letter")
def _(place: Place) -> None:
    # Put there by the function that does so, since a test may not know the queue.
    place.deliver("ValidateClaim", from_queue(f"no JSON {uuid4()}"))
    assert place.http("Administer", OPERATOR, "GET /admin/worklists/dead-letters")["items"]


@use("ValidateClaim", "a report")
def _(place: Place) -> None:
    place.deliver("ValidateClaim", from_queue(report(f"{with_claim()[0]}@example.com")))


@use("ValidateClaim", "a report for an account that nobody has")
def _(place: Place) -> None:
    place.deliver("ValidateClaim", from_queue(report(f"{uuid4().hex}@example.com")))


@use("ValidateClaim", "a report after a commit that was cut off")
def _(place: Place) -> None:
    place.deliver("ValidateClaim", from_queue(report(f"{half_written()[0]}@example.com")))


@use("ValidateClaim", "what can never be processed")
def _(place: Place) -> None:
    place.deliver("ValidateClaim", from_queue(f"no JSON {uuid4()}"))


def _sweeps(function: str, kind: str) -> None:
    @use(function, "a sweep begun")
    def _(place: Place) -> None:
        place.invoke(function, scheduled(f"{world.START}T00:05:00Z"))

    @use(function, "a page of who is due")
    def _(place: Place) -> None:
        page = {"day": str(world.START), "kind": kind, "shard": 0, "cursor": None}
        place.deliver(function, from_queue(page))

    @use(function, "holders settled, one of them after a commit that was cut off")
    def _(place: Place) -> None:
        half, whole = half_written()[0], somebody()[0]
        place.deliver(function, from_queue({"day": "2023-12-01", "kind": kind, "owners": [half, whole]}))
        assert ledger.load(whole).version == 3
        assert ledger.load(half).version == 4


_sweeps("ExpireCredits", keys.CLAIM)
_sweeps("Recertify", keys.CERTIFICATION)


@use("Recertify", "a partner settled, who has been told of an individual's exam")
def _(place: Place) -> None:
    (name, _), partner = somebody(), f"p{uuid4().hex[:8]}"
    ledger.associate(partner, name, ON)
    ledger.record(name, [facts.ExamPassed("350-401", "core", world.START)], ON)
    place.deliver("Recertify", from_queue({"day": str(ON), "kind": keys.SPECIALIZATION, "owners": [partner]}))
    assert ledger.load_partner(partner).news == ()


@use(
    "PublishEvents", "an entry that another who carries its certificate id is told of, after a commit that was cut off"
)
def _(place: Place) -> None:
    certificate = a_certificate_id()
    (one, _), (other, _) = with_claim(certificate_id=certificate), with_claim(certificate_id=certificate)
    cut_off(other)
    world.push(world.completion(f"{one}@example.com", certificate_id=certificate))
    place.deliver("PublishEvents", from_stream(*journal(one)))
    assert certificate in ledger.load(other).standing.certificates_taken


def _expiring() -> dict[str, Any]:
    """The notice, of today, of a certification that expires in thirty days."""
    name = f"u{uuid4().hex[:8]}"
    expires_on = TODAY + timedelta(days=30)
    ledger.link_accounts(name, [f"{name}@example.com"], None, TODAY)
    imported = facts.CertificationImported("ccna", "associate", expires_on - timedelta(days=1096), expires_on)
    ledger.record(name, [imported], TODAY)
    event = next(event for entry in ledger.load(name).entries for event in entry.events)
    # Of another id, since the stack may have told of it already.
    return {"detail-type": event["type"], "detail": {**event, "id": f"{event['id']}9"}}


@use("SendReminders", "a reminder, and once more")
def _(place: Place) -> None:
    event = _expiring()
    place.deliver("SendReminders", from_queue(event))
    place.deliver("SendReminders", from_queue(event))
    assert _marker(event)["outcome"] == "sent"


@use("SendReminders", "a reminder that the mail service does not take now")
def _(place: Place) -> None:
    event = _expiring()
    with place.mail_fails():
        assert place.invoke("SendReminders", from_queue(event))["batchItemFailures"]
    assert _marker(event) is None


def _marker(event: dict[str, Any]) -> Any:
    holder = event["detail"]["data"]["holder"]
    return table.get(keys.mail(event["detail"]["id"], f"{holder}@example.com"))


@use("SendReminders", "a reminder to a partner, of what is true no more")
def _(place: Place) -> None:
    (partner, _), (name, _) = a_partner(), somebody()
    ledger.associate(partner, name, ON)
    event = {"id": f"P#{partner}-1-0", "type": "specialization.lost", "subject": "express-networking"}
    detail = {**event, "data": {"partner": partner}}
    place.deliver("SendReminders", from_queue({"detail-type": event["type"], "detail": detail}))
