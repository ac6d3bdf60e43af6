"""A control that steps and plays: a state is carried from step to step, and an address tells its whole run.

The address of a run is where the controls stand now, how many steps were made, and which control stood elsewhere
before: from these the run is made again, to the bit. It holds no state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from kdlab.explore.controls import Control, plain

Settings = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What an address tells of a run besides the settings of now: the steps made, and what was set differently.

    `history` holds (step, control, value): the value held from that step on. A control that never moved is not in it;
    one that did begins at step 0. Under the name of the Play stand the kinds of step.
    """

    step: int = 0
    history: tuple[tuple[int, str, Any], ...] = ()

    def settings_at(self, step: int, now: Settings) -> Settings:
        """Return the settings under which step number `step`, counted from 0, was made or will be made."""
        if step >= self.step:
            return now
        return now | {name: value for at, name, value in self.history if at <= step}

    def to_json(self) -> dict[str, Any]:
        """Return the run as data that JSON can hold."""
        return {"step": self.step, "history": plain(self.history)}


@dataclass(frozen=True)
class Play(Control):
    """A seeded state that goes from step to step; the widget's function receives the state.

    Parameters
    ----------
    start : callable
        start(settings) returns the state at step 0; settings are the values of all other controls.
    step : callable
        step(state, settings, kind) returns the next state and leaves the given one as it is.
    steps : int
        Where a run ends.
    label : str
        What is stepped through.
    frame : tuple of int
        How many steps a press of a button makes, a button each.
    frames : tuple of dict
        Settings (what is not named stands at its start) whose whole run is shipped, every `frame[-1]` steps: it
        plays before Python answers.
    kinds : tuple of str
        The words on the buttons, one for each kind of step.
    restarts : tuple of str
        Controls that begin the run anew. Any other holds from the next step on.
    speed : str
        How it plays at first: "slow", "normal" or "fast".
    """

    start: Callable[[Settings], Any]
    step: Callable[[Any, Settings, str], Any]
    steps: int
    label: str = field(default="step", kw_only=True)
    frame: tuple[int, ...] = (1,)
    frames: tuple[Settings, ...] = ()
    kinds: tuple[str, ...] = ("Step",)
    restarts: tuple[str, ...] = ()
    speed: Literal["slow", "normal", "fast"] = "normal"
    value: ClassVar[Run] = Run()
    python_only: ClassVar[tuple[str, ...]] = ("available", "start", "step", "frames")

    def __post_init__(self) -> None:
        for name, count in [("steps", self.steps), *(("frame", count) for count in self.frame)]:
            if isinstance(count, bool) or not isinstance(count, int) or count < 1:
                raise ValueError(f"{name} must be whole numbers of at least 1; {count!r} was given.")
        if not self.frame or list(self.frame) != sorted(set(self.frame)):
            raise ValueError(f"frame must be one or more rising numbers; {self.frame} was given.")
        if isinstance(self.kinds, str) or not self.kinds or len(set(self.kinds)) < len(self.kinds):
            raise ValueError(f"kinds must be one or more different words; {self.kinds!r} was given.")
        if self.speed not in ("slow", "normal", "fast"):
            raise ValueError(f"speed must be slow, normal or fast; {self.speed!r} was given.")

    def grid(self) -> list[dict[str, Any]]:
        """Return the start, the only place that is shipped with the other controls' values."""
        return [self.value.to_json()]

    def to_json(self) -> dict[str, Any]:
        """Return its fields, and the run at its start."""
        return super().to_json() | {"value": self.value.to_json()}

    def check(self, name: str, value: Any) -> Run:
        """Return `value` as a Run if it can be one, else raise TypeError or ValueError."""
        if isinstance(value, Run):
            value = value.to_json()
        if not isinstance(value, Mapping) or value.keys() != {"step", "history"}:
            raise TypeError(f"{name} must be a run: its step and its history; {value!r} was given.")
        step, history = value["step"], value["history"]
        if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= self.steps:
            raise ValueError(f"step of {name} must be a whole number in [0, {self.steps}]; {step!r} was given.")
        if not isinstance(history, list | tuple):
            raise TypeError(f"history of {name} must be a list of (step, control, value); {history!r} was given.")
        known: set[str] = set()
        before = 0
        for entry in history:
            if not isinstance(entry, list | tuple) or len(entry) != 3 or not isinstance(entry[1], str):
                raise TypeError(f"history of {name} must hold (step, control, value); {entry!r} was given.")
            at, control, _ = entry
            if isinstance(at, bool) or not isinstance(at, int) or not before <= at < step:
                raise ValueError(f"history of {name} must rise within [0, {step}); step {at!r} was given.")
            if at > 0 and control not in known:
                raise ValueError(f"history of {name} must say where {control} stood at step 0; it begins at {at}.")
            known.add(control)
            before = at
        return Run(step, tuple((at, control, value) for at, control, value in history))

    def check_controls(self, name: str, controls: Mapping[str, Any]) -> None:
        """Raise ValueError if `restarts` or `frames` name what is no control, or a value that it cannot have."""
        others = [other for other in controls if other != name]
        for place, names in [("restarts", self.restarts), *(("frames", settings) for settings in self.frames)]:
            unknown = sorted(set(names) - set(others))
            if unknown:
                raise ValueError(f"{place} of {name} must name controls ({', '.join(others)}); {unknown} were given.")
        for settings in self.frames:
            for control, value in settings.items():
                controls[control].check(control, value)

    def checked(self, name: str, run: Run, controls: Mapping[str, Any]) -> Run:
        """Return the run with the values of its history checked by the controls that they are of."""
        history = []
        for at, control, value in run.history:
            if control == name:
                if value not in self.kinds:
                    raise ValueError(f"history of {name}: a step is {' or '.join(self.kinds)}; {value!r} was given.")
            elif control not in controls or control in self.restarts:
                allowed = [other for other in controls if other not in (name, *self.restarts)]
                raise ValueError(f"history of {name} must name one of {', '.join(allowed)}; {control!r} was given.")
            else:
                value = controls[control].check(control, value)
            history.append((at, control, value))
        return Run(run.step, tuple(history))


def moved(play: Play, run: Run, before: Settings, now: Settings) -> Run:
    """Return the run after controls were set: anew, or with what moved taken down where it stood until now."""
    changed = [name for name in now if plain(now[name]) != plain(before[name])]
    if run.step == 0 or set(changed) & set(play.restarts):
        return Run()
    known = {control for _, control, _ in run.history}
    return Run(run.step, (*((0, name, before[name]) for name in changed if name not in known), *run.history))


def went_on(play: Play, name: str, run: Run, steps: int, now: Settings, kind: str) -> Run:
    """Return the run after more steps of this kind under the settings `now`.

    What was changed since the last step is taken into the history; `moved` has put there what it was before.
    """
    history = list(run.history)
    before = run.settings_at(run.step - 1, now | {name: play.kinds[0]})
    if run.step > 0:
        changed = [control for control in now if plain(now[control]) != plain(before[control])]
        history += [(run.step, control, now[control]) for control in changed]
    if kind != before[name]:
        if run.step > 0 and name not in {control for _, control, _ in history}:
            history.insert(0, (0, name, before[name]))
        history.append((run.step, name, kind))
    return Run(run.step + steps, tuple(history))


class Stage:
    """Where one run last stood. It goes on from there where it can, and from the start where it cannot."""

    def __init__(self, name: str, play: Play) -> None:
        self.name, self.play = name, play
        self._stood: tuple[Any, int, Any] | None = None  # what led there, the step, the state

    def at(self, run: Run, now: Settings) -> Any:
        """Return the state of this run at its last step; `now` are the other controls' settings."""
        way = now | {self.name: self.play.kinds[0]}
        if self._stood and self._stood[1] <= run.step and self._led(run, way, self._stood[1]) == self._stood[0]:
            _, step, state = self._stood
        else:
            step, state = 0, self.play.start(self._given(run.settings_at(0, way)))
        for at in range(step, run.step):
            settings = run.settings_at(at, way)
            state = self.play.step(state, self._given(settings), settings[self.name])
        self._stood = (self._led(run, way, run.step), run.step, state)
        return state

    def _given(self, settings: Settings) -> Settings:
        return {name: value for name, value in settings.items() if name != self.name}

    @staticmethod
    def _led(run: Run, way: Settings, step: int) -> Any:
        """Return what decided the first `step` steps: the settings at the start, and each change before that step."""
        return plain([run.settings_at(0, way), [entry for entry in run.history if 0 < entry[0] < step]])
