"""What an experiment is: a question, what could refute it, and the two functions that answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from kdlab.evidence.intervals import Record
from kdlab.experiments.lab import Lab


@dataclass(frozen=True)
class Experiment:
    """An experiment; its module has it as EXPERIMENT.

    Only `run`, and what it uses, is part of the hash of the code: all else may be said better, or compared and counted
    otherwise, without training anything again.

    Attributes
    ----------
    question : str
        What it is to find out.
    words : dict
        Of every arm, what it is in plain words.
    controls : dict
        What could have refuted it, by the name of the arm or comparison: "would have ...".
    units : dict
        Of every measure: "%" for a fraction in [0, 1], "nats", "MB", or "" for a number without unit.
    comparisons : sequence of (arm, baseline)
        The pairs whose differences are wanted.
    run : function
        Does all, with what the lab gives, and notes it there.
    measured : function
        From the records, lists among them, to named lists for the pictures.
    shown : function
        From the records to named arrays, which lie in results/shown/. They are not rounded: make them small.
    may_fail : dict
        Arms or trainings whose networks need not learn what they are taught, and why they need not.
    may_copy : dict
        Arms that may give their teacher's answers, and why they may.
    """

    question: str
    words: Mapping[str, str]
    controls: Mapping[str, str]
    units: Mapping[str, str]
    comparisons: Sequence[tuple[str, str]]
    run: Callable[[Lab], None]
    measured: Callable[[Sequence[Record]], dict[str, Any]]
    shown: Callable[[Sequence[Record]], dict[str, NDArray[Any]]] | None = None
    may_fail: Mapping[str, str] = field(default_factory=dict)
    may_copy: Mapping[str, str] = field(default_factory=dict)

    def records(self, seeds: Sequence[int]) -> list[Record]:
        """Run the experiment on some seeds.

        Parameters
        ----------
        seeds : sequence of int
            At least one, each once and at least 0.

        Returns
        -------
        list of dict
            One for each seed and arm: "seed", "arm", the measures, lists, and "losses" where there was training.

        Raises
        ------
        TypeError, ValueError
            If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
        """
        lab = Lab(seeds, self.may_fail, self.may_copy)
        self.run(lab)
        return lab.records()
