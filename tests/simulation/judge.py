"""Judges a simulation: what a step touched after each step, everything at the end."""

import json
from collections import Counter
from typing import Any

import ledger
from api import clock
from ledger import table
from ledger.check import check
from ledger.check_holder import check_holder
from ledger.check_partners import check_partner
from ledger.entry import from_item
from ledger.keys import JOURNAL
from ledger.values import plain
from policy import Standing, facts, program, views

from tests.aws.stage import DEAD_LETTERS
from tests.functions.http import signed_in
from tests.simulation.book import Book
from tests.simulation.program import HOLDERS
from tests.simulation.stack import REMINDED, Stack
from tests.simulation.wrong import hold

CHECKS = {"H": check_holder, "P": check_partner}


class Judge:
    def __init__(self, stack: Stack, book: Book) -> None:
        self.stack, self.book = stack, book
        self.seen: dict[str, Any] = {}

    def after_step(self) -> None:
        """Journals only grow, and what a step changed follows from them, unless it broke off in between."""
        for pk, partition in self.stack.aws.dynamodb.tables[table.name()].partitions.items():
            before = self.seen.get(pk, {})
            if partition is before:
                continue
            self.seen[pk] = partition
            kept = all(partition.get(sk) == item for sk, item in before.items() if sk.startswith(JOURNAL))
            hold(kept, "a journal was changed", pk)
            kind, _, name = pk.partition("#")
            if kind in CHECKS and "UNFINISHED" not in partition:
                findings, _ = CHECKS[kind](name, [plain(partition[sk]) for sk in sorted(partition)])
                hold(not findings, "the checker finds", *findings)

    def at_the_end(self) -> None:
        findings = check()
        hold(not findings, "the checker finds", *findings)
        self._requests()
        self._messages()
        self._events()
        self._mails()
        self._replayed()

    def _requests(self) -> None:
        """Who was told that it is done finds it in a journal, once; who was told that it is not, never."""
        recorded = Counter((source["source"], source["id"]) for entry in self._entries() for source in entry.sources)
        for asked in self.book.asked:
            number = recorded[asked.source, asked.key]
            told = number <= 1 if asked.answer is None else number == (asked.answer.status < 300)
            hold(told, f"recorded {number} times", asked)

    def _messages(self) -> None:
        """Each message is recorded, or lies on the dead-letter queue with a reason; none both, none lost."""
        letters = {letter.attributes["message_id"] for letter in self.stack.aws.sqs.queues.get(DEAD_LETTERS, ())}
        table_now = self.stack.aws.dynamodb.tables[table.name()]
        markers = {
            (plain(item)["source"], plain(item)["id"], plain(item)["digest"])
            for pk, partition in table_now.partitions.items()
            if pk.startswith("FACT#")
            for item in partition.values()
        }
        for sent in self.book.sent:
            recorded, dead = sent.fact in markers, sent.message_id in letters
            hold(recorded != dead, f"recorded: {recorded}, dead letter: {dead}", sent)

    def _events(self) -> None:
        """Each event of the journals was published, always the same, and no other."""
        published: dict[str, str] = {}
        for event in self.stack.aws.events.put:
            text = json.dumps(event, sort_keys=True)
            hold(published.setdefault(event["id"], text) == text, "published otherwise before", published, event)
        due = {event["id"] for entry in self._entries() for event in entry.events}
        hold(published.keys() == due, "published and due differ", published.keys() ^ due)

    def _mails(self) -> None:
        """Each reminder came to an outcome, for everybody whom it concerns."""
        markers = {found["pk"]: found for found in table.scan() if found["pk"].startswith("MAIL#")}
        hold(all("outcome" in found for found in markers.values()), "mails have no outcome", markers)
        wanted = {
            f"MAIL#{event['id']}" for entry in self._entries() for event in entry.events if event["type"] in REMINDED
        }
        hold(wanted == markers.keys(), "mailed and due differ", wanted ^ markers.keys())

    def _replayed(self) -> None:
        """What holders see is what the engine makes of the facts alone, in one go."""
        today = clock.day_of(clock.now())
        for holder in HOLDERS:
            standing = Standing(program.load())
            for entry in ledger.load(holder).entries:
                for fact in entry.facts:
                    standing.apply(facts.from_dict(fact), entry.day)
            standing.advance(today)
            (account, *_) = ledger.load(holder).accounts
            client = signed_in(account)
            told = {line["certification"]: line["expires_on"] for line in self._told(client, "/certifications")}
            expected = {track: line["expires_on"] for track, line in views.certifications(standing).items()}
            hold(
                told == {track: day and str(day) for track, day in expected.items()},
                "other than replayed",
                told,
                expected,
            )
            shown = {claim["claim_id"]: claim["status"] for claim in self._told(client, "/claims?limit=100")}
            claims = standing.claims.values()
            replayed = {claim.claim: claim.status for claim in claims if claim.account == account}
            hold(shown == replayed, "other than replayed", shown, replayed)

    def _told(self, client: Any, path: str) -> list[dict[str, Any]]:
        (name,) = {"certifications", "items"} & client.get(path, on=self.stack.clock.today).body.keys()
        found: list[dict[str, Any]] = client.get(path, on=self.stack.clock.today).body[name]
        return found

    def _entries(self) -> list[ledger.Entry]:
        return [from_item(found) for found in table.scan() if found["sk"].startswith(JOURNAL)]
