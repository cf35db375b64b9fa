"""The other services that functions call, in memory: queues, the bus, the bucket, the mail service."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import md5
from io import BytesIO
from typing import Any

from tests.aws.table import Reply, error


@dataclass(frozen=True)
class Message:
    """A message as it lies in a queue; sender: the principal that sent it, as SQS tells the receiver."""

    message_id: str
    body: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: int = 0
    sender: str = ""
    receives: int = 0


@dataclass
class SQS:
    """Queues by URL, each in the order in which messages came. Who takes messages out is not in the functions."""

    queues: dict[str, list[Message]] = field(default_factory=dict)
    sender: str = ""
    sent: int = 0

    def copy(self) -> "SQS":
        return SQS({url: list(messages) for url, messages in self.queues.items()}, self.sender, self.sent)

    def send_message(self, QueueUrl: str, MessageBody: str, **given: Any) -> Reply:
        attributes = {name: value["StringValue"] for name, value in given.get("MessageAttributes", {}).items()}
        assert all(attributes.values())
        self.sent += 1
        message = Message(f"message-{self.sent}", MessageBody, attributes, given.get("DelaySeconds", 0), self.sender)
        self.queues.setdefault(QueueUrl, []).append(message)
        return {"MessageId": message.message_id}

    def send_message_batch(self, QueueUrl: str, Entries: list[Mapping[str, Any]]) -> Reply:
        if not 1 <= len({entry["Id"] for entry in Entries}) == len(Entries) <= 10:
            raise error("SendMessageBatch", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest")
        sent = [{"Id": entry["Id"], **self.send_message(QueueUrl, **_without_id(entry))} for entry in Entries]
        return {"Successful": sent}

    def receive_message(self, QueueUrl: str, MaxNumberOfMessages: int, **_: Any) -> Reply:
        return {"Messages": [_received(message) for message in self.queues.get(QueueUrl, ())[:MaxNumberOfMessages]]}

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[Mapping[str, Any]]) -> Reply:
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> Reply:
        numbers = [len(self.queues.get(QueueUrl, ())), *[0] * len(AttributeNames)]
        return {"Attributes": {name: str(number) for name, number in zip(AttributeNames, numbers, strict=False)}}


@dataclass
class Events:
    """The bus: what was put on it, each as CloudEvents have it."""

    put: list[dict[str, Any]] = field(default_factory=list)

    def copy(self) -> "Events":
        return Events(list(self.put))

    def put_events(self, Entries: list[Mapping[str, Any]]) -> Reply:
        if not 1 <= len(Entries) <= 10:
            raise error("PutEvents", "ValidationException")
        self.put += [json.loads(entry["Detail"]) for entry in Entries]
        return {"FailedEntryCount": 0, "Entries": [{"EventId": str(number)} for number in range(len(Entries))]}


@dataclass
class S3:
    """Files by bucket and key: their type and content."""

    files: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)

    def copy(self) -> "S3":
        return S3(dict(self.files))

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> Reply:
        self.files[Bucket, Key] = (ContentType, Body)
        return {"ETag": _etag(Body)}

    def head_object(self, Bucket: str, Key: str) -> Reply:
        content_type, content = self._file("HeadObject", Bucket, Key, "404")
        return {"ContentType": content_type, "ContentLength": len(content)}

    def get_object(self, Bucket: str, Key: str, Range: str = "bytes=0-") -> Reply:
        content_type, content = self._file("GetObject", Bucket, Key, "NoSuchKey")
        first, _, last = Range.removeprefix("bytes=").partition("-")
        part = content[int(first) : int(last) + 1 if last else None]
        told = {"ContentType": content_type, "ETag": _etag(content), "Body": BytesIO(part)}
        return {**told, "ContentRange": f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"}

    def copy_object(self, Bucket: str, Key: str, CopySource: Mapping[str, str], CopySourceIfMatch: str) -> Reply:
        file = self._file("CopyObject", CopySource["Bucket"], CopySource["Key"], "NoSuchKey")
        if _etag(file[1]) != CopySourceIfMatch:
            raise error("CopyObject", "PreconditionFailed", ResponseMetadata={"HTTPStatusCode": 412})
        self.files[Bucket, Key] = file
        return {}

    def _file(self, operation: str, bucket: str, key: str, missing: str) -> tuple[str, bytes]:
        if (bucket, key) not in self.files:
            raise error(operation, missing, ResponseMetadata={"HTTPStatusCode": 404})
        return self.files[bucket, key]


@dataclass
class SES:
    """The mails that it took: the address and the event that each is about."""

    sent: list[tuple[str, str]] = field(default_factory=list)

    def copy(self) -> "SES":
        return SES(list(self.sent))

    def send_email(self, Destination: Mapping[str, Any], EmailTags: list[Mapping[str, str]], **_: Any) -> Reply:
        (address,) = Destination["ToAddresses"]
        self.sent.append((address, EmailTags[0]["Value"]))
        return {"MessageId": f"mail-{len(self.sent)}"}


def _without_id(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "Id"}


def _received(message: Message) -> Reply:
    known = {"SentTimestamp": "1614556800000", "SenderId": message.sender}
    attributes = {name: {"StringValue": value} for name, value in message.attributes.items()}
    told = {"MessageId": message.message_id, "ReceiptHandle": message.message_id, "Body": message.body}
    return {**told, "Attributes": known, "MessageAttributes": attributes}


def _etag(content: bytes) -> str:
    return f'"{md5(content, usedforsecurity=False).hexdigest()}"'
