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


_MATRIX = "The text says (D, C) and (N, D)."
_FLOATS = "The text says floats."
untried = {
    "fine_tune": {
        "more than two dimensions": _MATRIX,
        "integers": _FLOATS,
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "huge numbers": "Logits of hundreds are as far as the softmax goes: it is 0 or 1 there.",
    }
}


def questions(rng):
    """Return the loop to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("fine_tune", 2, _calls(rng), _quantities),
        Catch("test_fine_tune", of="fine_tune", points=3),
    ]


def _quantities(weights, mask, velocity, inputs, targets, learning_rate, momentum, weight_decay, n_steps):
    return {"N": len(inputs), "C": targets.shape[1]}


def _calls(rng):
    fixed = np.random.default_rng(1)
    return [
        Call((*_model(fixed, 3, 2, 2), 0.1, 0.9, 0.01, 2), "two steps", public=True),
        Call((*_model(fixed, 2, 3, 3), 0.1, 0.9, 0.0, 1), "one step", public=True),
        Call((*_model(fixed, 3, 2, 2), 0.1, 0.9, 0.01, 0), "no step", public=True),
        Call((*_model(rng, 6, 4, 3), 0.2, 0.9, 0.01, 5), "five steps"),
        Call((*_model(rng, 5, 3, 4), 0.3, 0.0, 0.1, 4), "no momentum"),
        Call((*_model(rng, 4, 6, 2), 0.1, 0.5, 0.0, 3), "no weight decay"),
        Call((*_model(rng, 7, 4, 3), 0.0, 0.5, 0.1, 2), "a learning rate of 0"),
        Call((*_model(rng, 5, 4, 3, soft=True), 0.2, 0.5, 0.1, 3), "targets between 0 and 1"),
        Call((*_tiny_targets(rng), 0.2, 0.5, 0.1, 3), "a tiny probability"),
        Call((*_model(rng, 6, 4, 3, kept=True), 0.2, 0.5, 0.1, 3), "everything is kept"),
        Call((*_model(rng, 6, 4, 3, kept=False), 0.2, 0.5, 0.1, 3), "everything is pruned"),
        Call((*_with_zero(rng), 0.2, 0.5, 0.1, 3), "a kept weight is 0 at first"),
        Call((*_small(rng), 0.2, 0.5, 0.1, 3), "small weights", atol=1e-24),
        Call((*_large(rng, [1000.0, 990.0, 0.0]), 0.2, 0.5, 0.01, 2), "large logits"),
        Call((*_large(rng, [1000.0, 1000.0, 1000.0]), 0.2, 0.5, 0.01, 2), "large logits, all alike"),
        Call((*_model(rng, 1, 3, 4), 0.2, 0.5, 0.1, 3), "one sample"),
        Call((*_model(rng, 6, 1, 4), 0.2, 0.5, 0.1, 3), "one input"),
        Call((*_model(rng, 6, 4, 1), 0.2, 0.5, 0.1, 3), "one class"),
    ]


def _model(rng, n_samples, n_inputs, n_classes, *, kept=None, soft=False):
    mask = rng.permutation(np.arange(n_inputs * n_classes) % 2 == 0).reshape(n_inputs, n_classes)
    mask = mask if kept is None else np.full(mask.shape, kept)
    weights, velocity = np.round(rng.normal(size=(2, n_inputs, n_classes)), 3)
    inputs = np.round(rng.normal(size=(n_samples, n_inputs)), 3)
    targets = np.eye(n_classes)[rng.integers(0, n_classes, size=n_samples)]
    if soft:
        targets = rng.dirichlet(np.ones(n_classes), size=n_samples)
    return weights, mask, velocity, inputs, targets


def _tiny_targets(rng):
    weights, mask, velocity, inputs, targets = _model(rng, 5, 4, 3, soft=True)
    targets[0] = rng.permutation([1e-12, 0.25, 0.75 - 1e-12])
    return weights, mask, velocity, inputs, targets


def _with_zero(rng):
    """Make one kept weight 0: it has to move all the same."""
    weights, mask, velocity, inputs, targets = _model(rng, 5, 4, 3)
    weights[tuple(rng.choice(np.argwhere(mask)))] = 0.0
    return weights, mask, velocity, inputs, targets


def _small(rng):
    """Make weights and velocity so small that a threshold would take kept weights for pruned ones."""
    weights, mask, velocity, inputs, targets = _model(rng, 5, 4, 3)
    return 1e-12 * weights, mask, 1e-12 * velocity, 1e-10 * inputs, targets


def _large(rng, logits):
    """Make one input so heavy that the logits are about these, or minus these where they are not alike."""
    weights, mask, velocity, inputs, targets = _model(rng, 4, 5, 3)
    weights[4], mask[4] = rng.permutation(logits), True
    inputs[:, 4] = 1.0 if min(logits) == max(logits) else rng.permutation([1.0, -1.0, 0.9, -0.9])
    return weights, mask, velocity, inputs, targets


styles = {
    "fine_tune": {
        "reference": "The mask after every step, whatever moved the weights: it holds for every optimiser.",
        "good_everything_masked": "Weights, gradient and velocity start and stay at 0: nothing has to be set back.",
    },
    "test_fine_tune": {
        "reference": "Two laws that hold for every input: zeros where the mask says so, and steps that add up.",
        "test_by_second_version": "A loop of its own beside it: it finds every bug that it has not got itself.",
    },
}
