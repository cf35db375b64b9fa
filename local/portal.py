"""The portal on this machine: what the stack's distribution serves, at a loopback address that a browser can open.

Pages come through the local cloud's distribution, with its headers, from the bucket that they were published to. The
local cloud's distribution does not reach its own API, so /api goes there from here.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from standing import pages
from standing.portal import publish

from .artifact import ROOT
from .cloud import Cloud

WEB = ROOT / "web"
CALL_SECONDS = 60
# Where AWS serves what the local cloud serves at its one address: the pool's pages and tokens, and buckets.
AWS_HOSTS = re.compile(r"https://[\w.-]+\.(?:amazoncognito|amazonaws)\.com")
BETWEEN_NEIGHBOURS = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}


@contextmanager
def running(home: Cloud, outputs: dict[str, str], api: str) -> Iterator[str]:
    """The address of the portal of a stack deployed there, its pages published."""
    publish(WEB, outputs, home.client)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(home.endpoint, urlsplit(outputs["Portal"]).netloc, api))
    address = f"http://127.0.0.1:{server.server_port}"
    _let_sign_in(home.client("cognito-idp"), outputs, address)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _let_sign_in(cognito: Any, outputs: dict[str, str], address: str) -> None:
    """The pool's client sends people back to the distribution's address; let it send them here as well."""
    which = {"UserPoolId": outputs["UserPool"], "ClientId": outputs["SignInClient"]}
    client = cognito.describe_user_pool_client(**which)["UserPoolClient"]
    dates = ("CreationDate", "LastModifiedDate")
    settings = {name: value for name, value in client.items() if name not in dates and value != ""}
    for name in ("CallbackURLs", "LogoutURLs"):
        settings[name] += [url.replace(outputs["Portal"], address) for url in client[name]]
    cognito.update_user_pool_client(**settings)


def _handler(endpoint: str, distribution: str, api: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in BETWEEN_NEIGHBOURS}
            del headers["Host"]
            if self.path.startswith("/api/"):
                self._pass_on(api + self.path.removeprefix("/api"), headers, body)
            else:
                self._pass_on(
                    endpoint + self.path, {**headers, "Host": distribution, "X-Forwarded-Proto": "https"}, body
                )

        def _pass_on(self, url: str, headers: dict[str, str], body: bytes) -> None:
            parts = urlsplit(url)
            connection = HTTPConnection(parts.netloc, timeout=CALL_SECONDS)
            try:
                target = url.removeprefix(f"{parts.scheme}://{parts.netloc}")
                connection.request(self.command, target, body or None, headers)
                self._give(connection.getresponse())
            finally:
                connection.close()

        def _give(self, response: HTTPResponse) -> None:
            content = response.read()
            if self.path == f"/{pages.CONFIG}":
                content = AWS_HOSTS.sub(endpoint, content.decode()).encode()
            self.send_response_only(response.status, response.reason)
            for name, value in response.getheaders():
                if name.lower() not in BETWEEN_NEIGHBOURS:
                    is_policy = name.lower() == "content-security-policy"
                    self.send_header(name, AWS_HOSTS.sub(endpoint, value) if is_policy else value)
            if response.status not in (204, 304):
                self.send_header("Content-Length", str(len(content)))
            # Who has left the page does not wait for the answer.
            with suppress(ConnectionError):
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the library's own name
            """Nothing: whoever looks at the terminal reads what `make run` tells."""

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the library's own names

    return Handler
