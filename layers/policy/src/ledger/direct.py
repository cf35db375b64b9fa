"""AWS's services that speak JSON, called without the SDK, which would be most of a function's cold start.

Within a function its credentials are in the environment, and each of these calls is one signed POST. Names, arguments
and errors are the SDK's, which takes over wherever credentials must be found otherwise.
"""

import hmac
import json
import os
import random
import select
import threading
import time
import zlib
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from botocore.exceptions import ClientError, HTTPClientError

ATTEMPTS = 4
PAUSE_SECONDS = 0.05
# Far below a function's timeout, so that a lost packet costs a retry and not the invocation.
TIMEOUT_SECONDS = 4
MOMENTARY = {
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "InternalServerError",
    "RequestThrottled",
    "ServiceUnavailable",
    "TransactionConflictException",
}
TARGETS = {"dynamodb": "DynamoDB_20120810", "sqs": "AmazonSQS"}

sleep = time.sleep


def serves(service: str) -> bool:
    """Whether a service can be called so here: in a function, with credentials that are its environment's."""
    return service in TARGETS and {"AWS_LAMBDA_FUNCTION_NAME", "AWS_ACCESS_KEY_ID"} <= os.environ.keys()


class Client(threading.local):
    """Calls of one service over one connection for each thread: `client.get_item(TableName=...)`, as of boto3's client.

    Throttling, faults of the service and broken connections are tried again, up to ATTEMPTS times in all.
    """

    def __init__(self, service: str) -> None:
        self._service, self._region = service, os.environ["AWS_REGION"]
        suffix = "amazonaws.com.cn" if self._region.startswith("cn-") else "amazonaws.com"
        regular = os.environ.get("AWS_ENDPOINT_URL", f"https://{service}.{self._region}.{suffix}")
        self._url = urlsplit(os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}", regular))
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        self.connection = kind(self._url.netloc, timeout=TIMEOUT_SECONDS)

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        return partial(self._call, operation)

    def _call(self, operation: str, /, **arguments: Any) -> dict[str, Any]:
        if operation == "transact_write_items":
            # By it an attempt whose reply was lost is known.
            arguments = {"ClientRequestToken": str(uuid4()), **arguments}
        name = "".join(map(str.title, operation.split("_")))
        body = json.dumps(arguments, separators=(",", ":"), default=_base64).encode()
        for attempt in range(ATTEMPTS):
            sleep(random.uniform(0, PAUSE_SECONDS * 2**attempt) if attempt else 0)  # noqa: S311 - no secret
            try:
                status, answer = self._post(f"{TARGETS[self._service]}.{name}", body)
            except (OSError, HTTPException, ValueError) as error:
                self.connection.close()
                failure: Exception = HTTPClientError(error=error)
                continue
            if status == 200:
                return answer
            failure = refusal = _error(status, answer, operation)
            if refusal.response["Error"]["Code"] not in MOMENTARY:
                break
        raise failure

    def _post(self, target: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if self.connection.sock and select.select([self.connection.sock], [], [], 0)[0]:
            # Closed by the other side while the function was frozen.
            self.connection.close()
        self.connection.request("POST", "/", body, self._signed(target, body))
        response = self.connection.getresponse()
        read = response.read()
        if int(response.headers.get("x-amz-crc32", zlib.crc32(read))) != zlib.crc32(read):
            raise ValueError("the answer is not what was sent")
        return response.status, json.loads(read) if response.status < 500 else {}

    def _signed(self, target: str, body: bytes) -> dict[str, str]:
        """The headers of a request, signed (AWS Signature Version 4)."""
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "host": self._url.netloc,
            "x-amz-date": now,
            "x-amz-security-token": os.environ.get("AWS_SESSION_TOKEN", ""),
            "x-amz-target": target,
        }
        headers = {name: value for name, value in headers.items() if value}
        names = ";".join(headers)
        canonical = ["POST", "/", "", *(f"{name}:{value}" for name, value in headers.items()), "", names, _hex(body)]
        scope = f"{now[:8]}/{self._region}/{self._service}/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{_hex(chr(10).join(canonical).encode())}"
        key = f"AWS4{os.environ['AWS_SECRET_ACCESS_KEY']}".encode()
        for part in (*scope.split("/"), text):
            key = hmac.digest(key, part.encode(), "sha256")
        who = f"Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}"
        return {**headers, "authorization": f"AWS4-HMAC-SHA256 {who}, SignedHeaders={names}, Signature={key.hex()}"}


def _error(status: int, answer: dict[str, Any], operation: str) -> ClientError:
    code = answer.pop("__type", "ServiceUnavailable").rpartition("#")[2]
    message = answer.pop("message", answer.pop("Message", ""))
    about = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError({**answer, **about}, operation)


def _hex(data: bytes) -> str:
    return sha256(data).hexdigest()


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
