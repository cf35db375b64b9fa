"""Random histories: whatever happens, in whatever order and however often, the invariants hold."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

import ledger
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from ledger import worklists
from ledger.check import check
from policy import FormError, Refused, cases, facts

from tests.aws.memory import Memory
from tests.ledger import world
from tests.ledger.conftest import new_table

HOLDERS = ("ann", "bo")
ACCOUNTS = {"ann": ("ann@example.com", "ann@work.example.com"), "bo": ("bo@example.com",)}
SPARE = "spare@example.com"
COURSES = sorted(world.COURSES)
CERTIFICATE_IDS = (None, None, "CDLL-1", "CDLL-2")
TRACKS = {"ccna": "associate", "ccnp": "professional", "ccnp-2": "professional", "ccie": "expert"}
# A few for every run; `HISTORIES=2000 pytest tests/ledger/test_histories.py` for a night.
EXAMPLES = int(os.environ.get("HISTORIES", "20"))
SETTINGS = settings(
    deadline=None, max_examples=EXAMPLES, stateful_step_count=30, suppress_health_check=list(HealthCheck)
)

holders = st.sampled_from(HOLDERS)
courses = st.sampled_from(COURSES)
certificate_ids = st.sampled_from(CERTIFICATE_IDS)
days_ago = st.integers(0, 40)


class Histories(RuleBasedStateMachine):
    """Two holders, one of them with two accounts, and a spare account that comes and goes."""

    patch: pytest.MonkeyPatch

    @initialize()
    def start(self) -> None:
        new_table(self.patch)
        self.today = date(2019, 11, 1)
        self.messages: list[tuple[facts.CompletionReported | facts.CompletionRetracted, str]] = []
        for holder in HOLDERS:
            ledger.link_accounts(holder, list(ACCOUNTS[holder]), None, self.today)
            ledger.record(holder, [facts.TermsAccepted()], self.today)

    def attempt(self, act: Callable[[], object]) -> None:
        """What is turned down leaves no trace."""
        before = world.snapshot()
        try:
            act()
        except (Refused, FormError, ledger.LedgerError):
            assert world.snapshot() == before

    @rule(days=st.integers(1, 500))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(holder=holders, track=st.sampled_from(sorted(TRACKS)), ago=days_ago)
    def award(self, holder: str, track: str, ago: int) -> None:
        fact = facts.CertificationAwarded(track, TRACKS[track], self.today - timedelta(days=ago))
        self.attempt(lambda: ledger.record(holder, [fact], self.today))

    @rule(holder=holders, track=st.sampled_from(sorted(TRACKS)), ago=st.integers(0, 900), term=st.integers(100, 1500))
    def import_certification(self, holder: str, track: str, ago: int, term: int) -> None:
        began = self.today - timedelta(days=ago)
        fact = facts.CertificationImported(track, TRACKS[track], began, began + timedelta(days=term))
        self.attempt(lambda: ledger.record(holder, [fact], self.today))

    @rule(holder=holders, kind=st.sampled_from(["associate", "core", "concentration", "expert_lab"]), ago=days_ago)
    def exam(self, holder: str, kind: str, ago: int) -> None:
        fact = facts.ExamPassed(f"{kind}-{ago}", kind, self.today - timedelta(days=ago))
        self.attempt(lambda: ledger.record(holder, [fact], self.today))

    @rule(holder=holders, name=courses, ago=days_ago, certificate_id=certificate_ids, data=st.data())
    def claim(self, holder: str, name: str, ago: int, certificate_id: str | None, data: st.DataObject) -> None:
        account = data.draw(st.sampled_from(ACCOUNTS[holder]))
        completed = self.today - timedelta(days=ago)
        further = {"day": self.today, "completed": completed, "account": account, "certificate_id": certificate_id}
        self.attempt(lambda: world.submit(holder, name, **further))

    @rule(data=st.data(), outcome=st.sampled_from(["completed", "completed", "incomplete"]))
    def report_about_a_claim(self, data: st.DataObject, outcome: str) -> None:
        known = [claim for holder in HOLDERS for claim in ledger.load(holder).standing.claims.values()]
        if known:
            claim = data.draw(st.sampled_from(known))
            further = {"completed": claim.completed_on, "outcome": outcome, "certificate_id": claim.certificate_id}
            self.push(world.completion(claim.account, claim.course, **further))

    @rule(account=st.sampled_from([*sum(ACCOUNTS.values(), ()), SPARE]), name=courses, ago=days_ago)
    def report_about_anything(self, account: str, name: str, ago: int) -> None:
        self.push(world.completion(account, name, completed=self.today - timedelta(days=ago)))

    @rule(data=st.data())
    def retract(self, data: st.DataObject) -> None:
        reports = [fact for fact, _ in self.messages if isinstance(fact, facts.CompletionReported)]
        if reports:
            self.push(world.retraction(data.draw(st.sampled_from(reports))))

    def push(self, fact: facts.CompletionReported | facts.CompletionRetracted) -> None:
        message_id = str(len(self.messages))
        self.messages.append((fact, message_id))
        self.attempt(lambda: world.push(fact, day=self.today, message_id=message_id))

    @rule(data=st.data())
    def deliver_a_message_again(self, data: st.DataObject) -> None:
        if self.messages:
            fact, message_id = data.draw(st.sampled_from(self.messages))
            before = world.snapshot()
            # What could not be a fact then may not be one now.
            with suppress(FormError):
                assert world.push(fact, day=self.today, message_id=message_id).again
            assert world.snapshot() == before

    @rule(holder=holders, data=st.data(), outcome=st.sampled_from(["earned", "denied"]))
    def operator_decides(self, holder: str, data: st.DataObject, outcome: str) -> None:
        known = sorted(ledger.load(holder).standing.claims)
        if known:
            reason = "policy-enforcement" if outcome == "denied" else None
            fact = facts.ClaimDecided(data.draw(st.sampled_from(known)), outcome, reason)
            self.attempt(lambda: ledger.record(holder, [fact], self.today))

    @rule(holder=holders, data=st.data())
    def open_a_case(self, holder: str, data: st.DataObject) -> None:
        known = sorted(ledger.load(holder).standing.claims)
        if known:
            claim = data.draw(st.sampled_from(known))
            opened = lambda loaded: [facts.CaseOpened(ledger.next_case_id(loaded), claim, "Why?")]  # noqa: E731
            self.attempt(lambda: ledger.record(holder, opened, self.today))

    @rule(holder=holders, data=st.data(), close=st.booleans())
    def operator_answers(self, holder: str, data: st.DataObject, close: bool) -> None:
        known = sorted(ledger.load(holder).standing.cases)
        if known:
            fact = facts.CaseMessage(data.draw(st.sampled_from(known)), "operator", "So.", close)
            self.attempt(lambda: ledger.record(holder, [fact], self.today))

    @rule(holder=holders, data=st.data())
    def operator_reviews(self, holder: str, data: st.DataObject) -> None:
        known = sorted(ledger.load(holder).standing.claims)
        if known:
            fact = facts.ClaimReviewed(data.draw(st.sampled_from(known)), "Seen.")
            self.attempt(lambda: ledger.record(holder, [fact], self.today))

    @rule(holder=holders, ago=st.integers(0, 60))
    def sweep(self, holder: str, ago: int) -> None:
        ledger.settle(holder, self.today - timedelta(days=ago))
        before = world.snapshot()
        assert ledger.settle(holder, self.today - timedelta(days=ago)) is None
        assert world.snapshot() == before

    @rule(holder=holders, linked=st.booleans())
    def spare_account(self, holder: str, linked: bool) -> None:
        accounts = [*ACCOUNTS[holder], *([SPARE] if linked else [])]
        self.attempt(lambda: ledger.link_accounts(holder, accounts, None, self.today))

    @rule(data=st.data())
    def stream_brings_any_entry(self, data: st.DataObject) -> None:
        ledger.spread_certificates(data.draw(st.sampled_from(sorted(world.entries(), key=lambda entry: entry.commit))))

    def teardown(self) -> None:
        if hasattr(self, "today"):
            world.deliver()
            assert world.deliver() == 0
            assert check() == []
            self.check_worklists()

    def check_worklists(self) -> None:
        """The index has just those for whom something waits, but for what time alone did since."""
        waiting: dict[str, set[str]] = {"overdue": set(), "cases": set(), "reviews": set()}
        for holder in HOLDERS:
            standing = ledger.load(holder).standing
            waiting["cases"] |= {case.case for case in cases.open_cases(standing)}
            waiting["reviews"] |= {claim.claim for claim in standing.claims.values() if cases.to_review(claim)}
            standing.advance(self.today)
            waiting["overdue"] |= {holder} if cases.overdue_claims(standing) else set()
        assert {found.id for found in worklists.open_cases().items} == waiting["cases"]
        assert {found.id for found in worklists.reviews().items} == waiting["reviews"]
        assert {found.holder for found in worklists.overdue_holders(self.today).items} >= waiting["overdue"]


def test_random_histories(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Histories, "patch", monkeypatch, raising=False)
    run_state_machine_as_test(Histories, settings=SETTINGS)


def message(account: str, name: str, outcome: str, late: int = 0) -> Callable[[], object]:
    completed = world.COMPLETED - timedelta(days=late)
    return lambda: world.push(world.completion(account, name, completed=completed, outcome=outcome), day=DAY)


DAY = world.COMPLETED + timedelta(days=7)
FIRST, SECOND = ACCOUNTS["ann"]
CLAIMS = {f"claim {name}": partial(world.submit, "ann", name, day=DAY) for name in ("CORE", "DESIGN", "CYBER")}
# For an expert these credits meet no option, so that the order in which they are earned does not matter.
MESSAGES = {
    "CORE completed": message(FIRST, "CORE", "completed"),
    "CORE incomplete": message(FIRST, "CORE", "incomplete"),
    "DESIGN on the other account": message(SECOND, "DESIGN", "completed"),
    "DESIGN on other days": message(FIRST, "DESIGN", "completed", late=1),
    "CYBER on other days": message(FIRST, "CYBER", "completed", late=2),
    "CYBER incomplete": message(FIRST, "CYBER", "incomplete"),
}


@SETTINGS
@given(st.permutations([*MESSAGES, *CLAIMS]), st.lists(st.sampled_from(sorted(MESSAGES)), max_size=4))
def test_neither_order_nor_repetition_of_claims_and_reports_changes_what_becomes_of_a_claim(
    memory: Memory, order: list[str], again: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        new_table(patch)
        world.enroll("ann", FIRST, SECOND, level="expert", certification="ccie")
        for name in (*order, *again):
            {**MESSAGES, **CLAIMS}[name]()
        claims = ledger.load("ann").standing.claims.values()
        assert {claim.course: claim.status for claim in claims} == {
            "CORE": "earned",
            "DESIGN": "denied",
            "CYBER": "denied",
        }
        assert check() == []


def happenings(holder: str) -> list[Callable[[], object]]:
    account = f"{holder}@example.com"
    return [
        lambda: world.enroll(holder),
        lambda: world.submit(holder),
        lambda: world.push(world.completion(account)),
        lambda: ledger.record(holder, [facts.ExamPassed("300-1", "core", DAY)], DAY),
        lambda: ledger.settle(holder, date(2024, 3, 1)),
        lambda: world.push(world.retraction(world.completion(account)), day=date(2024, 3, 1)),
    ]


@settings(SETTINGS, max_examples=EXAMPLES // 4)
@given(st.permutations(["ann", "bo"] * 6))
def test_what_happens_to_one_holder_is_nothing_to_another(memory: Memory, order: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        new_table(patch)
        for act in (*happenings("ann"), *happenings("bo")):
            act()
        expected = world.snapshot()
        new_table(patch)
        left = {holder: iter(happenings(holder)) for holder in ("ann", "bo")}
        for holder in order:
            next(left[holder])()
        assert world.snapshot() == expected
        assert check() == []
