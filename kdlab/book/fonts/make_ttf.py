"""Put both parts of the sans face into one TrueType file, which Matplotlib can read: python make_ttf.py TARGET.

It needs fonttools and brotli. The target is kdlab/explore/fonts/sans.ttf.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import merge

PARTS = ("sans.woff2", "sans-rare.woff2")

if __name__ == "__main__":
    options = merge.Options(drop_tables=["BASE", "GDEF", "GPOS", "GSUB"])  # Matplotlib sets letter by letter
    font = merge.Merger(options).merge([str(Path(__file__).with_name(part)) for part in PARTS])
    font.flavor = None
    font["head"].modified = font["head"].created = 0  # the same bytes whenever it is made
    font["OS/2"].usWeightClass = 400
    font.recalcTimestamp = False
    font.save(sys.argv[1])
