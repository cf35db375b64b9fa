"""The rules of the continuing-education program: pure functions of facts and dates, on the standard library alone."""

from policy.errors import EditionError, FormError, Refused
from policy.standing import Standing

__all__ = ["EditionError", "FormError", "Refused", "Standing"]
