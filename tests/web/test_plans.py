"""Plans are the API's, best first, and lead on to the catalog and to a claim."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from api.words import parts_in_words
from playwright.sync_api import expect

from tests.web.looks import look_at

TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def holder(someone, operator):
    """A holder with an associate certification that has a year to go."""
    made = someone()
    award = {"certification": "ccna", "level": "associate", "awarded_on": str(TODAY - timedelta(days=730))}
    operator.must("POST", f"/admin/holders/{made['holder']}/certifications", award)
    return made


def test_ways_are_the_apis_best_first(page_as, holder):
    plan = holder["client"].must("POST", "/plans", {"certification": "ccna"})
    page = page_as(holder, "/plans.html?certification=ccna")
    ways = page.locator("#ways > li")
    expect(page.get_by_role("status")).to_contain_text(f"{len(plan['ways'])} ways to recertify ccna by {plan['by']}")
    expect(ways).to_have_count(len(plan["ways"]))
    for way, shown in zip(plan["ways"], ways.all(), strict=True):
        heading = shown.get_by_role("heading")
        expect(heading).to_contain_text("Best" if way["rank"] == 1 else f"Rank {way['rank']}")
        told = " ".join(shown.inner_text().split())
        if way["exams"]:
            assert parts_in_words(way["exams"]) in told
        if way["courses"]:
            assert f"Courses {way['courses']} Credits {way['credits']}, {way['credits_to_spare']} to spare" in told
        assert f"From {way['from']} Through {way['through']}" in told
        assert f"Recertified on {way['recertified_on']} New expiration {way['expires_on']}" in told
        listed = [course["course"] for choice in way["choose"] for course in choice["courses"]]
        assert shown.locator("a.claim").count() == len(listed)
    look_at(page)


def test_a_course_of_a_plan_is_claimed(page_as, holder):
    page = page_as(holder, "/plans.html")
    link = page.get_by_role("link", name=re.compile("^Claim ")).first
    title = link.inner_text().removeprefix("Claim").strip()
    link.click()
    course = page.get_by_role("combobox", name="Course")
    expect(course).to_have_value(re.compile(re.escape(title)))


def test_a_day_that_cannot_be_is_told_in_the_apis_words(page_as, holder, trouble):
    trouble.expect(400)
    by = str(TODAY - timedelta(days=1))
    page = page_as(holder, f"/plans.html?certification=ccna&by={by}")
    refused = holder["client"].call("POST", "/plans", {"certification": "ccna", "by": by})
    expect(page.get_by_role("alert")).to_contain_text(refused.body["errors"][0]["message"])
    expect(page.locator("#ways > li")).to_have_count(0)


def test_what_is_pending_is_told_and_not_counted_on(page_as, holder):
    claim = {"course": "CCNA", "version": "2.1", "item_type": "networking-academy", "provider": "academy"}
    claim |= {"started_on": str(TODAY - timedelta(days=9)), "completed_on": str(TODAY - timedelta(days=5))}
    holder["client"].must("POST", "/claims", claim, key="pending")
    page = page_as(holder, "/plans.html")
    expect(page.get_by_text("30 credits more would count if your pending claims are earned.")).to_be_visible()
