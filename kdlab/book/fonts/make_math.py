"""Make math.woff2 and math-rare.woff2 from NewCMMath-Book.otf: python make_math.py SOURCE FOLDER.

It needs fonttools and brotli. A page asks for the second only where one of its letters or signs is.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

# Latin and Greek, upright and italic
SPANS = ((0x20, 0x7E), (0x391, 0x3A1), (0x3A3, 0x3A9), (0x3B1, 0x3C9), (0x1D434, 0x1D467), (0x1D6E2, 0x1D71B))
# bold letters, calligraphic and double-struck capitals, and digits of both kinds
ALPHABETS = ((0x1D400, 0x1D433), (0x1D49C, 0x1D4B5), (0x1D538, 0x1D550), (0x1D7CE, 0x1D7E1))
# the usual signs, and the rare
SIGNS = """
a0 af b1 b7 2c6 2dc 302 303 304 332 3d5 3f5 2013 2014 2016 2026 2032 2033 2061 2062 2063 2064 2113 211d 2190 2192 21a6
21d2 27fa 2200 2202 2204 2205 2207 2208 2209 220f 2211 2212 2217 2218 221a 221d 221e 2223 2225 2229 222a 222b 223c
2248 2260 2261 2264 2265 226a 226b 2282 22a4 22c5 22ee 22ef 2308 2309 230a 230b 27e8 27e9 d7 210e
"""
RARE = """
a3 a7 ac b4 f7 c4 d6 dc e4 e9 f6 fc df 131 237 2c7 2d8 2d9 2da 300 301 305 307 308 30c 3d1 3d6 3f1 20d7 2018 2019 201c
201d 2020 2021 2022 2034 203e 210f 2111 2118 211c 2102 2115 211a 2124 2119 212c 2130 2131 210b 2110 2112 2133 211b
2135 2191 2193 2194 21d0 21d4 21bc 21c0 27f5 27f6 27f9 2203 220b 2210 2213 2215 2216 2219 2220 2224 2226 2227 2228
222c 222e 2234 2235 2243 2245 2250 2254 225f 2283 2286 2287 2291 2293 2294 2295 2297 2299 22a2 22a5 22a8 22c0 22c1
22c2 22c3 22c6 22f1 23b4 23b5 23de 23df 25a0 25a1 25b3 25cb 2a00 2a01 2a02 2a7d 2a7e
"""
PRIMES = (0x2032, 0x2033, 0x2034, 0x2057)
NAME = "kdlab math"  # the licence asks that what was changed has another name


def within(spans: tuple[tuple[int, int], ...]) -> set[int]:
    """Return the code points of these spans."""
    return {code for first, last in spans for code in range(first, last + 1)}


def enlarge_primes(font: TTFont) -> None:
    """Make the form for scripts the only one: Chromium ignores the feature `ssty`, without which primes are specks."""
    lookups = font["GSUB"].table.LookupList.Lookup
    features = [r.Feature for r in font["GSUB"].table.FeatureList.FeatureRecord if r.FeatureTag == "ssty"]
    tables = [table for feature in features for index in feature.LookupListIndex for table in lookups[index].SubTable]
    script = {}
    for table in (getattr(table, "ExtSubTable", table) for table in tables):
        script |= {glyph: forms[0] for glyph, forms in getattr(table, "alternates", {}).items()}
    for table in font["cmap"].tables:
        table.cmap |= {code: script.get(table.cmap[code], table.cmap[code]) for code in PRIMES if code in table.cmap}


def level_scripts(font: TTFont) -> None:
    """Set TeX's own values: browsers apply them to single letters too, and else the 2 of (x)^2 stands too high."""
    constants = font["MATH"].table.MathConstants
    constants.SuperscriptBaselineDropMax.Value = 386
    constants.SubscriptBaselineDropMin.Value = 50


def rename(font: TTFont) -> None:
    """Give the font its own name."""
    names = {1: NAME, 3: f"{NAME} (a changed subset of NewComputerModernMath Book)", 4: NAME, 6: NAME.replace(" ", "-")}
    for record in font["name"].names:
        record.string = names.get(record.nameID, record.string)


def write(source: str, characters: set[int], target: Path) -> None:
    """Write the subset of these characters, for the web."""
    font = TTFont(source)
    enlarge_primes(font)
    level_scripts(font)
    options = subset.Options(
        hinting=False, desubroutinize=True, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    rename(font)
    font.flavor = "woff2"
    font.save(target)


def main(source: str, folder: str) -> None:
    """Write both files, and print the range that the style sheet gives the second."""
    usual, rare = ({int(code, 16) for code in signs.split()} for signs in (SIGNS, RARE))
    write(source, within(SPANS) | usual, Path(folder, "math.woff2"))
    write(source, within(ALPHABETS) | rare, Path(folder, "math-rare.woff2"))
    spans = [f"U+{first:X}-{last:X}" for first, last in ALPHABETS]
    print(", ".join([f"U+{code:X}" for code in sorted(rare)] + spans))


if __name__ == "__main__":
    main(*sys.argv[1:])
