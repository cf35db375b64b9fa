"""Where a list goes on: opaque to clients, signed, and good for the same caller and the same question only."""

import hmac
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from api.problems import bad_input

SIGNATURE_BYTES = 16


def sign(position: Any, question: Sequence[Any]) -> str:
    """A cursor for a position; question: all that it is good for. Both can be anything that JSON holds."""
    payload = _json(position)
    return _encode(_signature(payload, question) + payload)


def read(cursor: str, question: Sequence[Any]) -> Any:
    """The position of a cursor; Problem 400 unless it was signed here for this question."""
    try:
        signed = urlsafe_b64decode(cursor + "==")
    except ValueError:
        signed = b""
    signature, payload = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
    genuine = hmac.compare_digest(signature, _signature(payload, question))
    # Several texts decode to the same bytes; only one of them was given.
    if not genuine or _encode(signed) != cursor:
        raise bad_input([("cursor", "is not one that this list gave for this query")])
    return json.loads(payload)


def _signature(payload: bytes, question: Sequence[Any]) -> bytes:
    secret = os.environ["CURSOR_SECRET"].encode()
    return hmac.digest(secret, _json(question) + b"\n" + payload, "sha256")[:SIGNATURE_BYTES]


def _encode(signed: bytes) -> str:
    return urlsafe_b64encode(signed).decode().rstrip("=")


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
