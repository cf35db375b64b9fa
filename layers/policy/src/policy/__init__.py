"""The rules: pure functions of facts and dates, on the standard library alone.

Here those of continuing education (rulebook, part A); those of continuous learning are in `policy.partners`.
"""

from policy.errors import EditionError, FormError, Refused
from policy.standing import Standing

__all__ = ["EditionError", "FormError", "Refused", "Standing"]
