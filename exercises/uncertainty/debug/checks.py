"""What is asked of uncertainty/debug, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.uncertainty", "kdlab.calibration"]
kinds = {"student": "weights", "teacher": "weights", "level": "fraction"}
untried = {
    "difference_interval": {
        "more than two dimensions": "The text says one number for each row.",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it.",
        "a fraction of 0": "The text says above 0.",
        "a fraction of 1": "The text says below 1.",
        "a fraction that is nearly a decimal": "The ends move by as little as the level.",
    }
}


def questions(rng):
    """Return the function to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("difference_interval", 2, _calls(rng)),
        Catch("test_difference_interval", "difference_interval", 3),
    ]


def _calls(rng):
    student, teacher = np.array([1.2, 4.4, 2.1, 9.3]), np.array([2.0, 4.0, 1.0, 9.0])
    hard = rng.exponential(size=12)
    seeds = (int(seed) for seed in rng.integers(10_000, size=8))
    return [
        Call((student, teacher, 0, 20, 0.8), "four rows", public=True),
        Call((teacher, teacher, 1, 10, 0.9), "a model and itself", public=True),
        Call((teacher + 0.5, teacher, 2, 10, 0.95), "worse by the same in every row", public=True),
        Call((hard + rng.normal(0.2, 0.3, size=12), hard, next(seeds), 50, 0.95), "twelve rows"),
        Call((hard, hard + rng.normal(0.2, 0.3, size=12), next(seeds), 7, 1 / 3), "fewer resamples than rows"),
        Call((rng.normal(size=1), rng.normal(size=1), next(seeds), 5, 0.9), "one row"),
        Call((rng.normal(size=9), np.zeros(9), next(seeds), 30, 0.005), "a level close to 0"),
        Call((rng.normal(size=6), rng.normal(size=6), next(seeds), 1, 0.9), "one resample"),
        Call((1e-12 * rng.normal(size=8), 1e-12 * rng.normal(size=8), next(seeds), 25, 0.9), "tiny losses", atol=0.0),
        Call((1e9 * rng.normal(size=8), 1e9 * rng.normal(size=8), next(seeds), 25, 0.9), "huge losses"),
    ]


styles = {
    "difference_interval": {
        "reference": "Subtract first: one series, one draw.",
        "one_by_one": "A loop over the resamples: that both models have the same rows is seen.",
    },
    "test_difference_interval": {
        "reference": "Widths that a formula gives, for models that find the same rows hard or not.",
        "test_same_numbers": "The interval itself, computed beside it: short, and bound to these draws.",
    },
}
