"""Holders: they claim, ask, complain and look."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import ledger
from api.certificates import PDF
from ledger.values import digest
from policy import Standing

from tests.aws.stage import BUCKET
from tests.functions.certificates import FILES
from tests.functions.http import Answer, signed_in
from tests.simulation.book import Book
from tests.simulation.program import CERTIFICATE_IDS, COURSES, HOLDERS, OFFERED, TRACKS
from tests.simulation.stack import Acts, Stack
from tests.simulation.wrong import hold

READ = ("/dashboard", "/claims", "/certifications", "/cases", "/calendar.ics", "/catalog?q=de")


@dataclass
class Holders:
    stack: Stack
    book: Book

    @property
    def acts(self) -> Acts:
        return [(8, self.claim), (1, self.open_case), (1, self.write), (1, self.pay), (1, self.accept), (2, self.look)]

    def anyone(self) -> tuple[str, str]:
        """A holder, and one of the holder's first accounts."""
        holder = self.stack.random.choice(sorted(HOLDERS))
        return holder, self.stack.random.choice(HOLDERS[holder])

    def claim(self) -> None:
        random = self.stack.random
        _, account = self.anyone()
        course, item_type = random.choice(sorted(COURSES)), random.choice(sorted(OFFERED))
        completed = self.stack.clock.today - timedelta(days=random.choice((0, 1, 3, 10, 20, 40, 100)))
        body: dict[str, Any] = {
            "course": course,
            "version": random.choice(("1", "2")),
            "item_type": item_type,
            "provider": random.choice(OFFERED[item_type]),
            "started_on": (completed - timedelta(days=4)).isoformat(),
            "completed_on": completed.isoformat(),
        }
        if certificate_id := random.choice(CERTIFICATE_IDS):
            body["certificate_id"] = certificate_id
        if random.random() < 0.1:
            body["certificate_key"] = f"{digest(account)}/{random.getrandbits(128):032x}"
            self.stack.aws.s3.files[BUCKET, f"uploads/{body['certificate_key']}"] = (PDF, FILES[PDF])
        self.book.ask(signed_in(account), "POST /claims", "/claims", body)

    def open_case(self) -> None:
        holder, account = self.anyone()
        if claim := self._one_of([*_standing(holder).claims]):
            self.book.ask(
                signed_in(account), "POST /claims/{claim_id}/cases", f"/claims/{claim}/cases", {"message": "Why?"}
            )

    def write(self) -> None:
        holder, account = self.anyone()
        if case := self._one_of([*_standing(holder).cases]):
            self.book.ask(
                signed_in(account), "POST /cases/{case_id}/messages", f"/cases/{case}/messages", {"message": "So?"}
            )

    def pay(self) -> None:
        _, account = self.anyone()
        track, reference = self.stack.random.choice(sorted(TRACKS)), f"p-{self.stack.random.randint(1, 3)}"
        body = {"certification": track, "amount": "300.00", "payment_reference": reference}
        self.stack.send(signed_in(account), "POST", "/fee-payments", body)

    def accept(self) -> None:
        _, account = self.anyone()
        body = {"terms_version": self.stack.random.choice("123")}
        self.stack.send(signed_in(account), "PUT", "/enrollment", body)

    def look(self) -> None:
        _, account = self.anyone()
        answer = self.stack.send(signed_in(account), "GET", self.stack.random.choice(READ))
        hold(not isinstance(answer, Answer) or answer.status in (200, 503), "not shown", answer)

    def _one_of(self, ids: list[str]) -> str | None:
        return self.stack.random.choice(ids) if ids else None


def _standing(holder: str) -> Standing:
    return ledger.load(holder).standing
