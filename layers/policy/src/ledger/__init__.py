"""The ledger: the only code that talks to DynamoDB. Journals are the truth; the policy decides, the ledger keeps."""

from ledger.accounts import Linked, holder_of, link_accounts, record_for_account
from ledger.catalog import (
    Provider,
    get_course,
    get_provider,
    known_courses,
    list_courses,
    put_course,
    put_provider,
)
from ledger.claims import holder_by_id, next_case_id, next_claim_id
from ledger.commit import Recorded
from ledger.due_index import due
from ledger.entry import Entry, Source, entry_from_image
from ledger.errors import (
    AccountInUse,
    AccountNotLinked,
    AccountTaken,
    Busy,
    EntryTooLarge,
    FactConflict,
    JournalBroken,
    LedgerError,
    WaitingFull,
)
from ledger.journal import Loaded, journals, load, replay
from ledger.keys import SHARDS
from ledger.recording import record, settle
from ledger.reprojecting import reproject
from ledger.spread import spread_certificates
from ledger.table import Page, client
from ledger.worklists import waiting_claims

__all__ = [
    "SHARDS",
    "AccountInUse",
    "AccountNotLinked",
    "AccountTaken",
    "Busy",
    "Entry",
    "EntryTooLarge",
    "FactConflict",
    "JournalBroken",
    "LedgerError",
    "Linked",
    "Loaded",
    "Page",
    "Provider",
    "Recorded",
    "Source",
    "WaitingFull",
    "client",
    "due",
    "entry_from_image",
    "get_course",
    "get_provider",
    "holder_by_id",
    "holder_of",
    "journals",
    "known_courses",
    "link_accounts",
    "list_courses",
    "load",
    "next_case_id",
    "next_claim_id",
    "put_course",
    "put_provider",
    "record",
    "record_for_account",
    "replay",
    "reproject",
    "settle",
    "spread_certificates",
    "waiting_claims",
]
