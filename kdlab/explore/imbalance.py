"""The widgets of the chapter interplay/imbalance."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.imbalance import inside_sum_minimiser, inside_sum_minimum, inside_sum_value
from kdlab.core.temperature import softmax
from kdlab.explore import rare as toy
from kdlab.explore.controls import Choice, Places, Slider, Ticks
from kdlab.explore.helpers import beside, contour
from kdlab.explore.marks import Band, Bars, Heatmap, Line, Mark, Points, Rule
from kdlab.explore.measured import mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Color, Picture, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Estimate, Pick, Place
from kdlab.explore.rare import CURVED, INSIDE, LABELS, NOWHERE, ON_SAMPLES, PLACES, STEPS, STUDENTS, TEACHER, TOLD
from kdlab.explore.widget import explorable

Array = NDArray[np.float64]

# --- ten digits, three of them rare ---------------------------------------------------------------------------------

RARE, COMMON = (3, 8, 9), (0, 1, 2, 4, 5, 6, 7)
AT_1, AT_4 = "teacher, T = 1", "teacher, T = 4"
ARMS = {
    (LABELS, NOWHERE): "hard",
    (LABELS, ON_SAMPLES): "hard_weighted",
    (LABELS, INSIDE): "hard_weighted",  # a label has one class, so the two places are one
    (AT_1, NOWHERE): "kd_T1",
    (AT_1, ON_SAMPLES): "kd_T1_weighted",
    (AT_1, INSIDE): "kd_T1_inside",
    (AT_4, NOWHERE): "kd_T4",
    (AT_4, ON_SAMPLES): "kd_T4_weighted",
    (AT_4, INSIDE): "kd_T4_inside",
}
WHO = ("teacher", "kd_T4", "hard", "hard_weighted")


@lru_cache(maxsize=32)
def _percent_found(arm: str, group: str) -> Array:
    """Return how many of the rare or of the common digits each seed of an arm finds, in per cent."""
    return 100 * of_seeds("imbalance", arm, f"{'minority' if group == 'rare' else 'majority'}_accuracy")


def _by_digit(arm: str) -> Array:
    """Return how many of each digit an arm finds, the mean of its seeds, in per cent: the common ones first."""
    return 100 * np.array(record("imbalance").measured["by_class"][arm])[[*COMMON, *RARE]]


@explorable(
    measured="imbalance",
    predict=Pick(
        "Four networks, all of the same training images. Which of them finds the most of the rare digits?",
        options=(
            "The teacher.",
            "Its student, of soft targets at T = 4.",
            "A student of labels.",
            "A student of labels, in which each rare image counts 12.5 times.",
        ),
        answer=lambda: int(np.argmax([_percent_found(arm, "rare").mean() for arm in WHO])),
        because="It is the weights that find rare digits, and they need no teacher. At T = 4 the teacher even costs.",
        at={"told": LABELS, "weights": ON_SAMPLES},
        covered=True,
    ),
    told=Choice((LABELS, AT_1, AT_4), AT_4, label="the student learns from"),
    weights=Choice(PLACES, NOWHERE, label="class weights"),
)
def digits(told, weights) -> Picture:
    """Who finds the rare digits, and who pays for it."""
    arm = ARMS[told, weights]
    color: Color = "blue" if told == LABELS else "orange"
    place, is_rare = np.arange(10), np.arange(10) >= len(COMMON)
    marks: list[Mark] = []
    means = {}
    for group, which, label in (("common", ~is_rare, "100 images each"), ("rare", is_rare, "8 images each")):
        interval = mean_interval(_percent_found(arm, group))
        mean, half = interval["mean"], interval["half_width"]
        means[group] = mean
        ends = place[which][[0, -1]] + [-0.45, 0.45]
        marks += [
            Bars(place[which], _by_digit(arm)[which], color=color, hatch=group == "rare", label=label),
            Band(ends, [mean - half] * 2, [mean + half] * 2, color="ink"),
            Line(ends, [mean] * 2, color="ink", thin=True),
        ]
    marks.append(Points(place, _by_digit("teacher"), color="ink", shape="star", label="the teacher"))
    of_teacher = _percent_found("teacher", "rare").mean()
    return Picture(
        x=Axis("digit", categories=tuple(map(str, (*COMMON, *RARE)))),
        y=Axis("found (%)", (0, 104)),
        marks=tuple(marks),
        sentence=(
            f"Learns from {told}, weights {weights}: finds {means['rare']:.1f} % of the rare digits and "
            f"{means['common']:.1f} % of the common ones. The teacher finds {of_teacher:.1f} % of the rare."
            + (" For labels, inside the sum and on samples are the same." if (told, weights) == SAME else "")
        ),
    )


SAME = (LABELS, INSIDE)

# --- a student learns, with weights here or there -------------------------------------------------------------------

LOW, HIGH, CELLS = -3.2, 3.8, 40
ACROSS = LOW + (np.arange(CELLS) + 0.5) * (HIGH - LOW) / CELLS
PLANE = np.stack(np.meshgrid(ACROSS, ACROSS[::-1]), axis=-1).reshape(-1, 2)  # the first row on top


def _learn_start(settings: Mapping[str, Any]) -> toy.State:
    return toy.start(settings)


def _learn_step(state: toy.State, settings: Mapping[str, Any], kind: str) -> toy.State:
    return toy.step(state, settings)


def _more_of_the_rare(weights: str) -> float:
    """Return how many more of 100 rare points a curved student of the teacher finds with these weights."""
    return toy.at_the_end(TEACHER, weights, 4.0, CURVED)[1] - toy.at_the_end(TEACHER, NOWHERE, 4.0, CURVED)[1]


@explorable(
    predict=(
        Pick(
            "The curved student can copy its teacher, which finds half of the rare points. Now each rare point counts "
            "twenty times as much as a common one. At the end the student finds",
            options=("nearly all of the rare points.", "some more than its teacher.", "as many as its teacher."),
            answer=lambda: int(np.digitize(-_more_of_the_rare(ON_SAMPLES), (-30, -2))),
            because=(
                "Each point's loss is least where the student equals the teacher. Twenty times the loss is least there "
                "too: the weights change the way, not the end."
            ),
            at={"run": STEPS, "weights": ON_SAMPLES, "told": TEACHER, "student": CURVED, "temperature": 4.0},
            covered=True,
        ),
        Estimate(
            "The same weights, the same teacher, the same curved student, T = 4, but the weights stand inside the sum. "
            "How many of 100 common points will it find?",
            low=0.0,
            high=100.0,
            answer=lambda: toy.at_the_end(TEACHER, INSIDE, 4.0, CURVED)[0],
            within=15.0,
            unit="%",
            mark="none",
            because="It no longer tries to copy the teacher. What it is after comes two sections below.",
            at={"run": STEPS, "weights": INSIDE, "told": TEACHER, "student": CURVED, "temperature": 4.0},
            before=INSIDE,
        ),
    ),
    run=Play(
        _learn_start,
        _learn_step,
        steps=STEPS,
        frame=(20,),
        frames=({"weights": NOWHERE}, {"weights": ON_SAMPLES}, {"weights": INSIDE}),
        restarts=("told", "weights", "temperature", "student", "rare"),
        speed="fast",
    ),
    told=Choice(TOLD, TEACHER, label="learns from"),
    weights=Choice(PLACES, NOWHERE, label="weights"),
    temperature=Slider(1.0, 4.0, 4.0, steps=7, label="temperature T"),
    student=Choice(STUDENTS, CURVED, label="border"),
    rare=Places(LOW, HIGH, toy.learned().points[toy.COUNTS[0] :].round(2), label="rare points"),
)
def learn(run, told, weights, temperature, student, rare) -> Sheet:
    """A student learns two classes, one of them rare."""
    z = toy.logits_of(PLANE, run.student, student)
    v = toy.teacher_logits(PLANE)
    box = {"x0": LOW, "x1": HIGH, "y0": LOW, "y1": HIGH}

    def border(logits: Array, **look: Any) -> Mark:
        return contour((logits[:, 1] - logits[:, 0]).reshape(CELLS, CELLS), 0.0, **box, **look)

    q = softmax(z, 1.0)[:, 1].reshape(CELLS, CELLS)
    color: Color = "blue" if told == LABELS else "orange"
    of_teacher, of_student = 100 * toy.found(toy.teacher_logits(toy.asked().points)), 100 * run.curve[-1, 1:]
    plane = {"domain": (LOW, HIGH), "hidden": True, "square": True}
    marks: tuple[Mark, ...] = (
        Heatmap(q - 0.5, LOW, HIGH, LOW, HIGH, kind="two", high=0.5, colors=("green", "purple"), faint=0.4),
        Points(*toy.learned().points[: toy.COUNTS[0]].T.round(2), color="green", shape="dot", label="common"),
        Points(*rare.T, color="purple", shape="diamond", label="rare", moves="rare"),
        border(v, color="ink", dashed=True, label="teacher's border"),
    )
    if run.step:
        marks = (*marks, border(z, color=color, label="student's border"))
    steps = run.curve[:, 0]
    return Sheet(
        rows=(
            (
                Picture(Axis("x", **plane), Axis("y", **plane), marks, "What the student calls each place."),
                Picture(
                    Axis("step", (0, STEPS)),
                    Axis("found (%)", (-2, 102)),
                    (
                        *(
                            mark
                            for i, (of_class, name) in enumerate((("green", "common"), ("purple", "rare")))
                            for mark in (
                                Line([0, STEPS], [of_teacher[i]] * 2, color=of_class, dashed=True, thin=True),
                                Line(steps, 100 * run.curve[:, 1 + i], color=of_class, label=name),
                            )
                        ),
                    ),
                    "Of new points. Dashed: the teacher.",
                ),
            ),
        ),
        sentence=(
            f"Step {run.step}: the student finds {of_student[0]:.0f} % of the common points and {of_student[1]:.0f} % "
            f"of the rare; the teacher {of_teacher[0]:.0f} % and {of_teacher[1]:.0f} %."
        ),
    )


# --- where is the loss least? ---------------------------------------------------------------------------------------

Q = np.round(1 / (1 + np.exp(-np.linspace(-4.6, 4.6, 37))), 4)  # the student's probability of the rare class, at T = 1


def _logits(p: Array | float) -> Array:
    """Return logits (..., 2) of a common and a rare class that give the rare one this probability at T = 1."""
    p = np.asarray(p, dtype=np.float64)
    return np.stack([np.log(1 - p), np.log(p)], axis=-1)


def _weights_of(ratio: float) -> Array:
    """Return balanced weights of a common class and one that is so many times as rare."""
    return np.array([1 + 1 / ratio, 1 + ratio]) / 2


def _least_at(p: float, ratio: float, temperature: float) -> float:
    """Return the student's probability of the rare class, at T = 1, where the weights inside make the sum least."""
    return float(softmax(inside_sum_minimiser(_logits(p), _weights_of(ratio), temperature), 1.0)[1])


@explorable(
    predict=Place(
        "The teacher gives the rare class 0.1 at T = 1, and its weight is 4 times the other's. Training is at T = 2. "
        "Place a line where the sum with weights inside is least, read at T = 1.",
        answer=lambda: [_least_at(0.1, 4.0, 2.0)],
        within=0.1,
        axis="x",
        because=(
            "At T = 2 the teacher's odds are the root of 1 to 9: 1 to 3. The weights make them 4 to 3. Back at T = 1 "
            "they are squared: 16 to 9."
        ),
        at={"p": 0.1, "ratio": 4.0, "temperature": 2.0},
        covered=True,
    ),
    p=Slider(0.02, 0.5, 0.1, scale="log", steps=2, stops=(0.05, 0.1, 0.2), label="teacher's p of the rare class"),
    ratio=Slider(1.0, 20.0, 4.0, scale="log", steps=2, stops=(2.0, 4.0, 8.0), label="weight of rare to common"),
    temperature=Slider(1.0, 8.0, 1.0, scale="log", steps=2, stops=(1.5, 2.0, 3.0, 4.0), label="temperature T"),
)
def least(p, ratio, temperature) -> Picture:
    """The same weights in two places: where each sum is least."""
    v, w, z = _logits(p), _weights_of(ratio), _logits(Q)
    rows = np.broadcast_to(v, z.shape)
    on_samples = w[1] * inside_sum_value(z, rows, np.ones(2), temperature)
    inside = inside_sum_value(z, rows, w, temperature)
    at, value = _least_at(p, ratio, temperature), float(inside_sum_minimum(v, w, temperature))
    return Picture(
        x=Axis("student's probability of the rare class, at T = 1", (0, 1)),
        y=Axis("loss of one rare sample (nats)", (-0.6, 1.2)),
        marks=(
            Rule(x=p, label="teacher"),
            Line(Q, on_samples, color="blue", dashed=True, label="weight on the sample"),
            Line(Q, inside, color="orange", label="weights inside the sum"),
            Points([p], [0.0], color="blue", label="least on samples"),
            Points([at], [value], color="orange", shape="diamond", label="least inside"),
        ),
        sentence=(
            f"Teacher {p:.2g}, weights 1 to {ratio:.3g}, T = {temperature:.2g}: on the sample the loss is least at "
            f"{p:.2g}, where it is 0; inside the sum at {at:.3f}, where it is {value:.3f}."
        ),
    )


# --- slide the world ------------------------------------------------------------------------------------------------

WORDS: dict[str, tuple[str, Color]] = {
    "labels": ("hard", "blue"),
    "labels weighted": ("hard_weighted", "sky"),
    "T = 1 weighted": ("kd_T1_weighted", "green"),
    "T = 4 weighted": ("kd_T4_weighted", "orange"),
    "T = 1 inside": ("kd_T1_inside", "purple"),
    "T = 4 inside": ("kd_T4_inside", "red"),
}
SHARES = np.linspace(0, 100, 11)  # of rare rows in the test, in per cent
TRAINED, EVEN = 3.3, 30.0


def _right(arm: str, share: Array | float) -> Array:
    """Return how often each seed is right where such shares of the rows are rare, in per cent: (seeds, shares)."""
    rare, common = _percent_found(arm, "rare"), _percent_found(arm, "common")
    return common[:, np.newaxis] + np.outer(rare - common, np.atleast_1d(share) / 100)


def overtaken_at(arm: str, by: str) -> float:
    """Return the share of rare rows, in per cent, from which on one arm is right more often on average than another."""
    rare, common = ((_percent_found(by, g) - _percent_found(arm, g)).mean() for g in ("rare", "common"))
    return float(100 * -common / (rare - common))


@explorable(
    measured="imbalance",
    predict=Estimate(
        "Weights on labels gained 11.4 points on the rare digits and lost 0.6 on the common ones. If more than what "
        "share of the test is rare, is the weighted student right more often?",
        low=0.0,
        high=100.0,
        answer=lambda: overtaken_at("hard", "hard_weighted"),
        within=2.0,
        unit="%",
        mark="x",
        because="Where 0.6 of the common share is 11.4 of the rare one: 0.6 in 12. In training the share is 3.3 %.",
        at={"arms": ["labels", "labels weighted"], "share": 5.0},
        covered=True,
    ),
    share=Slider(0.0, 100.0, EVEN, steps=11, stops=(TRAINED, 5.0), label="rare rows in the test, %"),
    arms=Ticks(tuple(WORDS), ("labels", "labels weighted", "T = 4 inside"), label="students"),
)
def world(share, arms) -> Picture:
    """The same students, tested in other worlds."""
    marks: list[Mark] = [Rule(x=TRAINED, label="as in training"), Rule(x=EVEN, label="all digits alike")]
    for name in arms:
        arm, color = WORDS[name]
        intervals = [mean_interval(column) for column in _right(arm, SHARES).T]
        mean, half = (np.array([each[key] for each in intervals]) for key in ("mean", "half_width"))
        marks += [
            Band(SHARES, (mean - half).round(2), (mean + half).round(2), color=color),
            Line(SHARES[[0, -1]], mean[[0, -1]].round(2), color=color, label=name),
        ]
    means = sorted(((float(_right(WORDS[name][0], share).mean()), name) for name in arms), reverse=True)
    told = "; ".join(f"{name}: {mean:.1f} %" for mean, name in means) or "nobody is ticked"
    return Picture(
        x=Axis("rare rows in the test (%)", (0, 100)),
        y=Axis("right in (%)", (60, 100)),
        marks=(*marks, Rule(x=share, color="ink", moves="share")),
        sentence=f"{share:.3g} % of the rows are rare. Right in: {told}.",
    )


# --- three readings of one error ------------------------------------------------------------------------------------

READINGS = {
    "the class against all others": ("classwise", True),
    "rows called rare": ("predicted", True),
    "rows that are rare": ("true", False),
}
TESTED = {"balanced": "balanced", "as in training": "imbalanced"}
SHOWN = {
    "labels": ("hard", "blue"),
    "labels, weighted": ("hard_weighted", "blue"),
    "T\u00a0=\u00a01": ("kd_T1", "orange"),
    "T\u00a0=\u00a01, weighted": ("kd_T1_weighted", "orange"),
    "T\u00a0=\u00a04": ("kd_T4", "orange"),
    "T\u00a0=\u00a04, weighted": ("kd_T4_weighted", "orange"),
}


def _error(arm: str, reading: str, tested: str = "balanced") -> Array:
    """Return each seed's calibration error on the rare digits, in per cent, by one of its readings."""
    return 100 * of_seeds("imbalance", arm, f"{READINGS[reading][0]}_rare_{TESTED[tested]}")


def _who_is_worse() -> int:
    """Return 0 if all readings say that T = 4 is worse than labels, 1 if all say better, 2 if they disagree."""
    worse = {bool(_error("kd_T4", reading).mean() > _error("hard", reading).mean()) for reading in READINGS}
    return 2 if len(worse) == 2 else 0 if worse == {True} else 1


@explorable(
    measured="imbalance",
    predict=Pick(
        "On the rare digits, is the student of T = 4 worse calibrated than the one of labels? The three readings say:",
        options=("yes, all of them.", "no, all of them.", "they do not agree."),
        answer=_who_is_worse,
        because="Among the rows called rare its error is smaller; by the two others it is larger.",
        at={"reading": "rows called rare", "tested": "balanced"},
        covered=True,
    ),
    reading=Choice(tuple(READINGS), "the class against all others", label="the error is that of"),
    tested=Choice(tuple(TESTED), "balanced", label="test rows"),
)
def readings(reading, tested) -> Picture:
    """One word, three errors: calibration on the rare digits."""
    name, has_null = READINGS[reading]
    of_seed = np.stack([_error(arm, reading, tested) for arm, _ in SHOWN.values()], axis=1)
    intervals = [mean_interval(column) for column in of_seed.T]
    mean, half = (np.array([each[key] for each in intervals]) for key in ("mean", "half_width"))
    place = np.arange(len(SHOWN))
    marks: list[Mark] = [
        Bars(place[which], mean[which], low=(mean - half)[which], high=(mean + half)[which], color=color)
        for color in ("blue", "orange")
        if (which := np.array([of == color for _, of in SHOWN.values()])).any()
    ]
    marks.append(beside(of_seed, shape="dot"))
    if has_null and tested == "balanced":
        null = [100 * of_seeds("imbalance", arm, f"{name}_rare_null").mean() for arm, _ in SHOWN.values()]
        marks.append(Points(place, null, color="ink", shape="star", label="by chance alone"))
    told = "; ".join(f"{who}: {value:.1f}" for who, value in zip(SHOWN, mean, strict=True))
    top = {"classwise": 7.0, "predicted": 40.0, "true": 40.0}[name]
    return Picture(
        x=Axis("student", categories=tuple(SHOWN)),
        y=Axis("error on rare digits (points)", (0, top)),
        marks=tuple(marks),
        sentence=f"Test rows {tested}, error of {reading}, in points. {told[0].upper()}{told[1:]}.",
    )
