"""Calls of kdlab.federated."""

import numpy as np

from calls import LOGITS, NOT_A_REDUCTION, NOT_A_TEMPERATURE, NOT_AN_AXIS, NOT_AN_INTEGER, NOT_FINITE, NOT_LOGITS

NEVER_SIZES = [*NOT_FINITE, 1.0, [], [[1.0, 2.0]], [1.0, -1.0], [0.0, 0.0], [1e308, 1e308]]
NOT_SIZES = [*NEVER_SIZES, [1.0], [1.0, 2.0, 3.0]]  # of two clients
NOT_A_COUNT = [*NOT_AN_INTEGER, 0, -1]
ARRAYS = [[1.0, 2.0], 3.0]
NOT_PARAMETERS = [
    *[[ARRAYS, [bad, 3.0]] for bad in NOT_FINITE],
    *[None, 1.0, "ab", np.ones((2, 2)), [1.0, 2.0], [ARRAYS, np.ones(2)], [ARRAYS, ARRAYS[:1]], [ARRAYS, [3.0, 3.0]]],
]

sizes = {"client_sizes": ([1, 2], NOT_SIZES)}
clients = {"num_clients": (10, NOT_A_COUNT)}
parameters = {"num_parameters": (4810, NOT_A_COUNT)}
public = {"num_public": (397, NOT_A_COUNT), "num_classes": (10, NOT_A_COUNT)}
width = {"bytes_per_number": (4, NOT_A_COUNT)}

CALLS = {
    "consensus_probs": {
        "client_logits": ([LOGITS, LOGITS], [*NOT_LOGITS, [1.0, 2.0], np.zeros((0, 2, 3))]),
        "temperature": (2.0, NOT_A_TEMPERATURE),
        "client_weights": ([1.0, 2.0], [bad for bad in NOT_SIZES if bad is not None]),
        "average": ("probs", [*NOT_A_REDUCTION, "mean"]),
        "axis": (-1, [0, -3, 3, -4, *NOT_AN_AXIS[2:]]),
    },
    "fedavg_weights": {"client_sizes": ([1, 2], NEVER_SIZES)},
    "fedavg": {"client_parameters": ([ARRAYS, ARRAYS], NOT_PARAMETERS)} | sizes,
    "fedavg_bytes": clients | parameters | width,
    "distillation_bytes": clients | public | width,
    "distillation_is_cheaper": parameters | public,
}
