"""The widgets of the chapter compression/pruning."""

from __future__ import annotations

import numpy as np

from kdlab.explore.controls import Choice, Slider
from kdlab.explore.measured import mean_interval, record
from kdlab.explore.picture import Axis, Line, Picture, Points, Rule
from kdlab.explore.questions import Pick
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
            f"kept; magnitude would keep {(kept & by_magnitude).sum()} of these {kept.sum()} as well."
        ),
    )


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
    of_arm = {r["seed"]: r[measure] for r in record("pruning").records if r["arm"] == arm}
    return np.array([of_arm[seed] for seed in sorted(of_arm)])


def _which_is_closest(training: str, percent: int) -> int:
    """Return the place of the score with the lowest mean divergence."""
    means = [_of_seeds(f"{training}_{score}_{percent}", "kl").mean() for score in SCORES.values()]
    return int(np.argmin(means))
