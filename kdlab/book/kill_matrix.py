"""The directive `kill-matrix`: which case catches which wrong solution, in every exercise there is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from kdlab.book.fresh import with_imports
from kdlab.book.section import section
from kdlab.practice import cases, folder, prove


def matrix_of(path: Path, kept: Path) -> str:
    """Return the kill matrix of an exercise folder, from the files kept of an earlier build if it is there.

    Parameters
    ----------
    path : Path
        The exercise folder.
    kept : Path
        The folder of what is kept; a file's name is a hash of the exercise and of the code that makes the matrix.
    """
    files = [file for file in sorted(path.rglob("*.*")) if file.suffix in {".md", ".py"}]
    digest = hashlib.sha256()
    for file in [*files, *(code for _, code in sorted(with_imports(["kdlab.practice.prove"]).items()))]:
        digest.update(file.name.encode() + file.read_bytes())
    file = kept / f"{digest.hexdigest()[:16]}.txt"
    if not file.exists():
        paper = cases.paper(folder.read(path), np.random.default_rng(0), wrong=False)
        _, marks = prove.judge_wrong(paper)
        kept.mkdir(parents=True, exist_ok=True)
        file.write_text(prove.matrix(paper, marks), encoding="utf-8")
    return file.read_text(encoding="utf-8")


class KillMatrix(SphinxDirective):
    """Put the kill matrices of all exercises here, each in a section of its own."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each exercise."""
        exercises = Path(self.env.srcdir) / "exercises"
        sections = []
        for path in folder.find(exercises):
            for file in sorted(path.rglob("*.*")):
                self.env.note_dependency(str(file))
            matrix = matrix_of(path, Path(self.env.doctreedir).parent / ".kill_matrix")
            sections.append(section(self, path.relative_to(exercises).as_posix(), f"```text\n{matrix}\n```"))
        return sections


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("kill-matrix", KillMatrix)
