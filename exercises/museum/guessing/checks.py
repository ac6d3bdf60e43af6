"""What is asked of museum/guessing, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.distillation_loss", "kdlab.gradient_noise"]
kinds = {
    "student": "weights",
    "teacher": "weights",
    "features": "weights",
    "learning_rate": "rate",
    "n_steps": "count",
}
untried = {
    "train": {
        "more than two dimensions": "The text says (D, C) and (N, D).",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "tiny numbers": "A sum of products, whatever their size.",
        "huge numbers": "The text says that logits stay below 100.",
    }
}

BACK, NOT_BACK = "of_student.training = True", "pass"
BUGS = [
    {
        "whose": "Dropout(seed + 1)",
        "mode": "True",
        "turned_back": BACK,
        "log": 'In a log this looks like: "A student that starts as a copy of its teacher has a loss that is not 0, '
        'and it is another one at every call."',
        "symptom": "The student learns. But a copy of the teacher gets worse by it, and the loss jumps about more than "
        "the student's own dropout can explain.",
    },
    {
        "whose": "of_student",
        "mode": "False",
        "turned_back": BACK,
        "log": 'In a log this looks like: "The first step is quiet. Then the loss begins to jump about."',
        "symptom": "The first step is one without dropout. From the second step on the teacher guesses.",
    },
    {
        "whose": "Dropout(seed + 1)",
        "mode": "False",
        "turned_back": NOT_BACK,
        "log": 'And the opposite looks like: "Since last week the student does not overfit any more in training. But '
        'it is no better for it."',
        "symptom": "The teacher answers as it should, and the first step is right. Later the training loss is that of "
        "the test, to the last digit.",
    },
]


def variant(rng):
    """Draw the bug."""
    return BUGS[rng.integers(len(BUGS))]


def questions(rng):
    """Return the loop to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("train", 2, _calls(rng), _quantities),
        Catch("test_train", of="train", points=3),
    ]


def _quantities(student, teacher, features, learning_rate, n_steps, seed):
    return {"N": len(features), "C": student.shape[1]}


def _calls(rng):
    V = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 2.0]])
    x = np.array([[2.0, 1.0, 0.0, 1.0]])
    three = np.array([[2.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0], [1.0, -1.0, 2.0, 0.0]])
    W, T, X = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(6, 4))
    rate = rng.uniform(0.2, 0.6)
    seeds = iter(map(int, rng.integers(10_000, size=9)))
    return [
        Call((V, V, x, 0.5, 1, 0), "a copy of the teacher, one step", public=True),
        Call((V, V, three, 0.5, 3, 1), "a copy of the teacher, three rows, three steps", public=True),
        Call((0 * V, V, three, 0.5, 4, 2), "a student of zeros", public=True),
        Call((V, -V, three, 0.0, 2, 3), "a learning rate of 0", public=True),
        Call((V, -V, three, 0.5, 0, 3), "no step", public=True),
        Call((W, T, X, rate, 1, next(seeds)), "one step"),
        Call((W, T, X, rate, 5, next(seeds)), "five steps"),
        Call((T, T, X, rate, 5, next(seeds)), "a copy of the teacher"),
        Call((W, T, X, 0.0, 3, next(seeds)), "a learning rate of 0, weights that were drawn"),
        Call((W, T, X[:1], rate, 4, next(seeds)), "one row"),
        Call((W[:1], T[:1], X[:, :1], rate, 4, next(seeds)), "one feature"),
        Call((W[:, :1], T[:, :1], X, rate, 3, next(seeds)), "one class"),
        Call((W, 3 * T, X, rate, 6, next(seeds)), "a teacher that is sure"),
        Call((4 * W, T, X, rate, 4, next(seeds)), "a student that is sure"),
    ]


styles = {
    "train": {
        "reference": "Each has a switch of its own, and each is set right before it counts.",
        "good_no_switches": "No switch at all: the teacher answers once, and the mask is drawn where it is used.",
    },
    "test_train": {
        "reference": "The same steps beside it, with the same draws.",
        "test_with_a_dropout": "The given Dropout, used for the student alone, and slopes of the loss itself.",
    },
}
