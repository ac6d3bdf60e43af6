"""What takes long is worked out ahead of the reading, by all processors: the same as without, and only once."""

import json
import sys

import pytest

from book.conftest import NOTEBOOK, REPOSITORY
from kdlab.book import ahead, explore, kill_matrix
from kdlab.explore.grid import packed_grid
from kdlab.explore.widget import find

sys.path.insert(0, str(REPOSITORY / "tests" / "practice"))
from small import write_exercise

FIGURE = "```{{explore}} {}\n:alt: A picture.\n```\n"
LOGITS = FIGURE.format("temperature.logits")


def test_packs_are_those_of_the_widget_and_are_kept(tmp_path, monkeypatch):
    packs = explore.packs_of("temperature.logits", tmp_path)
    assert packs == {"grid": packed_grid(find("temperature.logits")), "frames": "", "data": ""}
    monkeypatch.setattr(explore, "packed_grid", lambda _: pytest.fail("made again"))
    assert explore.packs_of("temperature.logits", tmp_path) == packs


def test_jobs_are_what_the_pages_need_and_nobody_has_kept(tmp_path):
    exercise = write_exercise(tmp_path / "exercises")
    texts = [LOGITS, LOGITS + FIGURE.format("nothing.here"), "```{kill-matrix}\n```\n"]

    def jobs(texts):
        return ahead.jobs(texts, tmp_path / "exercises", tmp_path / "kept")

    assert jobs(texts) == [(explore.packs_of, "temperature.logits"), (kill_matrix.matrix_of, exercise)]
    assert jobs(texts[:2]) == [(explore.packs_of, "temperature.logits")]
    for work, of in jobs(texts):
        work(of, tmp_path / "kept")
    assert jobs(texts) == []


def test_a_book_with_many_figures_is_built_with_what_was_worked_out_ahead(house):
    names = ["small.good", "temperature.logits", "temperature.soft_targets", "temperature.entropy"]
    book = house.write("figures", index=NOTEBOOK + "# Figures\n\n" + "\n".join(map(FIGURE.format, names)))
    (built,) = house.build(book)
    assert built.code == 0, built.output
    kept = {path.name.rpartition(".")[0].rpartition(".")[0]: path for path in (book / "_build" / ".kept").iterdir()}
    assert kept.keys() == {*names}
    logits = json.loads(kept["temperature.logits"].read_text(encoding="utf-8"))
    assert logits["grid"] == packed_grid(find("temperature.logits"))
    assert logits["grid"] in built.page("index")


def test_what_fails_ahead_is_told_where_its_page_is_read(house):
    names = ["too_large", "not_numbers", "beyond_the_question", "no_such_option", "not_measured"]
    pages = {name: f"# A page\n\n{FIGURE.format(f'small.{name}')}" for name in names}
    (built,) = house.build(house.write("failing", index="# A book\n", **pages))
    assert built.code
    for name in names:
        assert any(problem.startswith(f"chapters/{name}.md:3: ") for problem in built.problems), built.problems
