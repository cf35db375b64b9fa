"""Each function may do what it does and nothing else: every action that its role allows is one that some use needs.

And all that the tests of functions call is allowed, which their own fixture sees to (tests/functions/conftest.py).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from api import clients

from tests.functions.certificates import BUCKET
from tests.functions.cloud import cloud as cloud
from tests.functions.events import Context
from tests.privileges.calls import Used, enforced
from tests.privileges.roles import functions, of_lambda, permissions
from tests.privileges.uses import USES, Place, furnish

FROM = "reminders@standing.example"


@pytest.fixture
def place(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> Place:
    """This process, with the services in moto."""
    values = {"CERTIFICATES_BUCKET": BUCKET, "MAIL_FROM": FROM, "PORTAL_URL": "https://portal.example"}
    for name, value in {**values, "ROSTER_SENDER_ID": "AROAROSTERS"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("api.dead_letters.WAIT_SECONDS", 0)
    s3, mail = clients.client("s3"), clients.client("sesv2")
    s3.create_bucket(Bucket=BUCKET)
    mail.create_email_identity(EmailIdentity=FROM)
    folders = {name: folder for folder, name in functions().items()}
    furnish()

    def invoke(function: str, event: Mapping[str, Any]) -> Any:
        return import_module(f"functions.{folders[function]}.handler").lambda_handler(event, Context())

    @contextmanager
    def mail_fails() -> Iterator[None]:
        mail.delete_email_identity(EmailIdentity=FROM)
        yield
        mail.create_email_identity(EmailIdentity=FROM)

    return Place(invoke, (s3, BUCKET), mail_fails)


def test_every_function_is_tried() -> None:
    assert USES.keys() == set(functions().values())


@pytest.mark.parametrize("function", USES)
def test_a_role_allows_what_its_function_needs_and_nothing_else(function: str, place: Place) -> None:
    used: Used = set()
    with enforced(used):
        for do in USES[function].values():
            do(place)
    needed = {permission for name, permission in used if name == function}
    allowed = {permission for permission in permissions(function) if not of_lambda(function, permission)}
    assert sorted(map(str, allowed - needed)) == []
