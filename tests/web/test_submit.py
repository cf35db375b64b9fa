"""An item is submitted: previewed by the rules, with its certificate, once."""

import json
import time
import uuid
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect
from policy.dates import add_years

from tests.web.looks import look_at

TODAY = datetime.now(UTC).date()
PDF = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + bytes(1000)}
NO_PDF = {"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"Notes on a course"}
TOO_BIG = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-".ljust(5 * 2**20 + 1)}
WAIT_SECONDS = 60


def _ago(days):
    return str(TODAY - timedelta(days=days))


@pytest.fixture
def holder(someone, operator):
    """A holder whom 40 credits recertify."""
    made = someone()
    award = {
        "certification": "ccnp-enterprise",
        "level": "professional",
        "cycle_started_on": _ago(500),
        "expires_on": str(TODAY + timedelta(days=400)),
    }
    operator.must("POST", f"/admin/holders/{made['holder']}/certifications", award)
    exam = {"exam": "300-410", "kind": "concentration", "passed_on": _ago(90)}
    operator.must("POST", f"/admin/holders/{made['holder']}/exams", exam)
    return made


def _field(page, name):
    return page.get_by_role("combobox", name=name, exact=True)


def _complete(page, days_ago):
    page.get_by_label("Started on").fill(_ago(days_ago + 4))
    page.get_by_label("Completed on").fill(_ago(days_ago))


def _preview(page):
    page.get_by_role("button", name="Preview").click()
    shown = page.get_by_role("region", name="Preview")
    expect(shown).to_be_visible()
    return shown


def _report(sampled, holder, claim):
    """The provider reports on the queue that the claim's course was completed."""
    names = ("provider", "course", "version", "started_on", "completed_on")
    report = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "https://acme.example/lms",
        "type": "completion.reported.v1",
        "time": datetime.now(UTC).isoformat(),
        "data": {**{name: claim[name] for name in names}, "account": holder["account"], "outcome": "completed"},
    }
    queue = sampled.description["queue"]
    sampled.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(report))
    deadline = time.monotonic() + WAIT_SECONDS
    while holder["client"].must("GET", f"/claims/{claim['claim_id']}")["status"] == "pending":
        assert time.monotonic() < deadline, "the report decided nothing"
        time.sleep(0.2)


def test_a_claim_leads_to_recertification(page_as, sampled, holder):
    page = page_as(holder, "/catalog.html?q=ensld")
    page.get_by_role("link", name="Claim Designing Enterprise Networks").click()
    expect(_field(page, "Course")).to_have_value("Designing Enterprise Networks (ENSLD) 1.0")
    _field(page, "Item type").select_option("Instructor-led training")
    expect(_field(page, "Provider")).to_have_value("acme")
    _complete(page, 16)
    preview = _preview(page)
    renewed_until = str(add_years(TODAY - timedelta(days=16), 3))
    expect(preview).to_contain_text("It would recertify ccnp-enterprise")
    expect(preview).to_contain_text(f"From {_ago(16)}, the day on which 40 credits + 1 professional exam are met")
    expect(preview).to_contain_text("Waiting would gain")
    look_at(page)
    page.get_by_role("button", name="Submit this item").dblclick()
    claimed = page.get_by_role("region", name="Submitted")
    expect(claimed).to_contain_text("Acme Learning is to confirm")
    (claim,) = holder["client"].must("GET", "/claims")["items"]
    _report(sampled, holder, claim)

    claimed.get_by_role("link", name="To the dashboard").click()
    items = page.get_by_role("table", name="My items")
    expect(items.get_by_role("row", name="Designing Enterprise Networks")).to_contain_text("Redeemed")
    certification = page.get_by_role("table", name="Certifications").get_by_role("row", name="ccnp-enterprise")
    expect(certification).to_contain_text(_ago(16))
    expect(certification).to_contain_text(renewed_until)
    certification.get_by_role("link").click()
    history = page.get_by_role("region", name="History of earlier cycles")
    expect(history).to_contain_text(f"Recertified {_ago(16)}")
    expect(history).to_contain_text("300-410")
    expect(history.get_by_role("row", name="Designing Enterprise Networks")).to_contain_text("40")
    expect(page.get_by_role("img", name="Timeline of ccnp-enterprise")).to_contain_text("Recertified")
    look_at(page)


def test_a_refused_claim_says_why_in_the_apis_words_and_keeps_what_was_typed(page_as, holder):
    page = page_as(holder, "/submit.html?course=ENSLD")
    _field(page, "Item type").select_option("Instructor-led training")
    _complete(page, 366)
    page.get_by_label("Certificate id").fill("CDLL-7")
    refused = {"course": "ENSLD", "version": "1.0", "item_type": "instructor-led-training", "provider": "acme"}
    refused |= {"started_on": _ago(370), "completed_on": _ago(366), "certificate_id": "CDLL-7"}
    refusal = holder["client"].must("POST", "/claims/preview", refused)["refusal"]
    preview = _preview(page)
    expect(preview.get_by_role("alert")).to_contain_text(refusal["detail"])
    expect(preview.get_by_role("alert")).to_contain_text("Rule claim-window")
    expect(preview.get_by_role("button")).to_have_count(0)
    expect(page.get_by_label("Completed on")).to_have_value(_ago(366))
    expect(page.get_by_label("Certificate id")).to_have_value("CDLL-7")
    _complete(page, 20)
    expect(preview).to_be_hidden()
    expect(_preview(page)).to_contain_text("It would be accepted")
    assert holder["client"].must("GET", "/claims")["items"] == []


def test_a_claim_refused_after_its_preview_can_be_sent_again_as_the_same(page_as, holder, trouble):
    page = page_as(holder, "/submit.html?course=ENSLD")
    _field(page, "Item type").select_option("Instructor-led training")
    _complete(page, 20)
    _preview(page)
    keys = []
    page.on("request", lambda sent: sent.url.endswith("/api/claims") and keys.append(sent.headers["idempotency-key"]))
    trouble.expect(503)
    busy = {"status": 503, "json": {"title": "Busy", "detail": "Too much at once; try again."}}
    page.route("**/api/claims", lambda route: route.fulfill(**busy), times=1)
    page.get_by_role("button", name="Submit this item").click()
    expect(page.get_by_role("alert")).to_contain_text("Too much at once; try again.")
    page.get_by_role("button", name="Submit this item").click()
    expect(page.get_by_role("region", name="Submitted")).to_be_visible()
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_certificate_is_uploaded_to_the_store_and_claimed_with(page_as, holder):
    page = page_as(holder, "/submit.html?course=SAUTO")
    expect(_field(page, "Item type")).to_have_value("direct-delivery")
    expect(page.get_by_text("required for this item type")).to_be_visible()
    _complete(page, 20)
    expect(_preview(page).get_by_role("alert")).to_contain_text("certificate-required")
    file = page.get_by_label("Certificate of completion")
    file.set_input_files(NO_PDF)
    expect(page.get_by_role("alert")).to_contain_text("notes.pdf is no PDF, PNG or JPEG file.")
    expect(file).to_have_value("")
    file.set_input_files(TOO_BIG)
    expect(page.get_by_role("alert")).to_contain_text("scan.pdf is larger than 5 MiB")
    file.set_input_files(PDF)
    expect(page.get_by_text("certificate.pdf is uploaded.")).to_be_visible()
    expect(_preview(page)).to_contain_text("It would be accepted")
    page.get_by_role("button", name="Submit this item").click()
    expect(page.get_by_role("region", name="Submitted")).to_contain_text("Pending")
    (claim,) = holder["client"].must("GET", "/claims")["items"]
    kept = holder["client"].must("GET", f"/claims/{claim['claim_id']}/certificate")
    with urlopen(kept["url"], timeout=30) as answer:
        assert answer.read() == PDF["buffer"]


def test_who_has_not_accepted_the_terms_accepts_them_first(page_as, someone):
    page = page_as(someone(terms=False), "/submit.html")
    expect(_field(page, "Course")).to_be_hidden()
    page.get_by_label("I accept the program").check()
    page.get_by_role("button", name="Accept and go on").click()
    expect(_field(page, "Course")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("no-eligible-certification")


def _tab_to(page, target):
    for _ in range(12):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(target).to_be_focused()


def test_an_item_is_submitted_by_keyboard_alone(page_as, holder):
    page = page_as(holder, "/submit.html")
    course = _field(page, "Course")
    _tab_to(page, page.get_by_role("link", name="Skip to content"))
    page.keyboard.press("Enter")
    _tab_to(page, course)
    page.keyboard.type("encor")
    courses = page.get_by_role("listbox", name="Courses")
    options = courses.get_by_role("option")
    expect(options.first).to_contain_text("(ENCOR) 1.2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(course).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    page.keyboard.press("Enter")
    expect(course).to_have_value("Implementing and Operating Enterprise Network Core Technologies (ENCOR) 1.0")
    expect(courses).to_be_hidden()
    # Typed over, Enter at once: the first of what stands there now.
    course.press("Control+a")
    page.keyboard.type("ensld")
    page.keyboard.press("Enter")
    expect(course).to_have_value("Designing Enterprise Networks (ENSLD) 1.0")
    _tab_to(page, _field(page, "Item type"))
    page.keyboard.type("Instr")
    for label, days in (("Started on", 24), ("Completed on", 20)):
        _tab_to(page, page.get_by_label(label))
        page.keyboard.type(f"{TODAY - timedelta(days=days):%m%d%Y}")
    _tab_to(page, page.get_by_role("button", name="Preview"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Preview")).to_be_focused()
    _tab_to(page, page.get_by_role("button", name="Submit this item"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Submitted")).to_be_focused()
    (claim,) = holder["client"].must("GET", "/claims")["items"]
    assert (claim["course"], claim["completed_on"]) == ("ENSLD", _ago(20))


def test_a_text_that_is_no_course_is_not_previewed(page_as, holder):
    page = page_as(holder, "/submit.html")
    _field(page, "Course").fill("xyzzy")
    expect(page.get_by_role("status").first).to_have_text("0 courses found")
    page.get_by_role("button", name="Preview").click()
    message = _field(page, "Course").evaluate("field => field.validationMessage")
    assert message == "Choose a course from the list."
    expect(page.get_by_role("heading", name="Preview")).to_be_hidden()
