"""For each public function one call that works, and for each of its arguments what must be refused.

One module for each mechanism: CALLS[function][parameter] is a valid value and a list of bad ones. Where a parameter
has many names the lists of bad values are shared, and stand here. A flag has an empty list: whatever is true or false
will do.
"""

import numpy as np

NOT_REAL = ["2", None, 1j, np.datetime64("2020-01-01"), object(), np.ma.masked, np.ma.array([1.0, 2.0])]
NOT_A_NUMBER = [*NOT_REAL, True, np.nan, [2.0], np.ones((2, 1)), [[1.0], [1.0, 2.0]]]
NOT_AN_INTEGER = ["2", None, 1j, 1.0, True, [1], np.nan, np.inf]
NOT_FINITE = [*NOT_REAL, [np.nan, 1.0], [np.inf, 1.0], [[1.0], [1.0, 2.0]], np.array([[1.0, None]])]

LOGITS = [[2.0, 1.0, -np.inf], [0.0, 0.5, 3.0]]
NOT_LOGITS = [
    *NOT_REAL,
    3.0,
    [],
    np.zeros((2, 0)),
    [[1.0, 2.0], [3.0]],
    [[1.0, np.nan], [0.0, 1.0]],
    [[1.0, np.inf], [0.0, 1.0]],
    [[1.0, 2.0], [-np.inf, -np.inf]],
    np.array([[1.0, None]]),
]
NOT_A_TEMPERATURE = [*NOT_A_NUMBER, -1, -5e-324, -np.inf]
NOT_AN_AXIS = [2, -3, 1.0, None, "last", (0,), [0], True]  # of logits with two axes
NOT_LABELS = [["a", "b"], None, [0.0, 1.0], [True, False], [0, 99], [-1, 0], [[0], [1]], 0, [0]]  # of two rows
NOT_A_REDUCTION = ["batchmean", None, True, 1]
NOT_A_GENERATOR = [0, None, np.random, np.random.RandomState(0)]
