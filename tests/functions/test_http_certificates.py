"""Certificates of completion over HTTP: a place for one, claims made with it, and how it is given back."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import ledger
import pytest
from api import certificates, clients
from botocore.exceptions import ClientError, EndpointConnectionError
from ledger.values import digest

from tests.functions.certificates import BUCKET, FILES, kept, put, uploaded
from tests.functions.http import ANN, BOB, OPERATOR, Answer, Client, signed_in
from tests.functions.sample import CLAIM, keep_holder

pytestmark = pytest.mark.usefixtures("holder", "bucket")
ACCOUNT = "ann@example.com"
OTHER = "0" * 32


def claim(key: str, client: Client = ANN) -> Answer:
    return client.post("/claims", {**CLAIM, "certificate_key": key}, key="1")


def refused(answer: Answer) -> str:
    """Why the key of a claim would not do; nothing was recorded."""
    assert (answer.status, answer.fields) == (400, ["certificate_key"])
    assert ledger.load("ann").version == 3
    message: str = answer.body["errors"][0]["message"]
    assert "POST /certificates" in message
    return message


@contextmanager
def at_each(event: str, act: Callable[..., Any]) -> Iterator[None]:
    events = clients.client("s3").meta.events
    events.register(event, act)
    try:
        yield
    finally:
        events.unregister(event, act)


class TestPlace:
    @pytest.mark.parametrize("content_type", FILES)
    def test_takes_one_file_of_its_type_and_size_for_ten_minutes(self, content_type: str) -> None:
        answer = ANN.post("/certificates", {"content_type": content_type})
        assert answer.status == 201
        given = answer.body
        assert (given["content_type"], given["bytes_max"], given["expires_in_seconds"]) == (content_type, 5242880, 600)
        fields = given["upload"]["fields"]
        assert fields["key"] == f"uploads/{given['certificate_key']}"
        conditions = json.loads(b64decode(fields["policy"]))["conditions"]
        assert ["content-length-range", 1, 5242880] in conditions
        for exact in ({"Content-Type": content_type}, {"key": fields["key"]}, {"bucket": BUCKET}):
            assert exact in conditions
        assert "starts-with" not in str(conditions)

    @pytest.mark.parametrize("body", [None, {}])
    def test_is_for_a_pdf_unless_told_otherwise(self, body: Any) -> None:
        assert ANN.post("/certificates", body).body["content_type"] == "application/pdf"

    @pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/pdf; x=y", None])
    def test_is_for_no_other_type(self, content_type: str | None) -> None:
        answer = ANN.post("/certificates", {"content_type": content_type})
        assert (answer.status, answer.fields) == (400, ["content_type"])

    def test_is_another_each_time_and_of_the_account(self) -> None:
        keep_holder("bob")
        keys = [client.post("/certificates", None).body["certificate_key"] for client in (ANN, ANN, BOB)]
        assert len(set(keys)) == 3
        assert [key.partition("/")[0] for key in keys] == [digest(ACCOUNT)] * 2 + [digest("bob@example.com")]
        assert "ann" not in keys[0]

    @pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
    def test_is_signed_for_the_bucket_s_own_region(self, monkeypatch: pytest.MonkeyPatch, region: str) -> None:
        monkeypatch.setenv("AWS_DEFAULT_REGION", region)
        monkeypatch.setattr(certificates, "client", clients.client.__wrapped__)
        upload = ANN.post("/certificates", None).body["upload"]
        assert upload["url"] == f"https://{BUCKET}.s3.{region}.amazonaws.com/"
        assert upload["fields"]["x-amz-algorithm"] == "AWS4-HMAC-SHA256"


class TestClaim:
    @pytest.mark.parametrize("content_type", FILES)
    def test_keeps_the_file_and_its_key(self, content_type: str) -> None:
        key = uploaded(ACCOUNT, content_type)
        assert claim(key).status == 201
        assert kept(key) == FILES[content_type]
        assert ledger.load("ann").standing.claims["ann-0001"].certificate_key == key

    @pytest.mark.parametrize(
        "key",
        [
            "x",
            f"{digest('bob@example.com')}/{OTHER}",
            f"kept/{digest(ACCOUNT)}/{OTHER}",
            f"uploads/{digest(ACCOUNT)}/{OTHER}",
            f"{digest(ACCOUNT)}/../{digest('bob@example.com')}/{OTHER}",
            f"{digest(ACCOUNT)}/{OTHER}/..",
            f"{digest(ACCOUNT)}/{OTHER[:-1]}?",
            f"{digest(ACCOUNT)}/{OTHER[:-1]}\N{ARABIC-INDIC DIGIT TWO}",
            f"{digest(ACCOUNT)}/",
            f"{digest(ACCOUNT).upper()}/{OTHER}",
        ],
    )
    def test_takes_no_key_that_the_account_was_not_given(self, key: str) -> None:
        # All of these are there, so that only the form of the key says no.
        for folder in ("uploads", "kept"):
            put(f"{folder}/{key}", FILES["application/pdf"])
        assert refused(claim(key)).startswith("is no key")

    def test_takes_no_key_of_the_holder_s_other_account(self) -> None:
        both = {"accounts": [ACCOUNT, "ann@home.example"], "name": "Ann"}
        assert OPERATOR.put("/admin/holders/ann", both).status == 200
        answer = claim(uploaded(ACCOUNT), signed_in("ann@home.example"))
        assert (answer.status, answer.fields) == (400, ["certificate_key"])

    def test_says_so_where_nothing_was_uploaded(self) -> None:
        assert "nothing" in refused(claim(f"{digest(ACCOUNT)}/{OTHER}"))

    @pytest.mark.parametrize(
        ("content_type", "content", "why"),
        [
            ("application/pdf", b"", "empty"),
            ("application/pdf", b"%PDF-".ljust(5 * 2**20 + 1), "5242880"),
            ("application/pdf", b"<html><script>alert(1)</script>", "begin"),
            ("application/pdf", b" %PDF-1.7", "begin"),
            ("application/pdf", b"\n<script/>%PDF-1.7", "begin"),
            ("application/pdf", b"%PDF", "begin"),
            ("application/pdf", FILES["image/png"], "begin"),
            ("image/png", FILES["image/jpeg"], "begin"),
            ("image/jpeg", b"\xff\xd8", "begin"),
            ("text/html", FILES["application/pdf"], "text/html"),
            ("image/svg+xml", b"<svg/>", "image/svg+xml"),
        ],
        ids=range(11),
    )
    def test_takes_no_file_that_is_not_what_it_says(self, content_type: str, content: bytes, why: str) -> None:
        key = uploaded(ACCOUNT, content_type, content)
        assert why in refused(claim(key))
        with pytest.raises(ClientError, match="NoSuchKey"):
            kept(key)

    def test_takes_a_file_of_exactly_5_mib(self) -> None:
        assert claim(uploaded(ACCOUNT, content=b"%PDF-".ljust(5 * 2**20))).status == 201

    def test_takes_no_file_that_was_swapped_after_the_check(self) -> None:
        key = uploaded(ACCOUNT)

        def swap(params: dict[str, Any], **_: Any) -> None:
            put(f"uploads/{key}", b"<html>")
            changed = clients.client("s3").head_object(Bucket=BUCKET, Key=f"uploads/{key}")["ETag"]
            # The emulator here copies whatever the condition says.
            if params["CopySourceIfMatch"] != changed:
                answer = {"Error": {"Code": "PreconditionFailed"}, "ResponseMetadata": {"HTTPStatusCode": 412}}
                raise ClientError(answer, "CopyObject")  # type: ignore[arg-type]

        with at_each("provide-client-params.s3.CopyObject", swap):
            assert "anew" in refused(claim(key))

    def test_that_is_refused_leaves_no_file_and_may_be_mended_with_the_same(self) -> None:
        key = uploaded(ACCOUNT)
        early = {**CLAIM, "certificate_key": key, "completed_on": "2021-03-02"}
        for refused_one in (early, {**early, "course": "NONE"}):
            assert ANN.post("/claims", refused_one, key="1").status == 422
            assert not certificates.is_there(f"kept/{key}")
        assert claim(key).status == 201
        assert kept(key) == FILES["application/pdf"]

    def test_keeps_the_file_of_an_earlier_claim_as_it_was(self) -> None:
        key = uploaded(ACCOUNT)
        assert claim(key).status == 201
        put(f"uploads/{key}", b"%PDF-2.0 another")
        ANN.post("/claims", {**CLAIM, "certificate_key": key, "course": "NONE"}, key="2")
        assert kept(key) == FILES["application/pdf"]

    def test_is_answered_as_it_was_once_the_upload_is_gone(self) -> None:
        key = uploaded(ACCOUNT)
        first = claim(key)
        clients.client("s3").delete_object(Bucket=BUCKET, Key=f"uploads/{key}")
        again = claim(key)
        assert (again.status, again.body) == (201, first.body)
        assert len(ANN.get("/claims").body["items"]) == 1

    def test_with_another_file_is_another_claim(self) -> None:
        assert claim(uploaded(ACCOUNT)).status == 201
        answer = claim(uploaded(ACCOUNT))
        assert (answer.status, answer.body["rule"]) == (422, "idempotency-key-reused")

    def test_shows_no_more_than_it_did(self) -> None:
        assert "certificate_key" not in claim(uploaded(ACCOUNT)).body

    @pytest.mark.parametrize("operation", ["HeadObject", "GetObject", "CopyObject"])
    @pytest.mark.parametrize("how", ["unreachable", "slow down"])
    def test_waits_where_the_bucket_is_down(self, operation: str, how: str) -> None:
        def fail(**_: Any) -> None:
            if how == "unreachable":
                raise EndpointConnectionError(endpoint_url="https://bucket")
            answer = {"Error": {"Code": "SlowDown"}, "ResponseMetadata": {"HTTPStatusCode": 503}}
            raise ClientError(answer, operation)  # type: ignore[arg-type]

        key = uploaded(ACCOUNT)
        with at_each(f"provide-client-params.s3.{operation}", fail):
            answer = claim(key)
            assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert ledger.load("ann").version == 3
        assert claim(key).status == 201

    def test_without_a_certificate_asks_for_no_bucket(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("CERTIFICATES_BUCKET")
        monkeypatch.setattr(certificates, "client", None)
        assert ANN.post("/claims", CLAIM, key="1").status == 201


class TestGivenBack:
    PATH = "/claims/ann-0001/certificate"

    @pytest.mark.parametrize(
        ("content_type", "extension"), [("application/pdf", "pdf"), ("image/png", "png"), ("image/jpeg", "jpg")]
    )
    @pytest.mark.parametrize("client", [ANN, OPERATOR], ids=["holder", "operator"])
    def test_as_an_attachment_for_a_minute(self, client: Client, content_type: str, extension: str) -> None:
        key = uploaded(ACCOUNT, content_type)
        claim(key)
        answer = client.get(self.PATH)
        assert (answer.status, answer.body["content_type"], answer.body["expires_in_seconds"]) == (
            200,
            content_type,
            60,
        )
        url = urlsplit(answer.body["url"])
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        assert url.path == f"/kept/{key}"
        assert query["X-Amz-Expires"] == "60"
        assert query["response-content-type"] == content_type
        assert query["response-content-disposition"] == f'attachment; filename="certificate-ann-0001.{extension}"'

    def test_to_no_other_holder(self) -> None:
        keep_holder("bob")
        claim(uploaded(ACCOUNT))
        assert BOB.get(self.PATH).status == 404
        assert BOB.get(self.PATH).body == BOB.get("/claims/bob-0001/certificate").body

    @pytest.mark.parametrize(
        "path", ["/claims/ann-0002/certificate", "/claims/x/certificate", "/claims/-1/certificate"]
    )
    def test_not_for_a_claim_that_is_none(self, path: str) -> None:
        assert [client.get(path).status for client in (ANN, OPERATOR)] == [404, 404]

    def test_not_for_a_claim_without_one(self) -> None:
        ANN.post("/claims", CLAIM, key="1")
        assert [client.get(self.PATH).status for client in (ANN, OPERATOR)] == [404, 404]

    def test_not_once_it_was_taken_away(self) -> None:
        key = uploaded(ACCOUNT)
        claim(key)
        clients.client("s3").delete_object(Bucket=BUCKET, Key=f"kept/{key}")
        assert OPERATOR.get(self.PATH).status == 404
