"""What is asked of gradient_noise/measure; the accuracies are those of the record."""

import numpy as np

from kdlab.evidence.intervals import by_seed
from kdlab.evidence.records import read
from kdlab.explore.questions import Pick
from kdlab.practice.questions import Ask, Report

_records = read("gradient_noise").records
_WAYS = {"fixed": "fixed", "rule": "rule", "shorter": "lr"}
_ARMS = {name: f"sgd_0.3_{way}_B8" for name, way in _WAYS.items()}
_ARMS |= {f"{name}_third": f"sgd_0.1_{way}_B8" for name, way in _WAYS.items()}

data = {name: np.array([*by_seed(_records, arm, "accuracy").values()]) for name, arm in _ARMS.items()}

OPTIONS = (
    "A high temperature mends small batches.",
    "The rule does what a shorter step does: it helps a step that was too long, and harms one that was not.",
    "Nothing: at one step size the rule helps, at another it harms.",
)
REASONS = (
    (
        "With the large step the rule is far ahead of doing nothing.",
        "It is. Who else is as far ahead, without another temperature?",
    ),
    (
        "The two step sizes contradict each other.",
        "They do not, if the rule is one for the step: which of the two steps was too long?",
    ),
    (
        "With the large step nothing is left beside the shorter step; with a third of it the rule loses.",
        "",
    ),
)


def variant(rng):
    """Return the numbers of the text, from the record: they are the same for everybody."""
    return {name: f"{100 * data[name].mean():.1f} %" for name in ("fixed", "rule")}


def questions(rng):
    """Return the two reports and the choice."""
    pick = Pick("What may be said?", OPTIONS, answer=lambda: 1, because="The control has the steps, but not the rule.")
    return [
        Report("gain", 1, ("rule_third", "fixed_third")),
        Report("own_part", 2, ("fixed", "rule", "shorter")),
        Ask("what_it_shows", 1, pick, REASONS),
    ]


styles = {
    "gain": {
        "reference": "NumPy's own standard deviation, told to divide by n - 1.",
        "sums": "The sum of squares written out: where n - 1 comes in is seen.",
    },
    "own_part": {
        "reference": "One difference, with the control in the place of doing nothing.",
        "sums": "What the rule gains, less what the shorter step gains: doing nothing cancels.",
    },
}
