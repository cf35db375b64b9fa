"""The local cloud: one process on one loopback port, which forgets everything when it ends."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from .artifact import ROOT
from .steps import Failed

REGION = "us-east-1"
START_SECONDS = 30
STOP_SECONDS = 10


@dataclass
class Cloud:
    endpoint: str
    folder: Path
    process: subprocess.Popen[bytes]
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """The boto3 client of a service here; one for each service."""
        if service not in self.clients:
            self.clients[service] = boto3.client(service, **credentials(self.endpoint))
        return self.clients[service]

    def stop(self) -> None:
        """Ends the process and those of its functions, and removes what they left."""
        # The group's second signal reaches functions that outlive the cloud; gone is gone.
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(self.process.pid, sign)
                self.process.wait(STOP_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)


def credentials(endpoint: str) -> dict[str, Any]:
    """What boto3.client needs to reach the local cloud and nothing else."""
    return {
        "endpoint_url": endpoint,
        "region_name": REGION,
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
        "config": Config(retries={"mode": "standard", "max_attempts": 5}),
    }


def start(*, enforce_iam: bool = False) -> Cloud:
    """A fresh local cloud on a free port. With enforce_iam a role may do only what its policies allow."""
    folder = Path(tempfile.mkdtemp(prefix="cloud-", dir=_made(ROOT / ".local")))
    port = _free_port()
    environment = {
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
        "TMPDIR": str(_made(folder / "tmp")),
    }
    # A session of its own: Ctrl-C reaches us alone, and we end the functions' processes with it.
    with (folder / "cloud.log").open("wb") as log:
        process = subprocess.Popen(
            [ROOT / ".local/ministack/bin/ministack"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    cloud = Cloud(f"http://127.0.0.1:{port}", folder, process)
    try:
        _await_health(cloud)
    except BaseException:
        cloud.stop()
        raise
    return cloud


def _await_health(cloud: Cloud) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and cloud.process.poll() is None:
        try:
            urllib.request.urlopen(f"{cloud.endpoint}/_ministack/health", timeout=1).close()  # noqa: S310
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Failed(
        "the local cloud did not start\n" + (cloud.folder / "cloud.log").read_text()[-2000:],
        "Try again; if it stays, `make clean` and `make setup` install it anew.",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
