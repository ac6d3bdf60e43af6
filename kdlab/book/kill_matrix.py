"""The directive `kill-matrix`: which case catches which wrong solution, in every exercise there is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from kdlab.book.fresh import with_imports
from kdlab.book.kept import folder_of, kept
from kdlab.book.section import section
from kdlab.practice import cases, folder, prove


def matrix_of(path: Path, kept_in: Path) -> str:
    """Return the kill matrix of an exercise folder, made if it is not kept."""

    def make() -> str:
        paper = cases.paper(folder.read(path), np.random.default_rng(0), wrong=False)
        _, marks = prove.judge_wrong(paper)
        return prove.matrix(paper, marks)

    return kept(kept_matrix(path, kept_in), make)


def kept_matrix(path: Path, kept_in: Path) -> Path:
    """Return where the matrix of an exercise as it stands, and made by the code as it stands, is kept."""
    files = [file for file in sorted(path.rglob("*.*")) if file.suffix in {".md", ".py"}]
    digest = hashlib.sha256()
    for file in [*files, *(code for _, code in sorted(with_imports(["kdlab.practice.prove"]).items()))]:
        digest.update(file.name.encode() + file.read_bytes())
    return kept_in / f"{digest.hexdigest()[:16]}.txt"


class KillMatrix(SphinxDirective):
    """Put the kill matrices of all exercises here, each in a section of its own."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each exercise."""
        exercises = Path(self.env.srcdir) / "exercises"
        sections = []
        for path in folder.find(exercises):
            for file in sorted(path.rglob("*.*")):
                self.env.note_dependency(str(file))
            matrix = matrix_of(path, folder_of(self.env.app))
            sections.append(section(self, path.relative_to(exercises).as_posix(), f"```text\n{matrix}\n```"))
        return sections


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("kill-matrix", KillMatrix)
