"""The portal in a real browser, on the deployed stack, with the headers that the template gives it.

page_as("holder", "/catalog.html") signs somebody in through the sign-in form and gives the page that was asked for.
A test fails on anything that went wrong in the browser: an error on the console, a violated policy, a failed request.
"""

import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright

from local import people
from local.stack import Stack
from local.web import Client
from tests.conftest import reaching_ledger
from tests.web import tailspin as states

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT_MILLISECONDS = 20_000
expect.set_options(timeout=WAIT_MILLISECONDS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        reason = "no Chromium here, so nothing of the portal was tested; Debian has it: apt-get install chromium"
        for item in items:
            if "browser" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=reason))


class Trouble:
    """What went wrong in the browser on the portal's own pages, except what a test says it expects."""

    def __init__(self, portal: str) -> None:
        self._portal = portal
        self._expected: set[int] = set()
        self.seen: list[str] = []

    def expect(self, status: int) -> None:
        """Answers of this status are what the test is about."""
        self._expected.add(status)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))
        page.on("console", lambda message: self._hear(message.type, message.text, message.location["url"]))
        page.on("requestfailed", lambda request: self._fail(request.url, request.failure or ""))
        page.on("response", self._look)

    def _hear(self, kind: str, text: str, url: str) -> None:
        # The status of an answer is looked at below.
        if kind in ("error", "warning") and url.startswith(self._portal) and "Failed to load resource" not in text:
            self.seen.append(f"{kind}: {text}")

    def _fail(self, url: str, failure: str) -> None:
        # A search gives up the call before; leaving a page gives up what it still waits for.
        if url.startswith(self._portal) and failure != "net::ERR_ABORTED":
            self.seen.append(f"{url}: {failure}")

    def _look(self, response: Response) -> None:
        if response.url.startswith(self._portal) and response.status >= 400 and response.status not in self._expected:
            self.seen.append(f"{response.url}: {response.status}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def portal(stack: Stack) -> str:
    """The portal's address."""
    address: str = stack.description["portal"]
    return address


@pytest.fixture
def trouble(portal: str) -> Iterator[Trouble]:
    watched = Trouble(portal)
    yield watched
    assert watched.seen == []


@pytest.fixture
def context(browser: Browser, portal: str) -> Iterator[BrowserContext]:
    """A browser of its own for each test: nobody is signed in."""
    made = browser.new_context(base_url=portal)
    made.set_default_timeout(WAIT_MILLISECONDS)
    yield made
    made.close()


@pytest.fixture
def page(trouble: Trouble, context: BrowserContext) -> Page:
    opened = context.new_page()
    trouble.watch(opened)
    return opened


# Sessions by account: the form is filled in once for each.
_sessions: dict[str, dict[str, str]] = {}
PageAs = Callable[..., Page]


@pytest.fixture
def page_as(sampled: Stack, page: Page) -> PageAs:
    """page_as(user, path): the page, once it has loaded, as one of the known people or as somebody from `someone`."""

    def open_as(user: str | Mapping[str, str], path: str = "/") -> Page:
        person = sampled.description["users"][user] if isinstance(user, str) else user
        session = _sessions.get(person["account"])
        page.goto("/signed-out.html")
        page.evaluate("session => sessionStorage.clear() || Object.assign(sessionStorage, session)", session)
        page.goto(path)
        if not session:
            sign_in(page, person["account"], person["password"])
            page.wait_for_url(f"**{path}")
        loaded(page)
        _sessions[person["account"]] = page.evaluate("({...sessionStorage})")
        return page

    return open_as


def sign_in(page: Page, account: str, password: str) -> None:
    """Fill in the sign-in form of the pool, on which a page ends up that nobody is signed in for."""
    page.get_by_label("Username").fill(account)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def loaded(page: Page) -> None:
    """Wait until a page has said what it shows, or why it shows nothing."""
    said = page.locator("#status:not(:empty), #problem:not(:empty)")
    said.first.wait_for(state="attached")


@pytest.fixture(scope="session")
def someone(sampled: Stack) -> Callable[..., dict[str, Any]]:
    """someone(): a new holder who has accepted the terms, {account, password, holder, client} (client: local.web.Client)."""

    def make(*, terms: bool = True) -> dict[str, Any]:
        name = f"holder-{uuid.uuid4().hex[:8]}"
        account, api = f"{name}@example.com", sampled.description["api"]
        operator = Client(api, sampled.description["users"]["operator"]["token"])
        operator.must("PUT", f"/admin/holders/{name}", {"accounts": [account]})
        pool, client = sampled.outputs["UserPool"], sampled.outputs["UserPoolClient"]
        holder = Client(api, people.token(sampled.cloud, pool, client, account))
        if terms:
            holder.must("PUT", "/enrollment", {"terms_version": "2026-01"})
        return {"account": account, "password": people.PASSWORD, "holder": name, "client": holder}

    return make


@pytest.fixture(scope="session")
def tailspin(sampled: Stack, administrator_of: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The administrator of a partner as `states` has it, and its one employee, who left today."""
    partner, who = (f"{name}-{uuid.uuid4().hex[:8]}" for name in ("tailspin", "zoe"))
    with reaching_ledger(sampled):
        states.live(partner, who, sampled.description["users"]["account_manager"]["account"])
    administrator = administrator_of(partner)
    states.attend(administrator["client"], partner, who)
    administrator["client"].must("DELETE", f"/partners/{partner}/individuals/{who}")
    return {**administrator, "individual": who}


@pytest.fixture(scope="session")
def operator(sampled: Stack) -> Client:
    """An operator's calls to the API."""
    return Client(sampled.description["api"], sampled.description["users"]["operator"]["token"])
