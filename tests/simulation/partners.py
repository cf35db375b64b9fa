"""Partner companies: individuals come and go, learn, and specializations are approved, renewed, lost and regained."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import ledger
from ledger import PartnerRecord
from ledger.values import digest
from policy.facts import CertificationImported
from policy.partners import program
from policy.partners.dated import on
from policy.partners.facts import ApplicationSubmitted, BadgeEarned, ExamPassed, RoleFilled

from tests.aws.stage import BUCKET, PROVIDER_QUEUE
from tests.functions.certificates import FILES
from tests.functions.http import OPERATOR, Answer
from tests.functions.partners import administrator
from tests.functions.test_validate_claim import message
from tests.simulation.book import Book, Sent
from tests.simulation.program import HOLDERS, SENDERS
from tests.simulation.providers import fact_of
from tests.simulation.stack import Acts, Stack
from tests.simulation.wrong import hold

PARTNERS = ("northwind", "tailspin")
# One of two roles and a mandatory item, one that asks for exams, and a designation without points.
SPECIALIZATIONS = ("express-networking", "collaboration", "video-provider")
EXAMS, BADGES = ("700-501", "700-511"), ("b",)
MODES = ("completed", "viewed", "attended", "downloaded")


def begin(stack: Stack) -> None:
    """Partners that operators know; each holds a specialization by somebody who fills all of its roles."""
    today = stack.clock.today
    for partner in PARTNERS:
        ledger.put_partner(PartnerRecord(partner, partner.title(), ("max@example.com",), (f"c@{partner}.example",)))
    expires = today + timedelta(days=800)
    known = {
        "ann": [
            CertificationImported("ccnp-enterprise", "professional", expires - timedelta(days=1095), expires),
            ExamPassed("ann", "700-501", today),
        ],
        "bob": [
            *(ExamPassed("bob", exam, today) for exam in ("700-501", "700-531")),
            BadgeEarned("bob", "video-specialist", expires, "specialist"),
        ],
    }
    held = {"northwind": ("ann", "express-networking"), "tailspin": ("bob", "video-provider")}
    for partner, (individual, name) in held.items():
        ledger.record(individual, known[individual], today)
        ledger.associate(partner, individual, today)
        filled = [RoleFilled(partner, name, role, individual) for role in ("am", "fe")]
        ledger.record_partner(partner, [*filled, ApplicationSubmitted(partner, name)], today)


@dataclass
class Partners:
    stack: Stack
    book: Book

    @property
    def acts(self) -> Acts:
        return [
            (2, self.associate),
            (1, self.leave),
            (2, self.fill),
            (2, self.apply),
            (2, self.renew),
            (1, self.reactivate),
            (5, self.learn),
            (1, self.qualify),
            (1, self.attend),
            (1, self.change_the_program),
            (1, self.merge),
            (2, self.look),
        ]

    def associate(self) -> None:
        individual = self._anybody()
        account = {"account": self._one_of(HOLDERS[individual])}
        self._ask("/individuals", self._one_of((account, account, {"individual": individual})))

    def leave(self) -> None:
        partner = self._partner()
        path = f"/partners/{partner}/individuals/{self._anybody()}"
        self.stack.send(administrator(partner), "DELETE", path)

    def fill(self) -> None:
        partner, name = self._partner(), self._one_of(SPECIALIZATIONS)
        if roles := sorted(on(program.current().specializations[name].roles, self.stack.clock.today)):
            path = f"/partners/{partner}/specializations/{name}/roles/{self._one_of(roles)}"
            self.stack.send(administrator(partner), "PUT", path, {"individual": self._anybody()})

    def apply(self) -> None:
        self._ask("/applications", {"specialization": self._one_of(SPECIALIZATIONS)})

    def renew(self) -> None:
        self._ask(f"/specializations/{self._one_of(SPECIALIZATIONS)}/renewals", None)

    def reactivate(self) -> None:
        self._ask(f"/specializations/{self._one_of(SPECIALIZATIONS)}/reactivations", None)

    def learn(self) -> None:
        """A provider reports that somebody did something of a library."""
        items = sorted({item for name in SPECIALIZATIONS for item in self._listed(name)})
        done = self.stack.clock.today - timedelta(days=self._one_of((0, 1, 10, 60)))
        data = {"item": self._one_of(items), "completed_on": done.isoformat(), "mode": self._one_of(MODES)}
        self._report("activity.recorded.v1", data)

    def qualify(self) -> None:
        if self.stack.random.random() < 0.5:
            expires = self.stack.clock.today + timedelta(days=self._one_of((30, 400)))
            badge = {"badge": self._one_of(BADGES), "kind": "specialist", "expires_on": expires.isoformat()}
            self._report("badge.earned.v1", badge)
            return
        body = {"exam": self._one_of(EXAMS), "kind": "specialist", "passed_on": self.stack.clock.today.isoformat()}
        holder = self._anybody()
        self.book.ask(OPERATOR, "POST /admin/holders/{holder}/exams", f"/admin/holders/{holder}/exams", body)

    def attend(self) -> None:
        partner = self._partner()
        account = f"admin@{partner}.example"
        proof = f"{digest(account)}/{self.stack.random.getrandbits(128):032x}"
        self.stack.aws.s3.files[BUCKET, f"uploads/{proof}"] = ("application/pdf", FILES["application/pdf"])
        attended = {"item": "CONFERENCE", "specialization": self._one_of(SPECIALIZATIONS), "proof_key": proof}
        self._ask("/activities", {"individual": self._anybody(), **attended}, partner)

    def change_the_program(self) -> None:
        name = self._one_of(SPECIALIZATIONS[:2])
        library = sorted(self._listed(name))
        listed = sorted(self.stack.random.sample(library, len(library) - 1))
        path, body = self._one_of(
            (
                (f"/admin/specializations/{name}/library", {"library": listed, "mandatory": []}),
                ("/admin/specialization-types/express", {"points_required": self._one_of((20, 40))}),
                ("/admin/exams/700-501/replacement", {"by": "700-511", "retake": False}),
            )
        )
        self.stack.send(OPERATOR, "PUT", path, body)

    def _listed(self, name: str) -> frozenset[str]:
        return on(program.current().specializations[name].library, self.stack.clock.today).items

    def merge(self) -> None:
        if self.stack.random.random() < 0.3:
            self.stack.send(OPERATOR, "POST", "/admin/holders/cyd/merge", {"into": self._one_of(("ann", "bob"))})

    def look(self) -> None:
        partner, name = self._partner(), self._one_of(SPECIALIZATIONS)
        path = self._one_of(("", f"/{name}", f"/{name}/points", f"/{name}/history"))
        answer = self.stack.send(administrator(partner), "GET", f"/partners/{partner}/specializations{path}")
        hold(not isinstance(answer, Answer) or answer.status in (200, 503), "not shown", answer)

    def _ask(self, path: str, body: Any, partner: str = "") -> None:
        partner = partner or self._partner()
        route = "/".join("{specialization}" if part in SPECIALIZATIONS else part for part in path.split("/"))
        self.book.ask(administrator(partner), f"POST /partners/{{partner}}{route}", f"/partners/{partner}{path}", body)

    def _report(self, kind: str, data: dict[str, Any]) -> None:
        given = {"provider": "acme", "individual": self._anybody(), **data}
        event = message(given, kind, id=f"event-{len(self.book.sent)}")
        sender = SENDERS["acme"]
        message_id = self.stack.put(PROVIDER_QUEUE, json.dumps(event), f"{sender}:session")
        self.book.sent.append(Sent(message_id, json.dumps(event), sender, fact_of(event)))

    def _partner(self) -> str:
        return self._one_of(PARTNERS)

    def _anybody(self) -> str:
        return self._one_of(sorted(HOLDERS))

    def _one_of(self, choices: Any) -> Any:
        return self.stack.random.choice(choices)
