"""What a line of a log may say: ids and what came of them, and nothing that a person is, says or signs in with."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from api.observability import logger

# Sent by every client of the tests, and written nowhere.
TOKEN = "eyJhbGciOiJSUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl"
# An ERROR may quote what went wrong; pydantic quotes the input itself.
TOLD_NOWHERE = (TOKEN, "input_value=", "Ann Secret", "A secret message")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
BY_LOGGER = {
    "level", "location", "message", "timestamp", "service", "cold_start", "function_name", "function_memory_size",
    "function_arn", "function_request_id", "correlation_id", "exception", "exception_name", "stack_trace",
}  # fmt: skip
IDS = {
    "owner", "holder", "claim_id", "case_id", "course", "certification", "provider", "worklist", "announcement",
    "partner", "specialization", "role", "individual", "activity", "item", "exam", "library",
    "message_id", "event_id", "event_source", "sequence_number",
}  # fmt: skip
OUTCOMES = {
    "route", "status", "type", "reason", "rule", "again", "decisions", "seq", "day", "receive_count", "outcome",
}  # fmt: skip


def faults(line: str) -> list[str]:
    """What a line says that it may not."""
    told = [secret for secret in TOLD_NOWHERE if secret in line]
    fields = json.loads(line).keys() - BY_LOGGER - IDS - OUTCOMES
    return [
        *told,
        *(found[0] for found in EMAIL.finditer(line)),
        *sorted(fields),
        *("\n" for _ in line.splitlines()[1:]),
    ]


@contextmanager
def watched() -> Iterator[list[str]]:
    """The lines written in the block, wherever they go."""
    formatter: Any = logger.registered_formatter
    real, lines = formatter.json_serializer, []

    def keep(values: object) -> str:
        line: str = real(values)
        lines.append(line)
        return line

    with patch.object(formatter, "json_serializer", keep):
        yield lines
