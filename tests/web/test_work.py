"""What operators do: worklists, announcements. Ellis of the sample program has something in every list."""

import json
import re
import time
import uuid
from datetime import UTC, datetime, timedelta

import ledger
import pytest
from playwright.sync_api import expect
from policy import facts

from tests.conftest import reaching_ledger
from tests.web.conftest import loaded

TODAY = datetime.now(UTC).date()
WAIT_SECONDS = 30


@pytest.fixture
def overdue(sampled):
    """The id of a claim that waits for its provider since 40 days."""
    holder, day = f"holder-{uuid.uuid4().hex[:8]}", TODAY - timedelta(days=40)
    account, claim_id = f"{holder}@example.com", f"{holder}-0001"
    given = {"course": "ENSLD", "version": "1.0", "item_type": "instructor-led-training", "provider": "acme"}
    claim = facts.ClaimSubmitted(claim=claim_id, account=account, started_on=day, completed_on=day, **given)
    began = facts.CertificationImported("ccna", "associate", day - timedelta(days=99), day + timedelta(days=999))
    with reaching_ledger(sampled):
        ledger.link_accounts(holder, [account], None, day)
        ledger.record(holder, [facts.TermsAccepted(), began, claim], day, course=ledger.get_course("ENSLD"))
    return claim_id


def _number(page, name):
    return int(page.get_by_role("link", name=re.compile(f"^{name}")).locator(".count").inner_text())


def test_the_lists_and_their_numbers_are_the_apis(page_as, operator):
    page = page_as("operator", "/work.html")
    numbers = operator.must("GET", "/admin/worklists")
    shown = {
        name.lower().replace(" ", "_"): _number(page, name) for name in ("Overdue claims", "Open cases", "Reviews")
    }
    assert shown == {name: numbers[name] for name in shown}
    overdue = page.get_by_role("article").filter(has_text="ellis-0005")
    expect(overdue).to_contain_text("Overdue for 13 days")
    expect(overdue.get_by_role("link", name="ellis")).to_have_attribute("href", "/audit.html?holder=ellis")


def test_a_denial_names_its_reason(page_as, call, overdue):
    page = page_as("operator", "/work.html")
    item = page.get_by_role("article").filter(has_text=overdue)
    item.get_by_label("Decision").select_option(label="Denied: unexpected behavior")
    item.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status")).to_have_text("The claim is decided.")
    expect(item).to_have_count(0)
    (audited,) = [
        fact
        for entry in call("GET", f"/admin/holders/{overdue[:-5]}/audit", user="operator").body["items"]
        for fact in entry["facts"]
        if fact["event"] == "claim_decided"
    ]
    assert audited == {"event": "claim_decided", "claim": overdue, "outcome": "denied", "reason": "unexpected-behavior"}


def test_a_review_is_done_with_a_note(page_as, operator):
    page = page_as("operator", "/work.html?list=reviews")
    before = _number(page, "Reviews")
    item = page.get_by_role("article").filter(has_text="ellis-0001")
    item.get_by_label("What was found and done").fill("Acme mixed up two rosters.")
    item.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("status")).to_have_text("The review is done.")
    expect(item).to_have_count(0)
    assert _number(page, "Reviews") == before - 1
    facts = [fact for entry in operator.must("GET", "/admin/holders/ellis/audit")["items"] for fact in entry["facts"]]
    assert facts[-1] == {"event": "claim_reviewed", "claim": "ellis-0001", "note": "Acme mixed up two rosters."}


def test_a_dead_letter_is_shown_as_it_came_and_says_how_to_try_it_again(page_as, sampled, operator):
    body = f"<img src=x onerror=alert(1)> {uuid.uuid4()}"
    sampled.client("sqs").send_message(QueueUrl=sampled.description["queue"], MessageBody=body)
    deadline = time.monotonic() + WAIT_SECONDS
    while body not in json.dumps(operator.must("GET", "/admin/worklists/dead-letters?limit=100")):
        assert time.monotonic() < deadline, "waited in vain"
    page = page_as("operator", "/work.html?list=dead-letters")
    letter = page.get_by_role("article").filter(has_text=body)
    letter.get_by_text("What was sent").click()
    expect(letter.get_by_text(body)).to_be_visible()
    expect(letter).to_contain_text("standing redrive --reason")
    assert page.locator("main img").count() == 0


def test_holders_read_an_announcement_until_it_is_removed(page_as, someone):
    holder, text = someone(), f"Closed on the first.\n{uuid.uuid4()}"
    page = page_as("operator", "/announcements.html")
    name = f"closed-{uuid.uuid4().hex[:8]}"
    page.get_by_label("Name").fill(name)
    page.get_by_label("Text").fill(text)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("The announcement is kept.")
    page.get_by_role("button", name=f"Change {name}").click()
    page.get_by_label("Text").fill(f"{text} At noon.")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_role("article").filter(has_text="At noon.")).to_have_count(1)

    page_as(holder)
    expect(page.get_by_text(f"{text} At noon.")).to_be_visible()

    page_as("operator", "/announcements.html")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=f"Remove {name}").click()
    expect(page.get_by_role("status")).to_have_text(f"The announcement {name} is removed.")
    page_as(holder)
    expect(page.get_by_text("At noon.")).to_have_count(0)


@pytest.mark.parametrize(
    "path", ["/work.html", "/announcements.html", "/audit.html?holder=ellis", "/audit.html?program"]
)
def test_a_holder_is_told_that_this_is_for_operators(page_as, trouble, path):
    trouble.expect(403)
    page = page_as("holder", path)
    expect(page.get_by_role("alert")).to_contain_text("Only operators may do this.")


def test_the_audit_names_the_rules_of_each_decision(page_as, operator):
    page = page_as("operator", "/audit.html")
    page.get_by_label("Holder").fill("ellis")
    page.get_by_role("button", name="Show").click()
    entries = operator.must("GET", "/admin/holders/ellis/audit")["items"]
    expect(page.locator("#entries > li")).to_have_count(len(entries))
    for entry, item in zip(entries, page.locator("#entries > li").all(), strict=True):
        shown = item.locator(".rule").all_inner_texts()
        assert set(shown) == set(entry["rules"])


def test_the_audit_of_the_program_says_who_changed_it(page_as, operator):
    item = f"AUDITED-{uuid.uuid4().hex[:8]}"
    operator.must("PUT", f"/admin/items/{item}", {"minutes": 95})
    operator.must(
        "PUT", "/admin/specializations/unified-fabric/library", {"library": ["NET-LAB", item], "mandatory": []}
    )
    page = page_as("operator", "/learning.html")
    page.get_by_role("link", name="Audit").click()
    loaded(page)
    entries = operator.must("GET", "/admin/learning/audit")["items"]
    shown = page.locator("#entries > li")
    expect(shown).to_have_count(len(entries))
    expect(shown.last).to_contain_text("Library changed")
    expect(shown.last).to_contain_text(f"NET-LAB, {item}")
    expect(shown.last).to_contain_text(entries[-1]["cause"])
    assert not page.get_by_role("search").count()
    page.get_by_role("navigation", name="Continuous learning").get_by_role("link", name="Items").click()
    loaded(page)
    expect(page.get_by_role("row").filter(has_text=item)).to_contain_text("95 minutes")


def test_a_certificate_of_completion_is_downloaded(page_as):
    page = page_as("experienced_holder", "/cases.html?claim=ellis-0003")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF-")


def test_whoever_has_work_and_no_certifications_begins_with_the_work(page_as, trouble):
    trouble.expect(403)
    page = page_as("operator")
    page.wait_for_url("**/work.html")
    loaded(page)
