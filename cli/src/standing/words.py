"""Decisions and facts in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.words import parts_in_words


def facts_in_words(facts: Mapping[str, Any]) -> str:
    """Facts as `completed on 2021-02-19, credits 64`; what is empty is left out."""
    told = ((name.replace("_", " "), value) for name, value in facts.items() if value not in (None, "", [], {}))
    return ", ".join(f"{name} {_value(name, value)}" for name, value in told)


def decision_in_words(decision: Mapping[str, Any]) -> str:
    """A decision (policy's Decision.to_dict): day, what about what, the rules, and the facts that it rests on."""
    rules = ", ".join([decision["rule"], *decision.get("because", ())])
    facts = facts_in_words(decision.get("facts", {}))
    line = f"{decision['day']}  {decision['kind'].replace('.', ' ')}: {decision['subject']}  [{rules}]"
    return f"{line}  {facts}" if facts else line


def listed(values: Sequence[str]) -> str:
    return ", ".join(values) or "none"


def _value(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        if name == "option":
            return parts_in_words(value)
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return " and ".join(map(str, value)) if isinstance(value, list) else str(value)
