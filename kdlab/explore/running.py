"""What the page asks Python of a run: to go on with it, to run every seed, to measure what a placed guess reaches."""

from __future__ import annotations

import time
from typing import Any

from kdlab.explore.page import written
from kdlab.explore.play import Stage, went_on
from kdlab.explore.seeds import summary as summary_of
from kdlab.explore.widget import find

SECONDS = 0.03  # of one call: two frames of the screen
FEWEST = 5  # steps that one call makes at least: below this the call costs more than the steps

# where each run of the page last stood; an address that does not begin with it is run from its start
_stages: dict[str, Stage] = {}


def advance(
    stage: str, name: str, values: dict[str, Any], steps: int, kind: str, source: str | None = None
) -> dict[str, Any]:
    """Go on with a run, by as many steps as time allows, and return its picture.

    How many steps a call makes changes no number: the address of a run says only which steps it has.

    Parameters
    ----------
    stage : str
        Which of the page's figures this is: each keeps where its run stands.
    name : str
        The widget.
    values : dict
        Its controls' settings; that of the Play is the run up to now. They hold from the next step on.
    steps : int
        How many steps at most; 0 gives the picture of now.
    kind : str
        The kind of step.
    source : str, optional
        The reader's own code of the picture.

    Returns
    -------
    dict
        `run`, where it stands now, and its `picture`.
    """
    widget = written(name, source)
    settings = widget.settings(**values)
    play = widget.controls[widget.play]
    on = _stages.setdefault(stage, Stage(widget.play, play))
    run = settings.pop(widget.play)
    on.at(run, settings)  # the way to where it stood is not part of the time
    end = min(run.step + steps, play.steps)
    deadline = time.perf_counter() + SECONDS
    made = 0
    while run.step < end and (made < FEWEST or time.perf_counter() < deadline):
        run = went_on(play, widget.play, run, 1, settings, kind)
        on.at(run, settings)
        made += 1
    return {"run": run.to_json(), "picture": widget.shown(settings | {widget.play: run}, on)}


def over(name: str, control: str, values: dict[str, Any], seed: int) -> dict[str, float]:
    """Return what a Seed measures of one seed, at the other controls' settings."""
    widget = find(name)
    settings = widget.settings(**values)
    return {
        measure: float(value)
        for measure, value in widget.controls[control]
        .over({other: value for other, value in settings.items() if other not in (control, widget.play)}, seed)
        .items()
    }


def summary(name: str, control: str, measured: list[dict[str, float]]) -> dict[str, Any]:
    """Return what the measures of all seeds say together: see `kdlab.explore.seeds.summary`."""
    return summary_of(find(name).controls[control], measured)


def reached(name: str, question: int, guess: Any) -> float:
    """Return what a guess reaches where places are judged by that: see `kdlab.explore.questions.Place`."""
    return float(find(name).predict[question].reached(guess))
