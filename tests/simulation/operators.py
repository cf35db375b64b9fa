"""Operators, and what starts by the clock: sweeps late, early, twice and out of order."""

from dataclasses import dataclass
from datetime import timedelta

import ledger

from tests.aws.stage import DEAD_LETTERS, PROVIDER_QUEUE
from tests.functions.http import OPERATOR, Answer
from tests.simulation.book import Book
from tests.simulation.program import COURSES, HOLDERS, SPARE, TRACKS
from tests.simulation.providers import KINDS
from tests.simulation.stack import CONSUMERS, Acts, Stack
from tests.simulation.wrong import hold

READ = (
    "/admin/worklists",
    "/admin/worklists/open-cases",
    "/admin/worklists/reviews",
    "/admin/worklists/overdue-claims",
    "/admin/holders/ann/audit",
)


@dataclass
class Operators:
    stack: Stack
    book: Book

    @property
    def acts(self) -> Acts:
        return [
            (2, self.give),
            (1, self.pass_exam),
            (2, self.decide),
            (1, self.review),
            (1, self.answer),
            (2, self.link),
            (1, self.keep_course),
            (1, self.look),
            (1, self.stack.redrive),
        ]

    def anyone(self) -> str:
        return self.stack.random.choice(sorted(HOLDERS))

    def give(self) -> None:
        random, today = self.stack.random, self.stack.clock.today
        track = random.choice(sorted(TRACKS))
        body = {"certification": track, "level": TRACKS[track]}
        if random.random() < 0.6:
            began = today - timedelta(days=random.choice((0, 30, 366, 700, 1000)))
            expires = began + timedelta(days=random.choice((366, 730, 1095, 1096)))
            body |= {"cycle_started_on": began.isoformat(), "expires_on": expires.isoformat()}
        self._ask("POST /admin/holders/{holder}/certifications", f"/admin/holders/{self.anyone()}/certifications", body)

    def pass_exam(self) -> None:
        passed_on = self.stack.clock.today - timedelta(days=self.stack.random.choice((0, 5, 60)))
        kind = self.stack.random.choice(KINDS)
        body = {"exam": f"{kind}-2", "kind": kind, "passed_on": passed_on.isoformat()}
        self._ask("POST /admin/holders/{holder}/exams", f"/admin/holders/{self.anyone()}/exams", body)

    def decide(self) -> None:
        body = self.stack.random.choice(({"outcome": "earned"}, {"outcome": "denied", "reason": "policy-enforcement"}))
        if claim := self._claim():
            self._ask("POST /admin/claims/{claim_id}/decision", f"/admin/claims/{claim}/decision", body)

    def review(self) -> None:
        if claim := self._claim():
            self._ask("POST /admin/claims/{claim_id}/review", f"/admin/claims/{claim}/review", {"note": "Seen."})

    def answer(self) -> None:
        cases = [case for holder in sorted(HOLDERS) for case in ledger.load(holder).standing.cases]
        if cases:
            body = {"message": "So.", "close": self.stack.random.random() < 0.5}
            case = self.stack.random.choice(cases)
            self._ask("POST /cases/{case_id}/messages", f"/cases/{case}/messages", body)

    def link(self) -> None:
        holder = self.anyone()
        accounts = [*HOLDERS[holder], *self.stack.random.choice(([SPARE], []))]
        self.stack.send(OPERATOR, "PUT", f"/admin/holders/{holder}", {"accounts": accounts, "name": holder.title()})

    def keep_course(self) -> None:
        course = self.stack.random.choice(sorted(COURSES))
        number = self.stack.random.choice((10, 30, 60))
        versions = [{"version": version, "credits": number} for version in "12"]
        offered = {"activity": ["acme", "globex"], "live-training": ["acme"]}
        body = {"title": course.title(), "versions": versions, "item_types": offered}
        self.stack.send(OPERATOR, "PUT", f"/admin/catalog/{course}", body)

    def look(self) -> None:
        answer = self.stack.send(OPERATOR, "GET", self.stack.random.choice(READ))
        hold(not isinstance(answer, Answer) or answer.status in (200, 503), "not shown", answer)

    def _claim(self) -> str | None:
        claims = [claim for holder in sorted(HOLDERS) for claim in ledger.load(holder).standing.claims]
        return self.stack.random.choice(claims) if claims else None

    def _ask(self, route: str, path: str, body: object) -> None:
        self.book.ask(OPERATOR, route, path, body)


@dataclass
class Clockwork:
    """What nobody does: time passes, schedules come, queues and the stream are read."""

    stack: Stack
    book: Book

    @property
    def acts(self) -> Acts:
        return [
            (4, self.sweep),
            (10, self.deliver),
            (8, lambda: self.stack.deliver(PROVIDER_QUEUE)),
            (6, self.stack.stream),
            (2, self.book.ask_again),
        ]

    def sweep(self) -> None:
        random = self.stack.random
        function = random.choice(("expire_credits", "recertify"))
        late = timedelta(days=random.choice((0, 0, 0, 0, 1, 7, 40, -1, -30)), minutes=random.randint(0, 50))
        self.stack.sweep(function, self.stack.clock.instant - late)

    def deliver(self) -> None:
        filled = sorted(name for name, waiting in self.stack.aws.sqs.queues.items() if waiting and name in CONSUMERS)
        if filled:
            self.stack.deliver(self.stack.random.choice(filled))

    def time_passes(self) -> None:
        random = self.stack.random
        drawn = random.random()
        if drawn < 0.75:
            self.stack.clock.go_on(minutes=random.randint(1, 90))
        elif drawn < 0.98:
            self.stack.clock.go_on(days=random.choice((1, 2, 7, 20, 30, 31)))
        else:
            self.stack.clock.go_on(days=random.choice((90, 365, 366, 700)))

    def come_to_rest(self) -> None:
        """Nothing goes wrong any more, and everything that waits is done."""
        self.book.give_up_or_insist()
        self.stack.calm = True
        for _ in range(100):
            # Longer than a lease of a mail lasts.
            self.stack.clock.go_on(minutes=2)
            self.stack.redrive()
            done = [self.stack.deliver(queue) for queue in CONSUMERS]
            if not any([*done, self.stack.stream()]):
                break
        for function in ("expire_credits", "recertify"):
            self.stack.sweep(function, self.stack.clock.instant)
            while self.stack.deliver(f"sweep-{function}"):
                pass
        while self.stack.stream():
            pass
        while self.stack.deliver("reminders"):
            pass
        left = {name: list(waiting) for name, waiting in self.stack.aws.sqs.queues.items() if waiting}
        hold(left.keys() <= {DEAD_LETTERS}, "queues do not become empty", left)
