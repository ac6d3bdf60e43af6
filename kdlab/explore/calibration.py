"""The widgets of the chapter interplay/calibration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.calibration import (
    bin_of,
    classwise_calibration_error,
    null_calibration_error,
    wilson_low,
)
from kdlab.explore import forecasts
from kdlab.explore.controls import Choice, Cuts, Diary, Slider, Switch
from kdlab.explore.marks import Bars, Line, Mark, Points, Rects, Rule, Segments, Text
from kdlab.explore.measured import mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Estimate, Pick, Place
from kdlab.explore.widget import explorable

DIAGONAL = Line([0, 1], [0, 1], color="grey", dashed=True, label="calibrated")


def _against(confidence: Any, accuracy: Any, **look: Any) -> tuple[Mark, ...]:
    """Return the bins of a diagram, and how far each is from the diagonal."""
    return (
        Segments(confidence, confidence, confidence, accuracy, color="red", thin=True, label="gap"),
        Points(confidence, accuracy, **look),
    )


# --- who is best calibrated? ----------------------------------------------------------------------------------------

MODELS = {
    "digits": {
        "constant": ("always 1/10", "red"),
        "teacher": ("teacher", "ink"),
        "997_hard": ("997 labels", "blue"),
        "997_kd_T4": ("997 soft targets", "orange"),
        "100_kd_T4": ("100 soft targets", "orange"),
        "100_hard": ("100 labels", "blue"),
    },
    "signals": {
        "constant": ("always 1/10", "red"),
        "teacher": ("teacher", "ink"),
        "3000_hard": ("3,000 labels", "blue"),
        "3000_kd_T4": ("3,000 soft targets", "orange"),
    },
}
AS_MEASURED, LESS_CHANCE = ERRORS = ("as measured", "less what chance gives")


def _percent(data: str, model: str, measure: str) -> dict[str, float]:
    """Return the mean over seeds and its interval, in per cent."""
    return mean_interval(100 * of_seeds("uncertainty", f"{data}_{model}", measure))


def _rank_of_constant() -> int:
    """Return the option that says where the model of 1/10 stands: first, between, or last."""
    errors = [_percent("digits", model, "ece")["mean"] for model in MODELS["digits"]]
    place = sorted(errors).index(errors[0])
    return 0 if place == 0 else 2 if place == len(errors) - 1 else 1


@explorable(
    measured="uncertainty",
    predict=Pick(
        "Six models of digits. One says 1/10 for every class, whatever the image. Where does its calibration error "
        "stand among the six?",
        options=("It is the smallest.", "Somewhere between.", "It is the largest."),
        answer=_rank_of_constant,
        because=(
            "It says one in ten, and is right in one of ten: what it says is what happens. Calibration does not ask "
            "whether a model knows anything."
        ),
        at={"learned": "digits", "error": AS_MEASURED},
        covered=True,
    ),
    learned=Choice(tuple(MODELS), value="digits", label="data"),
    error=Choice(ERRORS, value=AS_MEASURED, label="calibration error"),
)
def ranking(learned, error) -> Sheet:
    """How far off is what models say, and how often they are right."""
    models = MODELS[learned]
    measure = "ece" if error == AS_MEASURED else "excess_ece"
    errors = [_percent(learned, model, measure) for model in models]
    right = [_percent(learned, model, "accuracy") for model in models]
    most = max(found["mean"] + found["half_width"] for found in errors)

    def bars(found: list[dict[str, float]]) -> tuple[Mark, ...]:
        return tuple(
            Bars(
                [place],
                [each["mean"]],
                low=[each["mean"] - each["half_width"]],
                high=[each["mean"] + each["half_width"]],
                color=color,
                horizontal=True,
            )
            for place, (each, (_, color)) in enumerate(zip(found, models.values(), strict=True))
        )

    names = Axis("", categories=tuple(name for name, _ in models.values()))
    least = min(errors, key=lambda each: each["mean"])
    first = [*models.values()][errors.index(least)][0]
    lowest = 0.0 if error == AS_MEASURED else -1.0
    return Sheet(
        (
            (
                Picture(
                    Axis(f"calibration error, {error} (points)", (lowest, 1.1 * most)),
                    names,
                    bars(errors),
                    "How far off.",
                ),
                Picture(Axis("right in (%)", (0, 100)), names, bars(right), "How often right."),
            ),
        ),
        f"{learned}, calibration error {error}: the smallest has “{first}”, {least['mean']:.2f} points "
        f"± {least['half_width']:.2f}; it is right in {right[errors.index(least)]['mean']:.1f} %.",
    )


# --- the reader's own diagram ---------------------------------------------------------------------------------------

YOURS, EXAMPLE = WHOSE = ("your answers", "an example reader")
FEWEST = 10  # answers: below this a diagram says nothing


def _what_two_numbers_say() -> int:
    """Return "not from these two numbers" if the example's two means agree and its bins do not."""
    confidence, correct = _columns(forecasts.example_answers())
    found = forecasts.judged(confidence, correct, 5)
    return 2 if abs(found.too_sure) < 0.005 and found.error > found.most else 0


def _columns(answers: tuple[tuple[float, bool], ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    pairs = np.array(answers, dtype=np.float64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


@explorable(
    predict=Pick(
        "An example reader gave 80 answers. On average she was 60 % sure, and she was right in 60 %. "
        "Is she calibrated?",
        options=("Yes.", "No.", "These two numbers cannot say it."),
        answer=_what_two_numbers_say,
        because=(
            "They put all answers into one bin. What she called 25 % came true in 50 %, what she called 95 % in 70 %: "
            "the two mistakes cancel in the mean."
        ),
        at={"whose": EXAMPLE, "bins": 5, "answers": ()},
        covered=True,
    ),
    whose=Choice(WHOSE, value=EXAMPLE, label="whose answers"),
    bins=Slider(2, 10, value=5, steps=5, integer=True, label="bins"),
    answers=Diary(only_at=("whose", YOURS), label="answers in this browser"),
)
def you(whose, bins, answers) -> Picture:
    """Are you calibrated? Your own answers, or an example reader's."""
    given = forecasts.example_answers() if whose == EXAMPLE else answers
    confidence, correct = _columns(given)
    marks: tuple[Mark, ...] = (DIAGONAL,)
    if len(given) >= FEWEST:
        of = forecasts.filled_bins(confidence, correct, bin_of(confidence, bins), bins)
        marks += _against(of.confidence, of.accuracy, low=of.low, high=of.high, color="blue", label="a bin")
        marks += tuple(
            Text(x, y, f"{n:.0f}", beside=True) for x, y, n in zip(of.confidence, of.accuracy, of.count, strict=True)
        )
    else:
        marks += (Points(confidence, correct, color="grey", label="an answer"),)
    return Picture(
        Axis("how sure (0 to 1)", (-0.02, 1.08), square=True),
        Axis("share that was right", (-0.04, 1.04)),
        marks,
        _verdict(whose, confidence, correct, bins),
    )


def _verdict(whose: str, confidence: NDArray[np.float64], correct: NDArray[np.float64], bins: int) -> str:
    """Return what the answers say of their reader, and what they cannot say."""
    count, name = confidence.size, "Your answers" if whose == YOURS else "An example reader"
    if count < FEWEST:
        so_far = "None so far" if count == 0 else f"{count} so far"
        return (
            f"{name}: {so_far}; at least {FEWEST} are needed. Each figure of this book asks you something: answer, and "
            "say how sure you are."
        )
    found = forecasts.judged(confidence, correct, bins)
    told = (
        f"{name}: {count}; on average {100 * confidence.mean():.0f} % sure, {100 * correct.mean():.0f} % right. "
        f"Calibration error {found.error:.2f}; a calibrated reader would show {found.expected:.2f}, and seldom more "
        f"than {found.most:.2f}"
    )
    if found.error <= found.most:
        return f"{told}: this is within what chance gives."
    if abs(found.too_sure) < 0.05:
        return f"{told}. More than chance: too sure here, not sure enough there."
    return f"{told}. More than chance: {'too sure' if found.too_sure > 0 else 'not sure enough'}."


# --- the cuts -------------------------------------------------------------------------------------------------------

ANSWERS = forecasts.forty_answers()
LARGEST = (0.58, 0.66, 0.80)  # of all ways to place three cuts


def _error(cuts: Any) -> float:
    return forecasts.error_of_cuts(np.sort(np.asarray(cuts, dtype=np.float64)), *ANSWERS)


def _reached(settings: Mapping[str, Any]) -> str:
    return f"Your cuts reach {100 * _error(settings['cuts']) / _error(LARGEST):.0f} % of the largest error there is."


@explorable(
    predict=Place(
        "Forty answers of a perfectly calibrated model: blue dots came out right, orange crosses "
        "wrong. Place three cuts so that its calibration error becomes as large as you can make it.",
        answer=lambda: LARGEST,
        because=(
            "Put the cuts where a run of luck ends: bins of few answers, all right or mostly wrong. The model is the "
            "same, and so are its answers."
        ),
        axis="x",
        reached=_error,
        share=0.8,
        at={},
    ),
    goal=_reached,
    cuts=Cuts(0.5, 1.0, value=(0.62, 0.75, 0.88), label="cuts"),
)
def cuts(cuts) -> Picture:
    """Forty answers of a calibrated model, and three cuts."""
    confidence, correct = ANSWERS
    b = np.searchsorted(cuts, confidence, side="left")
    of = forecasts.filled_bins(confidence, correct, b, len(cuts) + 1)
    edges = np.array([0.5, *cuts, 1.0])
    filled = np.unique(b)
    error, chance = _error(cuts), null_calibration_error(confidence, b)
    return Picture(
        Axis("confidence", (0.495, 1.005)),
        Axis("share right", (0, 1.22)),
        (
            Rects(
                edges[filled],
                edges[filled + 1],
                np.zeros(filled.size),
                of.accuracy,
                color="sky",
                faint=0.4,
                label="share right",
            ),
            Segments(
                of.confidence,
                of.confidence,
                of.confidence,
                of.accuracy,
                color="red",
                label="gap to the confidence",
            ),
            Points(of.confidence, of.confidence, color="red", shape="diamond"),
            Points(confidence[correct], np.full(correct.sum(), 1.16), color="blue", label="right"),
            Points(confidence[~correct], np.full((~correct).sum(), 1.08), color="orange", shape="cross", label="wrong"),
            *(Rule(x=cut, moves="cuts", color="purple") for cut in cuts),
        ),
        f"Cuts at {', '.join(f'{cut:.3g}' for cut in cuts)}: calibration error {error:.3f}; chance alone gives "
        f"{chance:.3f} on average.",
    )


# --- perfect, and yet -----------------------------------------------------------------------------------------------

SETS = 400
FEW, BINS = 50, 15
CELL = 0.01  # of the histogram


def _expected(rows: int, bins: int) -> float:
    said = forecasts.rows_of(int(rows))
    return null_calibration_error(said, bin_of(said, int(bins)))


def _draw(state: forecasts.Drawn, settings: Mapping[str, Any], kind: str) -> forecasts.Drawn:
    return forecasts.one_more(state, settings["rows"], settings["bins"], settings["excess"])


@explorable(
    predict=Estimate(
        "A forecaster is perfectly calibrated. On 50 rows, with 15 bins, what calibration error will be measured, on "
        "average?",
        low=0.0,
        high=0.3,
        within=0.03,
        answer=lambda: _expected(FEW, BINS),
        because=(
            "All confidences lie between one half and 1, so the rows fill eight of the bins, six or seven each. So few "
            "are seldom right in just the share that was said: there is a gap, and its size counts, not its sign."
        ),
        mark="x",
        at={"run": 200, "rows": FEW, "bins": BINS, "excess": 0.0},
        covered=True,
    ),
    run=Play(
        lambda settings: forecasts.Drawn(),
        _draw,
        steps=SETS,
        frame=(1, 20),
        frames=({}, {"rows": 1000}, {"bins": 5}, {"excess": 0.05}),
        kinds=("Draw",),
        restarts=("rows", "bins", "excess"),
        label="test sets",
        speed="fast",
    ),
    rows=Slider(
        20, 5000, value=FEW, scale="log", steps=5, stops=(100, 200, 500, 1000, 2000), integer=True, label="rows"
    ),
    bins=Slider(1, 30, value=BINS, steps=2, stops=(2, 5, 10, 20), integer=True, label="bins"),
    excess=Slider(0.0, 0.2, value=0.0, steps=5, label="another one, too sure by"),
)
def perfect(run, rows, bins, excess) -> Sheet:
    """A perfect forecaster is measured, again and again."""
    expected = _expected(rows, bins)
    last: tuple[Mark, ...] = ()
    if run.perfect:
        of = forecasts.filled_bins(run.confidence, run.correct, bin_of(run.confidence, bins), bins)
        last = _against(of.confidence, of.accuracy, color="orange" if excess else "blue", label="a bin")
    return Sheet(
        (
            (
                Picture(
                    Axis("confidence", (0.48, 1.02)),
                    Axis("share right", (-0.05, 1.05)),
                    (Line([0.5, 1], [0.5, 1], color="grey", dashed=True, label="calibrated"), *last),
                    f"The last test set{', of the one too sure' if excess else ''}.",
                ),
                Picture(
                    Axis("calibration error", (0, 0.35)),
                    Axis("test sets (%)", (0, 60)),
                    (
                        *_histogram(run.perfect, "blue", "perfect"),
                        *(_histogram(run.too_sure, "orange", "too sure", outline=True) if excess else ()),
                        *((Rule(x=expected, color="ink", label="expected by chance"),) if run.perfect else ()),
                    ),
                    "All test sets so far.",
                ),
            ),
        ),
        _of_draws(run, rows, bins, excess, expected),
        first=1,
    )


def _histogram(errors: tuple[float, ...], color: str, label: str, outline: bool = False) -> tuple[Mark, ...]:
    if not errors:
        return ()
    edges = np.arange(0, 0.35 + CELL / 2, CELL)
    count, _ = np.histogram(np.minimum(errors, 0.349), edges)
    share = 100 * count / len(errors)
    return (Bars(edges[:-1] + CELL / 2, share, width=CELL, color=color, label=label, outline=outline, faint=0.3),)


def _of_draws(run: forecasts.Drawn, rows: int, bins: int, excess: float, expected: float) -> str:
    """Return what the test sets showed so far."""
    begin = f"{rows:,} rows, {bins} bin{'s' * (bins > 1)}"
    if not run.perfect:
        return f"{begin}: no test set has been drawn yet."
    count = len(run.perfect)
    told = (
        f"{begin}, {count} test set{'s' * (count > 1)}: a perfect forecaster shows {np.mean(run.perfect):.3f} on "
        f"average, {expected:.3f} by the formula"
    )
    if not excess:
        return f"{told}."
    fooled = np.mean(np.array(run.too_sure) < run.perfect)
    return (
        f"{told}; one too sure by {excess:g} shows {np.mean(run.too_sure):.3f}, and looks better in "
        f"{100 * fooled:.0f} % of them."
    )


# --- other weather, and other days ----------------------------------------------------------------------------------

FORECASTS = np.array([0.1, 0.4, 0.7])  # each on a third of the days
READINGS = {
    "all days": "one_vs_rest",
    "days called rainy": "predicted_label",
    "days on which it rained": "true_label",
}
ALL_DAYS, CALLED, RAINED = READINGS


def _days(odds: float) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
    """Return what was said (dry, rain), what happened, and how often, the odds of rain being so many times as said."""
    weight = np.stack([1 - FORECASTS, odds * FORECASTS])
    said = np.tile(np.stack([1 - FORECASTS, FORECASTS], axis=1), (2, 1))
    return said, np.repeat([0, 1], FORECASTS.size), (weight / weight.sum()).ravel()


def _happens(odds: float) -> NDArray[np.float64]:
    """Return how often it rains after each forecast."""
    return odds * FORECASTS / (odds * FORECASTS + 1 - FORECASTS)


def _rain_error(odds: float, reading: str) -> float:
    said, happened, often = _days(odds)
    return float(classwise_calibration_error(said, happened, READINGS[reading], 10, weights=often)[1])


@explorable(
    predict=Pick(
        "A perfect forecaster says 10, 40 or 70 % rain, each on a third of the days. Then the climate changes, and the "
        "odds of rain triple on every day. Which forecast is off by the most points?",
        options=("The one of 10 %.", "The one of 40 %.", "The one of 70 %."),
        answer=lambda: int(np.argmax(_happens(3.0) - FORECASTS)),
        because=(
            "Odds of 1 to 9 become 3 to 9, a quarter; 4 to 6 become 12 to 6, two thirds; 7 to 3 become 21 to 3, seven "
            "eighths. In the middle the same factor is the most points."
        ),
        at={"odds": 3.0, "days": ALL_DAYS},
        covered=True,
    ),
    odds=Slider(0.2, 5.0, value=1.0, scale="log", steps=9, stops=(3.0,), label="odds of rain, times"),
    days=Choice(tuple(READINGS), value=ALL_DAYS, label="bins over"),
)
def weather(odds, days) -> Sheet:
    """A perfect forecaster, another climate, and three ways to ask about rain."""
    said, happened, often = _days(odds)
    top, correct = said.max(axis=1), said.argmax(axis=1) == happened
    counted = {
        ALL_DAYS: np.ones(happened.size, bool),
        CALLED: said.argmax(axis=1) == 1,
        RAINED: happened == 1,
    }[days]
    x, y = (said[:, 1], happened) if days == ALL_DAYS else (top, correct)
    of = [
        (level, np.average(y[here], weights=often[here]))
        for level in np.unique(x[counted])
        for here in [counted & (x == level)]
    ]
    place, share = np.array(of).T
    dry, rain = 100 * often.reshape(2, -1)
    stacks = np.arange(FORECASTS.size)
    taken_dry, taken_rain = counted.reshape(2, -1)
    what = "rain" if days == ALL_DAYS else "the answer"
    return Sheet(
        (
            (
                Picture(
                    Axis("said", categories=tuple(f"{100 * p:.0f} %" for p in FORECASTS)),
                    Axis("days of a hundred", (0, 65)),
                    (
                        *_stack(stacks, rain, np.zeros(3), taken_rain, "blue", "rain"),
                        *_stack(stacks, dry, rain, taken_dry, "orange", "dry"),
                    ),
                    "The days; hatched ones are not asked about.",
                ),
                Picture(
                    Axis("said (0 to 1)" if days == ALL_DAYS else "confidence (0 to 1)", (-0.02, 1.02), square=True),
                    Axis("share of rain" if days == ALL_DAYS else "share right", (-0.05, 1.05)),
                    (DIAGONAL, *_against(place, share, color="blue", label="a bin")),
                    "Asked about these days.",
                ),
            ),
        ),
        f"Odds times {odds:.3g}, {days}: "
        + "; ".join(f"said {100 * a:.0f} %, {what} in {100 * b:.0f} %" for a, b in of)
        + f". Calibration error of rain {_rain_error(odds, days):.3f}.",
        first=1,
    )


def _stack(x: Any, height: Any, base: Any, taken: Any, color: str, label: str) -> tuple[Mark, ...]:
    """Return a layer of the stacks, hatched where it is not asked about."""
    return tuple(
        Bars(
            x[here],
            (base + height)[here],
            base=base[here],
            color=color,
            label=label * (not hatch),
            hatch=hatch,
            faint=0.6 * hatch,
        )
        for here, hatch in ((taken, False), (~taken, True))
        if here.any()
    )


# --- one temperature ------------------------------------------------------------------------------------------------

REPAIRED = {
    "signals, soft targets": "signals_3000_kd_T4",
    "signals, labels": "signals_3000_hard",
    "digits, 100 labels": "digits_100_hard",
    "digits, 100 soft targets": "digits_100_kd_T4",
    "digits, 997 soft targets": "digits_997_kd_T4",
    "digits, teacher": "digits_teacher",
}
MOST_TOO_SURE = "signals, soft targets"


def _fitted(model: str) -> float:
    return float(of_seeds("uncertainty", REPAIRED[model], "temperature").mean())


def _which_temperature() -> int:
    T = _fitted(MOST_TOO_SURE)
    return 0 if T < 0.9 else 1 if T < 1.1 else 2 if T < 3 else 3


@explorable(
    measured="uncertainty",
    predict=Pick(
        "These students of signals learned soft targets at T = 4. Each divides its logits by one temperature, fitted "
        "on rows it has not seen. What is it, on average?",
        options=("Below 1.", "1: they leave them as they are.", "About 1.7.", "4, as in distillation."),
        answer=_which_temperature,
        because=(
            "The 4 of distillation divided the teacher's logits as well as the student's, so it is no error to undo. "
            "This one only asks how much too sure the student is, and is fitted to labels."
        ),
        at={"model": MOST_TOO_SURE, "scaled": True},
    ),
    model=Choice(tuple(REPAIRED), value=MOST_TOO_SURE, label="model"),
    scaled=Switch(label="divide the logits by the fitted temperature"),
)
def scaled(model, scaled) -> Sheet:
    """One temperature as repair: the diagrams of twenty seeds together."""
    name = REPAIRED[model] + "_scaled" * scaled
    bins = record("uncertainty").measured["bins"][name]
    count = np.array(bins["count"])
    kept = count > 0
    x, y = (np.array(bins[key], dtype=np.float64)[kept] for key in ("confidence", "accuracy"))
    low, high = wilson_low(y, count[kept], 0.95), 1 - wilson_low(1 - y, count[kept], 0.95)
    data, _, of_model = name.partition("_")
    ece, chance, right = (_percent(data, of_model, measure) for measure in ("ece", "null_ece", "accuracy"))
    shown = (("measured", ece, "blue"), ("by chance", chance, "grey"))
    T = f"{_fitted(model):.2f}"
    return Sheet(
        (
            (
                Picture(
                    Axis("confidence (0 to 1)", (-0.02, 1.02), square=True),
                    Axis("share right", (-0.05, 1.05)),
                    (DIAGONAL, *_against(x, y, low=low, high=high, color="blue", label="a bin")),
                    "All seeds together, in 15 bins.",
                ),
                Picture(
                    Axis("", categories=tuple(each for each, *_ in shown)),
                    Axis("calibration error (points)", (0, 13.5)),
                    tuple(
                        Bars(
                            [place],
                            [found["mean"]],
                            low=[found["mean"] - found["half_width"]],
                            high=[found["mean"] + found["half_width"]],
                            color=color,
                        )
                        for place, (_, found, color) in enumerate(shown)
                    ),
                    "Mean over the seeds.",
                ),
            ),
        ),
        f"{model}, {f'divided by T, {T} on average' if scaled else 'as they are'}: calibration error "
        f"{ece['mean']:.1f} points ± {ece['half_width']:.1f}, of which chance alone gives {chance['mean']:.1f}; right "
        f"in {right['mean']:.1f} %.",
    )
