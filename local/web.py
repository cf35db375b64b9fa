"""Calls to the running API, as a client makes them."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from .steps import Failed

CALL_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


@dataclass(frozen=True)
class Client:
    """Somebody signed in at an API."""

    api: str
    token: str

    def call(self, method: str, path: str, body: Any = None, key: str | None = None) -> Answer:
        """Status and JSON of an answer, errors included; key: the Idempotency-Key."""
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        if key:
            headers["idempotency-key"] = key
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.api + path, data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=CALL_SECONDS) as response:  # noqa: S310
                return Answer(response.status, json.load(response))
        except urllib.error.HTTPError as error:
            return Answer(error.code, json.load(error))

    def must(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """The JSON of an answer that went well; Failed with the API's own words otherwise."""
        answer = self.call(method, path, body, key)
        if answer.status >= 400:
            raise Failed(f"{method} {path} answered {answer.status}: {json.dumps(answer.body)}", "See the log above.")
        return answer.body
