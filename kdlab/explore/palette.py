"""The colours of the book, all of them, once: Matplotlib takes them from here, and so does the style sheet of the page.

The colours of marks are after Okabe and Ito's, in lightnesses that keep all of them apart for colour-blind eyes, and
each at least 3 : 1 against paper and bench. Blue and orange have one meaning throughout: blue was told the labels, cut,
or falls; orange was told by the teacher, taught, or rises. Ink is the teacher and the truth.
"""

from __future__ import annotations

import re

# on light paper, on dark
MARKS = {
    "blue": ("#294ac8", "#69a4ec"),
    "orange": ("#bf5611", "#ef8b45"),
    "green": ("#30885e", "#4ffba3"),
    "purple": ("#8e5b9a", "#a44dae"),
    "grey": ("#555657", "#868c91"),
    "sky": ("#0a92d5", "#79caf9"),
    "red": ("#901d04", "#dc4e47"),
    "ink": ("#13171c", "#e8ecef"),
}
# paper is read, what stands on the bench can be moved, a well is the track of a control; edges can be seen, and a grid,
# between parts, hardly; the second ink is the second voice; the guess is the reader's pencil
GROUND = {
    "paper": ("#ffffff", "#0e1216"),
    "bench": ("#f1f4f6", "#171c22"),
    "well": ("#dfe5ea", "#2a323a"),
    "grid": ("#d3dae0", "#303943"),
    "edge": ("#75808b", "#7d8995"),
    "ink-2": ("#48525c", "#adb8c2"),
    "guess": ("#48525c", "#adb8c2"),
    "blue-tint": ("#dde3f7", "#17293e"),
    "orange-tint": ("#fae6d6", "#3a2516"),
}
INKED = 0.7  # words need more contrast than marks: each colour with some ink in it


def style() -> str:
    """Return the colours as variables of the page, which choose between light and dark by themselves."""
    rows = [f"  --kd-{name}: light-dark({light}, {dark});" for name, (light, dark) in (MARKS | GROUND).items()]
    share = f"{100 * INKED:g}%"
    rows += [f"  --kd-text-{name}: color-mix(in srgb, var(--kd-{name}) {share}, var(--kd-ink));" for name in MARKS]
    rows.append("  --kd-text-guess: var(--kd-guess);")
    return "\n".join([":root {", *rows, "}\n"])


def words(name: str) -> tuple[str, str]:
    """Return the colour of words about a mark, on light paper and on dark.

    Examples
    --------
    >>> words("ink")
    ('#13171c', '#e8ecef')
    """
    return _mixed(MARKS[name][0], MARKS["ink"][0]), _mixed(MARKS[name][1], MARKS["ink"][1])


def _mixed(color: str, ink: str) -> str:
    shares = [(int(color[i : i + 2], 16), int(ink[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(INKED * ours + (1 - INKED) * its):02x}" for ours, its in shares)


def on_bench(svg: str) -> str:
    """Return a drawing made for light paper as one for the bench that follows the mode of the page it stands in.

    Examples
    --------
    >>> on_bench('<svg><style>*{}</style><path style="fill: #ffffff"/>')
    '<svg><style>svg{color-scheme: light dark}*{}</style><path style="fill: light-dark(#f1f4f6, #171c22)"/>'
    """
    pairs = [*MARKS.values(), *GROUND.values(), *map(words, MARKS)]
    both = {light: f"light-dark({light}, {dark})" for light, dark in pairs}
    both[GROUND["paper"][0]] = both[GROUND["bench"][0]]
    colored = re.sub("#[0-9a-f]{6}", lambda color: both.get(color[0], color[0]), svg)
    return re.sub("(<style[^>]*>)", r"\1svg{color-scheme: light dark}", colored, count=1)
