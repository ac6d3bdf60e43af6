"""Part the accented and Greek letters of the text faces from the rest: python part_rare.py FOLDER.

It needs fonttools and brotli. A page asks for such a part only where one of its letters is: it is two fifths of a face.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset

FACES = ("serif", "serif-italic", "serif-bold", "serif-display", "sans", "sans-bold", "mono")
# as in fonts.css
SPANS = ((0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x17F), (0x370, 0x3FF))


def write(source: Path, rare: bool, target: Path) -> None:
    """Write one part of a face."""
    options = subset.Options(flavor="woff2", layout_features=["*"], name_IDs=["*"], notdef_outline=True)
    font = subset.load_font(str(source), options)
    codes = set(font.getBestCmap())
    in_spans = {code for code in codes if any(first <= code <= last for first, last in SPANS)}
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=in_spans if rare else codes - in_spans)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for face in FACES:
        write(folder / f"{face}.woff2", True, folder / f"{face}-rare.woff2")
        write(folder / f"{face}.woff2", False, folder / f"{face}.woff2")
