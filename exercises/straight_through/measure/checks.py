"""What is asked of straight_through/measure; the accuracies are those of the record."""

import numpy as np

from kdlab.evidence.intervals import by_seed
from kdlab.evidence.records import read
from kdlab.explore.questions import Pick
from kdlab.practice.questions import Ask, Report

_records = read("straight_through").records
_ARMS = {"ste_cold": "ste_T0_5", "ste_hot": "ste_T32", "full_cold": "full_T0_5", "full_hot": "full_T32"}


def _of_seeds(arm, measure):
    return np.array([*by_seed(_records, arm, measure).values()])


data = {name: _of_seeds(arm, "accuracy") for name, arm in _ARMS.items()}

OPTIONS = (
    "A low temperature makes the estimator less biased, and so one bit learns better.",
    "A low temperature is better for one bit, beyond what it does for all. Why, this does not say.",
    "Nothing: full precision gains by a low temperature too.",
)
REASONS = (
    (
        "Both intervals of gains lie above 0.",
        "Two intervals above 0 do not say that one gain is larger than the other.",
    ),
    ("The interval of the difference of differences lies above 0; the bias at the start goes the other way.", ""),
    (
        "The relative bias at the start differs between the two temperatures.",
        "It does. Which of the two has the smaller one, and which the better students?",
    ),
)


def variant(rng):
    """Return the numbers of the text, from the record: they are the same for everybody."""
    means = {name: f"{100 * data[name].mean():.1f} %" for name in ("ste_cold", "ste_hot")}
    bias = {f"bias_{name}": f"{_of_seeds(_ARMS[f'ste_{name}'], 'bias_a_start').mean():.2f}" for name in ("cold", "hot")}
    return means | bias


def questions(rng):
    """Return the two reports and the choice."""
    pick = Pick("What may be said?", OPTIONS, answer=lambda: 1, because="The control takes away what is common.")
    return [
        Report("gain", 1, ("ste_cold", "ste_hot")),
        Report("own_part", 2, ("ste_cold", "ste_hot", "full_cold", "full_hot")),
        Ask("what_it_shows", 1, pick, REASONS),
    ]


styles = {
    "gain": {
        "reference": "NumPy's own standard deviation, told to divide by n - 1.",
        "sums": "The sum of squares written out: where n - 1 comes in is seen.",
    },
    "own_part": {
        "reference": "Two gains, and what is between them.",
        "sums": "The cost of one bit at each temperature, and how it changes: the same numbers in another order.",
    },
}
