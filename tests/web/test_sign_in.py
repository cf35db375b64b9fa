"""Who gets in, and what happens when a session ends."""

import json

from playwright.sync_api import expect

from tests.web.conftest import loaded, sign_in

SESSION = "sessionStorage.getItem('standing.session')"


def _change_session(page, **changes):
    session = json.loads(page.evaluate(SESSION))
    page.evaluate("text => sessionStorage.setItem('standing.session', text)", json.dumps({**session, **changes}))


def _form(page):
    return page.get_by_label("Password")


def test_a_wrong_password_is_told_by_the_form_and_the_right_one_leads_to_the_page_asked_for(page, sampled):
    holder = sampled.description["users"]["holder"]
    page.goto("/?status=earned")
    sign_in(page, holder["account"], "Not-the-password-1")
    expect(page.get_by_text("Incorrect username or password.")).to_be_visible()
    sign_in(page, holder["account"], holder["password"])
    page.wait_for_url("**/?status=earned")
    expect(page.get_by_label("Status")).to_have_value("earned")


def test_an_answer_that_this_tab_did_not_ask_for_signs_nobody_in(page, portal):
    page.goto("/signed-in.html?code=stolen&state=guessed")
    expect(page.get_by_role("alert")).to_contain_text("not begun in this tab")
    assert page.evaluate(SESSION) is None
    assert page.url == f"{portal}/signed-in.html"
    page.get_by_role("link", name="Sign in again").click()
    expect(_form(page)).to_be_visible()


def test_a_token_that_was_made_for_another_sign_in_is_not_taken(page, sampled):
    another = {"id_token": sampled.description["users"]["operator"]["token"]}
    page.route("**/oauth2/token", lambda route: route.fulfill(json=another))
    page.goto("/")
    holder = sampled.description["users"]["holder"]
    sign_in(page, holder["account"], holder["password"])
    expect(page.get_by_role("alert")).to_contain_text("not the one that was asked for")
    assert page.evaluate(SESSION) is None


def test_what_the_sign_in_page_refuses_is_told_in_its_words(page, sampled):
    page.route("**/oauth2/token", lambda route: route.fulfill(status=400, json={"error": "invalid_grant"}))
    page.goto("/")
    holder = sampled.description["users"]["holder"]
    sign_in(page, holder["account"], holder["password"])
    expect(page.get_by_role("alert")).to_contain_text("invalid_grant")


def test_a_token_about_to_expire_is_renewed_unnoticed(page_as):
    page = page_as("holder")
    before = json.loads(page.evaluate(SESSION))
    _change_session(page, expires_at=0)
    page.reload()
    loaded(page)
    after = json.loads(page.evaluate(SESSION))
    assert after["token"] != before["token"]
    assert after["expires_at"] > 0


def test_a_session_that_cannot_be_renewed_leads_to_sign_in_and_back(page_as, sampled):
    page = page_as("holder", "/?status=denied")
    _change_session(page, expires_at=0, refresh="too old")
    page.reload()
    holder = sampled.description["users"]["holder"]
    sign_in(page, holder["account"], holder["password"])
    page.wait_for_url("**/?status=denied")
    loaded(page)


def test_a_token_that_the_api_does_not_take_leads_to_sign_in(page_as, trouble):
    page = page_as("holder")
    token = json.loads(page.evaluate(SESSION))["token"]
    _change_session(page, token=token[:-4] + "AAAA")
    trouble.expect(401)
    page.reload()
    expect(_form(page)).to_be_visible()


def test_signing_out_leaves_nothing_behind(page_as):
    page = page_as("holder")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/signed-out.html")
    assert page.evaluate("sessionStorage.length") == 0
    page.get_by_role("link", name="Sign in").click()
    expect(_form(page)).to_be_visible()
