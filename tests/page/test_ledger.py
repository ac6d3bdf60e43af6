"""The ledger in the page, and measured numbers that open."""

import pytest

pytestmark = pytest.mark.page

LEDGER = "chapters/appendix/claims.html"
SHOWN = "document.querySelectorAll('details.kd-claim:not([hidden])').length"


def test_rows_are_found_by_verdict_chapter_and_words(visit):
    page = visit(LEDGER).page
    rows = page.locator("details.kd-claim")
    assert rows.first.get_attribute("data-verdict") == "fails"
    everything = rows.count()
    fails = page.locator("details[data-verdict=fails]").count()
    for verdict in ("holds", "holds if"):
        page.locator(f"input[value='{verdict}']").uncheck()
    assert page.evaluate(SHOWN) == fails
    assert page.locator(".kd-ledger-status").inner_text() == f"{fails} of {everything} statements are shown."
    page.locator("input[value='holds if']").check()
    page.locator(".kd-ledger-filter select").select_option("temperature")
    of_chapter = page.locator("details[data-chapter=temperature]:not([data-verdict=holds])").count()
    assert page.evaluate(SHOWN) == of_chapter < everything
    page.locator("input[type=search]:visible").last.fill("heating incorrect")
    texts = [row.inner_text().lower() for row in page.locator("details.kd-claim:not([hidden])").all()]
    assert texts
    assert len(texts) < of_chapter
    page.locator("input[type=search]:visible").last.fill("no such words anywhere")
    assert page.evaluate(SHOWN) == 0
    assert page.locator("section section:visible").count() == 0


def test_an_address_opens_its_row(visit):
    page = visit(f"{LEDGER}#claim-31").page
    assert page.locator("details.kd-claim[open]").count() == 1
    page.evaluate("location.hash = '#claim-1'")
    page.locator("#claim-1[open] .kd-statement").wait_for()


def test_a_number_opens_to_its_seeds_by_keys_and_leads_to_its_row_and_back(visit):
    reader = visit("chapters/principles/temperature.html")
    page = reader.page
    number = page.locator(".measured:has(button)").filter(has_text="points").first
    number.locator("button").focus()
    page.keyboard.press("Enter")
    note = page.locator(".kd-measured-note:popover-open")
    assert note.locator("circle").count() == 20
    assert number.inner_text() in note.inner_text()
    box = note.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
    page.keyboard.press("Escape")
    assert page.locator(".kd-measured-note:popover-open").count() == 0
    with_row = page.evaluate(
        """() => {
        const { numbers } = JSON.parse(document.querySelector("script.kd-measured-values").textContent);
        return Object.keys(numbers).find((effect) => numbers[effect].rows.length);
    }"""
    )
    page.locator(f".measured[data-effect='{with_row}'] button").first.click()
    note.locator("a[href*='claims.html#claim-']").first.click()
    row = page.locator("details.kd-claim[open]")
    row.locator(".kd-said-in a", has_text="Temperature").click()
    page.wait_for_url("**/temperature.html#number-*")
    page.wait_for_function("(effect) => document.querySelector(location.hash)?.dataset.effect === effect", arg=with_row)
    assert reader.noise == []
