"""From a request to its answer: find the route, let in who may, read what is given, answer; errors become problems."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ledger
from ledger import AccountNotLinked
from policy import Refused
from policy.errors import plain

from api import identity, problems
from api.fields import is_id
from api.given import check_no_query, from_body, from_query
from api.identity import NOBODY, Caller
from api.negotiation import accepted
from api.observability import count, logger, observed
from api.problems import Problem, not_found, partner_visibility
from api.requests import Request
from api.routes import Reply, Route, Who

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]


def handler(routes: Iterable[Route]) -> Handler:
    """The Lambda handler for an HTTP API's requests (payload 2.0) to these routes."""
    by_name = {route.name: route for route in routes}

    @observed
    def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        try:
            reply = _answer(by_name, event)
            route = by_name[event["routeKey"]]
            media = accepted(event, route)
            if media in route.offers:
                reply = route.offers[media](reply)
        except Exception as error:
            return _refuse(event, error)
        logger.info("answered", route=event["routeKey"], status=reply.status)
        return _response(media, reply)

    return lambda_handler


def _refuse(event: Mapping[str, Any], error: Exception) -> dict[str, Any]:
    problem = problems.of(error)
    if problem.status >= 500:
        logger.exception("failed", route=event["routeKey"], status=problem.status)
    else:
        logger.info("refused", route=event["routeKey"], status=problem.status, type=problem.body["type"])
    if isinstance(error, Refused):
        count("Refused")
    return _response("application/problem+json", Reply(problem.body, problem.status, problem.headers))


def _answer(routes: Mapping[str, Route], event: Mapping[str, Any]) -> Reply:
    route = routes.get(event["routeKey"])
    if route is None:
        raise not_found("such route")
    caller, holder = _admit(route, event)
    ids = {"holder": holder, **(event.get("pathParameters") or {})}
    logger.append_keys(**{name: value for name, value in ids.items() if is_id(value, chars_max=100)})
    given = None
    if route.given is None or route.takes_body:
        check_no_query(event)
    if route.given is not None:
        given = from_body(event, route) if route.takes_body else from_query(event, route.given)
    return route.run(Request(event, route, caller, holder, given))


def _admit(route: Route, event: Mapping[str, Any]) -> tuple[Caller, str]:
    """Who calls and for which holder, if the route is for them; nobody and none where that does not matter."""
    if route.who is Who.ANYONE:
        return NOBODY, ""
    caller = identity.caller(event)
    if route.who is Who.OPERATOR and not caller.operator:
        raise Problem(403, "operators-only", "Only operators may do this.")
    if route.who is Who.PROVIDER and not caller.providers:
        raise Problem(403, "providers-only", "Only those who act for a training provider may do this.")
    if route.who is Who.PARTNER and not (caller.administers or caller.account_manager):
        raise partner_visibility("Only a partner's administrators and account managers may do this.")
    if route.who in (Who.OPERATOR, Who.PROVIDER, Who.PARTNER) or (
        route.who is Who.HOLDER_OR_OPERATOR and caller.operator
    ):
        return caller, ""
    holder = ledger.holder_of(caller.account)
    if holder is None:
        raise AccountNotLinked(caller.account)
    return caller, holder


def _response(content_type: str, reply: Reply) -> dict[str, Any]:
    as_json = content_type.endswith("json")
    body = json.dumps(plain(reply.body), ensure_ascii=False, separators=(",", ":")) if as_json else reply.body
    headers = {"content-type": content_type, "cache-control": "no-store", **reply.headers}
    return {"statusCode": reply.status, "headers": headers, "body": body}
