"""Events that individuals attended: recorded by the partner, with proof, for a specialization of its choice."""

from typing import Any, cast

from api import certificates, uploads
from api.problems import bad_input
from api.requests import Request
from api.routes import Key, Reply, Who, route
from api.uploads import Download, NewUpload
from ledger import Entry, LoadedPartner
from ledger.library import with_items
from ledger.partners import standing_on
from policy.partners import Partner, facts
from policy.partners.attendance import kept_out

from functions.serve_partner.access import check_known, loaded, partner_of, record
from functions.serve_partner.models import Attendance, Attendances, AttendancesQuery, Attended, ProofUpload

PROOFS = "POST /partners/{partner}/proofs"


@route(PROOFS, who=Who.PARTNER, given=NewUpload, gives={201: ProofUpload})
def prepare_proof(request: Request[NewUpload]) -> Reply:
    """A place to upload a proof of attendance; without a body, for a PDF.

    Send `fields` and then `file`, in this order, as multipart/form-data to `url`, and record the attendance with
    `proof_key` within seven days. The key is the account's own.
    """
    partner_of(request, writes=True)
    key, upload = uploads.prepared(request.caller.account, request.given.content_type)
    answer: ProofUpload = {**upload, "proof_key": key}
    return Reply(answer, 201)


@route(
    "POST /partners/{partner}/activities",
    who=Who.PARTNER,
    given=Attendance,
    gives={201: Attended},
    key=Key.MAY,
    refuses={422: "`proof-required`, `points-listed`, or `idempotency-key-reused`."},
)
def record_attendance(request: Request[Attendance]) -> Reply:
    """Record that an individual attended an event, and for which specialization it counts.

    It is kept also where it counts nothing, which the answer says. Everything else that individuals view, attend or
    complete is reported by its provider.
    """
    partner, given = partner_of(request, writes=True).partner, request.given
    rules = with_items([given.item])
    item = rules.item(given.item, request.today)
    if item is None or not item.event:
        raise bad_input([("item", "is no event; what is none is reported by its provider")])

    def attended(standing: Partner) -> list[facts.Fact]:
        check_known(standing, given.individual)
        fact = facts.ActivityRecorded(
            individual=given.individual,
            item=given.item,
            completed_on=given.completed_on or request.today,
            mode=given.mode,
            partner=partner,
            specialization=given.specialization,
            proof=given.proof_key is not None,
            proof_key=given.proof_key,
        )
        if given.proof_key is not None:
            # What is refused is refused here, so that no proof is kept of it.
            standing.program = rules
            standing.record(fact, standing.today)
            certificates.keep(request.caller.account, given.proof_key, field="proof_key", form=PROOFS)
        return [fact]

    entry, standing = record(request, partner, attended)
    return Reply(_attended(entry, standing), 201)


@route("GET /partners/{partner}/activities", who=Who.PARTNER, given=AttendancesQuery, gives={200: Attendances})
def list_attendances(request: Request[AttendancesQuery]) -> Reply:
    """The attendances that the partner recorded, the last first, and whether they count today.

    One recorded anew, with another proof, is there twice.
    """
    limit, before = request.given.limit, request.position(request.given.cursor)
    found = loaded(request, partner_of(request).partner)
    left = [entry for entry in _attendances(found) if before is None or entry.seq < before]
    cursor = request.cursor(left[limit - 1].seq) if len(left) > limit else None
    standing = standing_on(found, request.today)
    return Reply({"items": [_attended(entry, standing) for entry in left[:limit]], "next_cursor": cursor})


@route("GET /partners/{partner}/activities/{activity}/proof", who=Who.PARTNER, gives={200: Download})
def show_proof(request: Request[None]) -> Reply:
    """Where the proof of an attendance can be fetched, as an attachment, for a minute."""
    activity = request.id("activity")
    entries = _attendances(loaded(request, partner_of(request).partner))
    keys = (entry.facts[0].get("proof_key") for entry in entries if str(entry.seq) == activity)
    return Reply(uploads.download(next(keys, None), f"proof-{activity}", "proof"))


def _attendances(partner: LoadedPartner) -> list[Entry]:
    """The partner's entries in which an attendance was recorded, the last first; each holds one."""
    event = facts.ActivityRecorded.event
    return [entry for entry in reversed(partner.entries) if entry.facts and entry.facts[0]["event"] == event]


def _attended(entry: Entry, standing: Partner) -> dict[str, Any]:
    """An attendance, and whether it counts as a partner stands."""
    recorded = cast(facts.ActivityRecorded, facts.from_dict(entry.facts[0]))
    why = kept_out(standing, recorded)
    judged = {"counts": why is None, "because": why and why.detail, "rule": why and why.rule}
    fact = {**entry.facts[0], "activity": str(entry.seq), **judged}
    return {name: fact[name] for name in Attended.__annotations__}
