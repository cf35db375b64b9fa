"""How pages are served: by the template's distribution, with its headers."""

import urllib.error
import urllib.request

import pytest
import yaml

from local.artifact import ROOT
from tests.local.test_template import Loader


@pytest.fixture(scope="module")
def resources():
    return yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), Loader)["Resources"]  # noqa: S506


def _get(address):
    try:
        answer = urllib.request.urlopen(address, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()


@pytest.mark.parametrize("path", ["/", "/portal.css", "/app/session.js", "/config.json"])
def test_every_answer_has_the_strict_policy(stack, portal, path):
    status, headers, _ = _get(portal + path)
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    connected = policy.pop("connect-src").split()
    assert status == 200
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    endpoint = stack.description["aws_endpoint"]
    assert set(connected) == {"'self'", f"{endpoint}/oauth2/token", endpoint}
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize("path", ["/template.yaml", "/app/", "/../template.yaml"])
def test_nothing_else_is_served(portal, path):
    assert _get(portal + path)[0] == 403


def test_the_api_gets_the_path_without_its_prefix(browser, resources):
    code = resources["ApiPath"]["Properties"]["FunctionCode"]
    page = browser.new_page()
    run = f"uri => {{ {code}; return handler({{request: {{uri}}}}).uri; }}"
    uris = ["/api/claims/api/x", "/api/catalog", "/api/", "/apiary"]
    assert [page.evaluate(run, uri) for uri in uris] == ["/claims/api/x", "/catalog", "/", "/apiary"]
    page.close()


def test_pages_come_from_the_distribution_alone(resources):
    statements = resources["PagesPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed = [one for one in statements if one["Effect"] == "Allow"]
    assert [one["Principal"] for one in allowed] == [{"Service": "cloudfront.amazonaws.com"}]
    assert "distribution/${Portal}" in allowed[0]["Condition"]["StringEquals"]["AWS:SourceArn"]
    assert {"Bool": {"aws:SecureTransport": "false"}} in [
        one["Condition"] for one in statements if one["Effect"] == "Deny"
    ]
