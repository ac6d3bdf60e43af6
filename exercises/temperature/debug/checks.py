"""What is asked of temperature/debug, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.distillation_loss"]
kinds = {"student_logits": "logits", "teacher_logits": "logits", "temperature": "temperature"}
untried = {
    "distillation_gradient": {
        "more than two dimensions": "The text says (N, C).",
        "a masked class": "The text says that logits are finite.",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "a temperature of a hundredth or less": "The text says that T is at least 0.1.",
    }
}

# the two lines of the starter that can be wrong, and what is seen when they are
BUGS = [
    {
        "soft_targets_of": "student_logits",
        "gradient": "temperature * (q - p) / len(student_logits)",
        "symptom": "This step runs, and the student learns from its labels. But any teacher would do as well.",
    },
    {
        "soft_targets_of": "teacher_logits",
        "gradient": "(q - p) / temperature / len(student_logits)",
        "symptom": "This step works at T = 1. At T = 8 the teacher can hardly be heard: it pushes 64 times too weakly.",
    },
    {
        "soft_targets_of": "teacher_logits",
        "gradient": "temperature * (q - p) / student_logits.size",
        "symptom": "This step runs. But the more classes there are, the weaker the teacher: with 100 classes it pushes "
        "100 times too weakly.",
    },
]


def variant(rng):
    """Draw the bug, and the numbers of the example."""
    temperature = int(rng.integers(2, 6))
    p, q = rng.multinomial(20, [0.6, 0.25, 0.15]) / 20, rng.multinomial(20, [0.3, 0.3, 0.4]) / 20
    return BUGS[rng.integers(len(BUGS))] | {
        "temperature": temperature,
        "teacher": _numbers(p, ", "),
        "student": _numbers(q, ", "),
        "differences": _numbers(q - p, " | "),
        "gradients": _numbers(temperature * (q - p), " | "),
    }


def questions(rng):
    """Return the step to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("distillation_gradient", 2, _gradient_calls(rng), _quantities),
        Catch("test_distillation_gradient", of="distillation_gradient", points=3),
    ]


def _quantities(student_logits, teacher_logits, temperature):
    return {"N": len(student_logits), "C": student_logits.shape[1], "T": temperature}


def _gradient_calls(rng):
    z, v = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 1.0]]), np.array([[2.0, 0.0, 0.0], [-1.0, 3.0, 1.0]])
    agreeing = rng.normal(scale=2, size=(3, 4))
    far_apart = rng.normal(scale=2, size=(2, 3, 5)) + rng.permuted([[[5000.0], [0.0], [-9000.0]]] * 2, axis=1)
    close = 1.0 + 1e-7 * rng.permutation(8).reshape(2, 4)
    return [
        Call((z, v, 4.0), "two samples", public=True),
        Call((z[:1], v[:1], 1.0), "one sample, T = 1", public=True),
        Call((z, z, 4.0), "the student agrees with the teacher", public=True),
        Call((*rng.normal(scale=2, size=(2, 5, 4)), rng.uniform(6.0, 8.0)), "a batch"),
        Call((*rng.normal(scale=2, size=(2, 3, 10)), rng.uniform(0.3, 0.8)), "ten classes, small T"),
        Call((*rng.normal(scale=2, size=(2, 10, 3)), rng.uniform(4.0, 8.0)), "ten samples"),
        Call((agreeing, agreeing + 1.0, rng.uniform(5.0, 8.0)), "logits that differ by a constant"),
        Call((*(3000 * rng.normal(size=(2, 4, 3))), rng.uniform(1.5, 2.5)), "large logits"),
        Call((*(500 * rng.normal(size=(2, 4, 3))), 100.0), "large logits, T = 100"),
        Call((*far_apart, rng.uniform(1.5, 2.5)), "rows far from each other"),
        Call((*(rng.normal(size=(2, 3, 4)) - 800.0), rng.uniform(1.5, 2.5)), "logits far below 0"),
        Call((*(rng.normal(size=(2, 3, 4)) / 8 + 100.0), 0.125), "logits that only T makes large"),
        Call((np.array([[2.0, 2.0, 2.0, 0.0]]), rng.normal(size=(1, 4)), 1.5), "a tie of three"),
        Call((close, close[:, ::-1], 0.5), "logits that hardly differ", atol=1e-15),
        Call((*rng.normal(scale=2, size=(2, 4, 1)), 2.0), "one class"),
        Call((*rng.normal(scale=2, size=(2, 1, 4)), 2.0), "one sample"),
    ]


def _numbers(values, between):
    return between.join(f"{value + 0.0:.2f}" for value in values)


styles = {
    "distillation_gradient": {
        "reference": "The formula as it stands: each factor is easy to find, and to check.",
        "good_chain_rule": "Sample by sample, by the chain rule: for when one does not remember the formula.",
    },
    "test_distillation_gradient": {
        "reference": "Numbers that were worked out by hand: one small case, and no second implementation to be wrong.",
        "test_by_difference": "Differences of the loss itself: it works for every gradient, and asks for no formula.",
    },
}
