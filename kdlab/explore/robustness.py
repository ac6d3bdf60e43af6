"""The widgets of the chapter interplay/robustness."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kdlab.core.robustness import (
    critical_radius,
    dual_norm,
    effective_weights,
    gaussian_robust_accuracy,
    worst_margins,
    worst_perturbation,
)
from kdlab.explore.attacked_digit import (
    BITS,
    FIRST,
    NETWORKS,
    SECOND,
    SIDE,
    TOP_PART,
    TOP_SHARE,
    radius_of,
    seen,
    shaded,
    with_equal_weights,
)
from kdlab.explore.controls import Choice, Places, Slider, Ticks
from kdlab.explore.helpers import ellipse, network
from kdlab.explore.marks import Arrow, Band, Bars, Image, Line, Mark, Points, Rects, Text
from kdlab.explore.measured import mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.questions import Curve, Estimate, Pick
from kdlab.explore.rewritten_network import (
    AS_IS,
    GIVEN,
    HIDDEN,
    OUTPUT,
    TRIED,
    layers_of,
    lossless_second,
    say,
    shares_of,
    weights_as_texts,
    what_moves,
)
from kdlab.explore.widget import explorable

Floats = NDArray[np.float64]

BARE = Axis("", hidden=True)

# --- two layers under attack ----------------------------------------------------------------------------------------

DATA = {"digits 3 and 8": "digits", "breast cancer": "cancer"}
AS_TRAINED, SIGNS_LAST, SIGNS_FIRST, UNDECAYED = "as trained", "signs in layer 2", "signs in layer 1", "no weight decay"
WRITTEN = {AS_TRAINED: "h16", SIGNS_LAST: "diagonal", SIGNS_FIRST: "hadamard", UNDECAYED: "undecayed"}
ASKED = (0.0, 0.03, 0.06, 0.09, 0.12, 0.15)  # among the epsilons of the record


def _curve(data_set: str, written: str, student: str) -> tuple[Floats, Floats, Floats]:
    """Return the epsilons, and the mean and the half-width of the accuracy under attack, in per cent."""
    measured = record("robustness").measured
    of_epsilon = 100 * np.array(measured["curves"][f"{data_set}_{written}_{student}"]).T
    intervals = [mean_interval(each.tolist()) for each in of_epsilon]
    mean, half = (np.array([interval[name] for interval in intervals]) for name in ("mean", "half_width"))
    return np.array(measured["epsilons"][data_set]), mean, half


def _asked_for() -> Floats:
    epsilons, mean, _ = _curve("digits", "h16", "layer1")
    return mean[[np.abs(epsilons - each).argmin() for each in ASKED]]


def _unhurt_by_a_first_layer_of_signs() -> int:
    """Return which layer can have one bit and lose nothing, counted from 0, if the first one is of signs."""
    lost = [
        of_seeds("robustness", "digits_hadamard_teacher", "robust_0_1")
        - of_seeds("robustness", f"digits_hadamard_{student}", "robust_0_1")
        for student in ("layer1", "layer2")
    ]
    return int(np.argmin([each.mean() for each in lost]))


@explorable(
    measured="robustness",
    predict=(
        Curve(
            "With one bit in layer 1 students are right in 96 of 100, three fewer than their teachers. How often are "
            "they right if each pixel may change by ε? Draw it.",
            x=ASKED,
            answer=_asked_for,
            within=6.0,
            unit="%",
            because=(
                "Not three points below the teachers: at ε = 0.1 fifty. Accuracy counts who is on the right side of "
                "the line. It does not say how far."
            ),
            at={"students": BITS, "layers": AS_TRAINED, "learned": "digits 3 and 8"},
        ),
        Pick(
            "The same teachers, written in other numbers: layer 1 holds only −1 and 1, layer 2 the rest, and every "
            "answer is as before. Now which layer can have one bit a weight, and lose nothing?",
            options=("Layer 1.", "Layer 2, as before.", "Neither."),
            answer=_unhurt_by_a_first_layer_of_signs,
            because=(
                "A layer of −1 and 1 has one bit already. All that the function knows now stands in layer 2, and one "
                "bit there costs 44 points at ε = 0.1."
            ),
            at={"students": BITS, "layers": SIGNS_FIRST, "learned": "digits 3 and 8"},
            before=SIGNS_FIRST,
        ),
    ),
    students=Ticks(BITS, value=(), label="also show"),
    layers=Choice(tuple(WRITTEN), value=AS_TRAINED, label="the teacher's layers"),
    learned=Choice(tuple(DATA), value="digits 3 and 8", label="data"),
)
def attack(students, layers, learned) -> Picture:
    """How often a network is right, if each input may be changed a little."""
    data_set, written = DATA[learned], WRITTEN[layers]
    marks: list[Mark] = []
    words = []
    looks = {"teacher": "ink", FIRST: "orange", SECOND: "blue"}
    arms = {"teacher": "teacher", FIRST: "layer1", SECOND: "layer2"}
    for name in ("teacher", *students):
        epsilons, mean, half = _curve(data_set, written, arms[name])
        marks.append(Band(epsilons, mean - half, mean + half, color=looks[name]))
        if name == SECOND:  # dots, since it may lie upon the teacher's line
            marks.append(Points(epsilons[::2], mean[::2], color=looks[name], hollow=True, shape="circle", label=name))
        else:
            marks.append(Line(epsilons, mean, color=looks[name], label=name))
        arm = f"{data_set}_{written}_{arms[name]}"
        clean, at = (100 * of_seeds("robustness", arm, measure).mean() for measure in ("accuracy", "robust_0_1"))
        words.append(f"{name} {clean:.0f} % and {at:.0f} %")
    return Picture(
        x=Axis("largest change ε of an input", (0, float(epsilons[-1]))),
        y=Axis("right under attack (%)", (0, 100)),
        marks=tuple(marks),
        sentence=f"{learned}, {layers}. Right unchanged, and under any change of at most 0.1: {'; '.join(words)}.",
    )


# --- a box round each point -----------------------------------------------------------------------------------------

EDGE = 2.0
ABOVE = 0.12  # so that a number stands clear of the ring by which its point is dragged
SQUARE, CIRCLE = "each coordinate: a square", "the length: a circle"
NORMS = {SQUARE: "linf", CIRCLE: "l2"}
WEIGHTS = (1.0, -2.0)
PLUS = ((0.5, 0.1), (1.4, -0.3), (-0.6, -1.2))
MINUS = ((0.2, 1.1), (-1.3, -0.2))
ROUND = np.linspace(0, 2 * np.pi, 33)


def _boundary(w: Floats) -> tuple[Mark, ...]:
    """Return where the score w . x is 0, from edge to edge."""
    along = np.array([-w[1], w[0]])
    longest = np.abs(along).max()
    if longest == 0:
        return ()
    x, y = EDGE * along / longest
    return (Line([-x, x], [-y, y], color="ink", label="score 0"),)


def _reach(x: Floats, eps: float, norm: str, color: str, caught: bool) -> tuple[Mark, ...]:
    """Return what an attack can make of these points: their squares, or their circles; filled if it succeeds."""
    if norm == "linf":
        (across, up) = x.T
        box = Rects(across - eps, across + eps, up - eps, up + eps, color=color, filled=caught, faint=0.5 * caught)
        return (box,) if len(x) else ()
    return tuple(
        Line(np.round(cx + eps * np.cos(ROUND), 3), np.round(cy + eps * np.sin(ROUND), 3), color=color, dashed=caught)
        for cx, cy in x
    )


@explorable(
    predict=Pick(
        "The weights are w = (1, −2). Each coordinate of a point of class +1 may change by at most ε. Which change "
        "makes its score smallest?",
        options=(
            "Straight against w: a multiple of (−1, 2).",
            "Both by ε: (−ε, +ε).",
            "Only the coordinate with the larger weight: (0, +ε).",
            "It depends on where the point is.",
        ),
        answer=lambda: 1 if (worst_perturbation(*_asked_point(), 1.0) == [[-1, 1]]).all() else 0,
        because=(
            "Each coordinate is free to move on its own, and each step against the sign of its weight helps. So all go "
            "as far as they may: to a corner of the square, the same for all points of a class."
        ),
        at={"eps": 0.3, "norm": SQUARE},
    ),
    eps=Slider(0.0, 1.0, value=0.0, steps=21, play=True, label="ε"),
    norm=Choice(tuple(NORMS), value=SQUARE, label="ε bounds"),
    plus=Places(-EDGE, EDGE, PLUS, label="class +1"),
    minus=Places(-EDGE, EDGE, MINUS, label="class −1"),
    weights=Places(-EDGE, EDGE, (WEIGHTS,), label="weights w"),
)
def push(eps, norm, plus, minus, weights) -> Picture:
    """A box round each point: take hold of it, and of the arrow."""
    w, kind = weights[0], NORMS[norm]
    marks, held, radii = list(_boundary(w)), 0, []
    for x, sign, color, shape, control in (
        (plus, 1.0, "blue", "circle", "plus"),
        (minus, -1.0, "green", "square", "minus"),
    ):
        y = np.full(len(x), sign)
        safe = worst_margins(w, x, y, eps, norm=kind) > 0
        radius = critical_radius(w, x, y, norm=kind) + 0.0 if w.any() else 0 * y
        held += int(safe.sum())
        radii += radius.tolist()
        if eps > 0:
            marks += _reach(x[safe], eps, kind, color, False) + _reach(x[~safe], eps, kind, "red", True)
            to = x + worst_perturbation(w, x, y, eps, kind)
            marks.append(Arrow(*x.T, *to.T, color="ink"))
        marks.append(Points(*x.T, color=color, shape=shape, moves=control, label=f"class {'+' if sign > 0 else '−'}1"))
        marks += [Text(a, b + ABOVE, say(round(each, 2))) for (a, b), each in zip(x, radius, strict=True)]
    marks.append(Arrow(0.0, 0.0, *w, color="orange", moves="weights", label="w"))
    size = {"linf": "sum of sizes", "l2": "length"}[kind]
    return Picture(
        x=Axis("first coordinate", (-EDGE, EDGE), square=True),
        y=Axis("second coordinate", (-EDGE, EDGE)),
        marks=tuple(marks),
        sentence=(
            f"w = ({say(w[0])}, {say(w[1])}), {size} {dual_norm(w, kind):.3g}. At ε = {eps:.2g}, {held} of "
            f"{len(radii)} points hold. The smallest critical radius is {say(round(min(radii), 2))}."
        ),
    )


def _asked_point() -> tuple[Floats, Floats, Floats]:
    return np.array(WEIGHTS), np.array(PLUS[:1]), np.ones(1)


# --- longer, or turned ----------------------------------------------------------------------------------------------

MEAN, COVARIANCE = np.array([1.0, 0.35]), np.diag([0.4**2, 0.2**2])
STRENGTH = 0.4  # of the attack that is asked about
BEST_CLEAN = 54.5  # degrees: the direction of Sigma^-1 mu
EPSILONS = np.linspace(0, 1, 21)


def _direction(angle: float) -> Floats:
    """Return the unit vector of an angle; its second number is exactly 0 at 0 degrees."""
    return np.round([np.cos(np.radians(angle)), np.sin(np.radians(angle))], 12)


def _right(w: Floats, eps: float | Floats) -> Floats:
    return 100 * gaussian_robust_accuracy(w, MEAN, COVARIANCE, np.asarray(eps))


def _best_angle() -> float:
    angles = np.linspace(-90, 90, 361)
    return float(angles[np.argmax([_right(_direction(angle), STRENGTH) for angle in angles])])


@explorable(
    predict=Estimate(
        "Unchanged, most inputs are right if w points to 54.5 degrees. To which angle must it point, so that most are "
        "right if each coordinate may change by 0.4?",
        low=-90,
        high=90,
        within=5,
        answer=_best_angle,
        unit="degrees",
        because=(
            "The means of the second coordinate are 0.35 and −0.35. Who may change it by 0.4 turns them round: a "
            "weight on it, however small, works for the attacker."
        ),
        mark="none",
        at={"angle": 0.0, "length": 1.0},
    ),
    angle=Slider(-90.0, 90.0, value=BEST_CLEAN, steps=19, stops=(BEST_CLEAN,), play=True, label="angle of w, degrees"),
    length=Slider(0.1, 2.0, value=1.0, scale="log", steps=5, stops=(1.0,), label="length of w"),
)
def tilt(angle, length) -> Sheet:
    """Two clouds, and a w to make longer, or to turn."""
    w = length * _direction(angle)
    pushed = MEAN + worst_perturbation(w, MEAN[None], np.ones(1), STRENGTH)[0]
    now, accurate = (_right(each, EPSILONS) for each in (w, _direction(BEST_CLEAN)))
    clouds = tuple(
        Line(np.round(cloud.x, 2), np.round(cloud.y, 2), color=color, label=label)
        for sign, color, label in ((1, "blue", "class +1"), (-1, "green", "class −1"))
        for cloud in [ellipse(sign * MEAN, COVARIANCE, radius=1.5)]
    )
    at = float(_right(w, STRENGTH))
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("first coordinate", (-EDGE, EDGE), square=True),
                    Axis("second coordinate", (-EDGE, EDGE)),
                    (
                        *_boundary(w),
                        *clouds,
                        Arrow(*MEAN, *pushed, color="red"),
                        Arrow(0.0, 0.0, *w, color="orange", label="w"),
                    ),
                    "Two clouds. Red: the worst change of 0.4.",
                ),
                Picture(
                    Axis("largest change ε", (0, 1)),
                    Axis("right under attack (%)", (0, 100)),
                    (
                        Line(EPSILONS, accurate, color="grey", dashed=True, label="at 54.5 degrees"),
                        Line(EPSILONS, now, color="orange", label="this w"),
                        Points([STRENGTH], [at], color="red"),
                    ),
                    "How many are right.",
                ),
            ),
        ),
        sentence=(
            f"Angle {say(angle)}°, ‖w‖₁ = {dual_norm(w):.3g}: right in {now[0]:.1f} % unchanged, in {at:.1f} % if each "
            f"coordinate may change by 0.4."
        ),
        first=1,
    )


# --- the same function, other layers --------------------------------------------------------------------------------


@explorable(
    predict=(
        Pick(
            "Set a from 1 to 1/2: the weights into the first hidden unit are halved, and the weight that reads it is "
            "doubled. Whose direction w changes?",
            options=(
                "Nobody's.",
                "That of the uncompressed network alone.",
                "That of the student with one bit in layer 1 alone.",
                "Both change.",
            ),
            answer=what_moves,
            because=(
                "Without compression a and 1/a cancel. The signs of layer 1 do not see a, and layer 2 still divides by "
                "it: so the student changes, though its teacher is the same function."
            ),
            at={"a": 0.5, "given": "layer 1"},
        ),
        Estimate(
            "Now the one bit goes to layer 2. At which a does the student lose nothing?",
            low=0.25,
            high=4.0,
            factor=1.06,
            answer=lossless_second,
            because=(
                "At a = 1/2 both weights of layer 2 have the size 1. Then m times the sign is the weight itself, and "
                "nothing is rounded."
            ),
            mark="none",
            at={"a": 0.5, "given": "layer 2"},
            before="layer 2",
        ),
    ),
    a=Slider(0.25, 4.0, value=1.0, scale="log", steps=17, stops=(0.5, 1.0, 2.0), play=True, label="a"),
    given=Choice(tuple(GIVEN), value=AS_IS, label="one bit a weight in"),
)
def gauge(a, given) -> Sheet:
    """One function, many pairs of layers; and the students that they make."""
    W1, w2 = layers_of(a, given)
    as_is, now = (shares_of(effective_weights(*layers)) for layers in ((HIDDEN, OUTPUT), (W1, w2)))
    x = np.array([*TRIED.values()])
    y = np.ones(len(x))
    before, radii = (critical_radius(w, x, y) + 0.0 for w in (as_is, now))
    places = np.arange(len(x))
    corners = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]]).T
    compressed = () if given == AS_IS else (Arrow(0.0, 0.0, *now, color="orange"),)
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("", (-0.1, 2.1), hidden=True),
                    Axis("", (0, 1), hidden=True),
                    (*network((2, 2, 1), (W1.T, w2[:, None]), x1=2.0), *weights_as_texts(W1, w2)),
                    "The layers.",
                ),
                Picture(
                    Axis("first input", (-1.2, 1.2), square=True),
                    Axis("second input", (-1.2, 1.2)),
                    (
                        Line(*corners, color="grey", thin=True, label="sum of sizes 1"),
                        Points(*x.T, color="blue"),
                        *(Text(*point, name) for name, point in TRIED.items()),
                        Arrow(0.0, 0.0, *as_is, color="ink"),
                        *compressed,
                    ),
                    "w, divided by its sum of sizes.",
                ),
                Picture(
                    Axis("", categories=tuple(TRIED)),
                    Axis("critical radius", (-0.4, 1.05)),
                    (
                        Bars(places - 0.2, before, width=0.36, color="ink", outline=True, label="teacher"),
                        Bars(places + 0.2, radii, width=0.36, color="orange", label="student"),
                    ),
                    "How far each point is from an error.",
                ),
            ),
        ),
        sentence=(
            f"a = {a:.3g}, one bit in {given}: w = ({say(now[0] * 8)}, {say(now[1] * 8)}), written with the sum of "
            f"sizes 8; the teacher's is (5, −3). Radii: "
            f"{', '.join(f'{name} {say(radius)}' for name, radius in zip(TRIED, radii, strict=True))}."
        ),
        first=1,
    )


# --- one digit, pixel by pixel --------------------------------------------------------------------------------------


@explorable(
    data=("robustness.weights", "robustness.mean", "robustness.images", "robustness.labels"),
    predict=Pick(
        "This teacher gives the blank pixels along both sides hardly any weight. Suppose that every pixel got a weight "
        "of the same size, and kept its sign. Then the critical radius of this 8",
        options=("grows.", "stays as it is.", "shrinks."),
        answer=with_equal_weights,
        because=(
            "The radius is a mean of what the pixels say, each by its weight. Pixels that say nothing now count as "
            "much as the others, and those that say most no more than they: it falls from 0.17 to 0.08."
        ),
        at={"network": FIRST, "eps": 0.1, "image": 3},
    ),
    network=Choice(NETWORKS, value="teacher", label="network"),
    eps=Slider(0.0, 0.2, value=0.0, steps=9, play=True, label="ε"),
    image=Slider(1, 8, value=3, steps=4, stops=(4,), integer=True, label="test image"),
)
def pixels(network, eps, image) -> Sheet:
    """A digit under attack, pixel by pixel."""
    ink, shares, says, label = seen(network, image)
    changed = np.clip(ink - eps * label * np.sign(shares), 0, 1)
    left = radius_of(network, image) - eps
    kind = "8" if label > 0 else "3"
    verdict = "still read rightly" if left > 0 else "an error"
    return Sheet(
        rows=(
            (
                Picture(
                    BARE,
                    BARE,
                    (shaded(shares, TOP_SHARE, colors=("blue", "orange")),),
                    "The weights, as shares. Orange: for 8.",
                ),
                Picture(
                    BARE,
                    BARE,
                    (Image(np.round(changed, 2).reshape(SIDE, SIDE), 0, 1, 0, 1, square=True),),
                    "The image, after the worst change.",
                ),
                Picture(
                    BARE,
                    BARE,
                    (shaded(np.abs(shares) * (says - eps), TOP_PART, colors=("purple", "green")),),
                    "What each pixel adds. Green: for the label.",
                ),
            ),
        ),
        sentence=(
            f"Test image {image}, a digit {kind}; {network}: critical radius {say(left + eps)}. At ε = {eps:.3g} the "
            f"pixels add up to {say(left)}: {verdict}."
        ),
        first=1,
    )
