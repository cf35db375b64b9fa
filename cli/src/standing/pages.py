"""The portal's pages: what is published where, and what they are told of the stack."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
# A browser asks each time whether there is a newer one; the distribution keeps what it has until a publication tells
# it otherwise. So nobody ever has the page of one version with the script of another.
CACHE_CONTROL = "public, max-age=0, s-maxage=31536000, must-revalidate"
# Beside the folder's files: what differs from stack to stack.
CONFIG = "config.json"


@dataclass(frozen=True)
class Page:
    """A file as it is served: `key` is its path without the first slash."""

    key: str
    content: bytes
    content_type: str


class PagesError(Exception):
    """Pages that cannot be published as they are: says which file or output, and why."""


def read(folder: Path, outputs: Mapping[str, str]) -> Iterator[Page]:
    """Every page, HTML last: when it is there, what it refers to is there already."""
    if not (folder / "index.html").is_file():
        raise PagesError(f"{folder}: no index.html there; give the folder of the pages")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        if path.suffix not in CONTENT_TYPES:
            raise PagesError(f"{path}: not a kind of file that pages are made of ({', '.join(CONTENT_TYPES)})")
    yield Page(CONFIG, json.dumps(config(outputs)).encode(), CONTENT_TYPES[".json"])
    for path in sorted(files, key=lambda path: path.suffix == ".html"):
        yield Page(path.relative_to(folder).as_posix(), path.read_bytes(), CONTENT_TYPES[path.suffix])


def config(outputs: Mapping[str, str]) -> dict[str, str]:
    """What pages read from /config.json; `logout` is empty where the issuer has no such place."""
    try:
        return {
            "api": "/api",
            "authorize": outputs["SignInAuthorize"],
            "token": outputs["SignInToken"],
            "logout": outputs.get("SignInLogout", ""),
            "client_id": outputs["SignInClient"],
            "scopes": "openid email",
        }
    except KeyError as error:
        raise PagesError(
            f"the stack has no output {error.args[0]}; with JwtIssuer it takes JwtAuthorizeEndpoint and JwtTokenEndpoint"
        ) from None
