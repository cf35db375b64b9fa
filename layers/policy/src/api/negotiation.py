"""In which of several media types a client wants its answer (RFC 9110, 12.5.1)."""

from collections.abc import Mapping
from typing import Any

from api.routes import Route


def accepted(event: Mapping[str, Any], route: Route) -> str:
    """The media type that the client likes best, and the route's own where it likes none, or no other better."""
    if not route.offers:
        return route.media
    headers = {name.lower(): value for name, value in event["headers"].items()}
    liked = dict(map(_range, headers.get("accept", "*/*").split(",")))
    return max((route.media, *route.offers), key=lambda media: _quality(liked, media))


def _quality(liked: Mapping[str, float], media: str) -> float:
    """As the most specific range says that covers the type."""
    name = media.partition(";")[0]
    ranges = (name, f"{name.partition('/')[0]}/*", "*/*")
    return next((liked[one] for one in ranges if one in liked), 0)


def _range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    weights = [part.removeprefix("q=") for part in parameters if part.startswith("q=")]
    try:
        return name, float(weights[0]) if weights else 1
    except ValueError:
        return name, 0
