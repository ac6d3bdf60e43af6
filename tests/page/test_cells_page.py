"""The code cells of the text, run and edited in the page: unchanged they answer without Python, changed by Python."""

import re

import pytest
from reading import LISTEN, ROOT, TOC, WIDGETS, read, write

from kdlab.explore.cells import run

pytestmark = pytest.mark.page

CHAPTER = "chapters/principles/temperature.html"
CELL = re.compile(r"^```\{code-cell\} ipython3\n(.*?)^```", re.M | re.S)
CELLS = [cell.rstrip("\n") for cell in CELL.findall((ROOT / CHAPTER).with_suffix(".md").read_text("utf-8"))]


def cell(reader, number):
    return reader.page.locator("div.cell:has(> .cell_input)").nth(number)


def press(reader, number, name):
    cell(reader, number).get_by_role("button", name=name).click()


def edit(reader, number, old, new):
    """Change a cell as a reader does."""
    press(reader, number, "Edit")
    editor = cell(reader, number).get_by_role("textbox")
    editor.wait_for()
    assert old in read(editor)
    write(editor, read(editor).replace(old, new))


def printed(reader, number):
    return cell(reader, number).locator(".kd-output:visible, .cell_output:visible").all_inner_texts()


def test_every_cell_of_every_chapter_runs_in_order_in_one_namespace():
    for page in WIDGETS:
        cells = CELL.findall((ROOT / page).with_suffix(".md").read_text("utf-8"))
        assert run(cells)["error"] is None
    assert TOC["parts"]


def test_an_unchanged_cell_answers_from_the_build_without_python(visit):
    reader = visit(CHAPTER)
    assert reader.page.locator("div.cell:has(> .cell_input)").count() == len(CELLS)
    for number in range(len(CELLS)):
        before = printed(reader, number)
        press(reader, number, "Run")
        assert printed(reader, number) == before
    assert reader.python_files() == []
    assert reader.noise == []


def test_a_changed_cell_changes_those_after_it_and_restore_brings_all_back(visit):
    reader = visit(CHAPTER, script=LISTEN)
    before = [printed(reader, number) for number in range(len(CELLS))]
    edit(reader, 0, "0.0, 0.0, -2.0", "0.0, 0.0, -3.0")
    assert cell(reader, 2).locator(".cell_output").get_attribute("data-outdated") is not None
    press(reader, 2, "Run")
    changed = [CELLS[0].replace("-2.0", "-3.0"), *CELLS[1:3]]
    outputs = run(changed)["outputs"]
    cell(reader, 2).locator(".kd-output").wait_for()
    assert [printed(reader, number) for number in range(3)] == [[text] for text in outputs]
    assert outputs[2] != run(CELLS[:3])["outputs"][2]
    reader.open(CHAPTER)
    editor = cell(reader, 0).get_by_role("textbox")
    editor.wait_for()
    assert read(editor) == changed[0]
    press(reader, 0, "Restore")
    assert [printed(reader, number) for number in range(len(CELLS))] == before
    assert cell(reader, 2).locator("[data-outdated]").count() == 0
    assert reader.noise == []


def test_a_mistake_is_shown_with_its_line_in_its_cell(visit):
    reader = visit(CHAPTER)
    edit(reader, 1, "print", "1 / 0\nprint")
    press(reader, 2, "Run")
    says = cell(reader, 1).locator(".kd-complaint", has_text="division by zero")
    says.wait_for()
    assert says.inner_text() == "Line 3: ZeroDivisionError: division by zero"
    press(reader, 1, "Restore")
    assert cell(reader, 1).locator(".kd-complaint").text_content() == ""


def test_an_endless_cell_is_stopped(visit):
    reader = visit(CHAPTER)
    edit(reader, 0, "import numpy as np", "while True:\n    pass")
    press(reader, 0, "Run")
    cell(reader, 0).get_by_text("Starting Python").wait_for()
    cell(reader, 0).get_by_role("button", name="Run").click()
    cell(reader, 0).locator(".kd-complaint", has_text="It was stopped.").wait_for()


def test_code_is_copied_as_it_stands(visit):
    reader = visit(CHAPTER, permissions=["clipboard-read", "clipboard-write"])
    for name, block in (("Copy cell 1", "div.cell > .cell_input"), ("Copy these lines", ".admonition.pytorch")):
        button = reader.page.get_by_role("button", name=name, exact=True).first
        button.click()
        button.filter(has_text="Copied").wait_for()
        code = reader.page.locator(f"{block} pre").first
        assert reader.page.evaluate("navigator.clipboard.readText()") == code.text_content().rstrip()
    assert reader.noise == []
