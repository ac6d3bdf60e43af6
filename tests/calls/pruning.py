"""Calls of kdlab.pruning."""

import numpy as np

from calls import NOT_A_NUMBER, NOT_AN_AXIS, NOT_AN_INTEGER, NOT_FINITE

WEIGHTS = [[2.0, 1.0, -0.5], [0.0, 0.5, 3.0]]
OF_ANOTHER_SHAPE = [[], 1.0, np.ones(3), np.ones((2, 1)), np.ones((1, 3)), np.ones((3, 2)), np.ones((2, 3, 1))]
NOT_WEIGHTS = [*NOT_FINITE, [-np.inf, 0.0, 1.0]]
NOT_A_SHARE = [*NOT_A_NUMBER, -0.1, 1.1, -5e-324, np.inf, 50]
NOT_A_MASK = [
    None,
    True,
    "mask",
    WEIGHTS,
    [[True] * 3] * 2,
    np.ones((2, 3)),
    np.ones((2, 3), int),
    np.ma.ones((2, 3), bool),
    np.ones(3, bool),
    np.ones((2, 1), bool),
    np.ones((3, 2), bool),
]
NOT_RMS = [*NOT_FINITE, 1.0, [], [1.0, 2.0], [[1.0, 2.0, 3.0]], [1.0, -1.0, 2.0], [1.0, np.nan, 2.0], [1, 2, 3, 4]]
HESSIAN = [[2.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]]
NOT_A_HESSIAN = [
    *NOT_FINITE,
    1.0,
    [],
    [1.0, 2.0, 3.0],
    np.eye(2),
    np.eye(4),
    np.eye(3)[:2],
    np.zeros((3, 3)),
    np.ones((3, 3)),
    -np.eye(3),
    np.diag([1.0, 1.0, -1e-9]),
    [[2.0, 1.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 1.0]],
    [[1.0, np.nan, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
]
NO_AXIS = [axis for axis in NOT_AN_AXIS if axis is not None]

weights = (WEIGHTS, NOT_WEIGHTS)
initial_weights = (np.ones((2, 3)), [*NOT_WEIGHTS, *OF_ANOTHER_SHAPE])
both = {"weights": (WEIGHTS, [*NOT_WEIGHTS, *OF_ANOTHER_SHAPE]), "initial_weights": initial_weights}
scores = (WEIGHTS, NOT_WEIGHTS)
sparsity = (0.5, NOT_A_SHARE)
mask = (np.array(WEIGHTS) > 0.4, NOT_A_MASK)
rms = ([1.0, 2.0, 0.0], NOT_RMS)
rows_of_inputs = (WEIGHTS, [*NOT_WEIGHTS, *(bad for bad in OF_ANOTHER_SHAPE if np.shape(bad)[-1:] != (3,))])

CALLS = {
    "magnitude": {"weights": weights},
    "absolute_movement": both,
    "magnitude_increase": both,
    "movement": {
        "weights": (WEIGHTS, [*NOT_WEIGHTS, *OF_ANOTHER_SHAPE]),
        "gradients": (np.ones((2, 3)), [*NOT_WEIGHTS, *OF_ANOTHER_SHAPE]),
        "scores": (np.zeros(3), [bad for bad in (*NOT_WEIGHTS, 0.0, np.ones(2), np.ones((1, 3))) if bad is not None]),
    },
    "input_rms": {"inputs": (WEIGHTS, [*NOT_WEIGHTS, 1.0, [1.0, 2.0], np.ones((0, 3)), np.ones((2, 3, 1))])},
    "activation_aware": {"weights": rows_of_inputs, "rms": rms},
    "zeroing_damage": {"weights": rows_of_inputs, "rms": rms, "mask": mask},
    "obs_saliency": {"weights": rows_of_inputs, "hessian": (HESSIAN, NOT_A_HESSIAN)},
    "obs_refit": {
        "weights": (WEIGHTS[0], [*NOT_WEIGHTS, 1.0, [], [1.0], WEIGHTS]),
        "hessian": (HESSIAN, NOT_A_HESSIAN),
        "mask": (np.array([True, False, True]), [*NOT_A_MASK[:-3], np.ones(2, bool), np.ones((1, 3), bool)]),
    },
    "num_pruned": {"size": (10, [*NOT_AN_INTEGER, -1]), "sparsity": sparsity},
    "n_of_m_mask": {
        "scores": ([[2.0, 1.0, -0.5, 3.0]], [*NOT_WEIGHTS, 1.0, np.ones(3), np.ones((4, 2))]),
        "n": (2, [*NOT_AN_INTEGER, 0, -1, 5]),
        "m": (4, [*NOT_AN_INTEGER, 0, -4, 3]),
    },
    "prune_mask": {"scores": scores, "sparsity": sparsity, "axis": (0, NO_AXIS)},
    "prune_masks": {
        "scores": (
            [WEIGHTS, [[5.0]], [1.0, 2.0]],
            [None, "scores", 1.0, np.ones((2, 3)), [], [[1.0, 2.0]], [1.0], *([WEIGHTS, bad] for bad in NOT_WEIGHTS)],
        ),
        "sparsity": sparsity,
        "scope": ("global", [None, True, "", "Global", "per_layer"]),
        "prune_vectors": (False, []),
    },
    "apply_mask": {
        "weights": (WEIGHTS, NOT_WEIGHTS),
        "mask": mask,
        "prune_to": ("init", [None, True, "", "zero", "random"]),
        "initial_weights": (np.ones((2, 3)), [None, *NOT_WEIGHTS, *OF_ANOTHER_SHAPE]),
    },
    "filter_norms": {"weights": weights, "axis": (0, NOT_AN_AXIS)},
    "kept_filters": {
        "scores": ([3.0, 1.0, 2.0], [*NOT_WEIGHTS, [], 1.0, WEIGHTS]),
        "sparsity": sparsity,
    },
}
