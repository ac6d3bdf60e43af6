"""A run in a notebook: the buttons that step it, and what plays it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets
import traitlets

from kdlab.explore.play import Play, Run, Settings, moved, went_on


class RunBox(ipywidgets.VBox):
    """The buttons of a run; `value` is where it stands."""

    value = traitlets.Any(Run())

    def __init__(self, name: str, play: Play, settings: Callable[[], Settings]) -> None:
        """Take the Play of this name; settings() returns what the other controls are set to."""
        self._name, self._play, self._settings = name, play, settings
        self._before: Settings | None = None
        start = self._button("Back to the start", self._restart)
        steps = [
            self._button(kind if len(play.frame) == 1 else f"{kind} {count}", lambda k=kind, n=count: self._step(n, k))
            for kind in play.kinds
            for count in play.frame
        ]
        self._player = ipywidgets.Play(min=0, max=play.steps, step=play.frame[-1], interval=100, show_repeat=False)
        self._player.observe(self._played, names="value")
        self._told = ipywidgets.Label()
        self._tell()
        super().__init__([ipywidgets.HBox([start, *steps, self._player]), self._told])

    def follow(self) -> None:
        """Take in what the other controls are set to now."""
        now = self._settings()
        self._go(moved(self._play, self.value, self._before or now, now))
        self._before = now

    def _button(self, text: str, press: Callable[[], None]) -> ipywidgets.Button:
        button = ipywidgets.Button(description=text)
        button.on_click(lambda _button: press())
        return button

    def _step(self, count: int, kind: str) -> None:
        steps = min(count, self._play.steps - self.value.step)
        if steps:
            self._go(went_on(self._play, self._name, self.value, steps, self._settings(), kind))

    def _restart(self) -> None:
        self._go(Run())

    def _played(self, change: dict) -> None:
        if change["new"] < self.value.step:
            self._restart()
        self._step(change["new"] - self.value.step, self._play.kinds[0])

    def _go(self, run: Run) -> None:
        if run.to_json() != self.value.to_json():
            self.value = run
        self._tell()

    def _tell(self) -> None:
        self._told.value = f"{self._play.label} {self.value.step} of {self._play.steps}"
        self._player.unobserve(self._played, names="value")
        self._player.value = self.value.step
        self._player.observe(self._played, names="value")
