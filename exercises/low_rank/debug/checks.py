"""What is asked of low_rank/debug, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.low_rank", "kdlab.pipeline"]
kinds = {"W": "weights", "b": "weights", "tau": "fraction"}
untried = {
    "compress": {
        "more than two dimensions": "The text says (m, n).",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "a fraction of 0": "The text says above 0.",
        "a fraction of 1": "The text says at most 0.999.",
        "a fraction that is nearly a decimal": "The text says that no case is decided by rounding.",
        "tiny numbers": "Shares do not change if all weights are multiplied.",
        "huge numbers": "Shares do not change if all weights are multiplied.",
    }
}


def questions(rng):
    """Return the function to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("compress", 2, _calls(rng)),
        Catch("test_compress", of="compress", points=3),
    ]


def _matrix(rng, m, n, s):
    """Draw a matrix with these singular values, whose columns of U have one largest entry each."""
    k = len(s)
    while True:
        U = np.linalg.qr(rng.normal(size=(m, k)))[0]
        largest = np.sort(np.abs(U), axis=0)[::-1]
        if m == 1 or (largest[0] > 1.02 * largest[1]).all():
            return (U * s) @ np.linalg.qr(rng.normal(size=(n, k)))[0].T


def _placed(values, m, n):
    """Return a matrix with these singular values, the last of them highest, and zeros elsewhere."""
    W = np.zeros((m, n))
    W[np.arange(len(values))[::-1], np.arange(len(values))] = values
    return W


def _calls(rng):
    falling = 1.7 ** -np.arange(6) * rng.uniform(2, 4)
    b = rng.normal(size=9)
    three = _placed([3.0, 2.0, 1.0], 8, 6)
    return [
        Call((three, np.arange(8.0), 0.9), "singular values 3, 2, 1", public=True),
        Call((three, np.arange(8.0), 0.7), "a lower share", public=True),
        Call((_placed([2.0, 1.0], 4, 4), np.ones(4), 0.999), "just as many numbers", public=True),
        Call((np.outer([1.0, 2.0, 3.0], [1.0, 1.0]), np.ones(3), 0.999), "five numbers for six", public=True),
        Call((_matrix(rng, 9, 6, falling), b, rng.uniform(0.7, 0.8)), "more outputs than inputs"),
        Call((_matrix(rng, 9, 12, falling), b, rng.uniform(0.9, 0.92)), "more inputs than outputs"),
        Call((_matrix(rng, 9, 9, falling), b, rng.uniform(0.7, 0.8)), "as many inputs as outputs"),
        Call((_matrix(rng, 9, 6, falling), b, 0.999), "nearly all of the energy, of full rank"),
        Call((_matrix(rng, 9, 11, falling[:3]), b, 0.999), "nearly all of the energy, of rank 3"),
        Call((_matrix(rng, 9, 8, falling), b, 0.005), "hardly any energy"),
        Call((_matrix(rng, 9, 8, falling), -np.abs(b), 1 / 3), "a third, negative biases"),
        Call((_matrix(rng, 1, 5, falling[:1]), b[:1], 0.9), "one output"),
        Call((_matrix(rng, 9, 1, falling[:1]), b, 0.9), "one input"),
        Call((_matrix(rng, 9, 40, falling), b, 0.999), "many more inputs than outputs"),
        Call((np.array([[2.5]]), np.array([0.5]), 0.5), "one weight"),
    ]


styles = {
    "compress": {
        "reference": "Energy, count, factors: in the order of the text.",
        "good_projected": "The directions of U are enough: what they say of W is the other factor.",
    },
    "test_compress": {
        "reference": "Matrices whose singular values were chosen, so that all is known by hand.",
        "test_by_laws": "Laws that hold for every matrix: the numbers, the outputs, what is missed.",
    },
}
