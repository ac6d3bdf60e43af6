"""What is asked of pruning/prune_mask, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.pruning"]
parsons = ["keep_mask"]


def questions(rng):
    """Return the three functions; hidden inputs come from `rng`."""
    return [
        Function("number_pruned", 1, _number_calls(rng)),
        Function("keep_mask", 2, _mask_calls(rng)),
        Function("pruned_weights", 1, _pruned_calls(rng)),
    ]


def _number_calls(rng):
    n = int(rng.integers(20, 200))
    return [
        Call((5, 0.4), "two of five", public=True),
        Call((7, 0.5), "half of seven", public=True),
        Call((100, 0.29), "0.29 * 100 is not quite 29", public=True),
        Call((7, 0.3), "2.1 weights", public=True),
        Call((10 * n + 3, 0.7), "a fraction of a weight"),
        Call((n, 0.0), "nothing"),
        Call((n, 1.0), "everything"),
        Call((100 * int(rng.integers(1, 4)), 0.57), "a product that a computer rounds"),
    ]


def _mask_calls(rng):
    ties = rng.choice([-2.0, -1.0, 1.0, 2.0], size=(4, 6))
    return [
        Call((np.array([0.5, -2.0, 0.5, 1.0, -0.5]), 0.4), "a tie", public=True),
        Call((np.array([[3.0, -1.0, 4.0], [-0.1, 0.2, -5.0]]), 0.5), "two rows", public=True),
        Call((np.array([1.0, -2.0, 3.0]), 0.0), "nothing is pruned", public=True),
        Call((rng.normal(size=(5, 7)), rng.uniform(0.6, 0.9)), "a matrix"),
        Call((rng.normal(size=(2, 3, 4)), rng.uniform(0.2, 0.45)), "shape (2, 3, 4)"),
        Call((ties, 0.4), "many ties"),
        Call((np.full((3, 3), rng.normal()), 0.5), "all alike"),
        Call((rng.normal(size=6), 1.0), "everything is pruned"),
        Call((rng.normal(size=7), 0.3), "2.1 weights"),
    ]


def _pruned_calls(rng):
    return [
        Call((np.array([0.5, -2.0, 0.5, 1.0, -0.5]), np.array([0.1, 0.2, 0.3, 0.4, 0.6]), 0.4), "a tie", public=True),
        Call((np.array([[3.0, -1.0], [-0.1, 0.2]]), np.array([[3.0, 1.0], [1.0, -1.0]]), 0.5), "2 by 2", public=True),
        Call((*rng.normal(size=(2, 5, 7)), rng.uniform(0.6, 0.9)), "a matrix"),
        Call((*rng.normal(size=(2, 2, 3, 4)), rng.uniform(0.2, 0.45)), "shape (2, 3, 4)"),
        Call((*rng.normal(size=(2, 6)), 1.0), "everything is pruned"),
        Call((*rng.normal(size=(2, 7)), 0.3), "2.1 weights"),
    ]
