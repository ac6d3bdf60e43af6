"""The classroom: two students learn before one's eyes, one from labels, one from a teacher; small, and whole."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.temperature import softmax
from kdlab.explore.clouds import Cloud, pinwheel
from kdlab.explore.controls import Choice, Places, Seed, Slider, Switch
from kdlab.explore.helpers import contour
from kdlab.explore.learning import RAGGED, SMOOTH, STEPS, State, Teacher, logits_of, start, step
from kdlab.explore.measured import record
from kdlab.explore.picture import Axis, Heatmap, Line, Picture, Points, Segments, Sheet
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


def maps(state: State, moves: str = "") -> tuple[Picture, Picture, Picture]:
    """Return what the teacher and the two students believe of each place in the plane; `moves` as of `Points`."""
    labels, soft = state.measures[3:]
    titles = (
        f"Teacher {percent(state.teacher.accuracy, 1)}",
        f"By labels {percent(labels, 1)}",
        f"By the teacher {percent(soft, 1)}",
    )
    believed = [taught_belief(state.teacher), *map(belief, logits_of(PLANE, state.students))]
    points, plane = dots(state.cloud, moves), {"hidden": True, "square": True}
    return tuple(
        Picture(Axis("x", (-EDGE, EDGE), **plane), Axis("y", (-EDGE, EDGE), **plane), (*marks, *points), title)
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

STOPS = (
    Stop(
        "Thirty points",
        BASE,
        "The student of labels bends round each wrong point; the other becomes the teacher's soft map.",
    ),
    Stop(
        "The factor left out",
        BASE | {"alpha": 0.5, "temperature": 8.0, "scale_by_T2": False},
        "At T = 8 the teacher's gradient is 64 times smaller without its factor: half a lesson that nobody hears.",
        Pick(
            "Now alpha = 0.5 and T = 8, and the factor T² is left out. Who will the second student be like?",
            options=("A student of soft targets.", "In between, as with the factor.", "A student of labels."),
            answer=lambda: nearest("mixed_30_T8_without_T2", "kd_30", "mixed_30_T8", "hard_30"),
            because="The labels' gradient is as large as ever, and the teacher's has become too small to count.",
        ),
    ),
    Stop(
        "The teacher alone",
        BASE | {"temperature": 8.0, "scale_by_T2": False},
        "With nothing beside it the small gradient is enough: Adam divides the size of a gradient out again.",
        Pick(
            "The factor stays out, but now alpha = 1: the teacher alone is heard. What of the student?",
            options=("As good as with the factor.", "In between.", "No better than by labels."),
            answer=lambda: nearest("kd_30_T8_without_T2", "kd_30_T8", "mixed_30_T8", "hard_30"),
            because="Adam takes steps of the same length whatever the size of the gradient.",
        ),
    ),
    Stop(
        "Six hundred points",
        BASE | {"points": "600"},
        "Where labels abound, the wrong ones are outvoted, and the teacher has little to add.",
        Estimate(
            "With 600 points, 15 % of them wrong as before: by how many points are soft targets above labels?",
            low=-5.0,
            high=25.0,
            answer=lambda: gain("kd_600 - hard_600"),
            within=1.0,
            because="A wrong label among many right ones bends no border; the student of labels has found the map.",
            unit="points",
            mark="none",
        ),
    ),
    Stop(
        "A teacher that knows no more",
        BASE | {"teacher_labels": "30"},
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
    alpha=Slider(0.0, 1.0, 1.0, steps=21, label="share of the teacher's lesson, alpha"),
    temperature=Slider(0.5, 16.0, 2.0, scale="log", steps=21, stops=(1.0, 4.0, 8.0), label="temperature T"),
    scale_by_T2=Switch(True, label="factor T²"),
    points=Choice((*NUMBERS, OWN), "30", label="points"),
    wrong=Choice((RIGHT, WRONG), WRONG, label="wrong labels"),
    teacher_labels=Choice(("30", "600"), "600", label="labels of the teacher"),
    teacher=Choice((EVEN, UNEVEN), EVEN, label="teacher"),
    lesson=Choice((SOFT, CHOICE), SOFT, label="second student's lesson"),
    seed=Seed(value=8, over=of_seed, unit="%"),
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
def whole(run, alpha, temperature, scale_by_T2, points, wrong, teacher_labels, teacher, lesson, seed, own) -> Sheet:
    """Two students begin as the same network: one is told the labels, one what the teacher thinks.

    The colours are what a network believes of each place; a ring is round a label that is wrong.
    """
    return Sheet((maps(run, "own" if points == OWN else ""), (curves(run, lesson),)), told(run, lesson), first=3)


def curves(state: State, lesson: str) -> Picture:
    """Return KL to the teacher over the steps, of both students."""
    steps, labels, soft = np.vstack([state.curve, state.measures]).T[:3]
    ends = [(labels, "labels", "blue"), (soft, lesson, "orange")]
    return Picture(
        x=Axis("step", (0, STEPS)),
        y=Axis("KL (nats)", (0, 3)),
        marks=(
            Line(steps, labels, color="blue", label="labels"),
            Line(steps, soft, color="orange", label=lesson, dashed=True),
            *(Points(steps[-1:], kl[-1:], color=color) for kl, _, color in ends),
        ),
        sentence="Distance from the teacher",
    )


def told(state: State, lesson: str) -> str:
    """Return the sentence of a step."""
    _, *kl, labels, soft = state.measures
    early = state.curve[state.curve[:, 3].argmax()]
    best = f" Labels were best at step {early[0]:.0f}, with {percent(early[3])}." if state.step == STEPS else ""
    return (
        f"Step {state.step}: labels {percent(labels)} right, {lesson} {percent(soft)}, "
        f"teacher {percent(state.teacher.accuracy)}. KL to the teacher {kl[0]:.2f} and {kl[1]:.2f}.{best}"
    )
