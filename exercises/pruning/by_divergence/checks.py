"""What is asked of pruning/by_divergence, and on which inputs."""

import dataclasses

import numpy as np

from kdlab.explore.questions import Pick
from kdlab.practice.questions import Ask, Call, Function

forbids = ["kdlab.pruning", "kdlab.distillation_loss"]
parsons = ["prune"]
kinds = {
    "W": "weights",
    "W_init": "weights",
    "X": "weights",
    "V": "logits",
    "Z": "logits",
    "T": "temperature",
    "scores": "scores",
    "sparsity": "fraction",
}

_MATRIX = {"more than two dimensions": "The text says (D, C)."}
_PRUNED = "prune is asked for it, and this one calls it."
_DIVERGES = "divergence is asked for it, and this one calls it."
_SCORED = "The two scores are asked for it, and this one calls them."
_FLOAT32 = {"float32": "float32 is for those who choose it: such an input asks for nothing else."}
_LOGITS = {"more than two dimensions": "The text says (N, C).", "a masked class": "Logits are finite here."}
untried = {
    "magnitude": _MATRIX | _FLOAT32 | {"integers": "prune and compare have integers."},
    "distance": _MATRIX | _FLOAT32 | {"integers": "prune and compare have integers."},
    "prune": _MATRIX | _FLOAT32,
    "divergence": _LOGITS | _FLOAT32,
    "compare": _LOGITS
    | _FLOAT32
    | dict.fromkeys(("tiny numbers", "huge numbers"), _SCORED)
    | dict.fromkeys(
        (
            "a fraction that is not a decimal",
            "a fraction that is nearly a decimal",
            "a fraction below one in a hundred",
        ),
        _PRUNED,
    )
    | dict.fromkeys(
        (
            "logits of ten thousand",
            "logits of minus ten thousand",
            "rows far from each other",
            "logits all far below 0",
            "a temperature of a hundredth or less",
            "a temperature of a hundred or more",
            "logits that are large only once they are divided",
        ),
        _DIVERGES,
    ),
}


def questions(rng):
    """Return the five functions and what is asked at the end; hidden inputs come from `rng`."""
    return [
        Function("magnitude", 1, _magnitude_calls(rng)),
        Function("distance", 1, _distance_calls(rng)),
        Function("prune", 2, _prune_calls(rng)),
        Function(
            "divergence", 2, _divergence_calls(rng), lambda V, Z, T: {"N": len(V), "C": V.shape[1], "T": float(T)}
        ),
        Function("compare", 2, _compare_calls(rng)),
        Ask(
            "when_distance_wins",
            1,
            Pick(
                "When does the distance give the lower divergence?",
                (
                    "Where pruned weights are set to zero.",
                    "Where pruned weights are put back to the start.",
                    "In both cases.",
                    "In neither.",
                ),
                answer=_when_distance_wins,
                because=(
                    "To zero, a pruned weight changes by |w|, and magnitude prunes where that is least. Put back, it "
                    "changes by |w - w_init|, and there the distance does."
                ),
            ),
            reasons=(
                ("A weight that is put back changes by just its distance.", ""),
                (
                    "A weight that has not moved was of no use in training.",
                    "It may be large and of great use: it only stood well from the start. Set to zero, that is lost.",
                ),
                (
                    "A zero is always further from w than the start is.",
                    "Not always: of a weight that went from 1 to 0.1, zero is nearer.",
                ),
            ),
        ),
    ]


W = np.array([[-1.1, 0.9], [-1.3, -1.4], [0.5, 0.6]])
W_INIT = np.array([[-1.6, -1.0], [-1.6, 1.7], [-2.0, -0.6]])
X = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, -1.0]])


def _magnitude_calls(rng):
    return [
        Call((W,), "six weights", public=True),
        Call((rng.normal(size=(5, 3)),), "a matrix"),
        Call((rng.permuted([[0.0, -1.0, 2.0, -3.0]], axis=1),), "a weight of 0"),
        Call((1e-12 * rng.permuted([[1.0, -2.0, 3.5], [-0.5, 4.0, -1.5]], axis=1),), "tiny weights", atol=0.0),
        Call((1e6 * rng.permuted([[1.0, -2.0, 3.5], [-0.5, 4.0, -1.5]], axis=1),), "huge weights"),
        Call((rng.normal(size=(4, 1)),), "one class"),
    ]


def _distance_calls(rng):
    small = 1e-12 * rng.permuted([[1.0, -2.0, 3.5], [-0.5, 4.0, -1.5]], axis=1)
    return [
        Call((W, W_INIT), "six weights", public=True),
        Call(tuple(rng.normal(size=(2, 5, 3))), "two matrices"),
        Call((rng.normal(size=(2, 4)), np.zeros((2, 4))), "every weight started at 0"),
        Call((small, -3 * small), "tiny weights", atol=0.0),
        Call(tuple(1e6 * rng.uniform(1, 4, size=(2, 3, 4))), "huge weights"),
        Call(tuple(rng.normal(size=(2, 1, 4))), "one input"),
    ]


def _prune_calls(rng):
    def pair(*shape):
        return tuple(rng.uniform(0.5, 2, size=(2, *shape)) * rng.choice([-1.0, 1.0], size=(2, *shape)))

    close = 1.0 + 1e-7 * rng.permutation(12).reshape(3, 4)
    zero = np.append(rng.permutation([2.0, 0.0, 0.5]), 0.1)[np.newaxis]
    return [
        Call((W, W_INIT, np.abs(W), 0.5, False), "by magnitude, to zero", public=True),
        Call((W, W_INIT, np.abs(W - W_INIT), 0.5, True), "by distance, back to the start", public=True),
        Call((W[:2], W_INIT[:2], np.array([[1.0, 2.0], [1.0, 1.0]]), 0.5, False), "a tie", public=True),
        Call((*pair(5, 3), rng.normal(size=(5, 3)), 0.4, False), "any scores, to zero"),
        Call((*pair(5, 3), rng.normal(size=(5, 3)), 0.4, True), "any scores, back to the start"),
        Call((*pair(4, 3), rng.permutation(12).reshape(4, 3).astype(float), 0.3, False), "3.6 weights"),
        Call((*pair(4, 6), rng.choice([-1.0, 0.0, 1.0], size=(4, 6)), 0.45, False), "many ties"),
        Call((*pair(6, 5), np.full((6, 5), rng.normal()), 0.3, True), "all scores alike"),
        Call((*pair(20, 25), rng.choice([0.0, 1.0], size=(20, 25)), 0.7, False), "hundreds of ties"),
        Call((*pair(3, 4), rng.normal(size=(3, 4)), 0.0, False), "nothing is pruned"),
        Call((*pair(3, 4), rng.normal(size=(3, 4)), 1.0, True), "everything is pruned"),
        Call((*pair(20, 5), rng.normal(size=(20, 5)), 0.29, False), "0.29 * 100 is not quite 29"),
        Call((*pair(599, 1), rng.normal(size=(599, 1)), 0.005, False), "2.995 weights"),
        Call((*pair(9, 10), rng.normal(size=(9, 10)), 1 / 3, True), "a third"),
        Call((*pair(5, 4), rng.normal(size=(5, 4)), 1 - 0.9, False), "1 - 0.9"),
        Call((rng.integers(1, 9, size=(3, 4)), pair(3, 4)[0], rng.normal(size=(3, 4)), 0.5, True), "integer weights"),
        Call((*pair(3, 4), rng.permutation(12).reshape(3, 4), 0.5, False), "integer scores"),
        Call((*pair(3, 4), close, 0.45, False), "scores that hardly differ"),
        Call((*pair(3, 4), 1e-12 * close.round(8) * rng.permutation(12).reshape(3, 4), 0.45, False), "tiny scores"),
        Call((*pair(3, 3), 1e6 * rng.permutation(np.arange(-4.0, 5.0)).reshape(3, 3), 0.3, True), "huge scores"),
        Call((1e6 * pair(3, 2)[0], pair(3, 2)[0], rng.normal(size=(3, 2)), 0.5, False), "huge weights"),
        Call((1e-12 * pair(3, 2)[0], pair(3, 2)[0], rng.normal(size=(3, 2)), 0.5, False), "tiny weights", atol=0.0),
        Call((zero, 1.0 + zero, np.array([[4.0, 3.0, 2.0, 1.0]]), 0.25, True), "a kept weight is 0"),
    ]


def _divergence_calls(rng):
    v, z = np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0]]), np.array([[1.0, 1.0, 0.5], [0.0, 1.0, 2.0]])
    shifted = _short(rng.normal(size=(3, 4)))
    far_apart = _short(rng.normal(size=(2, 3, 5))) + rng.permuted([[[5000.0], [0.0], [-9000.0]]] * 2, axis=1)
    close = np.array([[1.0, 1.0 + 1e-7, 3.0]])
    return [
        Call((v, z, 4.0), "two samples", public=True),
        Call((v, v + 1.0, 4.0), "the student's logits are the teacher's and a constant", public=True, atol=1e-6),
        Call((np.array([[900.0, 0.0]]), np.array([[0.0, 900.0]]), 0.05), "large logits, small T", public=True),
        Call((*rng.normal(scale=2, size=(2, 5, 4)), rng.uniform(1.5, 2.0)), "a batch"),
        Call((*rng.normal(scale=2, size=(2, 3, 10)), rng.uniform(0.3, 0.8)), "ten classes, T below 1"),
        Call((*rng.normal(scale=2, size=(2, 10, 3)), 1.0), "ten samples, T = 1"),
        Call((*rng.normal(scale=4, size=(2, 6, 3)), rng.uniform(4.5, 5.5)), "six samples"),
        Call((shifted, shifted + 2.0, rng.uniform(1.5, 2.5)), "logits that differ by a constant", atol=1e-6),
        Call((*_short(3000 * rng.normal(size=(2, 4, 3))), rng.uniform(1.5, 2.5)), "large logits"),
        Call((*_short(900 * rng.normal(size=(2, 5, 3))), 0.0625), "logits of some hundreds, small T"),
        Call((*_short(300 * rng.normal(size=(2, 4, 3))), 100.0), "logits of some hundreds, T = 100"),
        Call((*rng.permuted([[[-1e4, 0.0, 1e4]]] * 2, axis=2), 0.01), "logits of ten thousand, T = 0.01"),
        Call((*far_apart, rng.uniform(1.5, 2.5)), "rows far from each other"),
        Call((*(_short(rng.normal(size=(2, 3, 4))) - 800.0), rng.uniform(1.5, 2.5)), "logits far below 0"),
        Call((*(_short(rng.normal(size=(2, 3, 4))) + 60.0), 0.0625), "logits that only T makes large"),
        Call((np.array([[2.0, 2.0, 2.0, 0.0]]), _short(rng.normal(size=(1, 4))), 1.5), "a tie of three"),
        Call((close, close[:, ::-1], 0.5), "logits that hardly differ"),
        Call((rng.permuted([[3, 0, -1, 1]], axis=1), rng.normal(size=(1, 4)), 1.5), "integer logits"),
        Call((*rng.normal(size=(2, 4, 1)), 2.0), "one class", atol=1e-6),
    ]


def _compare_calls(rng):
    def drawn(n, d, c, *, teacher=False):
        """Return W, W_init, X and V, those of the student itself or any."""
        w, w_init, x = (_short(rng.normal(size=shape)) for shape in ((d, c), (d, c), (n, d)))
        return w, w_init, x, _short(2 * rng.normal(size=(n, c))) if teacher else x @ w

    whole = rng.integers(1, 6, size=(4, 3)) * rng.choice([-1, 1], size=(4, 3))
    # two sizes and many of each: what mixes equal ones mixes these on every processor
    tied = rng.permutation(np.repeat([-2.0, -1.0, 1.0, 2.0], 40)).reshape(40, 4)
    unsure = np.tile(rng.permutation([1.0, 1.0, 1.0, 0.0]), (7, 1))
    large = drawn(3, 5, 4)
    calls = [
        Call((W, W_INIT, X, X @ W, 0.5, 2.0, False), "the six weights, to zero", public=True),
        Call((W, W_INIT, X, X @ W, 0.5, 2.0, True), "the six weights, back to the start", public=True),
        Call((*drawn(7, 5, 4), 0.4, rng.uniform(1.5, 3.5), False), "to zero"),
        Call((*drawn(7, 5, 4), 0.4, rng.uniform(1.5, 3.5), True), "back to the start"),
        Call((*drawn(6, 5, 3, teacher=True), 0.6, rng.uniform(0.4, 0.8), False), "another teacher, to zero"),
        Call((*drawn(6, 5, 3, teacher=True), 0.6, rng.uniform(1.5, 3.5), True), "another teacher, back to the start"),
        Call((*drawn(5, 4, 4, teacher=True), 0.4, 1.0, False), "as many inputs as classes, T = 1"),
        Call((*drawn(1, 6, 3, teacher=True), 0.5, 2.0, True), "one sample"),
        Call((*drawn(4, 3, 5, teacher=True), 0.0, 1.5, False), "nothing is pruned"),
        Call((*drawn(4, 3, 5, teacher=True), 1.0, 1.5, True), "everything is pruned"),
        Call((*drawn(7, 20, 5, teacher=True), 0.29, 3.0, False), "0.29 * 100 is not quite 29"),
        Call((tied, 2 * tied, drawn(7, 40, 4)[2], unsure, 0.45, 2.5, False), "many ties"),
        Call((large[0], large[1], 256 * large[2], 256 * large[3], 0.5, 0.0625, False), "large logits, small T"),
        Call((whole, *drawn(6, 4, 3, teacher=True)[1:], 0.5, 1.5, True), "integer weights"),
    ]
    # what float32 leaves of a divergence, where hardly anything is lost
    return [dataclasses.replace(call, atol=1e-6) for call in calls]


def _when_distance_wins():
    """Return which option is right, from many random students: half of the weights go, at T = 2."""
    rng = np.random.default_rng(0)
    w, w_init, x = (rng.normal(size=(500, *shape)) for shape in ((4, 3), (4, 3), (5, 4)))
    wins = []
    for target in (np.zeros_like(w), w_init):
        mean = []
        for scores in (np.abs(w), np.abs(w - w_init)):
            half = np.sort(scores.reshape(500, -1))[:, 6, np.newaxis, np.newaxis]
            log_p, log_q = (_log_softmax(x @ each / 2) for each in (w, np.where(scores >= half, w, target)))
            mean.append((np.exp(log_p) * (log_p - log_q)).sum(axis=-1).mean())
        wins.append(mean[1] < mean[0])
    return {(True, False): 0, (False, True): 1, (True, True): 2, (False, False): 3}[tuple(map(bool, wins))]


def _log_softmax(u):
    return u - np.log(np.exp(u).sum(axis=-1, keepdims=True))


def _short(values):
    """Round to what float32 holds exactly even beside thousands, so that a float32 answer has a fair chance."""
    return np.round(values * 64) / 64


styles = {
    "magnitude": {
        "reference": "NumPy has it.",
        "cross_entropy": "A choice for each weight, which says what a magnitude is.",
    },
    "distance": {
        "reference": "NumPy has it.",
        "threshold": "The larger of the two differences: no sign is ever taken away.",
    },
    "prune": {
        "reference": "One stable sort: exact, however many scores are equal.",
        "threshold": "A threshold, as libraries have it, and what it takes to make it exact among equal scores.",
    },
    "divergence": {
        "reference": "Logarithms throughout: no probability is ever 0.",
        "cross_entropy": "What the student's answer costs, less what the teacher's own costs: two known sums.",
    },
    "compare": {
        "reference": "The two ways side by side, and nothing said twice.",
        "loops": "One way after the other, step by step.",
    },
}
