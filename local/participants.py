"""Holders with a past for trials of the whole stack: known to the ledger, and signed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import ledger
from policy import facts
from policy.catalog import Course, Version

from . import people
from .stack import Stack
from .web import Client

CAUSE = "trial"
PROVIDER = "acme"
ITEM_TYPE = "instructor-led-training"
VERSION = "1.0"


@dataclass(frozen=True)
class Participant:
    holder: str
    account: str
    client: Client


def join(stack: Stack, holders: Iterable[str], today: date, *, api: str = "") -> list[Participant]:
    """Holders with an expert certification and the terms accepted; api: where they call, by default the stack's."""
    pool, app = stack.outputs["UserPool"], stack.outputs["UserPoolClient"]
    since = today - timedelta(days=200)
    joined = []
    for holder in holders:
        account = f"{holder}@trial.example"
        ledger.link_accounts(holder, [account], None, since, cause=CAUSE)
        award = facts.CertificationAwarded("ccie-security", "expert", since)
        ledger.record(holder, [facts.TermsAccepted(), award], since, cause=CAUSE)
        token = people.token(stack.cloud, pool, app, account)
        joined.append(Participant(holder, account, Client(api or stack.description["api"], token)))
    return joined


def keep_courses(courses: Iterable[str]) -> None:
    """Courses of one credit, so that no recertification ends a trial early."""
    ledger.put_courses(
        Course(course, f"Trial {course}", {VERSION: Version(1)}, {ITEM_TYPE: (PROVIDER,)}) for course in courses
    )
