"""What differs between what a case expects and what was decided."""

from collections.abc import Mapping
from typing import Any

# Path in `expect`, expected, actual.
Mismatch = tuple[str, Any, Any]


def differences(path: str, expected: Mapping[str, Any], actual: Mapping[str, Any]) -> list[Mismatch]:
    """The keys that are expected to be otherwise; what is not mentioned is not compared."""
    return [(f"{path}.{key}", value, actual.get(key)) for key, value in expected.items() if value != actual.get(key)]


def rejections(expect: Mapping[str, Any], actual: Mapping[str, Any]) -> list[Mismatch]:
    """What is rejected is compared whole, once it is mentioned."""
    if "rejected" not in expect:
        return []
    wanted, given = expect["rejected"], actual["rejected"]
    names = sorted(wanted.keys() | given.keys())
    pairs = ((name, wanted.get(name), given.get(name)) for name in names)
    return [(f"rejected.{name}", *pair) for name, *pair in pairs if pair[0] != pair[1]]
