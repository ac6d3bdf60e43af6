"""What is asked of vision/omitted, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.distillation_loss", "kdlab.hybrid_objective"]
parsons = ["bias_for_share"]
kinds = {
    "teacher_logits": "logits",
    "student_logits": "logits",
    "logits": "logits",
    "labels": "labels",
    "temperature": "temperature",
}
_LOGITS = {
    "more than two dimensions": "The text says (N, C).",
    "a masked class": "The text says that logits are finite.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
}
_COLD = {"a temperature of a hundredth or less": "The text says that T is at least 0.1."}
untried = {
    "lesson": _LOGITS | _COLD,
    "missing_pull": _LOGITS | _COLD,
    "naming": _LOGITS
    | {
        "an axis of length 1": "The text says that C is at least 2, and that both kinds of rows are there.",
        "one label": "The text says that both kinds of rows are there.",
        "every label alike": "The text says that both kinds of rows are there.",
    },
    "bias_for_share": _LOGITS,
}


def questions(rng):
    """Return the four functions; hidden inputs come from `rng`."""
    return [
        Function("lesson", 1, _lesson_calls(rng)),
        Function("missing_pull", 2, _pull_calls(rng), _quantities),
        Function("naming", 1, _naming_calls(rng)),
        Function("bias_for_share", 2, _bias_calls(rng)),
    ]


def _quantities(student_logits, teacher_logits, omitted, temperature):
    return {"N": len(student_logits), "T": temperature}


V = np.array([[4.0, 0.0, 2.0, 1.0]])
Z = np.array([[3.0, 1.0, 0.0, 0.0]])
FOUR = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, -1.0], [-2.0, 1.0, 0.0], [-6.0, 2.0, 5.0]])


def _drawn(rng, n_rows, n_classes, *, scale=2.0):
    """Draw logits, and labels of which the first is the class with the least logit; each class occurs."""
    logits = scale * rng.normal(size=(n_rows, n_classes))
    labels = rng.permutation(np.arange(n_rows) % n_classes)
    labels[0] = logits[0].argmin()
    return logits, labels


def _hard_logits(rng):
    """Return logits of every hard kind, with what is special about them."""
    rows = np.array([[5000.0], [0.0], [-9000.0]])
    return [
        (3000 * rng.normal(size=(4, 3)), "large logits"),
        (600 * rng.normal(size=(4, 3)), "logits of some hundreds"),
        (2 * rng.normal(size=(3, 5)) + rng.permuted(rows), "rows far from each other"),
        (rng.normal(size=(3, 4)) - 800.0, "logits far below 0"),
        (1.0 + 1e-7 * rng.permutation(8).reshape(2, 4), "logits that hardly differ"),
        (rng.integers(-3, 4, size=(5, 4)), "whole numbers"),
    ]


def _lesson_calls(rng):
    rows = np.array([[4.0, 0.0, 2.0, 1.0], [0.0, 1.0, 3.0, 0.0], [1.0, 2.0, 0.0, 0.5]])
    hard = [Call((z, rng.permutation(np.arange(len(z)) % 2), 1, 2.5), note) for z, note in _hard_logits(rng)]
    ties = np.array([[2.0, 2.0, 2.0, 0.0], [1.0, 3.0, 3.0, 0.0]])
    return [
        Call((rows, np.array([0, 2, 1]), 2, 4.0), "three rows, the third class left out", public=True),
        Call((rows, np.array([0, 2, 1]), 0, 1.0), "the first class left out, T = 1", public=True),
        Call((rows, np.array([2, 2, 1]), 2, 2.0), "a label that is not the largest logit", public=True),
        Call((*_drawn(rng, 9, 4), 3, rng.uniform(1.5, 3.5)), "the last class left out"),
        Call((*_drawn(rng, 7, 5), 1, rng.uniform(0.3, 0.8)), "small T"),
        Call((*_drawn(rng, 8, 3), 1, 100.0), "T = 100"),
        Call((2 * rng.normal(size=(6, 4)), np.array([0, 1, 3, 3, 1, 0]), 2, 2.5), "no row of the class"),
        Call((2 * rng.normal(size=(5, 3)), np.full(5, 2), 1, 2.5), "every label alike, and another class"),
        Call((2 * rng.normal(size=(3, 4)), np.full(3, 1), 1, 2.5), "no row is left"),
        Call((2 * rng.normal(size=(1, 4)), np.array([3]), 0, 2.5), "one row"),
        Call((2 * rng.normal(size=(4, 4)), rng.permutation(4), 2, 2.5), "as many rows as classes"),
        Call((ties, np.array([3, 0]), 1, 1.5), "a tie of three"),
        Call((rng.normal(size=(3, 4)) / 8 + 100.0, np.array([0, 3, 1]), 3, 0.125), "logits that only T makes large"),
        *hard,
    ]


def _pull_calls(rng):
    calls = [
        Call((Z, V, 2, 1.0), "the row of the text, T = 1", public=True),
        Call((Z, V, 2, 4.0), "the row of the text, T = 4", public=True),
        Call((np.vstack([Z, V]), np.vstack([V, -Z]), 3, 3.0), "two rows, the last class", public=True),
        Call((*2 * rng.normal(size=(2, 7, 5)), 0, rng.uniform(2.2, 2.8)), "the first class"),
        Call((*2 * rng.normal(size=(2, 6, 10)), 8, rng.uniform(0.3, 0.8)), "ten classes, small T"),
        Call((*2 * rng.normal(size=(2, 8, 3)), 1, 100.0), "T = 100"),
        Call((*2 * rng.normal(size=(2, 4, 4)), 2, 2.5), "as many rows as classes"),
        Call((*2 * rng.normal(size=(2, 1, 6)), 5, 3.5), "one row"),
        Call((*2 * rng.normal(size=(2, 5, 2)), 1, 3.0), "two classes"),
        Call((np.array([[2.0, 2.0, 2.0, 0.0]]), rng.normal(size=(1, 4)), 1, 1.5), "the student has a tie of three"),
        Call((rng.normal(size=(1, 4)), np.array([[2.0, 2.0, 2.0, 0.0]]), 3, 1.5), "the teacher has a tie of three"),
        Call((*(rng.normal(size=(2, 3, 4)) / 8 + 100.0), 1, 0.125), "logits that only T makes large"),
    ]
    for z, note in _hard_logits(rng):
        other = 2 * rng.normal(size=z.shape)
        calls += [
            Call((z, other, 1, 2.5), f"{note}, the student's"),
            Call((other, z, 1, 2.5), f"{note}, the teacher's"),
        ]
    return calls


def _naming_calls(rng):
    logits, labels = _drawn(rng, 40, 4)
    logits[:, 2] += 1.0
    tie = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0], [3.0, 3.0, 3.0], [0.0, 0.0, 1.0]])
    calls = [
        Call((FOUR, np.array([0, 1, 2, 0]), 0), "the first class, with a tie", public=True),
        Call((tie, np.array([1, 2, 2, 2]), 2), "the last class, with ties", public=True),
        Call((tie, np.array([1, 1, 0, 2]), 1), "a class in the middle, with ties", public=True),
        Call((logits, labels, 2), "many rows"),
        Call((2 * rng.normal(size=(11, 5)) + 3 * np.eye(5)[[4] * 11], np.arange(11) % 5, 4), "mostly called so"),
        Call((2 * rng.normal(size=(9, 3)) - 30 * np.eye(3)[[1] * 9], np.arange(9) % 3, 1), "never called so"),
        Call((2 * rng.normal(size=(2, 3)), np.array([1, 0]), 1), "one row of each kind"),
        Call((2 * rng.normal(size=(4, 4)), rng.permutation(4), 0), "as many rows as classes"),
    ]
    return calls + [Call((z, np.arange(len(z)) % 2, 1), note) for z, note in _hard_logits(rng)]


def _near(*args, note, public=False):
    return Call(args, note, public=public, atol=1e-7)


def _bias_calls(rng):
    drawn = 3 * rng.normal(size=(60, 5)) - 6 * np.eye(5)[3]
    ties = np.array([[2.0, 2.0, 2.0, 0.0], [1.0, 3.0, 3.0, 0.0]])
    calls = [
        _near(FOUR, 0, 0.5, note="the four rows, one half", public=True),
        _near(FOUR, 0, 0.1, note="the four rows, one in ten", public=True),
        _near(np.zeros((5, 3)), 1, 0.5, note="all logits 0: log 2", public=True),
        _near(drawn, 3, 0.1, note="a class that is thought rare"),
        _near(-drawn, 3, 0.1, note="a class that is thought frequent"),
        _near(drawn[:7], 0, 0.001, note="a share of a thousandth"),
        _near(drawn[:9], 4, 0.999, note="all but a thousandth"),
        _near(drawn[:1], 2, 0.3, note="one row"),
        _near(2 * rng.normal(size=(4, 4)), 2, 0.25, note="as many rows as classes"),
        _near(2 * rng.normal(size=(6, 2)), 1, 0.4, note="two classes"),
        _near(ties, 1, 0.2, note="a tie of three"),
        _near(np.array([[800.0, -800.0, 0.0], [-800.0, 800.0, 3.0], [790.0, 0.0, 1.0]]), 1, 0.2, note="far apart"),
    ]
    return calls + [_near(z, 1, 0.3, note=note) for z, note in _hard_logits(rng)]


styles = {
    "lesson": {
        "reference": "The softmax of all rows, then a mask of rows.",
        "loops": "Row by row, as the text says it.",
    },
    "missing_pull": {
        "reference": "Two softmaxes, one column, one mean.",
        "by_logs": "By logarithms of probabilities: what one has at hand if the loss is computed too.",
    },
    "naming": {
        "reference": "A mask of what is called so, and its mean over two groups of rows.",
        "loops": "Four counts, row by row.",
    },
    "bias_for_share": {
        "reference": "An interval that holds the answer, halved a hundred times.",
        "newton": "Newton's steps, far fewer, kept inside an interval that holds the answer.",
    },
}
