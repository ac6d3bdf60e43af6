"""What is asked of straight_through/bias, and on which inputs."""

import numpy as np

from kdlab.explore.questions import Pick
from kdlab.practice.questions import Ask, Call, Function

forbids = ["kdlab.straight_through", "kdlab.quantization", "kdlab.distillation_loss"]
parsons = ["high_t_bias"]
kinds = {"W": "weights", "X": "weights", "V": "logits", "T": "temperature"}

_MATRIX = {"more than two dimensions": "The text says (D, C) and (N, D)."}
_FLOAT32 = {"float32": "float32 is for those who choose it: such an input asks for nothing else."}
_SIZES = dict.fromkeys(("tiny numbers", "huge numbers"), "The text says that logits are at most 1000.")
_SOFTMAX = dict.fromkeys(
    (
        "logits of ten thousand",
        "logits of minus ten thousand",
        "a masked class",
        "rows far from each other",
        "logits all far below 0",
        "logits that hardly differ",
    ),
    "softmax is given.",
) | {"a temperature of a hundredth or less": "The text says from 0.05 on."}
untried = {
    "one_bit": _MATRIX | _FLOAT32,
    "kd_gradient": _MATRIX | _FLOAT32 | _SIZES | _SOFTMAX,
    "ste_gradient": _MATRIX | _FLOAT32 | _SIZES | _SOFTMAX,
    "relative_bias": _MATRIX | _FLOAT32 | _SIZES | _SOFTMAX,
    "high_t_bias": _MATRIX | _FLOAT32,
}

X = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0], [-1.0, 0.5]])
W = np.array([[0.5, -0.25, 0.0], [1.5, 0.25, -0.5]])
V = np.array([[2.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 1.0, -2.0], [0.0, 0.0, 3.0]])

OPTIONS = ("Yes, as 1/T.", "Yes, as 1/T².", "No: it comes to rest at a number above 0.")
REASONS = (
    (
        "At a high temperature weights of one bit give the same answers as those of full precision.",
        "All answers come near to an even one, those of the teacher too: what is left to learn falls as well.",
    ),
    ("Bias and gradient fall alike, as 1/T².", ""),
    (
        "The bias does not depend on the temperature.",
        "It does: it falls as 1/T². Look at what it is divided by.",
    ),
)


def variant(rng):
    """Draw the weights of the example, and make its table."""
    w, x, v = (np.round(rng.normal(size=shape), 2) for shape in ((3, 4), (5, 3), (5, 4)))
    rows = []
    for T in (0.5, 4.0, 64.0):
        g, g_q = (_gradient(each, x, v, T) for each in (w, np.abs(w).mean() * np.where(w >= 0, 1, -1)))
        rows.append(f"| {T:g} | {np.linalg.norm(g_q - g):.2g} |")
    return {"rows": "\n".join(rows)}


def _gradient(w, x, v, T):
    def softmax(u):
        e = np.exp(u - u.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    return x.T @ (softmax(x @ w / T) - softmax(v / T)) / (len(x) * T)


def questions(rng):
    """Return the five functions and what is asked at the end; hidden inputs come from `rng`."""
    return [
        Function("one_bit", 1, _one_bit_calls(rng)),
        Function("kd_gradient", 2, _gradient_calls(rng), _quantities),
        Function("ste_gradient", 2, _ste_calls(rng), lambda W, X, V, T, clip: _quantities(W, X, V, T)),
        Function("relative_bias", 2, _relative_calls(rng)),
        Function("high_t_bias", 2, _limit_calls(rng), lambda W, X: {"N": len(X), "C": W.shape[1]}),
        Ask("does_it_fall", 1, Pick("Does it?", OPTIONS, answer=lambda: 2, because="Both fall as 1/T²."), REASONS),
    ]


def _quantities(W, X, V, T):
    return {"N": len(X), "C": W.shape[1], "T": float(T)}


def _one_bit_calls(rng):
    return [
        Call((W,), "two inputs, three classes; a zero", public=True),
        Call((np.array([[2.0, -1.0]]),), "two weights", public=True),
        Call((_drawn(rng, 5, 4),), "five inputs, four classes"),
        Call((_drawn(rng, 3, 3),), "as many inputs as classes"),
        Call((rng.permutation([-3, 0, 1, 2, 5, -2]).reshape(3, 2),), "integer weights"),
        Call((np.array([[-0.0, 1.0], [2.0, -4.0]]),), "a negative zero"),
        Call((np.zeros((2, 3)),), "nothing but zeros"),
        Call((1e-10 * _drawn(rng, 4, 3),), "tiny weights", atol=0.0),
        Call((1e6 * _drawn(rng, 4, 3),), "huge weights"),
        Call((1 + 1e-7 * rng.permutation(6).reshape(2, 3),), "weights that hardly differ", rtol=1e-12),
        Call((np.abs(_drawn(rng, 2, 4)),), "positive weights"),
    ]


def _drawn(rng, rows, columns):
    return np.round(rng.normal(size=(rows, columns)), 3)


# N, D, C: no two sizes and no temperature of a case are alike, and T^2 is none of them
_SHAPES = (
    (5, 4, 3, 1.7, "five rows"),
    (7, 3, 2, 3.3, "two classes"),
    (1, 4, 3, 0.6, "one row"),
    (6, 1, 4, 2.6, "one input"),
    (8, 3, 3, 1.3, "as many inputs as classes"),
    (3, 3, 5, 1.6, "as many rows as inputs"),
    (4, 6, 7, 0.35, "a low temperature"),
    (5, 2, 6, 150.0, "a high temperature"),
)


def _students(rng):
    """Yield W, X, V, T of students, each with a note."""
    for n, d, c, T, note in _SHAPES:
        yield _drawn(rng, d, c), _drawn(rng, n, d), np.round(2 * rng.normal(size=(n, c)), 3), T, note
    w, x = (
        rng.permutation([-2, -1, 1, 3, 2, 5]).reshape(2, 3),
        rng.permutation([1, 0, 2, -1, 3, -2, 1, 2]).reshape(4, 2),
    )
    yield w, x, rng.permutation(12).reshape(4, 3) - 5, 2.5, "integers"
    large = rng.permuted([[900.0, -200.0, 0.0]] * 5, axis=1)
    yield 300 * _drawn(rng, 2, 3), _drawn(rng, 5, 2), large, 0.05, "large logits, T = 0.05"
    yield 9 * _drawn(rng, 4, 3), _drawn(rng, 7, 4), 60 + _drawn(rng, 7, 3), 0.0625, "logits that only T makes large"
    yield (
        _drawn(rng, 4, 3),
        _drawn(rng, 7, 4),
        np.tile(rng.permutation([1.0, 1.0, 1.0]), (7, 1)),
        1.6,
        "an even teacher",
    )
    yield (
        _drawn(rng, 4, 5),
        _drawn(rng, 3, 4),
        rng.permuted([[2.0, 2.0, 2.0, 0.0, 1.0]] * 3, axis=1),
        1.7,
        "a tie of three",
    )
    yield np.round(np.abs(rng.normal(size=(3, 4))), 3), _drawn(rng, 6, 3), _drawn(rng, 6, 4), 1.0, "T = 1"


def _gradient_calls(rng):
    calls = [
        Call((W, X, V, 2.0), "four rows, three classes", public=True),
        Call((W, X, X @ W, 2.0), "the student is its teacher", public=True, atol=1e-6),
        Call((np.array([[1.0, 0.0]]), np.array([[2.0]]), np.array([[0.0, 1.0]]), 0.5), "two weights", public=True),
    ]
    for w, x, v, T, note in _students(rng):
        calls.append(Call((w, x, v, T), note))
    w, x, v = _drawn(rng, 2, 3), _drawn(rng, 5, 2), _drawn(rng, 5, 3)
    return [*calls, Call((w, x, v, 1e4), "T = 10,000", atol=1e-13)]


def _ste_calls(rng):
    calls = [
        Call((W, X, V, 2.0, np.inf), "no cut", public=True),
        Call((W, X, V, 2.0, 1.0), "cut beyond 1", public=True),
        Call((W, X, V, 2.0, 0.5), "weights just at the bound", public=True),
    ]
    for w, x, v, T, note in _students(rng):
        clip = np.sort(np.abs(w), axis=None)[w.size // 2]  # a weight is just at the bound, others are beyond
        calls.append(Call((w, x, v, T, float(clip)), note))
    zero, x, v = np.array([[0.0, 1.0, -2.0], [0.7, 0.0, -0.4]]), _drawn(rng, 5, 2), 2 * _drawn(rng, 5, 3)
    return [
        *calls,
        Call((zero, x, v, 1.7, np.inf), "zeros, no cut"),
        Call((_drawn(rng, 4, 3), _drawn(rng, 7, 4), _drawn(rng, 7, 3), 1.6, np.inf), "no cut"),
        Call((zero, x, v, 1.3, 0.1), "a bound below all but zeros"),
        Call((np.round(zero / 8, 3), x, v, 2.2, 1.0), "a bound far above all weights"),
    ]


def _relative_calls(rng):
    calls = [
        Call((W, X, V, 2.0), "four rows, three classes", public=True),
        Call((W, X, V, 64.0), "T = 64", public=True),
        Call((W, X, V, 0.5), "T = 0.5", public=True),
        Call((np.array([[0.5, -0.5], [0.5, 0.5]]), X[:3], V[:3, :2], 2.0), "one bit loses nothing", atol=1e-6),
    ]
    for w, x, v, T, note in _students(rng):
        calls.append(Call((w, x, v, T), note, rtol=1e-7))
    return calls


def _limit_calls(rng):
    calls = [
        Call((W, X), "four rows, three classes", public=True),
        Call((np.array([[0.5, -0.5], [0.5, 0.5]]), X), "one bit loses nothing", public=True, atol=1e-6),
        Call((_drawn(rng, 2, 3), 3e6 * _drawn(rng, 5, 2)), "huge inputs"),
        Call((3e5 * _drawn(rng, 2, 3), _drawn(rng, 5, 2)), "huge weights"),
        Call((1e-12 * _drawn(rng, 2, 3), _drawn(rng, 5, 2)), "tiny weights", atol=0.0),
        Call(
            (1 + 1e-7 * rng.permutation(6).reshape(2, 3), _drawn(rng, 5, 2)), "weights that hardly differ", atol=1e-13
        ),
        Call((np.array([[0.0, 1.0, -2.0], [-0.0, 0.0, -0.4]]), _drawn(rng, 5, 2)), "zeros"),
    ]
    return calls + [Call((w, x), note, atol=1e-9) for w, x, _, _, note in _students(rng) if "T" not in note]


styles = {
    "one_bit": {
        "reference": "A choice between two values: what becomes of 0 is written down.",
        "loops": "Entry by entry, as one would by hand.",
    },
    "kd_gradient": {
        "reference": "The chain rule as it stands.",
        "loops": "Row by row, each an outer product.",
    },
    "ste_gradient": {
        "reference": "The same gradient at other weights, and a choice for each entry.",
        "loops": "Entry by entry.",
    },
    "relative_bias": {
        "reference": "The squares of all entries, summed.",
        "loops": "Two vectors, and NumPy's own length.",
    },
    "high_t_bias": {
        "reference": "The change of the logits, centred over the classes.",
        "loops": "The centred weights first: centring and X change places.",
    },
}
