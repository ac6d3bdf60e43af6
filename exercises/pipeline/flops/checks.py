"""What is asked of pipeline/flops, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.pipeline", "kdlab.pruning", "kdlab.low_rank"]
parsons = ["layer_macs"]
kinds = {"weight": "weights", "sparsity": "fraction", "W": "weights"}
_FLOATS = {
    "integers": "The text says floats.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
}
_COUNTED = "number_removed is given, and counts."
untried = {
    "filters_to_keep": _FLOATS | {"a fraction that is nearly a decimal": _COUNTED},
    "dense_after": _FLOATS | {"more than two dimensions": "The text says (outputs, features)."},
}
styles = {
    "filters_to_keep": {
        "reference": "The best first, of equal ones the first.",
        "by_rank": "A filter goes if enough others beat it.",
    },
    "layer_macs": {
        "reference": "Three numbers go from layer to layer.",
        "by_rank": "All shapes first, then all products.",
    },
    "macs_after": {
        "reference": "Smaller numbers, the same count.",
        "loops": "Layer by layer, each with what the one before left.",
    },
    "dense_after": {
        "reference": "Columns by their numbers.",
        "by_rank": "An axis of its own for channels.",
    },
    "accuracy_after": {
        "reference": "All losses at once.",
        "loops": "Step after step.",
    },
}

INPUT, CONVS, WIDTHS = (2, 9, 7), [(6, 3, 1, 1), (4, 3, 2, 0)], [5, 3]


def questions(rng):
    """Return the five functions; hidden inputs come from `rng`."""
    return [
        Function("filters_to_keep", 2, _filter_calls(rng)),
        Function("layer_macs", 2, _count_calls(rng)),
        Function("macs_after", 2, _after_calls(rng)),
        Function("dense_after", 2, _matrix_calls(rng)),
        Function("accuracy_after", 2, _accuracy_calls(rng)),
    ]


def _filters(*rows):
    """Return filters of one channel, 2 x 2, from four numbers each."""
    return np.array(rows, dtype=float).reshape(len(rows), 1, 2, 2)


def _filter_calls(rng):
    cancels = _filters((5, -5, 0, 0), (1, 1, 0, 0), (-2, -1, 0, 0), (3, -3, 1, 0))
    even = _filters((2, 2, 0, 0), (3, 0, 0, 0), (0, 0, 1, 1), (2.9, 2.9, 2.9, 0))
    ties = rng.permutation([0.5, 0.5, 0.5, 1.0, 1.0, 2.0])[:, np.newaxis, np.newaxis, np.newaxis] * np.ones(
        (6, 2, 1, 1)
    )
    signs = rng.choice([-1.0, 1.0], size=(24, 2, 2, 2)) * rng.choice([0.25, 0.5], size=(24, 1, 1, 1))
    close = rng.permutation(1 + 1e-7 * np.arange(7)).reshape(7, 1, 1, 1)
    hundred = rng.normal(size=(100, 1, 2, 2))
    return [
        Call((cancels, 0.5), "weights that cancel", public=True),
        Call((even, 0.5), "even filters and uneven ones", public=True),
        Call((_filters((1, 0, 0, 0), (1, 0, 0, 0), (0.5, 0.5, 0, 0), (2, 0, 0, 0)), 0.5), "equal scores", public=True),
        Call((cancels, 0.0), "nothing goes", public=True),
        Call((cancels, 1.0), "never all", public=True),
        Call((rng.normal(size=(9, 3, 2, 2)), 0.4), "nine filters, three channels"),
        Call((rng.normal(size=(5, 4, 3, 3)), 0.6), "five filters, four channels"),
        Call((rng.normal(size=(4, 4, 4, 4)), 0.25), "sizes alike"),
        Call((rng.normal(size=(7, 2, 1, 1)), 0.5), "half of seven"),
        Call((ties, 1 / 3), "equal scores"),
        Call((signs, 0.4), "many equal scores"),
        Call((close, 0.45), "scores that hardly differ"),
        Call((rng.normal(size=(1, 3, 2, 2)), 0.9), "one filter"),
        Call((hundred, 0.29), "29 of a hundred"),
        Call((hundred, 0.005), "less than one filter"),
        Call((1e-12 * rng.normal(size=(6, 2, 2, 2)), 0.5), "tiny weights"),
        Call((1e9 * rng.normal(size=(6, 2, 2, 2)), 0.5), "huge weights"),
        Call((rng.normal(size=(6, 2, 2, 2)) * (rng.random((6, 2, 2, 2)) < 0.5), 0.5), "weights of 0"),
    ]


def _networks(rng):
    """Yield networks with a note."""
    f = [int(n) for n in rng.permutation(np.arange(4, 12))]
    yield (3, 12, 9), [(f[0], 3, 1, 1), (f[1], 5, 2, 2), (f[2], 2, 2, 0)], [f[3], f[4], f[5]], "three convolutions"
    yield (1, 11, 16), [(f[1], 4, 3, 0)], [f[2]], "stride 3"
    yield (f[3], 5, 8), [(f[4], 1, 1, 0), (f[5], 3, 1, 0)], [f[6], 2], "a kernel of 1"
    yield (2, 7, 10), [(f[6], 3, 2, 1), (f[0], 3, 2, 1)], [f[1], f[2]], "windows that do not fit"
    yield (2, 6, 9), [(f[2], 2, 1, 2)], [f[7], f[3], f[4]], "more padding"
    yield (1, 4, 6), [(1, 3, 1, 1)], [1], "one filter, one unit"
    yield (3, 3, 3), [(3, 3, 1, 1), (3, 3, 1, 1)], [3, 3], "sizes alike"


def _count_calls(rng):
    return [
        Call((INPUT, CONVS, WIDTHS), "the example", public=True),
        Call(((1, 8, 6), [(4, 3, 1, 1), (6, 3, 2, 1)], [10, 5]), "the chapter's", public=True),
        Call(((3, 5, 4), [(2, 2, 1, 0)], [7]), "one convolution, one linear layer", public=True),
        *(Call((shape, convs, dense), note) for shape, convs, dense, note in _networks(rng)),
    ]


def _after_calls(rng):
    calls = []
    for i, (shape, convs, dense, note) in enumerate(_networks(rng)):
        sparsities = rng.choice([0.25, 0.5, 0.6, 0.75], size=len(convs)).tolist()
        calls.append(Call((shape, convs, dense, sparsities, None if i % 3 == 2 else 1 + i), note))
    shape, convs, dense, _ = next(_networks(rng))
    return [
        Call((INPUT, CONVS, WIDTHS, [0.5, 0.5], 2), "the example", public=True),
        Call((INPUT, CONVS, WIDTHS, [0.5, 0.5], None), "no factors", public=True),
        Call((INPUT, CONVS, WIDTHS, [0.5, 0.0], 2), "the first convolution alone", public=True),
        Call((INPUT, CONVS, WIDTHS, [0.0, 0.0], 4), "factors alone", public=True),
        Call((INPUT, CONVS, WIDTHS, [0.5, 0.5], 5), "a rank that costs", public=True),
        Call((INPUT, CONVS, WIDTHS, [1.0, 1.0], 1), "never all", public=True),
        *calls,
        Call((shape, convs, dense, [0.0, 0.5, 0.0], 3), "the middle convolution alone"),
        Call((shape, convs, dense, [0.0, 0.0, 0.75], 5), "the last convolution alone"),
        Call((shape, convs, dense, [0.5, 0.5, 0.5], 60), "a rank above all sizes"),
        Call(((1, 8, 8), [(100, 3, 1, 1)], [10], [0.29], None), "29 of a hundred"),
    ]


def _matrix(rng, outputs, features):
    """Draw a matrix with columns of very different size."""
    return rng.normal(size=(outputs, features)) * 2.0 ** rng.integers(-2, 3, size=features)


def _matrix_calls(rng):
    known = np.array([[3.0, 0.0, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    chosen = np.sort(rng.permutation(5)[:3]).tolist()
    silent = _matrix(rng, 4, 12)
    silent[:, rng.integers(12)] = 0.0
    return [
        Call((known, [1], 1, 2, 1), "the second of two channels", public=True),
        Call((known, [0, 1], 1, 2, 2), "all channels", public=True),
        Call((np.arange(1.0, 13.0).reshape(2, 6) ** 2, [0, 2], 2, 1, 1), "the first and the last", public=True),
        Call((_matrix(rng, 6, 30), chosen, 3, 2, 2), "three of five channels"),
        Call((_matrix(rng, 4, 24), [1, 3], 2, 3, 3), "two of four channels"),
        Call((_matrix(rng, 9, 12), [0, 2], 1, 3, 1), "rank 1"),
        Call((_matrix(rng, 5, 8), [2, 3, 5], 1, 1, 2), "one column a channel"),
        Call((_matrix(rng, 3, 16), [0, 1], 2, 2, 3), "the full rank"),
        Call((_matrix(rng, 4, 16), [1, 2, 3], 2, 2, 2), "sizes alike"),
        Call((_matrix(rng, 1, 12), [0, 2], 2, 2, 1), "one output"),
        Call((_matrix(rng, 6, 3), [1], 1, 1, 1), "one input is left"),
        Call((silent, [0, 1, 2], 2, 2, 2), "an input that is not read"),
        Call((1e-12 * _matrix(rng, 5, 12), [0, 2], 2, 2, 2), "tiny weights", rtol=1e-7, atol=0.0),
        Call((1e9 * _matrix(rng, 5, 12), [1, 2], 2, 2, 2), "huge weights", rtol=1e-7),
    ]


def _accuracy_calls(rng):
    full, chance = float(rng.uniform(0.85, 0.95)), float(rng.uniform(0.1, 0.2))
    s, g = rng.uniform(0.2, 0.9, size=4).tolist(), rng.uniform(1.5, 3.5, size=4).tolist()
    small = rng.uniform(0.02, 0.2, size=4).tolist()
    mild, hard = [0.5, 0.25], [1.0, 1.0]
    calls = [
        Call((0.9, mild, [0.2, 0.8], [1.0, 2.0], "sum", 0.1), "two steps, added", public=True),
        Call((0.9, mild, [0.2, 0.8], [1.0, 2.0], "product", 0.1), "two steps, multiplied", public=True),
        Call((0.9, hard, [0.6, 0.7], [1.0, 2.0], "sum", 0.1), "more than there is", public=True),
        Call((0.9, [0.0, 0.5], [0.5, 0.4], [2.0, 0.5], "sum", 0.1), "a severity of 0", public=True),
        Call((0.8, [1, 1], [0.8, 0.1], [1, 2], "product", 0.25), "a step that loses all, and integers", public=True),
    ]
    for combine in ("sum", "product"):
        calls += [
            Call((full, s[:1], small[:1], g[:1], combine, chance), "one step"),
            Call((full, s[:3], small[:3], g[:3], combine, chance), "three steps"),
            Call((full, s, small, g, combine, 0.0), "four steps, chance 0"),
            Call((full, s, [1e-9 * each for each in small], g, combine, chance), "losses of next to nothing"),
            Call((full, s[:2], [0.0, small[1]], g[:2], combine, chance), "a step that costs nothing"),
            Call((full, hard, [0.9 * full, 0.8 * full], g[:2], combine, chance), "more than there is"),
            Call((1.0, s[:2], small[:2], g[:2], combine, chance), "always right before"),
        ]
    return calls
