"""What is asked of museum/stale_inverse, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.quantization"]
kinds = {"w": "weights"}
untried = {
    "round_in_order": {
        "more than two dimensions": "The text says (D,).",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    }
}

FRESH = "G = G - np.outer(G[:, i], G[i]) / G[i, i]"
BUGS = [
    {
        "read": "H",
        "update": "G[i] = 0  # column i is done",
        "result": "0, -1, -1",
        "error": "2.6",
        "symptom": "The code gains over plain rounding. But it gains less than it should, the more so the more columns "
        "there are.",
    },
    {
        "read": "np.eye(len(w))",
        "update": FRESH,
        "result": "0, 0, 0",
        "error": "3.8",
        "symptom": "The code was tried first with inputs that do not vary together, and it was right. It has stayed as "
        "it was then: with other inputs it gains nothing over plain rounding.",
    },
]


def variant(rng):
    """Draw the bug."""
    return BUGS[rng.integers(len(BUGS))]


def questions(rng):
    """Return the function to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("round_in_order", 2, _calls(rng), _quantities),
        Catch("test_round_in_order", of="round_in_order", points=3),
    ]


def _quantities(H, w, step):
    return {"step": step}


def _together(rng, D):
    """Return an H of inputs that rise and fall together."""
    inputs = rng.normal(size=(D + 3, D)) + 1.5 * rng.normal(size=(D + 3, 1))
    return inputs.T @ inputs / (D + 3)


def _drawn(rng, D, step):
    """Return arguments at which no column comes close to a half."""
    while True:
        H, w = _together(rng, D), 2 * step * rng.normal(size=D)
        if _clear(H, w, step):
            return H, w, step


def _clear(H, w, step):
    w = w.copy()
    for i in range(len(w)):
        free, later = w[i], slice(i + 1, None)
        w[i] = step * np.round(free / step)
        if abs(abs(free - w[i]) / step - 0.5) < 1e-4:
            return False
        w[later] += (free - w[i]) * np.linalg.solve(H[later, later], H[later, i])
    return True


def _calls(rng):
    H = np.array([[4.0, 3.0, 3.0], [3.0, 4.0, 2.0], [3.0, 2.0, 4.0]])
    two = np.array([[1.0, 0.9], [0.9, 1.0]])
    rows = [_drawn(rng, D, rng.uniform(0.3, 0.8)) for D in (4, 5, 6, 7, 8, 8, 9, 10)]
    return [
        Call((H, np.array([-0.4, -0.4, -0.3]), 1.0), "the table", public=True),
        Call((two, np.array([0.4, 0.4]), 1.0), "two columns", public=True),
        Call((np.eye(3), np.array([1.2, -0.7, 0.1]), 0.5), "inputs that do not vary together", public=True),
        Call((np.eye(1), np.array([1.3]), 0.5), "one column", public=True),
        *(Call(args, "columns that vary together") for args in rows),
        Call((_together(rng, 5), np.array([0.0, 1.5, -0.5, 0.0, 2.0]), 0.5), "weights that are on the grid"),
        Call(_drawn(rng, 8, 1e-10), "tiny weights, a tiny step", atol=0.0),
        Call(_drawn(rng, 8, 1e7), "huge weights, a large step"),
        Call((1e-6 * rows[4][0], *rows[4][1:]), "small inputs"),
    ]


styles = {
    "round_in_order": {
        "reference": "One inverse, brought up to date after each column: the cheapest way.",
        "good_solved_anew": "A system of equations for each column: dear, but with nothing to go stale.",
    },
    "test_round_in_order": {
        "reference": "A hundred small problems, solved without any inverse.",
        "test_by_least_squares": "The inputs themselves: what the later columns take over is a regression.",
    },
}
