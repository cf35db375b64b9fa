"""The ledger: the only code that talks to DynamoDB. Journals are the truth; the policy decides, the ledger keeps."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ledger.accounts import Linked, holder_of, link_accounts, record_for_account
from ledger.announcements import (
    Announcement,
    announcements_on,
    delete_announcement,
    list_announcements,
    put_announcement,
)
from ledger.catalog import all_courses, get_course, known_courses, put_course, put_courses
from ledger.claims import holder_by_id, next_case_id, next_claim_id
from ledger.commit import Recorded
from ledger.due_index import due
from ledger.entry import Entry, Source, entry_from_image
from ledger.errors import (
    AccountInUse,
    AccountNotLinked,
    AccountTaken,
    Busy,
    CatalogFull,
    EntryTooLarge,
    FactConflict,
    HolderErased,
    JournalBroken,
    LedgerError,
    TableNotEmpty,
    UnknownHolder,
    WaitingFull,
)
from ledger.journal import Loaded, journals, load, replay
from ledger.keys import SHARDS
from ledger.providers import Provider, get_provider, list_providers, put_provider
from ledger.recording import informed, record, settle
from ledger.spread import spread_certificates
from ledger.table import Page, client
from ledger.worklists import waiting_claims

if TYPE_CHECKING:
    from ledger.individuals import associate, merge, names_of
    from ledger.library import get_item, put_item, with_all_items
    from ledger.one_person import known_as
    from ledger.partner_records import PartnerRecord, get_partner, list_partners, partners_of, put_partner
    from ledger.partners import LoadedPartner, load_partner, partner_on, record_partner, settle_partner
    from ledger.program_journal import Offer, offer, program_entries, record_program
    from ledger.rebuilding import owners, rebuild, rebuild_others

__all__ = [
    "SHARDS",
    "AccountInUse",
    "AccountNotLinked",
    "AccountTaken",
    "Announcement",
    "Busy",
    "CatalogFull",
    "Entry",
    "EntryTooLarge",
    "FactConflict",
    "HolderErased",
    "JournalBroken",
    "LedgerError",
    "Linked",
    "Loaded",
    "LoadedPartner",
    "Offer",
    "Page",
    "PartnerRecord",
    "Provider",
    "Recorded",
    "Source",
    "TableNotEmpty",
    "UnknownHolder",
    "WaitingFull",
    "all_courses",
    "announcements_on",
    "associate",
    "client",
    "delete_announcement",
    "due",
    "entry_from_image",
    "get_course",
    "get_item",
    "get_partner",
    "get_provider",
    "holder_by_id",
    "holder_of",
    "informed",
    "journals",
    "known_as",
    "known_courses",
    "link_accounts",
    "list_announcements",
    "list_partners",
    "list_providers",
    "load",
    "load_partner",
    "merge",
    "names_of",
    "next_case_id",
    "next_claim_id",
    "offer",
    "owners",
    "partner_on",
    "partners_of",
    "program_entries",
    "put_announcement",
    "put_course",
    "put_courses",
    "put_item",
    "put_partner",
    "put_provider",
    "rebuild",
    "rebuild_others",
    "record",
    "record_for_account",
    "record_partner",
    "record_program",
    "replay",
    "settle",
    "settle_partner",
    "spread_certificates",
    "waiting_claims",
    "with_all_items",
]

# What concerns continuous learning, imported when it is first asked for: few functions have to do with it.
_LEARNING = {
    "individuals": ("associate", "merge", "names_of"),
    "library": ("get_item", "put_item", "with_all_items"),
    "one_person": ("known_as",),
    "partner_records": ("PartnerRecord", "get_partner", "list_partners", "partners_of", "put_partner"),
    "partners": ("LoadedPartner", "load_partner", "partner_on", "record_partner", "settle_partner"),
    "program_journal": ("Offer", "offer", "program_entries", "record_program"),
    "rebuilding": ("owners", "rebuild", "rebuild_others"),
}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        for module, names in _LEARNING.items():
            if name in names:
                return getattr(import_module(f"ledger.{module}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
