"""Every fault at every call to AWS of everything that the functions do; then the same again; then the invariants.

Calls are found by recording them and acts by looking at the functions, so that what is added is tried as well.
"""

from collections.abc import Iterator

import pytest

from tests.aws import boundary, faults
from tests.aws.boundary import Call, Meet, calls
from tests.faults.acts import ACTS, KINDS, ROUTES, STARTED_BY_EVENTS, settled
from tests.faults.program import Program, program
from tests.functions import http
from tests.functions.http import Answer

# Routes that record nothing though they are no GET: what they take is a question.
QUESTIONS = {"POST /plans", "POST /claims/preview", "POST /certificates", "POST /partners/{partner}/proofs"}


@pytest.fixture(scope="module")
def start() -> Iterator[Program]:
    with program() as there:
        yield there


@pytest.mark.parametrize("name", ACTS)
def test_whatever_goes_wrong_at_a_call_it_comes_to_the_same_in_the_end(name: str, start: Program) -> None:
    act = ACTS[name]
    with start.once_more() as there:
        with calls() as made:
            whole = act.run(there)
        kept, _ = settled(there)
        act.run(there)
        expected = settled(there)
    assert expected[0] == kept
    assert not isinstance(whole, Answer) or whole.status < 300, whole
    assert act.of in QUESTIONS or act.of.startswith("GET ") == (not any(map(faults.writes, made)))
    for number, call in enumerate(made):
        for fault in faults.that_may_meet(call):
            where = f"{fault.__name__} at {number}, {call.service} {call.operation}"
            with start.once_more() as there:
                with calls(boundary.at(number, fault)):
                    answers = [act.run(there)]
                answers.append(act.run(there))
                assert settled(there) == expected, where
            if isinstance(whole, Answer):
                for answer in answers:
                    same = answer.status == whole.status and (answer.body == whole.body or _short(call, fault))
                    assert same or act.again(answer), (where, answer)


def _short(call: Call, fault: Meet) -> bool:
    """What is read of an index for a list may be a short page, or a little old."""
    return fault in (faults.partial_result, faults.stale_read) and not call.arguments.get("ConsistentRead")


def test_everything_that_functions_do_is_tried() -> None:
    done = {act.of for act in ACTS.values()}
    assert ROUTES.keys() <= done
    assert {f"validate_claim {kind}" for kind in KINDS} <= done
    assert STARTED_BY_EVENTS.keys() == {name.split()[0] for name in done - ROUTES.keys()}
    assert ROUTES.keys() == http.ROUTES.keys()
