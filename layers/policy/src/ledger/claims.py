"""Ids of claims and cases: by its form alone an id tells whose it is, so that an operator needs no index to find it."""

from ledger.journal import Loaded


def next_claim_id(loaded: Loaded) -> str:
    """The id of the holder's next claim; ids sort in the order of submission, the rulebook's last tie-break."""
    return f"{loaded.holder}-{len(loaded.standing.claims) + 1:04d}"


def next_case_id(loaded: Loaded) -> str:
    """The id of the holder's next case."""
    return f"{loaded.holder}-C{len(loaded.standing.cases) + 1:04d}"


def holder_by_id(item_id: str) -> str:
    """The holder whose claim or case an id would be; neither that nor the holder need exist."""
    return item_id.rpartition("-")[0]
