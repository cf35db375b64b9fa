"""Certifications and specializations whose day has come.

Gain days, expirations and their notices, an edition's first day (A2, A7); reminders, grace, renewal at its end, loss (B2).
"""

from collections.abc import Mapping
from typing import Any

from api.observability import observed
from api.sweep import sweep
from ledger.keys import CERTIFICATION, SPECIALIZATION


@observed
def lambda_handler(event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    return sweep([CERTIFICATION, SPECIALIZATION], event, context)
