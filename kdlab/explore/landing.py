"""The widget of the first page: shrink a network yourself. All of it was measured (results/shrink.json)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kdlab.explore.controls import Choice, Switch
from kdlab.explore.marks import Image, Points, Rects, Rule
from kdlab.explore.measured import mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.questions import Estimate
from kdlab.explore.widget import explorable

KEPT = {"all": 1.0, "three quarters": 0.75, "half": 0.5, "a quarter": 0.25}
RANKS = {"whole": None, "16": 16, "8": 8, "4": 4}
BITS = {"32": 32, "8": 8, "4": 4, "3": 3}
LAYERS = ("convolutions", "64 units", "ten classes")
ROOM = 3000  # bytes, of a sensor that runs on a coin cell
MEDIUM = {"filters": "half", "rank": "8", "bits": "4"}


def _arm(settings: Mapping[str, Any]) -> str:
    """Return the name that the record has for these settings."""
    kept, rank, bits = KEPT[settings["filters"]], RANKS[settings["rank"]], BITS[settings["bits"]]
    parts = [
        *([f"kept_{100 * kept:.0f}"] if kept < 1 else []),
        *([f"rank_{rank}"] if rank else []),
        *([f"bits_{bits}"] if bits < 32 else []),
        *(["kd"] if settings["taught"] else []),
    ]
    return "_".join(parts) or "full"


def _was_measured(settings: Mapping[str, Any]) -> str:
    """Return why there is no such network: the whole one was not taught again by itself."""
    return "The whole network was not taught again." if _arm(settings) == "kd" else ""


def _accuracy(arm: str) -> np.ndarray:
    """Return the accuracy of every seed, in percent."""
    return 100 * of_seeds("shrink", arm, "accuracy")


def _microseconds(arm: str) -> float:
    """Return the time of one picture: that of a network of this shape, which was timed in floats."""
    shape = record("shrink").measured["settings"][arm]["shape"]
    times = [entry["batch_1_seconds"] for entry in record("shrink").records if entry["arm"] == shape]
    return 1e6 * float(np.mean(times))


def _goal(settings: Mapping[str, Any]) -> str:
    """Say how far the reader's own task is done: small enough for the room, and right in more than 97 %."""
    arm = _arm(settings)
    if _was_measured(settings):
        return ""
    size, right = record("shrink").measured["settings"][arm]["bytes"], _accuracy(arm).mean()
    if size < ROOM and right > 97:
        return "It fits, and is right in more than 97 %. Only networks that were taught again get there."
    if size < ROOM:
        return f"It fits. It is right in {right:.1f} %; more than 97 % is the task."
    return f"The task: under {ROOM:,} bytes, and right in more than 97 %. It has {size:,} bytes."


@explorable(
    measured="shrink",
    predict=(
        Estimate(
            "The network is right in 98 of 100 cases. You take half of its filters, factor its large layer at rank 8, "
            "and store 4 bits a weight: 1.7 % of its bytes. In how many of 100 is it right then?",
            low=0,
            high=100,
            within=8,
            unit="%",
            mark="none",
            answer=lambda: float(_accuracy("kept_50_rank_8_bits_4").mean()),
            because="Each of the three costs little by itself. One after the other they cost a third of the answers.",
            at=MEDIUM | {"taught": False},
        ),
        Estimate(
            "Now it learns for ninety steps to answer as it once did. In how many of 100 cases is it right then?",
            low=0,
            high=100,
            within=3,
            unit="%",
            mark="none",
            answer=lambda: float(_accuracy("kept_50_rank_8_bits_4_kd").mean()),
            because="Its former self was the teacher. That is distillation, and this book is about it.",
            at=MEDIUM | {"taught": True},
        ),
    ),
    goal=_goal,
    filters=Choice(tuple(KEPT), value="all", label="filters that stay"),
    rank=Choice(tuple(RANKS), value="whole", label="rank of the large layer"),
    bits=Choice(tuple(BITS), value="32", label="bits a weight"),
    taught=Switch(label="teach it again, ninety steps", available=_was_measured),
)
def shrink(filters, rank, bits, taught) -> Sheet:
    """A network that knows ten digits, drawn to scale, and what is left of it when you shrink it."""
    arm = _arm({"filters": filters, "rank": rank, "bits": bits, "taught": taught})
    setting, whole = (record("shrink").measured["settings"][name] for name in (arm, "full"))
    right = _accuracy(arm)
    interval = mean_interval(right)
    share = 100 * setting["bytes"] / whole["bytes"]
    size = "" if arm == "full" else f", {share:.{1 if share < 10 else 0}f} % of them"
    return Sheet(
        rows=(
            (
                _to_scale(setting["layers"], whole["bytes"], taught),
                _costs(setting["bytes"], right, interval, taught),
                _digits(arm),
            ),
        ),
        sentence=(
            f"{setting['bytes']:,} bytes{size}: right in {interval['mean']:.1f} ± {interval['half_width']:.1f} %, "
            f"{_microseconds(arm):.1f} microseconds a picture."
        ),
        first=1,
    )


def _to_scale(layers: list[int], whole: int, taught: bool) -> Picture:
    """Draw the network as a square whose area is its bytes, a band a layer, within the square that it was."""
    side, width, room = (np.sqrt(size) for size in (whole, sum(layers), ROOM))
    edges = width / 2 - np.cumsum([0, *layers]) / width
    ends = (-width / 2, width / 2)
    color = "orange" if taught else "blue"
    bands = tuple(
        Rects([ends[0]], [ends[1]], [low], [high], color=color, faint=faint, label=name)
        for name, faint, high, low in zip(LAYERS, (0.3, 0.0, 0.5), edges, edges[1:], strict=False)
    )
    half = side / 2

    def outline(size, mark_color, label):
        return Rects([-size / 2], [size / 2], [-size / 2], [size / 2], filled=False, color=mark_color, label=label)

    axis = Axis("", (-half - 4, half + 4), hidden=True, square=True)
    return Picture(
        axis,
        axis,
        (*bands, outline(side, "grey", "what it was"), outline(room, "ink", "the room")),
        "The network: its area is its bytes.",
    )


def _costs(size: int, right: np.ndarray, interval: Mapping[str, float], taught: bool) -> Picture:
    """Draw how often it is right over its bytes, every seed a dot, beside the room there is."""
    mean, half = interval["mean"], interval["half_width"]
    color = "orange" if taught else "blue"
    beside = size * np.exp(np.linspace(-0.12, 0.12, len(right)))  # each seed has its place
    return Picture(
        Axis("bytes", (700, 200_000), scale="log"),
        Axis("right on new images (%)", (0, 100)),
        (
            Rule(x=float(ROOM), label="the room", shaded="below", color="ink"),
            Points(beside, right, color="grey", faint=0.4),
            Points([size], [mean], low=[mean - half], high=[mean + half], color=color),
        ),
        "What is left: twenty seeds.",
    )


def _digits(arm: str) -> Picture:
    """Draw twelve test images with what the network of the first seed calls them, wrong answers framed."""
    shown = record("shrink").measured["shown"]
    answers = [int(letter) for letter in shown["answers"][arm]]
    pixels = np.array(shown["pixels"]).reshape(len(answers), 8, 8) / 16
    wrong = np.array(answers) != np.array(shown["labels"])
    bare = Axis("", hidden=True)
    image = Image(pixels, 0, 1, 0, 1, tiles=True, captions=tuple(map(str, answers)), frames=wrong, color="red")
    return Picture(bare, bare, (image,), "What it calls twelve images; wrong ones are framed.")
