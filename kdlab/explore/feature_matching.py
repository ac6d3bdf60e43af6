"""The widgets of the chapter principles/feature_matching."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kdlab.core.feature_matching import (
    BiasVariance,
    Coordinates,
    bias_variance,
    coordinates,
    fit_student,
    one_coordinate,
    optimal_lambda,
    random_design_excess,
)
from kdlab.explore.controls import Choice, Numbers, Slider
from kdlab.explore.marks import Arrow, Band, Bars, Line, Points, Rule, Text
from kdlab.explore.measured import mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.questions import Curve, Estimate, Pick
from kdlab.explore.tour import Stop
from kdlab.explore.widget import explorable

# --- the archer: bias and variance, dart by dart --------------------------------------------------------------------

INPUTS = np.array([[1.0, 1.0], [1.0, -1.0]] * 5)  # ten rows, which see every direction equally: X'X = 10 I
TAU2, DARTS = 0.2, 30
SMALLEST, BEST, FAR_BEST, LARGEST = 0.001, 0.192, 0.0495, 100.0  # of lambda; the best ones at distances 1 and 2
RINGS = (0.5, 1.0, 1.5)
SHORTEST = 0.05  # of an arrow


@lru_cache(maxsize=64)
def _aiming(distance: float) -> Coordinates:
    """Return the problem in which the features mean a mark at this distance from the one that the logits mean."""
    return coordinates(INPUTS, INPUTS, np.array([distance, 0.0]), np.eye(2))


def _darts(distance: float, sigma2: float, lam: float) -> NDArray[np.float64]:
    """Return where students of thirty teachers land, (DARTS, 2): each teacher has noise of its own."""
    eps, eta = np.random.default_rng(0).standard_normal((2, len(INPUTS), DARTS))
    y, h = sigma2**0.5 * eps, INPUTS @ np.array([[distance], [0.0]]) + TAU2**0.5 * eta
    return fit_student(INPUTS, INPUTS, y, h, lam).T


def _circle(radius: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a circle round the first mark: of so few points that a grid of them is small, and looks round."""
    angle = np.linspace(0, 2 * np.pi, 29)
    return np.round(radius * np.cos(angle), 3), np.round(radius * np.sin(angle), 3)


@lru_cache(maxsize=64)
def _which_weights_help(distance: float, sigma2: float) -> int:
    """Return which option is right: no weight, a small one alone, or every one."""
    of = _aiming(distance)
    best = optimal_lambda(of, sigma2, TAU2)
    at_0, at_best, at_most = (bias_variance(of, sigma2, TAU2, lam).excess for lam in (0.0, best, np.inf))
    return 0 if at_best >= at_0 else 1 if at_most > at_0 else 2


HELPS = ("No: a wrong place can only mislead.", "Yes, but only a small one.", "Yes, every one.")
FARTHEST = ("At most 1.", "At most 2.", "At any distance.")


@explorable(
    predict=Pick(
        "Raise λ, and every dart is drawn towards the star, which is the wrong place. Is there a λ at which the darts "
        "land nearer to the middle, in the mean square?",
        options=HELPS,
        answer=lambda: _which_weights_help(1.0, 1.0),
        because=(
            "All darts move a little to the wrong side, and all move closer together. At first the second counts for "
            "more: the squared bias grows as λ², the variance falls as λ."
        ),
        at={"lam": BEST, "distance": 1.0, "sigma2": 1.0},
    ),
    stops=(
        Stop(
            "Logits alone",
            {"lam": SMALLEST, "distance": 1.0, "sigma2": 1.0},
            "On average the darts hit the middle: no bias. Each single one misses: variance.",
        ),
        Stop(
            "A little",
            {"lam": BEST, "distance": 1.0, "sigma2": 1.0},
            "The cloud has moved to the wrong side, and shrunk. The green circle is smaller than the dashed one.",
        ),
        Stop(
            "Too much",
            {"lam": 10.0, "distance": 1.0, "sigma2": 1.0},
            "A tight cloud, in the wrong place. What is left of the miss is nearly all bias.",
        ),
        Stop(
            "Far away",
            {"lam": FAR_BEST, "distance": 2.0, "sigma2": 1.0},
            "A smaller gain, from a smaller weight: but a gain, six standard errors of the logits away.",
            Pick(
                "How far off may the star be, so that some weight still helps?",
                options=FARTHEST,
                answer=lambda: sum(_which_weights_help(distance, 1.0) > 0 for distance in (2.0, 1000.0)),
                because="At λ = 0 the squared bias has the slope 0, wherever the mark is. The variance has not.",
            ),
        ),
        Stop(
            "Exact logits",
            {"lam": 1.0, "distance": 0.0, "sigma2": 0.0},
            "Without noise the logits say it all. Now the right mark brings nothing but its own noise.",
            Pick(
                "Now the logits have no noise at all, and the features mean the right mark, with a little noise. Is "
                "there a λ that helps?",
                options=("No: every λ hurts.", "Yes, a small one.", "Yes, every one."),
                answer=lambda: _which_weights_help(0.0, 0.0),
                because="There is no variance that could be saved.",
            ),
        ),
    ),
    lam=Slider(
        SMALLEST,
        LARGEST,
        value=SMALLEST,
        scale="log",
        steps=21,
        stops=(BEST, FAR_BEST),
        play=True,
        label="weight λ",
    ),
    distance=Slider(0.0, 2.0, value=1.0, steps=5, label="distance of the star"),
    sigma2=Slider(0.0, 2.0, value=1.0, steps=2, label="noise of the logits σ²"),
)
def archer(lam, distance, sigma2) -> Sheet:
    """Thirty students of noisy teachers, thrown at one mark and drawn to another: bias, variance and their sum."""
    of = _aiming(distance)
    so_far = np.append(_lambdas()[_lambdas() < lam], lam)
    way = [bias_variance(of, sigma2, TAU2, each) for each in so_far]
    now, alone = way[-1], bias_variance(of, sigma2, TAU2, 0.0).excess
    highest = 1.1 * bias_variance(of, sigma2, TAU2, LARGEST).excess
    x, y = np.round(_darts(distance, sigma2, lam), 2).T
    board = Picture(
        Axis("along the way to the star", (-1.6, 2.6), square=True),
        Axis("across it", (-1.6, 1.6), hidden=True),
        (
            *(Line(*_circle(radius), color="grey", faint=0.7, thin=True) for radius in RINGS),
            Line(*_circle(alone**0.5), color="grey", dashed=True, label="typical miss, logits alone"),
            Line(*_circle(now.excess**0.5), color="green", label="typical miss now"),
            Points(x, y, color="blue"),
            Rule(x=distance, moves="distance", color="orange"),  # its handle, so that the star is seen
            Points([distance], [0.0], color="orange", shape="star", label="what the features mean"),
            *([Arrow(0.0, 0.0, now.bias[0], 0.0, color="red")] if now.bias[0] > SHORTEST else []),
            Points([0.0], [0.0], color="ink", shape="cross"),
        ),
        "Thirty students, one dart each. Drag the line of the star.",
    )
    return Sheet(
        rows=((board, _parts(so_far, way, alone, highest, lam)),),
        sentence=f"At λ = {lam:.3g}: {_in_words(now, alone)}",
    )


@lru_cache(maxsize=1)
def _lambdas() -> NDArray[np.float64]:
    return np.array(archer.explorable.controls["lam"].grid())


def _parts(so_far: NDArray[np.float64], way: list[BiasVariance], alone: float, highest: float, lam: float) -> Picture:
    """Return the excess error on the way to this weight, the squared bias below, the variance on top of it."""
    top = 2 * alone or highest
    bias2, excess = (np.array([getattr(each, name) for each in way]) for name in ("squared_bias", "excess"))
    return Picture(
        Axis("weight λ", (SMALLEST, LARGEST), scale="log"),
        Axis("mean squared miss", (0, top)),
        (
            Band(so_far, np.zeros(so_far.size), bias2.clip(max=top), color="red", label="squared bias"),
            Band(so_far, bias2.clip(max=top), excess.clip(max=top), color="blue", label="variance"),
            Line(so_far, np.where(excess <= top, excess, np.nan), color="green", label="both"),
            Rule(y=alone, label="logits alone"),
            Rule(x=lam, moves="lam"),
        ),
        "The way here from λ = 0.001. Drag the line.",
    )


def _in_words(now: BiasVariance, alone: float) -> str:
    """Return the sum in words, and how far it is from that of the logits alone."""
    sums = f"squared bias {now.squared_bias:.3f} plus variance {now.variance:.3f} make {now.excess:.3f}"
    if alone == 0:
        return f"{sums}; logits alone make no error."
    change = now.excess / alone - 1
    much = "as much as" if abs(change) < 0.005 else f"{abs(change):.0%} {'less' if change < 0 else 'more'} than"
    return f"{sums}, {much.replace('%', ' %')} the {alone:.3f} of logits alone."


# --- two estimates of one number ------------------------------------------------------------------------------------

SIGMA2_ONE, TAU2_ONE = 1.0, 0.3
SEEN, DELTA, LAM_ONE = (4.0, 2.0), 0.5, 1.25  # a, c, the misalignment, and the best weight of these
LINE = np.linspace(-4, 4, 81)


def _mixture(a: float, c: float, delta: float, lam: float) -> BiasVariance:
    """Return bias and variance of one number that is estimated from both sources."""
    of = coordinates(np.array([[a**0.5]]), np.array([[c**0.5]]), np.array([delta]), np.eye(1))
    return bias_variance(of, SIGMA2_ONE, TAU2_ONE, lam)


def _bell(mean: float, variance: float) -> NDArray[np.float64]:
    """Return the density of a normal distribution along the line."""
    return np.round(np.exp(-((LINE - mean) ** 2) / (2 * variance)) / (2 * np.pi * variance) ** 0.5, 3)


@explorable(
    predict=Estimate(
        "The logits' estimate of a number is off by 0.25 in the mean square, that of the features by 0.40. They are "
        "mixed as well as can be. By how much is the mixture off?",
        low=0.0,
        high=0.5,
        within=0.03,
        answer=lambda: one_coordinate(*SEEN, DELTA, SIGMA2_ONE, TAU2_ONE).excess_opt,
        because="Precisions add up: 1/0.25 + 1/0.40 = 6.5, and 1/6.5 is 0.154. The worse source helps as well.",
        mark="none",
        at={"lam": LAM_ONE, "delta": DELTA},
        covered=True,
    ),
    lam=Slider(0.01, 100.0, value=0.01, scale="log", steps=25, stops=(LAM_ONE,), play=True, label="weight λ"),
    delta=Slider(-3.0, 3.0, value=DELTA, steps=13, label="misalignment δ"),
    seen=Numbers(SEEN, 1.0, 20.0, names=("a, of the logits", "c, of the features"), label="what the rows see"),
)
def two_estimates(lam, delta, seen) -> Sheet:
    """Two estimates of one number that is 0, and their mixture."""
    a, c = seen
    now, best = _mixture(a, c, delta, lam), one_coordinate(a, c, delta, SIGMA2_ONE, TAU2_ONE)
    precisions = 1 / np.array([best.excess_logit_only, best.excess_feature_only, now.excess])
    most = float(precisions[:2].sum())
    share = lam * c / (a + lam * c)
    most_often = ((a / SIGMA2_ONE + c / TAU2_ONE) / (2 * np.pi)) ** 0.5  # no mixture is narrower
    bells = (
        (now.bias[0], now.variance, "green", "both"),  # first, so that no source is hidden where it has all the say
        (0.0, best.excess_logit_only, "grey", "logits"),
        (delta, TAU2_ONE / c, "orange", "features"),
    )
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("estimate of a number that is 0", (-4, 4)),
                    Axis("how often", (0, 1.1 * most_often), hidden=True),
                    (
                        Rule(x=0.0, label="true"),
                        Rule(x=delta, moves="delta", color="orange", label="δ"),
                        *(
                            Line(LINE, _bell(mean, variance), color=color, label=name, dashed=name != "both")
                            for mean, variance, color, name in bells
                        ),
                    ),
                    "Where the estimates fall: drag the line at δ.",
                ),
                Picture(
                    Axis("", categories=("logits", "features", "both")),
                    Axis("precision: 1 / mean squared error", (0, max(12.0, 1.1 * most))),
                    (
                        Bars([0], precisions[:1], color="grey"),
                        Bars([1], precisions[1:2], color="orange"),
                        Bars([2], precisions[2:], color="green"),
                        Rule(y=most, label="the sum of the first two"),
                    ),
                    "What each is worth.",
                ),
            ),
        ),
        sentence=(
            f"At λ = {lam:.3g} the features have {share:.0%}".replace("%", " %")
            + f" of the say: squared bias {now.squared_bias:.3f} plus variance {now.variance:.3f} make "
            f"{now.excess:.3f}. Logits alone: {best.excess_logit_only:.3f}; the best λ, {best.lam_opt:.3g}: "
            f"{best.excess_opt:.3f}."
        ),
        first=1,
    )


# --- an input left out ----------------------------------------------------------------------------------------------

ROWS, SHOWN = (10, 100, 1000, 10_000, 100_000), 200


class Fit(NamedTuple):
    """A slope that a student finds, and the standard error that it would report."""

    slope: float
    standard_error: float


@lru_cache(maxsize=8)
def _drawn(rows: int) -> NDArray[np.float64]:
    """Return the input that is kept, what the other input has of its own, and the noise."""
    return np.random.default_rng(1).standard_normal((3, rows))


def _kept_and_logits(rows: int, correlation: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the input that the student keeps, and logits that are the sum of it and another, with noise."""
    kept, own, noise = _drawn(rows)
    other = correlation * kept + (1 - correlation**2) ** 0.5 * own
    return kept, kept + other + noise


@lru_cache(maxsize=128)
def _slope(rows: int, correlation: float) -> Fit:
    """Return the least-squares slope of the logits over the one input."""
    kept, logits = _kept_and_logits(rows, correlation)
    nothing = np.zeros((1, 1))
    slope = float(fit_student(kept[:, np.newaxis], nothing, logits, np.zeros(1), 0.0)[0])
    residuals = logits - slope * kept
    return Fit(slope, float((residuals @ residuals / (rows - 1) / (kept @ kept)) ** 0.5))


def _by_how_much_the_bias_shrinks() -> int:
    """Return which option is right, from a thousand rows and a hundred times as many, at correlation 0.6."""
    few, many = (abs(_slope(rows, 0.6).slope - 1) for rows in (1000, 100_000))
    return 0 if few / many > 30 else 1 if few / many > 3 else 2


@explorable(
    predict=Pick(
        "The teacher uses two inputs, the student sees one. From 1,000 rows to 100,000: what becomes of the error of "
        "the slope that it finds?",
        options=("It shrinks about a hundredfold.", "It shrinks about tenfold.", "It stays."),
        answer=_by_how_much_the_bias_shrinks,
        because=(
            "Only what is noise shrinks with more rows. The input that is left out speaks through the one that is "
            "kept, in every row alike."
        ),
        at={"rows": "100,000", "correlation": 0.6},
    ),
    rows=Choice(tuple(f"{n:,}" for n in ROWS), value="100", play=True, label="rows"),
    correlation=Slider(0.0, 0.9, value=0.6, steps=10, label="correlation with what is left out"),
)
def omitted(rows, correlation) -> Sheet:
    """A student that sees one of the teacher's two inputs."""
    n = int(rows.replace(",", ""))
    kept, logits = (np.round(column[:SHOWN], 2) for column in _kept_and_logits(n, correlation))
    tried = [m for m in ROWS if m <= n]
    fits = [_slope(m, correlation) for m in tried]
    slopes, half_widths = np.array([fit.slope for fit in fits]), 2 * np.array([fit.standard_error for fit in fits])
    ends = np.array([-3.5, 3.5])
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("the input that the student sees", (-3.5, 3.5)),
                    Axis("teacher's logit", (-7, 7)),
                    (
                        Points(kept, logits, color="grey", shape="dot", faint=0.4),
                        Line(ends, ends, color="ink", dashed=True, label="true slope"),
                        Line(ends, fits[-1].slope * ends, color="orange", label="the student's"),
                    ),
                    f"{min(n, SHOWN)} of the rows, and the line of all.",
                ),
                Picture(
                    Axis("rows", categories=tuple(f"{m:,}" for m in ROWS)),
                    Axis("slope found", (0, 2.5)),
                    (
                        Rule(y=1.0, label="true slope"),
                        Points(
                            np.arange(len(tried)),
                            slopes,
                            low=slopes - half_widths,
                            high=slopes + half_widths,
                            color="orange",
                            label="slope, ± 2 standard errors",
                        ),
                    ),
                    "How sure it is.",
                ),
            ),
        ),
        sentence=(
            f"With {rows} rows the student finds the slope {fits[-1].slope:.3f} ± {half_widths[-1]:.2g}, "
            f"{abs(fits[-1].slope - 1):.3f} from the true 1; correlation {correlation:.1f} times the other slope, 1, "
            f"is {correlation:.1f}."
        ),
        first=1,
    )


# --- few rows -------------------------------------------------------------------------------------------------------

DIMENSIONS, NOISE, DESIGNS = 8, 0.25, 200
FEW, DRAWN_AT = np.arange(DIMENSIONS, 61), (8, 9, 10, 11, 12, 14, 16, 20, 24, 32, 40, 50, 60)
ASKED = (10.0, 12.0, 16.0, 24.0, 40.0)


@lru_cache(maxsize=32)
def _designs(n: int) -> NDArray[np.float64]:
    """Return of many Gaussian designs of n rows the diagonal of X'X in its own basis, (DESIGNS, DIMENSIONS)."""
    X = np.random.default_rng(n).standard_normal((DESIGNS, n, DIMENSIONS))
    return np.linalg.svd(X, compute_uv=False) ** 2


def _excesses(n: int, lam: float) -> NDArray[np.float64]:
    """Return the excess error of each design with aligned features, K = 8 I, as noisy as the logits."""
    a, k = _designs(n), float(DIMENSIONS)
    return ((NOISE * a + lam**2 * NOISE * k) / (a + lam * k) ** 2).sum(axis=1)


@explorable(
    predict=Curve(
        "Eight parameters are learned from n noisy logits. At 60 rows the error is 0.04. Draw it for fewer rows.",
        x=ASKED,
        answer=lambda: [random_design_excess(int(n), DIMENSIONS, NOISE) for n in ASKED],
        factor=1.6,
        because="It is σ² d/(n − d − 1): not the number of rows counts, but how many more they are than d + 1.",
        at={"rows": 8, "lam": 0.0},
    ),
    rows=Slider(8, 60, value=60, steps=53, integer=True, label="rows n"),
    lam=Slider(0.0, 4.0, value=0.0, steps=5, label="weight λ of aligned features"),
)
def few_rows(rows, lam) -> Picture:
    """The error of eight parameters, as the rows become fewer."""
    formula = np.array([random_design_excess(int(n), DIMENSIONS, NOISE) for n in FEW])
    seen = np.array([n for n in DRAWN_AT if n >= rows])
    marks: list[Any] = [
        Line(FEW, np.where((FEW >= rows) & np.isfinite(formula), formula, np.nan), color="blue", label="mean"),
        Rule(x=rows, moves="rows", label="n"),
    ]
    shown = [(0.0, "blue", "by logits alone")] + [(lam, "orange", "with features")] * (lam > 0)
    for each, color, label in shown:
        low, median, high = np.array([np.quantile(_excesses(n, each), (0.25, 0.5, 0.75)) for n in seen]).T
        marks.append(Points(seen, median, low=low, high=high, color=color, label=f"{label}: median, middle half"))
    words = [f"{np.median(_excesses(rows, each)):.3g} {label}" for each, _, label in shown]
    at = formula[rows - DIMENSIONS]
    mean = "has no bound" if np.isinf(at) else f"is {at:.3g}"
    return Picture(
        Axis("rows n", (7, 61)),
        Axis("excess error", (0.01, 100), scale="log"),
        tuple(marks),
        f"With {rows} rows for 8 parameters the mean over all inputs {mean}. The median of 200 draws of the "
        f"inputs is {' and '.join(words)}.",
    )


# --- what trained networks said -------------------------------------------------------------------------------------

OTHERS = "noisy logits, features of other images"
LESSONS = {
    "exact logits": "rows{}",
    "noisy logits": "rows{}_noisy",
    OTHERS: "rows{}_noisy_permuted",
}
IMAGES = ("100", "1,297")
SEEN_AS = {
    "accuracy": ("accuracy", Axis("test accuracy (%)", (20, 100)), 100, "right in {:.1f} %"),
    "distance from the teacher's logits": (
        "logit_error",
        Axis("squared distance of the logits", (0.01, 10), scale="log"),
        1,
        "{:.3g} off",
    ),
}


def _was_measured(settings: Mapping[str, Any]) -> str:
    """Return why there is no such arm: other images' features were given with 100 images only."""
    if settings["images"] == "1,297" and LESSONS[settings["lesson"]].endswith("permuted"):
        return "Features of other images were tried with 100 images alone."
    return ""


@explorable(
    measured="feature_matching",
    predict=Curve(
        "Now the noisy logits come with the features of OTHER images. Draw the accuracy over their weight.",
        x=tuple(float(i) for i in range(7)),
        answer=lambda: _over_weights("rows100_noisy_permuted", "accuracy", 100).mean(axis=1),
        within=6.0,
        unit="%",
        because="As on the dart board: with noisy logits a little of a wrong hint helps, and much of it ruins.",
        at={"lesson": OTHERS, "images": "100", "shown": "accuracy"},
        before=OTHERS,
    ),
    lesson=Choice(tuple(LESSONS), value="noisy logits", label="lesson"),
    images=Choice(IMAGES, value="100", label="images", available=_was_measured),
    shown=Choice(tuple(SEEN_AS), value="accuracy", label="shown"),
)
def weight(lesson, images, shown) -> Picture:
    """What trained students made of a feature term: accuracy and distance over its weight, every seed a dot."""
    measure, axis, scale, words = SEEN_AS[shown]
    weights = record("feature_matching").measured["weights"]
    values = _over_weights(LESSONS[lesson].format(images.replace(",", "")), measure, scale)
    intervals = [mean_interval(of_weight) for of_weight in values]
    mean = np.array([interval["mean"] for interval in intervals])
    half_width = np.array([interval["half_width"] for interval in intervals])
    places = np.arange(len(weights))
    beside = np.linspace(-0.3, 0.3, values.shape[1])  # each seed has its place
    best = int(mean.argmax() if measure == "accuracy" else mean.argmin())
    at = [(0, "without features"), (best, f"at λ = {weights[best]:,g}"), (len(weights) - 1, "at λ = 10,000")]
    said = ", ".join(f"{words.format(mean[i])} {where}" for i, where in dict(at).items())
    return Picture(
        x=Axis("weight λ of the features", categories=tuple(f"{lam:,g}" for lam in weights)),
        y=axis,
        marks=(
            Points((places[:, np.newaxis] + beside).ravel(), values.ravel(), color="grey", faint=0.4, label="one seed"),
            Line(places, mean, color="orange"),
            Points(
                places,
                mean,
                low=mean - half_width,
                high=mean + half_width,
                color="orange",
                label="mean, 95 % interval",
            ),
            *(Text(i, mean[i], f"{mean[i]:.3g}") for i in dict(at)),
        ),
        sentence=f"{images} images, {lesson}: {said}.",
    )


def _over_weights(setting: str, measure: str, scale: float) -> NDArray[np.float64]:
    """Return a measure of a setting, a row a weight, of every seed."""
    weights = record("feature_matching").measured["weights"]
    arms = [f"{setting}_lambda_{lam:g}" for lam in weights]
    return scale * np.array([of_seeds("feature_matching", arm, measure) for arm in arms])
