"""In which media type an answer goes out."""

from typing import Any

import pytest
from api.negotiation import accepted
from api.routes import Reply, route

JSON, CSV = "application/json", "text/csv; charset=utf-8"


def give(request: Any) -> Reply:
    return Reply({})


BOTH = route("GET /x", {200: dict}, offers={CSV: lambda reply: reply})(give)
ONE = route("GET /y", {200: dict})(give)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/json", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/csv; charset=utf-8", CSV),
        ("text/*", CSV),
        ("text/csv, application/json", JSON),
        ("application/json;q=0.5, text/csv", CSV),
        ("text/csv;q=0.5, application/json", JSON),
        ("text/csv;q=0.9, */*;q=0.8", CSV),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("*/*, text/csv;q=0", JSON),
        ("application/json;q=0, */*", CSV),
        ("image/png", JSON),
        ("text/csv;q=x", JSON),
        ("text/csv;q=nan", JSON),
        (";;,,/", JSON),
    ],
)
def test_is_the_one_that_the_client_likes_best(accept: str | None, media: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    assert accepted({"headers": headers}, BOTH) == media
    assert accepted({"headers": headers}, ONE) == JSON
