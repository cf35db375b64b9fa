"""The sample program: providers, a catalog of 40 courses, and three holders, one of them with a past."""

import os
from datetime import date, timedelta
from pathlib import Path

import ledger
from policy import facts
from policy.dates import add_years
from standing import catalog_file

from . import cloud
from .stack import Stack
from .web import Client

CATALOG = Path(__file__).parent / "sample" / "catalog.csv"
PROVIDERS = {
    "acme": "Acme Learning",
    "globex": "Globex Training",
    "vendor": "The certification body's own training",
    "academy": "The networking academy",
}
# Every message to a queue of the local cloud comes from this account.
LOCAL_SENDER = "000000000000"
WITH_A_PAST = "casey"


def load(stack: Stack, today: date) -> None:
    """Load providers and holders through the API, the catalog and a past through the ledger."""
    users = stack.description["users"]
    operator = Client(stack.description["api"], users["operator"]["token"])
    for provider, name in PROVIDERS.items():
        operator.must("PUT", f"/admin/providers/{provider}", {"name": name, "senders": [LOCAL_SENDER]})
    for user in ("holder", "other_holder"):
        operator.must("PUT", f"/admin/holders/{users[user]['holder']}", {"accounts": [users[user]["account"]]})
    reach_ledger(stack)
    ledger.put_courses(catalog_file.read(CATALOG))
    _remember(today)


def reach_ledger(stack: Stack) -> None:
    """From here on the package `ledger` speaks to the stack's table."""
    reached = cloud.credentials(stack.description["aws_endpoint"])
    os.environ |= {
        "TABLE_NAME": stack.description["table"],
        "AWS_ENDPOINT_URL": reached["endpoint_url"],
        "AWS_DEFAULT_REGION": reached["region_name"],
        "AWS_ACCESS_KEY_ID": reached["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": reached["aws_secret_access_key"],
    }
    ledger.client.cache_clear()


def _remember(today: date) -> None:
    """Casey's course of three years ago lapses today, one certification expired yesterday, one will in 30 days."""
    yesterday, began = today - timedelta(days=1), add_years(today, -3) - timedelta(days=60)
    completed = add_years(yesterday, -3)
    claim = facts.ClaimSubmitted(
        claim=f"{WITH_A_PAST}-0001",
        account="casey@example.com",
        course="ITEMAUTH",
        version="1.0",
        item_type="activity",
        provider="vendor",
        started_on=completed,
        completed_on=completed,
    )
    past: list[facts.Fact] = [
        facts.TermsAccepted(),
        facts.CertificationImported("ccie-security", "expert", began, add_years(today, 2)),
        facts.CertificationImported("ccna", "associate", began, yesterday),
        facts.CertificationImported("devnet-specialist", "specialist", began, today + timedelta(days=30)),
        claim,
        facts.ClaimDecided(claim.claim, "earned"),
    ]
    day = completed + timedelta(days=5)
    ledger.link_accounts(WITH_A_PAST, [claim.account], "Casey", day, cause="sample program")
    ledger.record(WITH_A_PAST, past, day, course=ledger.get_course(claim.course), cause="sample program")
    ledger.settle(WITH_A_PAST, yesterday)
