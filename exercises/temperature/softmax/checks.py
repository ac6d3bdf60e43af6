"""What is asked of temperature/softmax, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.temperature"]
parsons = ["softmax_at"]
kinds = {"logits": "logits", "temperature": "temperature"}

_FLOATS = "The text says floats."
_FLOAT32 = "float32 is for those who choose it: such an input asks for nothing else."
_FINITE = "Here the logits are finite."
untried = {
    "softmax_at": {"a masked class": _FINITE, "integers": _FLOATS, "float32": _FLOAT32},
    "softmax_limits": {"integers": _FLOATS},
    "softmax_slope": {"a masked class": _FINITE, "integers": _FLOATS, "float32": _FLOAT32},
}


def variant(rng):
    """Draw the logits and the temperature of the example."""
    logits = np.sort(rng.choice(np.arange(-30, 51), size=4, replace=False))[::-1] / 10
    temperature = float(rng.choice([2.0, 2.5, 3.0, 4.0, 5.0]))
    return {
        "logits": _numbers(logits, 1),
        "temperature": f"{temperature:g}",
        "at_one": _numbers(_softmax(logits), 3),
        "at_temperature": _numbers(_softmax(logits / temperature), 3),
    }


def questions(rng):
    """Return the three functions; hidden inputs come from `rng`."""
    return [
        Function("softmax_at", 2, _softmax_calls(rng), _quantities),
        Function("softmax_limits", 1, _limit_calls(rng), lambda logits: {"C": logits.shape[-1]}),
        Function("softmax_slope", 2, _slope_calls(rng), _quantities),
    ]


def _quantities(logits, temperature):
    return {"T": temperature, "C": logits.shape[-1]}


def _softmax_calls(rng):
    far_apart = _short(rng.normal(size=(3, 4))) + np.array([[5000.0], [0.0], [-5000.0]])
    return [
        Call((np.array([2.0, 1.0, 0.5, -1.0]), 2.0), "one row", public=True),
        Call((np.array([[1.0, 0.0, -1.0], [3.0, 3.0, 1.0]]), 0.5), "a batch of two rows", public=True),
        Call((np.array([1000.0, 998.0, 0.0]), 1.0), "large logits", public=True),
        Call((np.array([4.0, 1.0, -2.0]), 1.0), "T = 1", public=True),
        Call((rng.normal(scale=3, size=(5, 7)), rng.uniform(1.5, 6.5)), "a batch"),
        Call((rng.normal(scale=3, size=(2, 3, 4)), rng.uniform(0.2, 0.8)), "shape (2, 3, 4)"),
        Call((np.array([2.0, 2.0, 2.0, 0.0]) + rng.normal(), rng.uniform(1.5, 3.5)), "a tie of three"),
        Call((far_apart, rng.uniform(0.5, 0.9)), "rows far from each other"),
        Call((_short(rng.normal(size=4)) - 800.0, rng.uniform(0.5, 0.9)), "logits far below 0"),
        Call((_signed(rng) * 1e4 + rng.integers(0, 3, size=(3, 5)), 0.01), "large logits, small T"),
        Call((_spread(rng, 9000.0), 1.0), "logits far from each other, T = 1"),
        Call((_spread(rng, 900.0), rng.uniform(150.0, 300.0)), "large logits, large T"),
        Call((_spread(rng, 8000.0), rng.uniform(900.0, 1000.0)), "logits of thousands, T near 1000"),
        Call((_short(rng.normal(size=(2, 3))) + 60.0, 0.0625), "logits that only T makes large"),
        Call((1.0 + rng.permutation(4) * 2.0**-10 + 2.0**-20, 0.001), "logits close to each other, small T"),
        Call((1.0 + np.array([0.0, 2.0**-22, rng.integers(5, 60) * 2.0**-22]), 0.001), "logits that hardly differ"),
        Call((rng.normal(size=(4, 1)), rng.uniform(0.5, 0.9)), "one class"),
        Call((rng.normal(size=(1, 5)), rng.uniform(1.5, 4.5)), "a batch of one row"),
    ]


def _limit_calls(rng):
    tied = rng.choice([-2.0, -1.0, 0.0, 1.0], size=(6, 5))
    tied[:3, :4] = 2.0
    masked = rng.normal(scale=2, size=(4, 6))
    masked[np.arange(4), rng.integers(0, 6, size=4)] = -np.inf
    one_left = np.where(np.eye(3) == 1, rng.normal(size=(3, 3)), -np.inf)
    low = np.array([[-9000.0, -9500.0, -1e4, -9001.0], [0.0, -1e4, 5000.0, 1.0]]) + rng.integers(-9, 10, size=(2, 1))
    return [
        Call((np.array([3.0, 3.0, 1.0]),), "a tie", public=True),
        Call((np.array([[2.0, 0.0, -np.inf], [0.0, 1.0, 5.0]]),), "a masked class", public=True),
        Call((rng.normal(scale=3, size=(3, 4)),), "a batch"),
        Call((rng.normal(scale=3, size=(2, 3, 4)),), "shape (2, 3, 4)"),
        Call((rng.permutation(8).reshape(2, 4).astype(np.float32),), "float32"),
        Call((rng.permuted(tied, axis=1),), "ties in a batch"),
        Call((np.array([[2.0, 2.0, -np.inf, -np.inf, 1.0]]) + rng.normal(),), "a tie beside masked classes"),
        Call((masked,), "masked classes in a batch"),
        Call((rng.permuted(one_left, axis=1),), "one class left of three"),
        Call((np.array([1.0, 1.0 - 1e-6, 0.0]) + rng.normal(),), "logits close to each other"),
        Call((np.array([2.0, 2.0 - 4e-6, 2.0 - 1e-3]),), "logits that differ in the sixth digit"),
        Call((np.array([1.0, 1.0 - 2.0**-23, 1.0 - 2.0**-40]),), "logits that hardly differ"),
        Call((np.array([[900.0, 0.0], [-900.0, -900.0]]) + rng.normal(),), "large logits"),
        Call((low,), "logits of minus ten thousand"),
        Call((np.array([[-1e4, -np.inf, 3.0]]),), "a masked class beside one of minus ten thousand"),
        Call((rng.normal(size=(3, 1)),), "one class"),
        Call((rng.normal(size=(1, 3)),), "a batch of one row"),
    ]


def _slope_calls(rng):
    far_apart = _short(rng.normal(size=(3, 4))) + np.array([[5000.0], [0.0], [-5000.0]])
    return [
        Call((np.array([2.0, 1.0, 0.5, -1.0]), 2.0), "one row", public=True),
        Call((np.array([[1.0, 0.0, -1.0], [3.0, 3.0, 1.0]]), 0.5), "a batch of two rows", public=True),
        Call((rng.normal(scale=3, size=(5, 7)), rng.uniform(1.5, 6.5)), "a batch"),
        Call((rng.normal(size=(2, 3, 4)), rng.uniform(0.4, 0.8)), "shape (2, 3, 4)"),
        Call((np.array([2.0, 2.0, 2.0, 0.0]) + _short(rng.normal()), 1.0), "a tie of three, T = 1"),
        Call((_short(rng.normal(scale=4, size=(3, 6))) + 100.0, rng.uniform(2.0, 4.0)), "logits around 100"),
        Call((np.array([[2000.0, 1999.0, 0.0]]) + _short(rng.normal(size=(1, 3))), 1.0), "large logits"),
        Call((np.array([20.0, 0.0, -1.0, 0.5]) + _short(rng.normal()), 1.0), "one class leads by twenty, T = 1"),
        Call((far_apart, rng.uniform(1.5, 3.5)), "rows far from each other"),
        Call((_short(rng.normal(size=4)) - 800.0, rng.uniform(1.5, 3.5)), "logits far below 0"),
        Call((_spread(rng, 8000.0), rng.uniform(900.0, 1000.0)), "logits of thousands, T near 1000"),
        Call((60.0 + rng.permutation(6).reshape(2, 3) / 16, 0.0625), "logits that only T makes large"),
        Call((np.array([0.0, 2.0**-10, 2.0**-7, 2.0**-6]) * rng.choice([-1, 1]), 0.001), "small T"),
        Call((np.array([1.0, 1.0 + 2.0**-22, 0.5]), rng.uniform(0.2, 0.4)), "logits that hardly differ"),
        Call((rng.normal(size=(4, 1)), rng.uniform(0.5, 0.9)), "one class"),
        Call((rng.normal(size=(1, 5)), rng.uniform(1.5, 4.5)), "a batch of one row"),
    ]


def _short(z):
    """Round to what float32 holds exactly even beside thousands, so that a float32 answer has a fair chance."""
    return np.round(z * 64) / 64


def _signed(rng):
    return rng.permuted([[1.0], [-1.0], [1.0]], axis=0)


def _spread(rng, width):
    """Draw whole numbers from -width to width, the ends among them."""
    return rng.permuted(np.array([-width, *rng.integers(-width, width, size=3), width]))


def _softmax(z):
    weights = np.exp(z - z.max())
    return weights / weights.sum()


def _numbers(values, digits):
    return ", ".join(f"{value:.{digits}f}" for value in values)


styles = {
    "softmax_at": {
        "reference": "The shortest that never overflows, and what libraries do.",
        "log_space": "It has log p on the way, which a loss needs: there a p of 0 does no harm.",
    },
    "softmax_limits": {
        "reference": "All rows at once. A limit is what it is in the text: equal shares among some classes.",
        "loops": "One class after the other, as one would do it by hand; slow on large arrays.",
    },
    "softmax_slope": {
        "reference": "The formula as it stands, in one pass over the array.",
        "jacobian": "Shows where the formula comes from: a matrix of derivatives, at C times the memory.",
    },
}
