"""The rules of the continuous-learning program for partner companies (rulebook, part B)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policy.partners.partner import Partner

__all__ = ["Partner"]


def __getattr__(name: str) -> Any:
    """Partner, imported when it is first asked for: whoever records a claim needs the facts alone."""
    if name != "Partner":
        raise AttributeError(name)
    from policy.partners.partner import Partner

    return Partner
