"""From an exercise folder to everything made of it. See exercises/README.md for how a folder is written.

The two functions import what they need when called: in the page and in a student's notebook there is only
`kdlab.practice.run` and `kdlab.practice.public_checks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kdlab.practice.instructor import Instructor
    from kdlab.practice.prove import Proof


def check(path: Path, *, quick: bool = False, verbose: bool = False) -> list[Proof]:
    """Prove each exercise folder at or below a path: what it asks can be answered, and its checks bite.

    Parameters
    ----------
    path : Path
        An exercise folder, or a folder of them.
    quick : bool
        Whether one student's paper is enough, without mutants: what an author needs while writing.
    verbose : bool
        Whether a problem tells call and values of a hidden case too.

    Returns
    -------
    list of Proof
        One for each folder. `proof.problems` is empty if all is well; `str(proof)` shows the kill matrix.

    Raises
    ------
    ValueError
        If there is no exercise.
    """
    from kdlab.practice import folder, prove

    how = {"n_papers": 1, "with_mutants": False} if quick else {}
    return [prove.prove(each, verbose=verbose, **how) for each in folder.find(path)]


def build(path: Path, out: Path, *, students: Sequence[str] = (), instructor: Instructor | None = None) -> list[Path]:
    """Write what is made of each exercise folder at or below a path.

    Parameters
    ----------
    path : Path
        An exercise folder, or a folder of them.
    out : Path
        Gets student/<chapter>/<task>/ with page.json, the common download and one for each of `students`; and
        instructor/<chapter>/<task>/ with the solved notebook and the source for nbgrader, if there is an `instructor`.
    students : sequence of str
        Names, each for a download with constants of its own. Needs the `instructor`.
    instructor : Instructor, optional
        As `kdlab.practice.instructor.read` returns it.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ValueError
        If there is no exercise, a folder is not as it must be, or a student's name cannot name a folder.
    """
    from kdlab.practice import bundle, folder

    return [
        file for each in folder.find(path) for file in bundle.write(folder.read(each), Path(out), students, instructor)
    ]
