"""The widgets of the chapter compression/pruning."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kdlab.core.pruning import (
    absolute_movement,
    activation_aware,
    apply_mask,
    filter_norms,
    magnitude,
    obs_refit,
    prune_mask,
    prune_together,
)
from kdlab.explore.controls import Choice, Numbers, Slider, Switch
from kdlab.explore.marks import Bars, Heatmap, Line, Points, Rule
from kdlab.explore.measured import data, mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Estimate, Mark, Pick
from kdlab.explore.widget import explorable

SCORES = {"magnitude |w|": "magnitude", "moved |w − w_init|": "moved", "published movement": "sanh"}
OPTIMISERS = {"Adam": "adam", "SGD": "sgd"}
STARTS = ("random", "pretrained")
PLACES = {"set to zero": "", "put back to the start": "reset_"}
MEASURES = {
    "divergence after fine-tuning": (
        "kl",
        Axis("KL to the teacher (nats)", domain=(0.001, 10), scale="log"),
        1,
        "nats",
    ),
    "accuracy after fine-tuning": ("accuracy", Axis("test accuracy (%)", domain=(0, 100)), 100, "%"),
    "divergence before fine-tuning": (
        "one_shot_kl",
        Axis("KL to the teacher (nats)", domain=(0.001, 100), scale="log"),
        1,
        "nats",
    ),
    "accuracy before fine-tuning": ("one_shot_accuracy", Axis("test accuracy (%)", domain=(0, 100)), 100, "%"),
}
PERCENTS = (50, 80, 90, 95)
# below, the published movement of many weights is nearer to the limit than the record's rounding
LEVELS = (0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
WIDEST, LARGEST = 0.15, 0.7  # of the weights before and after training


# --- pruned, and well again -----------------------------------------------------------------------------------------

STATIONS = ("trained", "pruned", "5 steps", "10 steps", "20 steps", "40 steps", "80 steps", "120 steps")
WHICH = {"the smallest": "magnitude", "drawn by lot": "chance"}
SHARES = {f"{percent} %": percent for percent in PERCENTS}
SEEN = {
    "accuracy": ("accuracy", Axis("test accuracy (%)", domain=(0, 100)), 100, "right in {} %"),
    "distance from the teacher": ("kl", Axis("KL to the teacher (nats)", domain=(0, 5)), 1, "{} nats from the teacher"),
}


def _was_measured(settings: Mapping[str, Any]) -> str:
    """Return why there is no such course: by lot only nine in ten were pruned."""
    if settings["which"] == "drawn by lot" and settings["share"] != "90 %":
        return "By lot only 90 % were pruned: nothing else was measured."
    return ""


@explorable(
    measured="pruning",
    predict=(
        Estimate(
            "Nine of ten weights become 0, the smallest ones. In how many of 100 cases is the student right then?",
            low=0,
            high=100,
            within=8,
            unit="%",
            answer=lambda: float(_course("adam_random_magnitude_90", "accuracy", 100)[1].mean()),
            because="Each of them was small, but there were 7,949 of them. What is lost together is not small.",
            at={"station": "pruned", "share": "90 %", "which": "the smallest"},
            before="pruned",
        ),
        Estimate(
            "The last tenth learns on for 120 steps. In how many of 100 cases is the student right then?",
            low=0,
            high=100,
            within=5,
            unit="%",
            answer=lambda: float(_course("adam_random_magnitude_90", "accuracy", 100)[-1].mean()),
            because="What had been learned was not in the weights that went. The few that stayed took over.",
            at={"station": "120 steps", "share": "90 %", "which": "the smallest"},
            before="5 steps",
        ),
    ),
    station=Choice(STATIONS, value="trained", label="the student is", play=True),
    share=Choice(tuple(SHARES), value="90 %", label="pruned"),
    which=Choice(tuple(WHICH), value="the smallest", label="weights", available=_was_measured),
    optimiser=Choice(tuple(OPTIMISERS), value="Adam", label="optimiser"),
    start=Choice(STARTS, value="random", label="start"),
    shown=Choice(tuple(SEEN), value="accuracy", label="shown"),
)
def story(station, share, which, optimiser, start, shown) -> Picture:
    """A student is pruned, falls, and comes back: every seed a dot."""
    measure, axis, scale, words = SEEN[shown]
    training = f"{OPTIMISERS[optimiser]}_{start}"
    course = _course(f"{training}_{WHICH[which]}_{SHARES[share]}", measure, scale)
    reached = STATIONS.index(station) + 1
    means = course.mean(axis=1)[:reached]
    beside = np.linspace(-0.3, 0.3, course.shape[1])  # each seed has its place
    trail = ", then ".join(
        f"{mean:.1f}" if scale == 100 else f"{mean:.3f}" for mean in (means[0], *means[1:2], *means[2:][-1:])
    )
    return Picture(
        x=Axis(
            "steps of fine-tuning after pruning", categories=("trained", "0", *(s.split()[0] for s in STATIONS[2:]))
        ),
        y=axis,
        marks=(
            Line(np.arange(reached), means, color="blue"),
            Points(reached - 1 + beside, course[reached - 1], color="grey", faint=0.4),
            Points(np.arange(reached), means, color="blue", label="mean of 20 seeds"),
        ),
        sentence=f"{optimiser}, {start} start, {share} pruned, {which}: {words.format(trail)}.",
    )


def _course(arm: str, measure: str, scale: float) -> NDArray[np.float64]:
    """Return a measure at each station, a row each, of every seed: trained, pruned, and after each step recorded."""
    training = "_".join(arm.split("_")[:2])
    trained = _of_seeds(f"{training}_unpruned", f"one_shot_{measure}")
    place = list(data("pruning.course_arms")).index(arm)
    course = data("pruning.course")[place, :, ("accuracy", "kl").index(measure)]
    return scale * np.vstack([trained, course.T.astype(np.float64)])


# --- a network goes blind -------------------------------------------------------------------------------------------

SIDE, UNITS = 8, 64  # images of 8 x 8 pixels, hidden units of a layer
BY = {"magnitude |w|": magnitude, "distance |w − w_init|": absolute_movement}


class Network(NamedTuple):
    """A student of three layers: weights (outputs, inputs) and biases."""

    weights: list[NDArray[np.float64]]
    biases: list[NDArray[np.float64]]

    def answers(self, inputs: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the class of each row: three layers, ReLU between them."""
        hidden = inputs
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            hidden = np.maximum(hidden @ w.T + b, 0)
        return (hidden @ self.weights[-1].T + self.biases[-1]).argmax(axis=1)


def _network(when: str) -> Network:
    """Return the student of the first seed, Adam from a random start: "initial", or "adam" once it was trained."""
    layers = [[data(f"pruning.{when}_{kind}_{i}").astype(np.float64) for i in (1, 2, 3)] for kind in ("weight", "bias")]
    return Network(*layers)


def _never_moved() -> NDArray[np.bool_]:
    """Return the pixels whose weights are where they started, in every unit: the first that the distance prunes."""
    moved = absolute_movement(_network("adam").weights[0], _network("initial").weights[0])
    return (moved == 0).all(axis=0).reshape(SIDE, SIDE)


@explorable(
    measured="pruning",
    data=(
        "pruning.adam_weight_*",
        "pruning.adam_bias_*",
        "pruning.initial_weight_*",
        "pruning.pixels",
        "pruning.labels",
    ),
    predict=Mark(
        "Each square is a hidden unit: its 64 weights, one a pixel. The score |w − w_init| prunes first what training "
        "moved least. Mark, in the mean image, the pixels whose weights go first in every unit.",
        answer=_never_moved,
        share=0.6,
        panel=1,
        because=(
            "These pixels are blank in every training image. A weight whose input is always 0 has no gradient and "
            "never moves: its distance is 0, whatever its size."
        ),
        at={"sparsity": 0.5, "score": "distance |w − w_init|"},
    ),
    sparsity=Slider(0.0, 0.95, value=0.0, steps=20, play=True, label="sparsity"),
    score=Choice(tuple(BY), value="magnitude |w|", label="score"),
    back=Switch(label="put back to the start"),
)
def fields(sparsity, score, back) -> Sheet:
    """What 64 hidden units look for, and what is left of it: watch a network go blind."""
    trained, initial = _network("adam"), _network("initial")
    scores = [_scores(BY[score], w, start) for w, start in zip(trained.weights, initial.weights, strict=True)]
    flat = prune_together([each.ravel() for each in scores], sparsity)
    masks = [mask.reshape(w.shape) for mask, w in zip(flat, trained.weights, strict=True)]
    starts = initial.weights if back else [0.0, 0.0, 0.0]
    pruned = [apply_mask(w, mask, start) for w, mask, start in zip(trained.weights, masks, starts, strict=True)]
    right = (Network(pruned, trained.biases).answers(data("pruning.pixels") / 16) == data("pruning.labels")).mean()
    blind = int((~masks[0]).all(axis=1).sum())
    tiles = pruned[0].reshape(UNITS, SIDE, SIDE)
    kept = [100 * mask.mean() for mask in masks]
    bare = Axis("", hidden=True)
    sentence = (
        f"{100 * sparsity:.0f} % pruned by {score.partition(' ')[0]}: {masks[0].sum():,} of 4,096 weights of layer 1 "
        f"left, {blind} of 64 units blind, right in {100 * right:.1f} %."
    )
    field = Heatmap(
        tiles,
        0,
        1,
        0,
        1,
        kind="two",
        high=0.5,
        tiles=True,
        square=True,
        hatch=~masks[0].reshape(tiles.shape),
        colors=("blue", "orange"),
    )
    mean_image = data("pruning.pixels").mean(axis=0).reshape(SIDE, SIDE)
    layers = Axis("layer", categories=("1", "2", "3"))
    return Sheet(
        rows=(
            (Picture(bare, bare, (field,), "The 64 units of layer 1."),),
            (
                Picture(
                    Axis("column of pixels", categories=tuple("12345678")),
                    bare,
                    (Heatmap(mean_image, -0.5, 7.5, 0, 1, kind="one", colors=("ink",), low=0, high=16),),
                    "The mean of the test images.",
                ),
                Picture(layers, Axis("kept (%)", (0, 100)), (Bars(np.arange(3), kept),), "What each layer keeps."),
            ),
        ),
        sentence=sentence,
    )


def _scores(score, w: NDArray[np.float64], initial: NDArray[np.float64]) -> NDArray[np.float64]:
    return score(w) if score is magnitude else score(w, initial)


# --- what zeroing does to the outputs --------------------------------------------------------------------------------

INPUTS = ("1", "2", "3", "4", "5")
START_W, START_S = (0.9, 0.5, 0.4, -0.3, 0.1), (0.2, 1.0, 1.0, 1.0, 4.0)


def _second_moments(s: NDArray[np.float64], correlation: float) -> NDArray[np.float64]:
    """Return E x_i x_j of inputs of these sizes, the first two correlated."""
    H = np.diag(s**2)
    H[0, 1] = H[1, 0] = correlation * s[0] * s[1]
    return H


def _damage(w: NDArray[np.float64], H: NDArray[np.float64], mask: NDArray[np.bool_], refit: bool) -> float:
    """Return the mean square change of the output with the masked weights alone, as they are or fitted anew."""
    change = w - (obs_refit(w, H, mask) if refit and mask.any() else apply_mask(w, mask))
    return float(change @ H @ change)


def _keeping(w: NDArray[np.float64], s: NDArray[np.float64], score: str, number: int) -> NDArray[np.bool_]:
    scores = magnitude(w) if score == "|w|" else activation_aware(w, s)
    return prune_mask(scores[np.newaxis], number / w.size)[0]


def _least(w: NDArray[np.float64], H: NDArray[np.float64], number: int, refit: bool) -> float:
    """Return the least damage of all choices of so many weights."""
    masks = (~np.isin(np.arange(w.size), chosen) for chosen in combinations(range(w.size), number))
    return min(_damage(w, H, mask, refit) for mask in masks)


@explorable(
    predict=Pick(
        "Two of the five weights go. The output shall change as little as it can. Which two?",
        options=(
            "The fourth and the fifth, the smallest weights.",
            "The first and the fourth.",
            "The second and the third.",
        ),
        answer=lambda: 1,
        because=(
            "The first weight is the largest, but its input hardly moves: 0.9 times 0.2 is 0.18. The fifth is the "
            "smallest, and its input is large: 0.1 times 4 is 0.4."
        ),
        at={"score": "|w| s", "gone": 2},
    ),
    w=Numbers(START_W, -2.0, 2.0, names=INPUTS, label="weights w"),
    s=Numbers(START_S, 0.0, 5.0, names=INPUTS, label="sizes s of the inputs"),
    score=Choice(("|w|", "|w| s"), value="|w|", label="prune the lowest"),
    gone=Slider(0, 5, value=0, steps=6, integer=True, label="how many go"),
    correlation=Slider(0.0, 0.95, value=0.0, steps=20, label="correlation of inputs 1 and 2"),
    refit=Switch(label="the others make up for it"),
)
def damage(w, s, score, gone, correlation, refit) -> Sheet:
    """Five weights, the sizes of their inputs, and what zeroing some of them does to the output."""
    w, s = np.array(w), np.array(s)
    H = _second_moments(s, correlation)
    mask = _keeping(w, s, score, gone)
    refitted = refit and mask.any() and np.linalg.matrix_rank(H[np.ix_(mask, mask)]) == mask.sum()
    done = _damage(w, H, mask, refitted)
    least = _least(w, H, gone, refitted)
    kept = obs_refit(w, H, mask) if refitted else apply_mask(w, mask)
    places, inputs = np.arange(5), Axis("input", categories=INPUTS)
    verdict = "the least there is" if done <= least + 1e-12 else f"the least there is would be {least:.3g}"

    def bars(height, axis, title, **moved):
        parts = ((mask, "blue", "kept"), (~mask, "orange", "pruned"))
        drawn = tuple(
            Bars(places, np.where(here, height, np.nan), color=color, label=label, hatch=color == "orange", **moved)
            for here, color, label in parts
            if here.any()
        )
        return Picture(inputs, axis, drawn, title)

    return Sheet(
        rows=(
            (
                bars(w, Axis("weight w", (-2, 2)), "The weights: drag them.", moves="w"),
                bars(s, Axis("size s of the input", (0, 5)), "The sizes of the inputs: drag them.", moves="s"),
            ),
            (
                bars(
                    w**2 * s**2,
                    Axis("w² s²", (0, max(1.0, float((w**2 * s**2).max()) * 1.1))),
                    "What each weight adds.",
                ),
                Picture(
                    inputs,
                    Axis("weight that is left", (-2.5, 2.5)),
                    (Rule(y=0), Bars(places, kept, color="green")),
                    "The weights that are left.",
                ),
            ),
        ),
        sentence=f"{gone} go by {score}: the output changes by {done:.3g} in the mean square, {verdict}.",
    )


# --- a mask must be applied again -----------------------------------------------------------------------------------

STEP_SIZE, MOMENTUM, LONGEST = 0.1, 0.9, 60
W_INIT = 0.6
MASKED = ("nothing", "the gradient", "the weight, after each step")


def _revive_start(settings: Mapping[str, Any]) -> tuple[float, float, tuple[float, ...]]:
    """Return a pruned weight where it was put, the velocity that its last steps left it, and where it has been."""
    place = W_INIT if settings["back"] else 0.0
    return place, settings["velocity"], (place,)


def _revive_step(state: tuple, settings: Mapping[str, Any], kind: str) -> tuple:
    """Take one step of gradient descent with momentum; the loss would have the weight at 1, weight decay at 0."""
    w, velocity, path = state
    gradient = (w - 1) * (settings["masked"] == MASKED[0]) + settings["decay"] * w
    velocity = MOMENTUM * velocity + gradient
    w = path[0] if settings["masked"] == MASKED[2] else w - STEP_SIZE * velocity
    return w, velocity, (*path, w)


@explorable(
    predict=Estimate(
        "The pruned weight is 0, and its gradient masked. Its velocity v is 0.5, the momentum 0.9, the step size 0.1: "
        "v ← 0.9 v, w ← w − 0.1 v. Where does it end?",
        low=-1,
        high=1,
        within=0.1,
        answer=lambda: -STEP_SIZE * 0.5 * MOMENTUM / (1 - MOMENTUM),
        because=(
            "The velocity fades by a tenth a step and moves the weight all the while: "
            "−0.1 · 0.5 · (0.9 + 0.81 + …) = −0.45. A masked gradient is not a masked weight."
        ),
        at={"masked": "the gradient", "run": LONGEST},
    ),
    masked=Choice(MASKED, value="the gradient", label="masked is"),
    back=Switch(label="put back to its start, 0.6"),
    velocity=Slider(-1.0, 1.0, value=0.5, steps=21, label="velocity at the start"),
    decay=Slider(0.0, 0.2, value=0.0, steps=5, label="weight decay"),
    run=Play(
        _revive_start,
        _revive_step,
        LONGEST,
        frame=(1, 5),
        frames=tuple({"masked": masked} for masked in MASKED),
        restarts=("back", "velocity"),
    ),
)
def revive(masked, back, velocity, decay, run) -> Picture:
    """A pruned weight that an optimiser moves again."""
    w, _, path = run
    steps = len(path) - 1
    return Picture(
        x=Axis("step", (0, LONGEST)),
        y=Axis("the pruned weight", (-1.2, 1.2)),
        marks=(
            Rule(y=path[0], label="where it was put"),
            Line(np.arange(steps + 1), path, color="orange"),
            Points([steps], [w], color="orange"),
        ),
        sentence=f"Masked is {masked}: after {steps} steps the pruned weight stands at {w:.3f}.",
    )


# --- whole units, and their gauge -----------------------------------------------------------------------------------

GAUGE_W, GAUGE_V = np.array([[1.0, -2.0], [0.5, 0.5]]), np.array([1.0, 3.0])


@explorable(
    predict=Pick(
        "The weights into unit 1 are multiplied by 0.1, and what reads the unit is divided by 0.1. What changes?",
        options=("The outputs of the network.", "Which of the two units a norm would prune.", "Both.", "Nothing."),
        answer=lambda: 1,
        because="A ReLU unit passes a positive factor on, and the next layer takes it out. Only the norm has changed.",
        at={"a": 0.1},
    ),
    a=Slider(0.1, 10.0, value=1.0, scale="log", steps=21, stops=(0.1, 1.0), label="factor on unit 1"),
)
def gauge(a) -> Sheet:
    """Two hidden units in another gauge: their norms change, the network does not."""
    scale = np.array([a, 1.0])
    W, V = scale[:, np.newaxis] * GAUGE_W, GAUGE_V / scale
    norms = filter_norms(W)
    x = np.linspace(-2, 2, 41)
    outputs = np.maximum(np.stack([x, 1 - x], axis=1) @ W.T, 0) @ V
    goes = int(np.argmin(norms))
    bars = tuple(
        Bars(
            [i],
            [norms[i]],
            color="orange" if i == goes else "blue",
            hatch=i == goes,
            label="pruned" if i == goes else "kept",
        )
        for i in range(2)
    )
    return Sheet(
        rows=(
            (
                Picture(Axis("unit", categories=("1", "2")), Axis("sum of |w| into the unit", (0, 31)), bars, "Norms."),
                Picture(Axis("input x", (-2, 2)), Axis("output", (0, 14)), (Line(x, outputs),), "The network."),
            ),
        ),
        sentence=(
            f"Factor {a:g}: the norms are {norms[0]:.3g} and {norms[1]:.3g}, so unit {goes + 1} would go. The outputs "
            "are the same."
        ),
    )


# --- which weights a score keeps ------------------------------------------------------------------------------------


@explorable(
    measured="pruning",
    predict=Pick(
        "Adam, 90 % pruned. Of the weights that |w − w_init| keeps, how many does magnitude keep as well?",
        options=("Fewer than half.", "Between half and nine tenths.", "More than nine tenths."),
        answer=lambda: _how_many_are_shared(),
        because=(
            "A weight that moved far from a small start is large as well. What the distance alone keeps mostly "
            "crossed zero on its way: a long way, and a small end."
        ),
        at={"score": "moved |w − w_init|", "optimiser": "Adam", "sparsity": 0.9},
    ),
    score=Choice(tuple(SCORES), value="magnitude |w|", label="score"),
    optimiser=Choice(tuple(OPTIMISERS), value="Adam", label="optimiser"),
    sparsity=Slider(LEVELS[0], LEVELS[-1], value=0.9, label="sparsity", steps=len(LEVELS)),
)
def weights(score, optimiser, sparsity) -> Picture:
    """Where weights of one trained network started and ended, and which of them a score keeps."""
    initial, final = _sample(OPTIMISERS[optimiser])
    kept = _kept(SCORES[score], OPTIMISERS[optimiser], sparsity)
    by_magnitude = _kept("magnitude", OPTIMISERS[optimiser], sparsity)
    ends = np.array([-WIDEST, WIDEST])
    lower, upper = _edges(SCORES[score], OPTIMISERS[optimiser], sparsity, ends)
    return Picture(
        x=Axis("weight before training, w_init (no unit)", domain=(-WIDEST, WIDEST)),
        y=Axis("weight after training, w (no unit)", domain=(-LARGEST, LARGEST)),
        marks=(
            Points(initial, np.where(kept, np.nan, final), color="orange", label="pruned"),
            Points(initial, np.where(kept, final, np.nan), color="blue", label="kept"),
            Line(ends, lower, color="grey", dashed=True),
            Line(ends, upper, color="grey", dashed=True),
        ),
        sentence=(
            f"{optimiser}, {score}, sparsity {100 * sparsity:.0f} %: of {kept.size} weights shown {kept.sum()} are "
            f"kept; magnitude would keep {(kept & by_magnitude).sum()} of these {kept.sum()} as well"
            f"{_shared_by_all(SCORES[score], OPTIMISERS[optimiser], sparsity)}."
        ),
    )


def _shared_by_all(score: str, optimiser: str, sparsity: float) -> str:
    """Say how much magnitude would keep as well of all weights and seeds, at a sparsity where that was measured."""
    percent = round(100 * sparsity)
    if percent not in PERCENTS:
        return ""
    share = record("pruning").measured["shared_with_magnitude"][f"{optimiser}_random_{score}_{percent}"]
    return f"; of all weights, over 20 seeds, {100 * share:.0f} %"


def _sample(optimiser: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights shown, before and after training."""
    shown = record("pruning").measured["weights"]
    return np.array(shown["initial"]), np.array(shown[optimiser]["final"])


def _lowest_kept(score: str, optimiser: str, sparsity: float) -> float:
    """Return the lowest score that is kept, of all weights of the network."""
    limits = record("pruning").measured["lowest_kept"]
    return limits[optimiser][score][limits["sparsity"].index(sparsity)]


def _kept(score: str, optimiser: str, sparsity: float) -> np.ndarray:
    """Return which of the weights shown are kept."""
    initial, final = _sample(optimiser)
    scores = {
        "magnitude": np.abs(final),
        "moved": np.abs(final - initial),
        "sanh": np.array(record("pruning").measured["weights"][optimiser]["sanh"]),
    }
    return scores[score] >= _lowest_kept(score, optimiser, sparsity)


def _edges(score: str, optimiser: str, sparsity: float, initial: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the two lines between which weights are pruned; published movement has none, so NaN."""
    if score == "sanh":
        return np.full(2, np.nan), np.full(2, np.nan)
    limit = _lowest_kept(score, optimiser, sparsity)
    middle = initial if score == "moved" else np.zeros(2)
    return middle - limit, middle + limit


def _how_many_are_shared() -> int:
    """Return which option is right, from the share over all seeds and all weights."""
    share = record("pruning").measured["shared_with_magnitude"]["adam_random_moved_90"]
    return 0 if share < 0.5 else 1 if share <= 0.9 else 2


@explorable(
    measured="pruning",
    predict=Pick(
        "A student trained with Adam from a random start loses 90 % of its weights, and is fine-tuned. Which score "
        "leaves it closest to its teacher?",
        options=tuple(SCORES),
        answer=lambda: _which_is_closest("adam_random", 90),
        because="Under Adam this score won. Now choose SGD: there all three lie close together.",
        at={"optimiser": "Adam", "start": "random", "pruned": "set to zero", "shown": "divergence after fine-tuning"},
        covered=True,
    ),
    optimiser=Choice(tuple(OPTIMISERS), value="Adam", label="optimiser"),
    start=Choice(STARTS, value="random", label="start"),
    pruned=Choice(tuple(PLACES), value="set to zero", label="pruned weights are"),
    shown=Choice(tuple(MEASURES), value="divergence after fine-tuning", label="shown"),
)
def sparsity(optimiser, start, pruned, shown) -> Picture:
    """What is left of a student at the four sparsities that were measured: mean, interval, every seed."""
    training = f"{OPTIMISERS[optimiser]}_{start}"
    measure, axis, scale, unit = MEASURES[shown]
    families = [
        (color, label, f"{training}_{PLACES[pruned]}{score}", PERCENTS)
        for color, (label, score) in zip(("blue", "orange", "green"), SCORES.items(), strict=True)
    ]
    families.append(("purple", "at random", f"{training}_{PLACES[pruned]}chance", (90,)))
    dots, means, words = [], [], []
    for place, (color, label, arm, percents) in zip((-0.3, -0.1, 0.1, 0.3), families, strict=True):
        x = np.array([PERCENTS.index(percent) for percent in percents]) + place
        values = scale * np.array([_of_seeds(f"{arm}_{percent}", measure) for percent in percents])
        intervals = [mean_interval(of_percent) for of_percent in values]
        mean, half_width = (np.array([interval[key] for interval in intervals]) for key in ("mean", "half_width"))
        beside = np.linspace(-0.07, 0.07, values.shape[1])  # each seed has its place beside the mean
        dots.append(Points((x[:, np.newaxis] + beside).ravel(), values.ravel(), color="grey"))
        means.append(Points(x, mean, low=mean - half_width, high=mean + half_width, color=color, label=label))
        words.append(f"{label} {mean[percents.index(90)]:.3g}")
    unpruned = scale * _of_seeds(f"{training}_unpruned", measure).mean()
    return Picture(
        x=Axis("sparsity (% of the weights pruned)", categories=tuple(str(percent) for percent in PERCENTS)),
        y=axis,
        marks=(Rule(y=unpruned, label="not pruned"), *dots, *means),
        sentence=(
            f"{optimiser}, {start} start, pruned weights {pruned}, {shown} ({unit}), mean at 90 %: {'; '.join(words)}; "
            f"not pruned {unpruned:.3g}."
        ),
    )


def _of_seeds(arm: str, measure: str) -> np.ndarray:
    """Return one measure of an arm in the order of the seeds."""
    return of_seeds("pruning", arm, measure)


def _which_is_closest(training: str, percent: int) -> int:
    """Return the place of the score with the lowest mean divergence."""
    means = [_of_seeds(f"{training}_{score}_{percent}", "kl").mean() for score in SCORES.values()]
    return int(np.argmin(means))
