"""Calls of kdlab.quantization."""

import numpy as np

from calls import NOT_A_NUMBER, NOT_AN_AXIS, NOT_AN_INTEGER, NOT_FINITE

WEIGHTS = [[2.0, 1.0, -0.5], [0.0, 0.5, 3.0]]
NOT_WEIGHTS = [*NOT_FINITE, [-np.inf, 0.0, 1.0]]
NONE_AT_ALL = [[], np.ones((2, 0)), np.ones((0, 3))]
NO_AXIS = [axis for axis in NOT_AN_AXIS if axis is not None]
NOT_BITS = [*NOT_AN_INTEGER, 0, -1, 17, 32]
NOT_SYMMETRIC_BITS = [*NOT_BITS, 1]
NOT_A_FLAG_FOR_ZERO = [*NOT_AN_INTEGER, -1, 2]
OF_ANOTHER_SHAPE = [1.0, [], [1.0], [1.0, 2.0, 3.0], [[1.0], [2.0]]]  # than one number for each of two rows

weights = (WEIGHTS, NOT_WEIGHTS)
some_weights = (WEIGHTS, [*NOT_WEIGHTS, *NONE_AT_ALL])
axis = (0, NO_AXIS)
sign_of_zero = (1, NOT_A_FLAG_FOR_ZERO)
scale = ([0.5, 1.0], [*NOT_FINITE, *OF_ANOTHER_SHAPE, [0.5, -1.0], [0.5, np.nan]])
zero_point = ([0, 3], [None, "0", 1j, [0.0, 1.0], [True, False], [-1, 0], 0, [0], [0, 1, 2], [[0], [1]], [0, 2**16]])

HESSIAN = [[4.0, 3.0, 3.0], [3.0, 4.0, 2.0], [3.0, 2.0, 4.0]]
NOT_A_HESSIAN = [
    *NOT_FINITE,
    np.eye(2),
    np.ones((2, 3)),
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]],  # not symmetric
    np.ones((3, 3)),  # singular
    -np.eye(3),
]
NOT_AN_ORDER = ["012", 2, 1.5, [0, 1], [0, 1, 1], [1, 2, 3], [0.0, 1.5, 2.0], [[0, 1, 2]], [True, False, 2]]
rows = (WEIGHTS, [*NOT_WEIGHTS, [[]], 1.0, [[1.0, 2.0]]])

CALLS = {
    "sign": {"weights": weights},
    "one_bit_scale": {"weights": some_weights, "axis": axis, "sign_of_zero": sign_of_zero},
    "one_bit": {"weights": some_weights, "axis": axis},
    "one_bit_mse": {"weights": some_weights, "axis": axis, "sign_of_zero": sign_of_zero},
    "one_bit_gaussian": {"standard_deviation": (1.0, [*NOT_A_NUMBER, -1.0, np.inf])},
    "weight_range": {"weights": weights, "axis": axis},
    "range_to_grid": {
        "low": (-1.0, [*NOT_FINITE, [-1.0], 2.5, -np.inf]),
        "high": (2.0, [*NOT_FINITE, [2.0], -1.5, np.inf]),
        "bits": (1, NOT_BITS),
        "symmetric": (False, []),
    },
    "quantize": {
        "weights": weights,
        "scale": scale,
        "zero_point": ([0, 3], [*zero_point[1], [0, 4]]),
        "bits": (2, NOT_BITS),
        "symmetric": (False, []),
        "axis": axis,
    },
    "dequantize": {
        "codes": ([[1, 2, 3], [0, 0, 1]], [*NOT_FINITE, [[1.0, 2.0], [3.0, 0.0]], [[True], [False]], [[], []]]),
        "scale": scale,
        "zero_point": zero_point,
        "axis": axis,
    },
    "fake_quantize": {
        "weights": weights,
        "bits": (2, NOT_SYMMETRIC_BITS),
        "symmetric": (True, []),
        "axis": axis,
    },
    "quadratic_error": {
        "weights": rows,
        "rounded": ([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]], [*NOT_FINITE, [1.0, 0.0, 1.0], [[1.0], [0.0]]]),
        "hessian": (HESSIAN, NOT_A_HESSIAN),
    },
    "compensated_rounding": {"weights": rows, "hessian": (HESSIAN, NOT_A_HESSIAN), "order": ([2, 0, 1], NOT_AN_ORDER)},
    "uniform_noise_mse": {"scale": (0.5, [*NOT_FINITE, -1.0, [0.5, -5e-324], np.inf])},
    "storage_bits": {
        "num_weights": (1000, [*NOT_AN_INTEGER, -1]),
        "bits": (4, NOT_BITS),
        "num_scales": (1, [*NOT_AN_INTEGER, -1]),
        "num_zero_points": (1, [*NOT_AN_INTEGER, -1]),
    },
}
