"""Calls without the SDK, held against the SDK's signature and against a service that does not behave."""

import json
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, HTTPClientError
from ledger import direct

Answer = Callable[[BaseHTTPRequestHandler], None]


def reply(status: int, body: dict[str, Any], **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        data = json.dumps(body).encode()
        request.send_response(status)
        crc = {"x-amz-crc32": str(zlib.crc32(data)), **{name.replace("_", "-"): told for name, told in headers.items()}}
        for name, value in {**crc, "content-length": str(len(data))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    return answer


def hang_up(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True


def fault(code: str, status: int = 400, **further: Any) -> Answer:
    return reply(status, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "so it is", **further})


FOUND = reply(200, {"Item": {}})
PASSING = {
    "throttled": fault("ThrottlingException"),
    "a fault of the service": fault("InternalServerError", 500),
    "a gateway's own page": reply(502, {"html": ""}),
    "a spoilt answer": reply(200, {"Item": {}}, x_amz_crc32="1"),
    "a broken connection": hang_up,
}


class Service:
    """A service that gives its answers one after the other, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[tuple[dict[str, str], bytes]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                service.asked.append(({name.lower(): value for name, value in self.headers.items()}, body))
                service.answers.pop(0)(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    scripted = Service()
    Thread(target=scripted.server.serve_forever, args=(0.01,), daemon=True).start()
    for name, value in {
        "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{scripted.server.server_port}",
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(direct, "sleep", lambda seconds: None)
    yield scripted
    scripted.server.shutdown()
    scripted.server.server_close()


@pytest.fixture
def client(service: Service) -> Iterator[direct.Client]:
    made = direct.Client("dynamodb")
    yield made
    made.connection.close()


def test_a_request_is_signed_as_the_sdk_signs_it(service, client, monkeypatch):
    service.answers = [FOUND]
    client.get_item(TableName="standing", Key={"pk": {"S": "Zoë"}, "sk": {"B": b"\x00\xff"}})
    ((sent, body),) = service.asked
    assert json.loads(body) == {"TableName": "standing", "Key": {"pk": {"S": "Zoë"}, "sk": {"B": "AP8="}}}
    assert sent["x-amz-target"] == "DynamoDB_20120810.GetItem"
    signed = ("content-type", "host", "x-amz-security-token", "x-amz-target")
    headers = {name: sent[name] for name in signed}
    request = AWSRequest("POST", f"http://{sent['host']}/", {**headers, "X-Amz-Date": sent["x-amz-date"]}, body)
    instant = datetime.strptime(sent["x-amz-date"], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 - as the SDK wants it
    monkeypatch.setattr(auth, "get_current_datetime", lambda: instant)
    auth.SigV4Auth(Credentials("AKIDEXAMPLE", "secret", "token"), "dynamodb", "eu-central-1").add_auth(request)
    assert sent["authorization"] == request.headers["Authorization"]


@pytest.mark.parametrize("passing", PASSING.values(), ids=PASSING)
def test_what_may_pass_is_tried_again_under_the_same_token(service, client, passing):
    service.answers = [passing, passing, reply(200, {})]
    assert client.transact_write_items(TransactItems=[]) == {}
    bodies = {body for _, body in service.asked}
    assert len(service.asked) == 3
    assert len(bodies) == 1
    assert json.loads(bodies.pop())["ClientRequestToken"]


@pytest.mark.parametrize(
    ("lasting", "error"),
    [
        (fault("ThrottlingException"), "ThrottlingException"),
        (fault("InternalServerError", 500), "ServiceUnavailable"),
        (hang_up, "closed connection"),
    ],
)
def test_what_does_not_pass_in_time_is_told_as_the_sdk_tells_it(service, client, lasting, error):
    service.answers = [lasting] * direct.ATTEMPTS
    with pytest.raises((ClientError, HTTPClientError), match=error):
        client.get_item(TableName="standing")
    assert len(service.asked) == direct.ATTEMPTS


def test_a_refusal_is_told_at_once_with_its_reasons(service, client):
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}]
    service.answers = [fault("TransactionCanceledException", CancellationReasons=reasons)]
    with pytest.raises(ClientError) as refused:
        client.transact_write_items(TransactItems=[])
    assert refused.value.response["Error"] == {"Code": "TransactionCanceledException", "Message": "so it is"}
    assert refused.value.response["CancellationReasons"] == reasons


def test_a_connection_closed_in_the_meantime_costs_no_attempt(service, client):
    def then_hang_up(request: BaseHTTPRequestHandler) -> None:
        FOUND(request)
        request.close_connection = True

    service.answers = [then_hang_up] * 6
    for _ in range(6):
        assert client.get_item(TableName="standing") == {"Item": {}}
    assert len(service.asked) == 6


@pytest.mark.parametrize("missing", ["AWS_LAMBDA_FUNCTION_NAME", "AWS_ACCESS_KEY_ID"])
def test_the_sdk_is_used_where_credentials_are_not_those_of_a_functions_environment(monkeypatch, missing):
    for name in ("AWS_LAMBDA_FUNCTION_NAME", "AWS_ACCESS_KEY_ID"):
        monkeypatch.setenv(name, "x")
    assert direct.serves("dynamodb")
    assert not direct.serves("s3")
    monkeypatch.delenv(missing)
    assert not direct.serves("dynamodb")
