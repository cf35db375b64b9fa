"""How a page looks to everybody: narrow and wide, light and dark, to eyes and to screen readers."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LOOKS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]


def look_at(page: Page) -> None:
    """Fails on what axe finds, and on a page that is wider than the screen."""
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response
        assert found["passes"], "nothing was looked at"
        faults = [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]]
        assert faults == [], f"{width} px, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"scrolls sideways at {width} px"
