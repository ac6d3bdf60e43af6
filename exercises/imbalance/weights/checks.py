"""What is asked of imbalance/weights, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.imbalance", "kdlab.distillation_loss", "kdlab.hybrid_objective"]
parsons = ["weighted_kd"]
kinds = {
    "labels": "labels",
    "student_logits": "logits",
    "teacher_logits": "logits",
    "temperature": "temperature",
    "weights": "weights",
    "teacher_probs": "probabilities",
    "predictions": "labels",
}
_LOGITS = {
    "more than two dimensions": "The text says (N, C), and (C,).",
    "a masked class": "The text says that logits are finite.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    "a temperature of a hundredth or less": "The text says that T is at least 0.1.",
    "negative numbers": "The text says that no weight is negative.",
}
untried = {
    "weighted_kd": _LOGITS,
    "weighted_kd_gradient": _LOGITS,
    "rare_and_common": {"one label": "The text says that both groups have a row."},
    "tilted": {
        "more than two dimensions": "The text says (N, C), and (C,).",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "a temperature of a hundredth or less": "The text says that T is at least 0.1.",
        "negative numbers": "The text says that no weight is negative.",
        "a zero": "The text says at least 0.01.",
        "tiny numbers": "The text says at least 0.01.",
        "huge numbers": "The text says at most 100.",
    },
}


def variant(rng):
    """Draw the example of the tilt, and work it out."""
    ratio, T = int(rng.choice([2, 3, 5])), int(rng.choice([2, 3]))
    odds = ratio**T / 4
    return {"ratio": str(ratio), "temperature": str(T), "rare": f"{odds / (1 + odds):.3f}"}


def questions(rng):
    """Return the five functions; hidden inputs come from `rng`."""
    return [
        Function(
            "class_weights", 1, _weight_calls(rng), lambda labels, num_classes: {"N": len(labels), "C": num_classes}
        ),
        Function("weighted_kd", 2, _loss_calls(rng), _quantities),
        Function("weighted_kd_gradient", 2, _loss_calls(rng), _quantities),
        Function("tilted", 2, _tilt_calls(rng), _tilt_quantities),
        Function("rare_and_common", 1, _group_calls(rng)),
    ]


def _label_quantities(labels, num_classes):
    return {"N": len(labels), "C": num_classes}


def _quantities(student_logits, teacher_logits, labels, temperature, weights):
    return {"N": len(labels), "C": student_logits.shape[1], "T": temperature}


def _tilt_quantities(teacher_probs, weights, temperature):
    return {"N": len(teacher_probs), "C": teacher_probs.shape[1], "T": temperature}


def _weight_calls(rng):
    return [
        Call((np.array([0, 0, 0, 1, 1, 3]), 4), "the six labels", public=True),
        Call((np.array([0, 0, 1, 0, 0]), 3), "the last class is absent", public=True),
        Call((np.array([1, 2, 1, 0, 1, 0, 1]), 3), "all classes occur", public=True),
        Call((np.array([2]), 5), "one label"),
        Call((np.full(7, 1), 3), "every label alike"),
        Call((np.zeros(4, dtype=int), 1), "one class"),
        Call((rng.permutation(np.repeat([0, 1, 2, 4, 5], [11, 7, 3, 1, 2])), 6), "a class in the middle is absent"),
        Call((rng.permutation(np.repeat(np.arange(10), rng.integers(1, 30, 10))), 10), "ten classes"),
    ]


Z = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.5, 0.0]])
V = np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 1.0], [3.0, 0.0, 0.0], [0.0, 1.0, -1.0]])
Y = np.array([0, 0, 2, 0])


def _loss_calls(rng):
    far_apart = rng.normal(scale=2, size=(2, 3, 5)) + rng.permuted([[[5000.0], [0.0], [-9000.0]]] * 2, axis=1)
    agreeing = rng.normal(scale=2, size=(3, 4))
    whole, two = rng.integers(-3, 4, size=(3, 4)), np.array([1, 0, 1])
    hundreds = rng.normal(size=(2, 3, 4)) / 8 + 100.0
    return [
        Call((Z, V, Y, 2.0, np.array([0.5, 1.0, 4.0])), "four rows", public=True),
        Call((Z[:1], V[:1], Y[:1], 1.0, np.array([0.5, 1.0, 4.0])), "one row, T = 1", public=True),
        Call((Z, V, np.array([1, 0, 2, 1]), 2.0, np.array([0.5, 0.0, 3.0])), "a class of weight 0", public=True),
        Call((*_batch(rng, 7, 5), rng.uniform(2.2, 2.8), _some(rng, 5)), "a batch"),
        Call((*_batch(rng, 6, 10), rng.uniform(0.3, 0.8), _some(rng, 10)), "ten classes, small T"),
        Call((*_batch(rng, 8, 3), 100.0, _some(rng, 3)), "T = 100"),
        Call((*_batch(rng, 3, 4), 1.5, np.array([3, 1, 7, 2])), "whole numbers for weights"),
        Call((*_batch(rng, 5, 4, alike=True), 2.5, _some(rng, 4)), "every label alike"),
        Call((*_batch(rng, 5, 4), 2.5, 3e-12 * _some(rng, 4)), "tiny weights"),
        Call((*_batch(rng, 5, 4), 2.5, 4e7 * _some(rng, 4)), "huge weights"),
        Call(
            (agreeing, agreeing + 1.0, rng.integers(0, 4, size=3), 2.5, _some(rng, 4)),
            "logits that differ by a constant",
        ),
        Call((*_batch(rng, 5, 3, scale=3000), 2.5, _some(rng, 3)), "large logits"),
        Call((*_batch(rng, 5, 3, scale=600), 2.5, _some(rng, 3)), "logits of some hundreds"),
        Call((*far_apart, far_apart[0].argmin(axis=1), 2.5, _some(rng, 5)), "rows far from each other"),
        Call((*(rng.normal(size=(2, 3, 4)) - 800.0), np.array([0, 3, 1]), 2.5, _some(rng, 4)), "logits far below 0"),
        Call((*hundreds, np.array([0, 3, 1]), 0.125, _some(rng, 4)), "logits that only T makes large"),
        Call(
            (np.array([[2.0, 2.0, 2.0, 0.0]]), rng.normal(size=(1, 4)), np.array([3]), 1.5, _some(rng, 4)),
            "a tie of three",
        ),
        Call(
            (
                1.0 + 1e-7 * rng.permutation(8).reshape(2, 4),
                rng.normal(size=(2, 4)),
                np.array([3, 0]),
                0.5,
                _some(rng, 4),
            ),
            "logits that hardly differ",
        ),
        Call((whole, rng.normal(size=(3, 4)), two, 2.5, _some(rng, 4)), "the student's are whole numbers"),
        Call((rng.normal(size=(3, 4)), whole, two, 2.5, _some(rng, 4)), "the teacher's are whole numbers"),
        Call((*rng.normal(size=(2, 3, 1)), np.zeros(3, dtype=int), 2.0, np.array([0.7])), "one class"),
    ]


def _batch(rng, n_rows, n_classes, *, scale=2.0, alike=False):
    """Draw logits of student and teacher, and labels; the first label is the class with the least logit of both."""
    z, v = scale * rng.normal(size=(2, n_rows, n_classes))
    v[0] = z[0, rng.permutation(n_classes)] - z[0]
    labels = np.full(n_rows, z[0].argmin()) if alike else rng.integers(0, n_classes, size=n_rows)
    labels[0] = z[0].argmin()
    if not alike:
        labels[1] = (labels[0] + 1) % n_classes
    return z, v, labels


def _some(rng, n_classes):
    """Draw weights of the classes, all of which differ."""
    return rng.permutation(np.geomspace(0.3, 9.0, n_classes)) * rng.uniform(1.0, 1.2)


def _tilt_calls(rng):
    zero = np.array([[0.0, 0.6, 0.4], [0.3, 0.2, 0.5]])
    tiny = np.array([[1e-12, 0.3, 0.7 - 1e-12]])
    return [
        Call((np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]), np.array([0.5, 1.0, 4.0]), 2.5), "two rows", public=True),
        Call((np.array([[0.9, 0.1]]), np.array([0.625, 2.5]), 1.0), "two classes, T = 1", public=True),
        Call((zero, np.array([3.0, 1.0, 2.0]), 4.0), "a probability of 0", public=True),
        Call((rng.dirichlet(np.ones(4), size=6), _some(rng, 4), rng.uniform(1.5, 2.5)), "a batch"),
        Call((rng.dirichlet(np.ones(10), size=4), _some(rng, 10), rng.uniform(0.3, 0.8)), "ten classes, small T"),
        Call((rng.dirichlet(np.ones(3), size=5), np.array([1.0, 1.1, 1.05]), 100.0), "T = 100"),
        Call((rng.dirichlet(np.ones(4), size=3), np.array([3, 1, 7, 2]), 1.5), "whole numbers for weights"),
        Call((rng.dirichlet(np.ones(4), size=3), np.array([3, 1, 7, 2]), 2), "a whole number for T"),
        Call((tiny, np.array([50.0, 0.1, 0.2]), 4.0), "a tiny probability of a heavy class"),
        Call((np.ones((5, 1)), np.array([2.0]), 3.0), "one class"),
        Call((rng.dirichlet(np.ones(4), size=3), np.full(4, 2.0), 2.5), "all weights alike"),
    ]


def _group_calls(rng):
    mixed = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2])
    labels = rng.permutation(np.repeat(np.arange(6), [12, 9, 2, 7, 3, 5]))
    predictions = np.where(rng.random(labels.size) < 0.6, labels, rng.integers(0, 6, labels.size))
    return [
        Call((np.array([0, 0, 1, 1, 2, 2, 2, 0, 1]), mixed, [2]), "one rare class", public=True),
        Call((np.array([0, 2, 1, 1, 2, 2, 2, 0, 1]), mixed, [1, 0]), "two rare classes", public=True),
        Call((np.array([1, 0]), np.array([1, 1]) * [1, 0], [1]), "one row each", public=True),
        Call((predictions, labels, [4, 2]), "six classes"),
        Call((np.zeros(labels.size, dtype=int), labels, [2]), "always the same prediction"),
        Call((labels, labels, [5, 1, 0]), "all right"),
        Call(((labels + 1) % 6, labels, [3]), "all wrong"),
        Call((np.array([2, 2, 0, 0, 0]), np.array([2, 2, 2, 0, 0]), [2]), "the rare class has the most rows"),
    ]


styles = {
    "class_weights": {
        "reference": "Counts, a division that cannot fail, and 0 where there was nothing to divide by.",
        "loops": "Class by class, as the formula says it.",
    },
    "weighted_kd": {
        "reference": "Rows first, weights afterwards: each line has a shape that one can check.",
        "average": "np.average is a weighted mean, and divides by the sum of the weights that it is given.",
    },
    "weighted_kd_gradient": {
        "reference": "One number a row, times the gradient of the row.",
        "loops": "Row by row: no shape has to be thought of.",
    },
    "tilted": {
        "reference": "The factor w to the power T at T = 1.",
        "by_logits": "In logits the tilt is a sum, v + T log w; the softmax does the rest.",
    },
    "rare_and_common": {
        "reference": "Two masks, two means.",
        "loops": "Counts of right and of all, by hand.",
    },
}
