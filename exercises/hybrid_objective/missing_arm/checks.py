"""What is asked of hybrid_objective/missing_arm, and on which inputs; the accuracies are those of the record."""

import numpy as np

from kdlab.evidence.intervals import by_seed, mean_interval
from kdlab.evidence.records import read
from kdlab.explore.questions import Pick
from kdlab.practice.questions import Ask, Call, Function, Report

_records = read("hybrid_objective").records
data = {
    name: np.array([*by_seed(_records, f"digits_50_{arm}", "accuracy").values()])
    for name, arm in (("balanced", "balanced"), ("constant", "alpha_0.01"))
}
kinds = {"alphas": "weights", "constants": "scores"}
untried = {
    "size_of": {
        "a zero": "The text says above 0.",
        "negative numbers": "The text says above 0.",
        "huge numbers": "The text says at most 1.",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    },
    "nearest_constant": {
        "more than two dimensions": "Constants are a list of numbers.",
        "negative numbers": "The text says from 0 to 1.",
        "tiny numbers": "Constants below a billionth are of no use to anybody.",
        "huge numbers": "The text says at most 1.",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "a tie": "The text says different constants.",
        "a tie of three": "The text says different constants.",
        "a tie of twenty": "The text says different constants.",
    },
}

OPTIONS = (
    "The balancing: a weight that moves disturbs the training.",
    "The small weight: a constant as small does no better.",
    "Neither: chance explains both differences.",
)
REASONS = (
    (
        "The balance is lower than one half in every seed.",
        "One half is another size as well as no balance: two things changed at once.",
    ),
    (
        "The mean of the balance is above that of the constant of its size.",
        "It is above by less than its interval, which may be chance.",
    ),
    ("Against the constant of its size the interval holds 0, against one half it does not.", ""),
)


def variant(rng):
    """Return the numbers of the text, from the record: they are the same for everybody."""
    falls = [np.mean([*by_seed(_records, "digits_50_balanced", end).values()]) for end in ("alpha_first", "alpha_last")]
    half = np.array([*by_seed(_records, "digits_50_alpha_0.5", "accuracy").values()])
    against = mean_interval(100 * (data["balanced"] - half))
    return {
        "first": f"{falls[0]:.2f}",
        "last": f"{falls[1]:.3f}",
        "worse": f"{-against['mean']:.1f}",
        "half_width": f"{against['half_width']:.1f}",
    }


def questions(rng):
    """Return the four questions; hidden inputs come from `rng`."""
    return [
        Function("size_of", 1, _size_calls(rng)),
        Function("nearest_constant", 2, _nearest_calls(rng)),
        Report("gain", 2, ("balanced", "constant"), within=0.005),
        Ask(
            "what_cost", 1, Pick("What cost?", OPTIONS, answer=lambda: 1, because="Both of one size do alike."), REASONS
        ),
    ]


def _size_calls(rng):
    return [
        Call((np.array([0.01, 1.0]),), "0.01 and 1", public=True),
        Call((np.array([[0.05, 0.002], [0.02, 0.001]]),), "two students, two steps", public=True),
        Call((np.array([0.3]),), "one number", public=True),
        Call((10 ** rng.uniform(-4, 0, size=(20, 5)),), "twenty students"),
        Call((10 ** rng.uniform(-4, 0, size=(3, 2, 4)),), "shape (3, 2, 4)"),
        Call((10 ** rng.uniform(-12, -9, size=6),), "tiny weights", atol=0.0),
        Call((10 ** rng.uniform(-3, 0, size=700),), "many weights"),
    ]


def _nearest_calls(rng):
    constants = np.array([0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.9])
    return [
        Call((0.05, np.array([0.01, 0.1, 0.2])), "the example", public=True),
        Call((0.0064, constants), "the constants of the record", public=True),
        Call((0.1, np.array([0.2, 0.05])), "two equally near", public=True),
        Call((0.0002, constants), "below all but 0"),
        Call((1.0, constants), "above all"),
        Call((float(rng.uniform(0.32, 0.345)), np.array([0.5, 0.25])), "just below the middle, in no order"),
        Call((float(rng.uniform(0.36, 0.37)), np.array([0.25, 0.5])), "just above the middle"),
        Call((float(rng.uniform(0.012, 0.016)), rng.permutation(constants)), "in no order"),
        Call((float(rng.uniform(0.04, 0.05)), rng.permutation(constants[1:])), "without 0"),
        Call((0.04, np.array([0.3])), "one constant"),
        Call((0.02, np.array([0.0, 0.9])), "0, and one far away"),
        Call((0.25, np.array([0.5, 0.125, 0.0])), "equally near, the larger first"),
        Call((0.2, np.array([0.1, 0.4, 0.0])), "equally near, the smaller first"),
        Call((float(rng.uniform(0.42, 0.48)), np.array([0.25, 0.5])), "nearer to the one above"),
        Call((0.5, np.array([0.49999995, 0.9, 0.4999999])), "constants that hardly differ"),
        Call((0.6, np.array([0.2, 0.9, 0.999])), "near in differences of 1 less alpha"),
    ]


styles = {
    "size_of": {
        "reference": "By logarithms: no product can overflow or vanish.",
        "ratios": "The root of the product, as the geometric mean is defined.",
    },
    "nearest_constant": {
        "reference": "Sorted first, so that the first of two equals is the smaller.",
        "ratios": "By factors: how many times one is the other, and no logarithm.",
    },
    "gain": {
        "reference": "NumPy's own standard deviation, told to divide by n - 1.",
        "ratios": "The sum of squares written out: where n - 1 comes in is seen.",
    },
}
