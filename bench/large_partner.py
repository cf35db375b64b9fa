"""python -m bench.large_partner: what reading a partner of many individuals takes, by how news came to it.

Bytes as DynamoDB counts them, units of consistent reads, seconds of processor time on this machine.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from hashlib import sha256
from random import Random
from time import process_time
from typing import Any

from ledger import keys
from ledger.entry import Entry, from_item
from ledger.partners import replay_partner
from ledger.values import item, pack, plain
from policy.partners import facts, views

APPROVED = date(2025, 1, 15)
NAME = "express-networking"
ITEMS = ("ENCOR", "NET-LAB", "NET-SALES", "SDWAN300", "SDWFND", "COLLAB-LAB", "CLCOR", "CLICA")
ACTIVITIES = 30
# So many news in an entry, as a sweep finds them.
TOGETHER = (1, 3, 10, 70)
UNIT_BYTES = 4096


def journal(individuals: int, together: int) -> list[Entry]:
    """A partner's journal: everybody associated, a specialization, and activities of a year, so many in an entry."""
    random = Random(1)
    people = [f"h-{sha256(str(number).encode()).hexdigest()[:10]}" for number in range(individuals)]
    joined = [facts.IndividualAssociated("northwind", who) for who in people]
    begun: list[facts.Fact] = [*joined, facts.ApplicationSubmitted("northwind", NAME)]
    entries = [_entry(seq, APPROVED, random, facts=(facts.to_dict(fact),)) for seq, fact in enumerate(begun, 1)]
    days = sorted(
        (APPROVED + timedelta(days=random.randrange(1, 365)), who) for who in people for _ in range(ACTIVITIES)
    )
    news = [(day, _news(who, day, random)) for day, who in days]
    for start in range(0, len(news), together):
        of_entry = news[start : start + together]
        told = tuple(one for _, one in of_entry)
        entries.append(_entry(len(entries) + 1, of_entry[-1][0], random, news=told))
    return entries


def _news(who: str, day: date, random: Random) -> dict[str, Any]:
    done = facts.ActivityRecorded(who, random.choice(ITEMS), day, "completed", points=10, recorded_on=day)
    seq, hour, minute = random.randrange(1, 200), random.randrange(8, 18), random.randrange(60)
    at = f"{day}T{hour:02}:{minute:02}:{random.randrange(60):02}.{random.randrange(1000):03}Z"
    return {"from": f"{who}#{seq:08}", "day": day.isoformat(), "at": at, "facts": [facts.to_dict(done)]}


def _entry(seq: int, day: date, random: Random, **told: Any) -> Entry:
    return Entry(
        pk=keys.partner_pk("northwind"),
        seq=seq,
        day=day,
        recorded_at=f"{day}T09:30:00.000Z",
        commit=f"{random.getrandbits(128):032x}",
        cause="sweep",
        packed_decisions=pack([]),
        **{"facts": (), **told},
    )


def items(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [item(entry.to_item()) for entry in entries]


def size_bytes(stored: Iterable[Mapping[str, Any]]) -> int:
    """Names and values of items; a journal's are text, bytes and a few small numbers."""
    attributes = ((name, *attribute.items()) for found in stored for name, attribute in found.items())
    return sum(len(name) + _bytes(kind, value) for name, (kind, value) in attributes)


def _bytes(kind: str, value: Any) -> int:
    return len(value.encode() if kind == "S" else value) if kind in "SB" else 3


def read(stored: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    """Seconds of processor time, by step."""
    started = process_time()
    entries = tuple(from_item(plain(found)) for found in stored)
    yield "unpacked", process_time() - started
    loaded = replay_partner("northwind", entries, ())
    yield "replayed", process_time() - started
    views.detail(loaded.on(entries[-1].day), NAME)
    yield "shown", process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--individuals", type=int, default=1000)
    individuals = parser.parse_args().individuals
    for together in TOGETHER:
        stored = items(journal(individuals, together))
        size = size_bytes(stored)
        seconds = ", ".join(f"{step} after {taken:.2f} s" for step, taken in read(stored))
        print(f"{together} in an entry: {size / 1e6:.1f} MB, {size / UNIT_BYTES:.0f} read units; {seconds}")


if __name__ == "__main__":
    main()
