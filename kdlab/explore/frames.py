"""The runs of a widget that are shipped with the page, so that they play before Python answers."""

from __future__ import annotations

from typing import Any

from kdlab.explore.controls import plain
from kdlab.explore.grid import LARGEST, pack, shared
from kdlab.explore.play import Run, Stage
from kdlab.explore.widget import Explorable


def frames(widget: Explorable) -> dict[str, Any]:
    """Return the pictures of each run that the Play's `frames` name, every `frame[-1]` steps.

    Parameters
    ----------
    widget : Explorable
        A widget with a Play.

    Returns
    -------
    dict
        `runs`, the values of all controls for each, in their order; `steps`, the steps that have a picture, the same in
        all runs; `template` and `columns` as in `kdlab.explore.grid.grid`, the steps varying fastest.
    """
    play = widget.controls[widget.play]
    steps = sorted({*range(0, play.steps, play.frame[-1]), play.steps})
    runs, pictures = [], []
    for chosen in play.frames:
        settings = widget.settings(**chosen)
        runs.append([plain(value) for name, value in settings.items() if name != widget.play])
        stage = Stage(widget.play, play)
        pictures += [widget.shown(settings | {widget.play: Run(step)}, stage) for step in steps]
    return {"runs": runs, "steps": steps} | shared(pictures)


def packed_frames(widget: Explorable) -> str:
    """Return the packed runs of a widget, "" if it ships none; ValueError if they are too large for a page."""
    if not widget.play or not widget.controls[widget.play].frames:
        return ""
    packed = pack(frames(widget))
    if len(packed) > LARGEST:
        raise ValueError(
            f"the frames of {widget.name} have {len(packed)} bytes, {LARGEST} are allowed: ship fewer runs, or a "
            "picture less often."
        )
    return packed
