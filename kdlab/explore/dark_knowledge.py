"""The widgets of the chapter principles/dark_knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.dark_knowledge import (
    decoupled_kl,
    incorrect_entropy,
    kendall_tau,
    label_rank,
    reordered,
    retention_probability,
)
from kdlab.distillation_loss import kl_divergence
from kdlab.explore import unseen
from kdlab.explore.clouds import ring_centres
from kdlab.explore.controls import Choice, Numbers, Order, Seed, Slider
from kdlab.explore.marks import SHAPES, Bars, Heatmap, Line, Points, Rects, Rule, Segments, Text
from kdlab.explore.measured import mean_interval, of_seeds
from kdlab.explore.picture import Axis, Color, Picture, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Estimate, Pick
from kdlab.explore.tour import Stop
from kdlab.explore.unseen import CLASSES, EVENED, LABELS, NOBODY, SHUFFLED, STEPS, TARGETS, TRUE
from kdlab.explore.widget import explorable
from kdlab.temperature import entropy, softmax

# --- a class that nobody showed -------------------------------------------------------------------------------------

EDGE, CELLS = 3.2, 48  # of the map
CENTRES = EDGE * ((2 * np.arange(CELLS) + 1) / CELLS - 1)
PLANE = np.stack(np.meshgrid(CENTRES, CENTRES[::-1]), axis=-1).reshape(-1, 2)  # the first row on top
# the class that is hidden at first has a colour of its own among its neighbours, and the two greys do not touch
FAINT = 0.55  # of the map, and of its key below the bars
COLORS: tuple[Color, ...] = ("blue", "green", "orange", "purple", "ink", "sky", "red", "grey")


def _unseen_start(settings: Mapping[str, Any]) -> unseen.State:
    """Return the student before its first step."""
    return unseen.start(settings)


def _unseen_step(state: unseen.State, settings: Mapping[str, Any], kind: str) -> unseen.State:
    """Return the student after one more step; what it is told never changes within a run."""
    return unseen.step(state)


def _of_seed(settings: Mapping[str, Any], seed: int) -> dict[str, float]:
    """Return how many of a hundred new points a student of labels names, and one of the targets that are chosen."""
    told = dict.fromkeys((LABELS, settings["target"]))
    return {target: unseen.score({**settings, "seed": seed, "target": target}) for target in told}


@lru_cache(maxsize=1)
def _all_that_call_it_c() -> tuple[float, float]:
    """Return the fewest and the most of a hundred new points of C that are called C, over all seeds."""
    settings = {"target": TRUE, "hide": "C", "points": 2, "temperature": 4.0}
    scores = [unseen.score(settings | {"seed": seed}) for seed in range(unseen.SEEDS)]
    return min(scores), max(scores)


def _against_labels(target: str) -> int:
    """Return 0, 1 or 2: the mean of this target over all seeds is above that of labels, within 3 points, below."""
    gain = unseen.mean_score(target, NOBODY) - unseen.mean_score(LABELS, NOBODY)
    return 0 if gain > 3 else 2 if gain < -3 else 1


SEED = 2  # the first whose teacher gives C less than one in ten, at T = 1, wherever a point of another class lies
HIDDEN = {"hide": "C", "run": STEPS}
SHOWN = {"hide": NOBODY, "run": STEPS}

STOPS = (
    Stop(
        "A region without a point",
        HIDDEN | {"target": TRUE},
        "A region grows where no point lies: each point of B and D says a little of C, and C is what fits all of it.",
    ),
    Stop(
        "By labels",
        HIDDEN | {"target": LABELS},
        "No label ever says C, so no place is called C: B and D share what lies between them.",
    ),
    Stop(
        "Evened out",
        HIDDEN | {"target": EVENED},
        "C was named at every point, as much as any other wrong class: that says nothing of where it lies.",
        Pick(
            "Now all seven wrong classes of a point get the same share, and C is one of them. How many of 100 new "
            "points of C are called C?",
            options=("About as many as before.", "About half as many.", "None."),
            answer=lambda: int(np.argmin([abs(unseen.mean_score(EVENED, "C") - each) for each in (80, 40, 0)])),
            because="To be named is not enough. It must be named more near B and D than elsewhere.",
        ),
    ),
    Stop(
        "Everybody is back",
        SHOWN | {"target": TRUE},
        "Two points of each class, and what the teacher thinks of them, are nearly enough for the best map there is.",
    ),
    Stop(
        "Shuffled",
        SHOWN | {"target": SHUFFLED},
        "The student believes what it is told: of one of the points of B, say, that it is much like E.",
        Pick(
            "All classes are shown. At each point the shares of the wrong classes are shuffled: as soft as before. "
            "Next to a student of labels, this one is",
            options=("better.", "about as good.", "worse."),
            answer=lambda: _against_labels(SHUFFLED),
            because="What is said about wrong classes is a lesson. Shuffled, it is a false one, and silence is better.",
        ),
    ),
)


@explorable(
    predict=Estimate(
        "No point of C, no label C: only what the teacher says about the points of other classes. After the "
        "lesson, how many of 100 new points of C does the student call C?",
        low=0.0,
        high=100.0,
        answer=_all_that_call_it_c,
        within=5.0,
        because=(
            "Over twenty seeds these are the fewest and the most. C is not among the labels; it is in the small "
            "numbers that are told of B and D."
        ),
        mark="none",
        at={"run": STEPS, "hide": "C", "target": TRUE},
    ),
    stops=STOPS,
    run=Play(
        _unseen_start,
        _unseen_step,
        steps=STEPS,
        frame=(20,),
        frames=tuple({"target": target, "hide": hide} for hide in ("C", NOBODY) for target in TARGETS),
        restarts=("target", "hide", "points", "temperature", "seed"),
        speed="fast",
    ),
    target=Choice(TARGETS, TRUE, label="the student is told"),
    hide=Choice((NOBODY, *CLASSES), "C", label="hide class"),
    look=Choice(tuple(CLASSES), "B", label="look at the points of"),
    points=Slider(1, unseen.MOST, 2, steps=unseen.MOST, integer=True, label="points of each class"),
    temperature=Slider(0.25, 16.0, 4.0, scale="log", steps=25, stops=(1.0, 2.0, 4.0, 8.0), label="temperature T"),
    seed=Seed(count=unseen.SEEDS, value=SEED, over=_of_seed, unit="%"),
)
def unseen_class(run, target, hide, look, points, temperature, seed) -> Sheet:
    """A student learns eight classes from a few points, one of which may be hidden from it.

    The colours are what it would call each place.
    """
    return Sheet(((_map_of(run, look), _told_of(run, CLASSES.index(look))),), _told_in_words(run, target))


def _map_of(state: unseen.State, look: str) -> Picture:
    """Return what the student calls each place, what it has seen, and the new points of the hidden class."""
    z = unseen.logits_of(PLANE, state.student)
    plane = {"domain": (-EDGE, EDGE), "hidden": True, "square": True}
    angle = np.pi * (2 * np.arange(len(CLASSES)) + 1) / len(CLASSES)
    seen = [
        Points(
            *state.cloud.points[state.cloud.labels == c].T,
            color="ink",
            shape=SHAPES[c],
            ring=letter == look,
            sets="look",
            keys=(letter,) * int(np.sum(state.cloud.labels == c)),
        )
        for c, letter in enumerate(CLASSES)
        if c != state.hidden
    ]
    return Picture(
        Axis("x", **plane),
        Axis("y", **plane),
        (
            Heatmap(
                z.argmax(axis=-1).reshape(CELLS, CELLS),
                -EDGE,
                EDGE,
                -EDGE,
                EDGE,
                kind="classes",
                colors=COLORS,
                faint=FAINT,
            ),
            Segments(
                np.zeros(len(CLASSES)),
                np.zeros(len(CLASSES)),
                EDGE * np.cos(angle),
                EDGE * np.sin(angle),
                color="ink",
                dashed=True,
                thin=True,
            ),
            *_new_points(state),
            *seen,
            *(
                Text(x, y - 0.25, letter, large=True, color="ink")  # a text stands above its place
                for (x, y), letter in zip(1.35 * ring_centres(len(CLASSES)), CLASSES, strict=True)
            ),
        ),
        "What it calls each place; dashed, the best borders.",
    )


def _new_points(state: unseen.State) -> list[Points]:
    """Return the new points of the hidden class: full where they are called by its name, hollow elsewhere."""
    if state.hidden is None:
        return []
    x, y = state.new.points[state.new.classes == state.hidden].T
    groups = ((state.right, False), (~state.right, True))
    return [
        Points(x[here], y[here], color=COLORS[state.hidden], shape=SHAPES[state.hidden], hollow=hollow)
        for here, hollow in groups
        if here.any()
    ]


def _told_of(state: unseen.State, c: int) -> Picture:
    """Return what was told of the points of a class, in the mean, and what the student says there by now."""
    here, letter = state.cloud.labels == c, CLASSES[c]
    marks: list[Bars | Rects] = [
        Rects([i - 0.4], [i + 0.4], [-0.07], [-0.02], color=color, faint=FAINT) for i, color in enumerate(COLORS)
    ]
    title = f"No point of {letter}: nothing was told of it."
    if here.any():
        told = state.targets[here].mean(axis=0)
        says = softmax(unseen.logits_of(state.cloud.points[here], state.student), state.temperature).mean(axis=0)
        places = np.arange(len(CLASSES))
        marks += [Bars([i], [told[i]], color=color) for i, color in enumerate(COLORS)]
        marks += [Bars(places, says, color="ink", outline=True, width=0.95)]
        title = f"Told of the points of {letter}, on average; outlined, what it says by now."
    return Picture(Axis("class", categories=tuple(CLASSES)), Axis("probability", (-0.08, 1)), tuple(marks), title)


def _told_in_words(state: unseen.State, target: str) -> str:
    if state.hidden is None:
        best = float(np.mean(unseen.teacher_logits(state.new.points).argmax(axis=-1) == state.new.classes))
        right = f"{100 * state.right.mean():.1f} % of 800 new points"
        return f"Told {target}: after {state.step} steps this student names {right} rightly; the best possible is " + (
            f"{100 * best:.1f} %."
        )
    letter = CLASSES[state.hidden]
    return (
        f"Told {target}: after {state.step} steps this student calls {state.right.sum()} of 100 new {letter} points "
        f"{letter}; it has seen none."
    )


# --- the same numbers, shuffled -------------------------------------------------------------------------------------

DIGITS = ("3", "8", "5", "1", "0")
TEACHER = (5.0, 3.0, 2.5, -1.0, 0.0)
SHARES: tuple[Color, ...] = ("ink", "orange", "green", "purple", "sky")  # a share keeps its colour


@explorable(
    predict=Pick(
        "Give the shares of the four wrong classes to other wrong classes, as in a shuffle. What does the entropy do?",
        options=("It rises: there is less order.", "It falls.", "It stays."),
        answer=lambda: 2,
        because="Entropy adds up the same numbers, whichever class each belongs to. Disorder of names is not spread.",
        at={"order": (3, 2, 1, 0), "temperature": 4.0},
    ),
    logits=Numbers(TEACHER, -10.0, 10.0, names=DIGITS, step=0.5, label="logits z of the teacher"),
    order=Order(DIGITS[1:], label="8, 5, 1, 0 get the shares of"),
    temperature=Slider(0.5, 16.0, 4.0, scale="log", steps=31, stops=(1.0, 2.0, 4.0, 8.0), label="temperature T"),
)
def shuffled(logits, order, temperature) -> Sheet:
    """What a teacher says of a 3, and the same with the shares of the wrong classes given to other classes."""
    z = np.array(logits)
    other = z.copy()
    other[1:] = z[1 + np.array(order)]
    names = Axis("class", categories=DIGITS)

    def bars(values: NDArray[np.float64], whose: tuple[int, ...], title: str) -> Picture:
        p = softmax(values, temperature)
        colors = (SHARES[0], *(SHARES[1 + i] for i in whose))
        return Picture(
            names,
            Axis("probability", (0, 1)),
            (
                *(Bars([i], [p_i], color=color) for i, (p_i, color) in enumerate(zip(p, colors, strict=True))),
                *(Text(i, p_i, f"{p_i:.3f}") for i, p_i in enumerate(p)),
            ),
            title,
        )

    H, H_other = (float(entropy(values, temperature)) for values in (z, other))
    H_wrong, H_wrong_other = (float(incorrect_entropy(values, 0, temperature)) for values in (z, other))
    KL, tau = float(kl_divergence(other, z, temperature)), float(kendall_tau(other, z, 0))
    agreement = "no order to compare" if np.isnan(tau) else f"tau of the wrong classes is {tau:.2f}"
    return Sheet(
        (
            (
                bars(z, (0, 1, 2, 3), "What the teacher says of a 3."),
                bars(other, order, "The same shares, other owners."),
            ),
        ),
        (
            f"At T = {temperature:.3g} the entropy is {H:.3f} and {H_other:.3f} nats, that of the wrong classes "
            f"{H_wrong:.3f} and {H_wrong_other:.3f}. KL between the two is {KL:.3f} nats, and {agreement}."
        ),
    )


# --- who is heard: the divergence in two parts ----------------------------------------------------------------------

STUDENT = (4.0, 1.0, 3.0, 0.0, -1.0)
LEADS = np.linspace(3.0, 15.0, 25)
LOUD = np.geomspace(1.0, 16.0, 49)


def _parts(lead: float, temperature: float) -> tuple[float, float, float, float]:
    """Return total, how sure, the weight and what else, for a teacher whose logit of the label is `lead`."""
    return tuple(float(part) for part in decoupled_kl(STUDENT, (lead, *TEACHER[1:]), 0, temperature))


@lru_cache(maxsize=2)
def _weights(lead: float) -> list[float]:
    """Return the weight of the wrong classes at each T of the line."""
    return [_parts(lead, T)[2] for T in LOUD]


@explorable(
    predict=Estimate(
        "The teacher is very sure: its logit of the 3 is 12, the next one 3. How much does it leave to all wrong "
        "classes together at T = 1?",
        low=0.0,
        high=1.0,
        answer=lambda: _parts(12.0, 1.0)[2],
        within=0.02,
        because="One part in five thousand; and that is how loud they are in the loss.",
        mark="none",
        at={"lead": 12.0, "temperature": 1.0},
    ),
    lead=Slider(3.0, 15.0, 5.0, steps=25, label="the teacher's logit of the 3"),
    temperature=Slider(1.0, 16.0, 1.0, scale="log", steps=25, stops=(2.0, 4.0, 8.0), label="temperature T"),
)
def muted(lead, temperature) -> Sheet:
    """How far a student is from its teacher, in two parts: how sure, and what else; and how loud the second is."""
    total, sure, weight, rest = _parts(lead, temperature)
    heard = weight * rest
    return Sheet(
        (
            (
                Picture(
                    Axis(
                        "part",
                        categories=("in\N{NO-BREAK SPACE}the\N{NO-BREAK SPACE}loss", "by\N{NO-BREAK SPACE}itself"),
                    ),
                    Axis("KL (nats)", (0, 1)),
                    (
                        Bars([0], [sure], color="ink", label="how sure"),
                        Bars([0], [total], base=[sure], color="orange", label="what else"),
                        Bars([1], [rest], color="orange", outline=True),
                        Text(0, total, f"{total:.4f}"),
                        Text(1, rest, f"{rest:.4f}"),
                    ),
                    "The divergence; and what else, by itself.",
                ),
                Picture(
                    Axis("temperature T", (1, 16), scale="log"),
                    Axis("1 − p of the label", (0, 1)),
                    (
                        Line(LOUD, _weights(lead), color="orange"),
                        Rule(x=temperature, moves="temperature", label="T"),
                        Points([temperature], [weight], color="orange", shape="circle"),
                    ),
                    "How loud what else is, over T.",
                ),
            ),
        ),
        (
            f"At T = {temperature:.3g}: how sure, {sure:.4f}, plus {weight:.4g} times what else, {rest:.4f}, is "
            f"{total:.4f} nats. What is said about wrong classes makes up {100 * heard / total:.3g} % of it."
        ),
    )


# --- the first k ----------------------------------------------------------------------------------------------------

NUM_CLASSES, DRAWS = 10, 1000
TREATMENTS = {"kept": "rank-preserving", "shuffled": "permutation", "deranged": "derangement"}
# any ten that fall: where the label lands depends on their order alone
FALLING = softmax(-0.35 * np.arange(NUM_CLASSES))


@dataclass(frozen=True)
class Dealt:
    """So many deals: where the label landed each time, and what each class got in the last one."""

    places: tuple[int, ...]
    probs: NDArray[np.float64]


def _top_k_start(settings: Mapping[str, Any]) -> Dealt:
    """Return the order of the teacher, before the first deal."""
    return Dealt((), FALLING)


def _top_k_step(state: Dealt, settings: Mapping[str, Any], kind: str) -> Dealt:
    """Deal the ten probabilities once more; the number of the deal is its seed."""
    rng = np.random.default_rng(len(state.places))
    probs = reordered(FALLING, operator=TREATMENTS[settings["treatment"]], rng=rng)
    return Dealt((*state.places, int(label_rank(probs, settings["rank"] - 1))), probs)


@explorable(
    predict=Pick(
        "The teacher ranks the right class eighth of ten, and the first three are kept. With which treatment is it "
        "kept most often?",
        options=("The order is kept.", "The order is shuffled.", "Shuffled so that no class stays in its place."),
        answer=lambda: int(np.argmax([retention_probability(8, 3, 10, operator=each) for each in TREATMENTS.values()])),
        because="An order that is kept never lets an eighth in. A derangement forbids it its own place, a bad one.",
        at={"treatment": "deranged", "rank": 8, "k": 3, "run": DRAWS},
    ),
    treatment=Choice(tuple(TREATMENTS), "shuffled", label="the order is"),
    rank=Slider(1, NUM_CLASSES, 8, steps=NUM_CLASSES, integer=True, label="rank of the right class"),
    k=Slider(1, NUM_CLASSES, 3, steps=NUM_CLASSES, integer=True, label="kept are the first k"),
    run=Play(
        _top_k_start,
        _top_k_step,
        steps=DRAWS,
        label="deal",
        frame=(1, 20),
        frames=tuple({"treatment": treatment} for treatment in TREATMENTS),
        restarts=("treatment", "rank"),
    ),
)
def top_k(treatment, rank, k, run) -> Sheet:
    """Ten probabilities are dealt to ten classes, and the first k are kept: how often is the right one among them.

    Numbers above the bars are the teacher's ranks of the classes that were dealt these probabilities.
    """
    places = np.array(run.places, dtype=np.int64)
    exact = float(retention_probability(rank, k, NUM_CLASSES, operator=TREATMENTS[treatment]))
    now = int(label_rank(run.probs, rank - 1))
    by_place = np.argsort(-run.probs)  # the class that stands at each place
    at = np.arange(NUM_CLASSES)
    right, kept = at == now - 1, at < k
    colors = (
        (right, "orange", "the right class"),
        (~right & kept, "blue", "kept"),
        (~right & ~kept, "grey", "dropped"),
    )
    rate = np.cumsum(places <= k) / np.arange(1, places.size + 1)
    thinned = np.unique(np.rint(np.geomspace(1, max(places.size, 1), 120)).astype(int))[: places.size]
    said = f"{(places <= k).sum()} of {places.size} deals kept it" if places.size else "nothing is dealt yet"
    return Sheet(
        (
            (
                Picture(
                    Axis("place after the deal", (0.4, 10.6)),
                    Axis("probability", (0, 0.4)),
                    (
                        *(
                            Bars(at[here] + 1, FALLING[here], color=color, label=label)
                            for here, color, label in colors
                            if here.any()
                        ),
                        *(Text(i + 1, FALLING[i], str(by_place[i] + 1)) for i in at),
                        Rule(x=min(k + 0.5, 10.6), moves="k", label="k"),
                    ),
                    "The last deal, numbered by the teacher's rank.",
                ),
                Picture(
                    Axis("deals", (1, DRAWS), scale="log"),
                    Axis("share kept", (0, 1)),
                    (
                        Rule(y=exact, label=f"exact {exact:.3f}"),
                        Line(thinned, rate[thinned - 1], color="orange"),
                    ),
                    "How often it was kept.",
                ),
            ),
        ),
        f"Rank {rank}, first {k} kept, order {treatment}: {said}; exactly, the share is {exact:.3f}.",
    )


# --- what damage did ------------------------------------------------------------------------------------------------

DATA = {
    "digits, 50 rows": "digits_50",
    "digits, 100 rows": "digits_100",
    "digits, all 1,297": "digits_1297",
    "signals, 100 rows": "signals_100",
    "signals, all 4,000": "signals_4000",
}
TAUGHT = {
    "as\N{NO-BREAK SPACE}it\N{NO-BREAK SPACE}is": "true",
    "evened out": "flat",
    "shuffled by\N{NO-BREAK SPACE}row": "permuted",
    "shuffled by\N{NO-BREAK SPACE}label": "class_permuted",
    "labels": "hard",
}
MEASURES = {
    "accuracy": ("accuracy", "test accuracy (%)", 100, "{:.1f}\N{NO-BREAK SPACE}%"),
    "order of the wrong classes": ("tau", "tau with the teacher (no unit)", 1, "{:.2f}"),
}


def _damage(rows: str, kind: str, measure: str = "accuracy") -> NDArray[np.float64]:
    """Return a measure of every seed, in the unit that is drawn."""
    return MEASURES[measure][2] * of_seeds("dark_knowledge", f"{DATA[rows]}_{kind}", MEASURES[measure][0])


@explorable(
    measured="dark_knowledge",
    predict=Estimate(
        "With 50 rows, targets as they are beat evened-out ones by nine points. By how many with all 1,297?",
        low=-10.0,
        high=15.0,
        answer=lambda: round(float(_gain()["mean"]), 1),
        within=1.0,
        unit="points",
        because="This student has seen all that its teacher has, and the images say which digits are alike.",
        mark="none",
        at={"rows": "digits, all 1,297"},
    ),
    rows=Choice(tuple(DATA), value="digits, 50 rows", label="students of"),
    measure=Choice(tuple(MEASURES), value="accuracy", label="shown"),
)
def damage(rows, measure) -> Picture:
    """Students of five targets, of which three say something else about the wrong classes: every seed a dot."""
    _, label, scale, words = MEASURES[measure]
    seeds = np.array([_damage(rows, kind, measure) for kind in TAUGHT.values()])
    intervals = [mean_interval(of_kind) for of_kind in seeds]
    mean = np.array([interval["mean"] for interval in intervals])
    half_width = np.array([interval["half_width"] for interval in intervals])
    low, high = mean - half_width, mean + half_width
    at = np.arange(len(TAUGHT))
    beside = np.linspace(-0.3, 0.3, seeds.shape[1])  # each seed has its place
    told = "; ".join(f"{name} {words.format(value)}" for name, value in zip(TAUGHT, mean, strict=True))
    colors: tuple[Color, ...] = ("orange", "purple", "red", "red", "blue")
    return Picture(
        Axis("the student is told", categories=tuple(TAUGHT)),
        Axis(label, tuple(scale * end for end in _ends(rows, measure))),
        (
            Points((at[:, np.newaxis] + beside).ravel(), seeds.ravel(), color="grey", shape="dot", faint=0.3),
            *(
                Points([i], mean[[i]], low=low[[i]], high=high[[i]], color=color, shape="circle")
                for i, color in enumerate(colors)
            ),
        ),
        f"{rows[0].upper()}{rows[1:]}, {measure}: {told}.",
    )


def _ends(rows: str, measure: str) -> tuple[float, float]:
    """Return the ends of the axis, the same for all numbers of rows."""
    if measure == "accuracy":
        return (0.6, 1.0) if rows.startswith("digits") else (0.1, 0.7)
    return 0.0, 1.0


def _gain() -> dict[str, float]:
    """Return the interval of true against evened-out targets with all digits, in points."""
    everything = "digits, all 1,297"
    return mean_interval(_damage(everything, "true") - _damage(everything, "flat"))
