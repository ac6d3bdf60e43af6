"""What is asked of dark_knowledge/retention, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.dark_knowledge"]
parsons = ["keep_top"]
kinds = {"logits": "logits", "labels": "labels", "probs": "probabilities", "k": "count", "rank": "count", "C": "count"}

_MATRIX = "The text says (N, C)."
_FLOAT32 = "float32 is for those who choose it: such an input asks for nothing else."
_AT_LEAST_ONE = "The text says that k, r and C are at least 1."
untried = {
    "wrong_classes": {"more than two dimensions": _MATRIX, "float32": _FLOAT32},
    "wrong_entropy": {"more than two dimensions": _MATRIX, "float32": _FLOAT32},
    "keep_top": {"more than two dimensions": _MATRIX, "a count of 0": _AT_LEAST_ONE},
    "reorder_then_keep": {"more than two dimensions": _MATRIX, "a count of 0": _AT_LEAST_ONE},
    "is_kept": {"more than two dimensions": _MATRIX, "a count of 0": _AT_LEAST_ONE},
    "chance": {"a count of 0": _AT_LEAST_ONE},
}

_TEACHER = np.array([[5.0, 3.0, 2.5, -1.0, 0.0]])
_CUT = np.array([[0.12, 0.28, 0.2, 0.2, 0.2], [0.44, 0.1, 0.16, 0.16, 0.14]])


def questions(rng):
    """Return the six functions; hidden inputs come from `rng`."""
    return [
        Function("wrong_classes", 2, _logit_calls(rng), lambda logits, labels: {"C": logits.shape[1]}),
        Function("wrong_entropy", 1, _logit_calls(rng), lambda logits, labels: {"N": len(labels)}),
        Function("keep_top", 2, _top_calls(rng), lambda probs, k: {"k": k}),
        Function("reorder_then_keep", 1, _reorder_calls(rng), lambda probs, permutations, k: {"k": k}),
        Function("is_kept", 2, _kept_calls(rng)),
        Function("chance", 2, _chance_calls(rng)),
    ]


def _logit_calls(rng):
    z, y = rng.normal(scale=2, size=(5, 7)), rng.permutation([0, 2, 3, 5, 6])
    masked = rng.normal(scale=2, size=(4, 6))
    masked[np.arange(4), [5, 4, 3, 2]] = -np.inf
    far_apart = rng.normal(size=(3, 4)) + np.array([[5000.0], [0.0], [-9000.0]])
    lead = float(rng.integers(38, 60))
    return [
        Call((_TEACHER, np.array([0])), "the example", public=True),
        Call((np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 1.0]]), np.array([0, 1])), "two rows", public=True),
        Call((np.array([[40.0, 1.0, 0.0], [0.0, 1.0, 40.0]]), np.array([0, 2])), "the label leads by 39", public=True),
        Call((z, y), "a batch"),
        Call((z[:, :4], np.full(5, rng.integers(4))), "every label alike"),
        Call((_with_lead(rng, lead), np.array([1, 3])), "the label leads by some forty"),
        Call((_with_lead(rng, 800.0), np.array([1, 3])), "the label leads by 800"),
        Call((_with_lead(rng, 9000.0), np.array([1, 3])), "the label leads by 9000"),
        Call((_with_lead(rng, -900.0), np.array([1, 3])), "the label lies far below the others"),
        Call((far_apart, np.array([0, 3, 1])), "rows far from each other"),
        Call((rng.normal(size=(2, 5)) - 8000.0, np.array([4, 0])), "logits of minus thousands"),
        Call((_at_the_lower_end(rng), np.array([0, 3])), "the wrong classes at minus ten thousand"),
        Call((masked, np.array([1, 0, 2, 5])), "a masked class"),
        Call((np.array([[0.3, -np.inf, 2.0, -np.inf]]) + rng.normal(), np.array([0])), "one wrong class is left"),
        Call((np.array([[2.0, 2.0, 2.0, 0.0, 2.0]]) + rng.normal(), np.array([1])), "a tie of four"),
        Call((1.0 + np.array([[0.0, 2e-7, -3e-7, 5e-7]]), np.array([2])), "logits that hardly differ"),
        Call((rng.integers(-5, 6, size=(3, 4)), np.array([3, 0, 2])), "integers"),
        Call((rng.normal(scale=3, size=(4, 2)), np.array([0, 1, 1, 0])), "two classes"),
        Call((rng.normal(scale=2, size=(4, 4)), np.array([3, 2, 0, 1])), "as many rows as classes"),
        Call((rng.normal(scale=2, size=(1, 6)), rng.integers(0, 6, size=1)), "one row"),
    ]


def _with_lead(rng, lead):
    """Draw two rows of five, the labels 1 and 3 so far above the others."""
    z = np.round(rng.normal(size=(2, 5)), 3)
    z[[0, 1], [1, 3]] += lead
    return z


def _at_the_lower_end(rng):
    """Draw two rows whose wrong classes are no masks, though a number that stands for one would be as large."""
    z = rng.uniform(-1e4, -9.99e3, size=(2, 5))
    z[[0, 1], [0, 3]] = 5.0, 1e4
    return z


def _top_calls(rng):
    return [
        Call((np.array([[0.4, 0.25, 0.2, 0.1, 0.05]]), 2), "five classes, two are kept", public=True),
        Call((_CUT, 2), "ties at the cut", public=True),
        Call((np.array([[0.0, 0.6, 0.0, 0.3, 0.1]]), 4), "a class with probability 0 is kept", public=True),
        Call((_probs(rng, 6, 8), 3), "a batch"),
        Call((_probs(rng, 5, 7), 1), "the first alone"),
        Call((_probs(rng, 3, 5), 5), "all are kept"),
        Call((_probs(rng, 4, 2), 1), "two classes"),
        Call((_probs(rng, 4, 4), 2), "as many rows as classes"),
        Call((_probs(rng, 1, 9), 4), "one row"),
        Call((_tied(rng, 5, 6), 3), "ties in a batch"),
        Call((_tied(rng, 4, 60), 25), "sixty classes, many ties"),
        Call((_close(rng, 6), 2), "probabilities that hardly differ"),
        Call((_close(rng, 6, 3e-14), 2), "probabilities that differ in the last digits"),
        Call((_tiny(rng), 2), "tiny probabilities"),
        Call((np.eye(5)[rng.permutation(5)[:3]], 2), "all on one class"),
    ]


def _reorder_calls(rng):
    example = np.array([[0.4, 0.25, 0.2, 0.1, 0.05]])
    return [
        Call((example, np.array([[3, 0, 4, 1, 2]]), 5), "the example, all are kept", public=True),
        Call((example, np.array([[3, 0, 4, 1, 2]]), 2), "the example, two are kept", public=True),
        Call((example, np.array([[0, 1, 2, 3, 4]]), 2), "the order is kept", public=True),
        Call((_probs(rng, 6, 8), _cycles(rng, 6, 8), 3), "a batch"),
        Call((_probs(rng, 5, 7), _cycles(rng, 5, 7), 1), "the first alone"),
        Call((_probs(rng, 4, 6), _cycles(rng, 4, 6), 6), "all are kept"),
        Call((_tied(rng, 30, 7), _cycles(rng, 30, 7), 3), "ties"),
        Call((_probs(rng, 3, 2), np.array([[1, 0], [0, 1], [1, 0]]), 1), "two classes"),
        Call((_probs(rng, 1, 6), _cycles(rng, 1, 6), 4), "one row"),
        Call((_tiny(rng), _cycles(rng, 3, 4), 2), "tiny probabilities"),
        Call((np.eye(5)[rng.permutation(5)[:3]], _cycles(rng, 3, 5), 2), "all on one class"),
    ]


def _kept_calls(rng):
    probs = _probs(rng, 8, 6)
    order = np.argsort(-probs, axis=1)
    tied = _tied(rng, 7, 6)
    return [
        Call(
            (np.array([[0.4, 0.25, 0.2, 0.1, 0.05]] * 4), np.array([0, 1, 2, 3]), 2), "ranks 1, 2, 3 and 4", public=True
        ),
        Call((_CUT[[0, 0, 1, 1]], np.array([2, 3, 2, 3]), 2), "ties at the cut", public=True),
        Call(
            (np.array([[0.0, 0.6, 0.0, 0.3, 0.1]] * 2), np.array([0, 2]), 4), "a label with probability 0", public=True
        ),
        Call((probs, order[:, 2], 3), "rank k"),
        Call((probs, order[:, 3], 3), "rank k + 1"),
        Call((probs, order[np.arange(8), np.arange(8) % 6], 3), "every rank"),
        Call((probs, order[np.arange(8), np.arange(8) % 3], 1), "the first alone"),
        Call((probs, order[:, 5], 6), "all are kept"),
        Call((tied, rng.integers(0, 6, size=7), 3), "ties in a batch"),
        Call((np.full((5, 5), 0.2), np.arange(5), 3), "all alike"),
        Call((_tied(rng, 90, 60), rng.integers(0, 60, size=90), 25), "sixty classes, many ties"),
        Call((_close(rng, 6), np.arange(24) % 6, 2), "probabilities that hardly differ"),
        Call((_close(rng, 6, 3e-14), np.arange(24) % 6, 2), "probabilities that differ in the last digits"),
        Call((_tiny(rng), np.array([0, 1, 3]), 2), "tiny probabilities"),
        Call((np.eye(5)[[3, 3, 3, 0]], np.array([0, 1, 3, 0]), 2), "all on one class"),
        Call((probs, np.full(8, rng.integers(6)), 3), "every label alike"),
        Call((_probs(rng, 4, 2), np.array([0, 1, 1, 0]), 1), "two classes"),
        Call((_probs(rng, 1, 5), rng.integers(0, 5, size=1), 2), "one row"),
    ]


def _chance_calls(rng):
    calls = [
        Call((1, 3, 14, "deranged"), "rank 1 of 14, three are kept", public=True),
        Call((7, 3, 14, "deranged"), "rank 7 of 14, three are kept", public=True),
        Call((7, 3, 14, "shuffled"), "rank 7 of 14, three are kept", public=True),
        Call((7, 3, 14, "kept"), "rank 7 of 14, three are kept", public=True),
    ]
    k, C = int(rng.integers(3, 6)), int(rng.choice([11, 17]))
    for operator in ("kept", "shuffled", "deranged"):
        calls += [
            Call((k, k, C, operator), "rank k"),
            Call((k + 1, k, C, operator), "rank k + 1"),
            Call((1, k, C, operator), "the first rank"),
            Call((C, k, C, operator), "the last rank"),
            Call((1, 1, C, operator), "one is kept, rank 1"),
            Call((2, 1, C, operator), "one is kept, rank 2"),
            Call((k, C, C, operator), "all are kept"),
            Call((1, 1, 2, operator), "two classes, rank 1"),
            Call((2, 1, 2, operator), "two classes, rank 2"),
        ]
    return calls


def _probs(rng, N, C):
    """Draw rows of different probabilities, in no order."""
    return _shared_out(rng.permuted(np.tile(np.arange(1, C + 1) ** 2, (N, 1)), axis=1) + rng.uniform(size=(N, C)))


def _tied(rng, N, C):
    levels = np.array([0.0, *np.sort(rng.uniform(1, 4, size=3))])
    numbers = rng.choice(levels, size=(N, C))
    numbers[np.arange(N), rng.integers(0, C, size=N)] = levels[-1]
    return _shared_out(numbers)


def _close(rng, C, difference=2e-7):
    """Draw 24 rows of numbers that hardly differ."""
    return _shared_out(1 + difference * rng.permuted(np.tile(np.arange(C), (24, 1)), axis=1))


def _tiny(rng):
    return rng.permuted([[1e-12, 3e-12, 2e-12, 1.0 - 6e-12]] * 3, axis=1)


def _shared_out(numbers):
    return numbers / numbers.sum(axis=1, keepdims=True)


def _cycles(rng, N, C):
    """Draw permutations that are one cycle each, so that none is its own inverse."""
    order = rng.permuted(np.tile(np.arange(C), (N, 1)), axis=1)
    cycles = np.empty((N, C), dtype=np.int64)
    np.put_along_axis(cycles, order, np.roll(order, 1, axis=1), axis=1)
    return cycles


styles = {
    "wrong_classes": {
        "reference": "All rows at once: minus infinity is a mask that a softmax understands.",
        "loops": "Row by row, with the label taken out of a list: as one would do it by hand.",
    },
    "wrong_entropy": {
        "reference": "The formula as it stands, with a 1 where its logarithm would be of 0.",
        "log_space": "From the logits: no logarithm of a small number, at the price of a longer formula.",
    },
    "keep_top": {
        "reference": "One stable sort: exact, however many are equal.",
        "comparisons": "Each class counts those before it: no sort, and one sees the rule for equal ones.",
    },
    "reorder_then_keep": {
        "reference": "NumPy's own name for this: take along an axis.",
        "loops": "One number at a time: one sees which way they move.",
    },
    "is_kept": {
        "reference": "The first k, and whether the label is one of them.",
        "comparisons": "The rank of the label alone, by counting: nothing has to be sorted.",
    },
    "chance": {
        "reference": "Three lines of counting.",
        "loops": "The places where the label may land, one after the other.",
    },
}
