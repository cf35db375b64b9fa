"""A certificate of completion from the form that uploads it to the link that gives it back, as a browser goes about it."""

import re
import urllib.error
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from local import people
from local.web import Client

TODAY = datetime.now(UTC).date()
PDF = b"%PDF-1.7\n" + bytes(1000)
PAGES = "https://portal.example"
COURSE = {
    "title": "Certificates",
    "versions": [{"version": "1", "credits": 5}],
    "item_types": {"direct-delivery": ["acme"]},
}
CLAIM = {
    "version": "1",
    "item_type": "direct-delivery",
    "provider": "acme",
    "started_on": str(TODAY - timedelta(days=2)),
    "completed_on": str(TODAY - timedelta(days=2)),
}


@pytest.fixture(scope="module")
def operator(stack):
    return _client(stack, stack.description["users"]["operator"]["token"])


@pytest.fixture(scope="module")
def holders(stack, operator):
    """Clients of two holders of the tests' own, the first of whom may claim."""
    names = [f"holder-{uuid.uuid4().hex[:8]}" for _ in range(2)]
    for name in names:
        operator.must("PUT", f"/admin/holders/{name}", {"accounts": [f"{name}@example.com"]})
    award = {"certification": "ccnp-data-center", "level": "professional", "awarded_on": str(TODAY - timedelta(days=9))}
    operator.must("POST", f"/admin/holders/{names[0]}/certifications", award)
    pool, client = stack.outputs["UserPool"], stack.outputs["UserPoolClient"]
    clients = [_client(stack, people.token(stack.cloud, pool, client, f"{name}@example.com")) for name in names]
    clients[0].must("PUT", "/enrollment", {"terms_version": "2026-01"})
    return clients


@pytest.fixture
def place(holders):
    return holders[0].must("POST", "/certificates")


@pytest.fixture
def claim(operator, holders, place):
    """claim(): the holder claims a course of the test's own with the certificate of the place; the answer."""
    course = f"CERT-{uuid.uuid4().hex[:8]}"
    operator.must("PUT", f"/admin/catalog/{course}", COURSE)
    body = {**CLAIM, "course": course, "certificate_key": place["certificate_key"]}
    return lambda: holders[0].call("POST", "/claims", body, course)


def _client(stack, token):
    return Client(stack.description["api"], token)


def upload(form, content, **changes):
    """Post the form as a page of another origin does: status, and the store's error if any."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**form["fields"], **changes}.items()
    ]
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="c.pdf"\r\n\r\n'
    body = "".join([*parts, file]).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Origin": PAGES}
    status, _, text = fetch(urllib.request.Request(form["url"], body, headers))
    error = re.search(rb"<Code>(\w+)", text)
    return status, error and error[1].decode()


def fetch(request):
    try:
        response = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return response.status, {name.lower(): value for name, value in response.headers.items()}, response.read()


def test_a_certificate_goes_to_the_holder_and_operators_and_nobody_else(stack, operator, holders, place, claim):
    assert upload(place["upload"], PDF) == (204, None)
    claimed = claim()
    assert claimed.status == 201, claimed.body
    path = f"/claims/{claimed.body['claim_id']}/certificate"
    for client in (holders[0], operator):
        link = client.must("GET", path)
        status, headers, content = fetch(link["url"])
        assert (status, content, headers["content-type"]) == (200, PDF, "application/pdf")
        assert headers["content-disposition"].startswith("attachment; filename=")
    assert holders[1].call("GET", path).status == 404
    kept = f"{stack.description['aws_endpoint']}/{stack.description['certificates_bucket']}"
    for folder in ("uploads", "kept"):
        assert fetch(f"{kept}/{folder}/{place['certificate_key']}")[0] == 403
    assert fetch(kept)[0] == 403
    for altered in (link["url"].replace("/kept/", "/uploads/"), link["url"].replace("attachment", "inline")):
        assert fetch(altered)[0] == 403


@pytest.mark.parametrize(
    ("content", "changes", "answer"),
    [
        (b"%PDF-".ljust(5 * 2**20 + 1), {}, (400, "EntityTooLarge")),
        (b"", {}, (400, "EntityTooSmall")),
        (PDF, {"Content-Type": "text/html"}, (403, "AccessDenied")),
        (PDF, {"key": "kept/mine"}, (403, "AccessDenied")),
        (PDF, {"acl": "public-read"}, (403, "AccessDenied")),
        (PDF, {"x-amz-signature": "0" * 64}, (403, "SignatureDoesNotMatch")),
    ],
    ids=["too big", "empty", "another type", "another key", "for all to read", "forged"],
)
def test_the_store_takes_nothing_that_the_form_is_not_for(place, claim, content, changes, answer):
    assert upload(place["upload"], content, **changes) == answer
    refused = claim()
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "certificate_key")


@pytest.mark.parametrize(("method", "status"), [("POST", 200), ("PUT", 403), ("DELETE", 403)])
def test_pages_of_another_origin_may_upload_and_no_more(place, method, status):
    asked = {"Origin": PAGES, "Access-Control-Request-Method": method}
    assert fetch(urllib.request.Request(place["upload"]["url"], headers=asked, method="OPTIONS"))[0] == status


def test_what_is_no_pdf_cannot_be_claimed_with(place, claim):
    assert upload(place["upload"], b"<script>")[0] == 204
    refused = claim()
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "certificate_key")


def test_a_file_swapped_after_its_check_is_not_kept(stack, place):
    assert upload(place["upload"], PDF)[0] == 204
    bucket, key = stack.description["certificates_bucket"], f"uploads/{place['certificate_key']}"
    s3 = stack.client("s3")
    checked = s3.head_object(Bucket=bucket, Key=key)["ETag"]
    assert upload(place["upload"], b"<script>")[0] == 204
    with pytest.raises(s3.exceptions.ClientError, match="PreconditionFailed"):
        s3.copy_object(
            Bucket=bucket, Key="kept/x", CopySource={"Bucket": bucket, "Key": key}, CopySourceIfMatch=checked
        )
