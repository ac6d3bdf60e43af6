"""What is asked of uncertainty/measure; the numbers are those of the record."""

import numpy as np

from kdlab.evidence.intervals import by_seed
from kdlab.evidence.records import read
from kdlab.explore.questions import Pick
from kdlab.practice.questions import Ask, Report

_records = read("uncertainty").records


def _of_seeds(arm, measure):
    return np.array([*by_seed(_records, arm, measure).values()])


data = {
    "student": _of_seeds("digits_997_hard", "nll"),
    "teacher": _of_seeds("digits_teacher", "nll"),
    "percentile": _of_seeds("student_nll_n30_percentile", "coverage"),
    "bca": _of_seeds("student_nll_n30_bca", "coverage"),
}

OPTIONS = (
    "In most pairs the student is as good as its teacher.",
    "The intervals over rows are wrong: they should have been without 0.",
    "In the mean over trainings the students are worse; most single tests were too small to show it.",
)
REASONS = (
    (
        "An interval that holds 0 shows that the difference is 0.",
        "It shows that 0 cannot be ruled out. Nor can the other numbers that it holds.",
    ),
    ("The interval over trainings is without 0, and one that holds 0 is no proof of equality.", ""),
    (
        "Of a hundred intervals of a real difference 95 must be without 0.",
        "95 of 100 are to hold the true difference. How many are without 0 hangs on how large the test is.",
    ),
)


def variant(rng):
    """Return the numbers of the text, from the record: they are the same for everybody."""
    excludes = _of_seeds("digits_997_hard", "nll_excludes_0")
    return {"holding": int((1 - excludes).sum()), "pairs": len(excludes)}


def questions(rng):
    """Return the three reports and the choice."""
    pick = Pick("What may be said?", OPTIONS, answer=lambda: 2, because="Holding 0 is no proof of 0.")
    return [
        Report("gap", 1, ("student", "teacher")),
        Report("missing", 1, ("bca",)),
        Report("added", 1, ("percentile", "bca")),
        Ask("what_it_shows", 1, pick, REASONS),
    ]


styles = {
    name: {
        "reference": "NumPy's own standard deviation, told to divide by n - 1.",
        "sums": "The sum of squares written out: where n - 1 comes in is seen.",
    }
    for name in ("gap", "missing", "added")
}
