"""What is asked of quantization/debug, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.quantization", "kdlab.straight_through", "kdlab.pipeline"]
kinds = {"x": "weights", "bits": "count"}
untried = {
    "fake_quantize": {
        "a count of 0": "The text says 1 to 16.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    }
}
styles = {
    "fake_quantize": {
        "reference": "The five steps in their order, for all numbers at once.",
        "good_levels": "All values of the grid side by side, and of them the nearest: slow for many bits, and plain.",
    },
    "test_fake_quantize": {
        "reference": "Examples by hand, one for each thing that can go wrong.",
        "test_by_second_version": "A function of its own beside it: it finds every bug that it has not got itself.",
    },
}


def questions(rng):
    """Return the function to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("fake_quantize", 2, _calls(rng)),
        Catch("test_fake_quantize", of="fake_quantize", points=3),
    ]


def _off_the_halves(rng, low, high, bits, shape):
    """Draw numbers that reach from low to high, and lie no nearer than a fiftieth of a step to a half."""
    s = (max(high, 0.0) - min(low, 0.0)) / (2**bits - 1)
    codes = rng.integers(np.ceil(low / s), np.floor(high / s) + 1, size=shape)
    x = s * (codes + rng.uniform(-0.45, 0.45, size=shape))
    x = np.clip(x, low, high)
    x.flat[rng.choice(x.size, size=2, replace=False)] = low, high
    return x


def _ends(rng, bits):
    """Draw a range with 0 in it whose ends are no halves of a step."""
    top = 2**bits - 1
    z = rng.integers(1, top) if top > 1 else 0
    share = (z + rng.uniform(0.1, 0.4) * rng.choice([-1.0, 1.0])) / top
    width = rng.uniform(1.5, 3.0)
    return -share * width, (1 - share) * width


def _calls(rng):
    power = 2.0 ** rng.integers(-3, 4)
    calls = [
        Call((np.array([5.0, 5.0]), 8), "all equal", public=True),
        Call((np.array([1.0, 2.0, 3.0]), 2), "above 0", public=True),
        Call((np.array([-3.0, -1.0]), 4), "below 0", public=True),
        Call((np.array([-1.0, -0.4, 0.2, 1.1]), 2), "on both sides of 0", public=True),
        Call((np.array([0.0, 0.0]), 3), "zeros alone", public=True),
        Call((np.array([-1.0, -0.5, 0.5, 1.5, 2.0]), 2), "halves", public=True),
        Call((np.array([[-1.1, 1.4, 0.3], [0.05, -0.02, 0.04]]), 3), "two rows", public=True),
    ]
    for bits, shape in ((2, (7,)), (3, (9,)), (5, (12,)), (10, (6,)), (16, (5,)), (4, (3, 4)), (3, (2, 3, 2))):
        calls.append(Call((_off_the_halves(rng, *_ends(rng, bits), bits, shape), bits), f"{bits} bits"))
    low = rng.uniform(0.5, 1.0)
    rows = np.array([[1.0], [0.05]]) * _off_the_halves(rng, -1.03, 1.4, 3, (2, 4))
    rows[0, :2] = -1.03, 1.4
    calls += [
        Call((_off_the_halves(rng, low, 4 * low, 3, (6,)), 3), "above 0, far from it"),
        Call((-_off_the_halves(rng, low, 4 * low, 3, (6,)), 3), "below 0, far from it"),
        Call((np.full(3, rng.uniform(1.0, 9.0)), 4), "all equal"),
        Call((np.full((2, 1), -rng.uniform(1.0, 9.0)), 4), "all equal, below 0"),
        Call((np.array([rng.uniform(1.0, 9.0)]), 3), "one number"),
        Call((rng.permutation([-1.4, 0.3, 0.9, 0.0]), 1), "one bit"),
        Call((rows, 3), "a row of small numbers"),
        Call((power * rng.permutation([-1.5, -0.5, 0.5, 1.5, 1.0, 0.0]), 2), "a code beyond the last"),
        Call((power * rng.permutation([-1.0, -0.5, 0.5, 1.5, 2.0, 0.0]), 2), "halves, an odd zero point"),
        Call((power * rng.permutation([-127.5, 127.5, 3.0, -40.0]), 8), "8 bits, a code beyond the last"),
        Call((rng.permutation([-3, 4, 1, 0, 2]), 3), "integers"),
        Call((1e-200 * _off_the_halves(rng, -1.03, 1.4, 3, (6,)), 3), "tiny numbers", atol=0.0),
        Call((1e200 * _off_the_halves(rng, -1.03, 1.4, 3, (6,)), 3), "huge numbers"),
    ]
    return calls
