"""Who and what there is in a simulated program at its beginning."""

from datetime import date
from random import Random

import ledger
from ledger import Provider
from policy import facts
from policy.catalog import Course, Version

from tests.functions.events import SENDER
from tests.simulation.stack import Stack

HOLDERS = {
    "ann": ("ann@example.com", "ann@work.example.com"),
    "bob": ("bob@example.com",),
    "cyd": ("cyd@example.com",),
}
# Comes to one holder and goes from there, and has reports at all times.
SPARE = "spare@example.com"
SENDERS = {"acme": SENDER, "globex": "AROAEXAMPLEGLOBEX"}
OFFERED = {"activity": tuple(SENDERS), "live-training": ("acme",)}
COURSES = {
    name: Course(name, f"Course {name}", {"1": Version(credits_each), "2": Version(credits_each + 10)}, OFFERED)
    for name, credits_each in {"SMALL": 10, "CYBER": 30, "DESIGN": 40, "BOOT": 80, "HUGE": 120}.items()
}
TRACKS = {
    "ccnp-enterprise": "professional",
    "ccna": "associate",
    "ccnp": "professional",
    "ccie": "expert",
    "devnet": "specialist",
}
CERTIFICATE_IDS = (None, None, None, "CDLL-1", "CDLL-2")
# Around the days on which an edition begins, and leap days.
STARTS = tuple(map(date.fromisoformat, ("2017-06-01", "2019-12-15", "2020-02-20", "2021-01-29", "2023-12-20")))


def start(random: Random) -> date:
    return random.choice(STARTS)


def begin(stack: Stack) -> None:
    """The catalog, the providers, and holders who may claim."""
    today = stack.clock.today
    ledger.put_courses(COURSES.values())
    for provider, sender in SENDERS.items():
        ledger.put_provider(Provider(provider, provider.title(), (sender,)))
    for holder, accounts in HOLDERS.items():
        ledger.link_accounts(holder, list(accounts), holder.title(), today)
        track = stack.random.choice(("ccnp", "ccie", "ccie", "ccna"))
        award = facts.CertificationAwarded(track, TRACKS[track], today)
        ledger.record(holder, [facts.TermsAccepted("1"), award], today)
