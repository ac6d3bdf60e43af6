"""The page of feedback on an exercise, read by everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from grading.test_feedback import RESULT, with_text_everywhere

from kdlab.grading.feedback import write_feedback

pytestmark = pytest.mark.page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1000), ("dark", 360)])
def test_everybody_can_read_it(browser, tmp_path, scheme, width):
    """No fault that axe finds, in light and dark, wide and on a phone, and no sideways scroll."""
    results = [RESULT, RESULT | {"status": "invalid_notebook"}, with_text_everywhere("wide" * 200)]
    paths = write_feedback([result | {"student": f"s{i}"} for i, result in enumerate(results)], tmp_path)
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    tab = context.new_page()
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: pytest.fail(message.text))
    for path in paths:
        tab.goto(path.as_uri())
        for summary in tab.query_selector_all("summary"):
            summary.click()
        found = Axe().run(tab)
        assert found.violations_count == 0, found.generate_report()
        assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert asked == [path.as_uri() for path in paths]
    context.close()
