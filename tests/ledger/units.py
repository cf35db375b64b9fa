"""What calls cost: a client that counts them, and the units that the store says they consumed."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import ledger


class Counting:
    """A client that keeps the names of its calls, and the units of the table and of each index by name."""

    def __init__(self) -> None:
        self.real = ledger.client()
        self.calls: list[str] = []
        self.read: Counter[str] = Counter()
        self.written: Counter[str] = Counter()

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def call(**arguments: Any) -> dict[str, Any]:
            self.calls.append(operation)
            reply = getattr(self.real, operation)(**arguments, ReturnConsumedCapacity="INDEXES")
            consumed = reply.get("ConsumedCapacity", [])
            writes = operation.split("_")[0] in ("put", "update", "delete", "transact")
            for of_table in consumed if isinstance(consumed, list) else [consumed]:
                kept = self.written if writes else self.read
                by_index = {
                    name: units["CapacityUnits"] for name, units in of_table.get("GlobalSecondaryIndexes", {}).items()
                }
                kept.update({"table": of_table["CapacityUnits"] - sum(by_index.values()), **by_index})
            return reply

        return call

    def act(self, what: Callable[[], Any]) -> Any:
        """Do something with this client in place of the real one."""
        with patch("ledger.table.client", lambda: self):
            return what()
