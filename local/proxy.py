"""A proxy on loopback before the local cloud that fails at times: as networks and services do, when they do."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

CALL_SECONDS = 60
DELAY_SECONDS_MAX = 1.0
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
# A call is not made, or made and its reply lost, or answered with an error, or late.
FAULTS = ("cut before", "cut after", "500 before", "500 after", "delayed")


@dataclass
class Proxy:
    """share: of calls that fail in one of these ways, 0 for none; told: how many did, and in which."""

    target: str
    chosen: random.Random
    share: float = 0.0
    endpoint: str = ""
    told: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self) -> str | None:
        """What is to go wrong with the next call, if anything."""
        with self._lock:
            found = self.chosen.choice(FAULTS) if self.chosen.random() < self.share else None
            self.told[found or "well"] += 1
            return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: who has left, left."""


@contextmanager
def running(target: str, seed: int) -> Iterator[Proxy]:
    """A proxy before an endpoint, which does nothing but pass on until its share is set."""
    proxy = Proxy(target, random.Random(seed))  # noqa: S311 - no secret
    server = _Server(("127.0.0.1", 0), _handler(proxy))
    proxy.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    host = urlsplit(proxy.target).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            fault = proxy.fault()
            if fault == "delayed":
                time.sleep(proxy.chosen.uniform(0, DELAY_SECONDS_MAX))
            if fault == "cut before":
                self.close_connection = True
                return
            if fault == "500 before":
                self._give(500, [("Content-Type", "text/plain")], b"injected")
                return
            try:
                response, content = self._passed_on(body)
            except (OSError, HTTPException):
                # The cloud itself ended it.
                self.close_connection = True
                return
            if fault == "cut after":
                self.close_connection = True
            elif fault == "500 after":
                self._give(500, [("Content-Type", "text/plain")], b"injected")
            else:
                self._give(response.status, response.getheaders(), content)

        def _passed_on(self, body: bytes) -> tuple[HTTPResponse, bytes]:
            connection = HTTPConnection(host, timeout=CALL_SECONDS)
            try:
                headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
                connection.request(self.command, self.path, body or None, headers)
                response = connection.getresponse()
                return response, response.read()
            finally:
                connection.close()

        def _give(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
            # Who has left does not wait for the answer.
            with suppress(ConnectionError):
                self.send_response_only(status)
                for name, value in headers:
                    if name.lower() not in HOP_BY_HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the library's own name
            """Nothing: the trial says what matters."""

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - the library's own names

    return Handler
