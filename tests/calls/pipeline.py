"""Calls of kdlab.pipeline."""

import numpy as np

from calls import NOT_A_NUMBER, NOT_AN_INTEGER, NOT_FINITE
from kdlab.pipeline import Add, BatchNorm, Conv, Flatten, Linear, LowRank, Pool

NETWORK = (Conv(4, 3, padding=1), BatchNorm(), Add(0), Pool(2), Flatten(), Linear(3), LowRank(2, 1))
WEIGHTS = [
    {"weight": np.ones((4, 1, 3, 3)), "bias": np.ones(4)},
    dict.fromkeys(("weight", "bias", "running_mean", "running_var"), np.ones(4)),
    {},
    {},
    {},
    {"weight": np.ones((3, 16)), "bias": np.ones(3)},
    {"U": np.ones((2, 1)), "V": np.ones((1, 3)), "bias": np.ones(2)},
]

NOT_LAYERS = [None, "Linear", [], (), Linear(3), [None], [Flatten], iter(NETWORK)]
NOT_A_NETWORK = [
    *NOT_LAYERS,
    [Conv(0, 3)],
    [Conv(4.0, 3)],
    [Conv(4, 5)],
    [Conv(4, 0)],
    [Conv(4, 3, stride=0)],
    [Conv(4, 3, padding=-1)],
    [Conv(4, 3, padding="valid")],
    [Conv(4, 3, padding="same", stride=2)],
    [Conv(4, 3, groups=2)],
    [Conv(4, 3, groups=0)],
    [Conv(4, 3, bits=17)],
    [Conv(4, 3), Linear(3)],
    [Flatten(), Conv(4, 3)],
    [Flatten(), Pool(2)],
    [Flatten(), Linear(0)],
    [Flatten(), Linear(3, bits=0)],
    [Flatten(), LowRank(3, 0)],
    [Pool(5)],
    [Pool(2, stride=0)],
    [Add(0)],
    [Add(-2)],
    [Conv(4, 3), Add(-1)],
]
NOT_A_SHAPE = [None, 4, "144", (), (1, 4), (0, 4, 4), (1.0, 4, 4), (True, 4, 4), (1, 4, 4, 4), (1, -4, 4)]
NOT_KEPT = [
    None,
    [0, 1],
    {0: []},
    {0: [1, 0]},
    {0: [1, 1]},
    {0: [4]},
    {0: [-1]},
    {0: [0.0]},
    {0: [True, False, True, True]},
    {0: [[0, 1]]},
    {0: 1},
    {0: None},
    {1: [0, 1]},
    {3: [0, 1]},
    {7: [0]},
    {-1: [0]},
    {"0": [0]},
]
OF_A_NETWORK = {"network": (NETWORK, NOT_A_NETWORK), "input_shape": ((1, 4, 4), NOT_A_SHAPE)}
KEPT = {"kept": ({0: [0, 2], 5: [1]}, NOT_KEPT)}
SEVERITY = ([0.5, 1.0], [*NOT_FINITE, [-0.1, 1.0], [0.5, 1.1]])
DROPS = ([0.1, 0.3], [*NOT_FINITE, 0.5, [0.1, 0.95]])
COMBINE = {
    "full_accuracy": (0.9, [*NOT_A_NUMBER, 0.0, -0.5, 1.1, 97.0]),
    "combine": ("multiplicative", ["product", None, True, 1]),
    "chance": (0.1, [*NOT_A_NUMBER, -0.1, 0.95]),
}

CALLS = {
    "output_shapes": OF_A_NETWORK,
    "layer_costs": OF_A_NETWORK,
    "total_cost": OF_A_NETWORK,
    "prune": OF_A_NETWORK | KEPT,
    "slice_weights": OF_A_NETWORK
    | KEPT
    | {
        "weights": (
            WEIGHTS,
            [
                None,
                [],
                WEIGHTS[:-1],
                [*WEIGHTS[:-1], None],
                [*WEIGHTS[:-1], {}],
                [{"weight": np.ones((4, 1, 3, 3))}, *WEIGHTS[1:]],
                [WEIGHTS[0] | {"bias": np.ones(3)}, *WEIGHTS[1:]],
                [WEIGHTS[0] | {"bias": ["1"] * 4}, *WEIGHTS[1:]],
                [WEIGHTS[0] | {"more": np.ones(4)}, *WEIGHTS[1:]],
            ],
        )
    },
    "factorize": OF_A_NETWORK | {"layer": (5, [*NOT_AN_INTEGER, -1, 7, 0, 4, 6]), "rank": (2, [*NOT_AN_INTEGER, 0, 4])},
    "quantize": {"network": (NETWORK, NOT_LAYERS), "bits": (4, [*NOT_AN_INTEGER, 0, 17, 32])},
    "stage_drop": {
        "severity": SEVERITY,
        "c": (0.5, [*NOT_A_NUMBER, -0.1, np.inf]),
        "g": (2.0, [*NOT_A_NUMBER, 0.0, -1.0, np.inf]),
    },
    "combined_accuracy": {"drops": DROPS} | COMBINE,
    "interaction": {
        "accuracy": (0.6, [*NOT_FINITE, -0.1, 1.1, [0.6], [0.6, 0.6]]),
        "drops": DROPS,
    }
    | COMBINE,
    "fit_drop": {
        "severity": (
            SEVERITY[0],
            [*SEVERITY[1], 0.5, [0.5], [0.5, 0.5], [0.0, 1.0], [1e-6, 1e-5], [[0.5, 1.0]], [0.2, 0.5, 1]],
        ),
        "drops": ([0.1, 0.3], [*NOT_FINITE, 0.5, [0.1], [[0.1, 0.3]]]),
    },
    "pareto_front": {
        "cost": ([1.0, 2.0], [*NOT_FINITE, 1.0, [1.0], [[1.0, 2.0]]]),
        "quality": ([1.0, 2.0], [*NOT_FINITE, 1.0, [1.0], [[1.0, 2.0]]]),
    },
}
