"""What a course shows of its questions: how hard, how telling, and which mistakes. It names no student.

Counted are notebooks that were run and marked. Of each question:

- difficulty: the share of students who have all its points, with Wilson's interval;
- discrimination: the correlation of its points with the mean share of all the student's other questions, with Fisher's
  interval; low where whoever is good at the rest is no better here, and none where there is nothing to correlate;
- mistakes: what was said to those who are not right, by count; a named wrong solution has its name.

Both intervals are at 95 %, and of as many questions as there are, some miss by luck alone.
"""

from __future__ import annotations

import html
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kdlab.course.course import Course, results_of
from kdlab.files import write_text
from kdlab.uncertainty import wilson_interval

MAX_MISTAKES = 8
NORMAL_975 = 1.959963984540054
MIN_STUDENTS = 5  # a correlation of fewer has an interval that says nothing
BINS = 5

_STYLE = """
:root { color-scheme: light dark; --text: #1a1a1a; --ground: #ffffff; --soft: #595959; --line: #c4c4c4;
  --bar: #1f5f99; }
@media (prefers-color-scheme: dark) { :root { --text: #ececec; --ground: #161616; --soft: #b4b4b4; --line: #4d4d4d;
  --bar: #8cc0f0; } }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); max-width: 50rem;
  margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; border-top: 1px solid var(--line);
  padding-top: 1rem; } h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
.soft { color: var(--soft); } ul { padding-left: 1.25rem; } li { margin: .35rem 0; }
svg { display: block; width: 100%; max-width: 30rem; height: auto; }
svg line { stroke: var(--line); } svg rect, svg circle { fill: var(--bar); } svg .range { stroke: var(--bar); }
svg text { fill: var(--text); font-size: 11px; }
"""


def write(course: Course, out: Path, exercise: str | None = None) -> list[dict[str, Any]]:
    """Write stats.html into a folder, and return what stands in it, for each exercise.

    Returns
    -------
    list of dict
        exercise, students (how many were marked), statuses (how many of each), points (how many students have each
        number of points), max_points, and questions: function, students, right, difficulty and discrimination (each
        low, value, high, or None), mistakes (message, wrong, count).
    """
    found = of(results_of(course), [assignment.name for assignment in course.chosen(exercise)])
    write_text(out / "stats.html", _page(course.settings.title, found))
    return found


def of(results: Sequence[dict[str, Any]], exercises: Sequence[str]) -> list[dict[str, Any]]:
    """Return the statistics of some exercises, where the results are those of a whole course."""
    shares: dict[str, dict[tuple[str, str], float]] = {}  # of each student, by exercise and function
    for result in results:
        if result["status"] == "graded":
            own = shares.setdefault(result["student"], {})
            own |= {(result["exercise"], each["function"]): _share(each) for each in result["questions"]}
    found = []
    for exercise in exercises:
        own = [result for result in results if result["exercise"] == exercise]
        graded = [result for result in own if result["status"] == "graded"]
        functions = [each["function"] for each in graded[0]["questions"]] if graded else []
        found.append(
            {
                "exercise": exercise,
                "students": len(graded),
                "statuses": dict(sorted(Counter(result["status"] for result in own).items())),
                "points": dict(sorted(Counter(result["points"] for result in graded).items())),
                "max_points": graded[0]["max_points"] if graded else None,
                "questions": [_question(exercise, name, graded, shares) for name in functions],
            }
        )
    return found


def _question(
    exercise: str, function: str, graded: list[dict[str, Any]], shares: dict[str, dict[tuple[str, str], float]]
) -> dict[str, Any]:
    answers = [each for result in graded for each in result["questions"] if each["function"] == function]
    right = sum(_share(each) == 1 for each in answers)
    interval = wilson_interval(right, len(answers))
    said = Counter((each["message"], each["wrong"]) for each in answers if _share(each) < 1)
    pairs = []
    for of_student in shares.values():
        rest = [share for key, share in of_student.items() if key != (exercise, function)]
        if (exercise, function) in of_student and rest:
            pairs.append((of_student[exercise, function], sum(rest) / len(rest)))
    return {
        "function": function,
        "students": len(answers),
        "right": right,
        "difficulty": [interval.low, right / len(answers), interval.high],
        "discrimination": correlation(pairs),
        "mistakes": [{"message": m, "wrong": w, "count": n} for (m, w), n in said.most_common(MAX_MISTAKES)],
    }


def _share(question: dict[str, Any]) -> float:
    return question["points"] / question["max_points"]


def correlation(pairs: Sequence[tuple[float, float]]) -> list[float] | None:
    """Return Pearson's correlation between Fisher's bounds at 95 %: low, value, high. None where there is none.

    Examples
    --------
    >>> [round(each, 2) for each in correlation([(0, 0), (0, 1), (1, 0), (1, 1), (1, 1), (0, 0)])]
    [-0.66, 0.33, 0.9]
    >>> correlation([(1, 0)] * 9) is None
    True
    """
    if len(pairs) < MIN_STUDENTS or any(len(set(each)) < 2 for each in zip(*pairs, strict=True)):
        return None
    value = float(np.corrcoef(np.array(pairs).T)[0, 1])
    bounded = max(-1 + 1e-12, min(1 - 1e-12, value))
    middle, half = math.atanh(bounded), NORMAL_975 / math.sqrt(len(pairs) - 3)
    return [math.tanh(middle - half), value, math.tanh(middle + half)]


def _page(title: str, found: list[dict[str, Any]]) -> str:
    body = "\n".join(_exercise(each) for each in found)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{html.escape(title)}</h1>\n"
        "<p>Difficulty is the share of students who have all points of a question. Discrimination is how well a "
        "question goes with the rest of the same student's work. Bars are intervals at 95 %.</p>\n"
        f"{body}\n</main>\n</body>\n</html>\n"
    )


def _exercise(found: dict[str, Any]) -> str:
    counts = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in found["statuses"].items())
    parts = [f"<section><h2>{html.escape(found['exercise'])}</h2>", f"<p>{counts or 'Nothing yet'}.</p>"]
    if found["students"]:
        parts.append(_histogram(found))
        parts += [_words(question) for question in found["questions"]]
    return "".join([*parts, "</section>"])


def _words(question: dict[str, Any]) -> str:
    parts = [f"<h3><code>{question['function']}</code></h3>", _interval("difficulty", question["difficulty"], 0)]
    if question["discrimination"]:
        parts.append(_interval("discrimination", question["discrimination"], -1))
    else:
        parts.append("<p class=soft>No discrimination: too few students, or all alike.</p>")
    items = [f"<li>{each['count']} times: {html.escape(each['message'])}</li>" for each in question["mistakes"]]
    return "".join([*parts, f"<ul>{''.join(items)}</ul>" if items else ""])


def _interval(name: str, values: Sequence[float], least: int) -> str:
    """Draw a value and its interval on a line from `least` to 1."""
    low, value, high = (130 + 260 * (each - least) / (1 - least) for each in values)
    said = f"{name} {values[1]:.2f}, between {values[0]:.2f} and {values[2]:.2f}"
    return (
        f'<svg viewBox="0 0 440 26" role="img" aria-label="{said}"><text x="0" y="17">{name}</text>'
        f'<text x="112" y="17">{least}</text><line x1="130" x2="390" y1="13" y2="13"/>'
        f'<line class="range" stroke-width="4" x1="{low:.1f}" x2="{high:.1f}" y1="13" y2="13"/>'
        f'<circle cx="{value:.1f}" cy="13" r="5"/><text x="396" y="17">1</text>'
        f'<text x="412" y="17">{values[1]:.2f}</text></svg>'
    )


def _histogram(found: dict[str, Any]) -> str:
    """Draw how many students have which share of the points."""
    bins = [0] * BINS
    for points, count in found["points"].items():
        bins[min(BINS - 1, int(BINS * points / found["max_points"]))] += count
    edges = [found["max_points"] * i / BINS for i in range(BINS + 1)]
    said = "; ".join(f"{edges[i]:g} to {edges[i + 1]:g} points: {n}" for i, n in enumerate(bins))
    drawn = []
    for i, n in enumerate(bins):
        height = 70 * n / max(bins)
        drawn.append(
            f'<rect x="{10 + 84 * i}" y="{90 - height:.1f}" width="76" height="{height:.1f}"/>'
            f'<text x="{48 + 84 * i}" y="{84 - height:.1f}" text-anchor="middle">{n}</text>'
        )
    labels = [f'<text x="{6 + 84 * i}" y="105" text-anchor="middle">{edge:g}</text>' for i, edge in enumerate(edges)]
    return (
        f'<svg viewBox="0 0 440 112" role="img" aria-label="{said}">{"".join(drawn)}'
        f'<line x1="6" x2="430" y1="90" y2="90"/>{"".join(labels)}</svg>'
    )
