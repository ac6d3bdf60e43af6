"""The widgets of the page appendix/bug_museum: ten bugs, what each shows, and two more that were suspected."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kdlab.core.distillation_loss import cross_entropy, kl_divergence
from kdlab.core.temperature import softmax
from kdlab.explore.museum_case import Case, Curve, codes, shown, what_broke
from kdlab.explore.picture import Axis, Picture
from kdlab.explore.widget import explorable

Array = NDArray[np.float64]


def _kl(p: Array, q: Array) -> float:
    """Return the mean divergence over the rows, in nats."""
    return max(float((p * np.log(p / q)).sum(axis=-1).mean()), 0.0)  # two equal ones may round to less


# --- 1: the teacher who went along ----------------------------------------------------------------------------------

STEPS = 20


def _logged(rate: float = 1.0, start: float = 0.0, goes_along: bool = False) -> Curve:
    """Return the loss that a loop logs: one layer, one input, and a teacher that may go along.

    The student starts at this share of the teacher's weights.
    """
    teacher = np.array([2.0, 0.0])
    student, losses = start * teacher, []
    for _ in range(STEPS + 1):
        p, q = softmax(teacher, 1.0), softmax(student, 1.0)
        losses.append(_kl(p, q))
        student = student - rate * (q - p)
        teacher = student if goes_along else teacher
    return np.array(losses)


WENT_ALONG = Case(
    question="The loss is 0.33 once, and 0.00 from then on. What broke?",
    because=(
        "After each step the teacher was read again from where the student had been saved. From then on the student is "
        "compared with itself."
    ),
    x=Axis("step", (0, STEPS)),
    y=Axis("loss that is logged (nats)", (0, 0.4)),
    at=np.arange(STEPS + 1.0),
    found="the teacher goes along",
    suspects={
        "the learning rate is too high": lambda: _logged(rate=6.0),
        "the teacher goes along": lambda: _logged(goes_along=True),
        "it starts as a copy": lambda: _logged(start=1.0),
    },
    mended=_logged,
    says=lambda loss: f"{loss[0]:.3f} nats before the first step, {loss[1]:.3f} after it, {loss[-1]:.3f} at the end.",
)


@explorable(predict=what_broke(WENT_ALONG), code=codes(WENT_ALONG))
def went_along(code) -> Picture:
    """A loss that is 0."""
    return shown(WENT_ALONG, code)


# --- 2: the answers of somebody else --------------------------------------------------------------------------------

EPOCHS = 15


@lru_cache(maxsize=1)
def _lesson() -> tuple[Array, Array]:
    """Return the inputs of 40 rows, and the probabilities that a teacher gives to three classes."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 6))
    return X, softmax(3 * X @ rng.normal(size=(6, 3)), 4.0)


def _taught(told: Array) -> Curve:
    """Return how far a student is from its teacher after each epoch, if this is what it is told."""
    X, p = _lesson()
    W, distances = np.zeros((6, 3)), []
    for _ in range(EPOCHS + 1):
        q = softmax(X @ W, 1.0)
        distances.append(_kl(p, q))
        W = W - X.T @ (q - told) / len(X)
    return np.array(distances)


def _rounded() -> Curve:
    return _taught(_lesson()[1].round(2))


def _of_somebody_else() -> Curve:
    p = _lesson()[1]
    return _taught(p[np.random.default_rng(1).permutation(len(p))])


def _only_winners() -> Curve:
    p = _lesson()[1]
    return _taught(np.eye(3)[p.argmax(axis=1)])


SOMEBODY_ELSE = Case(
    question=(
        "Teachers' answers were computed once and stored, and training is four times faster. But students end this far "
        "from their teacher. What broke?"
    ),
    because=(
        "The answers were stored in the order of a shuffled pass, and read in another. So nearly every row is told the "
        "answer to another one, and the best thing to say is the same for all rows."
    ),
    x=Axis("epoch", (0, EPOCHS)),
    y=Axis("KL from the teacher (nats)", (0, 0.5)),
    at=np.arange(EPOCHS + 1.0),
    found="rows are told others' answers",
    suspects={
        "answers are rounded": _rounded,
        "only winners are stored": _only_winners,
        "rows are told others' answers": _of_somebody_else,
    },
    mended=lambda: _taught(_lesson()[1]),
    says=lambda kl: f"{kl[0]:.2f} nats from the teacher at first, {kl[-1]:.2f} after {EPOCHS} epochs.",
)


@explorable(predict=what_broke(SOMEBODY_ELSE), code=codes(SOMEBODY_ELSE))
def somebody_else(code) -> Picture:
    """A student that stays far from its teacher."""
    return shown(SOMEBODY_ELSE, code)


# --- 3: one path in three -------------------------------------------------------------------------------------------

ALPHAS = np.linspace(0, 1, 21)


def _mixed(power: int = 2, path_at_one: bool = False, exchanged: bool = False) -> Curve:
    """Return the loss of one row at every alpha; T is raised to this power."""
    z, v, T = np.array([0.0, 1.0, -1.0]), np.array([2.0, 0.0, -1.0]), 4.0
    hard, soft = float(cross_entropy(z, np.array(0))), float(kl_divergence(z, v, T))
    weight = 1 - ALPHAS if exchanged else ALPHAS
    loss = (1 - weight) * hard + weight * T**power * soft
    if path_at_one:
        loss[-1] = soft
    return loss


ONE_PATH = Case(
    question="The loss of one row at 21 values of alpha, the teacher's weight. What broke?",
    because=(
        "For alpha = 1 the code had a path of its own, which saves computing the labels' loss. In it T squared was "
        "forgotten. At every other alpha all is well."
    ),
    x=Axis("alpha", (0, 1)),
    y=Axis("loss (nats)", (0, 1.6)),
    at=ALPHAS,
    found="alpha = 1 has its own path",
    suspects={
        "T stands for T squared": lambda: _mixed(power=1),
        "the weights are exchanged": lambda: _mixed(exchanged=True),
        "alpha = 1 has its own path": lambda: _mixed(path_at_one=True),
    },
    mended=_mixed,
    says=lambda loss: f"{loss[0]:.2f} nats at alpha = 0, {loss[-2]:.2f} at 0.95, {loss[-1]:.2f} at 1.",
)


@explorable(predict=what_broke(ONE_PATH), code=codes(ONE_PATH))
def one_path(code) -> Picture:
    """A loss with an end of its own."""
    return shown(ONE_PATH, code)


# --- 4: a mean of logs ----------------------------------------------------------------------------------------------

BETAS = np.linspace(0.05, 0.95, 19)
SURE, UNSURE = np.array([0.98, 0.01, 0.01]), np.array([1e-6, 0.5, 0.499999])


def _js(mixture: Callable[[float], Array] | None = None, unit: float = 1.0, weighted: bool = True) -> Curve:
    """Return the divergence of two distributions from what stands for their mixture, at every beta."""
    curve = []
    for beta in BETAS:
        m = mixture(beta) if mixture else beta * SURE + (1 - beta) * UNSURE
        of_sure, of_unsure = ((a * np.log(a / m)).sum() for a in (SURE, UNSURE))
        curve.append((beta * of_sure + (1 - beta) * of_unsure if weighted else of_sure + of_unsure) / unit)
    return np.array(curve)


MEAN_OF_LOGS = Case(
    question=(
        "Two distributions over three words, and how far they are from their mixture. It cannot pass log 2, the grey "
        "line. What broke?"
    ),
    because=(
        "The mixture is a mean of logarithms. Where one of the two says nearly 0 so does such a mixture, and both are "
        "far from it."
    ),
    x=Axis("beta, the weight of the first", (0, 1)),
    y=Axis("divergence (nats)", (0, 5)),
    at=BETAS,
    found="logarithms are averaged",
    suspects={
        "the two weights are left out": lambda: _js(weighted=False),
        "logarithms are averaged": lambda: _js(lambda beta: SURE**beta * UNSURE ** (1 - beta)),
        "these are bits, not nats": lambda: _js(unit=float(np.log(2))),
    },
    mended=_js,
    says=lambda js: f"{js[9]:.2f} nats at beta = 0.5, where log 2 is 0.69; the most is {js.max():.2f}.",
    bound=float(np.log(2)),
)


@explorable(predict=what_broke(MEAN_OF_LOGS), code=codes(MEAN_OF_LOGS))
def mean_of_logs(code) -> Picture:
    """A divergence that passes its bound."""
    return shown(MEAN_OF_LOGS, code)


# --- 5: the mean of means -------------------------------------------------------------------------------------------

TOKENS = 24
SIZES = np.arange(1, TOKENS + 1)


def _cut(size: int) -> list[Array]:
    """Return the losses of 24 words, the first of them hard, cut into parts of this size and a shorter last one."""
    losses = 3 * np.exp(-np.arange(TOKENS) / 8)[::-1]
    return [losses[first : first + size] for first in range(0, TOKENS, size)]


def _reported(loss: Callable[[list[Array], int], float]) -> Curve:
    return np.array([loss(_cut(int(size)), int(size)) for size in SIZES])


MEAN_OF_MEANS = Case(
    question=(
        "The same 24 words, and the same weights. Only the number of words in a part was changed; the last part holds "
        "what is left. What broke?"
    ),
    because=(
        "Each part was divided by its own number of words, and then the means were averaged. A last part of one word "
        "counts as much as a part of twelve. If all parts are equal, nothing is wrong."
    ),
    x=Axis("words in a part", (0, TOKENS + 1)),
    y=Axis("loss that is reported (nats)", (0, 2.6)),
    at=SIZES.astype(np.float64),
    found="means of parts are averaged",
    suspects={
        "a short last part is dropped": lambda: _reported(
            lambda parts, size: float(np.mean([part.mean() for part in parts if len(part) == size]))
        ),
        "means of parts are averaged": lambda: _reported(
            lambda parts, size: float(np.mean([part.mean() for part in parts]))
        ),
        "padding is counted": lambda: _reported(
            lambda parts, size: float(sum(part.sum() for part in parts)) / (size * len(parts))
        ),
    },
    mended=lambda: _reported(lambda parts, size: float(np.concatenate(parts).mean())),
    says=lambda loss: f"{loss[-1]:.2f} nats in one part, between {loss.min():.2f} and {loss.max():.2f} in several.",
)


@explorable(predict=what_broke(MEAN_OF_MEANS), code=codes(MEAN_OF_MEANS))
def mean_of_means(code) -> Picture:
    """A loss that depends on how the data are cut."""
    return shown(MEAN_OF_MEANS, code)


# --- 6: a teacher that guesses --------------------------------------------------------------------------------------

CALLS = 20


def _called(answer: Callable[[Array, np.random.Generator], Array]) -> Curve:
    """Return the loss of an exact copy of the teacher at each call, on one row, if this is how the teacher answers."""
    rng, features = np.random.default_rng(2), np.array([2.0, 1.0, 0.0, 1.0])
    head = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 2.0]])
    q = softmax(features @ head, 1.0)
    return np.array([_kl(answer(features @ head, rng), q) for _ in range(CALLS)])


def _guess(logits: Array, rng: np.random.Generator) -> Array:
    features, head = np.array([2.0, 1.0, 0.0, 1.0]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 2.0]])
    return softmax(2 * features * (rng.random(4) < 0.5) @ head, 1.0)


GUESSING = Case(
    question=(
        "A student is an exact copy of its teacher, and answers with dropout off. On one row, asked twenty times, its "
        "loss is this. What broke?"
    ),
    because=(
        "The teacher was left in training mode. Half of its features are dropped, other ones at each call: it guesses, "
        "and nobody else does."
    ),
    x=Axis("call", (0, CALLS + 1)),
    y=Axis("loss of the copy (nats)", (0, 1.5)),
    at=np.arange(1.0, CALLS + 1),
    found="the teacher is in training",
    suspects={
        "the teacher is at another T": lambda: _called(lambda logits, rng: softmax(logits, 4.0)),
        "the copy has fewer digits": lambda: _called(lambda logits, rng: softmax(logits + np.array([0.1, 0.0]), 1.0)),
        "the teacher is in training": lambda: _called(_guess),
    },
    mended=lambda: _called(lambda logits, rng: softmax(logits, 1.0)),
    says=lambda loss: f"between {loss.min():.3f} and {loss.max():.3f} nats.",
)


@explorable(predict=what_broke(GUESSING), code=codes(GUESSING))
def guessing(code) -> Picture:
    """The loss of an exact copy."""
    return shown(GUESSING, code)


# --- 7: the last bin ------------------------------------------------------------------------------------------------

SURENESS = np.linspace(0.5, 1.0, 26)
BINS = 10


def _ece(edges: str = "upper", middle: bool = False, squared: bool = False) -> Curve:
    """Return the calibration error of a model that is always as sure, and right in half of the rows."""
    errors = []
    for sure in SURENESS:
        low, high = np.arange(BINS) / BINS, np.arange(1, BINS + 1) / BINS
        inside = (sure > low) & (sure <= high) if edges == "upper" else (sure >= low) & (sure < high)
        says = (low + high) / 2 if middle else np.full(BINS, sure)
        gaps = np.abs(0.5 - says)[inside]
        errors.append(float((gaps**2 if squared else gaps).sum()))
    return np.array(errors)


LAST_BIN = Case(
    question="A model that is right in half of its rows, and always as sure as the axis says. What broke?",
    because=(
        "Each bin holds its lower edge and not its upper one. So a confidence of exactly 1 falls into no bin, and rows "
        "in no bin have no error. In single precision a softmax says 1 often."
    ),
    x=Axis("confidence in every row", (0.48, 1.02)),
    y=Axis("expected calibration error", (0, 0.6)),
    at=SURENESS,
    found="1 falls into no bin",
    suspects={
        "bins answer by their middle": lambda: _ece(middle=True),
        "1 falls into no bin": lambda: _ece(edges="lower"),
        "gaps are squared": lambda: _ece(squared=True),
    },
    mended=_ece,
    says=lambda ece: f"{ece[-2]:.2f} at a confidence of {SURENESS[-2]:.2f}, {ece[-1]:.2f} at 1.",
)


@explorable(predict=what_broke(LAST_BIN), code=codes(LAST_BIN))
def last_bin(code) -> Picture:
    """A model that is surest, and faultless."""
    return shown(LAST_BIN, code)


# --- 8: apart or together -------------------------------------------------------------------------------------------

ALIKE = np.linspace(0, 1, 11)
N_ROWS, RESAMPLES = 50, 400


def _width(together: bool = True, level: float = 0.95, sort: bool = False) -> Curve:
    """Return how wide a bootstrap interval of the difference is, the more alike the losses of two models are."""
    rng = np.random.default_rng(0)
    one, other = rng.exponential(size=(2, N_ROWS))
    rows, others = rng.integers(N_ROWS, size=(2, RESAMPLES, N_ROWS)).astype(np.intp)
    widths = []
    for share in ALIKE:
        losses = share * one + (1 - share) * other
        first, second = (np.sort(one), np.sort(losses)) if sort else (one, losses)
        means = first[rows].mean(axis=1) - second[rows if together else others].mean(axis=1)
        low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
        widths.append(high - low)
    return np.array(widths)


APART = Case(
    question="The width of an interval of the difference. At the right end both models are the same one. What broke?",
    because=(
        "Each model was tested on rows of its own: the rows were drawn twice. A row that is hard for both then makes a "
        "difference, where it should cancel."
    ),
    x=Axis("how alike the losses are", (0, 1)),
    y=Axis("width of the interval", (0, 1.2)),
    at=ALIKE,
    found="rows are drawn for each",
    suspects={
        "losses are sorted first": lambda: _width(sort=True),
        "the level is too low": lambda: _width(level=0.5),
        "rows are drawn for each": lambda: _width(together=False),
    },
    mended=_width,
    says=lambda width: f"{width[0]:.2f} wide for models with nothing in common, {width[-1]:.2f} for one model twice.",
)


@explorable(predict=what_broke(APART), code=codes(APART))
def apart(code) -> Picture:
    """An interval between a model and itself."""
    return shown(APART, code)


# --- 9: an inverse gone stale ---------------------------------------------------------------------------------------

COLUMNS = np.arange(2, 11)
LAYERS = 400


@lru_cache(maxsize=16)
def _layers(D: int) -> tuple[Array, Array]:
    """Return H and the weights of four hundred layers whose D inputs rise and fall together."""
    rng = np.random.default_rng(D)
    X = rng.normal(size=(LAYERS, D + 3, D)) + 1.5 * rng.normal(size=(LAYERS, D + 3, 1))
    return np.swapaxes(X, 1, 2) @ X / (D + 3), 2 * rng.normal(size=(LAYERS, D))


def _left(fresh: bool = True, read: bool = True, neighbour: bool = False) -> Curve:
    """Return the error of all layers, rounded in order, as a share of that of plain rounding."""
    shares = []
    for D in COLUMNS:
        H, w = _layers(int(D))
        q = w.copy()
        G = np.linalg.inv(H) if read else np.broadcast_to(np.eye(D), H.shape)
        for i in range(D):
            free = q[:, i].copy()
            q[:, i] = np.rint(free)
            passed = ((free - q[:, i]) / G[:, i, i])[:, np.newaxis] * G[:, i, i + 1 :]
            if neighbour:
                passed[:, 1:] = 0
            q[:, i + 1 :] -= passed
            if fresh:
                G = G - G[:, :, i, np.newaxis] * G[:, np.newaxis, i] / G[:, i, i, np.newaxis, np.newaxis]
        error, plain = (np.einsum("li,lij,lj->", d, H, d) for d in (w - q, w - np.rint(w)))
        shares.append(100 * error / plain)
    return np.array(shares)


STALE = Case(
    question=(
        "Rounding that knows the data, in four hundred small layers. Its error, where plain rounding has 100. It "
        "gains, but ever less with more columns. What broke?"
    ),
    because=(
        "The inverse was that of the whole matrix to the end, also for columns that were done and could make up for "
        "nothing any more. With two columns no inverse has time to go stale."
    ),
    x=Axis("columns", (1, 11)),
    y=Axis("error, plain rounding = 100", (0, 160)),
    at=COLUMNS.astype(np.float64),
    found="the inverse has gone stale",
    suspects={
        "the data were never read": lambda: _left(read=False),
        "the inverse has gone stale": lambda: _left(fresh=False),
        "only the next column makes up": lambda: _left(neighbour=True),
    },
    mended=_left,
    says=lambda share: f"{share[0]:.0f} of 100 are left with two columns, {share[-1]:.0f} with ten.",
)


@explorable(predict=what_broke(STALE), code=codes(STALE))
def stale_inverse(code) -> Picture:
    """What clever rounding leaves."""
    return shown(STALE, code)


# --- 10: the ghost of a filter --------------------------------------------------------------------------------------

UNITS = 8


def _changed(bias_left: bool = False, signed: bool = False, bias_of_the_last: bool = False) -> Curve:
    """Return how much the outputs change when units that were set to 0 are sliced out, for each number of them."""
    rng = np.random.default_rng(3)
    W1, b1, W2 = rng.normal(size=(UNITS, 4)), rng.uniform(0.2, 0.8, size=UNITS), rng.normal(size=UNITS)
    X = rng.normal(size=(200, 4))
    order, by_sum = np.argsort(np.abs(W1).sum(axis=1)), np.argsort(W1.sum(axis=1))
    changes = []
    for n in range(UNITS):
        silent, sliced = order[:n], (by_sum if signed else order)[:n]
        masked, bias = W1.copy(), b1.copy()
        masked[silent] = 0
        bias[silent] = b1[silent] if bias_left else 0
        before = np.maximum(X @ masked.T + bias, 0) @ W2
        kept = np.delete(np.arange(UNITS), sliced)
        after = np.maximum(X @ W1[kept].T + b1[kept], 0) @ W2[kept]
        if bias_of_the_last and n:
            after = after + 0.3
        changes.append(np.abs(after - before).mean())
    return np.array(changes)


GHOST = Case(
    question=(
        "Units were set to 0, and all was well. Then they were sliced out for real, and the output changed by this "
        "much. What broke?"
    ),
    because=(
        "The weights of a unit were set to 0 and its bias was not. It still says ReLU of its bias, always the same. "
        "Who slices it out takes that away."
    ),
    x=Axis("units set to 0", (0, UNITS)),
    y=Axis("mean change of the output", (0, 1.6)),
    at=np.arange(float(UNITS)),
    found="their biases were left on",
    suspects={
        "other units were sliced out": lambda: _changed(signed=True),
        "their biases were left on": lambda: _changed(bias_left=True),
        "the output's bias was changed": lambda: _changed(bias_of_the_last=True),
    },
    mended=_changed,
    says=lambda change: f"{change[1]:.2f} with one unit, {change[4]:.2f} with four, {change[-1]:.2f} with seven.",
)


@explorable(predict=what_broke(GHOST), code=codes(GHOST))
def ghost(code) -> Picture:
    """Units that are gone, and are not."""
    return shown(GHOST, code)


CASES = {
    "went_along": WENT_ALONG,
    "somebody_else": SOMEBODY_ELSE,
    "one_path": ONE_PATH,
    "mean_of_logs": MEAN_OF_LOGS,
    "mean_of_means": MEAN_OF_MEANS,
    "guessing": GUESSING,
    "last_bin": LAST_BIN,
    "apart": APART,
    "stale_inverse": STALE,
    "ghost": GHOST,
}
