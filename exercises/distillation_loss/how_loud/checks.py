"""What is asked of distillation_loss/how_loud, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.distillation_loss", "kdlab.hybrid_objective"]
parsons = ["teacher_share"]
kinds = {
    "student_logits": "logits",
    "teacher_logits": "logits",
    "labels": "labels",
    "temperature": "temperature",
    "alpha": "fraction",
    "share": "fraction",
}
_UNTRIED = {
    "more than two dimensions": "The text says (N, C).",
    "a masked class": "The text says that logits are finite.",
    "integers": "The text says floats.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    "a temperature of a hundredth or less": "The text says that T is at least 0.1.",
    "a fraction that is nearly a decimal": "Nothing is counted with it: it is a factor.",
    "a fraction below one in a hundred": "Nothing is counted with it: it is a factor.",
}
untried = {"teacher_share": _UNTRIED, "alpha_for_share": _UNTRIED}


def variant(rng):
    """Draw the example, and work it out."""
    hard = np.round(rng.dirichlet([2.0, 2.0, 2.0]), 2)
    hard = np.array([-(hard[1] + hard[2]), hard[1], hard[2]]) + 0.0
    soft = np.round(0.3 * rng.normal(size=2), 2)
    soft = np.array([-0.2 - soft.sum(), 0.2 + soft[0], soft[1]])
    alpha = float(rng.choice([0.7, 0.8, 0.9]))
    h, k = np.linalg.norm(hard), np.linalg.norm(soft)
    return {
        "alpha": f"{alpha:g}",
        "hard": _row(hard, h),
        "soft": _row(soft, k),
        "weighted_hard": f"{(1 - alpha) * h:.4f}",
        "weighted_soft": f"{alpha * k:.4f}",
        "share": f"{alpha * k / (alpha * k + (1 - alpha) * h):.3f}",
        "half": f"{h / (h + k):.3f}",
    }


def questions(rng):
    """Return the two functions; hidden inputs come from `rng`."""
    return [
        Function("teacher_share", 2, _calls(rng), _quantities),
        Function("alpha_for_share", 2, _calls(rng), _quantities),
    ]


def _quantities(student_logits, teacher_logits, labels, temperature, weight):
    return {"N": len(student_logits), "C": student_logits.shape[1], "T": temperature}


def _calls(rng):
    z, v = np.array([[2.0, 1.5, -1.0, -1.0]]), np.array([[3.0, 1.0, -2.0, 0.5]])
    two = np.array([[2.0, 1.5, -1.0], [0.0, 1.0, 3.0]]), np.array([[3.0, 1.0, -2.0], [1.0, 0.0, 2.0]])
    far_apart = rng.normal(scale=2, size=(2, 3, 5)) + rng.permuted([[[5000.0], [0.0], [-9000.0]]] * 2, axis=1)
    return [
        Call((z, v, np.array([0]), 5.0, 0.5), "one row", public=True),
        Call((*two, np.array([0, 1]), 4.0, 0.7), "two rows", public=True),
        Call((*two, np.array([0, 1]), 1.0, 1.0), "all of it, T = 1", public=True),
        Call((*two, np.array([2, 1]), 4.0, 0.0), "none of it"),
        Call((*_batch(rng, 5, 4), rng.uniform(6.0, 8.0), 1 / 3), "a batch"),
        Call((*_batch(rng, 7, 10), rng.uniform(0.3, 0.8), 0.6), "ten classes, small T"),
        Call((*_batch(rng, 6, 3), 100.0, 0.25), "T = 100"),
        Call((*_batch(rng, 4, 5, alike=True), 2.5, 0.8), "every label alike"),
        Call((*_batch(rng, 4, 3, scale=3000), 2.5, 0.3), "large logits"),
        Call((*_batch(rng, 4, 3, scale=900), 2.5, 0.4), "logits of some hundreds"),
        Call((*far_apart, far_apart[0].argmin(axis=1), 2.5, 0.3), "rows far from each other"),
        Call((*(rng.normal(size=(2, 3, 4)) - 800.0), np.array([0, 3, 1]), 2.5, 0.7), "logits far below 0"),
        Call(
            (*(rng.normal(size=(2, 3, 4)) / 8 + 100.0), np.array([0, 3, 1]), 0.125, 0.7),
            "logits that only T makes large",
        ),
        Call((np.array([[2.0, 2.0, 2.0, 0.0]]), rng.normal(size=(1, 4)), np.array([3]), 1.5, 0.6), "a tie of three"),
        Call(
            (1.0 + 1e-7 * rng.permutation(8).reshape(2, 4), rng.normal(size=(2, 4)), np.array([3, 0]), 0.5, 0.3),
            "logits that hardly differ",
        ),
    ]


def _batch(rng, n_rows, n_classes, *, scale=2.0, alike=False):
    """Draw logits of student and teacher that differ, and labels of which the first is not the largest logit's."""
    z, v = scale * rng.normal(size=(2, n_rows, n_classes))
    labels = np.full(n_rows, z[0].argmin()) if alike else rng.integers(0, n_classes, size=n_rows)
    labels[0] = z[0].argmin()
    v[0] = -z[0]
    return z, v, labels


def _row(numbers, length):
    return " | ".join([*(f"{x + 0.0:.2f}" for x in numbers), f"{length:.4f}"])


styles = {
    "teacher_share": {
        "reference": "Two arrays, two lengths, one share: each line can be looked at.",
        "ratio": "From the ratio of the two pushes alone, which is all that a share depends on.",
    },
    "alpha_for_share": {
        "reference": "The equation, solved for alpha.",
        "bisection": "No algebra: the share rises with alpha, so alpha is found by halving.",
    },
}
