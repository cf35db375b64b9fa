"""Telling other holders what happened to a certificate id that they carry too."""

from ledger import keys, table
from ledger.commit import Change, committed
from ledger.entry import Entry
from ledger.journal import Loaded, to_write
from ledger.recording import decide


def spread_certificates(entry: Entry) -> int:
    """Record, in the journals of the other carriers of an entry's ids, that these are taken or free again.

    Gives the number of holders told. It compares what is with what they know, so that once more, late or out of order
    it does no harm.
    """
    told = 0
    for certificate_id in entry.certificates:
        marker = table.get(keys.certificate(certificate_id)) or {}
        for holder in sorted(marker.get("carriers", set()) - {entry.owner}):
            told += _tell(holder, certificate_id, entry)
    return told


def _tell(holder: str, certificate_id: str, entry: Entry) -> bool:
    def plan(loaded: Loaded) -> Change | None:
        decided = decide(loaded, [], entry.day, certificate_ids=[certificate_id])
        return decided.change(loaded, f"{entry.owner}-{entry.seq}") if decided.kept else None

    return committed(to_write(holder), plan) is not None
