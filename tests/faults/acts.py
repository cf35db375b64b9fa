"""Everything that the functions do, one act for each route, kind of message and schedule, to be done under faults.

Acts are found in the functions themselves. One that is added there and not known here fails `test_every_fault.py`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from api.routes import Route, Who
from ledger import table
from ledger.check import check
from ledger.entry import from_item
from ledger.keys import JOURNAL
from ledger.values import plain

from functions.validate_claim.models import TYPES
from tests.aws.faults import Crash
from tests.aws.stage import BUCKET, DEAD_LETTERS, PROVIDER_QUEUE, SWEEPS
from tests.faults import program
from tests.faults.program import (
    ANNS,
    CERTIFICATE_ID,
    DENIED,
    EXPRESS,
    FABRIKAM,
    NEW,
    NORTHWIND,
    PENDING,
    PROOF,
    REVIEWED,
    TAILSPIN,
    TODAY,
    UPLOADED,
    Program,
)
from tests.functions.events import Context, failures, from_queue, from_stream, scheduled
from tests.functions.http import ANN, BOB, OPERATOR, PAT, Answer, Client, signed_in
from tests.functions.partners import APPROVED, administrator
from tests.functions.sample import TRACK
from tests.functions.test_http_bodies import GOOD
from tests.functions.test_http_bodies import IDS as OF_BODIES
from tests.functions.test_validate_claim import REPORT, exam, message, without
from tests.ledger import world

HANDLERS = {
    path.parent.name: import_module(f"functions.{path.parent.name}.handler")
    for path in sorted((Path(__file__).parents[2] / "functions").glob("*/handler.py"))
}
ROUTES: dict[str, Route] = {
    route.name: route for module in HANDLERS.values() for route in getattr(module, "ROUTES", ())
}
# Functions that no request starts.
STARTED_BY_EVENTS = {name: module for name, module in HANDLERS.items() if not hasattr(module, "ROUTES")}
TRIES_MAX = 5
# Of facts, what names a file.
FILES = ("certificate_key", "proof_key")


@dataclass(frozen=True)
class Act:
    """run: does it, as often as it takes until it is done, and gives what is told of it; of: the route or event.

    again: what may be told instead when it is done once more; many: it is several commits, and others may come between.
    """

    run: Callable[[Program], Any]
    of: str
    again: Callable[[Any], bool] = field(default=lambda answer: False)
    many: bool = False


class Undone(Exception):
    """However often it was tried."""


def until_done(there: Program, invoke: Callable[[], Any], done: Callable[[Any], bool]) -> Any:
    """What an invocation answers in the end: one that crashes or is not done is tried again two minutes later."""
    why: BaseException | None = None
    for _ in range(TRIES_MAX):
        try:
            answer = invoke()
            if done(answer):
                return answer
        except (Crash, Exception) as error:
            why = error
        there.clock.go_on(minutes=2)
    raise Undone from why


# ------------------------------------------------------------------------ requests

CLIENTS = {Who.HOLDER: ANN, Who.HOLDER_OR_OPERATOR: ANN, Who.OPERATOR: OPERATOR, Who.PROVIDER: PAT, Who.ANYONE: ANN}
IDS = {
    **OF_BODIES,
    "claim_id": DENIED,
    "certification": TRACK,
    "worklist": "open-cases",
    "individual": "gus",
    "activity": program.ATTENDED,
}
# Where a route needs another than those.
IDS_OF: dict[str, dict[str, str]] = {
    "GET /catalog/{course}": {"course": "CORE"},
    "POST /admin/claims/{claim_id}/decision": {"claim_id": PENDING},
    "POST /admin/claims/{claim_id}/review": {"claim_id": REVIEWED},
    "POST /partners/{partner}/applications": {"partner": FABRIKAM},
    "POST /partners/{partner}/specializations/{specialization}/reactivations": {"partner": TAILSPIN},
}
BODIES = {
    **GOOD,
    "PUT /admin/holders/{holder}": {"accounts": [*ANNS, NEW], "name": "Ann"},
    "POST /partners/{partner}/activities": {**GOOD["POST /partners/{partner}/activities"], "proof_key": PROOF},
}
FEE = "POST /fee-payments"


def request(route: Route, there: Program, client: Client | None = None, **changes: Any) -> Answer:
    """Send a request until it is answered; a busy service asks for that."""
    method, _, path = route.name.partition(" ")
    ids = {**IDS, **IDS_OF.get(route.name, {})}
    path = path.format_map(ids)
    body = {**BODIES[route.name], **changes} if route.takes_body else None
    callers = {**CLIENTS, Who.PARTNER: administrator(ids["partner"])}
    caller = client or (signed_in("fay@example.com") if route.name == FEE else callers[route.who])
    headers = {"idempotency-key": route.name}
    on = program.DUE if route.name == FEE else there.clock.today
    send = partial(caller.send, method, path, body, on=on, headers=headers)
    return until_done(there, send, lambda answer: answer.status != 503)


def _once_more(route: Route, answer: Answer) -> bool:
    """What was made before is kept from then on, what was removed is gone, and each signed address is a new one."""
    signed = answer.status < 300 and route.name.endswith(("/certificate", "/certificates", "/proof", "/proofs"))
    return (route.method, answer.status) in (("PUT", 200), ("PUT", 201), ("DELETE", 404)) or signed


REQUESTS = {
    name: Act(partial(request, route), name, partial(_once_more, route), name.endswith("/merge"))
    for name, route in ROUTES.items()
}
VARIANTS = {
    "POST /claims with a certificate": Act(
        lambda there: request(ROUTES["POST /claims"], there, certificate_key=UPLOADED, certificate_id="CDLL-8"),
        "POST /claims",
    ),
    "POST /claims of the same course from the other account": Act(
        lambda there: request(ROUTES["POST /claims"], there, signed_in(ANNS[1])), "POST /claims"
    ),
    "POST /claims with an id that another carries": Act(
        lambda there: request(ROUTES["POST /claims"], there, BOB, certificate_id=CERTIFICATE_ID),
        "POST /claims",
    ),
    "PUT /admin/holders/{holder} of a new one with an account for which a report waits": Act(
        lambda there: until_done(
            there,
            lambda: OPERATOR.put("/admin/holders/new", {"accounts": [NEW]}, on=there.clock.today),
            lambda answer: answer.status != 503,
        ),
        "PUT /admin/holders/{holder}",
        again=lambda answer: answer.status == 200,
    ),
    "POST /cases/{case_id}/messages that closes": Act(
        lambda there: request(ROUTES["POST /cases/{case_id}/messages"], there, OPERATOR, close=True),
        "POST /cases/{case_id}/messages",
    ),
}

# ------------------------------------------------------------------------ messages


def deliver(function: str, event: Mapping[str, Any], there: Program) -> None:
    """Deliver messages until none is left on the queue."""
    handler = HANDLERS[function].lambda_handler
    until_done(there, lambda: failures(handler(event, Context())), lambda left: not left)


DESIGN = {**REPORT, "course": "DESIGN", "certificate_id": CERTIFICATE_ID}
BOBS = {**DESIGN, "account": "bob@example.com"}
STATEMENT = {
    "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "actor": {"mbox": f"mailto:{ANNS[0]}"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"definition": {"extensions": {"urn:standing:course": "DESIGN", "urn:standing:version": "1.0"}}},
    "context": {
        "extensions": {
            "urn:standing:provider": "acme",
            "urn:standing:started-on": "2021-02-15",
            "urn:standing:certificate-id": CERTIFICATE_ID,
        }
    },
    "timestamp": "2021-02-19T10:00:00Z",
}
OF_NOBODY = {**REPORT, "account": NEW, "course": "CYBER"}
EXAM = {"provider": "acme", "account": ANNS[1], "exam": "350-1", "kind": "core", "passed_on": "2021-03-20"}
ACTIVITY = {"provider": "acme", "individual": "ann", "item": "ENCOR", "completed_on": "2021-03-20", "mode": "completed"}
BADGE = {"provider": "acme", "individual": "ann", "badge": "b", "kind": "specialist", "expires_on": "2022-02-01"}
RETRACTED = {**without(REPORT, "outcome"), "course": "HUGE", "started_on": "2021-02-08", "completed_on": "2021-02-12"}
# What providers send, and of which type it is.
MESSAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "a report that earns": ("completion.reported.v1", message(DESIGN, id="earns")),
    "a report that earns with an id that another carries": ("completion.reported.v1", message(BOBS, id="bob")),
    "a report for an account of nobody": ("completion.reported.v1", message(OF_NOBODY, id="waits")),
    "a report that corrects": ("completion.reported.v1", message({**REPORT, "course": "CYBER"}, id="mends")),
    "a retraction": ("completion.retracted.v1", message(RETRACTED, "completion.retracted.v1", id="taken")),
    "an exam": ("exam.passed.v1", exam(EXAM, id="exam")),
    "an exam by holder": ("exam.passed.v1", exam({**without(EXAM, "account"), "holder": "ann"}, id="exam-2")),
    "an activity": ("activity.recorded.v1", message(ACTIVITY, "activity.recorded.v1", id="activity")),
    "an activity of nobody": (
        "activity.recorded.v1",
        message({**without(ACTIVITY, "individual"), "account": NEW}, "activity.recorded.v1", id="activity-2"),
    ),
    "a badge": ("badge.earned.v1", message(BADGE, "badge.earned.v1", id="badge")),
    "a statement": ("xapi", STATEMENT),
    "a poisoned message": ("poison", message({**REPORT, "course": "NONE"}, id="poison")),
}
KINDS = {*TYPES, "xapi", "poison"}
RECORDED = {
    f"validate_claim: {name}": Act(partial(deliver, "validate_claim", from_queue(body)), f"validate_claim {kind}")
    for name, (kind, body) in MESSAGES.items()
}
# Of which none makes a difference to another, whichever comes first.
UNRELATED = ("a report that earns", "a report for an account of nobody", "a poisoned message")
BATCH = Act(
    partial(deliver, "validate_claim", from_queue(*(MESSAGES[name][1] for name in UNRELATED))),
    "validate_claim batch",
    many=True,
)

# ---------------------------------------------------------- schedules, stream, mail


def sweep(function: str, there: Program) -> None:
    """Sweep the day, from the schedule's event until the queue is empty."""
    handler, queues = HANDLERS[function].lambda_handler, there.aws.sqs.queues
    until_done(there, lambda: handler(scheduled(f"{there.clock.today}T00:05:00Z"), Context()), lambda answer: True)
    while taken := queues.get(SWEEPS):
        queues[SWEEPS] = []
        batch = from_queue(*(sent.body for sent in taken))
        until_done(there, lambda batch=batch: failures(handler(batch, Context())), lambda left: not left)


def publish(there: Program) -> None:
    """The stream brings the whole journal."""
    stream = [image for image in there.aws.dynamodb.tables[table.name()].stream if image["sk"]["S"].startswith("J#")]
    event = from_stream(*map(plain, stream))
    handler = HANDLERS["publish_events"].lambda_handler
    until_done(there, lambda: failures(handler(event, Context())), lambda left: not left)


def remind(there: Program) -> None:
    """The bus brings what the sweeps of the day have found, which is the same whether or not they have run."""
    told = {"holder": "ann", "day": TODAY.isoformat(), "rule": "", "because": []}
    expiring = {**told, "expires_on": program.EXPIRES.isoformat(), "days_to_expire": 30}
    overdue = {"id": "ann-1-1", "type": "claim.overdue", "subject": PENDING, "data": told}
    events = [{"id": "ann-1-0", "type": "certification.expiring", "subject": "ccna", "data": expiring}, overdue]
    deliver("send_reminders", from_queue(*({"detail": event} for event in events)), there)


def remind_a_partner(there: Program) -> None:
    anniversary = APPROVED.replace(year=TODAY.year).isoformat()
    told = {"partner": NORTHWIND, "day": TODAY.isoformat(), "rule": "", "because": [], "anniversary": anniversary}
    event = {"id": f"P#{NORTHWIND}-1-0", "type": "specialization.expiring", "subject": EXPRESS, "data": told}
    deliver("send_reminders", from_queue({"detail": event}), there)


def validate_in_between(there: Program) -> None:
    """An earning entry, and what becomes of it on the bus and with those who carry the same certificate id."""
    RECORDED["validate_claim: a report that earns"].run(there)
    publish(there)


OTHERS = {
    "expire_credits": Act(partial(sweep, "expire_credits"), "expire_credits", many=True),
    "recertify": Act(partial(sweep, "recertify"), "recertify", many=True),
    "publish_events": Act(publish, "publish_events", many=True),
    "publish_events after a claim was earned": Act(validate_in_between, "publish_events", many=True),
    "send_reminders": Act(remind, "send_reminders", many=True),
    "send_reminders to a partner": Act(remind_a_partner, "send_reminders", many=True),
}
ACTS = {**REQUESTS, **VARIANTS, **RECORDED, "validate_claim: several at once": BATCH, **OTHERS}


def settled(there: Program) -> tuple[dict[Any, Any], dict[str, Any]]:
    """What it has come to, of which every invariant holds."""
    found = outcome(there)
    assert check() == []
    assert named_files() <= there.aws.s3.files.keys()
    return found


def named_files() -> set[tuple[str, str]]:
    """What must be kept, since a journal names it."""
    entries = (from_item(item) for item in table.scan() if item["sk"].startswith(JOURNAL))
    facts = [fact for entry in entries for fact in entry.facts]
    return {(BUCKET, f"kept/{fact[name]}") for fact in facts for name in FILES if name in fact}


def outcome(there: Program) -> tuple[dict[Any, Any], dict[str, Any]]:
    """What has become of the table and of all around it, but for ids and instants that are each call's own."""
    world.deliver()
    kept = {key: {**values, "cause": None} for key, values in world.snapshot().items()}
    for (pk, _), values in kept.items():
        if pk.startswith("MAIL#"):
            values.update(detail=None, expires_at=None)
    return kept, outside(there)


def outside(there: Program) -> dict[str, Any]:
    """What others have got: each event and mail at least once, each message that was sent on or put aside."""
    queues = there.aws.sqs.queues
    return {
        "events": {event["id"]: event["type"] for event in there.aws.events.put},
        "mails": set(there.aws.sesv2.sent),
        "reports": {sent.body for sent in queues.get(PROVIDER_QUEUE, ())},
        "dead letters": {(letter.body, letter.attributes["reason"]) for letter in queues.get(DEAD_LETTERS, ())},
        "files": dict(there.aws.s3.files),
        "sweeps": [json.loads(left.body) for left in queues.get(SWEEPS, ())],
    }
