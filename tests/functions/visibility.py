"""Everybody who may call, and a world in which one holder has something of each kind."""

from datetime import date, timedelta
from typing import Any

import ledger
from ledger import Provider
from policy.facts import CompletionReported, CompletionRetracted

from tests.functions.certificates import uploaded
from tests.functions.http import BOB, OPERATOR, PAT, PIA, STRANGER, TODAY, Client, signed_in
from tests.functions.partners import APPROVED, fill, keep_individual, keep_partner, qualify
from tests.functions.sample import AWARDED, CLAIM, keep_course, keep_holder

ANN, HOME = signed_in("ann@secret.example"), signed_in("ann.at.home@secret.example")
GROUPS = ("operator", "provider:acme", "partner-admin:northwind", "account-manager")
# By the column of the matrix. Who has groups of several kinds may do what each of them may.
CALLERS: dict[str, Client] = {
    # No token that the gateway has checked.
    "nobody": Client(None),
    # All groups there are, and Ann's address, which nobody has verified.
    "unverified": signed_in("ann@secret.example", *GROUPS, email_verified="false"),
    # Signed in, and nothing else.
    "stranger": STRANGER,
    # Two accounts of the holder to whom everything belongs, and another holder.
    "ann": ANN,
    "home": HOME,
    "bob": BOB,
    # The provider of Ann's claims, and another one.
    "acme": PAT,
    "globex": signed_in("gil@globex.example", "provider:globex"),
    "operator": OPERATOR,
    # Administrators of Northwind, of Tailspin, and of both.
    "p1": PIA,
    "p2": signed_in("tom@tailspin.example", "partner-admin:tailspin"),
    "both": signed_in("pia@northwind.example", "partner-admin:tailspin", "partner-admin:northwind"),
    # Assigned to Northwind, to Tailspin; and to Northwind without being an account manager any more.
    "max": signed_in("max@example.com", "account-manager"),
    "mia": signed_in("mia@example.com", "account-manager"),
    "left": signed_in("max@example.com"),
    # Of partners whose names look alike.
    "alike": signed_in("eve@example.com", "partner-admin:Northwind", "partner-admin:northwind.x", "account-manager"),
}
# What is told of Ann to nobody but her, operators, and (of a claim that waits for it) her provider; and of Northwind to
# nobody but those who administer it or are assigned to it, and operators.
OF_ANN = ("ann@secret.example", "ann.at.home@secret.example", "Ann Secret", "ann-0001", "ann-0002", "A secret message")
OF_NORTHWIND = ("Northwind Secret", "Ida Secret")
SECRETS = (*OF_ANN, *OF_NORTHWIND)
TOLD: dict[str, tuple[str, ...]] = {
    "ann": OF_ANN,
    "home": OF_ANN,
    "operator": SECRETS,
    "acme": ("ann@secret.example", "ann-0001"),
    "p1": OF_NORTHWIND,
    "both": OF_NORTHWIND,
    "max": OF_NORTHWIND,
}
_certificate: list[str] = []


def changes(request: str) -> dict[str, Any]:
    """What a request of the matrix gives beside, or in place of, what is good for its route."""
    match request.partition("(")[2]:
        case "a new course)":
            return {"course": "FOURTH"}
        case "Ann's certificate)":
            return {"course": "FOURTH", "certificate_key": _certificate[-1]}
        case "for acme)" | "for globex)" as named:
            return {"provider": named.removeprefix("for ").removesuffix(")")}
        case "closing it)":
            return {"close": True}
        case "Ida)":
            return {"individual": "ida"}
        case "Ida, an item)":
            return {"individual": "ida", "item": "CONFERENCE"}
        case "Bob)":
            return {"account": "bob@example.com"}
        case "Ann's account)":
            return {"accounts": ["ann@secret.example"]}
        case _:
            return {}


def furnish() -> None:
    """Ann's claims (one waits, one was denied and has a case, one has a certificate), and something of everybody else."""
    for course in ("ENCOR", "SECOND", "THIRD", "FOURTH"):
        keep_course(course)
    for provider in ("acme", "globex"):
        ledger.put_provider(Provider(provider, provider.title(), ()))
    keep_holder("ann", *(accounts := ["ann@secret.example", "ann.at.home@secret.example"]))
    OPERATOR.put("/admin/holders/ann", {"accounts": accounts, "name": "Ann Secret"})
    keep_holder("bob", track="ccie-security")
    OPERATOR.put("/admin/announcements/closed", {"text": "Closed on Monday"}, on=AWARDED)
    _claim(ANN, "ENCOR")
    _claim(ANN, "SECOND")
    _claim(ANN, "THIRD", certificate_key=uploaded("ann@secret.example"))
    for denied in ("ann-0002", "ann-0003"):
        decision = {"outcome": "denied", "reason": "policy-enforcement"}
        assert OPERATOR.post(f"/admin/claims/{denied}/decision", decision).status == 200
    assert ANN.post("/claims/ann-0002/cases", {"message": "A secret message"}).status == 201
    _retract()
    _keep_partners()
    _certificate.append(uploaded("ann@secret.example"))


def _claim(client: Client, course: str, **more: Any) -> None:
    assert client.post("/claims", {**CLAIM, "course": course, **more}, key=course).status == 201


def _retract() -> None:
    """Credits that renewed an associate, taken back a day later."""
    client = keep_holder("cid", level="associate")
    _claim(client, "ENCOR")
    completion = ("acme", "ENCOR", "1.2", "cid@example.com", date(2021, 2, 15), date(2021, 2, 19))
    ledger.record("cid", [CompletionReported(*completion, "completed")], TODAY)
    ledger.record("cid", [CompletionRetracted(*completion)], TODAY + timedelta(days=1))


def _keep_partners() -> None:
    """Ida is Northwind's only individual, and in both roles of what it holds; Tailspin has nobody and nothing."""
    keep_partner("northwind", "max@example.com", name="Northwind Secret")
    keep_partner("tailspin", "mia@example.com")
    keep_individual("ida", "Ida Secret")
    qualify("ida")
    for role in ("am", "fe"):
        assert fill("ida", role).status == 200
    application = {"specialization": "express-networking"}
    assert PIA.post("/partners/northwind/applications", application, on=APPROVED).status == 201
    attended = {"individual": "ida", "item": "CONFERENCE", "completed_on": str(APPROVED), **application}
    proof = uploaded("pia@northwind.example")
    assert PIA.post("/partners/northwind/activities", {**attended, "proof_key": proof}).status == 201
