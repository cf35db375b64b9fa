"""A journal entry: one commit of facts and what was decided on them. The journal is the truth; all else follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ledger import keys
from ledger.values import digest, pack, plain, unpack

# An activity stays readable in the console; several, each much like the other, shrink to a fraction. Of a large partner
# they are nearly all that is read.
NEWS_PACKED_FROM_BYTES = 512

# Decisions that are published as events of the same name (contract, Events; claim.overdue and cases besides).
_SUBJECT = {keys.HOLDER: "holder", keys.PARTNER: "partner", keys.PROGRAM: "program"}
PUBLISHED = frozenset(
    {
        "case.opened",
        "case.closed",
        "claim.submitted",
        "claim.earned",
        "claim.denied",
        "claim.overdue",
        "credits.expired",
        "certification.recertified",
        "certification.expiring",
        "certification.expired",
        "specialization.approved",
        "specialization.renewed",
        "specialization.expiring",
        "specialization.grace",
        "specialization.lost",
        "specialization.reactivated",
    }
)


@dataclass(frozen=True)
class Source:
    """Where a fact came from and its id there: by these it is recorded once, however often it arrives.

    content: any JSON-able value, such as the message's data; it tells the same again from other content.
    within_holder: the id is unique within one journal (an Idempotency-Key), which needs no marker of its own.
    """

    source: str
    id: str
    content: Any
    within_holder: bool = False

    @cached_property
    def digest(self) -> str:
        return digest(self.content)

    def to_dict(self) -> dict[str, Any]:
        kept = {"source": self.source, "id": self.id, "digest": self.digest}
        return {**kept, "within_holder": True} if self.within_holder else kept


@dataclass(frozen=True)
class Entry:
    """One entry, as it was committed.

    pk: of the holder's, partner's or program's partition; day: the day on which its facts became known; recorded_at:
    the instant, RFC 3339 in UTC; commit: unique to the commit; facts: in the form of policy.facts.to_dict, or that of
    policy.partners.facts; unprojected: changed items that did not fit into the entry's transaction.

    Of a holder: accounts and name: all of them, where the entry changes them; refused: waiting facts that the policy
    refused; certificates: ids that came to be earned here, or no longer are; learning: what the entry means for the
    program of continuous learning, as facts of that; partners, same: all partners that take these up, and all ids of
    the same individual (one-person), where the entry changes them; erased: what was personal in the entries before was
    erased; erasing: the pseudonym of each account, as long as something is left of it.
    Of a partner: news: what was taken up of individuals' entries; program: how many entries of the program's journal
    were known.
    """

    pk: str
    seq: int
    day: date
    recorded_at: str
    commit: str
    cause: str
    facts: tuple[dict[str, Any], ...]
    packed_decisions: str | bytes
    sources: tuple[dict[str, Any], ...] = ()
    accounts: tuple[str, ...] | None = None
    name: str | None = None
    refused: tuple[dict[str, Any], ...] = ()
    certificates: tuple[str, ...] = ()
    unprojected: int = 0
    learning: tuple[dict[str, Any], ...] = ()
    partners: tuple[str, ...] | None = None
    same: tuple[str, ...] | None = None
    news: tuple[dict[str, Any], ...] = ()
    program: int = 0
    erased: bool = False
    erasing: Mapping[str, str] | None = None

    @property
    def owner(self) -> str:
        """The id of the holder or partner whose journal it is in."""
        return keys.owner(self.pk)

    @cached_property
    def decisions(self) -> tuple[dict[str, Any], ...]:
        """Everything decided since the entry before, by time or by the facts: policy's Decision.to_dict."""
        return tuple(unpack(self.packed_decisions))

    @property
    def events(self) -> list[dict[str, Any]]:
        """What is to be published: id (the same whenever asked), type, subject, time and data of CloudEvents."""
        kind = self.pk[:2]
        # A partner may have the id of a holder; no id holds a "#".
        journal = self.owner if kind == keys.HOLDER else self.pk
        return [
            {
                "id": f"{journal}-{self.seq}-{number}",
                "type": decision["kind"],
                "subject": decision["subject"],
                "time": self.recorded_at,
                "data": {
                    _SUBJECT[kind]: self.owner,
                    "day": decision["day"],
                    "rule": decision["rule"],
                    "because": decision.get("because", []),
                    **decision.get("facts", {}),
                },
            }
            for number, decision in enumerate(self.decisions)
            if decision["kind"] in PUBLISHED
        ]

    def to_item(self) -> dict[str, Any]:
        """As the table holds it; what is empty is left out."""
        values = {
            "day": self.day,
            "recorded_at": self.recorded_at,
            "commit": self.commit,
            "cause": self.cause,
            "facts": pack(self.facts) if self.facts else None,
            "decisions": self.packed_decisions,
            "sources": self.sources,
            "name": self.name,
            "refused": pack(self.refused) if self.refused else None,
            "certificates": self.certificates,
            "unprojected": self.unprojected,
            "learning": pack(self.learning) if self.learning else None,
            "partners": self.partners,
            "same": self.same,
            "news": pack(self.news, NEWS_PACKED_FROM_BYTES) if self.news else None,
            "program": self.program,
            "erased": self.erased,
        }
        kept = {name: value for name, value in values.items() if value}
        # A holder may come to have no account at all.
        return {**keys.entry(self.pk, self.seq), **kept, "accounts": self.accounts, "erasing": self.erasing}


def from_item(values: Mapping[str, Any]) -> Entry:
    """The entry that an item of the table holds."""
    return Entry(
        pk=values["pk"],
        seq=int(values["sk"].removeprefix(keys.JOURNAL)),
        day=date.fromisoformat(values["day"]),
        recorded_at=values["recorded_at"],
        commit=values["commit"],
        cause=values.get("cause", ""),
        facts=tuple(unpack(values["facts"])) if "facts" in values else (),
        packed_decisions=values["decisions"],
        sources=tuple(values.get("sources", ())),
        accounts=_texts(values, "accounts"),
        name=values.get("name"),
        refused=tuple(unpack(values["refused"])) if "refused" in values else (),
        certificates=tuple(values.get("certificates", ())),
        unprojected=values.get("unprojected", 0),
        learning=tuple(unpack(values["learning"])) if "learning" in values else (),
        partners=_texts(values, "partners"),
        same=_texts(values, "same"),
        news=tuple(unpack(values["news"])) if "news" in values else (),
        program=values.get("program", 0),
        erased=values.get("erased", False),
        erasing=values.get("erasing"),
    )


def _texts(values: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    return tuple(values[name]) if name in values else None


def entry_from_image(image: Mapping[str, Any]) -> Entry | None:
    """The entry in a stream record's NewImage (DynamoDB's JSON); None if the item is something else."""
    is_entry = image["pk"]["S"][:2] in _SUBJECT and image["sk"]["S"].startswith(keys.JOURNAL)
    return from_item(plain(image)) if is_entry else None
