"""Every planted bug can still be planted. `make planted` shows that the tests catch each; that takes minutes."""

import ast
from pathlib import Path

import pytest

from tests.planted.bugs import BUGS, Bug

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.what)
def test_a_bug_can_be_planted(bug: Bug) -> None:
    code = (ROOT / bug.path).read_text(encoding="utf-8")
    assert code.count(bug.right) == 1
    ast.parse(code.replace(bug.right, bug.wrong))
    for path in bug.tests.split():
        assert (ROOT / path).exists()


def test_each_is_another() -> None:
    assert len({(bug.path, bug.right, bug.wrong) for bug in BUGS}) == len({bug.what for bug in BUGS}) == len(BUGS)
