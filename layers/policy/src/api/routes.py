"""How a route is declared: who may use it, what it takes and what it gives. The published description follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.requests import Request

NOTHING: Mapping[Any, Any] = MappingProxyType({})
BODY_CHARS_MAX = 256 * 1024


class Who(Enum):
    """Who may use a route."""

    HOLDER = "holder"
    OPERATOR = "operator"
    # An operator, who then acts as one, or else a holder.
    HOLDER_OR_OPERATOR = "holder-or-operator"
    PROVIDER = "provider"
    # An administrator of a partner, or an account manager; of which partners is for each route to see.
    PARTNER = "partner"
    ANYONE = "anyone"


class Key(Enum):
    """Whether a request carries an Idempotency-Key."""

    NONE = "none"
    MAY = "may"
    MUST = "must"


@dataclass(frozen=True)
class Reply:
    """An answer: anything that JSON holds, and dates; text where the route gives another media type."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """name: the gateway's route key, such as `GET /claims/{claim_id}`; run: what answers, described by its docstring.

    gives: the shape of the answer by status, and media its type; given: the model of the body, or of the query where
    there is no body; body_chars_max: how long a body may be; takes: media types that it may have beside JSON, each
    with what reads it as JSON would be read; offers: media types that a client may ask for instead, each with what
    writes the answer so; refuses: why it may be refused, by status, beside what every route has in common.
    """

    name: str
    run: Callable[[Request[Any]], Reply]
    gives: Mapping[int, Any]
    who: Who
    given: Any
    key: Key
    refuses: Mapping[int, str]
    media: str
    body_chars_max: int
    takes: Mapping[str, Callable[[str], Mapping[str, Any]]]
    offers: Mapping[str, Callable[[Reply], Reply]]

    @property
    def method(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def takes_body(self) -> bool:
        return self.given is not None and self.method != "GET"


def route(
    name: str,
    gives: Mapping[int, Any],
    *,
    who: Who = Who.HOLDER,
    given: Any = None,
    key: Key = Key.NONE,
    refuses: Mapping[int, str] = NOTHING,
    media: str = "application/json",
    body_chars_max: int = BODY_CHARS_MAX,
    takes: Mapping[str, Callable[[str], Mapping[str, Any]]] = NOTHING,
    offers: Mapping[str, Callable[[Reply], Reply]] = NOTHING,
) -> Callable[[Callable[[Request[Any]], Reply]], Route]:
    """Declare what a function answers."""
    return lambda run: Route(name, run, gives, who, given, key, refuses, media, body_chars_max, takes, offers)
