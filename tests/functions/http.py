"""Requests to the handlers as the gateway hands them over, and what they answer."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from functions.administer import handler as administer
from functions.serve_holder import handler as serve_holder
from functions.serve_partner import handler as serve_partner
from functions.serve_provider import handler as serve_provider
from functions.submit_claim import handler as submit_claim
from tests.functions.described import faults
from tests.functions.events import Context

TODAY = date(2021, 3, 1)
ROUTES = {
    route.name: module
    for module in (submit_claim, serve_holder, serve_provider, serve_partner, administer)
    for route in module.ROUTES
}
_requests = count(1)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def fields(self) -> list[str]:
        """The fields that bad input names."""
        return sorted(error["field"] for error in self.body["errors"])


@dataclass(frozen=True)
class Client:
    """Somebody with a token of these claims."""

    claims: Mapping[str, Any] | None = field(default_factory=dict)

    def get(self, path: str, on: date = TODAY) -> Answer:
        return self.send("GET", path, on=on)

    def put(self, path: str, body: Any, on: date = TODAY) -> Answer:
        return self.send("PUT", path, body, on=on)

    def post(self, path: str, body: Any, on: date = TODAY, key: str | None = None) -> Answer:
        return self.send("POST", path, body, on=on, headers={"idempotency-key": key} if key else {})

    def delete(self, path: str, on: date = TODAY) -> Answer:
        return self.send("DELETE", path, on=on)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        on: date = TODAY,
        headers: Mapping[str, str] | None = None,
        **further: Any,
    ) -> Answer:
        """body: text goes as it is, anything else as JSON; further: keys of the event itself."""
        event = {**self.event(method, path, on), **further}
        event["headers"] = {**event["headers"], **(headers or {})}
        if body is not None:
            event["body"] = body if isinstance(body, str) else json.dumps(body)
        module = ROUTES.get(event["routeKey"], serve_holder)
        reply = module.lambda_handler(event, Context())
        as_json = reply["headers"]["content-type"].endswith("json")
        answer = Answer(reply["statusCode"], reply["headers"], json.loads(reply["body"]) if as_json else reply["body"])
        if event["routeKey"] in ROUTES and self.claims is not None:
            described = faults(event["routeKey"], answer.status, answer.headers["content-type"], answer.body)
            assert described == []
        return answer

    def event(self, method: str, path: str, on: date) -> dict[str, Any]:
        """The event of an HTTP API, payload 2.0, at noon of a day."""
        path, _, query = path.partition("?")
        route, parameters = _route(method, path)
        noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        context: dict[str, Any] = {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.execute-api.us-east-1.amazonaws.com",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "test",
            },
            "requestId": f"request-{next(_requests)}",
            "routeKey": route,
            "stage": "$default",
            "time": noon.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(noon.timestamp() * 1000),
        }
        if self.claims is not None:
            context["authorizer"] = {"jwt": {"claims": dict(self.claims), "scopes": None}}
        event: dict[str, Any] = {
            "version": "2.0",
            "routeKey": route,
            "rawPath": path,
            "rawQueryString": query,
            "headers": {"content-type": "application/json", "host": "api"},
            "requestContext": context,
            "isBase64Encoded": False,
        }
        # The gateway leaves out what there is none of.
        if query:
            event["queryStringParameters"] = dict(parse_qsl(query, keep_blank_values=True))
        if parameters:
            event["pathParameters"] = parameters
        return event


def _route(method: str, path: str) -> tuple[str, dict[str, str]]:
    """The route key that the gateway finds for a request, and the parts of its path."""
    for name in ROUTES:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(name))
        found = re.fullmatch(pattern, f"{method} {path}")
        if found:
            return name, found.groupdict()
    return "$default", {}


def signed_in(email: str, *groups: str, **claims: Any) -> Client:
    """Somebody signed in, as the gateway passes on an ID token."""
    given = {"sub": "sub", "email": email, "email_verified": "true", **claims}
    return Client({**given, "cognito:groups": f"[{' '.join(groups)}]"} if groups else given)


ANN = signed_in("ann@example.com")
BOB = signed_in("bob@example.com")
STRANGER = signed_in("stranger@example.com")
PIA = signed_in("pia@northwind.example", "partner-admin:northwind")
MAX = signed_in("max@example.com", "account-manager")
PAT = signed_in("pat@acme.example", "provider:acme")
OPERATOR = signed_in("olga@example.com", "operator")
