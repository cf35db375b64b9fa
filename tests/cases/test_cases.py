"""Every case of every file, through the engine and through the functions: both as expected, and in agreement."""

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import ledger
import pytest
from api import clients
from casefiles import learning_run
from casefiles.education_form import EducationFile
from casefiles.education_run import compare, outcome
from casefiles.history import Case, CaseFile
from casefiles.learning_form import LearningFile
from casefiles.reader import read
from ledger.check import check
from moto import mock_aws
from policy import facts, program
from policy.errors import plain
from policy.partners import program as partners_program

from tests.aws.memory import Memory
from tests.cases import partners_through_http
from tests.cases.through_http import Played, play
from tests.functions.certificates import BUCKET
from tests.ledger import world
from tests.ledger.tables import create_table

FILES = [read(path) for path in sorted(Path(__file__).parent.glob("*.yaml"))]
STORES = ("moto", "memory", "memory", "memory")
_numbers = count(1)


def cases_of(program: type[CaseFile]) -> list[Any]:
    return [
        pytest.param(file, case, id=f"{Path(file.path).stem}: {case.name}")
        for file in FILES
        if isinstance(file, program)
        for case in file.cases
    ]


CASES, PARTNERS = cases_of(EducationFile), cases_of(LearningFile)


def with_stores(cases: list[Any], one_in: int) -> list[Any]:
    """Cases and the store that each is played on: moto for one in four, memory, ten times as quick, for the others.

    The long histories are there for the rules; through the functions, and in memory, goes one in so many.
    """
    long = [Path(case.values[0].path).stem.endswith("histories") for case in cases]
    return [
        pytest.param(*case.values, "memory" if long[number] else STORES[number % len(STORES)], id=case.id)
        for number, case in enumerate(cases)
        if not long[number] or number % one_in == 0
    ]


@pytest.fixture(scope="module")
def moto() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name, value in {**world.ENVIRONMENT, "CURSOR_SECRET": "secret", "CERTIFICATES_BUCKET": BUCKET}.items():
            environment.setenv(name, value)
        ledger.client.cache_clear()
        clients.client.cache_clear()
        queue = clients.client("sqs").create_queue(QueueName="dead-letter")["QueueUrl"]
        environment.setenv("DEAD_LETTER_QUEUE_URL", queue)
        clients.client("s3").create_bucket(Bucket=BUCKET)
        yield
    ledger.client.cache_clear()
    clients.client.cache_clear()


@pytest.fixture
def table(moto: None, store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    name = f"standing-{next(_numbers)}"
    monkeypatch.setenv("TABLE_NAME", name)
    with Memory().serving() if store == "memory" else nullcontext():
        create_table(ledger.client(), name)
        yield


def of_engine(file: EducationFile, case: Case) -> dict[str, Any]:
    return outcome(program.load(retired_tracks=file.retired_tracks), file, case)


@pytest.mark.parametrize(("file", "case"), CASES)
def test_through_the_engine(file: EducationFile, case: Case) -> None:
    assert compare(case, of_engine(file, case)) == []


@pytest.mark.parametrize(("file", "case"), PARTNERS)
def test_of_partners_through_the_engine(file: LearningFile, case: Case) -> None:
    assert learning_run.compare(case, learning_run.outcome(file.program, case)) == []


@pytest.mark.parametrize(("file", "case", "store"), with_stores(PARTNERS, 6))
def test_of_partners_through_the_functions(
    file: LearningFile, case: Case, store: str, table: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(partners_program, "current", lambda: file.program)
        played = partners_through_http.play(file, case, patched)
        assert check() == []
    decided = learning_run.outcome(file.program, case)
    assert played.rejected == decided["rejected"]
    for name, line in played.specializations.items():
        assert {key: line[key] for key in decided["specializations"][name]} == plain(decided["specializations"][name])
        assert played.report[name] == decided["report"][name]


@pytest.mark.parametrize(("file", "case", "store"), with_stores(CASES, 3))
def test_through_the_functions(
    file: EducationFile, case: Case, store: str, table: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = program.load(retired_tracks=file.retired_tracks)
    with monkeypatch.context() as patched:
        patched.setattr(program, "load", lambda: rules)
        played = play(file, case, patched)
        world.deliver()
        assert check() == []
    seen = {**played.seen, "rejected": played.rejected}
    assert seen == shown(of_engine(file, with_ids(case, played.claims)))
    if not has_ties(played):
        own = {claim_id: claim for claim, claim_id in played.claims.items()}
        assert compare(replace(case, expect=plain(case.expect)), with_own_ids(seen, own)) == []


def with_ids(case: Case, ids: dict[str, str]) -> Case:
    """The case with the service's claim ids: they decide between claims that nothing else tells apart."""
    history = [
        replace(event, fact=replace(event.fact, claim=ids[event.fact.claim]))
        if isinstance(event.fact, facts.ClaimSubmitted | facts.ClaimDecided) and event.fact.claim in ids
        else event
        for event in case.history
    ]
    return replace(case, history=tuple(history))


def shown(decided: dict[str, Any]) -> Any:
    """What the engine decided as the holder is shown it: all but the account of a claim."""
    claims = {
        claim_id: {name: value for name, value in claim.items() if name != "account"}
        for claim_id, claim in decided["claims"].items()
    }
    return plain({**decided, "claims": claims})


def has_ties(played: Played) -> bool:
    """Whether two claims differ in their ids only, as far as the order of use goes."""
    days = Counter((claim["completed_on"], claim["submitted_on"]) for claim in played.seen["claims"].values())
    return max(days.values(), default=1) > 1


def with_own_ids(seen: dict[str, Any], own: dict[str, str]) -> dict[str, Any]:
    """What was seen, with the claim ids of the case."""
    recertifications = [
        {**entry, "used": [own[claim_id] for claim_id in entry["used"]]} for entry in seen["recertifications"]
    ]
    claims = {own[claim_id]: claim for claim_id, claim in seen["claims"].items()}
    return {**seen, "claims": claims, "recertifications": recertifications}
