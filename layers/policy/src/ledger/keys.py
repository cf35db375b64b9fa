"""Keys of the one table: what lies where."""

from collections.abc import Mapping
from hashlib import sha256
from zlib import crc32

from ledger.values import canonical

SHARDS = 16
# Whose a partition with a journal is, in front of the id.
HOLDER, PARTNER, PROGRAM = "H#", "P#", "L#"
JOURNAL = "J#"
NEWS = "N#"
COURSE = "COURSE#"
CATALOG_SHARD = "SHARD#"

Key = dict[str, str]


def key(pk: str, sk: str) -> Key:
    return {"pk": pk, "sk": sk}


def holder_pk(holder: str) -> str:
    return f"{HOLDER}{holder}"


def partner_pk(partner: str) -> str:
    return f"{PARTNER}{partner}"


# The program of continuous learning has one journal: libraries, numbers and exams as operators change them.
PROGRAM_PK = f"{PROGRAM}PROGRAM"


def owner(pk: str) -> str:
    """The id in the key of a partition with a journal."""
    return pk[2:]


def entry(pk: str, seq: int) -> Key:
    return key(pk, f"{JOURNAL}{seq:08d}")


def news(partner: str, holder: str, seq: int) -> Key:
    """What an entry of a holder means to a partner that has yet to take it up."""
    return key(partner_pk(partner), f"{NEWS}{holder}#{seq:08d}")


def profile(holder: str) -> Key:
    return key(holder_pk(holder), "PROFILE")


def unfinished(pk: str) -> Key:
    """Says that projections of the last entry are still to be written."""
    return key(pk, "UNFINISHED")


def account_pk(account: str) -> str:
    return f"A#{account}"


def account(account: str) -> Key:
    return key(account_pk(account), "ACCOUNT")


def fact(source: str, fact_id: str) -> Key:
    """Hashed, since both parts are free text of others and a key holds 2048 bytes at most."""
    return key(f"FACT#{sha256(canonical([source, fact_id]).encode()).hexdigest()}", "FACT")


def fact_of(source: Mapping[str, str]) -> Key:
    """The same by what an entry or an account holds of where a fact came from."""
    return key(source["marker"], "FACT") if "marker" in source else fact(source["source"], source["id"])


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


def partner(partner: str) -> Key:
    return key("PARTNERS", f"PARTNER#{partner}")


def assignment(account: str, partner: str) -> Key:
    """Says that an account manager is assigned to a partner."""
    return key(f"M#{account}", f"PARTNER#{partner}")


def learning_item(item: str) -> Key:
    """An item of the libraries of continuous learning."""
    return key("LIBRARY", f"ITEM#{item}")


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


# What falls due: a holder's claims and certifications, a partner's specializations.
CLAIM, CERTIFICATION, SPECIALIZATION = "claim", "certification", "specialization"


def due_shard(kind: str, owner: str) -> str:
    """The partition of the due index in which what is a holder's or a partner's falls due."""
    return shard(kind, crc32(owner.encode()) % SHARDS)
