"""What the ledger says when it cannot record or find something. Policy's own refusals pass through it unchanged."""


class LedgerError(Exception):
    """The root of what the ledger raises itself."""


class FactConflict(LedgerError):
    """A fact with this (source, id) is recorded already, with other content; nothing was changed."""

    def __init__(self, source: str, fact_id: str) -> None:
        super().__init__(f"{source} {fact_id} was recorded before with other content")
        self.source, self.id = source, fact_id


class AccountNotLinked(LedgerError):
    """A fact names an account that is not this holder's."""

    def __init__(self, account: str) -> None:
        super().__init__(f"{account} is not an account of this holder")
        self.account = account


class AccountTaken(LedgerError):
    """An account belongs to one holder (A4); this one belongs to another."""

    def __init__(self, account: str, holder: str) -> None:
        super().__init__(f"{account} is an account of {holder}")
        self.account, self.holder = account, holder


class AccountInUse(LedgerError):
    """An account that has claims or reports stays with its holder, or they would be nobody's."""

    def __init__(self, account: str) -> None:
        super().__init__(f"{account} has claims or reports and stays with its holder")
        self.account = account


class UnknownHolder(LedgerError):
    """Something concerns a holder of whom nothing is known."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"there is no holder {holder}")
        self.holder = holder


class HolderErased(LedgerError):
    """What was personal about a holder was erased; who comes back is a new holder."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"the personal data of {holder} were erased, and no account is linked to that holder again")
        self.holder = holder


class WaitingFull(LedgerError):
    """As many facts as may wait at an account that nobody has are waiting there."""

    def __init__(self, account: str) -> None:
        super().__init__(f"too many facts wait for somebody to have {account}")
        self.account = account


class EntryTooLarge(LedgerError):
    """One commit would not fit into one item of the table (400 KB), even packed."""

    def __init__(self, holder: str, size_bytes: int) -> None:
        super().__init__(f"an entry of {size_bytes} bytes in the journal of {holder}")
        self.holder, self.size_bytes = holder, size_bytes


class CatalogFull(LedgerError):
    """The courses that lie together in one item of the table (400 KB) would not fit into it, even packed."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"the catalog has no room for so much about a course: {size_bytes} bytes in one item")
        self.size_bytes = size_bytes


class TableNotEmpty(LedgerError):
    """A backup goes into a table of its own: nothing that is there is ever overwritten."""

    def __init__(self, table: str) -> None:
        super().__init__(f"the table {table} holds something other than a part of this backup")


class JournalBroken(LedgerError):
    """Entries are missing from a journal (invariant 1); nothing may be decided on what is left."""

    def __init__(self, holder: str, seq: int) -> None:
        super().__init__(f"the journal of {holder} has no entry {seq}")
        self.holder, self.seq = holder, seq


class Busy(LedgerError):
    """Throttled or contended beyond the retries. Nothing is known to be stored; the same call again is safe."""


class Contended(Busy):
    """Another commit came first, or the reply was lost: load again, and see which."""
