"""Plays a case's history through the functions, as holder, operator and provider, and reads what the holder then sees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import count
from typing import Any

import ledger
import pytest
from api import clock
from casefiles.education_form import EducationFile
from casefiles.history import Case, Event
from policy import FormError, Refused, facts

from functions.validate_claim import handler as validate_claim
from tests.functions.certificates import uploaded
from tests.functions.events import SENDER, Context, from_queue
from tests.functions.http import OPERATOR, Answer, Client, signed_in

HOLDER = "ann"
REPORTS = {"completion_reported": "completion.reported.v1", "completion_retracted": "completion.retracted.v1"}


@dataclass
class Played:
    """claims: the service's claim ids by the case's; rejected: rule ids by event."""

    claims: dict[str, str] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)


def play(file: EducationFile, case: Case, patch: pytest.MonkeyPatch) -> Played:
    """The whole history, each event on its day; `seen` is what the holder reads on the last day."""
    player = _Player(case, patch)
    player.prepare(file)
    for event in case.history:
        player.take(event)
    player.played.seen = player.read()
    return player.played


class _Player:
    def __init__(self, case: Case, patch: pytest.MonkeyPatch) -> None:
        self.case, self.patch, self.played = case, patch, Played()
        named = [getattr(event.fact, "account", None) for event in case.history]
        self.accounts = list(dict.fromkeys(account for account in named if account)) or [f"{HOLDER}@example.com"]
        self.numbers = count(1)
        self.acts: Mapping[str, Callable[[Event], Answer | None]] = {
            "terms_accepted": self.accept_terms,
            "certification_awarded": self.certify,
            "certification_imported": self.certify,
            "emeritus_granted": self.certify,
            "claim_submitted": self.submit,
            "claim_decided": self.decide,
            "exam_passed": self.record_exam,
            "fee_paid": self.pay,
            "completion_reported": self.push,
            "completion_retracted": self.push,
        }

    def prepare(self, file: EducationFile) -> None:
        """What the case needs of the catalog and of providers, and the holder, on the first day."""
        day = self.case.history[0].day if self.case.history else self.case.as_of
        for course in {getattr(event.fact, "course", None) for event in self.case.history} & file.catalog.keys():
            kept = file.catalog[course]
            versions = [
                {
                    "version": number,
                    "credits": version.credits,
                    "available_from": version.available_from and str(version.available_from),
                    "available_until": version.available_until and str(version.available_until),
                }
                for number, version in kept.versions.items()
            ]
            offered = {item_type: list(providers) for item_type, providers in kept.item_types.items()}
            body = {"title": kept.title, "versions": versions, "item_types": offered}
            self.expect(OPERATOR.put(f"/admin/catalog/{course}", body, on=day))
        for provider in {event.fact.provider for event in self.case.history if event.fact.event in REPORTS}:  # type: ignore[union-attr]
            body = {"name": provider, "senders": [SENDER]}
            self.expect(OPERATOR.put(f"/admin/providers/{provider}", body, on=day))
        self.expect(OPERATOR.put(f"/admin/holders/{HOLDER}", {"accounts": self.accounts}, on=day))

    def take(self, event: Event) -> None:
        answer = self.acts[event.fact.event](event)
        if answer is None:
            return
        if answer.status in (409, 422):
            self.played.rejected[event.name] = answer.body["rule"]
            return
        self.expect(answer)
        if isinstance(event.fact, facts.ClaimSubmitted):
            self.played.claims[event.fact.claim] = answer.body["claim_id"]

    def expect(self, answer: Answer) -> Any:
        assert answer.status in (200, 201), answer
        return answer.body

    def holder(self) -> Client:
        return signed_in(self.accounts[0])

    def accept_terms(self, event: Event) -> Answer:
        return self.holder().put("/enrollment", {"terms_version": f"{next(self.numbers)}"}, on=event.day)

    def certify(self, event: Event) -> Answer:
        body = _values(event.fact)
        if isinstance(event.fact, facts.EmeritusGranted):
            body["emeritus"] = True
        return OPERATOR.post(f"/admin/holders/{HOLDER}/certifications", body, on=event.day)

    def submit(self, event: Event) -> Answer:
        body = _values(event.fact)
        claim_id, account = body.pop("claim"), body.pop("account")
        if body.pop("certificate"):
            body["certificate_key"] = uploaded(account)
        return signed_in(account).post("/claims", body, on=event.day, key=claim_id)

    def decide(self, event: Event) -> Answer | None:
        body = _values(event.fact)
        claim_id = self.played.claims.get(body.pop("claim"))
        if claim_id is None:
            # A claim that was rejected has no id to be decided by.
            self.played.rejected[event.name] = "operator-decision"
            return None
        return OPERATOR.post(f"/admin/claims/{claim_id}/decision", body, on=event.day)

    def record_exam(self, event: Event) -> Answer:
        return OPERATOR.post(f"/admin/holders/{HOLDER}/exams", _values(event.fact), on=event.day)

    def pay(self, event: Event) -> Answer:
        body = {**_values(event.fact), "certification": _payable(event), "payment_reference": f"{next(self.numbers)}"}
        return self.holder().post("/fee-payments", body, on=event.day)

    def push(self, event: Event) -> None:
        noon = datetime.combine(event.day, time(12), UTC)
        self.patch.setattr(clock, "now", lambda: noon)
        message = {
            "specversion": "1.0",
            "id": f"{next(self.numbers)}",
            "source": "https://provider.example",
            "type": REPORTS[event.fact.event],
            "time": noon.isoformat(),
            "data": _values(event.fact),
        }
        assert validate_claim.lambda_handler(from_queue(message), Context()) == {"batchItemFailures": []}

    def read(self) -> dict[str, Any]:
        """What the holder sees, as the engine's outcome has it, with the service's claim ids."""
        on, holder = self.case.as_of, self.holder()
        lines = self.expect(holder.get("/certifications", on=on))["certifications"]
        tracks = [line["certification"] for line in lines]
        progress = {track: self.expect(holder.get(f"/certifications/{track}/progress", on=on)) for track in tracks}
        history = [self.expect(holder.get(f"/certifications/{track}/history", on=on)) for track in tracks]
        recertifications = {entry.pop("number"): entry for own in history for entry in own["recertifications"]}
        for entry in recertifications.values():
            entry["used"] = [claim["claim_id"] for claim in entry["used"]]
        return {
            "claims": {claim["claim_id"]: claim for account in self.accounts for claim in self.claims(account)},
            "certifications": {line["certification"]: _renamed(line) for line in lines},
            "credits": {track: progress[track]["credits"] for track in tracks},
            "remaining": {track: progress[track]["remaining"] for track in tracks},
            "recertifications": [recertifications[number] for number in sorted(recertifications)],
        }

    def claims(self, account: str) -> list[Any]:
        items: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            path = f"/claims?sort=submitted_on&limit=100&cursor={cursor}"
            page = self.expect(signed_in(account).get(path, on=self.case.as_of))
            items += page["items"]
            cursor = page["next_cursor"]
        return items


def _renamed(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the certification table in the words of the rules."""
    own = {name: value for name, value in line.items() if name not in ("name", "last_extension")}
    return {**own, "cycle_started_on": line["last_extension"]}


def _values(fact: facts.Fact) -> dict[str, Any]:
    values = facts.to_dict(fact)
    del values["event"]
    return values


def _payable(event: Event) -> str:
    """A case names no certification with a fee; over HTTP one is named, so the one that comes furthest is."""
    standing = ledger.load(HOLDER).standing
    ranks = {}
    for track in standing.certifications:
        try:
            standing.copy().record(facts.FeePaid(event.fact.amount, track), event.day)  # type: ignore[union-attr]
            ranks[track] = 0
        except (Refused, FormError) as error:
            ranks[track] = 1 if getattr(error, "rule", None) == "fee-amount" else 2
    return min(ranks, key=ranks.__getitem__, default="none")
