"""What is judged by a rule, as an author asks it: the calls, and the rule."""

from __future__ import annotations

import numpy as np

from kdlab.checking.rules import AskRule, CreditRule, DrawnRule, ReportRule, Rule
from kdlab.explore.picture import Picture
from kdlab.practice.folder import Exercise
from kdlab.practice.questions import Ask, Call, Credit, Drawn, Function, Report

_SHOWN = ("question", "options", "low", "high", "unit", "answer", "within", "factor", "because")
_ODD = (None, True, "x", (), [], {}, 1.5, np.zeros(0), [[None]])  # what a judge must have a sentence for


def ruled(
    exercise: Exercise, asked: Function | Ask | Report | Drawn | Credit, rng: np.random.Generator
) -> tuple[Function, Rule | None]:
    """Return a question as calls of its function, and the rule that judges what comes back.

    Raises
    ------
    ValueError
        If it is not as it must be.
    """
    if isinstance(asked, Ask):
        return Function(asked.name, asked.points, [Call(())]), _ask_rule(asked)
    if isinstance(asked, Report):
        return Function(asked.name, asked.points, _report_calls(exercise, asked, rng)), ReportRule(asked.within)
    if isinstance(asked, Drawn):
        return Function(asked.name, asked.points, [Call(())]), _drawn_rule(asked)
    if isinstance(asked, Credit):
        source = (exercise.folder / "checks.py").read_text(encoding="utf-8")
        rule = CreditRule(source, asked.judge.__name__, asked.says)
        for value in _ODD:
            rule(None, value)
        return Function(asked.name, asked.points, [Call(())]), rule
    return asked, None


def _ask_rule(asked: Ask) -> AskRule:
    data = asked.asked.to_json()
    if data["kind"] not in ("pick", "estimate"):
        raise ValueError(f"asked must be a Pick or an Estimate; a {data['kind']} was given.")
    if not 2 <= len(asked.reasons) <= 3 or all(said for _, said in asked.reasons):
        raise ValueError("reasons must be two or three, and one of them right: with nothing said to who gives it.")
    shown = {name: data[name] for name in _SHOWN if name in data}
    if isinstance(data["answer"], list):
        shown["answer"] = tuple(data["answer"])
    return AskRule(data["kind"], reasons=asked.reasons, **shown)


def _drawn_rule(asked: Drawn) -> DrawnRule:
    data = asked.asked.to_json()
    if data["kind"] != "curve":
        raise ValueError(f"asked must be a Curve; a {data['kind']} was given.")
    if data["slopes_at"]:
        raise ValueError("asked must be a Curve without slopes_at.")
    low, high = np.broadcast_to(data["answer"], (2, len(data["x"])))
    if data["factor"] is not None and low.min() <= 0:
        raise ValueError("answer must be positive where a factor is asked for.")
    for name, axis, values in (("x_axis", asked.x_axis, data["x"]), ("y_axis", asked.y_axis, [*low, *high])):
        if not axis.domain[0] <= min(values) <= max(values) <= axis.domain[1]:
            raise ValueError(f"domain of {name} must hold {min(values):g} to {max(values):g}; it is {axis.domain}.")
    picture = Picture(asked.x_axis, asked.y_axis, (), data["question"]).to_json()
    shown = {name: data[name] for name in ("question", "x", "within", "factor", "because")}
    return DrawnRule(picture=picture, low=tuple(low.tolist()), high=tuple(high.tolist()), **shown)


def _report_calls(exercise: Exercise, asked: Report, rng: np.random.Generator) -> list[Call]:
    """Return the call on the data, and hidden ones on draws of its rows, the same rows of every array."""
    missing = [name for name in asked.data if name not in exercise.data]
    if missing:
        raise ValueError(f"data of checks.py must have {', '.join(missing)}.")
    arrays = [exercise.data[name] for name in asked.data]
    n_rows = len(arrays[0])
    draws = [rng.integers(0, n_rows, size=n_rows) for _ in range(asked.n_hidden)]
    hidden = [Call(tuple(array[rows] for array in arrays), "rows drawn anew") for rows in draws]
    return [Call(tuple(arrays), "the record", public=True), *hidden]
