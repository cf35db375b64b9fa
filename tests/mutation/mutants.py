"""The policy with all its mutants in it, as mutmut makes them, none of them active."""

import difflib
import inspect
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import CodeType
from typing import Any

from mutmut.mutation import trampoline
from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "layers" / "policy" / "src"
MADE = ROOT / ".local" / "mutation"
ORIGINAL = "_mutmut_orig"
Function = Callable[..., Any]

# Each function that has mutants, with them, as the modules are imported.
_functions: list[tuple[Function, dict[str, Function]]] = []


def make() -> None:
    """Write the package with its mutants, so that what imports `policy` from here on imports that one."""
    shutil.rmtree(MADE, ignore_errors=True)
    shutil.copytree(SOURCE / "policy", MADE / "policy", ignore=shutil.ignore_patterns("__pycache__", "__main__.py"))
    for path in MADE.rglob("*.py"):
        path.write_text(mutate_file_contents(str(path), path.read_text("utf-8")).code, "utf-8")
    trampoline.wrap_in_trampoline = _keep
    sys.path.insert(0, str(MADE))


def _keep(mutants: dict[str, Function], is_classmethod: bool = False) -> Callable[[Function], Function]:
    """The function itself instead of mutmut's trampoline, which would make each call several times as long."""

    def keep(function: Function) -> Function:
        _functions.append((function, mutants))
        return function

    return keep


def names() -> list[str]:
    return [f"{function.__module__}.{name}" for function, mutants in _functions for name in mutants if name != ORIGINAL]


def codes() -> set[CodeType]:
    return {function.__code__ for function, _ in _functions}


def find(mutant: str) -> tuple[Function, Function]:
    """The function of a mutant, and the mutant."""
    module, _, name = mutant.rpartition(".")
    for function, mutants in _functions:
        if function.__module__ == module and name in mutants:
            return function, _bare(mutants[name])
    raise LookupError(mutant)


def _bare(function: Function) -> Function:
    return getattr(function, "__func__", function)


def activate(mutant: str) -> None:
    """The function does from now on what the mutant does, whoever holds it."""
    function, mutated = find(mutant)
    function.__code__ = mutated.__code__  # type: ignore[attr-defined]
    function.__defaults__ = mutated.__defaults__  # type: ignore[attr-defined]
    function.__kwdefaults__ = mutated.__kwdefaults__  # type: ignore[attr-defined]


def difference(mutant: str) -> str:
    function, mutated = find(mutant)
    # From the signature on: its name and decorator are the mutant generator's.
    before, after = (dedent(inspect.getsource(one)).splitlines() for one in (function, mutated))
    before = before[next(place for place, line in enumerate(before) if line.startswith("def ")) :]
    lines = difflib.unified_diff(before[1:], after[1:], n=1, lineterm="")
    return "\n".join([f"# {mutant}", *(line for line in lines if not line.startswith(("---", "+++", "@@")))])
