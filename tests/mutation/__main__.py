"""make mutation [SAMPLE=600] [SEED=2] [ONLY=policy.plans]: how many mutants of the policy its tests find.

Mutants are mutmut's, which leaves decorated functions (properties, caches) as they are. Instead of its runner, which
collects the tests anew for each mutant, one process that has collected them forks for each. Survivors are listed in
.local/mutation/survivors.txt.
"""

import os
import sys
from collections import Counter

import pytest

from tests.mutation import mutants
from tests.mutation.killing import KILLED, TIMEOUT, Killing

LEAST = 0.9
# These start processes of their own, which know of no mutant.
OUTSIDE = (
    "tests/policy/test_purity.py",
    "tests/policy/test_casefiles.py::test_the_command_is_also_a_module",
)


def main() -> int:
    sample, seed = os.environ.get("SAMPLE"), int(os.environ.get("SEED") or 1)
    killing = Killing(int(sample) if sample else None, seed, os.environ.get("ONLY", ""))
    mutants.make()
    # Few histories for each property, the same for each mutant: who survives them all takes seconds, not half a minute.
    os.environ["HISTORIES"] = "10"
    sys.path.append(str(mutants.ROOT / "cli" / "src"))
    arguments = ["-q", "-s", "-p", "no:cacheprovider", "--hypothesis-profile=mutation", "--hypothesis-seed=1"]
    tests = ["tests/policy", "tests/mutation/worked_cases.py", *(f"--deselect={name}" for name in OUTSIDE)]
    ended = pytest.main([*arguments, *tests], plugins=[killing])
    return int(ended) if not killing.outcomes else report(killing)


def report(killing: Killing) -> int:
    counts = Counter(killing.outcomes.values())
    score = (counts[KILLED] + counts[TIMEOUT]) / counts.total()
    survivors = sorted(name for name, outcome in killing.outcomes.items() if outcome not in (KILLED, TIMEOUT))
    text = "\n\n".join(f"{mutants.difference(name)}\n# {killing.outcomes[name]}" for name in survivors)
    (mutants.MADE / "survivors.txt").write_text(text + "\n", "utf-8")
    tried = f"{counts.total()} of {killing.total} mutants, seed {killing.seed}"
    print(f"\n{tried}: {', '.join(f'{count} {name}' for name, count in counts.most_common())}; score {score:.1%}")
    return int(score < LEAST)


if __name__ == "__main__":
    sys.exit(main())
