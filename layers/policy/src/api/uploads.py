"""A place to upload a file before a claim or an attendance names it, and where to fetch it later: what a client gives and
is answered."""

from typing import Literal

from typing_extensions import TypedDict

from api import certificates
from api.fields import Given
from api.problems import not_found


class NewUpload(Given):
    content_type: Literal["application/pdf", "image/png", "image/jpeg"] = "application/pdf"


class UploadForm(TypedDict):
    url: str
    fields: dict[str, str]


class Upload(TypedDict):
    """The form takes a file of this type, of 1 to `bytes_max` bytes, and only while it lasts."""

    upload: UploadForm
    content_type: str
    bytes_max: int
    expires_in_seconds: int


class Download(TypedDict):
    """Where a file can be fetched, as an attachment, as long as it lasts."""

    url: str
    content_type: str
    expires_in_seconds: int


def prepared(account: str, content_type: str) -> tuple[str, Upload]:
    """A key for an account's new file, and what the file is uploaded with."""
    key, form = certificates.upload_form(account, content_type)
    return key, {
        "upload": {"url": form["url"], "fields": form["fields"]},
        "content_type": content_type,
        "bytes_max": certificates.BYTES_MAX,
        "expires_in_seconds": certificates.UPLOAD_SECONDS,
    }


def download(key: str | None, name: str, what: str) -> Download:
    """Where a kept file can be fetched under a name. Problem 404, saying what there is not, where it is not kept."""
    found = certificates.link(key, name) if key else None
    if found is None:
        raise not_found(f"such {what}")
    url, content_type = found
    return {"url": url, "content_type": content_type, "expires_in_seconds": certificates.DOWNLOAD_SECONDS}
