"""Make icons.woff2 from the theme's fa-solid-900.woff2: python make_icons.py SOURCE TARGET.

It needs fonttools and brotli. It keeps the icons that the theme's templates and style sheets and the book use; for any
other the browser asks for the theme's whole font, of 156 kB.
"""

from __future__ import annotations

import sys

from fontTools import subset
from fontTools.ttLib import TTFont

ICONS = """
f002 f010 f015 f019 f03a f03b f042 f04b f057 f058 f05a f062 f064 f065 f06a f071 f078 f0c9 f0eb f0f3 f104 f105 f121 f135
f15b f15c f185 f186 f1c1 f303 f35d
"""


def main(source: str, target: str) -> None:
    """Write the subset, for the web."""
    font = TTFont(source)
    subsetter = subset.Subsetter(subset.Options(hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]))
    subsetter.populate(unicodes=[int(code, 16) for code in ICONS.split()])
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
