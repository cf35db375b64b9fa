"""Clients of the services that functions call themselves; the table's is the ledger's."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config


@cache
def client(service: str, *, attempts: int = 4) -> Any:
    """One client per service and process; timeouts are far below those of a function.

    attempts: 1 for what must not be done twice, since a call whose reply was lost may have done it.
    """
    retries = {"mode": "standard", "total_max_attempts": attempts}
    return boto3.client(service, config=Config(retries=retries, connect_timeout=2, read_timeout=4))
