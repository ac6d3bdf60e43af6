"""What is asked of museum/one_path, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.distillation_loss", "kdlab.hybrid_objective"]
kinds = {"z": "logits", "v": "logits", "alpha": "fraction", "temperature": "temperature"}
untried = {
    "hybrid": {
        "more than two dimensions": "The text says (C,).",
        "several rows": "The text says one row.",
        "a masked class": "The text says floats up to 1000.",
        "logits of ten thousand": "The text says up to 1000.",
        "logits of minus ten thousand": "The text says up to 1000.",
        "rows far from each other": "The text says one row.",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "a temperature of a hundredth or less": "The text says that T is at least 0.5.",
    }
}

# the path, and what it gives: a value and a gradient
BUGS = [
    {
        "edge": 1,
        "path": "soft, (q - p) / temperature",
        "published": "in one a flag for the teacher alone left out the factor $T^2$.",
        "symptom": "With alpha 0.99 the student learns well. With alpha 1 it hardly learns at all, "
        "though nothing else was changed.",
    },
    {
        "edge": 1,
        "path": "temperature**2 * soft, (q - p) / temperature",
        "published": "in one the value was mended, and the gradient, which had been written by hand, was not.",
        "symptom": "The losses are what they should be, at every alpha. But with alpha 1 the student hardly moves.",
    },
    {
        "edge": 0,
        "path": "hard + temperature**2 * soft, by_label + temperature * (q - p)",
        "published": "in one an alpha of 0 was read as *none was given*, and another loss came back.",
        "symptom": "The student with alpha 0 is the control: it should never have heard the teacher. "
        "It is surprisingly good.",
    },
]


def variant(rng):
    """Draw the bug, and what it does to the table."""
    bug = BUGS[rng.integers(len(BUGS))]
    hard, soft, by_label, by_teacher = _parts()
    rows = {}
    for name, alpha in {"0": 0, "half": 0.5, "99": 0.99, "1": 1}.items():
        right = (1 - alpha) * hard + alpha * 16 * soft, (1 - alpha) * by_label + alpha * 4 * by_teacher
        said = _of_path(bug["path"], hard, soft, by_label, by_teacher) if alpha == bug["edge"] else right
        rows[f"loss_{name}"] = f"{right[0]:.3f} | {said[0]:.3f} | {right[1]:.3f} | {said[1]:.3f}"
    return bug | rows


def _parts():
    """Return the two losses of the example, and q - p and s - e for its first logit."""
    z, v = np.array([0.0, 1.0, -1.0]), np.array([2.0, 0.0, -1.0])
    s, q, p = (e / e.sum() for e in map(np.exp, (z, z / 4, v / 4)))
    return -np.log(s[0]), (p * np.log(p / q)).sum(), s[0] - 1, (q - p)[0]


def _of_path(path, hard, soft, by_label, by_teacher):
    if path.startswith("hard"):
        return hard + 16 * soft, by_label + 4 * by_teacher
    return soft * (1 if path.startswith("soft") else 16), by_teacher / 4


def questions(rng):
    """Return the loss to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("hybrid", 2, _calls(rng), _quantities),
        Catch("test_hybrid", of="hybrid", points=3),
    ]


def _quantities(z, v, label, alpha, temperature):
    return {"C": len(z), "T": temperature}


def _calls(rng):
    z, v = np.array([0.0, 1.0, -1.0]), np.array([2.0, 0.0, -1.0])
    a, b = rng.normal(scale=2, size=(2, 5))
    T = rng.uniform(2.2, 2.8)
    last = int(np.argmin(b))
    tie = np.array([1.5, 1.5, 1.5, 0.0])
    close = 1.0 + 1e-7 * rng.permutation(4)
    return [
        Call((z, v, 0, 0.5, 4.0), "the table, alpha 0.5", public=True),
        Call((z, v, 0, 0.0, 4.0), "the table, alpha 0", public=True),
        Call((z, v, 0, 1.0, 4.0), "the table, alpha 1", public=True),
        Call((z, v, 2, 0.99, 4.0), "another label, alpha 0.99", public=True),
        Call((z, v, 0, 0.25, 1.0), "T = 1", public=True),
        Call((a, b, last, 0.7, T), "five classes, a label that the teacher denies"),
        Call((a, b, last, 0.0, T), "five classes, alpha 0"),
        Call((a, b, last, 1.0, T), "five classes, alpha 1"),
        Call((a, b, last, 1 / 3, T), "alpha 1/3"),
        Call((a, b, last, 1 - 0.9, T), "alpha 1 - 0.9"),
        Call((a, b, last, 0.005, T), "alpha close to 0"),
        Call((a, b, last, 1 - 1e-4, T), "alpha close to 1"),
        Call((a, b, last, 0.6, 0.5), "T = 0.5"),
        Call((a, b, last, 0.6, 100.0), "T = 100", atol=1e-9),
        Call((b, b, last, 0.6, T), "a student that agrees with the teacher", atol=1e-10),
        Call((tie, rng.normal(size=4), 3, 0.6, T), "a tie of three"),
        Call((close, close[::-1].copy(), 1, 0.6, 1.5), "logits that hardly differ", atol=1e-10),
        Call((400 * a, 400 * b, last, 0.6, T), "large logits"),
        Call((a - 900.0, b - 900.0, last, 0.6, T), "logits far below 0", atol=1e-9),
        Call((a / 8 + 400.0, b / 8 + 400.0, last, 0.6, 0.5), "logits that only T makes large", atol=1e-9),
        Call((rng.normal(size=1), rng.normal(size=1), 0, 0.6, T), "one class"),
    ]


styles = {
    "hybrid": {
        "reference": "The formula, and no path beside it.",
        "good_two_losses": "Each loss with its gradient, and then one sum: what weighs the one weighs the other.",
    },
    "test_hybrid": {
        "reference": "The formula written out, on one row, at five alphas.",
        "test_by_slopes": "The value by another road, and the gradient as slopes of that value.",
    },
}
