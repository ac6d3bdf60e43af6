"""What is asked of distillation_loss/loss, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.distillation_loss", "kdlab.hybrid_objective"]
parsons = ["loss_gradient"]
kinds = {
    "student_logits": "logits",
    "teacher_logits": "logits",
    "labels": "labels",
    "temperature": "temperature",
    "alpha": "fraction",
}

_EVERYWHERE = {
    "more than two dimensions": "The text says (N, C).",
    "integers": "The text says floats.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
}
_WARM = {"a temperature of a hundredth or less": "The text says that T is at least 0.1."}
_WEIGHT = {
    "a fraction that is nearly a decimal": "Nothing is counted with it: it is a factor.",
    "a fraction below one in a hundred": "Nothing is counted with it: it is a factor.",
}
_FINITE = {"a masked class": "Here the logits are finite."}
untried = {
    "divergence": _EVERYWHERE | _WARM,
    "loss": _EVERYWHERE | _WARM | _WEIGHT,
    "loss_gradient": _EVERYWHERE | _WARM | _WEIGHT | _FINITE,
    "hot_limit": _EVERYWHERE | _FINITE,
}


def variant(rng):
    """Draw the example, and work it out."""
    z, v = (np.round(rng.normal(scale=1.5, size=3) * 2) / 2 for _ in range(2))
    z[0], v[0] = 1.5, 3.0
    T = float(rng.choice([2.0, 4.0, 5.0]))
    p, q = _softmax(v / T), _softmax(z / T)
    kl = float((p * np.log(p / q)).sum())
    return {
        "student": "(" + _numbers(z, 1, ", ") + ")",
        "teacher": "(" + _numbers(v, 1, ", ") + ")",
        "temperature": f"{T:g}",
        "p": _numbers(p, 3, " | "),
        "q": _numbers(q, 3, " | "),
        "kl": f"{kl:.4f}",
        "scaled": f"{T**2 * kl:.4f}",
        "ce": f"{-np.log(_softmax(z)[0]):.4f}",
    }


def questions(rng):
    """Return the four functions; hidden inputs come from `rng`."""
    return [
        Function("divergence", 2, _divergence_calls(rng), _quantities),
        Function("loss", 2, _loss_calls(rng), _quantities),
        Function("loss_gradient", 2, _gradient_calls(rng), _quantities),
        Function("hot_limit", 1, _limit_calls(rng), _quantities),
    ]


def _quantities(student_logits, teacher_logits, labels=None, temperature=None, alpha=None):
    if alpha is None and labels is not None:  # divergence: the temperature stands third
        temperature = labels
    sizes = {"N": len(student_logits), "C": student_logits.shape[1]}
    return sizes if temperature is None else sizes | {"T": temperature}


Z = np.array([[2.0, 1.5, -1.0], [0.0, 1.0, 3.0]])
V = np.array([[3.0, 1.0, -2.0], [1.0, 0.0, 2.0]])
Y = np.array([0, 2])


def _divergence_calls(rng):
    z, v = rng.normal(scale=2, size=(2, 5, 4))
    agreeing = rng.normal(scale=2, size=(3, 4))
    both, student, teacher = (rng.normal(size=(2, 3, 4)) for _ in range(3))
    both[:, :, 1] = student[0, 1, 2] = teacher[1, :, 0] = -np.inf
    close = 1.0 + 1e-7 * rng.permutation(8).reshape(2, 4)
    rounded = rng.normal(size=(2, 2, 3))
    rounded[0, 0, 1] = -np.inf
    rounded[1, :, 1] -= 2000.0
    return [
        Call((Z, V, 4.0), "two rows", public=True),
        Call((Z[:1], V[:1], 1.0), "one row, T = 1", public=True),
        Call((np.array([[0.0, -np.inf, 1.0]]), np.array([[1.0, 0.0, -np.inf]]), 1.0), "the student masks", public=True),
        Call((z, v, rng.uniform(6.0, 8.0)), "a batch"),
        Call((*rng.normal(scale=2, size=(2, 3, 10)), rng.uniform(0.3, 0.8)), "ten classes, small T"),
        Call((agreeing, agreeing + 1.0, rng.uniform(5.0, 8.0)), "logits that differ by a constant"),
        Call((agreeing, agreeing + rng.normal(size=(3, 4)) / 8, 100.0), "T = 100"),
        Call((*both, 1.5), "both mask the same class"),
        Call((*student, 1.5), "the student masks one class of one row"),
        Call((*teacher, 1.5), "the teacher alone masks"),
        Call((*rounded, 1.5), "the student masks a class whose probability rounds to 0"),
        Call((*(3000 * rng.normal(size=(2, 4, 3))), rng.uniform(1.5, 2.5)), "large logits"),
        Call((*(500 * rng.normal(size=(2, 4, 3))), 100.0), "large logits, T = 100"),
        Call((*_far_apart(rng), rng.uniform(1.5, 2.5)), "rows far from each other"),
        Call((*(rng.normal(size=(2, 3, 4)) - 800.0), rng.uniform(1.5, 2.5)), "logits far below 0"),
        Call((*(rng.normal(size=(2, 3, 4)) / 8 + 100.0), 0.125), "logits that only T makes large"),
        Call((np.array([[2.0, 2.0, 2.0, 0.0]]), rng.normal(size=(1, 4)), 1.5), "a tie of three"),
        Call((close, rng.normal(size=(2, 4)), 0.5), "logits that hardly differ"),
        Call((*rng.normal(scale=2, size=(2, 4, 1)), 2.0), "one class"),
    ]


def _loss_calls(rng):
    masked = np.array([[0.0, -np.inf, 1.0], [1.0, 0.5, -1.0]])
    finite = rng.normal(size=(2, 3))
    return [
        Call((Z, V, Y, 4.0, 0.7), "two rows", public=True),
        Call((Z[:1], V[:1], Y[:1], 1.0, 0.25), "one row, T = 1", public=True),
        Call(
            (masked, finite * 0 + 0.5, np.array([2, 0]), 1.5, 0.0),
            "alpha = 0, and the soft term is infinite",
            public=True,
        ),
        Call((masked, finite, np.array([1, 2]), 1.5, 0.0), "alpha = 0, and the label is masked"),
        Call((masked, finite, np.array([2, 1]), 1.5, 0.3), "the soft term is infinite"),
        Call((masked, masked + finite, np.array([1, 1]), 1.5, 1.0), "alpha = 1, and the hard term is infinite"),
        Call((*_batch(rng, 5, 4), rng.uniform(6.0, 8.0), 1 / 3), "a batch"),
        Call((*_batch(rng, 7, 10), rng.uniform(0.3, 0.8), 0.6), "ten classes, small T"),
        Call((*_batch(rng, 6, 3), 100.0, 0.5), "T = 100"),
        Call((*_batch(rng, 6, 4), 2.5, 1.0), "alpha = 1"),
        Call((*_batch(rng, 6, 4), 2.5, 0.0), "alpha = 0"),
        *_hard_calls(rng),
    ]


def _gradient_calls(rng):
    agreeing, _, labels = _batch(rng, 3, 4)
    return [
        Call((Z, V, Y, 4.0, 0.7), "two rows", public=True),
        Call((Z[:1], V[:1], Y[:1], 1.0, 0.25), "one row, T = 1", public=True),
        Call((Z, V, Y, 4.0, 0.0), "alpha = 0", public=True),
        Call((*_batch(rng, 5, 4), rng.uniform(6.0, 8.0), 1 / 3), "a batch"),
        Call((*_batch(rng, 7, 10), rng.uniform(0.3, 0.8), 0.6), "ten classes, small T"),
        Call((*_batch(rng, 6, 3), 100.0, 0.5), "T = 100"),
        Call((*_batch(rng, 6, 4), 2.5, 1.0), "alpha = 1"),
        Call((agreeing, agreeing + 1.0, labels, 2.5, 0.75), "logits that differ by a constant"),
        *_hard_calls(rng),
    ]


def _hard_calls(rng):
    return [
        Call((*_batch(rng, 4, 5, alike=True), 2.5, 0.3), "every label alike"),
        Call((*_batch(rng, 4, 3, scale=3000), 2.5, 0.3), "large logits"),
        Call((*_batch(rng, 4, 3, scale=900), 2.5, 0.3), "logits of some hundreds"),
        Call((*_far_apart(rng), rng.integers(0, 5, size=3), 2.5, 0.3), "rows far from each other"),
        Call((*(rng.normal(size=(2, 3, 4)) - 800.0), np.array([0, 3, 1]), 2.5, 0.3), "logits far below 0"),
        Call(
            (*(rng.normal(size=(2, 3, 4)) / 8 + 100.0), np.array([0, 3, 1]), 0.125, 0.3),
            "logits that only T makes large",
        ),
        Call((np.array([[2.0, 2.0, 2.0, 0.0]]), rng.normal(size=(1, 4)), np.array([3]), 1.5, 0.6), "a tie of three"),
        Call(
            (1.0 + 1e-7 * rng.permutation(8).reshape(2, 4), rng.normal(size=(2, 4)), np.array([3, 0]), 0.5, 0.5),
            "logits that hardly differ",
        ),
        Call((*rng.normal(size=(2, 4, 1)), np.zeros(4, dtype=int), 2.0, 0.5), "one class"),
    ]


def _limit_calls(rng):
    agreeing = rng.normal(scale=2, size=(3, 4))
    return [
        Call((Z, V), "two rows", public=True),
        Call((Z + 3.0, V), "3 is added to the student's logits", public=True),
        Call((*rng.normal(scale=2, size=(2, 5, 4)),), "a batch"),
        Call((*rng.normal(scale=2, size=(2, 7, 10)),), "ten classes"),
        Call((*rng.normal(scale=2, size=(2, 1, 5)),), "one row"),
        Call((agreeing, agreeing - 2.0), "logits that differ by a constant"),
        Call((agreeing + 9000.0, rng.normal(size=(3, 4))), "a large constant is added to the student's logits"),
        Call((*(3000 * rng.normal(size=(2, 4, 3))),), "large logits"),
        Call((*(300 * rng.normal(size=(2, 4, 3)) + np.array([900.0, 0.0, 0.0])),), "logits of some hundreds"),
        Call((*_far_apart(rng),), "rows far from each other"),
        Call((*(rng.normal(size=(2, 3, 4)) - 800.0),), "logits far below 0"),
        Call((np.array([[2.0, 2.0, 2.0, 0.0]]), rng.normal(size=(1, 4))), "a tie of three"),
        Call((1.0 + 1e-7 * rng.permutation(8).reshape(2, 4), rng.normal(size=(2, 4))), "logits that hardly differ"),
        Call((*rng.normal(size=(2, 4, 1)),), "one class"),
    ]


def _batch(rng, n_rows, n_classes, *, scale=2.0, alike=False):
    """Draw logits of student and teacher, and labels; the first label is not the class with the largest logit."""
    z, v = scale * rng.normal(size=(2, n_rows, n_classes))
    labels = np.full(n_rows, z[0].argmin()) if alike else rng.integers(0, n_classes, size=n_rows)
    labels[0] = z[0].argmin()
    return z, v, labels


def _far_apart(rng):
    return rng.normal(scale=2, size=(2, 3, 5)) + rng.permuted([[[5000.0], [0.0], [-9000.0]]] * 2, axis=1)


def _softmax(z):
    weights = np.exp(z - z.max())
    return weights / weights.sum()


def _numbers(values, digits, between):
    return between.join(f"{value + 0.0:.{digits}f}" for value in values)


styles = {
    "divergence": {
        "reference": "The formula, with what cannot be subtracted left out.",
        "left_out": "All terms first, and then those that mean nothing set to 0: short, if one silences the warning.",
    },
    "loss": {
        "reference": "Each term only where it counts.",
        "loops": "Row by row, as one would do it by hand.",
    },
    "loss_gradient": {
        "reference": "Two differences, each what is given less what should be.",
        "chain_rule": "Through the matrix of the softmax's derivatives: for when one does not remember the formula.",
    },
    "hot_limit": {
        "reference": "The centred difference, squared.",
        "variance": "The mean square of what is centred is a variance: one call of NumPy.",
    },
}
