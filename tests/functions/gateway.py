"""The gateway before the functions, in this process: requests as they come over the wire, and answers as they go back."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from functions.serve_holder import handler as serve_holder
from tests.functions.events import Context
from tests.functions.http import ROUTES, TODAY, Client

UNAUTHORIZED = json.dumps({"message": "Unauthorized"}).encode()


class Gateway:
    """A WSGI application. clients: who has signed in, by token."""

    def __init__(self, clients: Mapping[str, Client]) -> None:
        self._clients = clients
        self.requests = 0

    def __call__(self, environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes]:
        self.requests += 1
        status, headers, body = self._answer(environ)
        start_response(f"{status} .", list(headers.items()))
        return [body]

    def _answer(self, environ: Mapping[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        event = self._event(environ)
        if event is None:
            return 401, {"content-type": "application/json"}, UNAUTHORIZED
        module = ROUTES.get(event["routeKey"], serve_holder)
        reply = module.lambda_handler(event, Context())
        return reply["statusCode"], reply["headers"], reply["body"].encode()

    def _event(self, environ: Mapping[str, Any]) -> dict[str, Any] | None:
        """The event that a request becomes; None where it has no token that was given to somebody."""
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        event = self._clients.get(token, Client(None)).event(environ["REQUEST_METHOD"], path, TODAY)
        if token not in self._clients and event["routeKey"] != "GET /openapi.json":
            return None
        # A parameter given twice comes as one text, with commas between.
        query: dict[str, str] = {}
        for name, value in parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True, errors="replace"):
            query[name] = f"{query[name]},{value}" if name in query else value
        headers = {name[5:].lower().replace("_", "-"): value for name, value in environ.items() if name[:5] == "HTTP_"}
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        given = {"content-type": environ.get("CONTENT_TYPE", ""), **headers}
        return {**event, "headers": given, **({"queryStringParameters": query} if query else {}), **_body(body)}


def _body(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body": b64encode(body).decode(), "isBase64Encoded": True}
