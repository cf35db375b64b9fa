"""Claim ids: by its form alone an id tells whose claim it is, so that an operator needs no index to find it."""

from ledger.journal import Loaded


def next_claim_id(loaded: Loaded) -> str:
    """The id of the holder's next claim; ids sort in the order of submission, the rulebook's last tie-break."""
    return f"{loaded.holder}-{len(loaded.standing.claims) + 1:04d}"


def holder_of_claim(claim_id: str) -> str:
    """The holder whose claim an id would be; neither the claim nor the holder need exist."""
    return claim_id.rpartition("-")[0]
