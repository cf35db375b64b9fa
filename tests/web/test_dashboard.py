"""The dashboard shows what the API says."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from local import people
from tests.web.conftest import loaded

TODAY = datetime.now(UTC).date()


def _claim(course, version, days_ago):
    return {
        "course": course,
        "version": version,
        "item_type": "instructor-led-training",
        "provider": "acme",
        "started_on": str(TODAY - timedelta(days=days_ago + 4)),
        "completed_on": str(TODAY - timedelta(days=days_ago)),
    }


@pytest.fixture(scope="module")
def holder(someone, operator):
    """A holder with a certification and three items, one of them denied."""
    made = someone()
    award = {
        "certification": "ccie-security",
        "level": "expert",
        "cycle_started_on": str(TODAY - timedelta(days=200)),
        "expires_on": str(TODAY + timedelta(days=30)),
    }
    operator.must("POST", f"/admin/holders/{made['holder']}/certifications", award)
    courses = (("ENSLD", "1.0", 16), ("ACIPRG", "3.0", 9), ("SCOR", "1.0", 30))
    claims = [made["client"].must("POST", "/claims", _claim(*course), key=str(uuid.uuid4())) for course in courses]
    denial = {"outcome": "denied", "reason": "mismatched-credentials"}
    operator.must("POST", f"/admin/claims/{claims[1]['claim_id']}/decision", denial)
    return made


def _rows(page, caption):
    """The texts of a table's cells, row by row."""
    rows = page.get_by_role("table", name=caption).get_by_role("row").all()[1:]
    return [[" ".join(cell.inner_text().split()) for cell in row.locator("th, td").all()] for row in rows]


def _titles(page):
    return [row[0] for row in _rows(page, "My items")]


def test_the_certification_table_is_the_apis(page_as, holder):
    lines = holder["client"].must("GET", "/dashboard")["certifications"]
    assert _rows(page_as(holder), "Certifications") == [
        [
            line["name"],
            line["level"].capitalize(),
            line["status"].capitalize(),
            line["last_extension"],
            f"{line['expires_on']} in {line['days_to_expire']} days",
        ]
        for line in lines
    ]


def test_my_items_are_the_apis_and_a_denied_one_has_its_reason(page_as, holder):
    claims = holder["client"].must("GET", "/claims")["items"]
    reason = {"denied": " Mismatched credentials Case"}
    assert _rows(page_as(holder), "My items") == [
        [
            f"{claim['title']} {claim['course']} {claim['version']}",
            claim["status"].capitalize() + reason.get(claim["status"], ""),
            "Instructor-led training",
            str(claim["credits"]),
            claim["started_on"],
            claim["completed_on"],
            claim["submitted_on"],
            "\N{EN DASH} none" if claim["expires_on"] is None else claim["expires_on"],
        ]
        for claim in claims
    ]


def test_items_are_sorted_by_keyboard_alone(page_as, holder):
    page = page_as(holder)
    credits = page.get_by_role("button", name="Credits")
    credits.focus()
    page.keyboard.press("Enter")
    heading = page.get_by_role("columnheader", name="Credits")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(credits).to_be_focused()
    ascending = [int(row[3]) for row in _rows(page, "My items")]
    page.keyboard.press("Space")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert [int(row[3]) for row in _rows(page, "My items")] == ascending[::-1] == sorted(ascending, reverse=True)


def test_items_are_filtered_by_name_and_status_and_stay_so_on_reload(page_as, holder):
    page = page_as(holder)
    page.get_by_label("Course").press_sequentially("aci")
    expect(page.get_by_role("status")).to_have_text("1 item shown")
    page.get_by_label("Status").select_option("Pending")
    expect(page.get_by_text("None of your items is like that.")).to_be_visible()
    page.get_by_label("Course").fill("")
    expect(page.get_by_role("status")).to_have_text("2 items shown")
    page.reload()
    expect(page.get_by_role("status")).to_have_text("2 items shown")
    assert not [title for title in _titles(page) if "ACIPRG" in title]


def test_an_account_of_nobody_is_told_so_in_the_apis_words(page_as, sampled, trouble):
    pool, client = sampled.outputs["UserPool"], sampled.outputs["UserPoolClient"]
    people.token(sampled.cloud, pool, client, account := f"{uuid.uuid4().hex}@example.com")
    trouble.expect(403)
    problem = page_as({"account": account, "password": people.PASSWORD}).get_by_role("alert")
    expect(problem).to_contain_text("Your account belongs to no holder; an operator links it.")
    expect(problem).to_contain_text("account-not-linked")


def test_what_somebody_wrote_stays_text(page_as, holder):
    page = page_as(holder)
    told = {
        "announcement": "a",
        "text": "<img src=x onerror=alert(1)>",
        "shown_from": "2026-01-02",
        "shown_until": None,
    }

    def announce(route):
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "announcements": [told]})

    page.route("**/api/dashboard", announce)
    page.reload()
    loaded(page)
    expect(page.get_by_text(told["text"])).to_be_visible()
    assert page.locator("img").count() == 0


def test_a_read_that_came_at_a_busy_moment_is_tried_again(page_as, holder, trouble):
    page = page_as(holder)
    trouble.expect(503)
    busy = {"status": 503, "headers": {"retry-after": "1"}, "json": {"title": "Busy", "detail": "Too much at once."}}
    page.route("**/api/dashboard", lambda route: route.fulfill(**busy), times=1)
    page.reload()
    expect(page.get_by_role("rowheader", name="ccie-security")).to_be_visible()


def test_the_tables_are_shown_as_of_another_day_and_stay_so_on_reload(page_as, holder):
    page = page_as(holder)
    later = TODAY + timedelta(days=40)
    page.get_by_label("As of").fill(str(later))
    row = page.get_by_role("row").filter(has_text="ccie-security")
    expect(row).to_contain_text("10 days ago")
    expect(page.get_by_role("row").filter(has_text="SCOR")).to_contain_text("Overdue")
    page.reload()
    expect(row).to_contain_text("10 days ago")
    page.get_by_role("button", name="Today").click()
    expect(row).to_contain_text("in 30 days")


def test_the_deadlines_are_saved_as_a_calendar(page_as, holder):
    page = page_as(holder)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save deadlines").click()
    assert saved.value.suggested_filename == "deadlines.ics"
    text = saved.value.path().read_text(encoding="utf-8")
    assert text.startswith("BEGIN:VCALENDAR")
    assert "SUMMARY:ccie-security expires" in text
