"""Values of case files, checked: what is wrong is named by file, case and key."""

import gc
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from policy import FormError
from policy.forms import as_date


class CaseFileError(Exception):
    """A file that is not of the form: `where` names the file, the case if there is one, and the key."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as it is, but a key given twice is an error: one of the two would be lost unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep)
        if len(mapping) != len(node.value):
            seen: set[Any] = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node)
                if key in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key!r} is given twice", key_node.start_mark
                    )
                seen.add(key)
        return mapping


def load(path: Path) -> Any:
    """What a file holds. Raises CaseFileError for what is no YAML."""
    try:
        return _parse(path.read_text(encoding="utf-8"))
    # A date that cannot be is a ValueError of the loader's, and so is text that is not UTF-8.
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CaseFileError(str(path), " ".join(str(error).split())) from None


def _parse(text: str) -> Any:
    # A large file makes millions of objects, none of them garbage: looking for some would double the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader  # nosec B506
    finally:
        if collecting:
            gc.enable()


def mapping(where: str, value: Any, known: set[str] | None = None, needed: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    if not isinstance(value, dict):
        raise CaseFileError(where, f"must be a map of keys to values, not {value!r}")
    for key in value:
        if known is not None and key not in known:
            raise CaseFileError(_at(where, key), f"unknown key; known are {', '.join(sorted(known))}")
    for key in sorted(needed):
        if key not in value:
            raise CaseFileError(_at(where, key), "missing")
    return value


def _at(where: str, key: object) -> str:
    """A key of a place; of the file itself where it names nothing but the file."""
    return f"{where}.{key}" if ": " in where else f"{where}: {key}"


def named(where: str, value: Any) -> dict[str, Any]:
    """A map whose keys are texts (a bare 1.0 is a number in YAML)."""
    for key in mapping(where, value):
        text(f"{where}.{key}", key)
    return value


def items(where: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise CaseFileError(where, f"must be a list, not {value!r}")
    return value


def texts(where: str, value: Any) -> tuple[str, ...]:
    return tuple(text(where, item) for item in items(where, value))


def text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise CaseFileError(where, f"must be text, not {value!r}; put it in quotes")
    return value


def number(where: str, value: Any, least: int | None = None) -> int:
    if type(value) is not int or (least is not None and value < least):
        raise CaseFileError(where, f"must be a whole number{'' if least is None else f' from {least}'}, not {value!r}")
    return value


def flag(where: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise CaseFileError(where, f"must be true or false, not {value!r}")
    return value


def day(where: str, value: Any) -> date:
    try:
        return as_date(where, value)
    except FormError as error:
        raise CaseFileError(where, error.reason) from None
