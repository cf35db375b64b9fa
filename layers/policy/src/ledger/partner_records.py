"""The partners, as operators keep them, and the account managers assigned to each."""

from dataclasses import dataclass
from typing import Any

from ledger import keys, table
from ledger.commit import ATTEMPTS, pause
from ledger.errors import Contended


@dataclass(frozen=True)
class PartnerRecord:
    """A partner. account_managers: accounts assigned to it; contacts: addresses to which reminders go."""

    partner: str
    name: str
    account_managers: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()


def get_partner(partner: str) -> PartnerRecord | None:
    """A partner by its id, if it is registered."""
    found = table.get(keys.partner(partner))
    return _record(found) if found else None


def put_partner(record: PartnerRecord) -> bool:
    """Keep a partner as given, in place of what was kept of it; whether it is new. Raises Contended."""
    for attempt in range(ATTEMPTS):
        pause(attempt)
        before = get_partner(record.partner)
        named = {"managers": before.account_managers} if before else {}
        unchanged = "account_managers = :managers" if before else "attribute_not_exists(pk)"
        was, now = set(before.account_managers if before else ()), set(record.account_managers)
        gone = [keys.assignment(account, record.partner) for account in sorted(was - now)]
        new = [keys.assignment(account, record.partner) for account in sorted(now - was)]
        try:
            table.transact(
                [
                    table.put_action({**keys.partner(record.partner), **vars(record)}, unchanged, **named),
                    *(table.delete_action(key, "attribute_exists(pk)") for key in gone),
                    *map(table.put_action, new),
                ]
            )
        except Contended:
            # Another operator came first, or this one did and the reply was lost: both are seen on reading again.
            continue
        return before is None
    raise Contended(f"the partner {record.partner}")


def list_partners() -> list[PartnerRecord]:
    """Every partner, by id."""
    return [_record(found) for found in table.partition(keys.partner("")["pk"])]


def partners_of(account: str) -> list[str]:
    """The partners to which an account manager is assigned, by id."""
    return [found["sk"].partition("#")[2] for found in table.partition(keys.assignment(account, "")["pk"])]


def _record(found: dict[str, Any]) -> PartnerRecord:
    return PartnerRecord(found["partner"], found["name"], tuple(found["account_managers"]), tuple(found["contacts"]))
