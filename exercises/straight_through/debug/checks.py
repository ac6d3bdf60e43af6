"""What is asked of straight_through/debug, on which inputs, and which bug a student gets."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.straight_through", "kdlab.quantization"]
kinds = {"w": "weights", "X": "weights", "learning_rate": "rate"}
untried = {
    "latent_path": {
        "more than two dimensions": "The text says (D,) and (N, D).",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "tiny numbers": "The text says that latent weights stay away from 0.",
        "huge numbers": "Nothing in the bugs depends on huge numbers.",
        "a rate of 0": "The text says above 0.",
    }
}

_RIGHT = {"quantized": "path[-1]", "taken_at": "q", "moved": "path[-1]"}
# what of these lines can be wrong, and what is seen when it is
BUGS = [
    {
        "moved": "q",
        "symptom": "The code below never changes its mind: each small step is forgotten when the next sign is taken.",
    },
    {
        "taken_at": "path[-1]",
        "symptom": "The code below trains very well, by its own account. The student of one bit, which it hands over, "
        "does not.",
    },
    {
        "quantized": "w",
        "symptom": "The code below changes its latent weights, and they drift off, whatever they cross on their way.",
    },
]


def variant(rng):
    """Draw the bug, and the numbers of the example."""
    bug = _RIGHT | BUGS[rng.integers(len(BUGS))]
    m, target, start = float(rng.choice([1.0, 1.5])), float(rng.choice([0.3, 0.4, -0.3])), 0.02
    right, found = [start], [start]
    for _ in range(4):
        right.append(right[-1] - 0.1 * (_bit(right[-1], m) - target))
        q = _bit(start if bug["quantized"] == "w" else found[-1], m)
        taken_at, moved = (q if bug[place] == "q" else found[-1] for place in ("taken_at", "moved"))
        found.append(moved - 0.1 * (taken_at - target))
    rows = (f"| {i} | {a:.3f} | {b:.3f} |" for i, (a, b) in enumerate(zip(right, found, strict=True)))
    return bug | {"m": f"{m:g}", "target": f"{target:g}", "start": f"{start:g}", "table": "\n".join(rows)}


def _bit(w, m):
    return m if w >= 0 else -m


def questions(rng):
    """Return the loop to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function(
            "latent_path",
            2,
            _calls(rng),
            lambda w, X, y, m, learning_rate, n_steps: {"N": len(X), "m": m, "learning_rate": learning_rate},
        ),
        Catch("test_latent_path", of="latent_path", points=3),
    ]


def _calls(rng):
    one, best = np.array([[1.0]]), np.array([0.3])
    X, y = np.array([[1.0, 2.0], [0.0, 1.0], [-1.0, 1.0]]), np.array([1.0, -2.0, 0.5])
    return [
        Call((np.array([0.02]), one, best, 1.0, 0.1, 8), "one weight", public=True),
        Call((np.array([0.0]), one, best, 2.0, 0.1, 3), "a weight that starts at 0", public=True),
        Call((np.array([0.15, -0.25]), X, y, 0.5, 0.3, 5), "two weights, three rows", public=True),
        Call((np.array([0.15, -0.25]), X, y, 0.5, 0.3, 0), "no step", public=True),
        Call(_drawn(rng, 7, 4, 6), "four weights"),
        Call(_drawn(rng, 4, 4, 5), "as many rows as weights"),
        Call(_drawn(rng, 1, 3, 5), "one row"),
        Call(_drawn(rng, 6, 1, 7), "one weight, six rows"),
        Call(_drawn(rng, 5, 3, 1), "one step"),
        Call(_drawn(rng, 5, 2, 6, far=4.0), "weights far from 0"),
        Call(_drawn(rng, 8, 20, 4), "twenty weights"),
        Call(_with_zeros(rng), "weights that start at 0"),
    ]


def _drawn(rng, n, d, n_steps, far=0.0):
    """Draw an input whose path stays away from 0, and changes signs if it does not start far off."""
    while True:
        w, X, y = (np.round(rng.normal(size=shape), 3) for shape in (d, (n, d), n))
        w = 0.3 * w + far * np.sign(w)
        m, rate = float(np.round(rng.uniform(0.3, 0.9), 2)), float(np.round(rng.uniform(0.2, 0.5), 2))
        path = _path(w, X, y, m, rate, n_steps)
        changes = ((path >= 0) != (path[0] >= 0)).any() or far > 0 or n_steps == 1
        if np.abs(path).min() > 1e-3 and changes:
            return w, X, y, m, rate, n_steps


def _with_zeros(rng):
    while True:
        X, y = np.round(rng.normal(size=(5, 3)), 3), np.round(rng.normal(size=5), 3)
        w = rng.permutation([0.0, -0.0, 0.4])
        if np.abs(_path(w, X, y, 0.7, 0.3, 4)[1:]).min() > 1e-3:
            return w, X, y, 0.7, 0.3, 4


def _path(w, X, y, m, rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = m * np.where(path[-1] >= 0, 1, -1)
        path.append(path[-1] - rate * X.T @ (X @ q - y) / len(X))
    return np.array(path)


styles = {
    "latent_path": {
        "reference": "A list that grows: the last of it is where the weights are now.",
        "good_moments": "The products of the data once, before the loop: a step then costs nothing by the rows.",
    },
    "test_latent_path": {
        "reference": "Paths by hand, and a law of each step where hands give up.",
        "test_by_second_version": "A second version, and inputs at which each bug shows.",
    },
}
