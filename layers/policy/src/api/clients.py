"""Clients of the services that functions call themselves; the table's is the ledger's."""

from functools import cache
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BrokenConnection
from ledger import direct

# What is signed for others to use must name the bucket's own region and be signed as today's buckets want it, which
# the SDK left alone does not do. The local cloud's address is a number and keeps the bucket in the path all the same.
_OF_S3 = {
    "signature_version": "s3v4",
    "s3": {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
}


@cache
def client(service: str, *, attempts: int = 4) -> Any:
    """One client per service and process; timeouts are far below those of a function.

    attempts: 1 for what must not be done twice, since a call whose reply was lost may have done it.
    """
    if direct.serves(service):
        return direct.Client(service)
    import boto3
    from botocore.config import Config

    retries = {"mode": "standard", "total_max_attempts": attempts}
    of_service = _OF_S3 if service == "s3" else {}
    return boto3.client(service, config=Config(retries=retries, connect_timeout=2, read_timeout=4, **of_service))


def passes(error: Exception) -> bool:
    """Whether an error says that a service is busy, unwell or out of reach for the moment."""
    if isinstance(error, ClientError):
        code, answer = error.response["Error"]["Code"], error.response.get("ResponseMetadata", {})
        return "Throttl" in code or answer.get("HTTPStatusCode", 400) >= 500
    return isinstance(error, BrokenConnection | HTTPClientError)
