import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from api.clients import client
from botocore.stub import Stubber
from standing import pages, portal

PUBLICATIONS_MAX = 2
ROOT = Path(__file__).parent.parent.parent
OUTPUTS = {
    "Portal": "https://portal.example",
    "PagesBucket": "pages",
    "PortalDistribution": "E1",
    "SignInAuthorize": "https://sign-in.example/authorize",
    "SignInToken": "https://sign-in.example/token",
    "SignInLogout": "https://sign-in.example/logout",
    "SignInClient": "the-client",
}


@pytest.fixture
def stack(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A stack with these outputs, a bucket and a distribution."""
    bucket = f"pages-{uuid.uuid4()}"
    client("s3").create_bucket(Bucket=bucket)
    origins = {
        "Quantity": 1,
        "Items": [
            {"Id": "pages", "DomainName": f"{bucket}.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
        ],
    }
    behavior = {"TargetOriginId": "pages", "ViewerProtocolPolicy": "https-only"}
    config = {
        "CallerReference": bucket,
        "Comment": "",
        "Enabled": True,
        "Origins": origins,
        "DefaultCacheBehavior": behavior,
    }
    distribution = client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    outputs = {**OUTPUTS, "PagesBucket": bucket, "PortalDistribution": distribution}
    formation = boto3.client("cloudformation", region_name="us-east-1")
    described = {
        "StackName": "standing",
        "StackStatus": "CREATE_COMPLETE",
        "CreationTime": datetime(2021, 1, 1, tzinfo=UTC),
        "Outputs": [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()],
    }
    monkeypatch.setattr(portal, "client", lambda service: formation)
    with Stubber(formation) as stubbed:
        for _ in range(PUBLICATIONS_MAX):
            stubbed.add_response("describe_stacks", {"Stacks": [described]}, {"StackName": "standing"})
        yield outputs


@pytest.fixture
def web(tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    (folder / "app").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "app" / "page.js").write_text("export {}")
    return folder


def _publish(run, web, *more):
    return run("portal", "publish", "--stack", "standing", "--table", "none", "--pages", web, *more)


def test_pages_are_published_with_what_they_need_to_know_of_the_stack(run, stack, web):
    ran = _publish(run, web)
    assert (ran.status, ran.lines) == (0, ["3 files published; the portal is at https://portal.example"])
    told = json.loads(client("s3").get_object(Bucket=stack["PagesBucket"], Key="config.json")["Body"].read())
    assert told == {
        "api": "/api",
        "authorize": "https://sign-in.example/authorize",
        "token": "https://sign-in.example/token",
        "logout": "https://sign-in.example/logout",
        "client_id": "the-client",
        "scopes": "openid email",
    }
    script = client("s3").get_object(Bucket=stack["PagesBucket"], Key="app/page.js")
    assert script["ContentType"] == "text/javascript; charset=utf-8"
    assert "max-age=0" in script["CacheControl"]


def test_what_is_gone_from_the_folder_is_gone_from_the_portal(run, stack, web):
    _publish(run, web)
    (web / "app" / "page.js").unlink()
    _publish(run, web)
    kept = {entry["Key"] for entry in client("s3").list_objects_v2(Bucket=stack["PagesBucket"])["Contents"]}
    assert kept == {"index.html", "config.json"}


def test_the_distribution_forgets_what_it_had(run, stack, web):
    _publish(run, web)
    made = client("cloudfront").list_invalidations(DistributionId=stack["PortalDistribution"])
    assert made["InvalidationList"]["Quantity"] == 1


def test_what_is_no_page_is_not_published_and_nothing_else_either(run, stack, web):
    (web / ".env").write_text("SECRET=1")
    ran = _publish(run, web)
    assert ran.status == 2
    assert ".env: not a kind of file that pages are made of" in ran.err
    assert "Contents" not in client("s3").list_objects_v2(Bucket=stack["PagesBucket"])


def test_a_folder_without_a_first_page_is_a_mistake(run, stack, tmp_path):
    ran = _publish(run, tmp_path / "elsewhere")
    assert ran.status == 2
    assert "no index.html there" in ran.err


def test_a_stack_that_knows_no_place_to_sign_in_is_told_what_it_lacks():
    outputs = {name: value for name, value in OUTPUTS.items() if name != "SignInAuthorize"}
    with pytest.raises(pages.PagesError, match="no output SignInAuthorize; with JwtIssuer it takes"):
        pages.config(outputs)


def test_a_page_comes_after_what_it_refers_to():
    keys = [page.key for page in pages.read(ROOT / "web", OUTPUTS)]
    first = next(place for place, key in enumerate(keys) if key.endswith(".html"))
    assert all(key.endswith(".html") for key in keys[first:])
