"""One simulation: everything in it follows from its seed."""

from contextlib import ExitStack
from random import Random
from types import SimpleNamespace
from unittest.mock import patch

from tests.aws.stage import stage
from tests.simulation import partners, program
from tests.simulation.book import Book
from tests.simulation.holders import Holders
from tests.simulation.judge import Judge
from tests.simulation.operators import Clockwork, Operators
from tests.simulation.partners import Partners
from tests.simulation.providers import Providers
from tests.simulation.stack import Stack

STEPS = 60
# Whoever does something by itself. Each has `acts`: what it does, and how often beside the others.
ACTORS = (Holders, Providers, Operators, Partners, Clockwork)


class Broken(Exception):
    """A simulation that came to what must not be; what happened in it is in the notes."""


def simulate(seed: int, steps: int = STEPS) -> Stack:
    """Let everybody act for a while, then let all come to rest. Raises Broken where something is not as it must be."""
    random = Random(seed)  # noqa: S311 - no secret
    with ExitStack() as held:
        aws, clock = held.enter_context(stage(program.start(random)))
        unique = SimpleNamespace(uuid4=lambda: SimpleNamespace(hex=f"{random.getrandbits(128):032x}"))
        for module in ("ledger.commit", "ledger.mail"):
            held.enter_context(patch(f"{module}.uuid4", unique.uuid4))
        for module in ("ledger.commit", "ledger.accounts"):
            held.enter_context(patch(f"{module}.datetime", SimpleNamespace(now=lambda zone: clock.tick())))
        stack = Stack(random, aws, clock)
        book = Book(stack)
        judge = Judge(stack, book)
        actors = [actor(stack, book) for actor in ACTORS]
        acts = [act for actor in actors for act in actor.acts]
        weights, doings = [weight for weight, _ in acts], [doing for _, doing in acts]
        clockwork = next(actor for actor in actors if isinstance(actor, Clockwork))
        stack.meanwhile = lambda: random.choices(doings, weights)[0]()
        try:
            program.begin(stack)
            partners.begin(stack)
            for _ in range(steps):
                clockwork.time_passes()
                stack.meanwhile()
                judge.after_step()
            clockwork.come_to_rest()
            judge.at_the_end()
        except Exception as error:
            told = f"broken, to be replayed with: make simulate SEED={seed}"
            raise Broken("\n".join([told, *stack.trace, f"{type(error).__name__}: {error}", told])) from error
    return stack
