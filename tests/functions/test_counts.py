"""How many calls and units what happens most takes: to the digit, since each costs money a million times over."""

import shutil
import subprocess
import sys

import ledger
import pytest

from bench import counts


@pytest.fixture
def dynamodb_local() -> None:
    if shutil.which("java") is None or shutil.which("npm") is None:
        pytest.skip("no java and npm to run DynamoDB Local with")


def test_a_claim_imports_neither_the_sdk_nor_what_concerns_partners_alone():
    ask = "import sys, functions.submit_claim.handler; print(*sys.modules)"
    imported = set(
        subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.split()
    )
    assert "ledger.direct" in imported
    assert not imported & {"boto3", "botocore.session", "urllib3", "ledger.partners", "policy.partners.partner"}


def test_the_ledger_has_all_that_it_names():
    assert [name for name in ledger.__all__ if not hasattr(ledger, name)] == []


def test_a_claim_writes_its_entry_and_itself_and_is_in_two_indexes():
    claim = counts.claim()
    # Two items of up to 1 KB in a transaction; one unit for each index: overdue on a day, waiting for its provider.
    assert claim.written == {"table": 4, "due": 1, "worklist": 1}
    # Whose the account is, the course, the journal; the commit.
    assert claim.calls == ["get_item", "get_item", "query", "transact_write_items"]


def test_a_sweep_writes_what_it_decided_and_a_rerun_nothing():
    first, again = counts.settled(2)
    # For each holder the entry, the claim that is overdue and the holder's place in the operators' list.
    assert first.written == {"table": 2 * 6, "due": 2 * 1, "worklist": 2 * 2}
    assert first.calls.count("transact_write_items") == 2
    assert not again.written
    assert set(again.calls) == {"query"}


@pytest.mark.usefixtures("dynamodb_local")
def test_a_sweep_reads_what_is_due_however_large_the_table():
    small, large = counts.found(40, 600, 1200)
    # Half a unit for each shard of the index.
    assert small.read == large.read == {"due": 8, "table": 0}


@pytest.mark.usefixtures("dynamodb_local")
def test_a_decision_reads_the_journal_once():
    decision, journal_units = counts.decision(5)
    assert decision.calls == ["get_item", "query", "get_item", "batch_get_item", "transact_write_items"]
    # Beside it the account, the marker of the report, and whether the course is an item: half a unit, as nothing is found.
    assert decision.read["table"] - journal_units < 4
