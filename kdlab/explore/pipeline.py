"""The widgets of the chapter interplay/pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.pipeline import Cost, Layer, factorize, layer_costs, prune
from kdlab.explore import speed_lab
from kdlab.explore.compressed import (
    COSTS,
    DENSE,
    FILTERS,
    FIRST,
    INPUT_SHAPE,
    LAST,
    NETWORK,
    NETWORKS,
    SECOND,
    TIMED,
    UNITS,
    WHOLE,
    accuracies,
    flipped_rows,
    front_of,
    name_of,
    paid,
    places,
    step_before,
)
from kdlab.explore.compressed_drawn import images_of, map_marks, weights_drawn, words_of_rows
from kdlab.explore.controls import Action, Choice, Slider
from kdlab.explore.helpers import beside
from kdlab.explore.marks import Bars, Color, Points, Rects, Rule, Text
from kdlab.explore.measured import mean_interval
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.questions import Estimate, Pick, Place
from kdlab.explore.speed_drawn import DRAWN, rounds_drawn, words_of_times
from kdlab.explore.widget import explorable

Floats = NDArray[np.float64]

# --- fewer operations, fewer bytes, less time? ----------------------------------------------------------------------


@explorable(
    measured="pipeline",
    predict=Pick(
        "The layer of 64 units gets rank 4: 9 % fewer operations, 80 % fewer bytes. With one image at a time, beside "
        "the whole network, it needs",
        options=(
            "clearly less time: less than nine tenths.",
            "about as much: within a tenth.",
            "clearly more time: more than eleven tenths.",
        ),
        answer=lambda: int(np.digitize(paid("svd_severe")[:, 2].mean(), (90, 110))),
        because="Nearly all the operations are in the convolutions, which are as they were. And bytes are no seconds.",
        at={"form": "rank 4"},
    ),
    form=Choice(tuple(TIMED), "half of the filters out", label="the network"),
)
def price(form) -> Picture:
    """What is saved, in four currencies."""
    of_seeds = paid(TIMED[form])
    means = of_seeds.mean(axis=0)
    half = np.array([mean_interval(column)["half_width"] for column in of_seeds.T])
    place = np.arange(len(COSTS))
    counted = place < 2
    return Picture(
        x=Axis("", categories=tuple(COSTS)),
        y=Axis("% of the whole network's", (0, 175)),
        marks=(
            Bars(place[counted], means[counted], color="blue", label="counted"),
            Bars(
                place[~counted],
                means[~counted],
                low=(means - half)[~counted],
                high=(means + half)[~counted],
                color="orange",
                hatch=True,
                label="timed",
            ),
            Rule(y=100, label="the whole network"),
            *(Text(i, mean, f"{mean:.0f} %", color="ink") for i, mean in enumerate(means)),
        ),
        sentence=(
            f"{form[0].upper()}{form[1:]}: {means[0]:.1f} % of the operations, {means[1]:.1f} % of the bytes, "
            f"{means[2]:.1f} ± {half[2]:.1f} % of the time with one image, {means[3]:.1f} ± {half[3]:.1f} % with 64."
        ),
    )


# --- take a filter out ----------------------------------------------------------------------------------------------

NO_RANK = "whole"
RANKS = (4, 8, 51, 56)
MACS = "operations (thousand)"


def _network(first: int, second: int, rank: int | None) -> tuple[Layer, ...]:
    """Return the network with so many filters in its convolutions, and its dense layer in two factors of this rank."""
    kept = {FIRST: np.arange(first), SECOND: np.arange(second)}
    network = prune(NETWORK, INPUT_SHAPE, kept)
    return network if rank is None else factorize(network, DENSE, rank)


def _macs(first: int, second: int, rank: int | None) -> list[int]:
    """Return the operations of the four layers with weights."""
    costs: list[Cost] = layer_costs(_network(first, second, rank), INPUT_SHAPE)
    return [costs[i].macs for i in (FIRST, SECOND, DENSE, LAST)]


WHOLE_MACS = _macs(*FILTERS, None)
LAYERS = ("conv 1", "conv 2", "dense", "classes")


def _share(first: int, second: int, rank: int | None) -> float:
    """Return the operations that are left, in per cent."""
    return 100 * sum(_macs(first, second, rank)) / sum(WHOLE_MACS)


@explorable(
    predict=Estimate(
        "Keep half of the filters in both convolutions, and leave the rest as it is. What share of all operations is "
        "left?",
        low=0,
        high=100,
        answer=lambda: _share(8, 16, None),
        within=3,
        unit="%",
        mark="none",
        because=(
            "The second convolution loses rows and columns: a quarter is left of it, and it is nearly all there is. "
            "The first convolution and the dense layer lose one side alone: half is left."
        ),
        at={"first": 8, "second": 16, "rank": None},
        covered=True,
    ),
    first=Slider(2, FILTERS[0], FILTERS[0], steps=8, integer=True, label="filters kept in conv 1"),
    second=Slider(4, FILTERS[1], FILTERS[1], steps=8, integer=True, label="filters kept in conv 2"),
    rank=Slider(
        2, 56, None, scale="log", steps=2, stops=RANKS, integer=True, none=NO_RANK, label="rank of the dense layer"
    ),
)
def filters(first, second, rank) -> Sheet:
    """Take filters out, and watch the next layer shrink."""
    macs = _macs(first, second, rank)
    place = np.arange(len(LAYERS))
    dense = 16 * second * UNITS
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("", (-0.3, 12.1), hidden=True),
                    Axis("", (-0.22, 1.2), hidden=True),
                    weights_drawn(first, second, rank),
                    "The weights: a row for each output, a column for each input.",
                ),
                Picture(
                    Axis("", categories=LAYERS),
                    Axis(MACS, (0, 320)),
                    (
                        Bars(place, np.array(WHOLE_MACS) / 1000, color="grey", outline=True, label="whole"),
                        Bars(place, np.array(macs) / 1000, color="blue", label="now"),
                        *(
                            Text(i, whole / 1000, f"{100 * now / whole:.0f} %", color="ink")
                            for i, (now, whole) in enumerate(zip(macs, WHOLE_MACS, strict=True))
                        ),
                    ),
                    "What each layer still needs.",
                ),
            ),
        ),
        sentence=(
            f"{first} of 16 and {second} of 32 filters: {sum(macs):,} of {sum(WHOLE_MACS):,} operations, "
            f"{_share(first, second, rank):.1f} %."
            + ("" if rank is None else f" Rank {rank}: {macs[2]:,} instead of {dense:,} in the dense layer.")
        ),
        first=1,
    )


# --- the corner that is counted twice -------------------------------------------------------------------------------

NEARLY = 1.0  # points between the two laws that are told apart


@explorable(
    predict=Estimate(
        "Two steps each lose the same share of the right answers. From which share on do sum and product differ by "
        "more than one point in a hundred?",
        low=0,
        high=100,
        answer=lambda: 100 * (NEARLY / 100) ** 0.5,
        within=2,
        unit="%",
        mark="none",
        because="They differ by the corner, the share times itself: a tenth of a tenth is one in a hundred.",
        at={"first": 10, "second": 10},
    ),
    first=Slider(0, 100, 30, steps=21, stops=(58, 63), integer=True, label="lost by the first, % of the right answers"),
    second=Slider(0, 100, 20, steps=21, stops=(58, 63), integer=True, label="lost by the second, %"),
)
def corner(first, second) -> Picture:
    """Two losses: added, or one after the other."""
    a, b = first / 100, second / 100
    added, multiplied = 100 - first - second, 100 * (1 - a) * (1 - b)
    boxes: tuple[tuple[float, float, float, float, Color, bool, str], ...] = (
        (0, 1 - a, 0, 1 - b, "blue", False, "left"),
        (1 - a, 1, 0, 1 - b, "orange", True, "lost by the first"),
        (0, 1 - a, 1 - b, 1, "green", True, "lost by the second"),
        (1 - a, 1, 1 - b, 1, "red", False, "the corner: lost to both"),
    )
    marks = [
        Rects([x0], [x1], [y0], [y1], color=color, hatch=hatch, label=label)
        for x0, x1, y0, y1, color, hatch, label in boxes
        if x1 > x0 and y1 > y0
    ]
    return Picture(
        x=Axis("", (0, 1), hidden=True, square=True),
        y=Axis("", (0, 1), hidden=True),
        marks=tuple(marks),
        sentence=(
            f"The first loses {first} % of the right answers, the second {second} %. Added, {added} % are left"
            f"{', less than nothing' if added < 0 else ''}; multiplied, {multiplied:.1f} %. The corner, "
            f"{100 * a * b:.1f} %, is what the sum takes away twice."
        ),
    )


# --- do losses add? -------------------------------------------------------------------------------------------------

CHAINS: dict[str, tuple[tuple[str, ...], str]] = {
    "filters, then rank": (("prune", "svd"), ""),
    "filters, then bits": (("prune", "quantize"), ""),
    "rank, then bits": (("svd", "quantize"), ""),
    "all three": (("prune", "svd", "quantize"), ""),
    "all three, taught again": (("prune", "svd", "quantize"), "kd"),
}
SHORT = {"prune": "filters", "svd": "rank", "quantize": "bits"}
LEVEL_WORDS = {
    "mild": "mild: a quarter out, rank 16, 8 bits",
    "medium": "medium: half out, rank 8, 4 bits",
    "severe": "severe: three quarters out, rank 4, 3 bits",
    "extreme": "extreme: seven eighths out, rank 2",
}
LEVEL_OF = {words: level for level, words in LEVEL_WORDS.items()}


def _was_made(settings: Mapping[str, Any]) -> str:
    """Return why there is no such chain in the record."""
    level, chain = LEVEL_OF[settings["level"]], settings["chain"]
    if level == "extreme" and chain != "filters, then rank":
        return "At the extreme level only filters and rank were put together."
    if level == "mild" and CHAINS[chain][1]:
        return "Mildly compressed networks were not taught again: they had lost next to nothing."
    return ""


@explorable(
    measured="pipeline",
    predict=Place(
        "At the extreme level the filters alone leave the network right in 41 of 100, the rank alone in 36. The whole "
        "one was right in 98. Place a line where both together end.",
        answer=lambda: [float(accuracies("prune_svd_extreme").mean())],
        within=5,
        axis="y",
        because=(
            "The drops add up to more than there is, so the sum ends at chance. 41 of 98 times 36 of 98 leaves about "
            "16 of 100. And so it was."
        ),
        at={"chain": "filters, then rank", "level": LEVEL_WORDS["extreme"]},
        covered=True,
    ),
    chain=Choice(tuple(CHAINS), "filters, then rank", label="steps", available=_was_made),
    level=Choice(tuple(LEVEL_OF), LEVEL_WORDS["mild"], label="level"),
)
def losses(chain, level) -> Picture:
    """What single steps lose, what that promises, and what came."""
    steps, training = CHAINS[chain]
    arm = name_of(steps, LEVEL_OF[level], training)
    whole = accuracies(WHOLE).mean()
    drops = np.array([whole - accuracies(name_of((step,), LEVEL_OF[level], training)).mean() for step in steps])
    ends = whole - np.cumsum(drops)
    tops = np.array([whole, *ends[:-1]])
    promised = {law: accuracies(f"{law}_{arm}").mean() for law in ("additive", "multiplicative")}
    came = accuracies(arm)
    half = mean_interval(came)["half_width"]
    last = len(steps) + 3
    return Picture(
        x=Axis("", categories=("whole", *(f"− {SHORT[step]}" for step in steps), "sum", "product", "measured")),
        y=Axis("right in (%)", (-25, 105)),
        marks=(
            Bars([0], [whole], color="grey"),
            Bars(1 + np.arange(len(steps)), ends, base=tops, color="red", hatch=True, label="lost by a step alone"),
            Bars([last - 2], [promised["additive"]], color="sky", label="sum, at least chance"),
            Bars([last - 1], [promised["multiplicative"]], color="blue", label="product"),
            Bars(
                [last],
                [came.mean()],
                low=[came.mean() - half],
                high=[came.mean() + half],
                color="orange" if training else "green",
                label="measured",
            ),
            _of_all_seeds(came, last),
            Rule(y=10, label="chance"),
        ),
        sentence=(
            f"{chain[0].upper()}{chain[1:]}, {level}: the sum promises {promised['additive']:.1f} %, the product "
            f"{promised['multiplicative']:.1f} %; measured {came.mean():.1f} ± {half:.1f} %."
        ),
    )


def _of_all_seeds(values: Floats, place: int) -> Points:
    """Return every seed as a dot beside the bar at this place."""
    dots = beside(values[:, np.newaxis])
    return Points(dots.x + place, dots.y, color="grey")


# --- the map of compressed networks ---------------------------------------------------------------------------------

OTHERS = ("the network a step before", "the whole network")
LOWEST = {"operations": 1.5, "bytes": 0.5, "time, 1 image": 50.0, "time, 64 images": 15.0}
TAUGHT = "half of the filters out; taught again"


@explorable(
    measured="pipeline",
    predict=Estimate(
        "One network, half of its filters out and taught again, has the very accuracy of the whole one: the same "
        "number of 450 test images is right. How many of the 450 do the two answer differently?",
        low=0,
        high=60,
        answer=lambda: len(flipped_rows(WHOLE, "prune_medium_kd").rows),
        within=4,
        unit="images",
        mark="none",
        because="Three images were lost and three won. The same accuracy is not the same network.",
        at={"model": TAUGHT, "other": OTHERS[1]},
        covered=True,
    ),
    model=Choice(tuple(NETWORKS), "half of the filters out", label="network"),
    other=Choice(OTHERS, OTHERS[0], label="beside"),
    cost=Choice(tuple(COSTS), "operations", label="cost"),
)
def map(model, other, cost) -> Sheet:
    """The map of compressed networks: what was done, what it costs, and which images it answers otherwise."""
    arm = NETWORKS[model]
    before = step_before(arm) if other == OTHERS[0] and arm != WHOLE else WHOLE
    flipped = flipped_rows(before, arm)
    x, y = places(cost)
    arms, front = list(NETWORKS.values()), front_of(cost)
    on_front = arms.index(arm) in front
    half = mean_interval(accuracies(arm))["half_width"]
    of_whole = f"{x[arms.index(arm)]:.1f} % of the {'time' if 'time' in cost else cost}"
    return Sheet(
        rows=(
            (
                Picture(
                    Axis(f"{cost}, % of the whole network's", (LOWEST[cost], 125), scale="log"),
                    Axis("right in (%)", (0, 104)),
                    map_marks(arm, x, y, front),
                    "Each dot a network, the mean of 20 seeds. Tap one.",
                ),
                images_of(flipped),
            ),
        ),
        sentence=(
            f"{model[0].upper()}{model[1:]}: {of_whole}, right in {accuracies(arm).mean():.1f} ± {half:.1f} %; "
            f"{'on' if on_front else 'behind'} the front. {words_of_rows(arm, other, flipped)}"
        ),
    )


# --- a speed lab that can lose --------------------------------------------------------------------------------------


def _rank(n: int, rank: str) -> int:
    return max(1, n // speed_lab.RANKS[rank])


def _time_here(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Time the five forms on whatever runs this."""
    n, rank, batch = settings["n"], _rank(settings["n"], settings["rank"]), int(settings["batch"])
    found = speed_lab.timed(speed_lab.calls_of(n, rank, batch))
    return found | {"n": n, "rank": rank, "batch": batch}


@explorable(
    predict=Estimate(
        "A clock ticks ten thousand times a second, each 0.1 ms. One product takes 0.007 ms. How many of them must be "
        "timed together, so that they last a hundred ticks?",
        low=1,
        high=100_000,
        answer=lambda: speed_lab.calls_needed(0.1, 0.007),
        factor=1.2,
        unit="products",
        mark="none",
        because="A hundred ticks are 10 ms, and 10/0.007 is about 1,400. One product alone lasts less than a tick.",
    ),
    n=Slider(32, 512, 64, scale="log", steps=5, integer=True, label="n, inputs and outputs"),
    rank=Choice(tuple(speed_lab.RANKS), "n/16", label="rank of the factors"),
    batch=Choice(("1", "16"), "1", label="inputs at once"),
    timed=Action(_time_here, seconds=20.0, label="time it here"),
)
def speed(n, rank, batch, timed) -> Sheet:
    """A speed lab that can lose: one layer in five forms, on your own device."""
    r = _rank(n, rank)
    now = timed if timed and (timed["n"], timed["rank"], timed["batch"]) == (n, r, int(batch)) else None
    place = np.arange(len(speed_lab.FORMS))[::-1]
    names = Axis("", categories=speed_lab.FORMS[::-1])
    needed = np.array([100 * speed_lab.operations(form, n, r) for form in speed_lab.FORMS])
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("% of the dense layer's", (0, 115)),
                    names,
                    (Bars(place, needed, horizontal=True, color="blue"),),
                    "Operations that count.",
                ),
                Picture(
                    Axis("times the dense layer's", DRAWN, scale="log"),
                    names,
                    (Rule(x=1.0), *(rounds_drawn(now["seconds"]) if now else ())),
                    "Time on your device.",
                ),
            ),
        ),
        sentence=words_of_times(n, r, int(batch), timed, now),
        first=1,
    )
