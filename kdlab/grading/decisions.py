"""What an instructor decides by hand, in a small file beside the gradebook: it never changes a computed mark.

    [late_rule]
    percent_per_day = 10    # of the points earned, for each day late
    free_days = 3           # days late that cost a student nothing, over all exercises, in the order of [[late]]
    last_day = 7            # after so many days late an exercise earns nothing

    [[late]]
    student = "ada"
    exercise = "temperature/softmax"
    days = 2

    [[override]]
    student = "emmy"
    exercise = "temperature/softmax"
    points = 4
    reason = "Right by another definition of the limit."

    [[exempt]]
    student = "zoë"
    exercise = "temperature/softmax"
    reason = "Ill, with a certificate."

An override is the last word: no penalty is taken from it. An exemption leaves no points, neither many nor few. What
could not be marked has no points either, and stays so until it is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kdlab.grading.tables import check_entry, check_keys, list_of_tables, read_toml

Key = tuple[str, str]  # exercise and student

_FIELDS = {
    "late": {"student": str, "exercise": str, "days": int},
    "override": {"student": str, "exercise": str, "points": float, "reason": str},
    "exempt": {"student": str, "exercise": str, "reason": str},
}
_RULE = {"percent_per_day": float, "free_days": int, "last_day": int}


@dataclass(frozen=True)
class LateRule:
    """What a day late costs. Without a `last_day` there is none."""

    percent_per_day: float = 0.0
    free_days: int = 0
    last_day: int | None = None

    def penalty(self, points: float, days: int, free: int) -> float:
        """Return what is taken from points earned `days` late, of which `free` cost nothing.

        Examples
        --------
        >>> LateRule(percent_per_day=10).penalty(5, days=3, free=1)
        1.0
        >>> LateRule(last_day=7).penalty(5, days=8, free=0)
        5
        """
        if self.last_day is not None and days > self.last_day:
            return points
        return min(points, points * self.percent_per_day * (days - free) / 100)


@dataclass(frozen=True)
class Decisions:
    """The file, read: days late, overrides (points and reason) and exemptions (reason) by exercise and student."""

    rule: LateRule = LateRule()
    late: dict[Key, int] = field(default_factory=dict)
    overrides: dict[Key, tuple[float, str]] = field(default_factory=dict)
    exempt: dict[Key, str] = field(default_factory=dict)


def read(path: Path) -> Decisions:
    """Return the decisions that a file holds.

    Raises
    ------
    ValueError
        If it is not as it must be; it names the file and the entry.
    """
    data = read_toml(path)
    check_keys(path, data, {"late_rule", *_FIELDS})
    rule = read_late_rule(path, data)
    late, override, exempt = (_entries(path, data, kind) for kind in _FIELDS)
    both = sorted(override.keys() & exempt.keys())
    if both:
        raise ValueError(f"{path}: {both[0][1]} has an override and an exemption for {both[0][0]}; one is allowed.")
    return Decisions(
        rule=rule,
        late={key: entry["days"] for key, entry in late.items()},
        overrides={key: (entry["points"], entry["reason"]) for key, entry in override.items()},
        exempt={key: entry["reason"] for key, entry in exempt.items()},
    )


def read_late_rule(path: Path, data: dict[str, Any]) -> LateRule:
    """Return the rule that stands in [late_rule] of a file, if it has one.

    Raises
    ------
    ValueError
        If it is not as it must be.
    """
    rule = data.get("late_rule", {})
    if type(rule) is not dict:
        raise ValueError(f"{path}: [late_rule] must be a table.")
    check_entry(f"{path}: [late_rule]", rule, {}, _RULE)
    return LateRule(**rule)


def decide(results: Iterable[dict[str, Any]], decisions: Decisions) -> list[dict[str, Any]]:
    """Return each result with what was decided beside it, sorted by exercise and student.

    Parameters
    ----------
    results : iterable of dict
        As the gradebook gives them.
    decisions : Decisions
        A student named there who handed in nothing gets a result of his own, with the status nothing_handed_in.

    Returns
    -------
    list of dict
        With days_late, penalty (points taken), final (the points that count, None for none) and decision (a sentence,
        or empty) added; what was computed is as it was.

    Raises
    ------
    ValueError
        If an exercise has no results, or an override gives more points than it has.
    """
    found = {(result["exercise"], result["student"]): result for result in results}
    max_points = {exercise: result["max_points"] for (exercise, _), result in found.items() if result["max_points"]}
    for key in (*decisions.late, *decisions.overrides, *decisions.exempt):
        if key[0] not in max_points:
            raise ValueError(f"the decision on {key[1]} names {key[0]!r}; the gradebook has {', '.join(max_points)}.")
        found.setdefault(key, _nothing(*key, max_points[key[0]]))
    for key, (points, _) in decisions.overrides.items():
        if points > max_points[key[0]]:
            raise ValueError(f"the override of {key[1]} gives {points:g} points; {key[0]} has {max_points[key[0]]:g}.")
    free = _free_days(decisions)
    return [found[key] | _decided(found[key], key, decisions, free.get(key, 0)) for key in sorted(found)]


def _free_days(decisions: Decisions) -> dict[Key, int]:
    """Return how many of the days late cost nothing: each student's are used up in the order of the file."""
    left: dict[str, int] = {}
    free = {}
    for (exercise, student), days in decisions.late.items():
        free[exercise, student] = min(days, left.get(student, decisions.rule.free_days))
        left[student] = left.get(student, decisions.rule.free_days) - free[exercise, student]
    return free


def _decided(result: dict[str, Any], key: Key, decisions: Decisions, free: int) -> dict[str, Any]:
    days, points = decisions.late.get(key, 0), result["points"]
    if key in decisions.exempt:
        return _columns(days, 0, None, f"Exempt: {decisions.exempt[key]}")
    if key in decisions.overrides:
        by_hand, reason = decisions.overrides[key]
        return _columns(days, 0, by_hand, f"Changed by hand: {reason}")
    if points is None or not days:
        return _columns(days, 0, points, "")
    penalty = decisions.rule.penalty(points, days, free)
    words = f"Late by {days} {'day' if days == 1 else 'days'}{f', {free} of them free' if free else ''}."
    return _columns(days, penalty, points - penalty, words)


def _columns(days_late: int, penalty: float, final: float | None, decision: str) -> dict[str, Any]:
    return {"days_late": days_late, "penalty": penalty, "final": final, "decision": decision}


def _nothing(exercise: str, student: str, max_points: float) -> dict[str, Any]:
    return {
        "student": student,
        "exercise": exercise,
        "status": "nothing_handed_in",
        "points": None,
        "max_points": max_points,
        "questions": [],
        "notes": [],
        "log": "",
    }


def _entries(path: Path, data: dict[str, Any], kind: str) -> dict[Key, dict[str, Any]]:
    entries: dict[Key, dict[str, Any]] = {}
    for place, entry in list_of_tables(path, data, kind):
        check_entry(place, entry, _FIELDS[kind], {})
        key = entry["exercise"], entry["student"]
        if key in entries:
            raise ValueError(f"{place}: {key[1]} stands twice for {key[0]}.")
        entries[key] = entry
    return entries
