"""What a holder can do next: the ways to recertify, and what a claim would come to. Nothing is recorded."""

from dataclasses import asdict

import ledger
from api import answers, claims
from api.problems import not_found
from api.requests import Request
from api.routes import Reply, route
from policy import FormError

from functions.serve_holder.planning_models import ClaimToPreview, Plan, PlanQuery, Preview
from functions.serve_holder.reading import now


@route("POST /plans", given=PlanQuery, gives={200: Plan}, refuses={404: "The holder has no such certification."})
def plan_recertification(request: Request[PlanQuery]) -> Reply:
    """The ways through the catalog and the exams to recertify a certification by a day.

    Every way that there is was looked at. Up to 20 are listed by `measure`, the best of each option among them; `more`
    tells that there are others. In no way could a course, an exam or the fee be left out, or a course be refused as it
    stands today. `choose` says how many courses of which credits to complete, none of them twice, and names up to ten
    that can be completed by `from`, those available longest first. Done by a day from `from` to `through`, a way
    recertifies from the day on which the last of it is completed; `recertified_on` and `expires_on` say it for `from`.

    Claims that are pending are not counted on, nor are their courses proposed: `pending_credits` is what they would add.
    Where what counts already will recertify the certification in time, `met_on` is the day, and there are no ways.
    """
    # Planning costs other requests nothing.
    from policy import plans, ways

    given, standing = request.given, now(request)
    if given.certification not in standing.certifications:
        raise not_found("such certification")
    plan = plans.plan(standing, given.certification, ledger.all_courses().values(), given.by)
    body = {**asdict(plan), "certification": given.certification, "as_of": standing.today, "measure": ways.MEASURE}
    for way in body["ways"]:
        way["from"] = way.pop("from_day")
    return Reply(body)


@route("POST /claims/preview", given=ClaimToPreview, gives={200: Preview})
def preview_claim(request: Request[ClaimToPreview]) -> Reply:
    """What a claim would do: accepted or refused, what it would count toward, what it would recertify.

    The rules are those of `POST /claims`, and nothing is stored. It is assumed that the provider confirms the claim on
    the day it is submitted, unless reports decide it already. A later `submitted_on` previews a course that is planned,
    as if nothing else happened until then. Whether a `certificate_key` is good is seen only when it is claimed with.

    A new term counts from the day the criteria were met: `waiting` tells how many days longer the certification would
    last, had its last course been completed on `until` and not sooner, with none that is renewed along expiring
    meanwhile. For a course already completed nothing changes by claiming it later; what gains the days is to leave it
    unclaimed and to complete another of at least its credits on that day.
    """
    from policy.preview import preview

    given = request.given
    loaded = ledger.load(request.holder, consistent=True)
    today = loaded.day(request.today)
    day = given.submitted_on or today
    if day < today:
        raise FormError("submitted_on", f"must not be before today, {today}")
    known = ledger.informed(loaded, today, [given.certificate_id] if given.certificate_id else [])
    fact = claims.submitted(given, ledger.next_claim_id(loaded), request.caller.account)
    found = preview(known, fact, day, ledger.get_course(given.course))
    refusal = found.refusal
    return Reply(
        {
            "accepted": refusal is None,
            "refusal": refusal and {"rule": refusal.rule, "detail": refusal.detail, "facts": refusal.facts},
            "claim": found.submitted and answers.claim(found.submitted, fact.claim),
            "counts_toward": [asdict(one) for one in found.counts_toward],
            "recertifies": [asdict(one) for one in found.recertifies],
            "waiting": found.waiting and asdict(found.waiting),
            "because": found.because,
        }
    )
