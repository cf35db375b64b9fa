"""A training provider sees what waits for it, and reports completions. Ellis of the sample program waits for acme."""

import pytest
from playwright.sync_api import expect

COLUMNS = "course,version,account,started_on,completed_on,outcome\n"
GOOD = "ENSLD,1.0,roster@example.com,2026-01-12,2026-01-16,completed\n"
BAD = "ENSLD,1.0,roster@example.com,2026-01-12,soon,<b>perhaps\n"


def _send(page, content):
    page.get_by_label("File of").set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": content.encode()})
    page.get_by_role("button", name="Send the file").click()


def test_a_waiting_claim_is_confirmed_and_earned(page_as, sampled, call):
    page = page_as("provider", "/provider.html")
    late = page.get_by_role("row").filter(has_text="SVPN")
    expect(late.get_by_text("Overdue")).to_be_visible()
    page.get_by_label("ellis@example.com, Network Automation Bootcamp").check()
    page.get_by_label("Completed", exact=True).check()
    page.get_by_role("button", name="Report", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("1 row accepted, 0 refused")
    expect(page.get_by_role("row").filter(has_text="AUTOBOOT")).to_contain_text("Reported")
    for _ in range(50):
        claim = call("GET", "/claims/ellis-0007", user="experienced_holder").body
        if claim["status"] == "earned":
            return
        page.wait_for_timeout(200)
    pytest.fail("waited in vain for the report")


def test_nothing_ticked_is_told(page_as):
    page = page_as("provider", "/provider.html")
    page.get_by_label("Not completed").check()
    page.get_by_role("button", name="Report", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the claims that you report.")


def test_a_roster_has_a_result_for_each_row(page_as):
    page = page_as("provider", "/provider.html")
    _send(page, COLUMNS + GOOD + BAD)
    expect(page.get_by_role("status")).to_contain_text("1 row accepted, 1 refused")
    rows = page.get_by_role("table", name="What came of each row").get_by_role("row").all()[1:]
    assert [row.locator(".badge").inner_text() for row in rows] == ["Accepted", "Refused"]
    expect(rows[1]).to_contain_text("completed_on must be a date such as 2024-02-29")
    expect(rows[1].locator("code").filter(has_text="outcome")).to_be_visible()


def test_a_file_that_is_no_roster_is_refused_as_a_whole(page_as, trouble):
    trouble.expect(400)
    page = page_as("provider", "/provider.html")
    _send(page, "name,day\nA,B\n")
    expect(page.get_by_role("alert")).to_contain_text("course: is missing")


def test_a_holder_is_told_that_this_is_for_providers(page_as, trouble):
    trouble.expect(403)
    page = page_as("holder", "/provider.html")
    expect(page.get_by_role("alert")).to_contain_text("Only those who act for a training provider may do this.")
