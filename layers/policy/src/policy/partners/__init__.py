"""The rules of the continuous-learning program for partner companies (rulebook, part B)."""

from policy.partners.partner import Partner

__all__ = ["Partner"]
