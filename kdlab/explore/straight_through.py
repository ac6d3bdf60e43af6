"""The widgets of the chapter compression/straight_through."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kdlab.core.straight_through import clamp_latent, duty_cycle, ste_gradient
from kdlab.explore import one_bit_student as student
from kdlab.explore.controls import Choice, Seed, Slider
from kdlab.explore.helpers import contour
from kdlab.explore.marks import Heatmap, Line, Points, Rule, Segments
from kdlab.explore.measured import mean_interval, of_seeds
from kdlab.explore.one_bit_student import BITS, DISC, EDGE, FULL, ONE, SHAPES, STEPS, STRAIGHT, STRIPE, TRUE, WAYS
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Curve, Estimate, Pick
from kdlab.explore.tour import Stop
from kdlab.explore.widget import explorable
from kdlab.straight_through import logistic_bias, logistic_limits, logistic_relative_bias

# --- a student of one bit learns in the page --------------------------------------------------------------------------

FARTHEST = 3.0  # of the latent weights that are drawn
ANGLES = (0.0, 22.5, 45.0)
SOME_SEEDS = 3


def _start(settings: Mapping[str, Any]) -> student.State:
    """Return the student before its first step."""
    return student.start(settings)


def _step(state: student.State, settings: Mapping[str, Any], kind: str) -> student.State:
    """Return the student after one more step; nothing is set anew within a run."""
    return student.step(state)


def _of_seed(settings: Mapping[str, Any], seed: int) -> dict[str, float]:
    """Return on how much of the square the student agrees with its teacher, beside one of full precision."""
    ways = dict.fromkeys((FULL, settings["backward"]))
    shape = settings["shape"], settings["angle"], settings["bits"]
    return {way: student.agreement(way, *shape, seed) for way in ways}


def _how_many_flipped() -> int:
    """Return which option is right, from a run: none, some or most signs are not those of the start."""
    state = student.start({"backward": TRUE, "shape": DISC, "angle": 0.0, "bits": ONE, "seed": 0})
    for _ in range(STEPS):
        state = student.step(state)
    share = state.flipped.mean()
    return 0 if share == 0 else 1 if share <= 0.5 else 2


@lru_cache(maxsize=1)
def _at_which_angle() -> int:
    """Return the place of the angle at which one bit agrees with the stripe, in the mean over some seeds."""
    means = [
        np.mean([student.agreement(STRAIGHT, STRIPE, angle, ONE, seed) for seed in range(SOME_SEEDS)])
        for angle in ANGLES
    ]
    return int(np.argmax(means)) if max(means) - min(means) > 5 else len(ANGLES)


@explorable(
    predict=(
        Pick(
            "The weights are plus or minus one number, and the gradient is the true one. After 400 steps, how many of "
            "the 64 weights have changed their sign?",
            options=("None.", "Some.", "Most."),
            answer=_how_many_flipped,
            because="Move a weight a little: its sign stays, the answer stays, the loss stays. Its derivative is 0.",
            at={"backward": TRUE, "shape": DISC, "run": STEPS},
        ),
        Pick(
            "Now the teacher is a stripe, and the student learns straight through. At which angle of the stripe will "
            "weights of one bit learn it?",
            options=("Level, at 0 degrees.", "At 22.5 degrees.", "At 45 degrees.", "At all of them alike."),
            answer=_at_which_angle,
            because=(
                "Each hidden unit sees x + y or x − y, and nothing between. A stripe at 45 degrees is a function of "
                "one of them."
            ),
            at={"backward": STRAIGHT, "shape": STRIPE, "angle": 45.0, "bits": ONE, "run": STEPS},
            before=STRIPE,
        ),
    ),
    run=Play(
        _start,
        _step,
        steps=STEPS,
        frame=(20,),
        frames=(
            *({"backward": way} for way in WAYS),
            *({"backward": STRAIGHT, "shape": STRIPE, "angle": angle} for angle in (0.0, 45.0)),
        ),
        restarts=("backward", "shape", "angle", "bits", "seed"),
    ),
    backward=Choice(WAYS, TRUE, label="backward"),
    shape=Choice(SHAPES, DISC, label="the teacher"),
    angle=Slider(0.0, 90.0, 0.0, steps=5, label="angle of the stripe"),
    bits=Choice(BITS, ONE, label="weights of"),
    seed=Seed(count=student.SEEDS, over=_of_seed, unit="%"),
)
def stripe(run, backward, shape, angle, bits, seed) -> Sheet:
    """A student of few bits learns a disc or a stripe."""
    plane = {"domain": (-EDGE, EDGE), "hidden": True, "square": True}
    map_of = Picture(
        Axis("x", **plane),
        Axis("y", **plane),
        (
            Heatmap(run.inside, -EDGE, EDGE, -EDGE, EDGE, kind="one", low=0, high=1, color="orange", faint=0.2),
            _lines_of(run),
            contour(run.borders, 0.0, -EDGE, EDGE, -EDGE, EDGE, color="ink"),
        ),
        "Deeper orange: more surely inside. Black: the teacher's border.",
    )
    latent = np.concatenate([W.ravel() for W, _ in run.latent])
    number, shown = np.arange(1, latent.size + 1), np.clip(latent, -FARTHEST, FARTHEST)
    signs = ((latent >= 0, "orange", "+"), (latent < 0, "blue", "−"))
    weights = Picture(
        Axis("weight, by its number", (0, latent.size + 1)),
        Axis("latent weight", (-FARTHEST, FARTHEST)),
        (
            Rule(y=0),
            *(
                Points(number[here], shown[here], color=color, label=label, ring=run.flipped[here])
                for here, color, label in signs
            ),
        ),
        "The 64 latent weights. Ringed: its sign has changed.",
    )
    kind = FULL if backward == FULL else f"{backward}, {bits}"
    return Sheet(
        ((map_of, weights),),
        f"Step {run.step}, {kind}: agrees with the teacher on {100 * run.agreement:.1f} % of the square; "
        f"{run.flipped.sum()} of {latent.size} signs differ from the start.",
    )


def _lines_of(state: student.State) -> Segments:
    """Return, for each hidden unit, the part within the square of the line where it is 0."""
    W, b = state.layers[0]
    length2 = (W**2).sum(axis=0) + 1e-12
    foot, along = -b[0] / length2 * W, np.stack([-W[1], W[0]]) / np.sqrt(length2)
    along = np.where(np.abs(along) < 1e-9, 1e-9, along)
    ends = np.sort([(side - foot) / along for side in (-EDGE, EDGE)], axis=0)
    enters, leaves = ends[0].max(axis=0), ends[1].min(axis=0)
    seen = enters < leaves
    (x0, y0), (x1, y1) = ((foot + t * along)[:, seen] for t in (enters, leaves))
    return Segments(x0, y0, x1, y1, color="grey", thin=True)


# --- the slope that is taken elsewhere --------------------------------------------------------------------------------

NEAR, HALF = 2.0, 0.4  # how far w goes; half the width of a tangent


def _loss(u: NDArray[np.float64], target: float) -> NDArray[np.float64]:
    return (u - target) ** 2 / 2


@explorable(
    predict=Estimate(
        "w = 0.3, m = 1, so q = 1. The loss is (q − w*)²/2 with w* = −0.5. Which gradient does the straight-through "
        "estimator give w?",
        low=-3,
        high=3,
        within=0.05,
        answer=lambda: float(ste_gradient(np.array(1.0 - -0.5), np.array(0.3))),
        because="The slope of the loss at q, which is 1 − (−0.5). Not at w, which would be 0.8; and not the true 0.",
        mark="none",
        at={"w": 0.3, "m": 1.0, "target": -0.5, "clip": None},
        covered=True,
    ),
    w=Slider(-NEAR, NEAR, 0.3, steps=33, label="latent weight w"),
    m=Slider(0.5, 1.25, 1.0, steps=4, label="scale m"),
    target=Slider(-1.0, 1.0, -0.5, steps=5, label="best value w*"),
    clip=Slider(0.2, 1.0, None, steps=2, none="no cut", label="cut the gradient beyond"),
)
def step(w, m, target, clip) -> Picture:
    """A staircase, and the slope that is used on it."""
    q = m if w >= 0 else -m
    gradient = float(ste_gradient(np.array(q - target), np.array(w), np.inf if clip is None else clip))
    u = np.linspace(-NEAR, NEAR, 41)
    smooth = _loss(u, target)
    low, high = (_loss(np.array(each), target) for each in (-m, m))
    here = _loss(np.array(q), target)
    cut = "" if gradient or q == target else f" |w| is beyond {clip:g}, so it is cut to 0."
    return Picture(
        Axis("weight", (-NEAR, NEAR)),
        Axis("loss", (-0.2, 3.6)),
        (
            Line(u, np.where(smooth <= 3.5, smooth, np.nan), color="grey", dashed=True, label="loss at u itself"),
            Line([-NEAR, 0, np.nan, 0, NEAR], [low, low, np.nan, high, high], color="blue", label="loss at q(w)"),
            Rule(x=w, moves="w", label="w"),
            _tangent(q, here, q - target, "the slope at q"),
            _tangent(w, here, gradient, ""),
            Points([q], [here], color="orange", hollow=True),
            Points([w], [here], color="ink", shape="circle"),
        ),
        f"w = {w:.3g}, so q = {q:.3g}. The true derivative is 0; straight through it is q − w* = {q - target:.3g}."
        + cut,
    )


def _tangent(x: float, y: float, slope: float, label: str) -> Segments:
    """Return a short piece of the line of this slope."""
    return Segments([x - HALF], [y - HALF * slope], [x + HALF], [y + HALF * slope], color="orange", label=label)


# --- one weight that votes --------------------------------------------------------------------------------------------

LONGEST = 100
NO_CURE, CLIP, CLAMP = CURES = ("nothing", "the gradient is cut", "the weight is put back")


class Vote(NamedTuple):
    """The latent weight at each step so far, the first among them, and q at each step that was made."""

    latent: tuple[float, ...]
    q: tuple[float, ...] = ()


def _vote_start(settings: Mapping[str, Any]) -> Vote:
    """Return the latent weight where it starts."""
    return Vote((settings["start"],))


def _vote_step(state: Vote, settings: Mapping[str, Any], kind: str) -> Vote:
    """Take one step w ← w − η (q − w*), with q = m sign(w)."""
    w, m, c = state.latent[-1], settings["m"], settings["c"]
    q = m if w >= 0 else -m
    gradient = ste_gradient(np.array(q - settings["target"]), np.array(w), c if settings["cure"] == CLIP else np.inf)
    w = w - settings["eta"] * gradient
    w = clamp_latent(w, c if settings["cure"] == CLAMP else np.inf)
    return Vote((*state.latent, float(w)), (*state.q, q))


FAR_OFF = {"start": 1.3, "target": -0.8, "c": 1.0, "run": LONGEST}


def _where_the_cut_leaves_it() -> int:
    state, settings = Vote((1.3,)), {"m": 1.0, "eta": 0.05, "cure": CLIP} | FAR_OFF
    for _ in range(LONGEST):
        state = _vote_step(state, settings, "Step")
    w = state.latent[-1]
    return 0 if abs(w) < 0.2 else 1 if w == 1.3 else 2


@explorable(
    predict=(
        Estimate(
            "The best value of the weight is w* = −0.8, but q is only 1 or −1. In what share of 100 steps is q = 1?",
            low=0,
            high=100,
            within=3,
            unit="%",
            answer=lambda: 100 * duty_cycle(-0.8, 1.0),
            because=(
                "At q = 1 the latent weight is pushed down by 1.8, at q = −1 up by 0.2. To stay near 0 it needs 10 "
                "steps of the one to 90 of the other."
            ),
            mark="none",
            at={"target": -0.8, "start": 0.0, "cure": NO_CURE, "run": LONGEST},
        ),
        Pick(
            "The latent weight starts at 1.3, and the best value is −0.8. The gradient is set to 0 beyond 1. Where is "
            "the latent weight after 100 steps?",
            options=("It swings round 0.", "It is still at 1.3.", "It has drifted to below −1."),
            answer=_where_the_cut_leaves_it,
            because="Beyond 1 it has no gradient, so it can never come back. Put back to 1 instead, it keeps moving.",
            at=FAR_OFF | {"cure": CLIP},
            before=CLIP,
        ),
    ),
    stops=(
        Stop(
            "It votes",
            {"target": 0.3, "start": 0.0, "eta": 0.05, "cure": NO_CURE, "run": LONGEST},
            "The latent weight never comes to rest. The mean of q does: at the best value.",
        ),
        Stop(
            "Small steps",
            {"target": 0.3, "start": 0.0, "eta": 0.01, "cure": NO_CURE, "run": LONGEST},
            "A fifth of the step size: the swing is a fifth as wide. q jumps from −1 to 1 as before.",
        ),
        Stop(
            "Beyond the scale",
            {"target": 1.2, "start": 0.0, "eta": 0.05, "cure": NO_CURE, "run": LONGEST},
            "No vote makes 1.2 of ones. q stays at 1, and the latent weight drifts off, by 0.01 a step.",
        ),
        Stop(
            "Put back",
            {"target": 1.2, "start": 0.0, "eta": 0.05, "cure": CLAMP, "c": 1.0, "run": LONGEST},
            "Put back to 1 after each step it stays within reach: should w* change, it can turn round soon.",
        ),
    ),
    run=Play(
        _vote_start,
        _vote_step,
        LONGEST,
        frame=(1, 5),
        frames=(
            {},
            {"eta": 0.01},
            {"target": -0.8},
            {"target": 1.2},
            {"target": 1.2, "cure": CLAMP},
            *({"start": 1.3, "target": -0.8, "cure": cure} for cure in CURES),
        ),
        restarts=("start",),
    ),
    target=Slider(-1.5, 1.5, 0.3, steps=7, stops=(-0.8, 1.2), label="best value w*"),
    m=Slider(0.5, 1.5, 1.0, steps=3, label="scale m"),
    eta=Slider(0.005, 0.2, 0.05, scale="log", steps=3, stops=(0.01,), label="step size η"),
    start=Slider(-1.5, 1.5, 0.0, steps=3, stops=(1.3,), label="start"),
    cure=Choice(CURES, NO_CURE, label="far weights"),
    c=Slider(0.25, 1.0, 1.0, steps=4, label="far is beyond"),
)
def dither(run, target, m, eta, start, cure, c) -> Sheet:
    """One latent weight, and what its sign says."""
    latent = np.array(run.latent)
    made, now = len(run.q), latent[-1]
    steps_made = np.arange(made + 1)
    q_now = m if now >= 0 else -m
    mean = np.cumsum([*run.q, q_now]) / (steps_made + 1)
    reach = next((each for each in (0.25, 0.5, 1.0, 2.0, 5.0, 20.0) if np.abs(latent).max() < 0.95 * each), 50.0)
    steps, sign_now = Axis("step", (0, LONGEST)), "orange" if now >= 0 else "blue"
    limits = [] if cure == NO_CURE else [Rule(y=side * c) for side in (1, -1) if c < reach]
    of_weight = Picture(
        steps,
        Axis("latent weight w", (-reach, reach)),
        (
            Rule(y=0, color="ink"),
            *limits,
            Line(steps_made, latent, color="grey", thin=True),
            *(
                Points(
                    steps_made,
                    np.where(latent >= 0 if says == "+m" else latent < 0, latent, np.nan),
                    color=color,
                    label=f"says {says}",
                )
                for says, color in (("+m", "orange"), ("−m", "blue"))
            ),
        ),
        "What is trained, and which sign it says.",
    )
    of_q = Picture(
        steps,
        Axis("quantized weight q", (-1.7, 1.7)),
        (
            Rule(y=m, label="+m"),
            Rule(y=-m, label="−m"),
            Rule(y=target, color="green", moves="target", label="w*"),
            Line(steps_made, mean, color="purple", label="mean of q so far"),
            Points([made], [q_now], color=sign_now),
        ),
        "What is used: q, and its mean so far. Drag w*.",
    )
    return Sheet(((of_weight, of_q),), _vote_in_words(run, target, m))


def _vote_in_words(state: Vote, target: float, m: float) -> str:
    now = f"the latent weight stands at {state.latent[-1]:z.3f}"
    if not state.q:
        return f"Before the first step {now}."
    q = np.array(state.q)
    return (
        f"After {q.size} steps: q was +{m:g} in {100 * np.mean(q > 0):.0f} % of them, where the best value w* asks for "
        f"{100 * duty_cycle(target, m):.0f} %. The mean of q is {q.mean():.3f}; {now}."
    )


# --- the bias, over the temperature -----------------------------------------------------------------------------------

PLAIN, TIMES_T2, RELATIVE = VIEWS = ("as it is", "times T²", "over the gradient")
COLDEST, HOTTEST = 0.02, 64.0
TEMPERATURES = np.geomspace(COLDEST, HOTTEST, 36)
PEAK = 0.168
HANDLES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 4.0, 16.0, 64.0)
W, Q, W_T = 0.3, 0.8, 1.2


def _biases(w: float, q: float, w_t: float, T: NDArray[np.float64], view: str) -> NDArray[np.float64]:
    """Return the bias at each T. The gradient depends on u/T alone, and has 1/T in front: so one call has all T."""
    over_T = (np.full(T.shape, each) / T for each in (w, q))
    if view == RELATIVE:
        return logistic_relative_bias(*over_T, w_t / T, 1.0)
    bias = logistic_bias(*over_T, 1.0) / T
    return T**2 * bias if view == TIMES_T2 else bias


def _has_a_gradient(settings: Mapping[str, Any]) -> str:
    """Say why there is no relative bias of a student that is its teacher."""
    if settings["view"] == RELATIVE and settings["w"] == settings["w_t"]:
        return "At w = w_t the gradient is 0: there is nothing to compare the bias with."
    return ""


@explorable(
    predict=(
        Curve(
            "A student of one weight learns from a teacher's probabilities at temperature T. w = 0.3, but the gradient "
            "is taken at q = 0.8. Draw how large the bias is, from low to high T.",
            x=HANDLES,
            within=0.08,
            answer=lambda: _biases(W, Q, W_T, np.array(HANDLES), PLAIN),
            because=(
                "At a high T the whole gradient is small, and the bias with it. At a low T only the sign of a weight "
                "counts, and q has the sign of w."
            ),
            at={"view": PLAIN, "w": W, "q": Q, "temperature": HOTTEST},
        ),
        Estimate(
            "Divide the bias by the gradient of full precision. With w_t = 1.2, at which number does it come to rest "
            "as T rises?",
            low=-1,
            high=1,
            within=0.03,
            answer=lambda: (Q - W) / (W - W_T),
            because="(q − w)/(w − w_t): bias and gradient carry the same factor, and it cancels. No T is left.",
            mark="none",  # the axis is as long as the curve
            at={"view": RELATIVE, "w": W, "q": Q, "w_t": W_T, "temperature": HOTTEST},
            before=RELATIVE,
        ),
    ),
    view=Choice(VIEWS, PLAIN, label="the bias", available=_has_a_gradient),
    w=Slider(-1.5, 1.5, W, steps=3, label="latent weight w"),
    q=Slider(-1.5, 1.5, Q, steps=3, label="quantized weight q"),
    w_t=Slider(-2.0, 2.0, W_T, steps=2, label="teacher's weight"),
    temperature=Slider(
        COLDEST, HOTTEST, COLDEST, scale="log", steps=8, stops=(PEAK, 1.0, 4.0, 8.0), play=True, label="temperature T"
    ),
)
def bias_over_T(view, w, q, w_t, temperature) -> Picture:
    """The bias of a student of one weight, from a low temperature up."""
    curve = _biases(w, q, w_t, TEMPERATURES, view)
    T, colder = np.array([temperature]), TEMPERATURES[TEMPERATURES < temperature]
    here = {each: _biases(w, q, w_t, T, each)[0] for each in (PLAIN, TIMES_T2, view)}
    relative = f", over the gradient {here[view]:.3f}" if view == RELATIVE else ""  # it is asked for before that
    rest = {TIMES_T2: float(logistic_limits([w], [q]).high_T_constant[0])}
    if w != w_t:
        rest[RELATIVE] = (q - w) / (w - w_t)
    low, high = (edge(0.0, 1.15 * edge(curve)) for edge in (min, max))
    low, high = (low, high) if low < high else (-1.0, 1.0)
    return Picture(
        Axis("temperature T", (COLDEST, HOTTEST), scale="log"),
        Axis(f"bias, {view}", (low, high)),
        (
            Rule(y=0, color="ink"),
            *([Rule(y=rest[view], color="green", label="where it comes to rest")] if view in rest else []),
            Line(np.append(colder, T), np.append(curve[: colder.size], here[view]), color="blue"),
            Rule(x=temperature, moves="temperature", label="T"),
            Points(T, [here[view]], color="blue"),
        ),
        f"T = {temperature:.3g}: bias {here[PLAIN]:.4f}, times T² {here[TIMES_T2]:.3f}{relative}.",
    )


# --- what was measured ------------------------------------------------------------------------------------------------

LESSONS = ("0.5", "1", "2", "4", "8", "32")
SHOWN = {
    "test accuracy": ("accuracy", Axis("test accuracy (%)", (90, 100)), 100, "{:.1f} %"),
    "divergence from the teacher": ("kl", Axis("KL to the teacher (nats)", (0, 0.25)), 1, "{:.3f} nats"),
    "bias at the start, relative": ("bias_a_start", Axis("relative bias at the start", (0, 1)), 1, "{:.2f}"),
}
WHO = {"full precision": ("full", "blue"), "one bit": ("ste", "orange")}


def _better_or_worse() -> int:
    hot, cold = (of_seeds("straight_through", f"ste_T{T}", "accuracy") for T in ("32", "0_5"))
    found = mean_interval(hot - cold)
    return 0 if found["mean"] > found["half_width"] else 2 if found["mean"] < -found["half_width"] else 1


@explorable(
    measured="straight_through",
    predict=Pick(
        "Students of one bit learn from soft targets at T = 0.5 and at T = 32. At the start, the relative bias at 32 "
        "is the smaller one. How does the student of T = 32 end?",
        options=("More accurate.", "Alike.", "Less accurate."),
        answer=_better_or_worse,
        because="The bias at the start is not what decides. Students of full precision lose by a high T as well.",
        at={"shown": "test accuracy"},
        covered=True,
    ),
    shown=Choice(tuple(SHOWN), "test accuracy", label="shown"),
)
def sweep(shown) -> Picture:
    """Students of one bit and of full precision at six temperatures."""
    measure, axis, scale, form = SHOWN[shown]
    dots, means, words = [], [], []
    for place, (name, (arm, color)) in zip((-0.18, 0.18), WHO.items(), strict=True):
        arms = (f"{arm}_T{T.replace('.', '_')}" for T in LESSONS)
        values = scale * np.array([of_seeds("straight_through", each, measure) for each in arms])
        x = np.arange(len(LESSONS)) + place
        found = [mean_interval(each) for each in values]
        mean, half_width = (np.array([each[key] for each in found]) for key in ("mean", "half_width"))
        beside = np.linspace(-0.12, 0.12, values.shape[1])  # each seed has its place beside the mean
        dots.append(Points((x[:, np.newaxis] + beside).ravel(), values.ravel(), color="grey", faint=0.4))
        means.append(Points(x, mean, low=mean - half_width, high=mean + half_width, color=color, label=name))
        at_ends = (form.format(mean[LESSONS.index(T)]) for T in ("0.5", "4", "32"))
        words.append(f"{name} {', '.join(at_ends)}")
    return Picture(
        Axis("temperature T of the targets", categories=LESSONS),
        axis,
        (*dots, *means),
        f"{shown.capitalize()}, mean of 20 seeds at T = 0.5, 4 and 32: {'; '.join(words)}.",
    )
