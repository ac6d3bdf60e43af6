"""What is asked of dark_knowledge/debug, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.dark_knowledge", "kdlab.distillation_loss"]
kinds = {"student_logits": "logits", "teacher_logits": "logits", "labels": "labels"}
untried = {
    "decoupled": {
        "more than two dimensions": "The text says (N, C).",
        "logits of ten thousand": "The text says that logits are at most 1000.",
        "logits of minus ten thousand": "The text says that logits are at most 1000.",
        "a masked class": "The text says that logits are finite.",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    }
}

_RIGHT = {
    "weight_is": "np.exp(log_p_rest)",
    "compared": "others(teacher_logits, labels), others(student_logits, labels)",
    "rest_is": "(np.exp(log_p_hat) * (log_p_hat - log_q_hat))",
    "total_is": "sure + weight * rest",
}
# what of these lines can be wrong, and what is seen when it is
BUGS = [
    {
        "total_is": "sure + rest",
        "symptom": "The parts below are right one by one. But the total is more than the divergence of all classes.",
    },
    {
        "weight_is": "np.exp(log_q_rest)",
        "symptom": "The function below runs. But the weight of the second part changes while the student learns, and "
        "the teacher stays as it is.",
    },
    {
        "compared": "teacher_logits, student_logits",
        "symptom": "The function below runs. But what it gives for *what else* changes when nothing but the teacher's "
        "logit of the label does.",
    },
    {
        "rest_is": "(np.exp(log_q_hat) * (log_q_hat - log_p_hat))",
        "symptom": "The function below runs, and the first part is right. But the total is not the divergence of "
        "all classes.",
    },
]


def variant(rng):
    """Draw the bug, and the numbers of the example."""
    p, q = np.array([[60, 25, 15], [50, 20, 30]])[rng.integers(2)] / 100, np.array([40, 15, 45]) / 100
    weight, others = 1 - p[0], 1 - q[0]
    p_hat, q_hat = p[1:] / weight, q[1:] / others
    sure = p[0] * np.log(p[0] / q[0]) + weight * np.log(weight / others)
    rest = (p_hat * np.log(p_hat / q_hat)).sum()
    return (
        _RIGHT
        | BUGS[rng.integers(len(BUGS))]
        | {
            "teacher": _numbers(p, 2),
            "student": _numbers(q, 2),
            "sure_teacher": _numbers([p[0], weight], 2),
            "sure_student": _numbers([q[0], others], 2),
            "rest_teacher": _numbers(p_hat, 3),
            "rest_student": _numbers(q_hat, 3),
            "sure": f"{sure:.4f}",
            "rest": f"{rest:.4f}",
            "weight": f"{weight:.2f}",
            "total": f"{sure + weight * rest:.4f}",
        }
    )


def questions(rng):
    """Return the function to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("decoupled", 2, _calls(rng), lambda z, v, y: {"N": len(y), "C": z.shape[1]}),
        Catch("test_decoupled", of="decoupled", points=3),
    ]


def _calls(rng):
    z, v = np.array([[4.0, 1.0, 3.0, 0.0, -1.0]]), np.array([[5.0, 3.0, 2.5, -1.0, 0.0]])
    agreeing = rng.normal(scale=2, size=(3, 4))
    close = 1.0 + 1e-6 * rng.permutation(10).reshape(2, 5)
    sure = _with_lead(rng, float(rng.integers(38, 50)))
    return [
        Call((z, v, np.array([0])), "the label is the first class", public=True),
        Call((z[:, :3], v[:, :3], np.array([2])), "the label is the last class", public=True),
        Call((np.array([[1.0, 2.0]] * 3), np.array([[3.0, 0.0]] * 3), np.array([0, 1, 0])), "two classes", public=True),
        Call(
            (np.array([[0.0, 0.0, 1.0]]), np.array([[40.0, 1.0, 0.0]]), np.array([0])), "a lead of 40", True, atol=1e-30
        ),
        Call((*rng.normal(scale=2, size=(2, 6, 4)), rng.permutation([0, 1, 2, 3, 0, 2])), "a batch"),
        Call((*rng.normal(scale=2, size=(2, 4, 9)), rng.permutation([1, 3, 5, 8])), "nine classes"),
        Call((*rng.normal(scale=2, size=(2, 5, 3)), np.full(5, rng.integers(3))), "every label alike"),
        Call((*rng.normal(scale=2, size=(2, 7, 2)), rng.permutation([0, 1, 0, 1, 0, 1, 1])), "two classes, a batch"),
        Call((*rng.normal(scale=2, size=(2, 1, 6)), rng.integers(0, 6, size=1)), "one row"),
        Call((rng.normal(size=(2, 5)), sure, np.array([1, 3])), "a sure teacher", atol=1e-30),
        Call((sure, rng.normal(size=(2, 5)), np.array([1, 3])), "a sure student"),
        Call((rng.normal(size=(2, 5)), _with_lead(rng, 300.0), np.array([1, 3])), "a very sure teacher", atol=1e-150),
        Call((rng.normal(size=(2, 5)), _with_lead(rng, 990.0), np.array([1, 3])), "a lead of nearly a thousand"),
        Call((rng.normal(size=(2, 5)), _with_lead(rng, -60.0), np.array([1, 3])), "a teacher that is sure and wrong"),
        Call((agreeing, agreeing + 1.0, np.array([3, 0, 1])), "logits that differ by a constant"),
        Call((_tied(rng), _tied(rng)[::-1], np.array([0, 3])), "a tie of three"),
        Call((close, close[:, ::-1], np.array([4, 1])), "logits that hardly differ"),
        Call((*_far_apart(rng), np.array([2, 0, 3])), "rows far from each other"),
        Call((*(rng.normal(size=(2, 3, 4)) - 800.0), np.array([0, 3, 1])), "logits far below 0"),
    ]


def _with_lead(rng, lead):
    """Draw two rows of five, the labels 1 and 3 so far above the others."""
    z = np.round(rng.normal(size=(2, 5)), 3)
    z[[0, 1], [1, 3]] += lead
    return z


def _tied(rng):
    return np.array([[2.0, 2.0, 2.0, 0.0], [1.0, 3.0, 3.0, 3.0]]) + np.round(rng.normal(size=(2, 1)), 2)


def _far_apart(rng):
    return np.round(rng.normal(size=(2, 3, 4)), 3) + rng.permuted([[[900.0], [0.0], [-900.0]]] * 2, axis=1)


def _numbers(values, digits):
    return ", ".join(f"{value:.{digits}f}" for value in values)


styles = {
    "decoupled": {
        "reference": "Logarithms all the way: whatever is subtracted is a logarithm, and no digit is lost.",
        "good_rows": "Row by row, on the list of the other classes: as one would check it by hand.",
    },
    "test_decoupled": {
        "reference": "Numbers worked out by hand, for probabilities that were chosen first.",
        "test_by_laws": "Laws that hold for every input, and a second way to the total.",
    },
}
