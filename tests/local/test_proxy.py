"""The proxy of `make chaos` fails as it says: a fault that it does not make would prove nothing."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

import pytest

from local import proxy


class Counting(BaseHTTPRequestHandler):
    """Answers with what it was sent, and counts how often it was asked."""

    protocol_version = "HTTP/1.1"
    asked = 0

    def do_POST(self) -> None:
        type(self).asked += 1
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(201)
        self.send_header("X-Path", self.path)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def failing() -> Iterator[proxy.Proxy]:
    Counting.asked = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    with proxy.running(f"http://127.0.0.1:{server.server_port}", 1) as made:
        yield made
    server.shutdown()
    server.server_close()


def post(failing: proxy.Proxy) -> tuple[int, bytes, str | None]:
    with urllib.request.urlopen(f"{failing.endpoint}/a?b=c", b"body", timeout=5) as answer:
        return answer.status, answer.read(), answer.headers["x-path"]


def test_without_a_share_it_passes_everything_on(failing: proxy.Proxy) -> None:
    assert [post(failing) for _ in range(3)] == [(201, b"body", "/a?b=c")] * 3
    assert (Counting.asked, failing.told) == (3, {"well": 3})


@pytest.mark.parametrize(
    ("fault", "reached"), [("cut before", 0), ("cut after", 1), ("500 before", 0), ("500 after", 1), ("delayed", 1)]
)
def test_each_fault_is_what_it_is_called(failing: proxy.Proxy, fault: str, reached: int) -> None:
    with patch.object(proxy, "FAULTS", (fault,)), patch.object(proxy, "DELAY_SECONDS_MAX", 0.01):
        failing.share = 1
        if fault == "delayed":
            assert post(failing)[0] == 201
        else:
            with pytest.raises((OSError, HTTPException)) as raised:
                post(failing)
            assert isinstance(raised.value, urllib.error.HTTPError) == fault.startswith("500")
            if isinstance(raised.value, urllib.error.HTTPError):
                raised.value.close()
    assert (Counting.asked, failing.told) == (reached, {fault: 1})
