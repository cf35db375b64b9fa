"""Cases about claims: a holder opens them, holder and operators write, operators close (cases, late-decision)."""

import ledger
from api import cases
from api.problems import Problem, bad_input, not_found
from api.requests import Request
from api.routes import Key, Reply, Who, route
from ledger import Loaded
from policy import facts
from policy.cases import HOLDER, OPERATOR

from functions.serve_holder.models import CasesQuery, NewCase, NewMessage
from functions.serve_holder.reading import now


@route(
    "POST /claims/{claim_id}/cases",
    given=NewCase,
    gives={201: cases.Case},
    key=Key.MAY,
    refuses={
        409: "`cases`: one about this claim is open already, and `facts` names it.",
        422: "`late-decision`, or `idempotency-key-reused`.",
    },
)
def open_case(request: Request[NewCase]) -> Reply:
    """Open a case about a denied claim, or about one pending still on the day after it is overdue."""
    claim_id = request.id("claim_id")

    def opened(loaded: Loaded) -> list[facts.Fact]:
        if claim_id not in loaded.standing.claims:
            raise not_found("such claim")
        return [facts.CaseOpened(ledger.next_case_id(loaded), claim_id, request.given.message)]

    entry, _ = request.record(opened, source=request.source())
    case = _as_recorded(request.holder, entry)
    return Reply(case, 201, {"location": f"/cases/{case['case_id']}"})


@route("GET /cases", who=Who.HOLDER_OR_OPERATOR, given=CasesQuery, gives={200: cases.CaseLines})
def list_cases(request: Request[CasesQuery]) -> Reply:
    """The cases about the account's claims, the last opened first; for operators all open ones, the first opened first.

    A page may hold fewer than `limit` and yet not be the last: `next_cursor` tells.
    """
    query = request.given
    if request.caller.operator:
        if query.state == "closed":
            raise bad_input([("state", "must be open for operators; a closed case is read by its id")])
        return Reply(cases.open_cases(request))
    position, standing = request.position(query.cursor), now(request)
    left = [
        (number, case)
        for number, case in reversed(list(enumerate(standing.cases.values())))
        if standing.claims[case.claim].account == request.caller.account
        and query.state in (None, "open" if case.open else "closed")
        and (position is None or number < position)
    ]
    page = left[: query.limit]
    cursor = request.cursor(page[-1][0]) if len(left) > len(page) else None
    items = [cases.line(request.holder, standing, case) for _, case in page]
    return Reply({"items": items, "next_cursor": cursor})


@route("GET /cases/{case_id}", who=Who.HOLDER_OR_OPERATOR, gives={200: cases.Case})
def get_case(request: Request[None]) -> Reply:
    """A case about a claim of the holder's, from any of the holder's accounts; for operators any case."""
    case_id = request.id("case_id")
    loaded = ledger.load(_holder(request, case_id), consistent=True)
    if case_id not in loaded.standing.cases:
        raise not_found("such case")
    loaded.standing.advance(request.today)
    return Reply(cases.case(loaded, case_id))


@route(
    "POST /cases/{case_id}/messages",
    who=Who.HOLDER_OR_OPERATOR,
    given=NewMessage,
    gives={201: cases.Case},
    key=Key.MAY,
    refuses={
        403: "The caller is neither a holder nor an operator, or a holder who would close the case.",
        409: "`cases`: the case is closed, or has as many messages as a case takes.",
        422: "`idempotency-key-reused`.",
    },
)
def add_message(request: Request[NewMessage]) -> Reply:
    """Add a message to an open case. An operator may close it with one; so does an operator's decision on the claim."""
    case_id, given, author = request.id("case_id"), request.given, OPERATOR if request.caller.operator else HOLDER
    if given.close and author != OPERATOR:
        raise Problem(403, "operators-only", "Only operators close a case.")

    def written(loaded: Loaded) -> list[facts.Fact]:
        if case_id not in loaded.standing.cases:
            raise not_found("such case")
        return [facts.CaseMessage(case_id, author, given.message, given.close)]

    holder = _holder(request, case_id)
    entry, _ = request.record(written, holder=holder, source=request.source())
    return Reply(_as_recorded(holder, entry), 201)


def _holder(request: Request[None] | Request[NewMessage], case_id: str) -> str:
    """Whose cases are looked into: a holder's own, or for operators those of whom the id names."""
    return ledger.holder_by_id(case_id) if request.caller.operator else request.holder


def _as_recorded(holder: str, entry: ledger.Entry) -> cases.Case:
    """The case as it was right after an entry, so that the same request again is answered alike."""
    return cases.case(ledger.load(holder, consistent=True, through_seq=entry.seq), entry.facts[-1]["case"])
