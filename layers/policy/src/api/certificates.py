"""Certificates of completion, and proofs of attendance: accounts upload them to a private bucket, and what something was
claimed with is kept as it was."""

import os
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BrokenConnection
from ledger import Busy
from ledger.values import digest

from api.clients import client
from api.problems import bad_input

BYTES_MAX = 5 * 2**20
UPLOAD_SECONDS = 600
DOWNLOAD_SECONDS = 60
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
# By type, what a file begins with and what its name ends in.
_BEGINNINGS = {PDF: b"%PDF-", PNG: b"\x89PNG\r\n\x1a\n", JPEG: b"\xff\xd8\xff"}
_EXTENSIONS = {PDF: "pdf", PNG: "png", JPEG: "jpg"}
# By the store's error, what is wrong with a key.
_FAULTS = {
    "NoSuchKey": "names nothing that was uploaded in the last days",
    "InvalidRange": "names an empty file",
    "PreconditionFailed": "names a file that was uploaded anew while it was checked",
}


class _Unfit(Exception):
    """A key or file that will not do, and why."""


def upload_form(account: str, content_type: str) -> tuple[str, dict[str, Any]]:
    """A key for an account's new file, and the form (`url`, `fields`) that uploads it and nothing else."""
    key = f"{digest(account)}/{uuid4().hex}"
    exact = {"Content-Type": content_type}
    form = client("s3").generate_presigned_post(
        _bucket(),
        f"uploads/{key}",
        Fields=exact,
        Conditions=[exact, ["content-length-range", 1, BYTES_MAX]],
        ExpiresIn=UPLOAD_SECONDS,
    )
    return key, form


def keep(account: str, key: str, *, field: str = "certificate_key", form: str = "POST /certificates") -> None:
    """Check what an account uploaded, and keep it. What was kept before stays as it was, whatever was uploaded since.

    field, form: what names the key, and the route that gives keys. Raises Problem 400 for a key or file that will not
    do, Busy where the store cannot be reached.
    """
    try:
        _keep(account, key)
    except _Unfit as unfit:
        advice = f"ask {form} for a new key, upload the file with it, and send that key"
        raise bad_input([(field, f"{unfit}; {advice}")]) from unfit


def _keep(account: str, key: str) -> None:
    if not re.fullmatch(f"{digest(account)}/[0-9a-f]{{32}}", key):
        raise _Unfit("is no key that this account was given")
    if _kept(key):
        return
    source = {"Bucket": _bucket(), "Key": f"uploads/{key}"}
    try:
        # The form can be used again after the check.
        _call("copy_object", f"kept/{key}", CopySource=source, CopySourceIfMatch=_checked(key))
    except ClientError as error:
        fault = _FAULTS.get(error.response["Error"]["Code"])
        if fault is None:
            raise
        raise _Unfit(fault) from error


def link(key: str, name: str) -> tuple[str, str] | None:
    """An address that gives a kept certificate as an attachment of a name, for a minute, and its type.

    None where it is no longer kept. name: letters, digits, dots, underscores and hyphens.
    """
    kept = _kept(key)
    if kept is None:
        return None
    content_type = kept["ContentType"]
    wanted = {
        "Bucket": _bucket(),
        "Key": f"kept/{key}",
        "ResponseContentType": content_type,
        "ResponseContentDisposition": f'attachment; filename="{name}.{_EXTENSIONS[content_type]}"',
    }
    return client("s3").generate_presigned_url("get_object", Params=wanted, ExpiresIn=DOWNLOAD_SECONDS), content_type


def files_of(account: str) -> Iterator[str]:
    """The bucket's keys of all that an account uploaded: what claims were made with, and what none has named yet."""
    for folder in ("kept", "uploads"):
        pages = client("s3").get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=_bucket(), Prefix=f"{folder}/{digest(account)}/"):
            yield from (found["Key"] for found in page.get("Contents", ()))


def places(key: str) -> tuple[str, str]:
    """The bucket's keys of a file: where it is kept, and where it was uploaded."""
    return f"kept/{key}", f"uploads/{key}"


def is_there(key: str) -> bool:
    try:
        _call("head_object", key)
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        return False
    return True


def fetch(key: str) -> tuple[bytes, str]:
    """A file by its key in the bucket, and its type."""
    found = _call("get_object", key)
    return found["Body"], found["ContentType"]


def delete(key: str) -> None:
    """Delete a file by its key in the bucket; again is harmless."""
    _call("delete_object", key)


def extension(content_type: str) -> str:
    return _EXTENSIONS.get(content_type, "bin")


def _checked(key: str) -> str:
    """The ETag of an uploaded file that is what it says it is."""
    uploaded = _call("get_object", f"uploads/{key}", Range="bytes=0-15")
    if int(uploaded["ContentRange"].rpartition("/")[2]) > BYTES_MAX:
        raise _Unfit(f"names a file of more than {BYTES_MAX} bytes")
    beginning = _BEGINNINGS.get(uploaded["ContentType"])
    if beginning is None or not uploaded["Body"].startswith(beginning):
        raise _Unfit(f"names a file that was uploaded as {uploaded['ContentType']} and does not begin as one")
    etag: str = uploaded["ETag"]
    return etag


def _kept(key: str) -> dict[str, Any] | None:
    try:
        return _call("head_object", f"kept/{key}")
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        return None


def _call(operation: str, key: str, **further: Any) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = getattr(client("s3"), operation)(Bucket=_bucket(), Key=key, **further)
        return {**answer, "Body": answer["Body"].read()} if "Body" in answer else answer
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise Busy(f"{operation}: {error}") from error
        raise
    except (BrokenConnection, HTTPClientError) as error:
        raise Busy(f"{operation}: {error}") from error


def _bucket() -> str:
    return os.environ["CERTIFICATES_BUCKET"]
