"""What is asked of gradient_noise/debug, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Catch, Function

forbids = ["kdlab.gradient_noise", "kdlab.distillation_loss", "kdlab.hybrid_objective"]
kinds = {"weights": "weights", "temperature": "temperature", "learning_rate": "rate"}
untried = {
    "accumulated_step": {
        "more than two dimensions": "The text says (D, C).",
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
        "a temperature of a hundredth or less": "The text says at least 0.5.",
        "tiny numbers": "They are added to what is no smaller.",
        "huge numbers": "Beside them a step would be lost.",
    }
}


def questions(rng):
    """Return the function to mend and the test to write; hidden inputs come from `rng`."""
    return [
        Function("accumulated_step", 2, _calls(rng), _quantities),
        Catch("test_accumulated_step", of="accumulated_step", points=3),
    ]


def _quantities(weights, parts, temperature, learning_rate):
    return {"T": temperature, "parts": len(parts)}


def _part(rng, *real, D=3, C=4):
    """Draw a part whose padding is no smaller than its rows."""
    return [rng.normal(size=(len(real), D)), 3 * rng.normal(size=(len(real), C)), np.array(real, dtype=bool)]


def _shown(*gradients, padding):
    """Return a part of one input and two classes, in which row n has the gradient gradients[n] by the first weight."""
    # at weights of 0 and T = 0.5 a teacher that is certain of the second class makes (q - p)/T = 1 for the first
    n = len(gradients) + padding
    inputs = np.array([*gradients, *[7.0] * padding])[:, np.newaxis]
    return [inputs, np.tile([-50.0, 50.0], (n, 1)), np.arange(n) < len(gradients)]


def _calls(rng):
    yes, no = True, False
    W = rng.normal(size=(3, 4))
    table = [_shown(1.0, 1.0, 1.0, padding=0), _shown(2.0, padding=2), _shown(4.0, 2.0, padding=1)]
    zero = np.zeros((1, 2))
    T, rate = rng.uniform(3.0, 5.0), rng.uniform(0.5, 2.0)
    uneven = [_part(rng, *[yes] * 5), _part(rng, yes, yes), _part(rng, yes)]
    padded = [_part(rng, yes, no, yes), _part(rng, no, yes, yes), _part(rng, yes, yes, no)]
    mixed = [_part(rng, no, yes, no, no, yes), _part(rng, yes), _part(rng, no, no), _part(rng, yes, yes, yes)]
    small = [_part(rng, yes, no, D=1, C=2), _part(rng, yes, yes, yes, D=1, C=2)]
    return [
        Call((zero, table, 0.5, 1.0), "the table", public=True),
        Call((zero, table[:1], 0.5, 0.1), "one part, no padding", public=True),
        Call((zero, [table[0], table[2]], 1.0, 0.1), "T = 1, two parts of different size", public=True),
        Call((zero, [_shown(padding=2)], 0.5, 0.1), "padding alone", public=True),
        Call((W, uneven, T, rate), "parts of different size, no padding"),
        Call((W, padded, T, rate), "as many real rows in each part, padding in different places"),
        Call((W, mixed, T, rate), "different sizes, padding, and a part of padding alone"),
        Call((W, mixed[::-1], 100.0, 50 * rate), "the same the other way round, T = 100"),
        Call((W, [_part(rng, no, no), _part(rng, no)], T, rate), "two parts of padding alone"),
        Call((W, [_part(rng, yes, no, no, no)], T, rate), "one part, one real row"),
        Call((W, [_part(rng, no, no), *uneven], T, rate), "padding alone first"),
        Call((W, [*uneven, _part(rng, no, no)], T, rate), "padding alone last"),
        Call((W, mixed, T, 0.0), "a learning rate of 0"),
        Call((rng.normal(size=(1, 2)), small, T, rate), "one input, two classes"),
    ]


styles = {
    "accumulated_step": {
        "reference": "Two sums, one division.",
        "good_running_mean": "A mean that is right after every part.",
    },
    "test_accumulated_step": {
        "reference": "The large batch itself, computed beside it.",
        "test_by_laws": "Laws that need no second computation: order, cuts and padding change nothing.",
    },
}
