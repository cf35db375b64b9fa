"""What holds for every page, also for those to come."""

import pytest
from playwright.sync_api import expect

from local.artifact import ROOT
from tests.web.looks import look_at

PAGES = sorted(path.name for path in (ROOT / "web").glob("*.html"))
# Who a page is for, where it is not for holders; signed-in.html and signed-out.html are for nobody in particular.
PEOPLE = {
    "work.html": "operator",
    "audit.html": "operator",
    "announcements.html": "operator",
    "provider.html": "provider",
    "learning.html": "operator",
    "partners.html": "account_manager",
    "partner.html": "partner_administrator",
    "individuals.html": "partner_administrator",
    "specialization.html": "partner_administrator",
}
# What a page is asked for, so that it has something to show.
ASKED = {
    "audit.html": "?holder=ellis",
    "cases.html": "?case=ellis-C0001",
    "specialization.html": "?partner=northwind&specialization=collaboration",
}
# What else a page may show, and to whom: Tailspin's administrator where nobody is named.
MORE = {
    "individuals.html?partner={partner}": None,
    "partner.html?partner={partner}": None,
    "specialization.html?partner={partner}&specialization=express-networking": None,
    "specialization.html?partner={partner}&specialization=unified-fabric": None,
    "specialization.html?partner={partner}&specialization=video-provider": None,
    "audit.html?partner={partner}": None,
    "audit.html?partner=northwind": "account_manager",
    "audit.html?program": "operator",
}
FOR_ANYBODY = ("signed-in.html", "signed-out.html")


@pytest.fixture(params=[*PAGES, *MORE])
def opened(request, page, page_as, trouble):
    """Each page, as somebody whom it is for."""
    # A page is looked at as it is, also where it can only say that it has nothing to show.
    if request.param in FOR_ANYBODY:
        page.goto(f"/{request.param}")
        return page
    if request.param in MORE:
        tailspin = request.getfixturevalue("tailspin")
        return page_as(MORE[request.param] or tailspin, f"/{request.param.format(partner=tailspin['partner'])}")
    return page_as(PEOPLE.get(request.param, "experienced_holder"), f"/{request.param}{ASKED.get(request.param, '')}")


def test_a_page_is_for_everybody_by_the_first_key_in_every_light_and_on_a_telephone(opened):
    if opened.locator(".skip").count():
        opened.keyboard.press("Tab")
        expect(opened.get_by_role("link", name="Skip to content")).to_be_focused()
        opened.keyboard.press("Enter")
        expect(opened.get_by_role("main")).to_be_focused()
    look_at(opened)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_nothing_inline(name):
    """The policy would refuse it in a browser; here it is told without one."""
    text = (ROOT / "web" / name).read_text(encoding="utf-8")
    assert "<style" not in text
    assert " style=" not in text
    assert "<script>" not in text
    assert " onclick=" not in text
