"""A place to upload a file before something is claimed with it: what a client gives and is answered."""

from typing import Literal

from typing_extensions import TypedDict

from api import certificates
from api.fields import Given


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


def prepared(account: str, content_type: str) -> tuple[str, Upload]:
    """A key for an account's new file, and what the file is uploaded with."""
    key, form = certificates.upload_form(account, content_type)
    return key, {
        "upload": {"url": form["url"], "fields": form["fields"]},
        "content_type": content_type,
        "bytes_max": certificates.BYTES_MAX,
        "expires_in_seconds": certificates.UPLOAD_SECONDS,
    }
