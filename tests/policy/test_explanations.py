"""What is told with each refusal and each decision, over all worked cases: clients show it, and events carry it.

explanations.txt has a line for each: the rule, and the names and types of the facts that it rests on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from unittest.mock import patch

from casefiles.reader import read
from casefiles.run import run
from policy.errors import Refused
from policy.state import Decision

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.yaml"))
KEPT = Path(__file__).with_name("explanations.txt")


@contextmanager
def made(kind: type) -> Iterator[list[object]]:
    """Everything of a kind that is made in the block."""
    kept: list[object] = []
    real = kind.__init__

    @wraps(real)
    def keep(self: object, *arguments: object, **named: object) -> None:
        real(self, *arguments, **named)
        kept.append(self)

    with patch.object(kind, "__init__", keep):
        yield kept


def facts(of: Refused | Decision) -> str:
    return ", ".join(f"{name} {type(value).__name__}" for name, value in sorted(of.facts.items())) or "nothing"


def test_each_tells_the_rule_and_the_facts_it_rests_on() -> None:
    with made(Refused) as refusals, made(Decision) as decisions:
        for path in CASES:
            for _ in run(read(path)):
                pass
    refused = {f"refused {refusal.rule}: {facts(refusal)}" for refusal in refusals}
    decided = {f"{decision.kind} {decision.rule}: {facts(decision)}" for decision in decisions}
    assert sorted(refused | decided) == KEPT.read_text("utf-8").splitlines()
    assert [refusal for refusal in refusals if not str(refusal.detail).endswith((".", "?"))] == []
    assert [decision for decision in decisions if not isinstance(decision.subject, str)] == []
