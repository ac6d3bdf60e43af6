"""What is asked of low_rank/lora, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.low_rank"]
parsons = ["lora_gradients"]
kinds = {"x": "weights", "W": "weights", "A": "weights", "B": "weights", "g": "weights"}

_ORDINARY = {
    "more than two dimensions": "The text says which axes there are.",
    "integers": "The text says floats.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
    "tiny numbers": "A product of matrices has no threshold that could be met.",
    "huge numbers": "A product of matrices has no threshold that could be met.",
}
untried = dict.fromkeys(("lora_output", "lora_merge", "lora_gradients"), _ORDINARY)

W, A, B = np.eye(2), np.array([[0.0, 2.0]]), np.array([[1.0], [0.0]])
WIDE_A, WIDE_B = (
    np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]]),
    np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0], [0.0, 1.0]]),
)


def questions(rng):
    """Return the three functions; hidden inputs come from `rng`."""
    return [
        Function("lora_output", 1, _output_calls(rng)),
        Function("lora_merge", 1, _merge_calls(rng)),
        Function("lora_gradients", 2, _gradient_calls(rng)),
    ]


def _layers(rng):
    """Yield W, A, B, alpha with a note: sizes differ from each other, but where the note says so."""
    yield *_drawn(rng, 5, 4, 2), 7.0, "rank 2"
    yield *_drawn(rng, 4, 6, 3), 16, "an integer alpha"
    yield *_drawn(rng, 3, 3, 3), 5.0, "all sizes alike"
    yield *_drawn(rng, 5, 3, 1), 3.0, "rank 1"
    yield *_drawn(rng, 1, 4, 2), 3.0, "one output"
    yield *_drawn(rng, 4, 1, 2), 3.0, "one input"
    yield *_drawn(rng, 3, 5, 2), -3.0, "alpha below 0"
    yield *_drawn(rng, 5, 4, 4), 4.0, "alpha as large as the rank"


def _drawn(rng, m, n, r):
    return rng.normal(size=(m, n)), rng.normal(size=(r, n)), rng.normal(size=(m, r))


def _output_calls(rng):
    x = np.array([1.0, 3.0])
    return [
        Call((x, W, A, B, 2.0), "the example", public=True),
        Call((np.array([1.0, 0.0, -1.0]), np.ones((4, 3)), WIDE_A, WIDE_B, 8.0), "rank 2", public=True),
        Call((x, W, A, np.zeros((2, 1)), 2.0), "B is 0: the start", public=True),
        Call((x, W, A, B, 0.0), "alpha is 0", public=True),
        *(Call((rng.normal(size=W.shape[1]), W, A, B, alpha), note) for W, A, B, alpha, note in _layers(rng)),
    ]


def _merge_calls(rng):
    return [
        Call((W, A, B, 2.0), "the example", public=True),
        Call((np.ones((4, 3)), WIDE_A, WIDE_B, 8.0), "rank 2", public=True),
        Call((W, A, np.zeros((2, 1)), 2.0), "B is 0: the start", public=True),
        Call((W, A, B, 0.0), "alpha is 0", public=True),
        *(Call((W, A, B, alpha), note) for W, A, B, alpha, note in _layers(rng)),
    ]


def _gradient_calls(rng):
    x, g = np.array([1.0, 3.0]), np.array([1.0, -1.0])
    wide = np.array([1.0, 0.0, -1.0]), np.array([1.0, 2.0, -1.0, 0.5]), WIDE_A, WIDE_B, 8.0
    return [
        Call((x, g, A, B, 2.0), "the example", public=True),
        Call(wide, "rank 2", public=True),
        Call((x, g, A, np.zeros((2, 1)), 2.0), "B is 0: the start", public=True),
        Call((x, g, np.zeros((1, 2)), np.zeros((2, 1)), 2.0), "both are 0", public=True),
        *(
            Call((rng.normal(size=W.shape[1]), rng.normal(size=len(W)), A, B, alpha), note)
            for W, A, B, alpha, note in _layers(rng)
        ),
    ]


styles = {
    "lora_output": {
        "reference": "Two thin products, from the right: no large matrix is made.",
        "merged_first": "Merged first: right, and as dear as the whole layer.",
    },
    "lora_gradients": {
        "reference": "Two outer products, as the formulas stand.",
        "merged_first": "The gradient of the merged matrix, sent through the product B A.",
    },
    "lora_merge": {
        "reference": "The formula, as it stands.",
        "loops": "One outer product for each unit of rank: what the product is made of.",
    },
}
