"""What is asked of pruning/debug, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.pruning"]
kinds = {
    "weights": "weights",
    "mask": "mask",
    "velocity": "weights",
    "inputs": "weights",
    "targets": "probabilities",
    "learning_rate": "rate",
    "momentum": "rate",
    "weight_decay": "rate",
    "n_steps": "count",
}


def questions(rng):
    """Return the loop to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("fine_tune", 2, _calls(rng)),
        Catch("test_fine_tune", of="fine_tune", points=3),
    ]


def _calls(rng):
    fixed = np.random.default_rng(1)
    return [
        Call((*_model(fixed, 2, 2, 2), 0.1, 0.9, 0.01, 2), "two steps", public=True),
        Call((*_model(fixed, 2, 3, 3), 0.1, 0.9, 0.0, 1), "one step", public=True),
        Call((*_model(fixed, 2, 2, 2), 0.1, 0.9, 0.01, 0), "no step", public=True),
        Call((*_model(rng, 6, 4, 3), 0.2, 0.9, 0.01, 5), "five steps"),
        Call((*_model(rng, 5, 3, 4), 0.3, 0.0, 0.1, 4), "no momentum"),
        Call((*_model(rng, 4, 6, 2), 0.1, 0.5, 0.0, 3), "no weight decay"),
    ]


def _model(rng, n_samples, n_inputs, n_classes):
    mask = rng.permutation(np.arange(n_inputs * n_classes) % 2 == 0).reshape(n_inputs, n_classes)
    weights, velocity = np.round(rng.normal(size=(2, n_inputs, n_classes)), 3)
    inputs = np.round(rng.normal(size=(n_samples, n_inputs)), 3)
    return weights, mask, velocity, inputs, np.eye(n_classes)[rng.integers(0, n_classes, size=n_samples)]
