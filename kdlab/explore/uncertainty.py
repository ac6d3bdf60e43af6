"""The widgets of the chapter interplay/uncertainty."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kdlab.core.uncertainty import Interval
from kdlab.explore import resampling as toy
from kdlab.explore.controls import Choice, Seed, Slider
from kdlab.explore.marks import Bars, Line, Mark, Points, Rule, Segments
from kdlab.explore.measured import mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Estimate, Pick, Place
from kdlab.explore.widget import explorable

NLL, BRIER = LOSSES = ("negative log-likelihood", "Brier score")
SHORT = {NLL: "nll", BRIER: "brier"}

# --- twenty students and their teachers -----------------------------------------------------------------------------

STUDENTS = {
    "all rows, T = 4": "digits_997_kd_T4",
    "all rows, labels": "digits_997_hard",
    "100 rows, T = 4": "digits_100_kd_T4",
    "100 rows, labels": "digits_100_hard",
    "the teacher itself": "digits_teacher",
    "a constant": "digits_constant",
}
APART, PAIRED = VIEWS = ("each model", "the difference")


def _ends(student: str, loss: str) -> NDArray[np.float64]:
    """Return the ends of the intervals of every seed: (seeds, of student, teacher and difference, low and high)."""
    return np.array(record("uncertainty").measured["intervals"][STUDENTS[student]][SHORT[loss]])


def _overlaps(ends: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (ends[:, 0, 0] <= ends[:, 1, 1]) & (ends[:, 1, 0] <= ends[:, 0, 1])


def _excludes(ends: NDArray[np.float64]) -> NDArray[np.bool_]:
    return ~((ends[:, 2, 0] <= 0) & (ends[:, 2, 1] >= 0))


def _how_many_exclude(student: str) -> float:
    return float(_excludes(_ends(student, NLL)).sum())


def _bars(place: NDArray[np.float64], ends: NDArray[np.float64], **look: str) -> tuple[Mark, ...]:
    """Return intervals that lie, each with a dot in its middle: nothing if there is none."""
    if not place.size:
        return ()
    low, high = ends.T
    return (Points((low + high) / 2, place, x_low=low, x_high=high, **look),)


@explorable(
    measured="uncertainty",
    predict=Estimate(
        "All pairs overlap. Now take, row by row, the student's loss less the teacher's, and an interval of the mean "
        "of that. For how many of the 20 students does it lie wholly above 0?",
        low=0,
        high=20,
        within=2,
        unit="students",
        answer=lambda: _how_many_exclude("all rows, T = 4"),
        because=(
            "A row that is hard for one model is hard for the other. In the difference this part is gone, and what "
            "is left spreads far less."
        ),
        mark="none",
        at={"shown": PAIRED},
    ),
    shown=Choice(VIEWS, APART, label="shown"),
    student=Choice(tuple(STUDENTS), "all rows, T = 4", label="the student"),
    loss=Choice(LOSSES, NLL, label="loss"),
)
def intervals(shown, student, loss) -> Picture:
    """Twenty students and their teachers, each pair on its own 450 rows."""
    ends = _ends(student, loss)
    overlap, excludes = _overlaps(ends), _excludes(ends)
    place = np.arange(1.0, len(ends) + 1)
    unit = " (nats)" if loss == NLL else ""
    if shown == APART:
        # of two that lie close, one a little above the other
        x, marks = (
            Axis(f"mean {loss}{unit}", (0, float(max(0.4, 1.05 * ends[:, :2].max())))),
            _bars(place + 0.2, ends[:, 0], color="orange", label="student")
            + _bars(place - 0.2, ends[:, 1], color="blue", label="teacher"),
        )
    else:
        low, high = ends[:, 2].min(), ends[:, 2].max()
        x, marks = (
            Axis(f"student less teacher{unit}", (float(min(-0.05, 1.05 * low)), float(max(0.15, 1.05 * high)))),
            (
                Rule(x=0),
                *_bars(place[excludes], ends[excludes, 2], color="red", label="without 0"),
                *_bars(place[~excludes], ends[~excludes, 2], color="grey", label="holds 0"),
            ),
        )
    return Picture(
        x=x,
        y=Axis("seed", (0, len(ends) + 1)),
        marks=marks,
        sentence=(
            f"{student}: the intervals of student and teacher overlap for {overlap.sum()} of {len(ends)}"
            + ("." if shown == APART else f"; that of the difference is without 0 for {excludes.sum()}.")
        ),
    )


# --- press, and watch it grow ---------------------------------------------------------------------------------------

PRESSES, AT_ONCE = 1000, 25
BIN, WIDEST = 0.05, 2.5
BALL = 0.5  # between two balls over a bar
START = {"largest": 4.0, "seed": 0}


def _missing_share() -> float:
    """Return in how many of a hundred resamples a row is not drawn."""
    n = len(toy.losses_of(1.0))
    return 100 * (1 - 1 / n) ** n


@explorable(
    predict=(
        Estimate(
            "A press draws 20 rows from the 20, each time any of them. In how many of 100 presses is the row with the "
            "loss of 4 not drawn at all?",
            low=0,
            high=100,
            within=8,
            unit="of 100",
            answer=_missing_share,
            because="One draw misses it with the probability 19/20, and twenty draws in a row with (19/20)²⁰ = 0.36.",
            mark="none",
            at={"run": AT_ONCE},
        ),
        Place(
            "The heap will have a thousand means. Place two cuts, so that 95 of 100 of them lie between, and as many "
            "below as above.",
            answer=lambda: np.quantile(toy.heap_after(PRESSES, START).means, [0.025, 0.975]),
            within=0.12,
            axis="x",
            panel=1,
            because=(
                "Below, the heap has an end: twenty small losses have the mean 0.05. Above it has a tail: the 4 can be "
                "drawn three times."
            ),
            at={"run": PRESSES},
            before=2,
        ),
    ),
    run=Play(
        toy.heap_start,
        toy.heap_step,
        PRESSES,
        label="resample",
        frame=(1, AT_ONCE),
        frames=({},),
        restarts=("largest", "seed"),
        speed="slow",
    ),
    level=Slider(0.5, 0.99, 0.95, steps=2, stops=(0.8, 0.9, 0.95), label="level"),
    largest=Slider(0.05, 8.0, 4.0, steps=2, stops=(1.0, 2.0, 4.0, 6.0), label="the largest loss"),
    seed=Seed(count=5),
)
def resample(run, level, largest, seed) -> Sheet:
    """Press, and a resample is drawn."""
    losses = toy.losses_of(largest)
    rows = np.arange(1, losses.size + 1)
    count = np.bincount(run.rows, minlength=losses.size)
    which = np.repeat(rows, count)
    height = np.concatenate([losses[i] + BALL * (np.arange(c) + 0.7) for i, c in enumerate(count)])
    balls = (Points(which, height, color="orange", label="drawn", shape="circle"),) if which.size else ()
    test = Picture(
        Axis("row", (0.3, losses.size + 0.7)),
        Axis("loss", (0, 10)),
        (Bars(rows, losses, color="blue", label="loss"), *balls, Rule(y=largest, moves="largest")),
        "The test: 20 rows. A ball for each time that the last press drew the row. Drag the line.",
    )
    means = np.array(run.means)
    heap: list[Mark] = []
    top = 10.0
    said = f"No resample yet. The mean of the 20 losses is {losses.mean():.2f}."
    if means.size:
        counts, edges = np.histogram(np.minimum(means, WIDEST - BIN / 2), np.arange(0, WIDEST + BIN / 2, BIN))
        some = counts > 0
        top = max(top, 1.15 * counts.max())
        low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
        heap = [
            Bars(edges[:-1][some] + BIN / 2, counts[some], width=0.9 * BIN, color="sky"),
            Rule(x=float(low), color="orange"),
            Rule(x=float(high), color="orange"),
            Points([means[-1]], [0.03 * top], color="orange", shape="circle", label="the last"),
        ]
        said = (
            f"{means.size} resample{'s' * (means.size > 1)}: {100 * level:.0f} % of the means between {low:.2f} and "
            f"{high:.2f}; {100 * (means < losses.mean()).mean():.0f} % below {losses.mean():.2f}, the mean of the 20. "
            f"The last one drew the "
            f"loss of {largest:g} {_times(int(count[-1]))}."
        )
    grown = Picture(
        Axis("mean loss of the resample", (0, WIDEST)),
        Axis("resamples", (0, top)),
        (*heap, Rule(x=float(losses.mean()), label="mean of the 20")),
        f"The means so far. Orange: {100 * level:.0f} % lie between.",
    )
    return Sheet(((test, grown),), said, first=1)


def _times(number: int) -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(number, f"{number} times")


# --- the same rows, or not ------------------------------------------------------------------------------------------

ALIKE = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.99)
WHO = ("student", "teacher", "rows apart", "same rows")


@explorable(
    predict=Pick(
        "The two separate intervals overlap. Then the interval of the difference, with the same rows for both:",
        options=("must hold 0.", "must be without 0.", "may do either."),
        answer=lambda: 2,
        because=(
            "Overlap hangs on how far each loss spreads over the rows, the paired interval on how far their difference "
            "does. Neither says anything of the other."
        ),
        at={"alike": 0.9, "shift": 0.25},
    ),
    alike=Slider(0.0, 0.99, 0.0, steps=2, stops=ALIKE, label="how alike the losses are"),
    shift=Slider(0.0, 0.6, 0.25, steps=13, label="how much worse the student is"),
)
def paired(alike, shift) -> Sheet:
    """The same rows, or not: sixty rows and four intervals."""
    student, teacher = toy.two_models(alike, shift)
    found, apart = toy.judged(student, teacher)
    four: tuple[Interval, ...] = (found.student, found.teacher, apart, found.difference)
    estimate, low, high = np.array(four).T
    worse = student > teacher
    overlap = found.student.low <= found.teacher.high and found.teacher.low <= found.student.high
    without = not found.difference.low <= 0 <= found.difference.high
    ones = np.ones(worse.size)

    def lines(which: NDArray[np.bool_], color: str, label: str) -> tuple[Mark, ...]:
        ends = teacher[which].round(4), ones[which], student[which].round(4)
        return (Segments(0 * ends[1], ends[0], *ends[1:], color=color, label=label, thin=True),) if which.any() else ()

    place = np.arange(4.0)[::-1]
    return Sheet(
        (
            (
                Picture(
                    Axis("", categories=("teacher", "student")),
                    Axis("loss of a row", (0.005, 4), scale="log"),
                    (*lines(worse, "orange", "worse"), *lines(~worse, "blue", "better")),
                    "A line for each row, from the teacher's loss to the student's.",
                ),
                Picture(
                    Axis("nats", (-0.2, 0.6)),
                    Axis("", categories=WHO[::-1]),
                    (
                        Rule(x=0),
                        Points(estimate[:3], place[:3], x_low=low[:3], x_high=high[:3], color="grey", shape="circle"),
                        Points(estimate[3:], place[3:], x_low=low[3:], x_high=high[3:], color="red", shape="diamond"),
                    ),
                    "The intervals: of both, and twice of the difference.",
                ),
            ),
        ),
        (
            f"Correlation of the losses {_number(np.corrcoef(student, teacher)[0, 1], 2)}. The separate intervals "
            f"{'overlap' if overlap else 'lie apart'}; the difference is {_ends_in_words(apart)} with rows drawn "
            f"apart, {_ends_in_words(found.difference)} with the same rows, {'without' if without else 'with'} 0."
        ),
        first=1,
    )


def _ends_in_words(found: Interval) -> str:
    return f"{_number(found.low, 3)} to {_number(found.high, 3)}"


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


# --- a hundred intervals --------------------------------------------------------------------------------------------

INTERVALS, SEEN = 100, 4.0
METHODS = {"percentile": "percentile", "basic": "basic", "BCa": "bca"}
SKEWED = {"skew": 1.5, "n": 30, "method": "percentile"}


def _stack(settings: dict) -> dict:
    return {**settings, "method": METHODS[settings["method"]]}


def _how_many_hold(**settings) -> float:
    stack = toy.stack_after(INTERVALS, SKEWED | settings)
    return float(sum(found.low <= 1 <= found.high for found in stack))


@explorable(
    predict=(
        Estimate(
            "The 30 losses of a test are skewed: most are small, a few are large. A hundred such tests, and a 95 % "
            "interval of each. How many of the hundred hold the true mean?",
            low=0,
            high=100,
            within=8,
            unit="of 100",
            answer=_how_many_hold,
            because=(
                "A test that by chance has no large loss has a mean that is too small, and it has no way to know: its "
                "losses spread little, so its interval is short as well."
            ),
            mark="none",
            at=SKEWED | {"run": INTERVALS},
        ),
    ),
    run=Play(
        toy.stack_start,
        lambda state, settings, kind: toy.stack_step(state, _stack(settings), kind),
        INTERVALS,
        label="test set",
        frame=(1, 20),
        frames=({}, {"skew": 0.1}, {"skew": 2.0}, {"n": 300}, {"method": "BCa"}),
        restarts=("skew", "n", "method"),
        speed="slow",
    ),
    skew=Slider(0.1, 2.0, 1.5, steps=2, stops=(0.5, 1.0, 1.5), label="skew"),
    n=Slider(10, 300, 30, scale="log", steps=2, stops=(30, 100), integer=True, label="rows of a test"),
    method=Choice(tuple(METHODS), "percentile", label="interval"),
)
def coverage(run, skew, n, method) -> Sheet:
    """A hundred tests, a hundred intervals."""
    estimate, low, high = np.array(run).reshape(-1, 3).T
    kinds = (
        ((low <= 1) & (high >= 1), "blue", "holds it"),
        (high < 1, "orange", "too low"),
        (low > 1, "purple", "too high"),
    )
    place, ends = np.arange(1, low.size + 1), np.clip([low, high], 0, SEEN)
    bars, dots = [], []
    for which, color, label in kinds:
        if which.any():
            (left, right), at = ends[:, which].round(3), place[which]
            bars.append(Segments(left, at, right, at, color=color, label=label))
            dots.append(Points(estimate[which].round(3), (high - low)[which].round(3), color=color))
    held, below, above = (int(which.sum()) for which, *_ in kinds)
    return Sheet(
        (
            (
                Picture(
                    Axis("mean loss", (0, SEEN)),
                    Axis("test", (0, INTERVALS + 1)),
                    (*bars, Rule(x=1.0, label="true mean")),
                    "Every test and its interval.",
                ),
                Picture(
                    Axis("mean of the test", (0, SEEN)),
                    Axis("width of its interval", (0, SEEN)),
                    (*dots, Rule(x=1.0)),
                    "Mean and width of each.",
                ),
            ),
        ),
        (
            f"{len(run)} test{'s' * (len(run) != 1)} of {n} rows, skew {skew:g}, {method}: {held} intervals hold the "
            f"true mean, {below} lie below it, {above} above."
        ),
    )


# --- who passes for faithful ----------------------------------------------------------------------------------------


def _passes(student: str, sure: float) -> bool:
    found = toy.pair_of(student, sure).found
    return found.difference.low <= 0 <= found.difference.high


@explorable(
    predict=Pick(
        "A student says 1/2 of everything: it knows nothing, and its loss is log 2 in every row. Can the paired "
        "interval of student less teacher hold 0?",
        options=(
            "No: its losses have no spread.",
            "Yes, if the teacher's mean loss is near log 2 as well.",
            "Yes, if it agrees with the teacher in half of the rows.",
        ),
        answer=lambda: 1,
        because=(
            "A teacher that is too sure pays much for each error. Three times too sure, it loses as much as one that "
            "knows nothing. The paired interval compares mean losses, and these are alike."
        ),
        at={"student": toy.COIN, "sure": 3.0},
    ),
    student=Choice(toy.STUDENTS, toy.SOFTER, label="the student"),
    sure=Slider(1.0, 6.0, 1.0, steps=11, label="teacher too sure by"),
)
def faithful(student, sure) -> Sheet:
    """Who passes for faithful? A teacher, a student, and five verdicts."""
    pair = toy.pair_of(student, sure)
    found = pair.found
    estimate, low, high = np.array([found.student, found.teacher, found.difference]).T
    place = np.array([2.0, 1.0, 0.0])
    unit = Axis("teacher's probability of class 1", (0, 1), square=True)
    held = found.difference.low <= 0 <= found.difference.high
    return Sheet(
        (
            (
                Picture(
                    unit,
                    Axis("student's", (0, 1)),
                    (
                        Line([0, 1], [0, 1], color="grey", dashed=True),
                        Points(pair.teacher.round(2), pair.student.round(2), color="orange", shape="dot"),
                    ),
                    "Row by row. A faithful student stays on the dashed line.",
                ),
                Picture(
                    Axis("nats", (-1.0, 2.0)),
                    Axis("", categories=("difference", "teacher", "student")),
                    (Rule(x=0), Points(estimate, place, x_low=low, x_high=high, color="blue", shape="circle")),
                    "Mean losses, and their paired difference.",
                ),
            ),
        ),
        (
            f"Width {found.width_ratio:.2f} of the teacher's; {'covers' if found.covers_teacher else 'does not cover'} "
            f"its mean; the paired interval is {'with' if held else 'without'} 0. "
            f"They agree in {100 * pair.agreement:.0f} % of the rows, KL {pair.kl:.3f} nats."
        ),
        first=1,
    )


# --- what 95 % kept -------------------------------------------------------------------------------------------------

POPULATIONS = {
    "student, log-likelihood": "student_nll",
    "difference, log-likelihood": "gap_nll",
    "student, Brier": "student_brier",
    "normal scores": "normal",
}
SIZES = (30, 100, 300, 1000)
LOOKS = {"percentile": "blue", "basic": "orange", "BCa": "green"}


def _kept(population: str, method: str) -> list[dict[str, float]]:
    """Return the coverage in percent for each number of rows: mean and half-width over seeds."""
    arms = (f"{POPULATIONS[population]}_n{n}_{METHODS[method]}" for n in SIZES)
    return [mean_interval(100 * of_seeds("uncertainty", arm, "coverage")) for arm in arms]


def _first_of_90() -> int:
    means = [each["mean"] for each in _kept("student, log-likelihood", "percentile")]
    return next(i for i, mean in enumerate(means) if mean >= 90)


@explorable(
    measured="uncertainty",
    predict=Pick(
        "The losses are now those of a real student. From how many rows on do at least 90 of 100 percentile intervals "
        "hold the mean?",
        options=tuple(f"{n:,} rows." for n in SIZES),
        answer=_first_of_90,
        because="A few errors made with confidence decide the mean, and 100 rows often have too few of them.",
        at={"population": "student, log-likelihood"},
        covered=True,
    ),
    population=Choice(tuple(POPULATIONS), "student, log-likelihood", label="losses"),
)
def promise(population) -> Picture:
    """What 95 % promised, and what it kept."""
    marks: list[Mark] = [Rule(y=95, label="promised")]
    words = []
    for i, (method, color) in enumerate(LOOKS.items()):
        kept = _kept(population, method)
        mean, half = (np.array([each[key] for each in kept]) for key in ("mean", "half_width"))
        n = np.array(SIZES) * 1.06 ** (i - 1)  # side by side
        marks += [
            Line(n, mean, color=color),
            Points(n, mean, low=mean - half, high=np.minimum(mean + half, 100), color=color, label=method),
        ]
        words.append(f"{method} {mean[0]:.1f} and {mean[-1]:.1f} %")
    return Picture(
        Axis("rows", (24, 1300), scale="log"),
        Axis("intervals that hold the mean (%)", (40, 100)),
        tuple(marks),
        f"{population}, with 30 and with 1,000 rows: {'; '.join(words)}.",
    )
