"""What is asked here, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

# FILL IN: the modules of kdlab that would answer it. They are absent where students work.
forbids = ["kdlab.pruning"]

# FILL IN: what each argument is, one of the kinds of kdlab/practice/kinds.py; "" if it is none of them
kinds = {"weights": "weights", "gradient": "weights", "learning_rate": "rate"}

# FILL IN: what `kdlab exercise check` says is not tried, and why not; better, a call that has it
untried = {
    "step": {
        "integers": "The text says floats.",
        "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    }
}


def variant(rng):
    """Draw the numbers of the example."""
    # FILL IN: what stands for each name in double braces; no `variant` if there is none
    weight = int(rng.integers(2, 9))
    return {"weight": weight, "after": f"{weight - 0.2:.1f}"}


def questions(rng):
    """Return the functions with their points; hidden inputs come from `rng`, public ones do not."""
    # FILL IN: a Function for each cell. In each call one thing is special, and the note says what, to the student.
    return [Function("step", 2, _calls(rng), _quantities)]


def _quantities(weights, gradient, learning_rate):
    # FILL IN: what a wrong answer may be too large or too small by. No two of them may be equal in a call.
    return {"the learning rate": learning_rate}


def _calls(rng):
    return [
        Call((np.array([3.0, -1.0]), np.array([2.0, 0.5]), 0.1), "two weights", public=True),
        Call((np.array([1.0, 0.0]), np.array([0.5, -4.0]), 0.25), "a weight of 0", public=True),
        Call((*rng.normal(size=(2, 2, 3, 4)), rng.uniform(0.1, 0.9)), "shape (2, 3, 4)"),
        Call((*rng.normal(size=(2, 1)), rng.uniform(0.1, 0.9)), "one weight"),
        Call((*rng.normal(size=(2, 5)), 0.0), "a learning rate of 0"),
        Call((*(1e-12 * rng.uniform(1, 2, size=(2, 5))), 0.5), "tiny numbers", atol=0.0),
        Call((*(3e6 * rng.normal(size=(2, 5))), 0.5), "huge numbers"),
    ]
