"""What is asked of robustness/debug, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.robustness"]
kinds = {"w": "weights", "epsilon": "rate"}
untried = {
    "attacked_margins": {
        "more than two dimensions": "The text says (D,).",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "tiny numbers": "Margins grow with the weights, and nothing else hangs on their size.",
        "huge numbers": "Margins grow with the weights, and nothing else hangs on their size.",
    }
}
styles = {
    "attacked_margins": {
        "reference": "The attack itself: change the pixels, clip them, look at the margin.",
        "good_room": "How far each pixel may go, and what that takes: no image is made.",
    },
    "test_attacked_margins": {
        "reference": "A few images by hand, on both sides and at both walls.",
        "test_by_second_version": "A function of its own beside it: it finds every bug that it has not got itself.",
    },
}

W, MEAN, STD = np.array([1.0, -2.0]), np.array([0.4, 0.3]), np.array([0.5, 0.25])


def questions(rng):
    """Return the function to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("attacked_margins", 2, _calls(rng)),
        Catch("test_attacked_margins", of="attacked_margins", points=3),
    ]


def _classifier(rng, features):
    """Draw w, b, mean and std, the spreads far from each other and from 1."""
    w = rng.uniform(0.5, 2.0, size=features) * rng.choice([-1.0, 1.0], size=features)
    std = 0.15 * 1.5 ** rng.permutation(features) * rng.uniform(0.9, 1.1, size=features)
    return w, rng.uniform(0.4, 0.9), rng.uniform(0.2, 0.6, size=features), std


def _labels(rng, number):
    return rng.permutation(np.where(np.arange(number) % 2, 1, -1))


def _calls(rng):
    near = np.array([[0.05, 0.95], [0.95, 0.05]])
    far = [rng.uniform(0.3, 0.7, size=(6, d)) for d in (3, 4, 5)]
    edge = rng.choice([0.02, 0.5, 0.97], size=(12, 4))
    gap = _classifier(rng, 4)
    gap[0][rng.integers(4)] = 0.0
    return [
        Call((W, 0.1, MEAN, STD, np.array([[0.9, 0.35]]), np.array([1]), 0.1), "the first of the table", public=True),
        Call((W, 0.1, MEAN, STD, near[:1], np.array([1]), 0.2), "the second of the table", public=True),
        Call((W, 0.1, MEAN, STD, near, np.array([-1, -1]), 0.2), "the other label", public=True),
        Call((W, 0.1, MEAN, STD, near, np.array([1, -1]), 0.0), "no change", public=True),
        *(
            Call((*_classifier(rng, x.shape[1]), x, _labels(rng, 6), rng.uniform(0.05, 0.25)), "far from the walls")
            for x in far
        ),
        Call((*_classifier(rng, 4), edge, _labels(rng, 12), rng.uniform(0.1, 0.2)), "near the walls"),
        Call((*_classifier(rng, 4), edge, np.ones(12), rng.uniform(0.1, 0.2)), "near the walls, all of class +1"),
        Call((*_classifier(rng, 4), edge, -np.ones(12), rng.uniform(0.1, 0.2)), "near the walls, all of class -1"),
        Call((*_classifier(rng, 3), rng.choice([0.0, 1.0], size=(8, 3)), _labels(rng, 8), 0.3), "black and white"),
        Call((*_classifier(rng, 3), rng.uniform(size=(7, 3)), _labels(rng, 7), 0.0), "no change"),
        Call((*_classifier(rng, 3), rng.uniform(size=(5, 3)), _labels(rng, 5), 2.0), "any change at all"),
        Call((*gap, rng.uniform(size=(5, 4)), _labels(rng, 5), 0.15), "a weight of 0"),
        Call((*gap, rng.uniform(size=(3, 4)), _labels(rng, 3), 0.0), "a weight of 0, no change"),
        Call((*_classifier(rng, 1), rng.uniform(size=(6, 1)), _labels(rng, 6), 0.2), "one pixel"),
        Call((*_classifier(rng, 5), rng.uniform(size=(1, 5)), np.array([-1]), 0.2), "one image"),
        Call((*_classifier(rng, 4), rng.uniform(size=(4, 4)), _labels(rng, 4), 0.2), "as many images as pixels"),
    ]
