"""Calls of kdlab.sequence."""

import numpy as np

from calls import NOT_A_NUMBER, NOT_A_REDUCTION, NOT_AN_AXIS, NOT_AN_INTEGER, NOT_FINITE, NOT_REAL
from kdlab.sequence import Teacher

PROBS, NEXT = [[0.5, 0.5], [0.9, 0.1], [0.2, 0.8]], [[0, 1], [0, 2], [0, 2]]
TEACHER = Teacher(PROBS, NEXT)
STUDENT = [[0.6, 0.4], [0.3, 0.7]]
NOT_ROWS = [[[0.5, 0.6], [0.5, 0.5]], [[-0.1, 1.1], [0.5, 0.5]], [[np.nan, 1.0], [0.5, 0.5]]]
NOT_A_STUDENT = [*NOT_REAL, 1.0, [0.5, 0.5], [[0.5, 0.5]], *NOT_ROWS, [[STUDENT]]]
ANOTHER_SIZE = [np.full((3, 3), 1 / 3)]
NOT_A_TEACHER = [
    *[None, 3.0, "ab", PROBS, (PROBS,), (PROBS, NEXT, NEXT), (3.0, NEXT), ([0.5, 0.5], [0, 0])],
    *[Teacher(rows, [[0, 1], [0, 1]]) for rows in NOT_ROWS],
    *[Teacher(PROBS, bad) for bad in ([[0, 1], [0, 2]], [[0, 1], [0, 3], [0, 2]], [[0, -1], [0, 2], [0, 2]])],
    Teacher(PROBS, [[0.0, 1.0], [0.0, 2.0], [0.0, 2.0]]),
]
NOT_STEPS = [*NOT_AN_INTEGER, -1]
HISTORIES = np.full((4, 3, 2), 1 / 6)
NOT_HISTORIES = [*NOT_FINITE, 1.0, HISTORIES[0], -HISTORIES, np.full((4, 2, 3), 1 / 6)]
NOT_A_DIRECTION = [*NOT_A_REDUCTION, "backward"]

teacher = {"teacher": (TEACHER, NOT_A_TEACHER)}
positive = {"teacher": (TEACHER, [*NOT_A_TEACHER, Teacher([[1.0, 0.0], *PROBS[1:]], NEXT)])}
student = {"student_probs": (STUDENT, [*NOT_A_STUDENT, *ANOTHER_SIZE])}
steps = {"steps": (3, NOT_STEPS)}
direction = {"direction": ("reverse", NOT_A_DIRECTION)}
histories = {"histories": (HISTORIES, NOT_HISTORIES)}

CALLS = {
    "lexicon": {
        "words": (["at", "a"], [None, 3, "at", [], ["at", ""], ["at", "at"], ["a t", "at"], [1, 2], [["a"], ["t"]]]),
        "weights": ([1.0, 2.0], [bad for bad in [*NOT_FINITE, 1.0, [1.0], [1.0, 0.0], [1.0, -1.0]] if bad is not None]),
        "slip": (0.1, [*NOT_A_NUMBER, -0.1, 1.1]),
        "give_up": (0.5, [*NOT_A_NUMBER, -0.1, 1.1]),
    },
    "word_frequencies": {
        "writer": (TEACHER, [*NOT_A_STUDENT, Teacher(PROBS, [[1, 1], [0, 2], [0, 2]]), [[1.0, 0.0], [0.5, 0.5]]]),
        "count": (3, [*NOT_AN_INTEGER, 0]),
    },
    "chain_log_prob": {
        "strings": ([[0, 1], [1, 1]], [["a"], None, [[0.0, 1.0]], [[0, 2]], [[-1, 0]], [0, 1], 0, [[[0]]]]),
        "student_probs": (STUDENT, NOT_A_STUDENT),
        "start": (1, [*NOT_AN_INTEGER, -1, 2]),
    },
    "histories": teacher
    | steps
    | {"writer": (STUDENT, [bad for bad in [*NOT_A_STUDENT, *ANOTHER_SIZE] if bad is not None])},
    "token_kl": student | teacher | histories | direction,
    "sequence_kl": student | teacher | steps | direction,
    "mean_student": teacher | histories | {"mean": ("geometric", [*NOT_A_REDUCTION, "harmonic"])},
    "reverse_gradient": student | positive | steps | {"credit": (False, [])},
    "reverse_step": student
    | positive
    | steps
    | {"credit": (False, []), "damping": (0.3, [*NOT_A_NUMBER, 0.0, 1.0, -1.0])},
    "credit_of_samples": {"losses": ([[1.0, 2.0], [0.0, 1.0]], [*NOT_FINITE, 1.0, [1.0, 2.0], np.zeros((0, 3))])},
    "masked_mean": {
        "losses": ([[1.0, 2.0]], [*NOT_REAL, 1.0, [1.0, 2.0], [[1.0, np.nan]], [[1.0, 2.0], [3.0]]]),
        "mask": ([[True, True]], [None, [[1, 1]], [[1.0, 1.0]], [True, True], [[False, False]], [["a", "b"]]]),
    },
    "top_k_kl": {
        "student_probs": (PROBS, [*NOT_REAL, 1.0, *NOT_ROWS, STUDENT, [[]]]),
        "teacher_probs": (PROBS, [*NOT_REAL, 1.0, *NOT_ROWS, STUDENT, [[]]]),
        "k": (1, [*NOT_AN_INTEGER, 0, 3]),
        "direction": ("forward", NOT_A_DIRECTION),
        "rest": ("drop", [*NOT_A_REDUCTION, "other"]),
        "axis": (-1, NOT_AN_AXIS),
    },
    "lowest_raw_kl": {
        "kept": (0.9, [*NOT_A_NUMBER, 0.0, 1.1, -1.0]),
        "direction": ("reverse", NOT_A_DIRECTION),
    },
}
