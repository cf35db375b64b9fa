"""Handing a letter to the mail service (SES), and telling a refusal for good from trouble that passes."""

import os
import re

from api.clients import client
from botocore.exceptions import ClientError

from functions.send_reminders.letters import Letter

# Anything more would be read as a list, or as a name before an address.
_PLAIN = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_FOR_GOOD = {"MessageRejected", "BadRequestException"}
# A mail whose tags hold anything else is refused.
_NOT_IN_TAGS = re.compile(r"[^A-Za-z0-9_-]")


class Undeliverable(Exception):
    """No mail will ever reach this address; why."""


def send(address: str, letter: Letter, event_id: str) -> str:
    """Send a letter; gives the mail's id. Raises Undeliverable, and whatever else may pass.

    A refusal that names our own address says that it is not verified: the mail waits until an operator sees to that.
    """
    if not _PLAIN.fullmatch(address):
        raise Undeliverable("not a plain address")
    mail_from = os.environ["MAIL_FROM"]
    try:
        reply = client("sesv2", attempts=1).send_email(
            FromEmailAddress=mail_from,
            Destination={"ToAddresses": [address]},
            Content={"Simple": {"Subject": _utf8(letter.subject), "Body": {"Text": _utf8(letter.text)}}},
            EmailTags=[{"Name": "event", "Value": _NOT_IN_TAGS.sub("_", event_id)}],
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _FOR_GOOD and mail_from not in str(error):
            raise Undeliverable(code) from error
        raise
    return str(reply["MessageId"])


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
