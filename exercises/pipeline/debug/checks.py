"""What is asked of pipeline/debug, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.pipeline", "kdlab.pruning"]
kinds = {"W1": "weights", "b1": "weights", "W2": "weights", "b2": "weights", "n": "count"}
_FLOATS = {
    "more than two dimensions": "The text says (F, D), (F,), (O, F P) and (O,).",
    "integers": "The text says floats.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
}
untried = {"without_filters": _FLOATS}
styles = {
    "without_filters": {
        "reference": "The network that is left, sliced as it would be shipped.",
        "good_silent": "The whole network, the filters silent: weights and biases at 0.",
    },
    "test_without_filters": {
        "reference": "Who stays is written down by hand, and the outputs are added filter by filter.",
        "test_by_laws": "No function beside it: what holds of every right one.",
    },
}

HIDDEN, BIASES = np.array([[1.0, 0.0], [0.1, 0.1], [0.0, 1.0]]), np.array([0.0, 0.7, -1.0])


def questions(rng):
    """Return the function to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("without_filters", 2, _calls(rng)),
        Catch("test_without_filters", of="without_filters", points=3),
    ]


def _network(rng, images, places, numbers, filters, outputs):
    """Draw windows and a network; its filters' norms lie apart, and its biases are large enough to be heard."""
    norms = 1.4 ** rng.permutation(filters)
    W1 = rng.normal(size=(filters, numbers))
    W1 *= (norms / np.abs(W1).sum(axis=1))[:, np.newaxis]
    return (
        rng.normal(size=(images, places, numbers)),
        W1,
        rng.uniform(0.3, 1.5, size=filters) * rng.choice([-1.0, 1.0, 1.0], size=filters),
        rng.normal(size=(outputs, filters * places)),
        rng.normal(size=outputs),
    )


def _calls(rng):
    tied = _network(rng, 5, 3, 2, 6, 2)
    tied[1][:] = np.array([[1.0, -1.0], [2.0, 0.0], [-0.5, 1.5], [0.25, 0.25], [-2.0, 0.0], [3.0, 1.0]])
    many = _network(rng, 3, 2, 2, 40, 2)
    many[1][:] = rng.choice([-0.5, 0.5], size=(40, 2))
    even = _network(rng, 3, 2, 4, 3, 2)
    even[1][:] = np.array([[0.75, 0.75, 0.75, 0.75], [2.5, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5]])
    uneven = _network(rng, 3, 2, 4, 3, 2)
    uneven[1][:] = np.array([[1.5, 1.5, 0.0, 0.0], [2.0, 0.4, 0.4, 0.4], [0.0, 0.0, 0.0, 0.5]])
    small = _network(rng, 4, 2, 3, 5, 2)
    silent = _network(rng, 4, 3, 2, 4, 2)
    silent[1][rng.integers(4)] = 0.0
    first = np.array([[[1.0, 2.0]]]), HIDDEN, BIASES, np.array([[1.0, 2.0, -1.0]]), np.array([0.5])
    second = (
        np.array([[[3.0, 1.0]]]),
        np.array([[5.0, -5.0], [1.0, 1.0]]),
        np.zeros(2),
        np.array([[1.0, 1.0]]),
        np.array([0.0]),
    )
    places = np.array([[[1.0, 2.0], [0.5, 0.5]]])
    return [
        Call((*first, 1), "the first of the table", public=True),
        Call((*second, 1), "the second of the table", public=True),
        Call((*first, 0), "nothing goes", public=True),
        Call((places, HIDDEN, BIASES, np.eye(6), np.zeros(6), 0), "two places", public=True),
        Call((*_network(rng, 4, 3, 5, 6, 2), 2), "two of six filters go"),
        Call((*_network(rng, 3, 4, 2, 7, 5), 6), "one filter is left"),
        Call((*_network(rng, 5, 2, 3, 4, 3), 0), "nothing goes"),
        Call((*_network(rng, 4, 1, 3, 6, 2), 3), "one place"),
        Call((*_network(rng, 1, 3, 4, 5, 2), 2), "one image"),
        Call((*_network(rng, 4, 3, 2, 5, 1), 2), "one output"),
        Call((*_network(rng, 4, 3, 1, 5, 2), 2), "one number a window"),
        Call((*_network(rng, 4, 3, 2, 1, 2), 0), "one filter"),
        Call((*_network(rng, 4, 4, 4, 4, 4), 2), "sizes alike"),
        Call((*tied, 3), "equal norms"),
        Call((*tied, 2), "equal norms, one of three goes"),
        Call((*many, 17), "many equal norms"),
        Call((*even, 2), "even filters and uneven ones"),
        Call((*uneven, 2), "squares in another order than norms"),
        Call((*silent, 2), "a filter of zeros"),
        Call((small[0], 1e-12 * small[1], 1e-12 * small[2], small[3], 1e-12 * small[4], 2), "tiny weights", atol=0.0),
        Call((small[0], 3e6 * small[1], 9e6 * small[2], 9e6 * small[3], 9e6 * small[4], 2), "huge weights"),
    ]
