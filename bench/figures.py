"""Figures with their goals, what was recorded of them, and the table that shows them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

RECORDED = Path(__file__).parent / "recorded.json"
# What differs from run to run on a machine that does other things, too, is no regression.
WORSE_RATIO_MAX = 1.10


@dataclass(frozen=True)
class Figure:
    """Something measured. reference: what it is a ratio to, measured in the same run.

    goal: None where the figure is there to be seen only; more: the goal is a least and not a most;
    checked: what is compared with the recorded, where the figure itself depends on the machine's speed; comparable:
    whether anything is.
    """

    name: str
    reached: float
    goal: float | None
    reference: str
    more: bool = False
    checked: float | None = None
    comparable: bool = True

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.reached >= self.goal if self.more else self.reached <= self.goal

    @property
    def compared(self) -> float:
        return self.reached if self.checked is None else self.checked

    def worse_than(self, recorded: float) -> bool:
        """Whether it has worsened by more than a tenth."""
        if self.more and self.checked is None:
            return self.compared < recorded / WORSE_RATIO_MAX
        # Units and calls are whole: none is not a tenth of anything.
        return self.compared > recorded * WORSE_RATIO_MAX + 1e-9


def table(figures: Sequence[Figure]) -> str:
    """A table in Markdown."""
    rows = [("what", "goal", "reached", "met", "reference")]
    for figure in figures:
        sign = "≥" if figure.more else "≤"
        goal = "" if figure.goal is None else f"{sign} {_number(figure.goal)}"
        met = {None: "", True: "yes", False: "no"}[figure.met]
        rows.append((figure.name, goal, _number(figure.reached), met, figure.reference))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def record(version: str, figures: Iterable[Figure]) -> None:
    """Keep figures in place of those recorded, each under the version of Python that it was measured with."""
    kept = _recorded()
    kept.setdefault(version, {}).update(
        {figure.name: round(figure.compared, 4) for figure in figures if figure.comparable}
    )
    RECORDED.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def worsened(version: str, figures: Iterable[Figure]) -> dict[str, str]:
    """What is worse than recorded, by name, in words. Another version of Python is another matter."""
    kept = _recorded().get(version, {})
    return {
        figure.name: f"{figure.name}: {_number(figure.compared)}, recorded {_number(kept[figure.name])}"
        for figure in figures
        if figure.name in kept and figure.worse_than(kept[figure.name])
    }


def _recorded() -> dict[str, dict[str, float]]:
    return json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 1 else f"{value:.2f}".removesuffix(".00")
