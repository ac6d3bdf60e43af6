"""The widgets of the chapter principles/hybrid_objective."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kdlab.core.distillation_loss import cross_entropy
from kdlab.core.hybrid_objective import (
    balanced_alpha,
    cross_entropy_df,
    feature_loss,
    feature_loss_df,
    gradient_balance,
    head,
)
from kdlab.core.temperature import softmax
from kdlab.explore import three_students
from kdlab.explore.classroom import EDGE, PLANE, belief, dots, percent
from kdlab.explore.controls import Choice, Places, Seed, Slider, Switch
from kdlab.explore.marks import Arrow, Band, Heatmap, Line, Mark, Points, Rule, Segments
from kdlab.explore.measured import mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Curve, Estimate, Pick, Place
from kdlab.explore.widget import explorable

# --- a student between its label and its teacher --------------------------------------------------------------------

V, B = np.array([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]]), np.zeros(3)
START, TEACHER = (-1.5, -1.0), (0.6, 0.9)
REACH, FURTHER, CELL = 2.5, 3.5, 0.1  # the plane of features goes further to the right
FEATURES = np.stack(np.meshgrid(np.arange(-REACH, FURTHER, CELL), np.arange(REACH, -REACH, -CELL)), axis=-1) + [
    CELL / 2,
    -CELL / 2,
]
CIRCLE = np.stack([np.cos(np.linspace(0, 2 * np.pi, 73)), np.sin(np.linspace(0, 2 * np.pi, 73))])
STEP_SIZE, LONGEST = 0.1, 300
BALANCED, CONSTANT = "balanced", "a constant"
LABELS = ("right", "upper left", "lower left")
CROWD = 12  # students that start on a circle; one more has the teacher's features


class Walk(NamedTuple):
    """Where the students are (14, 2), the reader's own first, and where they were at some of the steps (..., 14, 2)."""

    places: NDArray[np.float64]
    way: NDArray[np.float64]
    step: int


def tug_start(settings: Mapping[str, Any]) -> Walk:
    """Return the reader's student, one with the teacher's features, and twelve on a circle."""
    angle = 2 * np.pi * (np.arange(CROWD) + 0.5) / CROWD
    circle = 2.1 * np.column_stack([np.cos(angle), np.sin(angle)])
    places = np.vstack([settings["student"], settings["teacher"], circle])
    return Walk(places, places[np.newaxis], 0)


def tug_step(walk: Walk, settings: Mapping[str, Any], kind: str) -> Walk:
    """Return all students after one more step of gradient descent, each by its own two gradients."""
    g_CE, g_F, alpha = pulls(walk.places, settings["teacher"], settings["label"], settings["rule"], settings["alpha"])
    places = walk.places - STEP_SIZE * ((1 - alpha) * g_CE + alpha * g_F)
    t = walk.step + 1
    way = np.concatenate([walk.way, places[np.newaxis]]) if t < 20 or t % 20 == 0 else walk.way
    return Walk(places, way, t)


def pulls(f_S: NDArray[np.float64], f_T: NDArray[np.float64], label: str, rule: str, alpha: float) -> tuple:
    """Return g_CE, g_F and the weight alpha of each student."""
    y = np.full(len(f_S), LABELS.index(label))
    g_CE, g_F = cross_entropy_df(f_S, V, B, y), feature_loss_df(f_S, f_T)
    weights = np.full((len(f_S), 1), alpha)
    if rule == BALANCED:
        weights = np.array([[balanced_alpha(*pair)] for pair in zip(g_CE, g_F, strict=True)])
    return g_CE, g_F, weights


def stops_of_constants(f_T: NDArray[np.float64], label: str, alphas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the one place where each constant weight comes to rest: Newton's method, from the teacher outwards."""
    y, f, found = np.eye(len(V))[LABELS.index(label)], f_T, []
    for alpha in alphas:
        for _ in range(3):  # each begins where the weight before it came to rest
            q = softmax(V @ f, 1)
            g = (1 - alpha) * (q - y) @ V + 2 * alpha * (f - f_T)
            curvature = (1 - alpha) * (V.T * q - np.outer(q @ V, q)) @ V + 2 * alpha * np.eye(2)
            f = f - np.linalg.solve(curvature, g)
        found.append(f)
    return np.array(found)


CONSTANTS = np.concatenate([np.linspace(0.97, 0.1, 14), np.geomspace(0.07, 0.001, 9)])


@lru_cache(maxsize=16)
def compromise(x: float, y: float, label: str) -> Line:
    """Return the curve on which both losses pull in opposite directions: where constant weights come to rest."""
    places = np.vstack([[x, y], stops_of_constants(np.array([x, y]), label, CONSTANTS)])
    return Line(*places.round(3).T, color="grey", dashed=True)


@lru_cache(maxsize=3)
def label_loss(label: str) -> Heatmap:
    """Return how large the loss by this label is over the plane: pale, and flat where it is very large."""
    loss = cross_entropy(head(FEATURES, V, B), np.full(FEATURES.shape[:2], LABELS.index(label)))
    return Heatmap(np.minimum(loss, 6.0), -REACH, FURTHER, -REACH, REACH, low=0.0, high=16.0, color="blue")


def _meet(alpha: float) -> list[list[float]]:
    """Return where all students come to rest under a constant weight, as one place."""
    return stops_of_constants(np.array(TEACHER), LABELS[0], np.linspace(0.9, alpha, 9))[-1:].tolist()


def _after(rule: str, alpha: float = 0.5) -> Walk:
    settings = {"student": [START], "teacher": [TEACHER], "label": LABELS[0], "rule": rule, "alpha": alpha}
    walk = tug_start(settings)
    while walk.step < LONGEST:
        walk = tug_step(walk, settings, "")
    return walk


def _where_the_crowd_ends() -> int:
    """Return which option is right, from how far apart the students end and how far from the teacher."""
    places = _after(BALANCED).places
    if np.ptp(places, axis=0).max() > 0.5:
        return 2
    return 0 if np.abs(places - TEACHER).max() < 0.1 else 1


@explorable(
    predict=(
        Pick(
            "Fourteen students of one image, pulled by its label and by a teacher. At each step both pulls are made "
            "equally strong. Where do the fourteen end?",
            options=(
                "All of them at the teacher's features.",
                "All of them at one place between the two pulls.",
                "Each at a place of its own.",
            ),
            answer=_where_the_crowd_ends,
            because=(
                "A balanced student rests wherever its two pulls are opposite: anywhere on the dashed curve. Where it "
                "meets the curve depends on where it came from. To the right it has not even met it: the label is as "
                "good as learned, and so the teacher too may hardly pull."
            ),
            at={"run": LONGEST, "rule": BALANCED},
        ),
        Place(
            "Now a constant weight of 0.1 for the teacher, 0.9 for the label. All fourteen meet in one place: put the "
            "point there.",
            answer=lambda: _meet(0.1),
            within=0.35,
            because=(
                "A constant weight has one objective, and this is its lowest place. Move the slider: it goes along the "
                "dashed curve."
            ),
            at={"rule": CONSTANT, "alpha": 0.1, "run": LONGEST},
            before=CONSTANT,
        ),
    ),
    run=Play(
        tug_start,
        tug_step,
        LONGEST,
        frame=(1, 10),
        frames=({}, {"rule": CONSTANT}, {"rule": CONSTANT, "alpha": 0.1}),
        restarts=("student", "label"),
    ),
    rule=Choice((BALANCED, CONSTANT), BALANCED, label="weight of the teacher"),
    alpha=Slider(0.0, 1.0, value=0.5, steps=11, label="the constant alpha"),
    label=Choice(LABELS, LABELS[0], label="the label lies"),
    student=Places(-REACH, REACH, [START], label="student"),
    teacher=Places(-REACH, REACH, [TEACHER], label="teacher"),
)
def tug(run, rule, alpha, label, student, teacher) -> Picture:
    """A student between the pull of its label and the pull of its teacher: drag either of them."""
    g_CE, g_F, weights = pulls(run.places, teacher, label, rule, alpha)
    by_label, by_teacher = -(1 - weights[0]) * g_CE[0], -weights[0] * g_F[0]
    (x, y), others = run.places[0], run.places[1:]
    way = np.concatenate([run.way, run.places[np.newaxis]]).round(3)
    broken = np.concatenate([way[:, 1:], np.full((1, *others.shape), np.nan)]).transpose(2, 1, 0).reshape(2, -1)

    def arrow(pull: NDArray[np.float64], color: str, name: str) -> Arrow:
        return Arrow(x, y, x + pull[0], y + pull[1], color=color, label=name)

    circle = _length(by_label) * CIRCLE + run.places[0][:, np.newaxis] if rule == BALANCED else np.full((2, 1), np.nan)
    plane = {"hidden": True, "square": True}
    return Picture(
        Axis("first feature", (-REACH, FURTHER), **plane),
        Axis("second feature", (-REACH, REACH), **plane),
        (
            label_loss(label),
            compromise(*np.reshape(teacher, 2).tolist(), label),
            Line(*broken, color="grey", thin=True),
            *(Points([there], [up], color="grey", shape="circle") for there, up in others.round(3)),  # each full size
            Line(*circle.round(3), color="green", thin=True),
            Line(*way[:, 0].T, color="green"),
            arrow(by_label, "blue", ""),
            arrow(by_teacher, "orange", ""),
            Points([x], [y], color="green", shape="circle", moves="student", label="student"),
            Points(*np.transpose(teacher), color="ink", shape="star", moves="teacher", label="teacher"),
        ),
        sentence=(
            f"Step {run.step}, alpha {weights[0, 0]:.2f}: the label pulls with {_length(by_label):.2f}, the teacher "
            f"with {_length(by_teacher):.2f}, and together with {_length(by_label + by_teacher):.2f}. The "
            f"fourteen students lie up to {_apart(run.places):.2f} apart."
        ),
    )


def _length(vector: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(vector))


def _apart(places: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(places[:, np.newaxis] - places, axis=-1).max())


# --- two gradients, and what the parameters feel of them ------------------------------------------------------------


def _share_felt(stretch: float) -> float:
    """Return the share of the labels in the lengths that the parameters feel, where the arrows start."""
    _, _, alpha, *_ = gradient_balance(*np.array(ARROWS))
    felt = [_length(w * np.array(g) * [1, stretch]) for w, g in zip((1 - alpha, alpha), ARROWS, strict=True)]
    return felt[0] / sum(felt)


ARROWS = ((3.0, 0.0), (0.0, 1.0))


@explorable(
    predict=Estimate(
        "By the features both gradients have the weighted length 0.75. One parameter moves the first feature, another "
        "moves the second, nine times as much. What share of the push on the two parameters comes from the labels?",
        low=0.0,
        high=1.0,
        answer=lambda: _share_felt(9.0),
        within=0.06,
        because="The gradient of the features is stretched nine times, the other is not: 0.75 against 6.75.",
        mark="none",
        at={"stretch": 9.0},
    ),
    gradients=Places(-3.0, 3.0, ARROWS, label="gradients"),
    stretch=Slider(1.0, 9.0, value=1.0, steps=17, label="stretch of the second"),
)
def arrows(gradients, stretch) -> Sheet:
    """Two gradients, the same two in balance, and what two parameters below the features feel of them."""
    g_CE, g_F = gradients
    _, _, alpha, h, cos, total, length = gradient_balance(g_CE, g_F)
    weighted = np.array([(1 - alpha) * g_CE, alpha * g_F])
    felt = weighted * [1, stretch]
    by_parameters = balanced_alpha(g_CE * [1, stretch], g_F * [1, stretch])
    sizes = np.linalg.norm(felt, axis=-1)
    share = sizes[0] / sizes.sum() if sizes.sum() else 0.5

    def drawn(pair: NDArray[np.float64], circle: NDArray[np.float64]) -> list[Mark]:
        return [
            Line(*circle, color="grey", dashed=True),
            Arrow(0, 0, *pair.sum(axis=0), color="green"),
            Arrow(0, 0, *pair[0], color="blue"),
            Arrow(0, 0, *pair[1], color="orange"),
        ]

    own = (("blue", "labels", g_CE), ("orange", "features", g_F))
    held = [
        Points(
            *np.where(np.arange(2) == i, gradients.T, np.nan), color=color, hollow=True, moves="gradients", label=name
        )
        for i, (color, name, _) in enumerate(own)
    ]
    strings = [Segments([0], [0], [end[0]], [end[1]], color=color, thin=True, dashed=True) for color, _, end in own]
    reach = 1.5 * max(h, 0.5) * stretch
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("by the first feature", (-3.4, 3.4), hidden=True, square=True),
                    Axis("by the second", (-3.4, 3.4), hidden=True, square=True),
                    (*strings, *drawn(weighted, h * CIRCLE), *held),
                    "By the features: drag the rings.",
                ),
                Picture(
                    Axis("by the first parameter", (-reach, reach), hidden=True, square=True),
                    Axis("by the second", (-reach, reach), hidden=True, square=True),
                    tuple(drawn(felt, h * CIRCLE * [[1], [stretch]])),
                    "By the parameters, to a scale that fits.",
                ),
            ),
        ),
        sentence=(
            f"alpha {alpha:.3f}: both weighted gradients have the length {h:.3f}; their cosine is {cos:.2f}, and the "
            f"step has the length {length:.3f}. Of the push on the parameters {percent(share)} is the labels'; to "
            f"make it half, alpha would have to be {by_parameters:.3f}."
        ),
    )


# --- the same layer in other axes -----------------------------------------------------------------------------------

UNITS = np.random.default_rng(4).normal(size=(12, 2))
UNITS = UNITS / np.sqrt((UNITS**2).sum(axis=1).mean())  # of mean squared length 1
ANGLES = np.linspace(0, 180, 37)


def turned(features: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
    """Return the same points in turned axes."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return features @ np.array([[cos, sin], [-sin, cos]])


def mean_loss(f_S: NDArray[np.float64], f_T: NDArray[np.float64]) -> float:
    """Return the mean over the points of the feature loss."""
    return float(feature_loss(f_S, f_T).mean())


@explorable(
    predict=Estimate(
        "Two networks give the same answer to every image. In one of them the layer is turned by half a circle, and "
        "what reads it is turned back. The features have the mean squared length 1. How large is the feature loss?",
        low=0.0,
        high=8.0,
        answer=lambda: mean_loss(turned(UNITS, 180), UNITS),
        within=0.3,
        because="Each difference is twice a feature vector, and its square four times. No answer has changed.",
        mark="none",  # the picture that matters has no axis of losses
        at={"degrees": 180.0, "regressor": False},
        covered=True,
    ),
    degrees=Slider(0.0, 180.0, value=60.0, steps=37, label="the layer is turned by (degrees)", play=True),
    regressor=Switch(label="a regressor in between"),
)
def axes(degrees, regressor) -> Sheet:
    """Twelve images in a layer of two units, and the same layer in other axes."""
    f_T, f_S = UNITS, turned(UNITS, degrees)
    if regressor:
        f_S = f_S @ np.linalg.lstsq(f_S, f_T, rcond=None)[0]
    loss = mean_loss(f_S, f_T)
    curve = [mean_loss(turned(f_T, angle), f_T) for angle in ANGLES]
    plane = {"square": True}
    read = "through a regressor" if regressor else "as they are"
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("unit 1", (-2.4, 2.4), **plane),
                    Axis("unit 2", (-2.4, 2.4), **plane),
                    (
                        Segments(*f_S.T, *f_T.T, color="grey", thin=True),
                        Points(*f_T.T, color="ink", shape="star", label="teacher"),
                        Points(*f_S.T, color="green", shape="circle", label="student"),
                    ),
                    "Twelve images in both layers.",
                ),
                Picture(
                    Axis("turned by (degrees)", (0, 180)),
                    Axis("feature loss", (0, 4.2)),
                    (
                        Line(ANGLES, curve, color="orange", label="as they are"),
                        Line(ANGLES, np.zeros(ANGLES.size), color="green", dashed=True, label="through a regressor"),
                        Rule(x=degrees, moves="degrees"),
                        Points([degrees], [loss], color="green" if regressor else "orange"),
                    ),
                    "The loss for the turn alone.",
                ),
            ),
        ),
        sentence=(
            f"Turned by {degrees:.0f} degrees, compared {read}: feature loss {loss:.2f}. The answers of both networks "
            "are the same at every angle."
        ),
    )


# --- a sum or a mean over the units ---------------------------------------------------------------------------------

DIMENSIONS = np.geomspace(1, 512, 28)


def weights_at(dimensions: Any, gap: float, ce: float) -> NDArray[np.float64]:
    """Return the balanced alpha where the feature loss is a sum over the units, and where it is a mean."""
    d = np.asarray(dimensions, dtype=np.float64)
    g_F = 2 * gap * np.sqrt(d) / np.stack([np.ones_like(d), d])
    return ce / (ce + g_F)


def _what_more_units_do() -> int:
    """Return which option is right, from the two weights at 32 and at 512 units."""
    (sum_few, sum_many), (mean_few, mean_many) = weights_at([32, 512], 0.3, 0.5)
    return [(True, False), (False, True), (True, True), (False, False)].index(
        (bool(sum_many > sum_few), bool(mean_many > mean_few))
    )


@explorable(
    predict=Pick(
        "The layer gets wider, 512 units in the place of 32. Each unit is as far from its teacher's as before. What "
        "does the balanced weight of the features do?",
        options=(
            "It rises with a sum over the units, and falls with a mean.",
            "It falls with a sum over the units, and rises with a mean.",
            "It rises with both.",
            "It falls with both.",
        ),
        answer=_what_more_units_do,
        because=(
            "The gradient of a sum grows like the root of the number of units, and that of a mean shrinks like it. "
            "What is louder by itself gets the smaller weight."
        ),
        at={"dimensions": 512},
        covered=True,
    ),
    dimensions=Slider(1, 512, value=32, scale="log", steps=10, integer=True, label="units D"),
    gap=Slider(0.1, 1.0, value=0.3, steps=10, label="distance of each unit from its teacher's"),
    ce=Slider(0.1, 2.0, value=0.5, steps=20, label="length of the labels' gradient"),
)
def sum_or_mean(dimensions, gap, ce) -> Sheet:
    """What the balanced weight is where the feature loss is a sum over the units, and where it is their mean."""
    over, now = weights_at(DIMENSIONS, gap, ce), weights_at(dimensions, gap, ce)
    looks = (("sum over the units", "orange", False), ("mean over the units", "blue", True))

    def drawn(y: Axis, curves: NDArray, points: NDArray, sentence: str) -> Picture:
        lines = [
            mark
            for (name, color, dashed), curve, point in zip(looks, curves, points, strict=True)
            for mark in (
                Line(DIMENSIONS, curve, color=color, dashed=dashed, label=name),
                Points([dimensions], [point], color=color),
            )
        ]
        return Picture(
            Axis("units D", (1, 512), scale="log"), y, (*lines, Rule(x=dimensions, moves="dimensions")), sentence
        )

    return Sheet(
        rows=(
            (
                drawn(Axis("alpha", (0, 1)), over, now, "Written as (1 − alpha) CE + alpha F."),
                drawn(
                    Axis("weight w", (1e-3, 1e3), scale="log"),
                    over / (1 - over),
                    now / (1 - now),
                    "The same, written as CE + w F.",
                ),
            ),
        ),
        sentence=(
            f"With {dimensions} units the balanced alpha is {now[0]:.3f} for a sum and {now[1]:.3f} for a mean; "
            f"written as CE + w F, w is {now[0] / (1 - now[0]):.3g} and {now[1] / (1 - now[1]):.3g}."
        ),
    )


# --- three students learn -------------------------------------------------------------------------------------------

STEPS = three_students.STEPS
OWN, OTHER = "of the same points", "of other points"
ASKED = (20.0, 60.0, 100.0, 200.0, 300.0, 400.0)
SEED = 0


def pace_start(settings: Mapping[str, Any]) -> three_students.State:
    """Return three students of one start."""
    return three_students.start(
        seed=settings["seed"], points=int(settings["points"]), other_rows=settings["features"] == OTHER
    )


def pace_step(state: three_students.State, settings: Mapping[str, Any], kind: str) -> three_students.State:
    """Return the next state, under the constant weight that is set now."""
    return three_students.step(state, alpha=settings["alpha"])


def pace_of_seed(settings: Mapping[str, Any], seed: int) -> dict[str, float]:
    """Return the accuracy of the three students of a seed after 400 steps, in per cent."""
    accuracy = 100 * _finished(settings, seed).accuracy(_finished(settings, seed).students)
    return dict(zip(("labels", f"constant {settings['alpha']:g}", "balanced"), accuracy.tolist(), strict=True))


def _finished(settings: Mapping[str, Any], seed: int) -> three_students.State:
    state = pace_start({**settings, "seed": seed})
    while state.step < STEPS:
        state = pace_step(state, settings, "")
    return state


@lru_cache(maxsize=1)
def _alpha_over_steps() -> list[float]:
    """Return alpha of the balanced student of the first seed, at the steps that are asked for."""
    state = _finished({"points": "30", "features": OWN, "alpha": 0.5}, SEED)
    return state.curve[np.array(ASKED, dtype=int) - 1, 2].tolist()


@explorable(
    predict=Curve(
        "Thirty points, features of twelve units. At the start their gradient is far longer than that of the labels. "
        "How will the balanced weight of the features go on?",
        x=ASKED,
        answer=_alpha_over_steps,
        within=0.12,
        because=(
            "The features are learned fast, so their gradient shrinks, and the balance answers with a larger weight. "
            "The larger weight goes to the loss that is nearly done."
        ),
        panel=3,
        at={"run": STEPS},
    ),
    run=Play(
        pace_start,
        pace_step,
        STEPS,
        frame=(20,),
        frames=({}, {"features": OTHER}),
        restarts=("points", "features", "seed"),
        speed="fast",
    ),
    alpha=Slider(0.0, 1.0, value=0.5, steps=11, label="the constant alpha"),
    points=Choice(("30", "600"), "30", label="points"),
    features=Choice((OWN, OTHER), OWN, label="features"),
    seed=Seed(value=SEED, over=pace_of_seed, unit="%"),
)
def pace(run, alpha, points, features, seed) -> Sheet:
    """Three students of one start: by labels, by labels and features at a constant weight, and balanced."""
    accuracy = run.accuracy(run.students)
    names = ("Labels", f"Constant {alpha:g}", "Balanced")
    beliefs = three_students.forward(PLANE, run.students)[-1]
    plane = {"hidden": True, "square": True}
    maps = tuple(
        Picture(
            Axis("x", (-EDGE, EDGE), **plane),
            Axis("y", (-EDGE, EDGE), **plane),
            (*belief(logits), *dots(run.cloud, "")),
            f"{name} {percent(right, 1)}",
        )
        for name, logits, right in zip(names, beliefs, accuracy, strict=True)
    )
    shown = run.curve[::4] if run.step else np.full((1, 3), np.nan)
    steps, (a, b, weight) = 1 + 4 * np.arange(len(shown)), shown.T
    told = "At the start all three are one and the same network."
    if run.step:
        now_a, now_b, now = run.curve[-1]
        told = (
            f"Of new points they name {', '.join(map(percent, accuracy))} rightly. The balanced student's gradients "
            f"have the lengths {now_a:.3f} by the labels and {now_b:.3f} by the features, so alpha is {now:.2f}."
        )
    return Sheet(
        rows=(
            maps,
            (
                Picture(
                    Axis("step", (0, STEPS)),
                    Axis("alpha; each gradient over its length at step 1", (0, 1.6)),
                    (
                        Line(steps, a / a[0], color="blue", label="gradient of the labels"),
                        Line(steps, b / b[0], color="orange", label="of the features", dashed=True),
                        Line(steps, weight, color="green", label="balanced alpha"),
                    ),
                    "The balanced student.",
                ),
            ),
        ),
        sentence=f"Step {run.step}. {told}",
        first=3,
    )


# --- what was measured ----------------------------------------------------------------------------------------------

DATA = {
    "50 digits": "digits_50",
    "100 digits": "digits_100",
    "1,297 digits": "digits_1297",
    "400 signals": "mnist1d_400",
}
OF_THESE, OF_OTHERS = "of these images", "of other images"


def _accuracy(arm: str) -> NDArray[np.float64]:
    """Return the test accuracy of an arm in per cent, seed by seed."""
    return 100 * of_seeds("hybrid_objective", arm, "accuracy")


def _constants(name: str) -> list[float]:
    """Return the constant weights that were tried, without 0."""
    return [alpha for alpha in record("hybrid_objective").measured["alphas"][name] if alpha > 0]


def _size(name: str) -> tuple[float, float, float]:
    """Return the geometric mean of the balanced weight over training and seeds, and its least and largest mean."""
    curves = np.array(record("hybrid_objective").measured["alpha_curve"][f"{name}_balanced"])
    means = curves.mean(axis=0)
    return float(np.exp(np.log(np.maximum(curves, 1e-4)).mean())), float(means.min()), float(means.max())


def _nearest(name: str) -> float:
    """Return the constant that is nearest to the balanced weight's size, on a logarithmic scale."""
    size, *_ = _size(name)
    return min(_constants(name), key=lambda alpha: abs(np.log(alpha / size)))


def _against_its_size(name: str) -> int:
    """Return which option is right: the balance against the constant of its size."""
    gain = mean_interval(_accuracy(f"{name}_balanced") - _accuracy(f"{name}_alpha_{_nearest(name):g}"))
    return 1 if abs(gain["mean"]) <= gain["half_width"] else 0 if gain["mean"] > 0 else 2


AGAINST = ("The balance does better.", "Both do alike.", "The constant does better.")


@explorable(
    measured="hybrid_objective",
    predict=(
        Pick(
            "On 50 digits the balanced weight shrank, and lost against a constant of one half. Now a constant as "
            "small as the balanced weight was, on average over training. Which of the two does better?",
            options=AGAINST,
            answer=lambda: _against_its_size("digits_50"),
            because=(
                "No difference that could be told from chance. Smaller constants do worse than the balance, larger "
                "ones better: most of what it lost, it lost by the small weight."
            ),
            at={"labels": "50 digits", "features": OF_THESE},
            covered=True,
        ),
        Pick(
            "And on the signals, where the balance won: again against the constant of its own size?",
            options=AGAINST,
            answer=lambda: _against_its_size("mnist1d_400"),
            because="Here it is not the size of the weight. Why a moving weight helps on the signals was not examined.",
            at={"labels": "400 signals", "features": OF_THESE},
            before="400 signals",
            covered=True,
        ),
    ),
    labels=Choice(tuple(DATA), "50 digits", label="labels"),
    features=Choice((OF_THESE, OF_OTHERS), OF_THESE, label="features"),
)
def alpha(labels, features) -> Picture:
    """Test accuracy over the constant weight of the features, and the balance where its weight was."""
    labels_alone = DATA[labels]
    name = labels_alone if features == OF_THESE else f"{labels_alone}_permuted"
    constants = np.array(_constants(name))
    accuracy = np.array([_accuracy(f"{name}_alpha_{weight:g}") for weight in constants])
    intervals = [mean_interval(of_weight) for of_weight in accuracy]
    mean, half_width = (np.array([interval[key] for interval in intervals]) for key in ("mean", "half_width"))
    balanced, alone = mean_interval(_accuracy(f"{name}_balanced")), mean_interval(_accuracy(f"{labels_alone}_alpha_0"))
    (size, least, largest), nearest = _size(name), _nearest(name)
    beside = np.geomspace(0.93, 1.08, accuracy.shape[1])  # each seed has its place beside the weight
    return Picture(
        x=Axis("weight alpha of the features", domain=(0.0007, 1), scale="log"),
        y=Axis("test accuracy (%)", domain=(5 * (accuracy.min() // 5), min(5 * (accuracy.max() // 5) + 5, 100))),
        marks=(
            Band(
                [0.0007, 1],
                [alone["mean"] - alone["half_width"]] * 2,
                [alone["mean"] + alone["half_width"]] * 2,
                color="grey",
            ),
            Rule(y=alone["mean"], label="labels alone"),
            Points(np.outer(constants, beside).ravel(), accuracy.ravel(), color="grey", shape="dot", faint=0.5),
            Band(constants, mean - half_width, mean + half_width, color="orange"),
            Line(constants, mean, color="orange", label="a constant, mean and 95 % interval"),
            Points(
                [size],
                [balanced["mean"]],
                low=[balanced["mean"] - balanced["half_width"]],
                high=[balanced["mean"] + balanced["half_width"]],
                x_low=[min(least, size)],
                x_high=[max(largest, size)],
                color="green",
                shape="diamond",
                label="balanced: whiskers over training, and over seeds",
            ),
        ),
        sentence=(
            f"{labels}, features {features}: labels alone {alone['mean']:.1f} %, balanced "
            f"{balanced['mean']:.1f} % with a weight around {size:.2g}, the constant {nearest:g} "
            f"{mean[constants.tolist().index(nearest)]:.1f} %, the constant 0.5 "
            f"{mean[constants.tolist().index(0.5)]:.1f} %."
        ),
    )
