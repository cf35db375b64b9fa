"""A holder claims credits for a course. The busiest path: nothing is imported here that a claim does not need."""

import ledger
from api import answers, certificates
from api.claims import NewClaim, submitted
from api.handler import handler
from api.requests import Request
from api.routes import Key, Reply, route
from ledger import Loaded
from policy.facts import ClaimSubmitted


@route(
    "POST /claims",
    given=NewClaim,
    gives={201: answers.Claim},
    key=Key.MUST,
    refuses={409: "`duplicate-course`.", 422: "Another rule of acceptance, or `idempotency-key-reused`."},
)
def submit_claim(request: Request[NewClaim]) -> Reply:
    """Claim credits for a completed course.

    The same key with the same body is answered as it was the first time. A claim that a rule refused has left no
    trace: sent again with its key, it is decided anew.
    """
    given = request.given

    def claim(loaded: Loaded) -> list[ClaimSubmitted]:
        return [submitted(given, ledger.next_claim_id(loaded), request.caller.account)]

    def keep() -> None:
        if given.certificate_key is not None:
            certificates.keep(request.caller.account, given.certificate_key)

    source, course = request.source(), ledger.get_course(given.course)
    entry, standing = request.record(claim, source=source, course=course, keep=keep)
    claim_id = entry.facts[-1]["claim"]
    return Reply(answers.claim(standing, claim_id), 201, {"location": f"/claims/{claim_id}"})


ROUTES = (submit_claim,)
lambda_handler = handler(ROUTES)
