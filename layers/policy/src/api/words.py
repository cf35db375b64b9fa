"""What remains, in words, and texts of others made safe for a line."""

from collections.abc import Mapping


def parts_in_words(parts: Mapping[str, int]) -> str:
    """What an option needs, or leaves to do: `40 credits + 1 core exam`."""
    return " + ".join(f"{number} {_part(part, number)}" for part, number in parts.items())


def one_line(text: str) -> str:
    """A text of others on one line: whatever would break it, or cannot be seen, is a space."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def days_in_words(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _part(part: str, number: int) -> str:
    name = part.replace("_", " ").removesuffix(" exam")
    if part in ("credits", "fee"):
        return name
    return f"{name} exam" if number == 1 else f"{name} exams"
