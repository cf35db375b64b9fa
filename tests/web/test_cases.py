"""A case from the denied item to the operator's decision, in the words of those who write it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

TODAY = datetime.now(UTC).date()
CLAIM = {
    "course": "ENSLD",
    "version": "1.0",
    "item_type": "instructor-led-training",
    "provider": "acme",
    "started_on": str(TODAY - timedelta(days=20)),
    "completed_on": str(TODAY - timedelta(days=16)),
}
HOSTILE = "<img src=x onerror=alert(1)> " + "w" * 1500


@pytest.fixture
def pending(someone, operator):
    """A holder of their own with one claim, submitted today: (holder, claim)."""
    holder = someone()
    award = {
        "certification": "ccnp-enterprise",
        "level": "professional",
        "awarded_on": str(TODAY - timedelta(days=200)),
    }
    operator.must("POST", f"/admin/holders/{holder['holder']}/certifications", award)
    return holder, holder["client"].must("POST", "/claims", CLAIM, key=str(uuid.uuid4()))


@pytest.fixture
def denied(pending, operator):
    """The same, denied."""
    denial = {"outcome": "denied", "reason": "mismatched-credentials"}
    operator.must("POST", f"/admin/claims/{pending[1]['claim_id']}/decision", denial)
    return pending


def test_a_dispute_from_the_denied_item_to_the_decision(page_as, denied):
    holder, claim = denied
    page = page_as(holder)
    page.get_by_role("link", name="Case about Designing Enterprise Networks").click()
    page.get_by_label("What is it about?").fill("The badge carries my other address.")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("status")).to_contain_text("has 1 message.")
    address = page.url.partition("/cases.html")[2]

    page_as("operator", "/work.html?list=open-cases")
    page.get_by_role("article").filter(has_text=holder["holder"]).get_by_role("link", name=claim["title"]).click()
    expect(page.get_by_text("The badge carries my other address.")).to_be_visible()
    page.get_by_label("Your answer").fill("Thank you, that explains it.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_have_text("Your answer was added.")
    page.get_by_label("Decision").select_option(label="Earned: the dispute is upheld")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status")).to_have_text("The claim is decided.")
    expect(page.get_by_role("heading", name="Closed: earned")).to_be_visible()

    page_as(holder, f"/cases.html{address}")
    expect(page.get_by_role("heading", name="Closed: earned")).to_be_visible()
    messages = page.get_by_role("listitem").filter(has=page.locator(".text"))
    assert [one.split(" ")[0] for one in messages.all_inner_texts()] == ["You", "Operator"]
    expect(page.get_by_label("Your answer")).to_be_hidden()
    page.goto("/?status=earned")
    expect(page.get_by_role("rowheader", name="Designing Enterprise Networks")).to_be_visible()


def test_a_claim_that_waits_since_today_is_too_early_in_the_apis_words(page_as, pending, trouble):
    holder, claim = pending
    page = page_as(holder, f"/cases.html?claim={claim['claim_id']}")
    trouble.expect(422)
    page.get_by_label("What is it about?").fill("Why does it take so long?")
    page.get_by_role("button", name="Open the case").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text(f"The claim is pending since {claim['submitted_on']}.")
    expect(refusal).to_contain_text("late-decision")
    expect(page.get_by_label("What is it about?")).to_have_value("Why does it take so long?")


def test_what_people_write_stays_text_and_fits_a_telephone(page_as, denied):
    holder, claim = denied
    case = holder["client"].must("POST", f"/claims/{claim['claim_id']}/cases", {"message": HOSTILE})
    page = page_as("operator", f"/cases.html?case={case['case_id']}")
    page.set_viewport_size({"width": 360, "height": 800})
    for path in (f"/cases.html?case={case['case_id']}", f"/audit.html?holder={holder['holder']}"):
        page.goto(path)
        expect(page.get_by_text(HOSTILE)).to_be_visible()
        assert page.locator("main img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_case_that_is_open_already_is_shown_instead_of_another(page_as, denied):
    holder, claim = denied
    case = holder["client"].must("POST", f"/claims/{claim['claim_id']}/cases", {"message": "First."})
    page = page_as(holder)
    page.get_by_role("link", name="Case about").click()
    page.wait_for_url(f"**/cases.html?case={case['case_id']}")
    expect(page.get_by_text("First.")).to_be_visible()
