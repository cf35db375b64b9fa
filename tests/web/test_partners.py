"""Partner administrators do, account managers read. Northwind of the sample program is behind, in grace, and has lost one."""

import csv
import io
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from local import people
from tests.web.conftest import loaded

TODAY = datetime.now(UTC).date()
PDF = {"name": "proof.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
EXPRESS = "express-networking"
PAGES = ("/partners.html", "/partner.html", "/individuals.html")


@pytest.fixture
def administrator(operator, administrator_of):
    """The administrator of a new partner."""
    partner = f"partner-{uuid.uuid4().hex[:8]}"
    kept = {"name": "Tailspin Networks", "account_managers": [], "contacts": []}
    operator.must("PUT", f"/admin/partners/{partner}", kept)
    return administrator_of(partner)


@pytest.fixture
def engineer(someone, operator):
    """A holder who qualifies for each role of express networking."""
    holder = someone()
    path = f"/admin/holders/{holder['holder']}"
    operator.must("POST", f"{path}/exams", {"exam": "700-505", "kind": "specialist", "passed_on": str(TODAY)})
    operator.must("POST", f"{path}/certifications", {"certification": "ccnp-enterprise", "level": "professional"})
    return holder


def _address(partner, specialization=EXPRESS):
    return f"/specialization.html?partner={partner}&specialization={specialization}"


def _told(page, text):
    expect(page.get_by_role("status")).to_have_text(text)


def test_an_administrator_associates_somebody_fills_roles_and_applies(page_as, trouble, administrator, engineer):
    trouble.expect(422)
    page = page_as(administrator, "/individuals.html")
    page.get_by_label("E-mail address").fill(engineer["account"])
    page.get_by_role("button", name="Associate").click()
    _told(page, f"{engineer['holder']} is associated.")
    expect(page.get_by_role("row").filter(has_text=engineer["holder"])).to_contain_text("Current")

    page.get_by_role("link", name="Specializations", exact=True).click()
    page.get_by_role("link", name="Express networking").click()
    loaded(page)
    application = page.get_by_role("form", name="Application")
    expect(application).to_contain_text("core-not-met")
    application.get_by_role("button", name="Apply").click()
    expect(application.get_by_role("alert")).to_contain_text("am, fe")
    for role in ("Account manager", "Field engineer"):
        page.get_by_role("button", name=f"Fill {role}").click()
        _told(page, f"{engineer['holder']} fills the role of {role.lower()}.")
    expect(application).to_contain_text("Everything that it needs is met today.")
    application.get_by_role("button", name="Apply").click()
    _told(page, "It is approved.")
    expect(page.get_by_label("Summary")).to_contain_text("Approved")
    expect(page.get_by_role("progressbar", name="0 of 40 points")).to_be_visible()


def test_whoever_tries_to_renew_too_early_reads_why_and_from_when(page_as, trouble, call):
    trouble.expect(422)
    page = page_as("partner_administrator", _address("northwind", "collaboration"))
    path = "/partners/northwind/specializations/collaboration"
    shown = call("GET", path, user="partner_administrator").body
    renewal = page.get_by_role("form", name="Renewal")
    expect(renewal).to_contain_text(f"from {shown['renewal']['from']} through {shown['renewal']['through']}")
    assert [block["rule"] for block in shown["blocks"]][:2] == ["renewal-too-early", "points-short"]
    for block in shown["blocks"]:
        expect(renewal).to_contain_text(block["detail"])
        expect(renewal).to_contain_text(block["rule"])
    button = renewal.get_by_role("button", name="Submit the renewal")
    expect(button).to_have_accessible_description(re.compile("renewal-too-early"))
    button.click()
    expect(renewal.get_by_role("alert")).to_contain_text("renewal-too-early")


def test_attendance_counts_with_its_proof_and_is_in_the_file(page_as, trouble, administrator_of, someone):
    """Southridge is on target; somebody joins it, and brings 20 points more."""
    trouble.expect(422)
    administrator, joining = administrator_of("southridge"), someone()
    administrator["client"].must("POST", "/partners/southridge/individuals", {"account": joining["account"]})
    page = page_as(administrator, "/individuals.html")
    page.get_by_role("combobox", name="Individual").select_option(joining["holder"])
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("alert")).to_contain_text("proof-required")
    page.get_by_label("Proof of attendance").set_input_files(PDF)
    page.get_by_role("button", name="Record").click()
    _told(page, "CONFERENCE is recorded for Express networking: 20 points.")

    page = page_as(administrator, _address("southridge"))
    expect(page.get_by_role("progressbar", name="51 of 40 points")).to_be_visible()
    earned = page.get_by_role("table", name="Current employees").get_by_role("row")
    expect(earned.filter(has_text=joining["holder"])).to_contain_text("CONFERENCE")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download as CSV").click()
    assert saved.value.suggested_filename.startswith(f"points-southridge-{EXPRESS}-")
    # A spreadsheet knows by the mark that what follows is UTF-8.
    assert saved.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(saved.value.path().read_text(encoding="utf-8-sig"))))
    assert lines[0] == ["individual", "name", "item", "completed_on", "points"]
    assert [joining["holder"], "", "CONFERENCE", str(TODAY), "20"] in lines


def test_who_leaves_is_a_previous_employee_and_their_role_is_open(page_as, administrator, engineer):
    client, path = administrator["client"], f"/partners/{administrator['partner']}"
    client.must("POST", f"{path}/individuals", {"account": engineer["account"]})
    client.must("PUT", f"{path}/specializations/{EXPRESS}/roles/fe", {"individual": engineer["holder"]})
    page = page_as(administrator, "/individuals.html")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=f"{engineer['holder']} leaves today").click()
    _told(page, f"{engineer['holder']} leaves today.")
    expect(page.get_by_role("row").filter(has_text=engineer["holder"])).to_contain_text("Previous")
    page = page_as(administrator, _address(administrator["partner"]))
    expect(page.get_by_role("row").filter(has_text="Field engineer")).to_contain_text("Has left")


def test_an_account_manager_finds_what_is_urgent_first_and_changes_nothing(page_as):
    page = page_as("account_manager", "/partners.html")
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("In grace")
    expect(rows.nth(2)).to_contain_text("Behind")
    page.get_by_role("button", name="Partner").click()
    page.get_by_role("button", name="Partner").click()
    expect(page.get_by_role("columnheader", name="Partner")).to_have_attribute("aria-sort", "descending")
    names = page.get_by_role("rowheader").all_inner_texts()
    assert names == sorted(names, reverse=True)
    expect(page.get_by_role("button", name="Partner")).to_be_focused()
    page.get_by_label("Partner or specialization").fill("collab")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Collaboration").click()
    loaded(page)
    renewal = page.get_by_role("form", name="Renewal")
    expect(renewal).to_contain_text("The partner's administrators submit it.")
    assert page.locator("main").get_by_role("button").all_inner_texts() == ["Download as CSV"]
    page.get_by_role("link", name="Individuals").click()
    loaded(page)
    expect(page.get_by_role("row").filter(has_text="Nadia Reyes")).to_be_visible()
    assert page.locator("main").get_by_role("button").count() == 0


def test_a_specialization_says_where_it_stands_what_to_do_and_what_is_at_risk(page_as):
    page = page_as("partner_administrator", "/partner.html")
    words = "Behind 31 of 100 points after 8 of 12 months"
    expect(page.get_by_role("row").filter(has_text="Collaboration")).to_contain_text(words)
    page.get_by_role("link", name="Collaboration").click()
    loaded(page)
    anniversary = page.get_by_label("Summary").locator("time").first.inner_text()
    expect(page.get_by_label("Summary")).to_contain_text(words)
    todo = page.locator(".steps li")
    expect(todo.filter(has_text="COLLAB-UPDATE")).to_contain_text(f"By {anniversary}")
    expect(todo.filter(has_text="69 more points")).to_contain_text(f"By {anniversary}")
    lapses = TODAY + timedelta(days=90)
    expect(page.locator("#risk")).to_contain_text("The pace is not enough")
    expect(page.locator("#risk")).to_contain_text(f"valid through {lapses}, before the anniversary")
    expect(page.locator("#risk")).to_contain_text("nobody but Nadia Reyes qualifies")
    previous = page.get_by_role("table", name="Previous employees")
    expect(previous).to_contain_text("Lee Novak")
    expect(page.get_by_role("table", name="Current employees")).not_to_contain_text("Lee Novak")


def test_what_is_lost_tells_how_it_is_regained_and_its_history(page_as):
    page = page_as("partner_administrator", _address("northwind", "data-center"))
    expect(page.get_by_role("form", name="Reactivation")).to_contain_text("points-short")
    expect(page.get_by_role("form", name="Application")).to_contain_text("eighteen-months")
    decided = page.get_by_role("table", name="What was decided").get_by_role("row")
    assert [row.get_by_role("rowheader").inner_text() for row in decided.all()[1:]] == ["Lost", "Grace", "Approved"]


@pytest.mark.parametrize("path", [*PAGES, _address("northwind"), "/audit.html?partner=northwind"])
def test_a_holder_is_told_that_this_is_for_those_who_look_after_partners(page_as, trouble, path):
    trouble.expect(403)
    page = page_as("holder", path)
    expect(page.get_by_role("alert")).to_contain_text("partner-visibility")


def test_whoever_looks_after_partners_begins_with_them(page_as, trouble):
    trouble.expect(403)
    for user, path in (("account_manager", "/partners.html"), ("partner_administrator", "/partner.html")):
        page = page_as(user)
        page.wait_for_url(f"**{path}")
        loaded(page)


def test_once_a_year_is_renewed_its_anniversary_asks_for_nothing(page_as, tailspin):
    shown = tailspin["client"].must("GET", f"/partners/{tailspin['partner']}/specializations/{EXPRESS}")
    assert shown["renewed"]
    page = page_as(tailspin, _address(tailspin["partner"]))
    todo = page.locator("#todo")
    expect(todo).not_to_contain_text("By ")
    expect(todo.get_by_role("listitem").filter(has_text="Fill the role")).to_have_text(
        [re.compile("^Before the next renewal ?Fill the role of (account manager|field engineer)")] * 2
    )
    next_renewal = f"From {shown['renewal']['from']} through {shown['renewal']['through']}"
    expect(todo.get_by_role("listitem").last).to_contain_text(next_renewal)
    expect(todo).to_contain_text("nothing is to be done for it")
    renewal = page.get_by_role("form", name="Renewal")
    expect(renewal).to_contain_text("The next one may be submitted from")
    expect(renewal).not_to_contain_text("core-not-met")


def test_without_a_number_of_points_there_is_no_deadline_and_no_grace(page_as, operator, tailspin):
    library = {"library": ["NET-LAB"], "mandatory": ["NET-LAB"]}
    operator.must("PUT", "/admin/specializations/unified-fabric/library", library)
    page = page_as(tailspin, _address(tailspin["partner"], "unified-fabric"))
    steps = page.locator(".steps li")
    expect(steps.filter(has_text="Let somebody take NET-LAB, which is mandatory.")).to_contain_text("No fixed day")
    expect(steps.filter(has_text="Fill the role of systems engineer")).to_contain_text("No fixed day")
    expect(steps).to_have_count(3)
    expect(steps.last).to_contain_text("stays approved from year to year")
    expect(page.locator(".steps time")).to_have_count(0)
    expect(page.locator("#summary")).not_to_contain_text("Renewal")
    expect(page.locator("#specialization")).not_to_contain_text("grace")
    renewal = page.get_by_role("form", name="Renewal")
    expect(renewal).to_contain_text("points-required")
    expect(renewal).not_to_contain_text("may be submitted")


def test_a_designation_needs_no_renewal_and_offers_none(page_as, tailspin):
    page = page_as(tailspin, f"/partner.html?partner={tailspin['partner']}")
    line = page.get_by_role("row").filter(has_text="Video provider")
    expect(line).to_contain_text("Held without points")
    expect(line).not_to_contain_text("no-points-for-atp")
    line.get_by_role("link").click()
    loaded(page)
    expect(page.locator("#submissions")).to_contain_text("It is held without points and needs no renewal.")
    assert page.get_by_role("button", name=re.compile("renewal|Apply")).count() == 0
    expect(page.locator("#todo")).to_contain_text("No fixed day")
    expect(page.locator("#summary")).not_to_contain_text("0 points")


@pytest.mark.parametrize("user", ["account_manager", "administrator"])
def test_a_proof_of_attendance_is_fetched_by_those_who_look_after_the_partner(page_as, tailspin, user):
    person = tailspin if user == "administrator" else user
    page = page_as(person, f"/individuals.html?partner={tailspin['partner']}")
    row = page.get_by_role("table", name="Attendances of events").get_by_role("row").nth(1)
    for text in ("Zoë Braun", "CONFERENCE", "Express networking", str(TODAY), "20"):
        expect(row).to_contain_text(text)
    with page.expect_download() as saved:
        row.get_by_role("button", name="Download the proof: Zoë Braun, CONFERENCE").press("Enter")
    assert saved.value.path().read_bytes().startswith(b"%PDF-")


def test_an_attendance_that_does_not_count_says_why(page_as, tailspin):
    because = "Zoë Braun was associated through the day before only."

    def answer(route):
        got = route.fetch()
        told, judged = got.json(), {"counts": False, "because": because}
        items = [{**item, **judged} for item in told.get("items", [])]
        return route.fulfill(response=got, json={**told, **judged, "items": items})

    page = page_as(tailspin, "/individuals.html")
    page.route(re.compile(r"/activities(\?|$)"), answer)
    page.get_by_label("Proof of attendance").set_input_files(PDF)
    page.get_by_role("button", name="Record", exact=True).click()
    _told(page, f"CONFERENCE is recorded, but does not count: {because}")
    expect(page.get_by_role("table", name="Attendances of events")).to_contain_text(f"Does not count{because}")


def test_an_attendance_is_recorded_for_what_has_points(page_as, tailspin, administrator):
    page = page_as(tailspin, "/individuals.html")
    choices = page.get_by_label("Counts for").locator("option").all_inner_texts()
    assert choices == ["Express networking (approved)", "Unified fabric (approved)"]
    page = page_as(administrator, "/individuals.html")
    expect(
        page.get_by_text("An attendance counts for a specialization that the partner holds or has lost")
    ).to_be_visible()
    expect(page.get_by_role("button", name="Record", exact=True)).to_be_hidden()


@pytest.mark.parametrize("user", ["account_manager", "administrator"])
def test_a_partner_has_an_audit_of_its_own(page_as, tailspin, user):
    person = tailspin if user == "administrator" else user
    page = page_as(person, f"/partner.html?partner={tailspin['partner']}")
    page.get_by_role("navigation", name="Partner", exact=True).get_by_role("link", name="Audit").click()
    loaded(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tailspin Networks")
    expect(page.get_by_role("link", name="Audit")).to_have_attribute("aria-current", "page")
    assert not page.get_by_role("search").count()
    entries = tailspin["client"].must("GET", f"/partners/{tailspin['partner']}/audit")["items"]
    shown = page.locator("#entries > li")
    expect(shown).to_have_count(len(entries))
    for entry, item in zip(entries, shown.all(), strict=True):
        assert set(item.locator(".rule").all_inner_texts()) == set(entry["rules"])


def test_partners_are_asked_for_ten_at_a_time_and_all_shown(page, page_as, stack, operator):
    account = f"manager-{uuid.uuid4().hex[:8]}@example.com"
    people.token(stack.cloud, stack.outputs["UserPool"], stack.outputs["UserPoolClient"], account, ("account-manager",))
    for _ in range(11):
        kept = {"name": "Fabrikam", "account_managers": [account], "contacts": []}
        operator.must("PUT", f"/admin/partners/fabrikam-{uuid.uuid4().hex[:8]}", kept)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/api/partners?" in request.url else None)
    page = page_as({"account": account, "password": people.PASSWORD}, "/partners.html")
    expect(page.get_by_role("row")).to_have_count(12)
    _told(page, "11 partners; 0 specializations in grace or behind")
    assert ["limit=10" in url for url in asked] == [True, True]
