"""What the policy layer says when it cannot go on. Each names what a reader needs to mend it."""

from collections.abc import Mapping


class Refused(Exception):
    """A rule rejects a fact; nothing of it is kept.

    rule: id in the rulebook; detail: a sentence for the holder; facts: the dates and numbers it rests on.
    """

    def __init__(self, rule: str, detail: str, **facts: object) -> None:
        super().__init__(f"{rule}: {detail}")
        self.rule, self.detail, self.facts = rule, detail, facts


class FormError(Exception):
    """A fact that cannot be one: key is the field at fault, reason what is wrong with its value."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key, self.reason = key, reason


class EditionError(Exception):
    """Policy data that cannot be used: names the file, the key and the reason."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = file, key, reason


def plain(value: object) -> object:
    """A value as JSON can hold it: dates as ISO 8601 text, tuples and sets as lists."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)  # type: ignore[type-var]
    return value.isoformat() if hasattr(value, "isoformat") else value
