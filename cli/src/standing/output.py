"""What a person reads: results on stdout, trouble on stderr, nothing that could steer a terminal."""

import sys
from typing import TextIO


def say(line: str = "") -> None:
    _write(line, sys.stdout)


def complain(message: str) -> None:
    _write(f"standing: {message}", sys.stderr)


def printable(line: str) -> str:
    """A line with every character that is none to look at as its escape: titles and messages are other people's."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in line
    )


def _write(text: str, stream: TextIO) -> None:
    encoding = stream.encoding or "utf-8"
    for line in text.split("\n"):
        # A terminal that lacks a letter is no reason to fail half-way. Flushed, so that a closed pipe is noticed here.
        print(printable(line).encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)
