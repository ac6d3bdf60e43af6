"""The widgets of the chapter applications/vision."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.explore import third_class
from kdlab.explore.controls import Choice, Paint, Slider, Switch
from kdlab.explore.drawing import (
    CLASSES,
    LABELS,
    NETWORKS,
    OMITTED,
    SIDE,
    in_blocks,
    placed,
    said_of,
    shown,
    stroked,
)
from kdlab.explore.helpers import beside
from kdlab.explore.marks import Bars, Heatmap, Image, Line, Mark, Points, Rects, Rule, Text
from kdlab.explore.measured import data, mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Curve, Estimate, Pick
from kdlab.explore.third_class import CELLS, EDGE, HIDDEN, LESSONS, PLANE, SOFT, STEPS, asked, learned, recall_after
from kdlab.explore.widget import explorable

Floats = NDArray[np.float64]

BARE = Axis("", hidden=True, square=True)

# --- a digit is drawn -----------------------------------------------------------------------------------------------

TALL = 0.55  # a bar of probability 1, in rows: there is room for a number above it
AS_LEARNED, SET = BIASES = ("as it was learned", "set to its share")
EIGHT = stroked(
    ((13, 13), (10, 11), (7, 11), (5, 14), (7, 17), (10, 16), (13, 13), (16, 10), (19, 10), (22, 13), (19, 17)),
    ((19, 17), (16, 16), (13, 13)),
)
READY = {
    "a 3 of the data": shown(),
    "a drawn 3": stroked(((6, 9), (4, 13), (5, 17), (9, 18), (12, 13), (15, 18), (19, 18), (22, 13), (20, 8))),
    "a small 3": stroked(((2, 3), (1, 6), (4, 8), (6, 5), (9, 8), (12, 6), (11, 3))),
    "a drawn 2": stroked(((8, 9), (5, 13), (7, 17), (12, 15), (21, 8), (21, 19))),
    "a drawn 5": stroked(((5, 18), (5, 10), (12, 10), (12, 15), (16, 18), (20, 16), (22, 9))),
}
ASKED = READY["a 3 of the data"]


def _answers(drawn: NDArray[np.uint8], put: bool, bias: str) -> tuple[Floats, dict[str, Floats]]:
    """Return what the networks see of a drawing, and the probabilities that each gives."""
    seen = in_blocks(placed(drawn) if put else drawn / 255.0)
    return seen, {network: said_of(seen, network, bias == SET) for network in NETWORKS}


def _what_labels_make_of_it() -> int:
    """Return 0 if the student of labels names the 3, 1 if it is sure that it is another digit, 2 if it is not sure."""
    p = _answers(ASKED, True, AS_LEARNED)[1][LABELS]
    return 0 if p.argmax() == OMITTED else 1 if p.max() > 0.8 else 2


def _who_names_it() -> int:
    """Return 0 if no repaired student names the 3, 1 if T = 4 and 8 do, 2 if all but that of labels, 3 if all."""
    answers = _answers(ASKED, True, SET)[1]
    names = [name for name in answers if name != "teacher" and answers[name].argmax() == OMITTED]
    return [[], ["T = 4", "T = 8"], ["T = 1", "T = 4", "T = 8"], [*answers][1:]].index(names)


@explorable(
    data=("vision.teacher_*", "vision.hard_*", "vision.T1_*", "vision.T4_*", "vision.T8_*", "vision.bias"),
    predict=(
        Pick(
            "A 3 of the data, which no network has learned, is put before the student of labels. It has never seen any "
            "3. What will it say?",
            options=("A 3, though not sure of it.", "Another digit, and it is sure.", "Nothing clear: it is not sure."),
            answer=_what_labels_make_of_it,
            because=(
                "It knows nine digits, and one of them has to be it. That it has never seen such a thing does not make "
                "it doubt."
            ),
            at={"drawn": ASKED.tolist(), "bias": AS_LEARNED},
        ),
        Pick(
            "Now one number is added to each student's logit of the 3, the same for all images. Which students call "
            "this 3 a 3?",
            options=("None.", "T = 4 and T = 8.", "All but that of labels.", "All four."),
            answer=_who_names_it,
            because=(
                "Those of soft targets knew it all along, and thought it rare. That of labels knows nothing of a 3: no "
                "number can help it."
            ),
            at={"drawn": ASKED.tolist(), "bias": SET},
            before=SET,
        ),
    ),
    drawn=Paint(SIDE, SIDE, EIGHT, READY, label="your digit"),
    bias=Choice(BIASES, AS_LEARNED, label="students' bias of the 3"),
    put=Switch(True, label="put in the middle"),
)
def draw(drawn, bias, put) -> Sheet:
    """Draw a digit, and ask a teacher and four students who never saw a 3."""
    seen, answers = _answers(drawn, put, bias)
    marks: list[Mark] = [
        Rects([OMITTED - 0.5], [OMITTED + 0.5], [-0.5], [len(NETWORKS) - 0.5], color="grey", filled=False)
    ]
    told = []
    for row, (network, p) in enumerate(reversed(answers.items()) if drawn.any() else ()):
        low, top = row - 0.45, int(p.argmax())
        others = np.flatnonzero(np.arange(CLASSES) != OMITTED)
        marks += [
            Bars(others, low + TALL * p[others], base=np.full(len(others), low), color="grey"),
            Bars([OMITTED], [low + TALL * p[OMITTED]], base=[low], color="orange"),
            Text(top, low + TALL * float(p[top]), f"{100 * p[top]:.0f}"),
        ]
        told.append(f"{network} says {top} ({100 * p[top]:.0f} %)")
    see = Picture(BARE, BARE, (Image(np.clip(seen, 0, 1), 0, 1, 0, 1, square=True),), "What they see.")
    say = Picture(
        Axis("digit", categories=tuple(map(str, range(CLASSES)))),
        Axis("", categories=tuple(reversed(answers))),
        tuple(marks),
        "What each says: probability of each digit, the largest in %.",
    )
    empty = "The paper is empty: draw a digit, or take one that is ready."
    return Sheet(
        ((see, say),), f"Probability of what each says: {'; '.join(reversed(told))}." if told else empty, first=1
    )


# --- what is said of a class on images of others --------------------------------------------------------------------

TASKS = {
    "digits without the 3": "digits3",
    "digits without the 8": "digits8",
    "images without the 3": "images3",
    "signals without the 3": "signals3",
}
HEARD = (1.0, 2.0, 4.0, 8.0, 16.0)


def _said(task: str, temperature: float) -> Floats:
    """Return the teachers' mean probability of the omitted class on the rows of each class, in per cent."""
    found = record("vision").measured
    return 100 * np.array(found["said"][task][found["said_temperatures"].index(temperature)])


@explorable(
    measured="vision",
    predict=Estimate(
        "At T = 1 the teachers give the 3 about one part in a thousand when they look at a 5. How many times as "
        "much is it at T = 4?",
        low=1.0,
        high=1000.0,
        factor=1.6,
        answer=lambda: _said("digits3", 4.0)[5] / _said("digits3", 1.0)[5],
        because=(
            "At T = 4 the odds against the right class are taken to the power of 1/4: one in ten thousand becomes one "
            "in ten. The mean over all images is less than that."
        ),
        mark="none",
        at={"temperature": 4.0, "task": "digits without the 3"},
    ),
    temperature=Slider(1.0, 16.0, 1.0, scale="log", steps=5, play=True, label="temperature T"),
    task=Choice(tuple(TASKS), "digits without the 3", label="data"),
)
def said(temperature, task) -> Picture:
    """What teachers say of the class that is left out, on images of the others."""
    omitted = int(TASKS[task][-1])
    p = _said(TASKS[task], temperature)
    others = np.array([c for c in range(CLASSES) if c != omitted])
    names = tuple(str(c) for c in others)
    most = int(others[p[others].argmax()])
    return Picture(
        x=Axis("the image is a", categories=names),
        y=Axis(f"probability of the {omitted} (%)", (0, 15)),
        marks=(
            Bars(range(len(others)), p[others], color="orange"),
            *(Text(i, each, f"{each:.2g}") for i, each in enumerate(p[others])),
        ),
        sentence=(
            f"At T = {temperature:g} the teachers see a {omitted} with {p[most]:.2g} % in an image of a {most}, the "
            f"most of all others, and with {p[others].mean():.2g} % in the mean of the nine."
        ),
    )


# --- loud, or early -------------------------------------------------------------------------------------------------


def _begin(settings: Mapping[str, Any]) -> third_class.State:
    """Return the student before its first step."""
    return third_class.start(settings)


def _go_on(state: third_class.State, settings: Mapping[str, Any], kind: str) -> third_class.State:
    """Return the student after one more step."""
    return third_class.step(state, settings)


@explorable(
    predict=Pick(
        "One student learns for 400 steps at T = 1, another for 100 steps at T = 4. Which calls more of C by its name?",
        options=("The one at T = 1: it learns four times as long.", "The one at T = 4.", "Both about the same."),
        answer=lambda: (
            2 if abs(gain := recall_after(SOFT, 4.0, 100) - recall_after(SOFT, 1.0, 400)) < 10 else 1 if gain > 0 else 0
        ),
        because="At T = 1 next to nothing pulls at C's logit. So it gets there, too, but needs twenty times as long.",
        at={"run": 100, "lesson": SOFT, "temperature": 4.0, "b": 0.0},
    ),
    run=Play(
        _begin,
        _go_on,
        steps=STEPS,
        frame=(20, 100),
        frames=(
            {"lesson": SOFT, "temperature": 1.0},
            {"lesson": SOFT, "temperature": 4.0},
            {"lesson": LESSONS[1], "temperature": 1.0},
        ),
        restarts=("lesson", "temperature"),
    ),
    lesson=Choice(LESSONS, SOFT, label="it learns"),
    temperature=Slider(0.5, 32.0, 1.0, scale="log", steps=7, label="temperature T"),
    b=Slider(0.0, 12.0, 0.0, steps=25, label="b, added to the logit of C"),
)
def plane(run, lesson, temperature, b) -> Picture:
    """Two clouds are learned, and a third region grows where no point lies."""
    called = (run.logits(PLANE) + b * (np.arange(3) == HIDDEN)).argmax(axis=-1).reshape(CELLS, CELLS)
    x, y = learned()
    recall, alarm = third_class.named(run, b)
    domain = {"domain": (-EDGE, EDGE), "hidden": True, "square": True}
    told = "labels" if lesson != SOFT else f"soft targets, T = {temperature:.3g}"
    return Picture(
        Axis("x", **domain),
        Axis("y", **domain),
        (
            Heatmap(called, -EDGE, EDGE, -EDGE, EDGE, kind="classes", colors=("sky", "green", "orange"), faint=0.55),
            Points(*x[y == 0].T, color="blue", label="learned: A"),
            Points(*x[y == 1].T, color="ink", label="learned: B"),
            Points(*asked()[:60].T, color="red", shape="triangle", hollow=True, label="never shown: C"),
        ),
        (
            f"{told[0].upper()}{told[1:]}, {run.step} steps, b = {b:g}: it calls {100 * recall:.0f} % of 500 new "
            f"points of C by their name, and {100 * alarm:.0f} % of what it learned C."
        ),
    )


# --- the temperature decides ----------------------------------------------------------------------------------------

NONE, SHARE, HALF = REPAIRS = ("as it was learned", "set to its share", "set to half of it")
LESSON_ARMS = {
    "labels": "hard",
    "T\u00a0=\u00a01": "T1",
    "T\u00a0=\u00a02": "T2",
    "T\u00a0=\u00a04": "T4",
    "T\u00a0=\u00a08": "T8",
}
ENDINGS = {NONE: "", SHARE: "_bias", HALF: "_half"}


def _recalls(task: str, repair: str) -> dict[int, Floats]:
    """Return each seed's recall in per cent, by the place of the lesson, of lessons that were measured."""
    arms = record("vision").measured["arms"]
    named = {place: f"{task}_{arm}{ENDINGS[repair]}" for place, arm in enumerate(LESSON_ARMS.values())}
    return {place: 100 * of_seeds("vision", arm, "recall") for place, arm in named.items() if arm in arms}


@explorable(
    measured="vision",
    predict=Curve(
        "The teachers of the eight-by-eight digits. Draw how many of the 3s each student finds that never saw one: "
        "taught by labels, or by soft targets at T = 1, 2, 4 and 8.",
        x=tuple(range(len(LESSON_ARMS))),
        answer=lambda: [of_seed.mean() for of_seed in _recalls("digits3", NONE).values()],
        within=12.0,
        unit="%",
        because="It is no gentle slope. Between T = 1 and T = 2 the student goes from none to most of them.",
        at={"task": "digits without the 3", "repair": NONE},
        covered=True,
    ),
    task=Choice(tuple(TASKS), "digits without the 3", label="data"),
    repair=Choice(REPAIRS, NONE, label="bias of the class"),
)
def recall(task, repair) -> Picture:
    """How much of a class that was left out each student finds."""
    found, name = _recalls(TASKS[task], repair), TASKS[task]
    places = np.array([*found])
    intervals = [mean_interval(of_seed.tolist()) for of_seed in found.values()]
    mean, half = (np.array([each[key] for each in intervals]) for key in ("mean", "half_width"))
    seeds = [beside(of_seed[:, np.newaxis], apart=place + 0.28, shape="dot") for place, of_seed in found.items()]
    present = 100 * of_seeds("vision", f"{name}_present", "recall")
    told = "; ".join(
        f"{lesson}: {each:.1f} %" for lesson, each in zip(np.array([*LESSON_ARMS])[places], mean, strict=True)
    )
    return Picture(
        x=Axis("taught by", categories=tuple(LESSON_ARMS)),
        y=Axis("found of the class (%)", (0, 100)),
        marks=(
            *seeds,
            Points(places, mean, low=mean - half, high=mean + half, color="orange"),
            Rule(y=float(present.mean()), label="all classes shown, T = 4"),
        ),
        sentence=f"{task[0].upper()}{task[1:]}, its bias {repair}. Found of it: {told}.",
    )


# --- one number -----------------------------------------------------------------------------------------------------

STUDENTS = ("labels", "T = 1", "T = 4", "T = 8")
B = np.linspace(0, 20, 81)


def _gaps(student: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Return how much each test row's logit of the 3 lacks to be the largest, and which rows are 3s."""
    return data("vision.gaps")[STUDENTS.index(student)].astype(np.float64), data("vision.is_omitted")


def _called(student: str, b: Floats | float) -> tuple[Floats, Floats]:
    """Return the parts of the 3s and of the other rows that are called a 3 with b added, in per cent."""
    gaps, is_three = _gaps(student)
    called = np.less.outer(gaps, np.atleast_1d(b))
    return 100 * called[is_three].mean(axis=0), 100 * called[~is_three].mean(axis=0)


def _bias(student: str) -> Floats:
    """Return each seed's b at which the mean probability of the 3 is its share."""
    return np.array(data("vision.bias")[f"digits{OMITTED}_{NETWORKS[student]}_bias"])


@lru_cache(maxsize=1)
def _found_by_labels() -> float:
    return float(100 * of_seeds("vision", f"digits{OMITTED}_hard_bias", "recall").mean())


@explorable(
    data=("vision.gaps", "vision.is_omitted", "vision.bias"),
    predict=(
        Estimate(
            "One row in ten is a 3. The student of T = 1 gives them less than one in a hundred, in the mean. Which b, "
            "added to its logit of the 3, makes the mean one in ten?",
            low=0.0,
            high=20.0,
            within=0.5,
            answer=lambda: (float(_bias("T = 1").min()), float(_bias("T = 1").max())),
            because=(
                "Over twenty seeds these are the least and the most. Most rows are far from being a 3, and a few "
                "tenths move none of them."
            ),
            mark="x",
            at={"student": "T = 1", "b": 4.24},
            covered=True,
        ),
        Pick(
            "The student of labels needs a b near 14 to have the share right. How many of the 3s does it find with it?",
            options=("Nearly all: the share is right.", "About a third.", "None: it has not learned any."),
            answer=lambda: int(np.argmin([abs(_found_by_labels() - each) for each in (95, 33, 0)])),
            because=(
                "It calls one row in ten a 3, and mostly wrong ones. That it finds more than one in ten is what the "
                "images themselves have in common."
            ),
            at={"student": "labels", "b": 13.4},
            before="labels",
        ),
    ),
    b=Slider(0.0, 20.0, 0.0, steps=41, stops=(4.24, 13.4), label="b"),
    student=Choice(STUDENTS, "T = 1", label="student of"),
)
def bias(b, student) -> Picture:
    """One number is added to one logit."""
    found, alarm = _called(student, B)
    here, false_here = (float(each[0]) for each in _called(student, b))
    return Picture(
        x=Axis("b, added to the logit of the 3", (0, 20)),
        y=Axis("called a 3 (%)", (0, 100)),
        marks=(
            Line(B, found, color="orange", label="of the 3s"),
            Line(B, alarm, color="blue", dashed=True, label="of all others"),
            Rule(x=float(_bias(student)[0]), color="grey", label="share set"),
            Rule(x=b, color="ink", moves="b"),
            Points([b, b], [here, false_here], color="ink"),
        ),
        sentence=(
            f"Student of {student}, b = {b:.3g}: {here:.0f} % of the 3s, and {false_here:.1f} % of all other rows, are "
            f"called a 3. The b that sets its share is {_bias(student)[0]:.2f}."
        ),
    )
