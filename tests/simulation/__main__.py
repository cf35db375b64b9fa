"""`make simulate SEED=7` replays one simulation and tells what happened; `make simulate RUNS=10000` tries that many."""

import argparse
import sys
import time

from tests.aws.stage import clients_of_memory
from tests.simulation.run import STEPS, Broken, simulate

REPORTED_EVERY = 500


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--seed", type=int, help="of the one simulation to replay")
    parser.add_argument("--runs", type=int, default=200, help="how many to try (%(default)s), from --first on")
    parser.add_argument("--first", type=int, default=0, help="the first seed (%(default)s)")
    parser.add_argument("--steps", type=int, default=STEPS, help="of each (%(default)s)")
    given = parser.parse_args()
    seeds = range(given.first, given.first + given.runs) if given.seed is None else [given.seed]
    started, events, calls, broken = time.perf_counter(), 0, 0, []
    with clients_of_memory():
        for number, seed in enumerate(seeds, 1):
            try:
                stack = simulate(seed, given.steps)
            except Broken as error:
                print(error, file=sys.stderr)
                broken.append(seed)
                continue
            if given.seed is not None:
                print("\n".join(stack.trace))
            events += len(stack.trace)
            calls += stack.calls
            if number % REPORTED_EVERY == 0:
                print(f"{number} of {len(seeds)}", flush=True)
    seconds = time.perf_counter() - started
    print(f"{len(seeds)} simulations, {events} happenings, {calls} calls to AWS, {seconds:.0f} seconds")
    if broken:
        print(f"broken: {len(broken)}; replay the first with: make simulate SEED={broken[0]}", file=sys.stderr)
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
