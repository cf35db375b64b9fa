"""python -m bench [PART...]: measures, and shows the table. --check fails where a figure is worse than recorded."""

import argparse
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from bench import cold, counts, decisions, figures, machine, start, warm
from bench.figures import Figure

TRIES = 3

PARTS = {
    "cold": cold.measure,
    "warm": warm.measure,
    "counts": counts.measure,
    "decisions": decisions.measure,
    "start": start.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make bench", description="What this costs, beside references in the same run."
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all unless some are named")
    parser.add_argument("--check", action="store_true", help="fail where a figure is worse by a tenth than recorded")
    parser.add_argument("--record", action="store_true", help="keep these figures as those to compare with")
    options = parser.parse_args()
    measured = {part: list(_measured(part)) for part in options.parts or PARTS}
    print(f"\n{datetime.now(UTC).date()}, {_processor()}, Python {machine.version()}\n")
    print(figures.table([figure for of_part in measured.values() for figure in of_part]))
    if options.record:
        figures.record(machine.version(), (figure for of_part in measured.values() for figure in of_part))
    worse = [line for part, of_part in measured.items() for line in _worsened(part, of_part)] if options.check else []
    for line in worse:
        print(f"worse than recorded: {line}", file=sys.stderr)
    return 1 if worse else 0


def _measured(part: str) -> Iterator[Figure]:
    for figure in PARTS[part]():
        print(f"  {figure.name}: {figure.reached:.4g}", file=sys.stderr, flush=True)
        yield figure


def _worsened(part: str, measured: list[Figure]) -> list[str]:
    """What is worse than recorded each time: a busy machine makes one figure worse and then another, a change the same."""
    version = machine.version()
    worse = figures.worsened(version, measured)
    for _ in range(TRIES - 1):
        if not worse:
            break
        print(f"  {part} once more: {', '.join(worse)}", file=sys.stderr, flush=True)
        again = figures.worsened(version, _measured(part))
        worse = {name: line for name, line in worse.items() if name in again}
    return list(worse.values())


def _processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
