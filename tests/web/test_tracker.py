"""The tracker says what the API says, in its words."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from api.words import parts_in_words
from playwright.sync_api import expect

TODAY = datetime.now(UTC).date()
PATH = "/certifications/ccie-security/progress"


def _ago(days):
    return str(TODAY - timedelta(days=days))


@pytest.fixture(scope="module")
def holder(someone, operator):
    """A holder with an expert certification, and credits and an exam that count toward it."""
    made = someone()
    award = {"certification": "ccie-security", "level": "expert", "awarded_on": _ago(300)}
    operator.must("POST", f"/admin/holders/{made['holder']}/certifications", award)
    for course, version, provider, days in (("ENSLD", "1.0", "acme", 60), ("ENAUTO", "1.2", "globex", 30)):
        claim = {"course": course, "version": version, "item_type": "instructor-led-training", "provider": provider}
        claim |= {"started_on": _ago(days + 4), "completed_on": _ago(days)}
        made_claim = made["client"].must("POST", "/claims", claim, key=str(uuid.uuid4()))
        operator.must("POST", f"/admin/claims/{made_claim['claim_id']}/decision", {"outcome": "earned"})
    exam = {"exam": "300-710", "kind": "concentration", "passed_on": _ago(20)}
    operator.must("POST", f"/admin/holders/{made['holder']}/exams", exam)
    return made


def _texts(locator):
    return [" ".join(text.split()) for text in locator.all_inner_texts()]


# After a thousand days the certification has expired, and nothing remains to be done.
@pytest.mark.parametrize("as_of", ["", str(TODAY + timedelta(days=100)), str(TODAY + timedelta(days=1000))])
def test_numbers_are_the_apis_on_any_day(page_as, holder, as_of):
    progress = holder["client"].must("GET", PATH + (f"?as_of={as_of}" if as_of else ""))
    page = page_as(holder, f"/tracker.html?certification=ccie-security&as_of={as_of}")
    remains = page.get_by_role("region", name="What remains")
    assert _texts(remains.get_by_role("listitem")) == [parts_in_words(left) for left in progress["remaining"]]
    bars = page.get_by_role("progressbar")
    assert [(bar.get_attribute("value"), bar.get_attribute("max")) for bar in bars.all()] == [
        (str(number - option["remaining"].get(part, 0)), str(number))
        for option in progress["options"]
        for part, number in option["needs"].items()
    ]
    counted = page.get_by_role("table", name="Credits that count").get_by_role("row")
    cells = [_texts(row.locator("td")) for row in counted.all()[1:]]
    assert cells == [[str(claim["credits"]), claim["completed_on"]] for claim in progress["counted"]]
    expect(page.locator("#summary")).to_contain_text(progress["expires_on"])
    exams = page.get_by_role("table", name="Exams that count").get_by_role("row")
    assert [row.locator("td").last.inner_text() for row in exams.all()[1:]] == [
        exam["passed_on"] for exam in progress["exams"]
    ]
    assert page.locator(".timeline circle.counts").count() == len(progress["counted"]) + len(progress["exams"])


def test_a_day_on_which_it_was_not_known_is_told_and_another_asked_for(page_as, holder, trouble):
    page = page_as(holder, "/tracker.html?certification=ccie-security")
    expect(page.get_by_role("heading", name="ccie-security")).to_be_visible()
    trouble.expect(404)
    page.get_by_label("As of").fill(_ago(200))
    expect(page.get_by_role("alert")).to_contain_text("such certification")
    expect(page.get_by_role("heading", name="ccie-security")).to_be_hidden()
    page.get_by_label("As of").fill("")
    expect(page.get_by_role("heading", name="ccie-security")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_timeline_fits_a_telephone_and_is_told_in_words(page_as, holder):
    page = page_as(holder, "/tracker.html?certification=ccie-security")
    page.set_viewport_size({"width": 360, "height": 800})
    picture = page.get_by_role("img", name="Timeline of ccie-security")
    expect(picture).to_have_attribute("width", re.compile(r"^3[0-5]\d$"))
    outside = """picture => {
        const frame = picture.getBoundingClientRect();
        const boxes = [...picture.querySelectorAll("text")].map(text => text.getBoundingClientRect());
        return boxes.filter(({left, right}) => left < frame.left || right > frame.right).length;
    }"""
    assert picture.evaluate(outside) == 0
    page.get_by_text("The timeline in words").click()
    told = page.get_by_role("table", name="Timeline").get_by_role("row").all()[1:]
    assert [row.get_by_role("rowheader").inner_text() for row in told] == [
        *map(_ago, (300, 60, 30, 20, 0)),
        holder["client"].must("GET", PATH)["expires_on"],
    ]
