"""Plays a case's history of partners through the functions, as administrator, provider and operator, and reads what the
administrators then see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

import ledger
import pytest
from api import clock
from casefiles.history import Case, Event
from casefiles.learning_form import LearningFile, split
from policy.partners import facts

from functions.validate_claim import handler as validate_claim
from functions.validate_claim.unprocessable import Unprocessable
from tests.functions.certificates import uploaded
from tests.functions.events import SENDER, Context, from_queue
from tests.functions.http import OPERATOR, Answer, Client, signed_in

PROVIDER = "acme"
MESSAGES = {
    "activity_recorded": "activity.recorded.v1",
    "badge_earned": "badge.earned.v1",
    "exam_passed": "exam.passed.v1",
}


@dataclass
class Played:
    """What the administrators read on the last day, and rule ids by event."""

    specializations: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)


def play(file: LearningFile, case: Case, patch: pytest.MonkeyPatch) -> Played:
    """The whole history, each event on its day."""
    player = _Player(file, case, patch)
    player.prepare()
    for event in case.history:
        player.take(event)
    player.read()
    return player.played


class _Player:
    def __init__(self, file: LearningFile, case: Case, patch: pytest.MonkeyPatch) -> None:
        self.file, self.case, self.patch, self.played = file, case, patch, Played()
        self.numbers = count(1)
        named = [_named(event.fact, "partner") for event in case.history]
        named += [[split(name)[0]] for key in ("specializations", "report") for name in case.expect[key]]
        self.partners = list(dict.fromkeys(partner for names in named for partner in names))
        self.acts: Mapping[str, Callable[[Any, date], Answer | None]] = {
            "individual_associated": self.associate,
            "individual_left": self.leave,
            "role_filled": self.fill,
            "application_submitted": self.apply,
            "renewal_submitted": self.renew,
            "reactivation_submitted": self.renew,
            "activity_recorded": self.record,
            "exam_passed": self.push,
            "badge_earned": self.push,
            "certification_held": self.certify,
            "individuals_merged": self.merge,
            "exam_replaced": self.replace,
            "points_required_set": self.set_points,
            "library_changed": self.change_library,
        }

    def prepare(self) -> None:
        """The partners, the individuals and the provider, on the first day."""
        day = self.case.history[0].day if self.case.history else self.case.as_of
        for partner in self.partners:
            self.expect(
                OPERATOR.put(
                    f"/admin/partners/{partner}", {"name": partner, "account_managers": [], "contacts": []}, on=day
                )
            )
        individuals = {name for event in self.case.history for name in _named(event.fact, "individual", "into")}
        for individual in sorted(individuals):
            body = {"accounts": [f"{individual}@example.com"]}
            self.expect(OPERATOR.put(f"/admin/holders/{individual}", body, on=day))
        provider = {"name": PROVIDER, "senders": [SENDER]}
        self.expect(OPERATOR.put(f"/admin/providers/{PROVIDER}", provider, on=day))

    def take(self, event: Event) -> None:
        answer = self.acts[event.fact.event](event.fact, event.day)
        if answer is None:
            return
        if answer.status == 409 and isinstance(event.fact, facts.IndividualsMerged):
            # They are one person already, which changes nothing.
            return
        if answer.status in (409, 422):
            self.played.rejected[event.name] = answer.body["rule"]
            return
        if answer.status == 400 and isinstance(event.fact, facts.ExamReplaced):
            # What no role asks for cannot be replaced, which changes nothing.
            assert answer.fields == ["exam"], answer
            return
        if answer.status in (400, 404):
            assert isinstance(event.fact, facts.IndividualLeft | facts.RoleFilled | facts.ActivityRecorded), answer
            assert not self.knows(event.fact), answer
            # Over HTTP nobody is named who never was associated; rules speak of whatever a journal may hold. Who never
            # came cannot leave, which changes nothing.
            if not isinstance(event.fact, facts.IndividualLeft):
                ledger.record_partner(event.fact.partner, [event.fact], event.day)
            return
        self.expect(answer)

    def knows(self, fact: Any) -> bool:
        individuals = self.administrator(fact.partner).get(f"/partners/{fact.partner}/individuals", on=self.case.as_of)
        return fact.individual in [line["individual"] for line in self.expect(individuals)["individuals"]]

    def expect(self, answer: Answer) -> Any:
        assert answer.status in (200, 201), answer
        return answer.body

    def administrator(self, partner: str) -> Client:
        return signed_in(f"admin@{partner}.example", f"partner-admin:{partner}")

    def associate(self, fact: facts.IndividualAssociated, day: date) -> Answer:
        body = {"account": f"{fact.individual}@example.com"}
        return self.administrator(fact.partner).post(f"/partners/{fact.partner}/individuals", body, on=day)

    def leave(self, fact: facts.IndividualLeft, day: date) -> Answer:
        path = f"/partners/{fact.partner}/individuals/{fact.individual}"
        return self.administrator(fact.partner).delete(path, on=day)

    def fill(self, fact: facts.RoleFilled, day: date) -> Answer:
        path = f"/partners/{fact.partner}/specializations/{fact.specialization}/roles/{fact.role}"
        return self.administrator(fact.partner).put(path, {"individual": fact.individual}, on=day)

    def apply(self, fact: facts.ApplicationSubmitted, day: date) -> Answer:
        body = {"specialization": fact.specialization}
        return self.administrator(fact.partner).post(f"/partners/{fact.partner}/applications", body, on=day)

    def renew(self, fact: facts.RenewalSubmitted | facts.ReactivationSubmitted, day: date) -> Answer:
        what = "renewals" if isinstance(fact, facts.RenewalSubmitted) else "reactivations"
        path = f"/partners/{fact.partner}/specializations/{fact.specialization}/{what}"
        return self.administrator(fact.partner).post(path, {}, on=day)

    def record(self, fact: facts.ActivityRecorded, day: date) -> Answer | None:
        if fact.partner is None:
            return self.push(fact, day)
        body = _values(fact)
        del body["partner"]
        if body.pop("proof"):
            account = f"admin@{fact.partner}.example"
            body["proof_key"] = uploaded(account)
        return self.administrator(fact.partner).post(f"/partners/{fact.partner}/activities", body, on=day)

    def push(self, fact: facts.Fact, day: date) -> None:
        noon = datetime.combine(day, time(12), UTC)
        self.patch.setattr(clock, "now", lambda: noon)
        data = {**_values(fact), "provider": PROVIDER}
        data.pop("proof", None)
        if isinstance(fact, facts.ExamPassed):
            data |= {"holder": data.pop("individual"), "kind": "specialist"}
        message = {
            "specversion": "1.0",
            "id": f"{next(self.numbers)}",
            "source": "https://provider.example",
            "type": MESSAGES[fact.event],
            "time": noon.isoformat(),
            "data": data,
        }
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(validate_claim, "dead_letter", _none_expected)
            assert validate_claim.lambda_handler(from_queue(message), Context()) == {"batchItemFailures": []}

    def certify(self, fact: facts.CertificationHeld, day: date) -> Answer:
        body = {
            "certification": fact.certification,
            "level": "professional",
            "cycle_started_on": (min(day, fact.expires_on) - timedelta(days=1)).isoformat(),
            "expires_on": fact.expires_on.isoformat(),
        }
        return OPERATOR.post(f"/admin/holders/{fact.individual}/certifications", body, on=day)

    def merge(self, fact: facts.IndividualsMerged, day: date) -> Answer:
        return OPERATOR.post(f"/admin/holders/{fact.individual}/merge", {"into": fact.into}, on=day)

    def replace(self, fact: facts.ExamReplaced, day: date) -> Answer:
        body = {"by": fact.by, "retake": fact.retake}
        return OPERATOR.put(f"/admin/exams/{fact.exam}/replacement", body, on=day)

    def set_points(self, fact: facts.PointsRequiredSet, day: date) -> Answer:
        return OPERATOR.put(f"/admin/specialization-types/{fact.type}", {"points_required": fact.points}, on=day)

    def change_library(self, fact: facts.LibraryChanged, day: date) -> Answer:
        body = {"library": list(fact.library), "mandatory": list(fact.mandatory)}
        return OPERATOR.put(f"/admin/specializations/{fact.specialization}/library", body, on=day)

    def read(self) -> None:
        for partner in self.partners:
            path = f"/partners/{partner}/specializations"
            client, on = self.administrator(partner), self.case.as_of
            for line in self.expect(client.get(path, on=on))["specializations"]:
                name = line["specialization"]
                self.played.specializations[f"{partner}/{name}"] = line
                report = self.expect(client.get(f"{path}/{name}/points", on=on))
                self.played.report[f"{partner}/{name}"] = {
                    row["individual"]: {"points": _points(report[employee], row["individual"]), "employee": employee}
                    for employee in ("current", "previous")
                    for row in report[employee]
                }


def _none_expected(record: Any, why: Unprocessable) -> None:
    raise AssertionError(f"{record.body} is dead: {why.reason}, {why.detail}")


def _points(rows: list[dict[str, Any]], individual: str) -> int:
    return sum(row["points"] for row in rows if row["individual"] == individual)


def _named(fact: Any, *fields: str) -> list[str]:
    return [name for name in (getattr(fact, field, None) for field in fields) if name]


def _values(fact: Any) -> dict[str, Any]:
    values = facts.to_dict(fact)
    return {name: value for name, value in values.items() if name not in ("event", "points", "recorded_on")}
