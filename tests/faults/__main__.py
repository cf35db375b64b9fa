"""How much is tried: `python -m tests.faults`."""

from tests.aws import faults
from tests.aws.boundary import calls
from tests.faults.acts import ACTS, ROUTES, STARTED_BY_EVENTS
from tests.faults.program import program
from tests.faults.touching import places


def main() -> None:
    made = {}
    with program() as start:
        for name, act in ACTS.items():
            with start.once_more() as there, calls() as made[name]:
                act.run(there)
    tried = [fault.__name__ for alone in made.values() for call in alone for fault in faults.that_may_meet(call)]
    pairs = [
        places(made[first], made[second]) for first in ACTS for second in ACTS if not ACTS[first].of.startswith("GET ")
    ]
    print(f"{len(ACTS)} acts of {len(ROUTES)} routes and {len(STARTED_BY_EVENTS)} functions that events start")
    print(f"{sum(map(len, made.values()))} calls to AWS, {len(tried)} faults of {len(set(tried))} kinds")
    print(
        f"{sum(map(bool, pairs))} pairs of acts that touch the same, one inside the other at {sum(map(len, pairs))} calls"
    )


if __name__ == "__main__":
    main()
