"""Tokens at the gateway: whom it lets through to the functions, and as whom they see them there."""

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from local import people
from local.stack import Stack
from local.web import Client
from tests import template

AUDIENCE = "standing"
ANN = f"ann-{uuid.uuid4().hex[:8]}@tokens.example"
# What is sent in the header, in place of `Bearer TOKEN`.
NO_TOKENS = ["", "Bearer", "Bearer ", "Bearer x", "Bearer a.b", "Bearer a.b.c", "Basic YW5uOmFubg==", "null"]


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True)
class Issuer:
    """Somebody who signs people in, known by a URL and a key."""

    url: str
    key: rsa.RSAPrivateKey

    def token(self, *, kid: Any = "one", **claims: Any) -> str:
        """A token as it should be, but for these claims; None leaves one out."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": AUDIENCE, "sub": "1", "iat": now - 5, "exp": now + 300, "token_use": "id"}
        usual |= {"email": ANN, "email_verified": True}
        header = {"alg": "RS256", "typ": "JWT", "kid": kid}
        signed = ".".join(
            encoded({name: value for name, value in part.items() if value is not None})
            for part in (header, {**usual, **claims})
        )
        return f"{signed}.{encoded(self.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def keys(self) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        parts = {"n": numbers.n, "e": numbers.e}
        words = {name: encoded(value.to_bytes((value.bit_length() + 7) // 8, "big")) for name, value in parts.items()}
        return {"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "one", **words}]}


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """An issuer of the tests' own, which can sign whatever it likes."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {"issuer": made.url, "jwks_uri": f"{made.url}/keys"}
            body = json.dumps(made.keys() if self.path == "/keys" else known).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made = Issuer(f"http://127.0.0.1:{server.server_port}", key)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def api(stack: Stack, issuer: Issuer) -> str:
    """A gateway before the stack's functions that trusts this issuer, with the template's own authorizer but for that."""
    gateway = stack.client("apigatewayv2")
    made = gateway.create_api(Name="tokens", ProtocolType="HTTP")["ApiId"]
    authorizer = {**template.of_type("AWS::ApiGatewayV2::Authorizer")["Jwt"], "ApiId": made}
    authorizer["JwtConfiguration"] = {"Issuer": issuer.url, "Audience": [AUDIENCE]}
    trusted = gateway.create_authorizer(**authorizer)["AuthorizerId"]
    for function, route in (("ServeHolder", "GET /dashboard"), ("Administer", "GET /admin/worklists")):
        arn = stack.client("lambda").get_function(FunctionName=stack.outputs[function])["Configuration"]["FunctionArn"]
        integration = gateway.create_integration(
            ApiId=made, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
        )["IntegrationId"]
        target = f"integrations/{integration}"
        gateway.create_route(ApiId=made, RouteKey=route, AuthorizationType="JWT", AuthorizerId=trusted, Target=target)
        stack.client("lambda").add_permission(
            FunctionName=arn, StatementId=made, Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
        )
    gateway.create_stage(ApiId=made, StageName="$default", AutoDeploy=True)
    return f"{stack.cloud.endpoint}/_aws/execute-api/{made}/$default"


@pytest.fixture(scope="module")
def ask(api: str, stack: Stack) -> Callable[..., tuple[int, Any]]:
    """ask(token): status and body of the dashboard of Ann, who is a holder."""
    operator = Client(stack.description["api"], stack.description["users"]["operator"]["token"])
    operator.must("PUT", f"/admin/holders/{ANN.partition('@')[0]}", {"accounts": [ANN]})

    def get(token: str, path: str = "/dashboard") -> tuple[int, Any]:
        answer = Client(api, token).call("GET", path)
        return answer.status, answer.body

    return get


def test_a_token_as_it_should_be_is_let_in(ask: Any, issuer: Issuer) -> None:
    assert ask(issuer.token())[0] == 200
    assert ask(issuer.token(aud=["other", AUDIENCE]))[0] == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": -1_000_000_000},
        {"exp": -1},
        {"nbf": 3600},
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["other"]},
        {"aud": None},
        {"aud": "other", "client_id": AUDIENCE},
        {"kid": "two"},
        {"kid": None},
    ],
    ids=str,
)
def test_a_token_that_is_over_or_for_somebody_else_is_refused(ask: Any, issuer: Issuer, claims: Any) -> None:
    # Instants are told in seconds from now.
    told = {name: int(time.time()) + value if name in ("exp", "nbf") else value for name, value in claims.items()}
    assert ask(issuer.token(**told)) == (401, {"message": "Unauthorized"})


def test_a_token_that_was_forged_is_refused(ask: Any, issuer: Issuer) -> None:
    header, payload, signature = issuer.token().split(".")
    operator = encoded({**json.loads(base64.urlsafe_b64decode(payload + "==")), "groups": ["operator"]})
    public = issuer.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    unsigned = [f"{encoded({'alg': alg, 'typ': 'JWT', 'kid': 'one'})}.{operator}" for alg in ("none", "None", "HS256")]
    stranger = Issuer(issuer.url, rsa.generate_private_key(public_exponent=65537, key_size=2048))
    forged = [
        f"{header}.{operator}.{signature}",
        f"{header}.{payload}.",
        f"{header}.{payload}.{signature[:-8]}AAAAAAAA",
        f"{header}.{payload}.{signature}.{signature}",
        f"{unsigned[0]}.",
        f"{unsigned[0]}.{signature}",
        f"{unsigned[1]}.",
        f"{unsigned[2]}.{encoded(hmac.digest(public, unsigned[2].encode(), hashlib.sha256))}",
        stranger.token(),
    ]
    assert [ask(token)[0] for token in forged] == [401] * len(forged)


@pytest.mark.parametrize("header", NO_TOKENS)
@pytest.mark.parametrize("path", ["/dashboard", "/admin/worklists", "/claims?x=", "/nowhere", "/"])
def test_without_a_token_there_is_nothing(stack: Stack, header: str, path: str) -> None:
    request = urllib.request.Request(stack.description["api"] + path, headers={"Authorization": header})
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=30)


def test_the_stack_s_own_gateway_trusts_no_other_issuer(stack: Stack, issuer: Issuer) -> None:
    pool, app = stack.outputs["UserPool"], stack.outputs["UserPoolClient"]
    issued_by = f"https://cognito-idp.us-east-1.amazonaws.com/{pool}"
    for claims in ({}, {"iss": issued_by, "aud": app}):
        assert _dashboard(stack, issuer.token(**claims)) == 401


def test_a_token_for_another_client_of_the_pool_is_refused(stack: Stack) -> None:
    pool = stack.outputs["UserPool"]
    other = stack.client("cognito-idp").create_user_pool_client(
        UserPoolId=pool, ClientName="other", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    assert _dashboard(stack, people.token(stack.cloud, pool, other, f"{uuid.uuid4().hex}@tokens.example")) == 401


def _dashboard(stack: Stack, token: str) -> int:
    return Client(stack.description["api"], token).call("GET", "/dashboard").status


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email": None},
        # An access token, which names the client in another claim, and nobody.
        {"email": None, "email_verified": None, "aud": None, "client_id": AUDIENCE, "token_use": "access"},
    ],
    ids=str,
)
def test_an_e_mail_that_is_not_verified_is_nobody_s(ask: Any, issuer: Issuer, claims: Any) -> None:
    status, body = ask(issuer.token(groups=["operator"], **claims))
    assert (status, body["type"]) == (403, "/problems/email-not-verified")


def test_an_e_mail_in_another_case_is_the_same_account(ask: Any, issuer: Issuer) -> None:
    assert ask(issuer.token(email=ANN.upper())) == ask(issuer.token())


@pytest.mark.parametrize("claim", ["groups", "cognito:groups"])
@pytest.mark.parametrize(
    ("groups", "status"),
    [
        (["operator"], 200),
        (["provider:acme", "operator"], 200),
        ("operator", 200),
        ("provider:acme,operator", 200),
        (["operators"], 403),
        (["provider:operator"], 403),
        ([], 403),
        ("", 403),
        ({"operator": True}, 403),
    ],
    ids=str,
)
def test_groups_are_known_in_each_notation(ask: Any, issuer: Issuer, claim: str, groups: Any, status: int) -> None:
    assert ask(issuer.token(**{claim: groups}), "/admin/worklists")[0] == status
