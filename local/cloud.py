"""The local cloud: one process on one loopback port, which forgets everything when it ends."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from . import scratch
from .artifact import ROOT
from .steps import Failed

REGION = "us-east-1"
START_SECONDS = 30
STOP_SECONDS = 10


@dataclass
class Cloud:
    endpoint: str
    log: Path
    pid: int
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """The boto3 client of a service here; one for each service."""
        if service not in self.clients:
            self.clients[service] = boto3.client(service, **credentials(self.endpoint))
        return self.clients[service]


def credentials(endpoint: str) -> dict[str, Any]:
    """What boto3.client needs to reach the local cloud and nothing else."""
    return {
        "endpoint_url": endpoint,
        "region_name": REGION,
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
        "config": Config(retries={"mode": "standard", "max_attempts": 5}),
    }


@contextmanager
def running(*, enforce_iam: bool = False) -> Iterator[Cloud]:
    """A fresh local cloud on a free port; it ends with the block, and so do its functions' processes.

    With enforce_iam a role may do only what its policies allow.
    """
    port = _free_port()
    with scratch.folder() as folder, (folder / "cloud.log").open("wb") as log:
        # A session of its own: Ctrl-C reaches us alone, and we end the whole group.
        process = subprocess.Popen(
            [ROOT / ".local/ministack/bin/ministack"],
            cwd=folder,
            env=_environment(port, folder, enforce_iam),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            cloud = Cloud(f"http://127.0.0.1:{port}", Path(log.name), process.pid)
            _await_health(cloud, process)
            yield cloud
        finally:
            _end(process)


def _environment(port: int, folder: Path, enforce_iam: bool) -> dict[str, str]:
    return {
        # Whatever account the reader is signed in to, the functions are not to reach it.
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MINISTACK_REGION": REGION,
        "AUTH": str(enforce_iam).lower(),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "STATE_DIR": str(folder / "state"),
        "TMPDIR": str(folder),
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    # The second signal reaches functions that outlive the cloud; gone is gone.
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, sign)
            process.wait(STOP_SECONDS)


def _await_health(cloud: Cloud, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{cloud.endpoint}/_ministack/health", timeout=1).close()  # noqa: S310
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Failed(
        f"the local cloud did not start\n{cloud.log.read_text()[-2000:]}",
        "Try again; if it stays, `make clean` and `make setup` install it anew.",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
