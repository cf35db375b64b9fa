"""What operators keep of continuous learning."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.web.conftest import loaded


@pytest.fixture
def name():
    return f"kept-{uuid.uuid4().hex[:8]}"


def _told(page, text):
    expect(page.get_by_role("status")).to_have_text(text)


def test_a_partner_is_kept_and_changed(page_as, operator, name):
    page = page_as("operator", "/learning.html")
    page.get_by_label("Id", exact=True).fill(name)
    page.get_by_label("Name", exact=True).fill("Kept & Sons")
    page.get_by_label("Account managers").fill("a@example.com\nb@example.com\n")
    page.get_by_role("button", name="Keep a partner").click()
    _told(page, f"{name} is kept.")
    page.get_by_role("button", name=f"Change {name}").click()
    expect(page.get_by_label("Id", exact=True)).not_to_be_editable()
    expect(page.get_by_label("Account managers")).to_have_value("a@example.com\nb@example.com")
    page.get_by_label("Contacts").fill("learning@kept.example")
    page.get_by_role("button", name="Keep a partner").click()
    _told(page, f"{name} is kept.")
    expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("learning@kept.example")
    [kept] = [one for one in operator.must("GET", "/admin/partners")["partners"] if one["partner"] == name]
    assert kept == {
        "partner": name,
        "name": "Kept & Sons",
        "account_managers": ["a@example.com", "b@example.com"],
        "contacts": ["learning@kept.example"],
    }


def test_an_item_is_worth_its_length_and_joins_a_library(page_as, trouble, operator, name):
    trouble.expect(400)
    page = page_as("operator", "/learning.html?list=items")
    page.get_by_label("Id", exact=True).fill(name)
    page.get_by_label("Minutes").fill("95")
    page.get_by_role("button", name="Keep an item").click()
    _told(page, f"{name} is kept.")
    expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("95 minutes")

    page.get_by_role("link", name="Libraries").click()
    loaded(page)
    page.get_by_label("Specialization").select_option(label="Unified fabric")
    library = page.get_by_label("Library, one item a line")
    before = library.input_value()
    offered = operator.must("GET", "/admin/learning")["specializations"]
    assert before.split() == next(one["library"] for one in offered if one["specialization"] == "unified-fabric")
    library.fill(f"{before}\n{name}\nNOWHERE")
    page.get_by_role("button", name="Keep it so").click()
    expect(page.get_by_role("alert")).to_contain_text("NOWHERE is no item")
    library.fill(f"{before}\n{name}")
    page.get_by_role("button", name="Keep it so").click()
    _told(page, "unified-fabric is kept.")
    expect(page.get_by_role("row").filter(has_text="Unified fabric")).to_contain_text(name)


def test_two_ids_are_merged_once_that_is_sure(page_as, someone):
    one, other = someone(), someone()
    page = page_as("operator", "/learning.html?list=merge")
    page.get_by_label("This id").fill(one["holder"])
    page.get_by_label("Is the same person as").fill(other["holder"])
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Merge two ids").click()
    expect(page.get_by_label("This id")).to_have_value(one["holder"])
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Merge two ids").click()
    _told(page, f"{one['holder']} and {other['holder']} are one person.")


def test_a_holder_is_told_that_this_is_for_operators(page_as, trouble):
    trouble.expect(403)
    page = page_as("holder", "/learning.html")
    expect(page.get_by_role("alert")).to_contain_text("Only operators may do this.")
