"""The widgets of the chapter interplay/gradient_noise."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.gradient_noise import (
    batch_covariance,
    batch_variance,
    logit_gradients,
    signal_to_noise,
    variance_exponent,
)
from kdlab.explore import small_batches as toy
from kdlab.explore.controls import Choice, Seed, Slider, Switch
from kdlab.explore.helpers import ellipse
from kdlab.explore.marks import Arrow, Line, Mark, Points, Rule
from kdlab.explore.measured import mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Curve, Pick
from kdlab.explore.widget import explorable

# --- five students and their batches --------------------------------------------------------------------------------

LONG, MIDDLE, SHORT = "long", "middle", "short"
STEP_SIZES = {LONG: 150.0, MIDDLE: 60.0, SHORT: 0.6}
LOOKS: dict[str, dict[str, Any]] = {
    toy.BASE: {"color": "ink"},
    toy.FIXED: {"color": "blue"},
    toy.SHORTER: {"color": "green"},
    toy.RULE: {"color": "orange", "dashed": True},
    toy.RULE_T2: {"color": "red", "dashed": True},
}
TRAIL = 20  # steps that are drawn


def _who_walks_with_the_rule() -> int:
    """Return which of the other students stays nearest to the one whose temperature follows the rule."""
    run = toy.finished(STEP_SIZES[LONG], 8, 0)
    others = (toy.BASE, toy.FIXED, toy.SHORTER, toy.RULE_T2)
    return int(np.argmin([run.apart(toy.RULE, other) for other in others]))


def _does_the_rule_help() -> int:
    """Return how the rule does against small batches alone where the step is short: 0 better, 1 alike, 2 worse."""
    found = toy.ends(STEP_SIZES[SHORT], 8, 0)
    gain = found[toy.RULE] - found[toy.FIXED]
    return 0 if gain > 2 else 2 if gain < -2 else 1


@explorable(
    predict=(
        Pick(
            "Four students with batches of 8 draw the same rows. One of them has its temperature raised by the rule. "
            "Beside whom will it walk?",
            options=(
                "Beside the one with batches of 64.",
                "Beside the one with as few rows and nothing else changed.",
                "Beside the one with a shorter step.",
                "Beside the one whose loss has the factor T².",
            ),
            answer=_who_walks_with_the_rule,
            because="A higher temperature makes each gradient shorter. That is a shorter step, and hardly more.",
            at={"step": LONG, "batch": 8, "seed": 0, "run": toy.STEPS},
        ),
        Pick(
            "Now a step that is short. Few rows with the temperature raised by the rule end, against few rows alone,",
            options=("better,", "about the same,", "worse."),
            answer=_does_the_rule_help,
            because="There was no noise to speak of. What the rule does is to shorten a step that was short already.",
            at={"step": SHORT, "batch": 8, "seed": 0, "run": toy.STEPS},
            before=SHORT,
        ),
    ),
    run=Play(
        lambda settings: toy.start(STEP_SIZES[settings["step"]], settings["batch"], settings["seed"]),
        lambda state, settings, kind: toy.step(state),
        toy.STEPS,
        frame=(1, 10),
        frames=({}, {"step": MIDDLE}, {"step": SHORT}),
        restarts=("step", "batch", "seed"),
    ),
    step=Choice(tuple(STEP_SIZES), LONG, label="step"),
    batch=Slider(1, 64, 8, scale="log", steps=7, integer=True, label="small batch"),
    seed=Seed(over=lambda settings, seed: toy.ends(STEP_SIZES[settings["step"]], settings["batch"], seed), unit="%"),
)
def race(run, step, batch, seed) -> Sheet:
    """Five students of two weights: where they are, and how often they side with their teacher."""
    low, high = (-4.5, 4.5) if step != LONG else (-8.0, 12.0)
    blocks = run.right[: run.step - run.step % toy.EVERY].reshape(-1, toy.EVERY, len(toy.WAYS)).mean(axis=1)
    at = toy.EVERY * (np.arange(len(blocks)) + 0.5)
    trails: list[Mark] = []
    heads: list[Mark] = []
    curves: list[Mark] = []
    for name, look in LOOKS.items():
        k = toy.WAYS.index(name)
        x, y = run.places[-TRAIL - 1 :, k].round(2).T
        trails.append(Line(x, y, thin=True, **look))
        shape = "cross" if name == toy.BASE else None
        heads.append(Points(x[-1:], y[-1:], color=look["color"], shape=shape, label=name))
        curves.append(Line(at, 100 * blocks[:, k], label=name, **look))
    star = Points(toy.TEACHER[:1], toy.TEACHER[1:2], color="ink", shape="star", label="teacher")
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("weight 1", (low, high), square=True),
                    Axis("weight 2", (low, high)),
                    (*trails, star, *heads),
                    f"Their weights, and the last {TRAIL} steps.",
                ),
                Picture(
                    Axis("step", (0, toy.STEPS)),
                    Axis("the teacher's class in (%)", (0, 100)),
                    tuple(curves),
                    f"Means of {toy.EVERY} steps.",
                ),
            ),
        ),
        sentence=_of_race(run, STEP_SIZES[step], batch),
    )


def _of_race(run: toy.State, step_size: float, batch: int) -> str:
    """Return how often the students are right, and how far apart two pairs of them walk."""
    if not run.step:
        return "Before the first step all five have the same weights."
    right = 100 * run.right[-50:].mean(axis=0)
    found = ", ".join(f"{name} {each:.0f} %" for name, each in zip(toy.WAYS, right, strict=True))
    near, far = (run.apart(toy.RULE, other) for other in (toy.SHORTER, toy.FIXED))
    return (
        f"{run.step} steps of size {step_size:g}; few rows are {batch}. The teacher's class, mean of the last "
        f"{min(run.step, 50)} steps: {found}. Mean distance of the rule from the shorter step {near:.2f}, from few "
        f"rows alone {far:.2f}."
    )


# --- the cloud ------------------------------------------------------------------------------------------------------

BATCHES = (1, 4, 16, 60)
CORNERS = np.array([[0.0, 1.0], [-(3**0.5) / 2, -0.5], [3**0.5 / 2, -0.5]])  # where three classes point in a plane
WITH, WITHOUT = DRAWN = ("with replacement", "without")


@lru_cache(maxsize=1)
def _sixty_rows() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return logits (60, 3) of a student that knows half and likes the first class, and of its teacher."""
    rng = np.random.default_rng(1)
    v = 3 * rng.normal(size=(60, 3))
    return 0.5 * v + 1.5 * rng.normal(size=v.shape) + [2.0, 0.0, -2.0], v


def _gradients(T: float, scale_by_T2: bool) -> NDArray[np.float64]:
    return logit_gradients(*_sixty_rows(), T, scale_by_T2)


@lru_cache(maxsize=8)
def _batches(size: int, drawn: str) -> NDArray[np.intp]:
    """Return the rows of 30 batches (30, B)."""
    rng = np.random.default_rng(size)
    return np.array([rng.choice(60, size, replace=drawn == WITH) for _ in range(30)])


def _what_the_lens_shows() -> int:
    """Return what becomes of the spread, times T², from T = 16 to 64: 0 a sixteenth, 1 a quarter, 2 about the same."""
    before, after = (batch_variance(_gradients(T, scale_by_T2=True), 4) ** 0.5 for T in (16.0, 64.0))
    return int(np.argmin(np.abs(np.log(after / before) - np.log([1 / 16, 1 / 4, 1]))))


@explorable(
    predict=Pick(
        "At high temperatures each gradient falls as 1/T². Look at the cloud through a lens that enlarges T² times. "
        "From T = 16 to T = 64 the cloud in the lens",
        options=("shrinks to a sixteenth,", "shrinks to a quarter,", "stays about as it is."),
        answer=_what_the_lens_shows,
        because=(
            "Every gradient shrinks by the same factor: the arrow, the cloud round its head, and the ellipse of the "
            "batches. The lens is Hinton's factor, and undoes it."
        ),
        at={"temperature": 64.0, "lens": True},
    ),
    temperature=Slider(1.0, 64.0, 2.0, scale="log", steps=7, play=True, label="temperature T"),
    lens=Switch(label="times T²"),
    batch=Slider(1, 60, 4, scale="log", steps=2, stops=BATCHES, integer=True, label="batch B"),
    drawn=Choice(DRAWN, WITH, label="drawn"),
)
def cloud(temperature, lens, batch, drawn) -> Picture:
    """Sixty gradients, and what batches of them say."""
    g = _gradients(temperature, lens)
    reach = 3.0 if lens else 0.6
    plane = g @ CORNERS
    means = plane[_batches(batch, drawn)].mean(axis=1)
    signal = plane.mean(axis=0)
    replacement = drawn == WITH
    covariance = CORNERS.T @ batch_covariance(g, batch, replacement) @ CORNERS
    noise = batch_variance(g, batch, replacement) ** 0.5
    ratio = signal_to_noise(g, batch, replacement)
    return Picture(
        Axis("towards class 3, away from class 2", (-reach, reach), square=True),
        Axis("towards class 1", (-reach, reach)),
        (
            Points(*plane.round(4).T, color="grey", shape="dot", label="one row"),
            Points(*means.round(4).T, color="orange", shape="diamond", hollow=True, label="mean of a batch"),
            ellipse(signal, covariance, radius=2.0, color="orange"),
            Arrow([0.0], [0.0], signal[:1], signal[1:], color="ink"),
        ),
        (
            f"T = {temperature:.3g}, batches of {batch} {'with replacement' if replacement else 'without replacement'}"
            f"{', times T²' if lens else ''}: signal {np.linalg.norm(g.mean(axis=0)):.3g}, noise {noise:.3g}, "
            f"signal over noise, squared, {'without bound' if np.isinf(ratio) else f'{ratio:.3g}'}."
        ),
    )


# --- the exponent ---------------------------------------------------------------------------------------------------

TEMPERATURES = np.geomspace(0.5, 64.0, 43)
KNOWS = {"nothing": 0.0, "half of it": 0.5, "nearly all": 0.9}
READ = (1.0, 4.0, 16.0, 64.0)


def _sure(classes: int, lead: float, knows: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return logits of student and teacher, a row for each class: the teacher's own is ahead by `lead`."""
    v = lead * np.eye(classes)
    return KNOWS[knows] * v, v


@lru_cache(maxsize=64)
def _falls(classes: int, lead: float, knows: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the variance of a batch of one at each temperature, and the exponent there."""
    z, v = _sure(classes, lead, knows)
    variances = [batch_variance(logit_gradients(z, v, T)) for T in TEMPERATURES]
    return np.array(variances), np.array([variance_exponent(z, v, T) for T in TEMPERATURES])


def _how_steep_it_gets() -> int:
    """Return how steep the fall of ten classes gets: 0 as -2, 1 as -4, 2 steeper."""
    steepest = _falls(10, 10.0, "nothing")[1].min()
    return 2 if steepest < -4.2 else 1 if steepest < -3 else 0


def _how_it_begins() -> int:
    """Return how the variance begins where both agree on every first choice: 0 as 1/T², 1 slower, 2 it rises."""
    begins = _falls(10, 10.0, "half of it")[1][0]
    return 2 if begins > 0 else 1 if begins > -1.8 else 0


@explorable(
    predict=(
        Pick(
            "Ten classes; the teacher's first choice is 10 ahead, and the student knows nothing. The fall begins as "
            "1/T² and ends as 1/T⁴. How steep is it where it is steepest?",
            options=("As 1/T², at the beginning.", "As 1/T⁴, at the end.", "Steeper than 1/T⁴, on the way."),
            answer=_how_steep_it_gets,
            because=(
                "Near T = 4 nine others together overtake the first choice, and the teacher's probabilities melt "
                "within a short stretch. There q − p falls faster than it ever does at a high T."
            ),
            at={"classes": "10", "lead": 10.0, "knows": "nothing"},
            covered=True,
        ),
        Pick(
            "Now the student knows half of it: in every row its first choice is that of its teacher. From T = 0.5 "
            "upwards the variance",
            options=("falls as 1/T²,", "falls, but more slowly,", "rises."),
            answer=_how_it_begins,
            because=(
                "At a low T both are certain, and of the same class: q − p is nearly 0 in every row. A higher T shows "
                "that they differ, and so the gradients grow."
            ),
            at={"classes": "10", "lead": 10.0, "knows": "half of it"},
            before="half of it",
        ),
    ),
    classes=Choice(("2", "10", "100"), "10", label="classes"),
    lead=Slider(2.0, 20.0, 10.0, scale="log", steps=4, label="lead of the first choice"),
    knows=Choice(tuple(KNOWS), "nothing", label="the student knows"),
)
def exponent(classes, lead, knows) -> Sheet:
    """How fast the noise falls with the temperature, and how steep that is."""
    asked = int(classes), lead, knows
    variance, steepness = _falls(*asked)
    temperatures = Axis("temperature T", (0.5, 64.0), scale="log")
    laws = [
        (variance[0] * (TEMPERATURES / TEMPERATURES[0]) ** -2.0, "1/T²"),
        (variance[-1] * (TEMPERATURES / TEMPERATURES[-1]) ** -4.0, "1/T⁴"),
    ]
    return Sheet(
        rows=(
            (
                Picture(
                    temperatures,
                    Axis("variance of one gradient", (1e-10, 10.0), scale="log"),
                    (
                        *(Line(TEMPERATURES, law, color="grey", dashed=True, label=name) for law, name in laws),
                        Line(TEMPERATURES, variance, color="blue", label="exact"),
                    ),
                    "The fall.",
                ),
                Picture(
                    temperatures,
                    Axis("exponent", (-8.0, 4.0)),
                    (
                        Rule(y=-2.0, label="−2"),
                        Rule(y=-4.0, label="−4"),
                        Line(TEMPERATURES, steepness, color="blue"),
                    ),
                    "How steep: the power of T.",
                ),
            ),
        ),
        sentence=(
            f"{classes} classes, first choice {lead:.3g} ahead, the student knows {knows}. Exponent at "
            + ", ".join(f"T = {T:g}: {variance_exponent(*_sure(*asked), T):.2f}" for T in READ).replace("-", "−")
            + "."
        ),
    )


# --- what was measured of the noise ---------------------------------------------------------------------------------

STATES = {
    "before the first step": ("noise_initial", "blue"),
    "after 40 steps": ("noise_early", "orange"),
    "after 500 steps": ("noise_trained", "green"),
}
SHOWN = {
    "exponent": ("logits", Axis("exponent", (-5.0, -1.0))),
    "variance over the law": ("law", Axis("variance, over what the law says", (0.01, 3.0), scale="log")),
    "signal over noise": ("snr", Axis("signal over noise, squared", (0.01, 10.0), scale="log")),
}
STEPS_OF_T = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


def _of_noise(state: str, kind: str) -> NDArray[np.float64]:
    """Return a measure of every seed (seeds, temperatures)."""
    return np.array(record("gradient_noise").measured["noise"][state][kind])


@explorable(
    measured="gradient_noise",
    predict=Curve(
        "A student after 40 steps: it has begun to agree with its teacher. Draw the exponent of the variance over the "
        "temperature.",
        x=STEPS_OF_T,
        answer=lambda: _of_noise("noise_early", "logits").mean(axis=0),
        within=0.35,
        because=(
            "It is no way from −2 to −4. Near T = 1 the fall is slower than 1/T², and from T = 8 on it is faster than "
            "1/T⁴."
        ),
        at={"shown": "exponent"},
        covered=True,
    ),
    shown=Choice(tuple(SHOWN), "exponent", label="shown"),
)
def trained(shown) -> Picture:
    """The noise of students of digits, at eight temperatures."""
    kind, axis = SHOWN[shown]
    T = np.array(STEPS_OF_T)
    dots, means, words = [], [], []
    for name, (state, color) in STATES.items():
        values = _of_noise(state, kind)
        found = [mean_interval(of_T) for of_T in values.T]
        mean, half_width = (np.array([each[key] for each in found]) for key in ("mean", "half_width"))
        dots.append(Points(np.tile(T, len(values)), values.ravel(), color="grey", shape="dot", faint=0.5))
        means += [
            Line(T, mean, color=color),
            Points(T, mean, low=mean - half_width, high=mean + half_width, color=color, label=name),
        ]
        at = ", ".join(f"{mean[STEPS_OF_T.index(t)]:.3g}" for t in READ).replace("-", "−")
        words.append(f"{name} {at}")
    laws = {"exponent": (-2.0, -4.0), "variance over the law": (1.0,), "signal over noise": ()}[shown]
    return Picture(
        Axis("temperature T", (0.4, 80.0), scale="log"),
        axis,
        (*(Rule(y=y) for y in laws), *dots, *means),
        f"{shown.capitalize()} at T = 1, 4, 16 and 64: {'; '.join(words)}.",
    )


# --- what was measured of the rule ----------------------------------------------------------------------------------

CHANGES = {
    "base": (toy.BASE, "ink"),
    "fixed": (toy.FIXED, "blue"),
    "rule": (toy.RULE, "orange"),
    "lr": (toy.SHORTER, "green"),
    "rule_T2": (toy.RULE_T2, "red"),
}
LARGE, ADAM = "large", "Adam"
OPTIMISERS = {LARGE: "sgd_0.3", "a third of it": "sgd_0.1", "a thirtieth": "sgd_0.01", ADAM: "adam"}


def _accuracy(step: str, change: str, batch: str) -> NDArray[np.float64]:
    """Return the accuracy of an arm in per cent, of every seed."""
    size = "64" if change == "base" else batch
    return 100 * of_seeds("gradient_noise", f"{OPTIMISERS[step]}_{change}_B{size}", "accuracy")


def _of_adam() -> int:
    """Return what the rule does with Adam: 0 helps, 1 neither by more than a point, 2 harms."""
    gain = (_accuracy(ADAM, "rule", "8") - _accuracy(ADAM, "fixed", "8")).mean()
    return 1 if abs(gain) < 1 else 0 if gain > 0 else 2


@explorable(
    measured="gradient_noise",
    predict=Pick(
        "Adam divides each gradient by its own recent size. With Adam, batches of 8, the temperature raised by the "
        "rule:",
        options=("that helps.", "that changes less than a point.", "that harms."),
        answer=_of_adam,
        because=(
            "The rule works by making gradients shorter, and Adam makes them as long again. A step that really is "
            "shorter harms here: choose it in the figure."
        ),
        at={"step": ADAM, "batch": "8"},
        covered=True,
    ),
    step=Choice(tuple(OPTIMISERS), LARGE, label="step"),
    batch=Choice(("8", "4"), "8", label="small batch"),
)
def arms(step, batch) -> Picture:
    """Students of digits, their batch cut down: as it is, by the rule, by a shorter step, by the rule with T²."""
    changes = [change for change in CHANGES if (step, change) != (ADAM, "rule_T2")]
    marks: list[Mark] = []
    words = []
    for place, change in enumerate(changes):
        name, color = CHANGES[change]
        values = _accuracy(step, change, batch)
        found = mean_interval(values)
        mean, half_width = found["mean"], found["half_width"]
        beside = place + 0.2 + np.linspace(-0.08, 0.08, values.size)
        marks += [
            Points(beside, values, color="grey", shape="dot", faint=0.4),
            Points([place], [mean], [mean - half_width], [mean + half_width], color=color),
        ]
        words.append(f"{name} {mean:.1f} %")
    kind = ADAM if step == ADAM else f"plain gradient descent, step {step}"
    return Picture(
        Axis("", categories=tuple(CHANGES[change][0] for change in changes)),
        Axis("test accuracy (%)", (0, 100)),
        tuple(marks),
        f"{kind[0].upper()}{kind[1:]}, from batches of 64 to {batch}: {'; '.join(words)}.",
    )
