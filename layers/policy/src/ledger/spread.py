"""Telling other holders what happened to a certificate id that they carry too."""

from ledger import certificates, keys, table
from ledger.commit import Change, committed
from ledger.entry import Entry
from ledger.journal import Loaded
from ledger.recording import decide


def spread_certificates(entry: Entry) -> int:
    """Record, in the journals of the other carriers of an entry's ids, that these are taken or free again.

    Gives the number of holders told. It compares what is with what they know, so that once more, late or out of order
    it does no harm.
    """
    told = 0
    for certificate_id in entry.certificates:
        marker = table.get(keys.certificate(certificate_id)) or {}
        for holder in sorted(marker.get("carriers", set()) - {entry.holder}):
            told += _tell(holder, certificate_id, entry)
    return told


def _tell(holder: str, certificate_id: str, entry: Entry) -> bool:
    def plan(loaded: Loaded) -> Change | None:
        earners = certificates.read_earners([certificate_id])
        facts = certificates.news(holder, loaded.standing, earners)
        if not facts:
            return None
        return decide(loaded, facts, entry.day).change(loaded, f"{entry.holder}-{entry.seq}")

    return committed(holder, plan) is not None
