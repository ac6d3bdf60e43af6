"""The classroom: two students learn before one's eyes, one from labels, one from a teacher; small, and whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.distillation_loss import kl_divergence
from kdlab.core.temperature import softmax
from kdlab.explore.clouds import Cloud, pinwheel
from kdlab.explore.controls import Choice, Places, Seed, Slider, Switch
from kdlab.explore.helpers import contour
from kdlab.explore.learning import RAGGED, SMOOTH, STEPS, State, Teacher, logits_of, start, step
from kdlab.explore.measured import record
from kdlab.explore.picture import Axis, Bars, Heatmap, Line, Mark, Picture, Points, Segments, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Estimate, Pick
from kdlab.explore.tour import Stop
from kdlab.explore.widget import explorable

EDGE, CELLS = 2.4, 48  # of a map
CENTRES = EDGE * ((2 * np.arange(CELLS) + 1) / CELLS - 1)
PLANE = np.stack(np.meshgrid(CENTRES, CENTRES[::-1]), axis=-1).reshape(-1, 2)  # the first row on top
LEVELS = 64  # of a colour: more are not seen, and travel as twice the bytes
TINTS = np.array((0.66, 0.66, 0.14))  # paler than points; the third so pale that no mixture of the two is like it
DRAWN = 120  # points: more would hide the map


# --- what is drawn --------------------------------------------------------------------------------------------------


def maps(
    state: State, moves: str = "", second: str = "By the teacher", over: Sequence[Mark] = ()
) -> tuple[Picture, Picture, Picture]:
    """Return what the teacher and the two students believe of each place in the plane.

    `moves` is as of `Points`, `second` the title of the second student, and `over` what each map has on top.
    """
    labels, soft = state.measures[3:]
    titles = (
        f"Teacher {percent(state.teacher.accuracy, 1)}",
        f"By labels {percent(labels, 1)}",
        f"{second} {percent(soft, 1)}",
    )
    believed = [taught_belief(state.teacher), *map(belief, logits_of(PLANE, state.students))]
    points, plane = dots(state.cloud, moves), {"hidden": True, "square": True}
    return tuple(
        Picture(Axis("x", (-EDGE, EDGE), **plane), Axis("y", (-EDGE, EDGE), **plane), (*marks, *points, *over), title)
        for marks, title in zip(believed, titles, strict=True)
    )


@lru_cache(maxsize=8)
def taught_belief(teacher: Teacher) -> tuple[Heatmap, Segments, Segments]:
    """Return the belief of a teacher, once: it no longer learns."""
    return belief(logits_of(PLANE, teacher.network))


def belief(logits: NDArray[np.float64]) -> tuple[Heatmap, Segments, Segments]:
    """Return colours mixed by the probabilities, and the lines where the first choice changes.

    One is where the first class shares the first place, the other where the two others do, out of its reach.
    """
    z = logits.reshape(CELLS, CELLS, 3)
    one, two, three = np.moveaxis(z, -1, 0)
    first = one - np.maximum(two, three)
    box = (-EDGE, EDGE, -EDGE, EDGE)
    mixed = TINTS * np.rint(LEVELS * softmax(z, 1)) / LEVELS
    return (
        Heatmap(mixed, *box, kind="mix", colors=("blue", "orange", "ink")),
        contour(first, 0, *box, color="ink"),
        contour(two - three, 0, *box, hidden=first, color="ink"),
    )


def dots(cloud: Cloud, moves: str) -> list[Points]:
    """Return the points of each class in its colour and shape, wrong labels ringed; item i is point i."""
    looks = zip(("blue", "orange", "ink"), ("circle", "square", "triangle"), strict=True)
    cloud = Cloud(*(column[:DRAWN] for column in cloud))
    wrong = cloud.labels != cloud.classes
    return [
        Points(*np.where(cloud.labels == c, cloud.points.T, np.nan), color=color, shape=shape, ring=wrong, moves=moves)
        for c, (color, shape) in enumerate(looks)
    ]


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as a percentage, which no line breaks."""
    return f"{100 * share:.{decimals}f}\N{NO-BREAK SPACE}%"


# --- the emblem: maps, play, few or many ----------------------------------------------------------------------------

FEW, MANY = "few", "many"


def emblem_start(settings: Mapping[str, Any]) -> State:
    """Return the start with 30 points, or with all 600."""
    return start(points=30 if settings["points"] == FEW else 600)


def emblem_step(state: State, settings: Mapping[str, Any], kind: str) -> State:
    """Return the next state: soft targets alone, T = 2."""
    return step(state)


@explorable(
    run=Play(
        emblem_start,
        emblem_step,
        steps=STEPS,
        frame=(20,),
        frames=({"points": FEW},),
        restarts=("points",),
        speed="fast",
    ),
    points=Choice((FEW, MANY), FEW, label="points"),
)
def emblem(run, points) -> Sheet:
    """Two students begin as the same network: one is told the labels, one what the teacher thinks.

    The colours are what a network believes of each place; a ring is round a label that is wrong.
    """
    count, wrong = len(run.cloud.labels), np.sum(run.cloud.labels != run.cloud.classes)
    labels, soft = run.measures[3:]
    learned = (
        f"Step {run.step}: of new points the student of labels names {percent(labels)} rightly, the teacher's student "
        f"{percent(soft)}, the teacher {percent(run.teacher.accuracy)}."
    )
    drawn = f", of which {DRAWN} are drawn," if count > DRAWN else ","
    beginning = f"{count} points{drawn} {wrong} with a wrong label. Both students begin as one and the same network."
    return Sheet((maps(run),), learned if run.step else beginning)


# --- the whole classroom --------------------------------------------------------------------------------------------

SHAPES = ("circle", "square", "triangle")
STAR = (-1.6, -0.8)  # near a wrong label of the seed that is shown first
NUMBERS, OWN = ("30", "120", "600"), "my own"
RIGHT, WRONG = "0 %", "15 %"
EVEN, UNEVEN = "smooth", "ragged"
SOFT, CHOICE = "soft targets", "first choice"


def whole_start(settings: Mapping[str, Any]) -> State:
    """Return the start with these points, labels and teacher; one's own points have the labels one gives them."""
    own = None
    if settings["points"] == OWN:
        x, y, label = np.reshape(settings["own"], (-1, 3)).T
        own = Cloud(np.column_stack([x, y]), label.astype(np.int64), label.astype(np.int64))
    return start(
        seed=settings["seed"],
        wrong=0.15 if settings["wrong"] == WRONG else 0.0,
        points=0 if own else int(settings["points"]),
        own=own,
        widths=RAGGED if settings["teacher"] == UNEVEN else SMOOTH,
        teacher_labels=int(settings["teacher_labels"]),
    )


def whole_step(state: State, settings: Mapping[str, Any], kind: str) -> State:
    """Return the next state under the lesson that is set now."""
    return step(
        state,
        alpha=settings["alpha"],
        temperature=settings["temperature"],
        scale_by_T2=settings["scale_by_T2"],
        first_choice=settings["lesson"] == CHOICE,
    )


def of_seed(settings: Mapping[str, Any], seed: int) -> dict[str, float]:
    """Return the accuracy of both students of a seed after 400 steps under one lesson, in per cent."""
    state = whole_start({**settings, "seed": seed})
    while state.step < STEPS:
        state = whole_step(state, settings, "")
    labels, soft = 100 * state.measures[3:]
    return {"labels": float(labels), str(settings["lesson"]): float(soft)}


def recorded(arm: str, measure: str = "accuracy") -> float:
    """Return a mean over the seeds of the record, in its own unit."""
    return record("classroom").summary["arms"][arm][measure]["mean"]


def nearest(arm: str, *arms: str) -> int:
    """Return to which of several arms of the record another is nearest in accuracy."""
    return int(np.argmin([abs(recorded(arm) - recorded(other)) for other in arms]))


def gain(pair: str) -> tuple[float, float]:
    """Return the interval of a difference of accuracies in the record, in points."""
    found = record("classroom").summary["differences"][pair]["accuracy"]
    return 100 * (found["mean"] - found["half_width"]), 100 * (found["mean"] + found["half_width"])


def some_points(settings: Mapping[str, Any]) -> str:
    """Return "" where there is a point to learn, else what to do."""
    return "Put a point into the plane first." if settings["points"] == OWN and not len(settings["own"]) else ""


NINE = pinwheel(9, np.random.default_rng(8))

BASE = {"points": "30", "teacher_labels": "600", "alpha": 1.0, "temperature": 2.0, "scale_by_T2": True, "run": STEPS}

FORGOTTEN = BASE | {"alpha": 0.5, "temperature": 8.0, "scale_by_T2": False}
ALONE = FORGOTTEN | {"alpha": 1.0}
MANY_POINTS, NO_WISER = BASE | {"points": "600"}, BASE | {"teacher_labels": "30"}

STOPS = (
    Stop(
        "Thirty points",
        BASE,
        "The student of labels bends round each wrong point; the other becomes the teacher's soft map.",
    ),
    Stop(
        "The factor left out",
        FORGOTTEN,
        "At T = 8 the teacher's gradient is 64 times smaller without its factor: half a lesson that nobody hears.",
        Pick(
            "Now alpha = 0.5 and T = 8, and the factor T² is left out. Who will the second student be like?",
            options=("A student of soft targets.", "In between, as with the factor.", "A student of labels."),
            answer=lambda: nearest("mixed_30_T8_without_T2", "kd_30", "mixed_30_T8", "hard_30"),
            because="The labels' gradient is as large as ever, and the teacher's has become too small to count.",
            at=FORGOTTEN,
        ),
    ),
    Stop(
        "The teacher alone",
        ALONE,
        "With nothing beside it the small gradient is enough: Adam divides the size of a gradient out again.",
        Pick(
            "The factor stays out, but now alpha = 1: the teacher alone is heard. What of the student?",
            options=("As good as with the factor.", "In between.", "No better than by labels."),
            answer=lambda: nearest("kd_30_T8_without_T2", "kd_30_T8", "mixed_30_T8", "hard_30"),
            because="Adam takes steps of the same length whatever the size of the gradient.",
            at=ALONE,
        ),
    ),
    Stop(
        "Six hundred points",
        MANY_POINTS,
        "Where labels abound, the wrong ones are outvoted, and the teacher has little to add.",
        Estimate(
            "With 600 points, each wrong with the same chance as before: by how many points are soft targets above "
            "labels?",
            low=-5.0,
            high=25.0,
            answer=lambda: gain("kd_600 - hard_600"),
            within=1.0,
            because="A wrong label among many right ones bends no border; the student of labels has found the map.",
            unit="points",
            mark="none",
            at=MANY_POINTS,
        ),
    ),
    Stop(
        "A teacher that knows no more",
        NO_WISER,
        "A teacher of the same thirty labels has made the same mistakes, and passes them on.",
        Estimate(
            "Thirty points again, but the teacher too has seen only these thirty labels. By how many points do soft "
            "targets win now?",
            low=-5.0,
            high=25.0,
            answer=lambda: gain("same_30_kd - same_30_hard"),
            within=1.0,
            because="What soft targets gave was what the teacher had learned from the other labels.",
            unit="points",
            mark="none",
            at=NO_WISER,
        ),
    ),
)


@explorable(
    predict=Pick(
        "Thirty points, some with a wrong label. Two students begin as the same network: one learns the labels, one "
        "what the teacher thinks. After 400 steps, which of them is far from the teacher?",
        options=("The student of labels.", "The student of soft targets.", "Neither."),
        answer=lambda: int(np.argmax([recorded("hard_30", "kl"), recorded("kd_30", "kl"), 0.5])),
        because="It reaches for the ringed points, the wrong labels. Early on it was near: look at its curve.",
        at={"run": STEPS},
    ),
    stops=STOPS,
    run=Play(
        whole_start,
        whole_step,
        steps=STEPS,
        frame=(20,),
        frames=({},),
        restarts=("points", "wrong", "teacher_labels", "teacher", "seed", "own"),
    ),
    alpha=Slider(0.0, 1.0, 1.0, steps=21, label="weight alpha"),
    temperature=Slider(0.5, 16.0, 2.0, scale="log", steps=21, stops=(1.0, 4.0, 8.0), label="temperature T"),
    scale_by_T2=Switch(True, label="factor T²"),
    points=Choice((*NUMBERS, OWN), "30", label="points"),
    wrong=Choice((RIGHT, WRONG), WRONG, label="wrong labels"),
    teacher_labels=Choice(("30", "600"), "600", label="teacher's labels"),
    teacher=Choice((EVEN, UNEVEN), EVEN, label="teacher"),
    lesson=Choice((SOFT, CHOICE), SOFT, label="second student's lesson"),
    seed=Seed(value=8, over=of_seed, unit="%"),
    place=Places(-EDGE, EDGE, [STAR], label="the star"),
    own=Places(
        -EDGE,
        EDGE,
        np.column_stack([NINE.points.round(1), NINE.classes]),
        names=SHAPES,
        most=100,
        label="my own points",
        available=some_points,
    ),
)
def whole(
    run, alpha, temperature, scale_by_T2, points, wrong, teacher_labels, teacher, lesson, seed, place, own
) -> Sheet:
    """Two students begin as the same network: one is told the labels, one what the teacher thinks.

    The colours are what a network believes of each place; a ring is round a label that is wrong.
    """
    second = "By labels too" if alpha == 0 else "By the teacher" if alpha == 1 else "By both"
    star = Points(*place.T, color="green", shape="star", moves="place")
    seen = maps(run, "own" if points == OWN else "", second, (star,))
    return Sheet((seen, (*curves(run, lesson), at_star(run, place, lesson))), told(run, lesson), first=3)


def at_star(state: State, place: NDArray[np.float64], lesson: str) -> Picture:
    """Return what the teacher and both students say of one place, and how far the students are from the teacher."""
    v, z = logits_of(place, state.teacher.network)[0], logits_of(place, state.students)[:, 0]
    one, other = kl_divergence(z, np.stack([v, v]), 1)
    looks = ((-0.27, "grey", "teacher"), (0.0, "blue", "labels"), (0.27, "orange", lesson))
    return Picture(
        Axis("class", categories=SHAPES),
        Axis("probability", (0, 1)),
        tuple(
            Bars(np.arange(3) + aside, softmax(logits, 1), width=0.25, color=color, label=name, outline=color == "grey")
            for logits, (aside, color, name) in zip((v, *z), looks, strict=True)
        ),
        f"At the star: KL {one:.2f}, {other:.2f}",
    )


def curves(state: State, lesson: str) -> tuple[Picture, Picture]:
    """Return KL to the teacher over the steps, and the share of new points that is named rightly, of both students."""
    steps, *kl, labels, soft = np.vstack([state.curve, state.measures]).T
    right = 100 * np.array([labels, soft])
    return (
        two_lines(steps, kl, lesson, Axis("KL (nats)", (0, 3)), "Distance from the teacher"),
        two_lines(steps, right, lesson, Axis("new points right (%)", (30, 100)), "Right on new points"),
    )


def two_lines(steps: NDArray[np.float64], pair: Sequence[NDArray[np.float64]], lesson: str, y: Axis, title: str):
    """Return the picture of one measure of both students over the steps."""
    looks = (("blue", "labels", False), ("orange", lesson, True))
    lines = (
        Line(steps, each, color=color, label=name, dashed=dashed)
        for each, (color, name, dashed) in zip(pair, looks, strict=True)
    )
    ends = (Points(steps[-1:], each[-1:], color=color) for each, (color, *_) in zip(pair, looks, strict=True))
    return Picture(Axis("step", (0, STEPS)), y, (*lines, *ends), title)


def told(state: State, lesson: str) -> str:
    """Return the sentence of a step."""
    _, *kl, labels, soft = state.measures
    early = state.curve[state.curve[:, 3].argmax()]
    best = f" Labels were best at step {early[0]:.0f}, with {percent(early[3])}." if state.step == STEPS else ""
    return (
        f"Step {state.step}: labels {percent(labels)} right, {lesson} {percent(soft)}, "
        f"teacher {percent(state.teacher.accuracy)}. KL to the teacher {kl[0]:.2f} and {kl[1]:.2f}. "
        f"{by_heart(state)}{best}"
    ).strip()


def by_heart(state: State) -> str:
    """Say how many of the wrong labels each student gives back; "" where none is wrong."""
    wrong = state.cloud.labels != state.cloud.classes
    if not wrong.any():
        return ""
    points, labels = state.cloud.points[wrong], state.cloud.labels[wrong]
    one, other = (logits_of(points, state.students).argmax(axis=-1) == labels).sum(axis=-1)
    return f"Of {wrong.sum()} wrong labels the first gives {one} back, the second {other}."
