"""The training providers, as operators keep them."""

from dataclasses import dataclass
from typing import Any

from ledger import keys, table


@dataclass(frozen=True)
class Provider:
    """A provider, and the principal ids, ARNs or account ids that may send for it."""

    provider: str
    name: str
    senders: tuple[str, ...]


def put_provider(provider: Provider) -> bool:
    """Keep a provider as given, in place of what was kept of it; whether it is new."""
    return table.put({**keys.provider(provider.provider), **vars(provider)})


def get_provider(provider: str) -> Provider | None:
    """A provider by its id, if it is registered."""
    found = table.get(keys.provider(provider))
    return _provider(found) if found else None


def list_providers() -> list[Provider]:
    """Every provider, by id."""
    return [_provider(found) for found in table.partition(keys.provider("")["pk"])]


def _provider(found: dict[str, Any]) -> Provider:
    return Provider(found["provider"], found["name"], tuple(found["senders"]))
