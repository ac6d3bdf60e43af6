"""The colours are seen on both grounds, in light and in dark."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from kdlab.explore.palette import GROUND, MARKS


def contrast(a, b):
    """WCAG 2.2: the ratio of the relative luminances."""
    rgb = np.array([to_rgb(a), to_rgb(b)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    dark, light = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "bench"])
def test_marks_have_3_to_1_and_the_inks_7(mode, ground):
    behind = GROUND[ground][mode]
    seen = {name: contrast(pair[mode], behind) for name, pair in (MARKS | GROUND).items()}
    assert all(seen[name] >= 3 for name in [*MARKS, "edge"]), seen
    assert all(seen[name] >= 7 for name in ("ink", "ink-2", "guess")), seen
