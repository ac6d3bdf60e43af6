"""The speed lab of the chapter on the pipeline: nothing is timed unasked, and what is said was measured here."""

import re

import pytest
from reading import PYTHON_SECONDS, decline

pytestmark = pytest.mark.page

CHAPTER, NAME = "chapters/interplay/pipeline.html", "pipeline.speed"
SAID = """(name) => {
    const figure = document.getElementById(name);
    return /Your clock ticks|too coarse|Time again/.test(figure.querySelector(".kd-sentence").textContent);
}"""


def test_it_times_what_it_says_and_only_when_asked(visit):
    reader = visit(CHAPTER)
    widget = reader.widget(NAME)
    decline(widget)
    sentence = widget.locator(".kd-sentence")
    assert sentence.inner_text().endswith("Nothing is timed yet.")
    widget.get_by_role("button", name="time it here").click()
    reader.page.wait_for_function(SAID, arg=widget.get_attribute("id"), timeout=1000 * PYTHON_SECONDS)
    said = sentence.inner_text()
    found = re.findall(r"(\d+\.\d\d) \((\d+\.\d\d) to (\d+\.\d\d)\), (faster|slower|too close to tell)", said)
    if "Your clock ticks" in said:
        assert len(found) == 3
    for median, low, high, verdict in found:
        assert float(low) <= float(median) <= float(high)
        assert verdict == ("faster" if float(high) < 1 else "slower" if float(low) > 1 else "too close to tell")
    # another setting: what was timed is not shown as if it were of this one
    widget.get_by_role("radio", name="n/2").click()
    reader.page.wait_for_function(
        "(name) => document.getElementById(name).querySelector('.kd-sentence').textContent.includes('another setting')",
        arg=widget.get_attribute("id"),
        timeout=1000 * PYTHON_SECONDS,
    )
    assert reader.noise == []
