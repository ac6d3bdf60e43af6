"""What is asked of dark_knowledge/control, and on which inputs."""

import numpy as np

from kdlab.explore.questions import Pick
from kdlab.practice.questions import Ask, Call, Function

forbids = ["kdlab.dark_knowledge"]
kinds = {"teacher_probs": "probabilities", "labels": "labels"}

_MATRIX = {"more than two dimensions": "The text says (N, C)."}
untried = {"evened": _MATRIX, "rearranged": _MATRIX}

_EXAMPLE = np.array([[0.6, 0.3, 0.1, 0.0]])


def questions(rng):
    """Return the two controls and the choice; hidden inputs come from `rng`."""
    return [
        Function("evened", 2, _evened_calls(rng), lambda p, y: {"C": p.shape[1]}),
        Function("rearranged", 2, _rearranged_calls(rng)),
        Ask("decides", 1, _WHICH, _REASONS),
    ]


_WHICH = Pick(
    "Which difference refutes that softness is enough?",
    (
        "As the teacher thinks, against the labels.",
        "As the teacher thinks, against evened out.",
        "Rearranged, against the labels.",
    ),
    answer=lambda: 1,
    because="Both give the label the same probability. If softness were all, they would do equally well.",
)
_REASONS = (
    ("Both are equally soft, so softness cannot make them differ.", ""),
    (
        "One is soft and the other is not, so it must be softness.",
        "They differ in two ways at once, in softness and in what is said of the wrong classes.",
    ),
    (
        "It is the one in which something went wrong.",
        "A harm by false targets does not say what the good of true ones comes from.",
    ),
)


def _evened_calls(rng):
    return [
        Call((_EXAMPLE, np.array([0])), "the example", public=True),
        Call((np.array([[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]]), np.array([1, 2])), "two rows", public=True),
        *(Call((p, y), note) for p, y, note in _rows(rng)),
    ]


def _rearranged_calls(rng):
    two = np.array([[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]])
    return [
        Call((_EXAMPLE, np.array([0]), np.array([[2, 0, 1]])), "the example", public=True),
        Call((two, np.array([1, 2]), np.array([[1, 0], [0, 1]])), "two rows", public=True),
        *(Call((p, y, _cycles(rng, len(y), p.shape[1] - 1)), note) for p, y, note in _rows(rng)),
    ]


def _rows(rng):
    """Return probabilities and labels, and what is special about them."""
    sure = rng.permuted([[1.0 - 6e-12, 1e-12, 2e-12, 3e-12]] * 3, axis=1)
    return [
        (rng.dirichlet(np.ones(6), size=5), rng.permutation([0, 2, 3, 4, 5]), "a batch"),
        (rng.dirichlet(np.ones(5), size=4), np.full(4, rng.integers(5)), "every label alike"),
        (rng.dirichlet(np.ones(4), size=4), rng.permutation(4), "as many rows as classes"),
        (rng.dirichlet(np.ones(7), size=1), rng.integers(0, 7, size=1), "one row"),
        (rng.dirichlet(np.ones(2), size=3), np.array([0, 1, 0]), "two classes"),
        (rng.dirichlet(np.ones(3), size=4), np.array([0, 1, 2, 0]), "three classes"),
        (np.eye(5)[[1, 3, 4]], np.array([1, 0, 4]), "all on one class"),
        (sure, sure.argmax(axis=1), "a sure teacher"),
        (sure[:, ::-1].copy(), sure.argmax(axis=1), "a tiny probability"),
    ]


def _cycles(rng, N, C):
    """Draw permutations that are one cycle each, so that none of three or more is its own inverse."""
    order = rng.permuted(np.tile(np.arange(C), (N, 1)), axis=1)
    cycles = np.empty((N, C), dtype=np.int64)
    np.put_along_axis(cycles, order, np.roll(order, 1, axis=1), axis=1)
    return cycles


styles = {
    "evened": {
        "reference": "One table of the wrong classes, for all rows at once.",
        "loops": "Row by row: how much is left, among how many.",
    },
    "rearranged": {
        "reference": "The wrong classes are taken out, reordered and put back.",
        "along_an_axis": "The order is made one of all classes, with the label in its own place.",
    },
}
