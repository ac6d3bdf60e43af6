"""What is asked of museum/went_along, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.distillation_loss", "kdlab.gradient_noise"]
kinds = {
    "student": "weights",
    "teacher": "weights",
    "inputs": "weights",
    "temperature": "temperature",
    "learning_rate": "rate",
    "n_steps": "count",
}
untried = {
    "distil": {
        "more than two dimensions": "The text says (D, C) and (N, D).",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "a temperature of a hundredth or less": "The text says that T is at least 0.1.",
        "tiny numbers": "A sum of products, whatever their size.",
        "huge numbers": "Beside them a step would be lost.",
    }
}

COPIES, STEP, BOTH = (
    "student, teacher = student.copy(), teacher.copy()",
    "student = student - learning_rate * gradient",
    "student, teacher",
)
BUGS = [
    {
        "start": "student = teacher = student.copy()",
        "update": STEP.replace("student =", "student = teacher ="),
        "result": BOTH,
        "log": '"loss 0.000 from the first step on".',
        "symptom": "This loop runs, and its loss is 0 at once. But the student comes back as it went in.",
    },
    {
        "start": COPIES,
        "update": STEP.replace("student =", "student = teacher ="),
        "result": BOTH,
        "log": '"loss 0.328, and 0.000 from the second step on".',
        "symptom": "This loop runs, and its loss is 0 from the second step on. But a thousand steps teach as much as "
        "one.",
    },
    {
        "start": COPIES,
        "update": STEP,
        "result": "teacher, student",
        "log": '"the student beats its teacher, and it needs no step at all".',
        "symptom": "This loop runs, and its loss falls as it should. But the student is never better than after "
        "0 steps.",
    },
]


def variant(rng):
    """Draw the bug."""
    return BUGS[rng.integers(len(BUGS))]


def questions(rng):
    """Return the loop to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("distil", 2, _calls(rng), _quantities),
        Catch("test_distil", of="distil", points=3),
    ]


def _quantities(student, teacher, inputs, temperature, learning_rate, n_steps):
    return {"N": len(inputs), "C": student.shape[1], "T": temperature}


def _calls(rng):
    zero, teacher, x = np.zeros((2, 2)), np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([[1.0, 0.0]])
    three = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]])
    W, V, X = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), rng.normal(size=(5, 3))
    T, rate = rng.uniform(2.2, 2.8), rng.uniform(0.2, 0.5)
    tie = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    return [
        Call((zero, teacher, x, 1.0, 1.0, 1), "the table, one step", public=True),
        Call((zero, teacher, x, 1.0, 1.0, 2), "the table, two steps", public=True),
        Call((-teacher, teacher, three, 4.0, 0.5, 5), "three inputs, T = 4", public=True),
        Call((zero, teacher, three, 4.0, 0.5, 0), "no step", public=True),
        Call((teacher, teacher, three, 4.0, 0.5, 2), "the student agrees with the teacher", public=True),
        Call((W, V, X, T, rate, 1), "one step"),
        Call((W, V, X, T, rate, 4), "four steps"),
        Call((W, V, X, T, rate, 0), "no step, weights that were drawn"),
        Call((W, V, X, T, 0.0, 3), "a learning rate of 0"),
        Call((W, V, X[:1], T, rate, 3), "one input"),
        Call((W, V, X, 0.5, rate, 3), "T below 1"),
        Call((W, V, X, 100.0, rate / 100, 3), "T = 100"),
        Call((3 * W, V, X, T, rate, 3), "a student that is surer than the teacher"),
        Call((40 * W, 40 * V, 40 * X, T, rate / 100, 2), "large logits"),
        Call((W[:, :1], V[:, :1], X, T, rate, 3), "one class"),
        Call((W[:1], V[:1], rng.normal(size=(5, 1)), T, rate, 3), "one number an input"),
        Call((tie, rng.normal(size=(2, 3)), rng.normal(size=(4, 2)), T, rate, 3), "a student without an opinion"),
    ]


styles = {
    "distil": {
        "reference": "Two copies, one loop: what moves is assigned, what does not is never named on the left.",
        "good_answers_once": "The teacher answers once, before the loop: what is not called again cannot go along.",
    },
    "test_distil": {
        "reference": "The formula beside it, step by step, both arrays each time.",
        "test_by_difference": "Slopes of the loss itself: no gradient to get wrong twice.",
    },
}
