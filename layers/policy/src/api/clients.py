"""Clients of the services that functions call themselves; the table's is the ledger's."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config


@cache
def client(service: str) -> Any:
    """One client per service and process; timeouts are far below those of a function."""
    retries = {"mode": "standard", "total_max_attempts": 4}
    return boto3.client(service, config=Config(retries=retries, connect_timeout=2, read_timeout=4))
