"""Every kind of mark, each in a widget of its own, as chapters will use it."""

import numpy as np

from kdlab.explore.controls import Choice, Numbers, Slider
from kdlab.explore.helpers import beside, contour, ellipse, network
from kdlab.explore.picture import (
    Arrow,
    Axis,
    Band,
    Bars,
    Heatmap,
    Image,
    Line,
    Passage,
    Picture,
    Points,
    Rects,
    Rule,
    Segments,
    Sheet,
    Text,
)
from kdlab.explore.widget import explorable

SIDE = np.linspace(-2.45, 2.45, 50)
PLANE = np.stack(np.meshgrid(SIDE, -SIDE), axis=-1)
CENTRES = np.array([[-1.2, -0.8], [1.2, -0.6], [0.0, 1.2]])
NAMES = ("circles", "squares", "triangles")


def plane(name, *marks, sentence):
    return Picture(
        Axis(f"first input, {name}", (-2.5, 2.5), square=True), Axis("second input", (-2.5, 2.5)), marks, sentence
    )


def shares_of_the_plane(width):
    scores = -((PLANE[:, :, None] - CENTRES) ** 2).sum(-1) / width
    exponentials = np.exp(scores - scores.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


def clouds(count=12, wrong=2):
    rng = np.random.default_rng(4)
    for k, (color, centre) in enumerate(zip(("blue", "orange", "grey"), CENTRES, strict=True)):
        x, y = rng.normal(centre[:, None], 0.55, (2, count)).clip(-2.4, 2.4)
        yield Points(x, y, color=color, ring=np.arange(count) < (wrong if k == 1 else 0), label=NAMES[k])


@explorable(
    heights=Numbers((0.5, 0.3, 0.15, 0.05), label="shares", low=-0.5, high=1.0, names=("cat", "lynx", "dog", "car")),
)
def bars(heights):
    """Bars that are pulled, what was there before, and what is cut off."""
    x = np.arange(4)
    before = np.array([0.5, 0.3, 0.15, 0.05])
    return Picture(
        Axis("class", categories=("cat", "lynx", "dog", "car")),
        Axis("share", (-0.5, 1.0)),
        (
            Bars(x, heights, moves="heights", label="now"),
            Bars(
                x,
                np.maximum(heights, before) + 0.1,
                base=np.maximum(heights, before),
                color="grey",
                hatch=True,
                label="cut",
            ),
            Bars(x, before, color="ink", outline=True, width=0.9, label="before"),
        ),
        f"The four shares add up to {sum(heights):.2f}.",
    )


@explorable(share=Slider(10.0, 100.0, value=28.0, label="share of the operations", steps=10))
def lying_bars(share):
    """Bars that lie, with intervals."""
    lengths = np.array([0.4 + 0.6 * share / 100, 0.9, share / 100]) * 100
    return Picture(
        Axis("% of the whole network", (0, 110)),
        Axis("", categories=("64 images", "1 image", "operations")),
        (Bars([0, 1, 2], lengths, lengths - [3, 6, 0], lengths + [3, 6, 0], horizontal=True, width=0.6),),
        f"With {share:.0f} % of the operations it takes {lengths[0]:.0f} % of the time.",
    )


@explorable(bits=Slider(1, 6, value=2, label="bits", steps=6, integer=True))
def lines(bits):
    """A staircase, twenty thin lines, a band and a bound."""
    x = np.linspace(-2, 2, 201)
    step = 4 / 2**bits
    rng = np.random.default_rng(0)
    runs = [np.cumsum(rng.normal(0, 0.05, x.size)) for _ in range(20)]
    return Picture(
        Axis("weight", (-2, 2)),
        Axis("what is stored", (-2.2, 2.2)),
        (
            Band(x, x - step / 2, x + step / 2, color="sky", label="half a step"),
            *(Line(x, run, color="grey", thin=True, faint=0.5) for run in runs),
            Line(x, (np.floor(x / step) + 0.5) * step, step=True, color="orange", label="rounded"),
            Line(x, x, color="ink", dashed=True, label="whole"),
            Rule(x=1.5, shaded="above", color="red", label="cut off"),
        ),
        f"With {bits} bits a step is {step:.3g} wide.",
    )


@explorable(width=Slider(0.3, 4.0, value=1.0, label="temperature", scale="log", steps=9))
def points(width):
    """Points in shapes and colours on a mixture of three classes with its borders, those with a wrong label ringed."""
    shares = shares_of_the_plane(width)
    return plane(
        "mixed",
        Heatmap(shares, -2.5, 2.5, -2.5, 2.5, kind="mix", faint=0.5),
        *(
            contour(shares[..., k] - np.delete(shares, k, axis=-1).max(-1), 0, -2.5, 2.5, -2.5, 2.5, color="ink")
            for k in range(3)
        ),
        *clouds(),
        sentence=f"At temperature {width:.2f} the classes meet {'softly' if width > 1 else 'sharply'}.",
    )


@explorable(chosen=Choice(("a", "b", "c"), value="a", label="model"))
def models(chosen):
    """Models with intervals both ways; the chosen one has a ring."""
    x, y = np.array([1.0, 3.0, 10.0]), np.array([0.6, 0.85, 0.9])
    return Picture(
        Axis("bytes (kB)", (0.5, 20), "log"),
        Axis("accuracy", (0.4, 1.0)),
        (
            Segments(x[:-1], y[:-1], x[1:], y[1:], color="grey", thin=True, label="one step more"),
            Points(
                x,
                y,
                y - 0.05,
                y + 0.05,
                x / 1.2,
                x * 1.2,
                ring=x == x["abc".index(chosen)],
                sets="chosen",
                keys=("a", "b", "c"),
            ),
            *(Text(a, b + 0.06, name) for a, b, name in zip(x, y, "abc", strict=True)),
        ),
        f"Model {chosen} is right in {100 * y['abc'.index(chosen)]:.0f} % of the cases.",
    )


@explorable(taught=Choice(("by labels", "by a teacher"), value="by labels", label="taught"))
def moving(taught):
    """Bars that move when another word is chosen."""
    shares = {"by labels": (1.0, 0.0, 0.0), "by a teacher": (0.6, 0.3, 0.1)}[taught]
    return Picture(
        Axis("class", categories=("cat", "lynx", "dog")),
        Axis("share"),
        (Bars(range(3), shares),),
        f"Taught {taught}, the cat holds {shares[0]:.1f}.",
    )


@explorable(ratio=Slider(0.0, 3.0, value=1.0, label="log of the ratio", steps=7))
def crowd(ratio):
    """Ten thousand points as one raster, and their two directions."""
    x, y = np.random.default_rng(1).normal(size=(2, 10000)) * [[1.0], [np.exp(-ratio)]]
    return plane(
        "standardised",
        Points(x, y, color="sky"),
        ellipse([0, 0], np.diag([1, np.exp(-2 * ratio)]), radius=2, color="ink", label="two standard deviations"),
        Arrow([0, 0], [0, 0], [2, 0], [0, 2 * np.exp(-ratio)], color="ink", label="longest"),
        sentence=f"The cloud is {np.exp(ratio):.1f} times as long as it is wide.",
    )


@explorable(cut=Slider(0, 4, value=1, label="units cut", steps=5, integer=True))
def layers(cut):
    """A network of three layers, its weights in two colours, and its runs beside a bar."""
    rng = np.random.default_rng(3)
    weights = [rng.normal(size=shape) for shape in ((4, 6), (6, 3))]
    weights[0][:, :cut], weights[1][:cut] = 0, 0
    return Sheet(
        (
            (
                Picture(
                    Axis("", (-0.1, 1.1), hidden=True),
                    Axis("", (0, 1), hidden=True),
                    network((4, 6, 3), weights),
                    "Two layers of weights",
                ),
                Picture(
                    Axis("", categories=("whole", "cut")),
                    Axis("accuracy"),
                    (
                        Bars([0, 1], [0.9, 0.9 - 0.1 * cut]),
                        beside(np.clip(rng.normal([0.9, 0.9 - 0.1 * cut], 0.03, (20, 2)), 0, 1), label="one seed"),
                    ),
                    "What is left",
                ),
            ),
        ),
        f"{cut} of 6 units are cut.",
    )


@explorable(kept=Slider(0.25, 1.0, value=0.5, label="kept", steps=4))
def blocks(kept):
    """Blocks as large as what they cost, and what was cut from them."""
    left, wide = np.array([0.0, 3.5, 8.5]), np.array([3.0, 4.5, 1.0])
    return Picture(
        Axis("", (0, 10), hidden=True),
        Axis("", (0, 5), hidden=True),
        (
            Rects(left, left + wide, np.zeros(3), np.full(3, 4), filled=False, color="ink", label="whole"),
            Rects(left, left + wide, np.zeros(3), np.full(3, 4 * kept), label="kept"),
            Rects(left, left + wide, np.full(3, 4 * kept), np.full(3, 4), color="grey", hatch=True, label="cut"),
            Text(1.5, 4.1, "convolutions"),
            Text(5.75, 4.1, "layer"),
            Text(5.75, 2 * kept, f"{100 * kept:.0f} %", large=True, color="ink"),
        ),
        f"{100 * kept:.0f} % of every block is kept.",
    )


@explorable(sparsity=Slider(0.0, 0.75, value=0.5, label="sparsity", steps=4))
def fields(sparsity):
    """Sixteen units of eight by eight weights, the pruned cells hatched."""
    weights = np.random.default_rng(2).normal(size=(16, 8, 8)) * np.hanning(10)[1:-1]
    return Picture(
        Axis("", (0, 16), hidden=True),
        Axis("", (0, 9), hidden=True),
        (
            Heatmap(
                weights,
                0,
                16,
                0,
                9,
                kind="two",
                tiles=True,
                hatch=np.abs(weights) < np.quantile(np.abs(weights), sparsity),
                captions=tuple(str(i) for i in range(16)),
                label="weight",
            ),
        ),
        f"{100 * sparsity:.0f} % of the weights are pruned.",
    )


@explorable(shift=Slider(0, 7, value=0, label="shift", steps=8, integer=True))
def images(shift):
    """Images with captions; those whose answer changed have a frame."""
    row, column = np.mgrid[:8, :8]
    digits = np.stack([(np.abs(np.hypot(row - 3.5, column - 3.5) - k % 4) < 0.8) * 0.9 for k in range(10)])
    changed = np.arange(10) % 8 == shift
    return Picture(
        Axis("", (0, 1), hidden=True),
        Axis("", (0, 1), hidden=True),
        (
            Image(
                digits,
                0,
                1,
                0,
                1,
                tiles=True,
                captions=tuple(f"{k} to {k + shift}" for k in range(10)),
                frames=changed,
                color="red",
            ),
        ),
        f"{changed.sum()} of ten answers changed.",
    )


@explorable(height=Slider(-1.0, 1.0, value=0.0, label="height", steps=5))
def maps(height):
    """Heat maps of one colour and of classes."""
    far = np.hypot(*np.moveaxis(PLANE, -1, 0))
    return Sheet(
        (
            (
                plane(
                    "loss", Heatmap(far, -2.5, 2.5, -2.5, 2.5, label="near to far"), Rule(y=height), sentence="How far"
                ),
                plane(
                    "classes",
                    Heatmap(shares_of_the_plane(1.0).argmax(-1), -2.5, 2.5, -2.5, 2.5, kind="classes", faint=0.5),
                    *(Text(*centre, "ABC"[k], color="ink", large=True) for k, centre in enumerate(CENTRES)),
                    sentence="Which class",
                ),
            ),
        ),
        f"At height {height:g} the nearest point is {abs(height):g} away.",
    )


@explorable(
    tip=Numbers((1.0, 0.5), label="push", low=-2.0, high=2.0, names=("right", "up")),
    level=Slider(-2.0, 2.0, value=-1.0, label="level", steps=9),
)
def arrows(tip, level):
    """An arrow and a level to take hold of."""
    return plane(
        "pushed",
        Rule(y=level, moves="level", shaded="below", label="forbidden"),
        Arrow(0.0, 0.0, *tip, color="ink", moves="tip", label="push"),
        sentence=f"The push has the length {np.hypot(*tip):.2f}.",
    )


@explorable(words=Slider(1, 3, value=1, label="words", steps=3, integer=True))
def passages(words):
    """Two passages below a picture, with what agrees marked."""
    spans = ((4, 7), (8, 11), (19, 22))[:words]
    return Picture(
        Axis("words", (0, 4)),
        Axis("agreement", (0, 1)),
        (
            Bars([1, 2, 3], np.arange(1, 4) / 3 * (np.arange(3) < words)),
            Passage("the cat sat on the mat and looked at the dog", spans, label="teacher", color="blue"),
            Passage("the cat sat on the mat and slept", spans, label="student", color="orange"),
        ),
        f"They agree in {words} of 3 words.",
    )


@explorable(temperature=Slider(0.5, 8.0, value=1.0, label="temperature T", scale="log", steps=5))
def sheet(temperature):
    """Three small pictures of one setting, and a fourth below."""
    p = shares_of_the_plane(temperature)

    def panel(k, sentence):
        values = Heatmap(p[..., k], -2.5, 2.5, -2.5, 2.5, low=0, high=1, color=("blue", "orange", "grey")[k])
        return plane(NAMES[k], values, sentence=sentence)

    three = tuple(panel(k, f"{NAMES[k]}: {p[25, 25, k]:.2f} in the middle") for k in range(3))
    bars = Picture(Axis("class", categories=NAMES), Axis("share"), (Bars(range(3), p[25, 25]),), "In the middle")
    return Sheet(
        (three, (bars,)), f"At T = {temperature:.2f} the middle is divided {p[25, 25].max():.2f} at most.", first=3
    )
