"""Keys of the one table: what lies where."""

from hashlib import sha256
from zlib import crc32

from ledger.values import canonical

SHARDS = 16
JOURNAL = "J#"
COURSE = "COURSE#"
CATALOG_SHARD = "SHARD#"

Key = dict[str, str]


def key(pk: str, sk: str) -> Key:
    return {"pk": pk, "sk": sk}


def holder_pk(holder: str) -> str:
    return f"H#{holder}"


def entry(holder: str, seq: int) -> Key:
    return key(holder_pk(holder), f"{JOURNAL}{seq:08d}")


def profile(holder: str) -> Key:
    return key(holder_pk(holder), "PROFILE")


def unfinished(holder: str) -> Key:
    """Says that projections of the last entry are still to be written."""
    return key(holder_pk(holder), "UNFINISHED")


def account_pk(account: str) -> str:
    return f"A#{account}"


def account(account: str) -> Key:
    return key(account_pk(account), "ACCOUNT")


def fact(source: str, fact_id: str) -> Key:
    """Hashed, since both parts are free text of others and a key holds 2048 bytes at most."""
    return key(f"FACT#{sha256(canonical([source, fact_id]).encode()).hexdigest()}", "FACT")


def certificate(certificate_id: str) -> Key:
    return key(f"CERTIFICATE#{certificate_id}", "CERTIFICATE")


def mail(event_id: str, account: str) -> Key:
    return key(f"MAIL#{event_id}", f"TO#{account}")


def course(course: str) -> Key:
    return key("CATALOG", f"{COURSE}{course}")


def catalog_shard(number: int) -> Key:
    return key("CATALOG", f"{CATALOG_SHARD}{number:02d}")


def catalog_revision() -> Key:
    """Says which shards of the catalog have changed."""
    return key("CATALOG", "REVISION")


def announcement(announcement: str) -> Key:
    return key("ANNOUNCEMENTS", f"ANNOUNCEMENT#{announcement}")


def provider(provider: str) -> Key:
    return key("PROVIDERS", f"PROVIDER#{provider}")


def restoring() -> Key:
    """Says that the table is being filled from a backup."""
    return key("RESTORING", "RESTORING")


def provider_worklist(provider: str) -> str:
    """The partition of the worklist index in which claims wait for a provider."""
    return f"provider#{provider}"


# The partitions of the worklist index in which something waits for the operators.
OPEN_CASES, REVIEWS, OVERDUE_CLAIMS = "open-cases", "reviews", "overdue-claims"


def shard(kind: str, number: int) -> str:
    return f"{kind}#{number:02d}"


def due_shard(kind: str, holder: str) -> str:
    """The partition of the due index in which a holder's claims or certifications fall due."""
    return shard(kind, crc32(holder.encode()) % SHARDS)
