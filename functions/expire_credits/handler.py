"""Claims whose day has come: credits that lapse, claims that are overdue (A5, A8)."""

from collections.abc import Mapping
from typing import Any

from api.observability import observed
from api.sweep import sweep
from ledger.keys import CLAIM


@observed
def lambda_handler(event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    return sweep([CLAIM], event, context)
