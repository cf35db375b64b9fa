"""What a holder does beside claiming: accept the terms, pay a fee."""

from api.requests import Request
from api.routes import Reply, route
from ledger import Source
from policy import facts

from functions.serve_holder.models import Enrolled, Enrollment, FeePaid, FeePayment


@route("PUT /enrollment", given=Enrollment, gives={200: Enrolled})
def enroll(request: Request[Enrollment]) -> Reply:
    """Accept the program's terms. Accepting a version again changes nothing."""
    version = request.given.terms_version
    source = Source("PUT /enrollment", version, version, within_holder=True)
    entry, _ = request.record([facts.TermsAccepted(version)], source=source)
    return Reply({"terms_version": version, "accepted_on": entry.day})


@route(
    "POST /fee-payments",
    given=FeePayment,
    gives={201: FeePaid},
    refuses={422: "`fee-not-due`, `fee-amount`, or `idempotency-key-reused` for the reference of another payment."},
)
def pay_fee(request: Request[FeePayment]) -> Reply:
    """Record a fee paid (edition 2017). A payment's reference takes the place of an Idempotency-Key."""
    payment = request.given.model_dump()
    source = Source("POST /fee-payments", request.given.payment_reference, {"holder": request.holder, **payment})
    entry, _ = request.record([facts.FeePaid(**payment)], source=source)
    return Reply({**payment, "paid_on": entry.day}, 201)
