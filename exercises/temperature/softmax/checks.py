"""What is asked of temperature/softmax, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.temperature"]
parsons = ["softmax_at"]
kinds = {"logits": "logits", "temperature": "temperature"}


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
        Function("softmax_limits", 1, _limit_calls(rng)),
        Function("softmax_slope", 2, _slope_calls(rng), _quantities),
    ]


def _quantities(logits, temperature):
    return {"T": temperature, "C": logits.shape[-1]}


def _softmax_calls(rng):
    far_apart = _short(rng.normal(size=(3, 4))) + np.array([[5000.0], [0.0], [-5000.0]])
    large = rng.choice([-1e4, 1e4], size=(3, 5)) + rng.integers(0, 3, size=(3, 5))
    return [
        Call((np.array([2.0, 1.0, 0.5, -1.0]), 2.0), "one row", public=True),
        Call((np.array([[1.0, 0.0, -1.0], [3.0, 3.0, 1.0]]), 0.5), "a batch of two rows", public=True),
        Call((np.array([1000.0, 998.0, 0.0]), 1.0), "large logits", public=True),
        Call((np.array([4.0, 1.0, -2.0]), 1.0), "T = 1", public=True),
        Call((rng.normal(scale=3, size=(5, 7)), rng.uniform(1.5, 8.0)), "a batch"),
        Call((rng.normal(scale=3, size=(2, 3, 4)), rng.uniform(0.2, 0.8)), "shape (2, 3, 4)"),
        Call((far_apart, rng.uniform(0.5, 2.0)), "rows far from each other"),
        Call((large, 0.01), "large logits, small T"),
        Call((rng.normal(size=(4, 1)), rng.uniform(0.5, 2.0)), "one class"),
    ]


def _limit_calls(rng):
    rounded = rng.integers(-2, 3, size=(6, 5)).astype(float)
    masked = rng.normal(scale=2, size=(4, 6))
    masked[np.arange(4), rng.integers(0, 6, size=4)] = -np.inf
    close = np.array([1.0, 1.0 - 1e-6, 0.0]) + rng.normal()
    return [
        Call((np.array([3.0, 3.0, 1.0]),), "a tie", public=True),
        Call((np.array([[2.0, 0.0, -np.inf], [0.0, 1.0, 5.0]]),), "a masked class", public=True),
        Call((rng.normal(scale=3, size=(3, 4)),), "a batch"),
        Call((rounded,), "ties in a batch"),
        Call((masked,), "masked classes in a batch"),
        Call((close,), "logits close to each other"),
        Call((np.array([[900.0, 0.0], [-900.0, -900.0]]) + rng.normal(),), "large logits"),
    ]


def _slope_calls(rng):
    return [
        Call((np.array([2.0, 1.0, 0.5, -1.0]), 2.0), "one row", public=True),
        Call((np.array([[1.0, 0.0, -1.0], [3.0, 3.0, 1.0]]), 0.5), "a batch of two rows", public=True),
        Call((rng.normal(scale=3, size=(5, 7)), rng.uniform(1.5, 8.0)), "a batch"),
        Call((rng.normal(size=(2, 3, 4)), rng.uniform(0.4, 0.8)), "shape (2, 3, 4)"),
        Call((_short(rng.normal(scale=4, size=(3, 6))) + 100.0, rng.uniform(2.0, 4.0)), "logits around 100"),
        Call((np.array([[2000.0, 1999.0, 0.0]]) + _short(rng.normal(size=(1, 3))), 1.0), "large logits"),
    ]


def _short(z):
    """Round to what float32 holds exactly even beside thousands, so that a float32 answer has a fair chance."""
    return np.round(z * 64) / 64


def _softmax(z):
    weights = np.exp(z - z.max())
    return weights / weights.sum()


def _numbers(values, digits):
    return ", ".join(f"{value:.{digits}f}" for value in values)
