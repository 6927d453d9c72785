"""A logo is uploaded, seen in use, and removed by keyboard on a phone's width; then undone."""

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Response, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import CH13

pytestmark = pytest.mark.browser


def shows_a_logo(answer: Response) -> bool:
    """Return whether this is the preview with the uploaded logo, which follows that of its file."""
    sent = answer.request.post_data or ""
    return answer.url.endswith("/preview") and bool(re.search(r"\blogo=\w", sent))


@pytest.mark.parametrize("page", [(390, 844, "light")], indirect=True)
def test_a_logo_is_removed_by_keyboard_and_comes_back(page: Page, served: Any) -> None:
    require_axe()
    held = io.BytesIO()
    Image.new("RGBA", (120, 60), (250, 210, 40, 255)).save(held, "PNG")
    page.goto(f"/settings/graphics/{CH13}")
    seal = {"name": "City seal.png", "mimeType": "image/png", "buffer": held.getvalue()}
    # A preview that is left on the way counts as an error of the page.
    with page.expect_response("**/preview"):
        page.locator("#bug_on").check()
    with page.expect_response(shows_a_logo):
        page.set_input_files("#logo-file", [seal])
    expect(page.locator("[data-logo-word]")).to_contain_text("is uploaded and chosen")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator("#says")).to_contain_text("Changed the graphics")
    page.get_by_role("link", name="Remove a logo").press("Enter")
    expect(page.locator("li", has_text="City seal")).to_contain_text("Bug of")
    found = findings(page) + overflow_findings(page)
    page.get_by_role("button", name="Remove City seal").press("Enter")
    expect(page.locator("#confirm")).to_contain_text("is switched off: it has no letters")
    page.get_by_role("button", name="Remove it").press("Enter")
    expect(page.locator("#says")).to_contain_text("Removed the logo City seal.")
    expect(page.locator("main")).to_contain_text("No logo has been uploaded.")
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("li", has_text="City seal")).to_contain_text("Bug of")
    assert found == []
