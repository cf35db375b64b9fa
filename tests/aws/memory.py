"""AWS in memory, below every client of this process. Copying all that it holds costs next to nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from botocore import xform_name
from botocore.client import BaseClient

from tests.aws.services import S3, SES, SQS, Events
from tests.aws.table import DynamoDB


@dataclass
class Memory:
    dynamodb: DynamoDB = field(default_factory=DynamoDB)
    sqs: SQS = field(default_factory=SQS)
    events: Events = field(default_factory=Events)
    s3: S3 = field(default_factory=S3)
    sesv2: SES = field(default_factory=SES)

    def copy(self) -> "Memory":
        """All of it, apart from what happens here from now on."""
        return Memory(self.dynamodb.copy(), self.sqs.copy(), self.events.copy(), self.s3.copy(), self.sesv2.copy())

    @contextmanager
    def serving(self, *services: str) -> Iterator["Memory"]:
        """In the block the calls of every client come here, or those of some services."""
        below: Any = BaseClient._make_api_call  # type: ignore[attr-defined]

        def call(client: Any, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
            service: str = client.meta.service_model.service_name
            if services and service not in services:
                return below(client, operation, arguments)
            return getattr(getattr(self, service), xform_name(operation))(**arguments)

        with patch.object(BaseClient, "_make_api_call", call):
            yield self
