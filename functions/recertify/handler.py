"""Certifications whose day has come: gain days, expirations and their notices, an edition's first day (A2, A7)."""

from collections.abc import Mapping
from typing import Any

from api.observability import observed
from api.sweep import sweep


@observed
def lambda_handler(event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    return sweep("certification", event, context)
