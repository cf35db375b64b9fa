"""Certificates of completion for tests: files of each type, and how a holder's comes to the bucket."""

from uuid import uuid4

from api import clients
from ledger.values import digest

BUCKET = "certificates"
FILES = {
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "image/png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
}


def put(key: str, content: bytes, content_type: str = "application/pdf") -> None:
    clients.client("s3").put_object(Bucket=BUCKET, Key=key, Body=content, ContentType=content_type)


def uploaded(account: str, content_type: str = "application/pdf", content: bytes | None = None) -> str:
    """The key of a file that an account has uploaded."""
    key = f"{digest(account)}/{uuid4().hex}"
    put(f"uploads/{key}", FILES[content_type] if content is None else content, content_type)
    return key


def kept(key: str) -> bytes:
    content: bytes = clients.client("s3").get_object(Bucket=BUCKET, Key=f"kept/{key}")["Body"].read()
    return content
