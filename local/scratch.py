"""Where files go that end with the process: into memory, where there is plenty."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of a name of its own is made in it
ROOM_BYTES_MIN = 4 * 2**30


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that goes with the block. A cold start unpacks a thousand files, for which a busy disk takes seconds."""
    made = Path(tempfile.mkdtemp(prefix="standing-", dir=MEMORY if _fits(MEMORY) else None))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _fits(memory: Path) -> bool:
    """Whether it is there, has room, and compiled modules may be loaded from it."""
    try:
        room = os.statvfs(memory)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize >= ROOM_BYTES_MIN and not room.f_flag & os.ST_NOEXEC
