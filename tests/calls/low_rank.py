"""Calls of kdlab.low_rank."""

import numpy as np

from calls import NOT_A_NUMBER, NOT_AN_INTEGER, NOT_FINITE

NOT_A_MATRIX = [*NOT_FINITE, 1.0, [1.0, 2.0], np.ones((1, 2, 2)), np.zeros((0, 3)), np.zeros((3, 0))]
NOT_AN_OPTIONAL = [bad for bad in NOT_FINITE if bad is not None]
NOT_A_SIZE = [*NOT_AN_INTEGER, 0, -1]
NOT_A_RANK = [*NOT_A_SIZE, 3]  # of a matrix with two rows
NOT_A_COVARIANCE = [*NOT_A_MATRIX, np.eye(2), -np.eye(3), np.tri(3)]
NOT_A_KERNEL = [*NOT_FINITE, np.eye(3), np.zeros((0, 1, 2, 2)), np.zeros((2, 1, 0, 2)), np.ones((1, 2, 1, 1, 1))]

weights = {"weights": ([[3.0, 1.0, 0.0], [1.0, 3.0, 1.0]], NOT_A_MATRIX)}
rank = {"rank": (1, NOT_A_RANK)}
covariance = {"covariance": (np.eye(3), NOT_A_COVARIANCE)}
singular_values = {
    "singular_values": ([2.0, 1.0], [*NOT_FINITE, [], 1.0, [[2.0, 1.0]], [1.0, 2.0], [1.0, -1.0], [-1.0]])
}
features = {"out_features": (2, NOT_A_SIZE), "in_features": (3, NOT_A_SIZE)}
lora = {
    "weights": (np.eye(2, 3), [*NOT_FINITE, 1.0, [1.0, 2.0], np.ones((1, 2, 2))]),
    "A": (np.ones((1, 3)), [*NOT_A_MATRIX, np.ones((1, 2)), np.ones((2, 3))]),
    "B": (np.ones((2, 1)), [*NOT_FINITE, 1.0, [1.0], np.ones((3, 1)), np.ones((2, 2))]),
    "alpha": (2.0, [*NOT_A_NUMBER, np.inf, -np.inf]),
}
kernel = {"kernel": (np.ones((2, 1, 3, 3)), NOT_A_KERNEL)}

CALLS = {
    "spectrum": weights,
    "low_rank_factors": weights | rank,
    "low_rank_approximation": weights | rank,
    "low_rank_errors": singular_values | rank,
    "rank_by_energy": singular_values | {"tau": (0.9, [*NOT_A_NUMBER, 0, 1.001, -1])},
    "break_even_rank": features,
    "max_saving_rank": features,
    "layer_cost": features | {"rank": (1, [bad for bad in NOT_A_RANK if bad is not None]), "bias": (True, [])},
    "factored_layer": {
        "inputs": ([1.0, 2.0, 3.0], [*NOT_FINITE, 1.0, [1.0], np.ones((3, 1))]),
        "U": (np.ones((2, 1)), [*NOT_FINITE, 1.0, [1.0], np.ones((2, 2))]),
        "V": (np.ones((1, 3)), [*NOT_FINITE, 1.0, [1.0], np.ones((2, 3))]),
        "bias": (np.ones(2), [*NOT_AN_OPTIONAL, 1.0, [1.0], np.ones((2, 1))]),
    },
    "data_aware_factors": weights | covariance | rank,
    "output_error": weights
    | {"approximation": (np.ones((2, 3)), [*NOT_A_MATRIX, np.ones((3, 2)), np.ones((1, 3))])}
    | covariance,
    "lora_output": {"inputs": ([1.0, 2.0, 3.0], [*NOT_FINITE, 1.0, [1.0], np.ones((3, 1))])} | lora,
    "lora_merge": lora,
    "kernel_to_matrix": kernel,
    "kernel_factors": kernel | rank,
}
