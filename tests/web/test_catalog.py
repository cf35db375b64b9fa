"""The catalog is found through by letters, item type and provider."""

import re

from playwright.sync_api import expect


def _found(page):
    return [card.inner_text().split("\n")[0] for card in page.locator("article h2").all()]


def test_a_few_letters_find_a_course_and_its_credits(page_as):
    page = page_as("holder", "/catalog.html")
    page.get_by_label("Search").press_sequentially("acip")
    expect(page.get_by_role("status")).to_have_text("1 course shown")
    card = page.get_by_role("article")
    expect(card.get_by_role("heading")).to_have_text("ACI Programmability ACIPRG")
    expect(card.get_by_text("70 credits")).to_be_visible()


def test_the_catalog_goes_on_to_its_end(page_as, call):
    page = page_as("holder", "/catalog.html")
    courses = call("GET", "/catalog?limit=100", user="holder").body["items"]
    expect(page.get_by_role("status")).to_have_text("25 courses shown, there are more")
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("status")).to_have_text(f"{len(courses)} courses shown")
    assert _found(page) == [f"{course['title']} {course['course']}" for course in courses]


def test_an_item_type_narrows_providers_and_what_is_chosen_stays_on_reload(page_as, call):
    page = page_as("holder", "/catalog.html")
    page.get_by_label("Provider").select_option(value="globex")
    expect(page).to_have_url(re.compile("provider=globex"))
    page.get_by_label("Item type").select_option(value="automation-bootcamp")
    expect(page).to_have_url(re.compile("item_type=automation-bootcamp"))
    courses = call("GET", "/catalog?limit=100&item_type=automation-bootcamp", user="holder").body["items"]
    offering = {id_ for course in courses for id_ in course["item_types"]["automation-bootcamp"]}
    values = page.get_by_label("Provider").evaluate("field => [...field.options].map(option => option.value)")
    assert set(values) == {"", *offering}
    assert "globex" not in offering
    expect(page.get_by_label("Provider")).to_have_value("")
    expect(page.get_by_role("article")).to_have_count(len(courses))
    page.reload()
    expect(page.get_by_label("Item type")).to_have_value("automation-bootcamp")
    expect(page.get_by_role("article")).to_have_count(len(courses))


def test_nothing_found_is_said(page_as):
    page = page_as("holder", "/catalog.html?q=xyzzy")
    expect(page.get_by_text("No course is like that.")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("0 courses shown")
