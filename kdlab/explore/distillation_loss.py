"""The widgets of the chapter principles/distillation_loss; the classroom has a file of its own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.distillation_loss import (
    cross_entropy_dz,
    high_temperature_correction,
    high_temperature_limit,
    kl_divergence,
    kl_divergence_dz,
)
from kdlab.core.temperature import entropy
from kdlab.explore.controls import Choice, Numbers, Shares, Slider, Switch
from kdlab.explore.marks import Arrow, Band, Bars, Line, Points, Rule, Text
from kdlab.explore.measured import mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.questions import Curve, Estimate, Pick, Place
from kdlab.explore.widget import explorable

# --- KL, class by class ---------------------------------------------------------------------------------------------

THREE = ("1", "2", "3")
TEACHERS = {"fairly sure": (0.7, 0.2, 0.1), "very sure": (0.97, 0.02, 0.01), "undecided": (0.4, 0.35, 0.25)}
STUDENT_Q = (0.4, 0.4, 0.2)


def log_of(shares: Any) -> NDArray[np.float64]:
    """Return logits whose softmax at T = 1 are these shares; that of a share of 0 is minus infinity."""
    with np.errstate(divide="ignore"):
        return np.log(np.asarray(shares))


def best_cross_entropy() -> float:
    """Return the cross-entropy of a student that agrees with the first teacher: the teacher's entropy."""
    return float(entropy(log_of(TEACHERS["fairly sure"]), 1))


@explorable(
    predict=(
        Estimate(
            "The teacher says 0.7, 0.2, 0.1. Choose q as well as you can: how small can the cross-entropy become?",
            low=0.0,
            high=1.5,
            answer=best_cross_entropy,
            within=0.1,
            because=(
                "What is left is the teacher's own entropy, which no student can take away. A loss that has done all "
                "it can need not be 0."
            ),
            unit="nats",
            mark="none",
        ),
        Place(
            "Now find the place: set q so that the cross-entropy is least.",
            answer=lambda: TEACHERS["fairly sure"],
            within=0.03,
            because="It is where q is p. There KL is 0, and the cross-entropy is the teacher's entropy.",
            control="q",
        ),
    ),
    q=Shares(STUDENT_Q, label="student q", names=THREE),
    teacher=Choice(tuple(TEACHERS), "fairly sure", label="teacher p"),
)
def by_class(q, teacher) -> Sheet:
    """KL class by class: what each class costs, and what it gives back."""
    p, q = np.array(TEACHERS[teacher]), np.array(q)
    log_p, log_q = log_of(p), log_of(q)
    terms = p * (log_p - log_q)
    H = entropy(log_p, 1)
    with np.errstate(invalid="ignore", over="ignore"):
        kl, reverse = kl_divergence(log_q, log_p, 1), kl_divergence(log_p, log_q, 1)
    places, classes = np.arange(3), Axis("class", categories=THREE)
    finite = np.where(np.isfinite(terms), terms, np.nan)
    reach = scale_of(np.nanmax(np.abs(finite)), least=0.5)
    tall = scale_of(max(x for x in (H + kl, reverse, 0.0) if math.isfinite(x)), least=1.5)
    said = [in_nats(x) for x in (kl, reverse, H + kl)]
    return Sheet(
        rows=(
            (
                Picture(
                    classes,
                    Axis("probability", (0, 1)),
                    (
                        Bars(places, p, color="grey", label="teacher p", width=0.8, outline=True),
                        Bars(places, q, color="purple", label="student q", width=0.5, moves="q"),
                    ),
                    "Drag the student's bars.",
                ),
                Picture(
                    classes,
                    Axis("p log(p/q) (nats)", (-reach, reach)),
                    (
                        Bars(places, np.where(finite > 0, finite, np.nan), color="orange", label="costs"),
                        Bars(
                            places, np.where(finite < 0, finite, np.nan), color="blue", label="gives back", hatch=True
                        ),
                        *(
                            Text(i, max(t, 0.0), f"{t:+.3f}".replace("-", "−"))
                            for i, t in enumerate(finite)
                            if np.isfinite(t)
                        ),
                        *(Text(i, 0.0, "∞", large=True) for i, t in enumerate(finite) if not np.isfinite(t)),
                    ),
                    "What each class adds.",
                ),
            ),
            (
                Picture(
                    Axis("", categories=("KL(p‖q)", "KL(q‖p)", "CE(p, q)")),
                    Axis("nats", (0, tall)),
                    (
                        Bars([2], [H], color="grey", label="teacher's entropy H(p)", outline=True),
                        Bars([0, 2], finite_or_nan([kl, H + kl]), base=[0, H], color="orange", label="KL(p‖q)"),
                        Bars([1], finite_or_nan([reverse]), color="sky", label="the other way round", hatch=True),
                        *(
                            Text(i, x if math.isfinite(x) else 0.0, words, large=not math.isfinite(x))
                            for i, (x, words) in enumerate(zip((kl, reverse, H + kl), said, strict=True))
                        ),
                    ),
                    "Their sum, and its relatives.",
                ),
            ),
        ),
        sentence=of_classes(terms, kl, H),
        first=0,
    )


def of_classes(terms: NDArray[np.float64], kl: float, H: float) -> str:
    """Say which classes cost and which give back, and what the sum is."""
    if not math.isfinite(kl):
        gone = [name for name, term in zip(THREE, terms, strict=True) if not math.isfinite(term)]
        return f"The student gives class {' and '.join(gone)} nothing, and the teacher does not: KL is infinite."
    costs = [name for name, term in zip(THREE, terms, strict=True) if term > 5e-4]
    back = -terms[terms < 0].sum()
    if not costs:
        return f"The student agrees with the teacher: KL is 0, and the cross-entropy {H:.2f} is the teacher's entropy."
    plural = "es" * (len(costs) > 1)
    return (
        f"Class{plural} {' and '.join(costs)} cost{'' if plural else 's'} {terms[terms > 0].sum():.2f} nats, "
        f"{back:.2f} come{'' if plural else 's'} back: KL is {kl:.2f}, of a cross-entropy of {H + kl:.2f}."
    )


def in_nats(x: float) -> str:
    """Return a number of nats, infinity as its sign."""
    return f"{x:.3f}" if math.isfinite(x) else "∞"


def finite_or_nan(values: list[float]) -> NDArray[np.float64]:
    """Return what can be drawn as a bar."""
    return np.where(np.isfinite(values), values, np.nan)


def scale_of(most: float, *, least: float) -> float:
    """Return the end of an axis that holds `most`: `least`, or the next of 1, 2, 5, 10, ..."""
    if most <= least:
        return least
    power = 10.0 ** math.floor(math.log10(most))
    return next(power * each for each in (1, 2, 5, 10) if most <= power * each * (1 + 1e-12))


# --- two pushes -----------------------------------------------------------------------------------------------------

FOUR = ("cat", "lynx", "dog", "fox")
Z, V, LABEL = (2.0, 1.5, -1.0, -1.0), (3.0, 1.0, -2.0, 0.5), 0  # the label is the cat


def pushes(z, v, alpha: float, T: float, scale_by_T2: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how the label and the teacher push the student's logits: minus the gradient of each term."""
    z, v = np.array(z), np.array(v)
    return -(1 - alpha) * cross_entropy_dz(z, np.array(LABEL)), -alpha * kl_divergence_dz(z, v, T, scale_by_T2)


def share_of_second(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the share of the second in the two lengths; NaN where both are 0."""
    lengths = np.linalg.norm(one), np.linalg.norm(other)
    return float(lengths[1] / sum(lengths)) if sum(lengths) > 0 else math.nan


@explorable(
    predict=Estimate(
        "alpha is 0.95: the teacher has 95 % of the weight. T is 6, and somebody forgot the factor T². Which share of "
        "the push is the teacher's?",
        low=0.0,
        high=1.0,
        answer=lambda: share_of_second(*pushes(Z, V, 0.95, 6.0, False)),
        within=0.1,
        because=(
            "alpha weighs two losses, not two pushes. Without its factor the teacher's push is 36 times smaller here."
        ),
        mark="none",
        at={"alpha": 0.95, "temperature": 6.0, "scale_by_T2": False},
    ),
    alpha=Slider(0.0, 1.0, 0.5, steps=21, label="weight of the teacher, alpha"),
    temperature=Slider(1.0, 32.0, 4.0, scale="log", steps=16, stops=(6.0, 16.0), label="temperature T"),
    scale_by_T2=Switch(True, label="factor T²"),
    z=Numbers(Z, -6.0, 6.0, names=FOUR, label="student's logits z", step=0.5),
    v=Numbers(V, -6.0, 6.0, names=FOUR, label="teacher's logits v", step=0.5),
)
def pull(alpha, temperature, scale_by_T2, z, v) -> Sheet:
    """Two pushes on every logit of the student: the label's, and the teacher's."""
    label, teacher = pushes(z, v, alpha, temperature, scale_by_T2)
    share = share_of_second(label, teacher)
    heard = f"the teacher's share of the push is {share:.2g}" if share == share else "nobody pushes"
    return Sheet(
        rows=(
            (
                logits_to_drag(z, "z", "purple", "The student's logits: drag them."),
                logits_to_drag(v, "v", "grey", "The teacher's: drag them too."),
            ),
            (of_pushes(label, teacher), of_shares(0.0 if share != share else share)),
        ),
        sentence=(
            f"alpha = {alpha:g}, T = {temperature:.3g}, {'with' if scale_by_T2 else 'without'} T²: the label pushes by "
            f"{np.linalg.norm(label):.3g}, the teacher by {np.linalg.norm(teacher):.3g}; {heard}."
        ),
        first=2,
    )


def logits_to_drag(logits, control: str, color: str, title: str) -> Picture:
    """Return bars of logits that a control moves."""
    axis = Axis(f"logit {control}", (-6, 6))
    return Picture(Axis("class", categories=FOUR), axis, (Bars(range(4), logits, color=color, moves=control),), title)


def of_pushes(label: NDArray[np.float64], teacher: NDArray[np.float64]) -> Picture:
    """Return the pushes on each logit as arrows, and their sum."""
    reach = scale_of(float(np.abs([label, teacher, label + teacher]).max()), least=0.5)
    groups = ((-0.25, label, "blue"), (0.0, teacher, "orange"), (0.25, label + teacher, "ink"))
    arrows = (
        Arrow(np.arange(4) + aside, np.zeros(4), np.arange(4) + aside, push, color=color)
        for aside, push, color in groups
    )
    return Picture(
        Axis("class: the label is the cat", categories=FOUR),
        Axis("push: minus the gradient", (-reach, reach)),
        (Rule(y=0.0), *arrows),
        "Dark: both pushes together.",
    )


def of_shares(teacher: float) -> Picture:
    """Return one bar, cut into the two shares of the push."""
    whole = {"horizontal": True, "width": 0.5}
    return Picture(
        Axis("share of the push", (0, 1)),
        Axis("", categories=("",)),
        (
            Bars([0], [1 - teacher], color="blue", label="label", **whole),
            Bars([0], [1], base=[1 - teacher], color="orange", label="teacher", hatch=True, **whole),
        ),
        "Who is heard?",
    )


# --- the limit ------------------------------------------------------------------------------------------------------

TEMPERATURES = np.geomspace(1, 200, 61)
ASKED = (1.0, 2.0, 4.0, 10.0, 30.0, 100.0)


@explorable(
    predict=Curve(
        "KL falls as T rises, and T² grows. Draw their product, T² KL, over T.",
        x=ASKED,
        answer=lambda: [float(kl_divergence(np.array(Z), np.array(V), T, True)) for T in ASKED],
        within=0.1,
        because=(
            "KL falls as 1/T², no faster and no slower: the product settles. Its limit is half the mean square of the "
            "differences between the centred logits."
        ),
        unit="nats",
        at={"temperature": 200.0, "limits": True},
    ),
    temperature=Slider(1.0, 200.0, 1.0, scale="log", steps=21, stops=(2.0, 4.0, 10.0, 100.0), label="temperature T"),
    limits=Switch(label="limits"),
    shift=Slider(-0.5, 1.0, 0.0, steps=7, label="added to all of the student's logits"),
    size=Slider(1.0, 4.0, 1.0, steps=4, label="all logits times"),
)
def limit(temperature, limits, shift, size) -> Picture:
    """What becomes of T² KL at high temperatures."""
    z, v = size * np.array(Z) + shift, size * np.array(V)
    T = np.append(TEMPERATURES[temperature > TEMPERATURES], temperature)

    def over_size(loss):
        return np.asarray(loss) / size**2

    so_far = over_size(T**2 * kl_divergence(z / T[:, np.newaxis], v / T[:, np.newaxis], 1))
    end, raw = over_size(high_temperature_limit(z, v)), over_size(((z - v) ** 2).sum() / (2 * z.size))
    nearer = end + over_size(high_temperature_correction(z, v)) / TEMPERATURES
    of_size = "" if size == 1 else f" over {size:g}²"
    compared = (
        Rule(y=float(end), label="limit: centred logits"),
        Rule(y=float(raw), color="red", label="raw logits"),
        Line(TEMPERATURES, nearer, color="sky", dashed=True, label="limit with the 1/T term"),
    )
    return Picture(
        x=Axis("temperature T", (1, 200), scale="log"),
        y=Axis(f"T² KL{of_size} (nats)", (0, 1)),
        marks=(
            *(compared if limits else ()),
            Line(T, so_far, color="orange", label="T² KL"),
            Rule(x=temperature, moves="temperature", label="T"),
            Points([temperature], so_far[-1:], color="orange"),
        ),
        sentence=(
            f"At T = {temperature:.3g}, T² KL{of_size} is {so_far[-1]:.3f}"
            + (f"; the limit {end:.3f} is {100 * (end / so_far[-1] - 1):.2g} % off, " if limits else "")
            + (f"and the raw logits would say {raw:.3f}." if limits else ".")
        ),
    )


# --- who gains ------------------------------------------------------------------------------------------------------

DIGITS, SIGNALS = ("20", "50", "100", "1,297"), ("100", "4,000")
LOOKS = {"orange": "square", "sky": "circle", "purple": "triangle", "blue": "circle"}
# of each comparison: the name and the colour of a series, and its rows, taught arm and baseline point by point
COMPARED = {
    "labels": {
        (f"{width} units", color): [(n, f"w{width}_{n}_kd", f"w{width}_{n}_hard") for n in DIGITS]
        for width, color in ((8, "sky"), (16, "orange"), (32, "purple"))
    },
    "labels, stopped in time": {
        ("16 units", "orange"): [(n, f"w16_{n}_kd", f"w16_{n}_hard_stopped") for n in DIGITS[:3]]
    },
    "labels, with weight decay": {
        ("16 units", "orange"): [(n, f"w16_{n}_kd", f"w16_{n}_hard_decayed") for n in DIGITS]
    },
    "labels; the teacher has the same": {
        ("teacher of 1,297 labels", "orange"): [("100", "w16_100_kd", "w16_100_hard")],
        ("teacher of the same 100", "blue"): [("100", "lesser_100_kd", "w16_100_hard")],
    },
    "labels, of signals": {
        ("convolutions", "orange"): [(n, f"signals_conv_{n}_kd", f"signals_conv_{n}_hard") for n in SIGNALS],
        ("one hidden layer", "sky"): [(n, f"signals_mlp_{n}_kd", f"signals_mlp_{n}_hard") for n in SIGNALS],
        ("the same, 2,400 steps", "purple"): [("4,000", "signals_mlp_4000_kd_long", "signals_mlp_4000_hard_long")],
    },
}
PLAIN, STOPPED, DECAYED, SAME, OF_SIGNALS = COMPARED


def gains(arm: str, baseline: str) -> NDArray[np.float64]:
    """Return the difference in accuracy of every seed, in points; a number in a name may have its comma."""
    taught, alone = (of_seeds("distillation_loss", name.replace(",", ""), "accuracy") for name in (arm, baseline))
    return 100 * (taught - alone)


def interval_of(arm: str, baseline: str) -> tuple[float, float]:
    """Return the interval of the mean difference, in points."""
    found = mean_interval(gains(arm, baseline))
    return found["mean"] - found["half_width"], found["mean"] + found["half_width"]


def what_stopping_leaves() -> int:
    """Return which option is right: how much of the gain is left if the labels' student stops in time."""
    left = np.mean(interval_of("w16_100_kd", "w16_100_hard_stopped")) / np.mean(
        interval_of("w16_100_kd", "w16_100_hard")
    )
    return 0 if left < 0.25 else 1 if left < 0.75 else 2


@explorable(
    measured="distillation_loss",
    predict=(
        Estimate(
            "With 100 digits soft targets are ahead of labels by about six points. Now the teacher has seen no more "
            "than these 100 labels itself. By how many points are its soft targets ahead?",
            low=-5.0,
            high=15.0,
            answer=lambda: interval_of("lesser_100_kd", "w16_100_hard"),
            within=1.0,
            because="What soft targets gave was what the teacher had learned from the other labels.",
            unit="points",
            mark="none",
            at={"against": SAME},
        ),
        Pick(
            "Most of the gap in the classroom was overfitting. So let the student of 100 labels stop when 100 other "
            "labels say it is best. What is left of the six points?",
            options=("Next to nothing.", "About half.", "All of it."),
            answer=what_stopping_leaves,
            because="On these digits the student of labels got no worse by learning on: there was nothing to save.",
            at={"against": STOPPED},
            before=STOPPED,
        ),
    ),
    against=Choice(tuple(COMPARED), PLAIN, label="soft targets against"),
)
def who_gains(against) -> Picture:
    """What soft targets gain over labels, by the number of examples."""
    series = COMPARED[against]
    rows = SIGNALS if against == OF_SIGNALS else DIGITS
    marks: list[Any] = [Rule(y=0.0, label="no gain")]
    words = []
    for k, ((name, color), points) in enumerate(series.items()):
        x = np.array([rows.index(n) for n, *_ in points]) + 0.24 * (k - (len(series) - 1) / 2)
        of_seed = np.array([gains(*pair) for _, *pair in points])
        low, high = np.array([interval_of(*pair) for _, *pair in points]).T
        beside = np.linspace(-0.07, 0.07, of_seed.shape[1])
        marks += [
            Points((x[:, np.newaxis] + beside).ravel(), of_seed.ravel(), color="grey", faint=0.5, shape="dot"),
            Points(x, (low + high) / 2, low, high, color=color, shape=LOOKS[color], label=name),
        ]
        means = ", ".join(f"{(a + b) / 2:+.1f}".replace("-", "−") for a, b in zip(low, high, strict=True))
        words.append(f"{name} {means} with {' and '.join(', '.join(n for n, *_ in points).rsplit(', ', 1))} examples")
    return Picture(
        x=Axis("examples that the student learns", categories=rows),
        y=Axis("gain in test accuracy (points)", (-20 if against == OF_SIGNALS else -5, 25)),
        marks=tuple(marks),
        sentence=f"Gain in points, against {against}: {'; '.join(words)}.",
    )


# --- the course of the training -------------------------------------------------------------------------------------

LESSONS = {"labels": ("hard", "blue"), "soft targets": ("kd", "orange")}


def course_of(rows: str, lesson: str) -> tuple[list[int], NDArray[np.float64]]:
    """Return the steps at which students of 16 units were measured, and the accuracy [step][seed] in per cent."""
    course = record("distillation_loss").measured["course"]
    return course["steps"], 100 * np.array(course["accuracy"][f"w16_{rows.replace(',', '')}_{lesson}"])


def who_is_ahead(rows: str, step: int) -> int:
    """Return which option is right: 0 labels, 1 soft targets, 2 neither by more than two points."""
    (steps, hard), (_, soft) = course_of(rows, "hard"), course_of(rows, "kd")
    ahead = (soft - hard)[steps.index(step)].mean()
    return 2 if abs(ahead) <= 2 else int(ahead > 0)


@explorable(
    measured="distillation_loss",
    predict=Pick(
        "With 100 digits soft targets win by six points after 600 steps. Who is ahead after 30 steps?",
        options=("The student of labels.", "The student of soft targets.", "Neither."),
        answer=lambda: who_is_ahead("100", 30),
        because=(
            "What a label says is soon learned. Soft targets ask for all ten probabilities: perhaps that takes longer; "
            "it goes further."
        ),
        at={"rows": "100"},
        covered=True,
    ),
    rows=Choice(DIGITS, "100", label="examples"),
)
def course(rows) -> Picture:
    """Two students on their way: accuracy over the steps."""
    marks: list[Any] = []
    words = []
    for name, (lesson, color) in LESSONS.items():
        steps, accuracy = course_of(rows, lesson)
        found = [mean_interval(of_step) for of_step in accuracy]
        mean, half_width = (np.array([each[key] for each in found]) for key in ("mean", "half_width"))
        marks += [
            Band(steps, mean - half_width, mean + half_width, color=color),
            Line(steps, mean, color=color, label=name, dashed=name != "labels"),
            Points(steps, mean, color=color),
        ]
        words.append(f"{name} {mean[1]:.0f} % after {steps[1]} steps and {mean[-1]:.1f} % after {steps[-1]}")
    return Picture(
        x=Axis("steps", (8, 750), scale="log"),
        y=Axis("test accuracy (%)", (0, 100)),
        marks=tuple(marks),
        sentence=f"{rows} digits: {'; '.join(words)}.",
    )
