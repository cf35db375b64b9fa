"""The sample program: providers, a catalog of 40 courses, four holders, two partners, and what waits for those who work
with them."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ledger
from policy import facts
from policy.dates import add_years
from standing import catalog_file

from . import cloud, partners, years
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
CONFERENCE = "Technical sessions of this year's conference earn 16 credits. Submit them within a year of the last day."
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"


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
    # Told once, however often the rest is loaded.
    if not ledger.load(years.HOLDER).entries:
        _remember(today)
        years.live(today)
        partners.live(today, users["account_manager"]["account"])
        _keep_certificate(stack)
        _dispute(stack, operator)
        _misreport(stack)
        operator.must("PUT", "/admin/announcements/conference", {"text": CONFERENCE})


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


def _keep_certificate(stack: Stack) -> None:
    """The certificate of completion that Ellis uploaded."""
    bucket, key = stack.description["certificates_bucket"], f"kept/{years.CERTIFICATE_KEY}"
    stack.client("s3").put_object(Bucket=bucket, Key=key, Body=PDF, ContentType="application/pdf")


def _dispute(stack: Stack, operator: Client) -> None:
    """Ellis disputes a denial, an operator has asked something, and the case is open."""
    ellis = Client(stack.description["api"], stack.description["users"]["experienced_holder"]["token"])
    opened = "The provider has the last day wrong: the course ended on the Friday, and I was there until its end."
    case = ellis.must("POST", f"/claims/{years.DISPUTED}/cases", {"message": opened})
    messages = f"/cases/{case['case_id']}/messages"
    operator.must("POST", messages, {"message": "Thank you. Do you have an invitation or a badge with the dates?"})
    ellis.must("POST", messages, {"message": "I have the invitation. It says Monday to Friday."})


def _misreport(stack: Stack) -> None:
    """A report of a course that the catalog does not have becomes a dead letter."""
    day = datetime.now(UTC).date().isoformat()
    report = {
        "specversion": "1.0",
        "id": "sample-misreport",
        "source": "https://globex.example/lms",
        "type": "completion.reported.v1",
        "time": f"{day}T08:00:00Z",
        "data": {
            "provider": "globex",
            "course": "ENCORE",
            "version": "1.2",
            "account": years.ACCOUNT,
            "started_on": day,
            "completed_on": day,
            "outcome": "completed",
        },
    }
    stack.client("sqs").send_message(QueueUrl=stack.description["queue"], MessageBody=json.dumps(report))
