"""The exercises in the page: written, checked, stopped, helped with, kept; and nothing secret in the book."""

import io
import re
import zipfile

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from exercising import block_of, check, editor_of, fill
from reading import NO_STORAGE, PYTHON_SECONDS, ROOT, Reader, read, write
from solutions import STARTER, answers, exercises, whole_of

from kdlab.practice import cases, folder, instructor, leaks, page

pytestmark = pytest.mark.page

CHAPTER = "chapters/principles/temperature.html"
SOFTMAX = next(exercise for exercise in exercises() if exercise.name == "temperature/softmax")
# a file that defines this function, and perhaps others: all of it can stand in the one editor
RIGHT_AT = next(solution.source for solution in SOFTMAX.right if "softmax_at" in solution.functions)
N_CHECKS = len(whole_of("temperature/softmax")["practice"]["questions"][0]["cases"])
PASSES = f"softmax_at is right: it passes all {N_CHECKS} checks."


@pytest.fixture(scope="module")
def student(browser, address):
    """Return a reader of the chapter, whose Python goes on from test to test."""
    reader = Reader(browser, address)
    reader.open(CHAPTER)
    yield reader
    assert reader.noise == []
    assert reader.elsewhere() == []
    reader.context.close()


HOSTILE = {
    "a loop": "def softmax_at(logits, temperature):\n    while True: pass\n",
    "a loop that swallows everything": (
        "def softmax_at(logits, temperature):\n"
        "    while True:\n        try:\n            while True: pass\n        except BaseException: pass\n"
    ),
    "a hang in C": "import itertools\ndef softmax_at(logits, temperature):\n    return max(itertools.count())\n",
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_what_never_ends_is_ended_and_the_page_goes_on(student, attack):
    write(editor_of(block_of(student, "temperature/softmax", "softmax_at")), HOSTILE[attack])
    block = block_of(student, "temperature/softmax", "softmax_at")
    block.evaluate("(place) => place.querySelector('.kd-result').replaceChildren()")
    block.get_by_role("button", name="Check (").click()
    widget = student.widget("temperature.sweep")
    if widget.get_by_role("button", name="Show me without a guess").count():
        widget.get_by_role("button", name="Show me without a guess").click()
    for option in ("SGD, 16 hidden units", "Adam, 16 hidden units"):
        widget.get_by_role("radio", name=option, exact=True).check()
        assert widget.locator(".kd-sentence").inner_text().startswith(option)
    verdict = block.locator(".kd-verdict").first
    verdict.wait_for(timeout=1000 * PYTHON_SECONDS)
    assert "longer than 10 s" in verdict.inner_text()
    write(editor_of(block), RIGHT_AT)
    assert check(block) == PASSES


def test_stop_ends_it_at_once(student):
    block = block_of(student, "temperature/softmax", "softmax_at")
    write(editor_of(block), HOSTILE["a loop"])
    block.evaluate("(place) => place.querySelector('.kd-result').replaceChildren()")
    block.get_by_role("button", name="Check (").click()
    block.get_by_role("button", name="Stop").click()
    verdict = block.locator(".kd-verdict").first
    verdict.wait_for(timeout=5000)
    assert verdict.inner_text() == "It was stopped."


ACCIDENTS = {
    "an error at import": ("import nothing_of_this_name\n" + RIGHT_AT, "No module named"),
    "a syntax error": ("def softmax_at(logits, temperature)\n    return 1\n", "SyntaxError"),
    "an exit": ("import sys\ndef softmax_at(logits, temperature):\n    sys.exit()\n", "SystemExit"),
    "a question": ("def softmax_at(logits, temperature):\n    return input()\n", "EOFError"),
    "the module that would answer it": (
        "from kdlab.temperature import softmax as softmax_at\n",
        "what this exercise asks you to write",
    ),
}


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_an_accident_is_named_and_the_next_check_works(student, accident):
    source, sentence = ACCIDENTS[accident]
    block = block_of(student, "temperature/softmax", "softmax_at")
    write(editor_of(block), source)
    assert sentence in check(block)
    write(editor_of(block), RIGHT_AT)
    assert check(block) == PASSES


def test_output_is_shown_and_a_long_one_is_cut(student):
    block = block_of(student, "temperature/softmax", "softmax_at")
    write(editor_of(block), "print('here I am')\n" + RIGHT_AT)
    check(block)
    assert block.locator(".kd-output").inner_text() == "here I am\n"
    write(editor_of(block), "print('x' * 10_000_000)\n" + RIGHT_AT)
    assert check(block) == PASSES
    assert 60_000 < len(block.locator(".kd-output").inner_text()) < 70_000


def test_a_figure_is_shown(student):
    block = block_of(student, "temperature/softmax", "softmax_at")
    write(editor_of(block), "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\n" + RIGHT_AT)
    assert check(block, seconds=60) == PASSES
    assert block.locator(".kd-figures img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 100


def test_a_draft_is_kept_and_a_reset_can_be_undone(browser, address):
    reader = Reader(browser, address)
    reader.open(CHAPTER)
    block = block_of(reader, "temperature/softmax", "softmax_limits")
    write(editor_of(block), "# my own thoughts")
    reader.open(CHAPTER)
    editor = block.get_by_role("textbox", name="Python code")
    editor.wait_for()
    assert read(editor) == "# my own thoughts"
    block.get_by_role("button", name="Reset").click()
    starter = next(cell.starter for cell in SOFTMAX.solutions if cell.function == "softmax_limits")
    assert read(editor) == starter
    block.get_by_role("button", name="Bring my draft back").click()
    assert read(editor) == "# my own thoughts"
    assert reader.noise == []
    reader.context.close()


def help_button(block):
    return block.locator(":scope > .kd-help button")


def open_lines(block):
    """Begin, take all hints, one at a time, then the lines; return the two lists."""
    assert help_button(block).is_hidden()
    editor_of(block)
    hints = block.locator("details.kd-hint")
    for i in range(hints.count()):
        assert hints.locator("visible=true").count() == i
        help_button(block).click()
    assert hints.locator("visible=true").count() == hints.count()
    help_button(block).click()
    return block.locator(".kd-lines").first, block.locator(".kd-program")


def solution_lines():
    """Return the lines of the common solution below its docstring, in order."""
    reference = next(cell.reference for cell in SOFTMAX.solutions if cell.function == "softmax_at")
    return [line.strip() for line in reference.splitlines() if line.startswith("    ") and '"""' not in line]


def line_button(where, line):
    return where.get_by_role("button", name=line, exact=True)


def parsons_verdict(block):
    block.get_by_role("button", name="Check this order").click()
    verdict = block.locator(".kd-parsons .kd-verdict")
    verdict.wait_for(timeout=1000 * PYTHON_SECONDS)
    return verdict.inner_text()


def test_hints_then_lines_by_keyboard(browser, address):
    reader = Reader(browser, address)
    reader.open(CHAPTER)
    block = block_of(reader, "temperature/softmax", "softmax_at")
    pool, program = open_lines(block)
    lines = solution_lines()
    for line in reversed(lines):  # each to the end, then up to the top
        button = line_button(pool, line)
        button.focus()
        button.press("ArrowRight")
        for _ in range(len(lines)):
            reader.page.keyboard.press("ArrowUp")
    assert [text.strip() for text in program.locator("code").all_inner_texts()] == lines
    assert parsons_verdict(block) == PASSES
    # out of order it is wrong, and says so
    reader.page.keyboard.press("Tab")
    last = line_button(program, lines[-1])
    last.focus()
    last.press("ArrowLeft")
    assert "is right" not in parsons_verdict(block)
    block.get_by_role("button", name="Copy it into the editor").click()
    block.locator(".cm-line", has_text=lines[0]).wait_for()
    violations = Axe().run(reader.page, options={"preload": False}).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []
    assert reader.noise == []
    reader.context.close()


def test_lines_by_mouse(browser, address):
    reader = Reader(browser, address, viewport={"width": 1280, "height": 1600})
    reader.open(CHAPTER)
    block = block_of(reader, "temperature/softmax", "softmax_at")
    pool, program = open_lines(block)
    for line in solution_lines():
        line_button(pool, line).scroll_into_view_if_needed()
        start = line_button(pool, line).bounding_box()
        end = program.bounding_box()
        mouse = reader.page.mouse
        mouse.move(start["x"] + 60, start["y"] + start["height"] / 2)
        mouse.down()
        mouse.move(start["x"] + 60, start["y"] + start["height"] / 2 - 12)
        mouse.move(end["x"] + 60, end["y"] + end["height"] - 6, steps=4)
        mouse.up()
    assert [text.strip() for text in program.locator("code").all_inner_texts()] == solution_lines()
    assert parsons_verdict(block) == PASSES
    reader.context.close()


def test_lines_by_touch_on_a_phone(browser, address):
    reader = Reader(browser, address, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    reader.open(CHAPTER)
    block = block_of(reader, "temperature/softmax", "softmax_at")
    pool, program = open_lines(block)
    for line in solution_lines():
        line_button(pool, line).tap()
    assert [text.strip() for text in program.locator("code").all_inner_texts()] == solution_lines()
    assert parsons_verdict(block) == PASSES
    assert reader.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    reader.context.close()


def test_solutions_come_after_a_serious_try_two_side_by_side(browser, address):
    reader = Reader(browser, address)
    reader.open(CHAPTER)
    block = block_of(reader, "temperature/softmax", "softmax_limits")
    compare, gate = block.get_by_role("button", name="Compare two solutions"), block.locator(".kd-gate")
    editor = editor_of(block)
    check(block)
    assert gate.inner_text().endswith("So far: 0.")  # the starter is no answer of one's own
    for i in range(3):
        assert compare.is_hidden()
        write(editor, f"def softmax_limits(logits):\n    return {i}\n")
        check(block)
    assert gate.is_hidden()
    compare.click()
    styles = block.locator(".kd-style")
    assert styles.count() == 2
    boxes = [styles.nth(i).bounding_box() for i in range(2)]
    assert boxes[0]["y"] == boxes[1]["y"]
    expected = whole_of(SOFTMAX.name)["solutions"]["softmax_limits"]
    for style, told in zip(styles.all(), expected, strict=True):
        assert style.locator("p").inner_text() == f"{told['name']}: {told['good_for']}"
        assert "def softmax_limits(logits):" in style.locator("pre").inner_text()
    assert reader.noise == []
    reader.context.close()


def test_a_right_answer_to_all_is_told_solved_and_the_book_remembers(browser, address):
    reader = Reader(browser, address)
    reader.open(CHAPTER)
    right = next(answer for answer in answers(SOFTMAX) if answer.kind not in ("wrong", STARTER))
    fill(reader, SOFTMAX.name, right.sources)
    n_checks = sum(len(each["cases"]) for each in whole_of(SOFTMAX.name)["practice"]["questions"])
    ending = reader.page.locator("#exercise-temperature-softmax .kd-ending")
    assert ending.inner_text() == ""
    check(block_of(reader, SOFTMAX.name, "softmax_slope"))
    assert ending.inner_text() == f"Solved. All {n_checks} checks pass, and here none is kept back."
    reader.open(CHAPTER)
    assert ending.inner_text() == "You have solved this exercise."
    assert reader.noise == []
    reader.context.close()


def test_on_a_phone_the_verdict_is_in_view_with_the_editor(browser, address):
    reader = Reader(browser, address, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    reader.open(CHAPTER)
    block = block_of(reader, "temperature/softmax", "softmax_slope")
    editor = editor_of(block)
    write(editor, "# a long answer\n" * 40)
    editor.press("Control+Enter")
    verdict = block.locator(".kd-result .kd-verdict").first
    verdict.wait_for(timeout=1000 * PYTHON_SECONDS)
    seen = "(place) => { const { top, bottom } = place.getBoundingClientRect(); return [top, bottom]; }"
    top, bottom = verdict.evaluate(seen)
    assert 0 <= top < bottom <= 740
    assert block.locator(".kd-editor").evaluate(seen)[1] > 100
    assert verdict.evaluate("(place) => place.closest('[role=status]') !== null")
    reader.context.close()


def test_without_storage_an_answer_can_still_be_written_and_checked(browser, address):
    reader = Reader(browser, address, script=NO_STORAGE)
    reader.open(CHAPTER)
    block = block_of(reader, "temperature/softmax", "softmax_at")
    write(editor_of(block), RIGHT_AT)
    assert "keeps nothing" in reader.page.locator(".kd-refused").inner_text()
    assert check(block) == PASSES
    reader.context.close()


def test_the_download_is_the_exercise(student):
    link = student.page.locator("#exercise-temperature-softmax a[download]")
    with student.page.expect_download() as started:
        link.click()
    with zipfile.ZipFile(io.BytesIO(started.value.path().read_bytes())) as archive:
        assert {"softmax.ipynb", "softmax.cases.json", "README.txt"} < set(archive.namelist())


class Secrets:
    """Strings of at least 12 bytes, of which a text of any length is searched for the first, all in one pass."""

    def __init__(self, secrets):
        self.by_start = {}
        for secret in secrets:
            self.by_start.setdefault(secret.encode()[:12], []).append(secret.encode())
        self.may_start = np.zeros(1 << 22, bool)
        self.may_start[self.hashes(b"".join(self.by_start))[::12]] = True

    @staticmethod
    def hashes(content):
        """Return a number below 2^22 for every eight bytes that follow one another."""
        windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(content, np.uint8), 8)
        return np.ascontiguousarray(windows).view(np.uint64).ravel() * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(42)

    def within(self, content):
        """Yield the secrets in these bytes, as often as they are there."""
        if len(content) < 12:
            return
        for at in np.flatnonzero(self.may_start[self.hashes(content)]):
            for secret in self.by_start.get(content[at : at + 12], ()):
                if content.startswith(secret, at):
                    yield secret.decode()


def test_nothing_secret_is_in_any_built_file(built):
    teacher = instructor.read(ROOT / "instructor.sample")
    secrets = {(ROOT / "instructor.sample" / "key").read_text().strip()}
    for exercise in (folder.read(path) for path in folder.find(ROOT / "exercises")):
        for rng in (cases.public_rng(exercise), teacher.rng(exercise, "ada")):
            secrets |= set(leaks.hidden_values(cases.paper(exercise, rng)))
        secrets |= set(leaks.solution_lines(page.public_paper(exercise).exercise))
        # lines that the exercise itself gives away as a Parsons problem
        opened = [each["parsons"] for each in page.page(page.public_paper(exercise))["functions"] if each["parsons"]]
        secrets -= {line.strip() for problem in opened for lines in problem["lines"] for line in lines.splitlines()}
    assert len(secrets) > 100
    # the library of the page is no secret: it holds kdlab's own softmax, which exercises forbid; nor are the chapters
    known = [*(ROOT / "kdlab").rglob("*.py"), *(ROOT / "chapters").rglob("*.md")]
    library = "\n".join(path.read_text("utf-8") for path in known)
    # nor is what one exercise gives away, though it may be a line of another one's solution
    for text in (path.read_text("utf-8") for path in (ROOT / "exercises").rglob("exercise.md")):
        library += re.sub("### BEGIN SOLUTION.*?### END SOLUTION", "", text, flags=re.DOTALL)
    secrets -= {*Secrets(secrets).within(library.encode())}
    # the lone reader's own file has a seed of its own, but the cases that come from no seed; and it has the solutions
    for exercise in exercises():
        rngs = cases.public_rng(exercise), cases.public_rng(exercise, "self-study")
        secrets -= set(leaks.hidden_values(cases.paper(exercise, rngs[0], hidden=rngs[1], wrong=False)))
    own = "_static/kdlab/exercises/"
    lines = {line for exercise in exercises() for line in leaks.solution_lines(exercise)}
    hidden, hidden_but_for_lines = Secrets(secrets), Secrets(secrets - lines)
    assert [*hidden.within(f"... {min(secrets)} ...".encode())] == [min(secrets)]
    assert [*hidden.within(f"... {min(secrets)[:-1]}".encode())] == []
    files = {str(path): path.read_bytes() for path in built.rglob("*") if path.is_file()}
    found = {}
    for name, content in leaks.contents({name: data for name, data in files.items() if "pyodide" not in name}).items():
        whole = own in name and name.endswith(".json")
        if hits := {*(hidden_but_for_lines if whole else hidden).within(content)}:
            found[name] = hits
    assert found == {}
