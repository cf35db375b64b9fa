"""Which partners a caller may see, and what may be done for one (partner-visibility)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import ledger
from api.observability import timed
from api.problems import Problem, bad_input, not_found, partner_visibility
from api.requests import Request
from ledger import Entry, LoadedPartner, PartnerRecord
from policy.partners import Partner, program
from policy.partners.facts import Fact

Facts = Sequence[Fact] | Callable[[Partner], Sequence[Fact]]


def partner_of(request: Request[Any], *, writes: bool = False) -> PartnerRecord:
    """The partner in the path, if it is one of the caller's; Problem 404 or 403 otherwise.

    writes: something is to be changed, which is for administrators.
    """
    partner = ledger.get_partner(request.id("partner"))
    if partner is None or not may_see(request, partner):
        raise not_found("such partner")
    if writes and not may_write(request, partner.partner):
        raise partner_visibility("Only the partner's administrators may do this.")
    return partner


def may_see(request: Request[Any], partner: PartnerRecord) -> bool:
    """Whether the caller administers a partner, or is an account manager assigned to it."""
    caller = request.caller
    assigned = caller.account_manager and caller.account in partner.account_managers
    return assigned or partner.partner in caller.administers


def loaded(request: Request[Any], partner: str) -> LoadedPartner:
    """A partner to be shown."""
    return ledger.load_partner(partner, consistent=may_write(request, partner))


def standing_of(
    request: Request[Any], partner: str, as_of: date | None = None, program: tuple[Entry, ...] | None = None
) -> Partner:
    """A partner as it stands today, as it was known on an earlier day, or as time alone will make it on a later one.

    program: as ledger.load_partner takes it.
    """
    earlier, consistent = as_of if as_of and as_of < request.today else None, may_write(request, partner)
    return ledger.partner_on(
        partner, as_of or request.today, through_day=earlier, consistent=consistent, program=program
    )


def may_write(request: Request[Any], partner: str) -> bool:
    """Whether the caller administers a partner, and expects to see what was written a moment ago.

    Account managers write nothing, and read at half the cost what may be a second old.
    """
    return partner in request.caller.administers


def specialization_of(request: Request[Any]) -> str:
    """The specialization in the path; 404 where it is not on offer."""
    name = request.id("specialization")
    if name not in program.current().specializations:
        raise not_found("such specialization")
    return name


def is_known(standing: Partner, individual: str) -> bool:
    """Whether the partner ever associated somebody. About others it is to learn nothing, their names included."""
    known = standing.individuals.get(standing.person(individual))
    return known is not None and bool(known.stays)


def names_of(standing: Partner, lines: Iterable[Mapping[str, Any]]) -> dict[str, str | None]:
    """The names of those individuals of some lines whom the partner knows, by id."""
    named = {line["individual"] for line in lines if line["individual"]}
    return ledger.names_of(individual for individual in named if is_known(standing, individual))


def check_known(standing: Partner, individual: str) -> None:
    """Problem 400 for somebody whom the partner never associated, the same whether or not the program knows them.

    Whether they are associated is judged when it matters.
    """
    if not is_known(standing, individual):
        raise unknown_individual()


def unknown_individual() -> Problem:
    return bad_input([("individual", "is nobody whom the partner ever associated; associate them by `account` first")])


def record(request: Request[Any], partner: str, facts: Facts) -> tuple[Entry, Partner]:
    """Record facts of a partner; gives the entry and the standing right after it."""
    with timed("DecisionMilliseconds"):
        recorded = ledger.record_partner(partner, facts, request.today, source=request.source(), cause=request.cause)
    # Only what waits for a holder has none.
    assert recorded.entry is not None  # noqa: S101
    return recorded.entry, recorded.standing
