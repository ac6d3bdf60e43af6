"""A tour through one widget: a few stops, each of which sets the controls and says one sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kdlab.explore.questions import Question

FEWEST, MOST = 3, 6


@dataclass(frozen=True)
class Stop:
    """One stop: `settings` for the controls it moves (of a Play: how many steps are made), and its one sentence.

    `ask` is a question that is asked before the stop is shown.
    """

    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""
    ask: Question | None = None

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.sentence.strip():
            raise ValueError(f"a Stop needs a name and a sentence; {self.name!r} and {self.sentence!r} were given.")

    def to_json(self) -> dict[str, Any]:
        """Return what the page needs to make the stop."""
        return {"name": self.name, "settings": self.settings, "sentence": self.sentence}


def check_stops(stops: tuple[Stop, ...]) -> None:
    """Raise ValueError unless these are three to six stops of different names, or none."""
    if stops and not FEWEST <= len(stops) <= MOST:
        raise ValueError(f"stops must be {FEWEST} to {MOST}; {len(stops)} were given.")
    names = [stop.name for stop in stops]
    if len(set(names)) < len(names):
        raise ValueError(f"stops must have different names; {names} were given.")
