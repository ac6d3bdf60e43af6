"""How a student meets an exercise in the page: an editor for each function, Check, and what it says."""

from __future__ import annotations

from reading import PYTHON_SECONDS, write


def block_of(reader, exercise, function):
    """Return the place of one function of an exercise."""
    return reader.page.locator(f"#exercise-{exercise.replace('/', '-')}-{function}")


def editor_of(block):
    opening = block.get_by_role("button", name="Write your answer")
    if opening.is_visible():
        opening.click()
    return block.get_by_role("textbox", name="Python code")


def fill(reader, exercise, sources):
    for function, source in sources.items():
        write(editor_of(block_of(reader, exercise, function)), source)


def check(block, seconds=PYTHON_SECONDS):
    """Press Check and return the verdict once it is there."""
    block.evaluate("(place) => place.querySelector('.kd-result').replaceChildren()")
    block.get_by_role("button", name="Check (").click()
    verdict = block.locator(".kd-result .kd-verdict").first
    verdict.wait_for(timeout=1000 * seconds)
    return verdict.inner_text()
