"""Difficulty, discrimination, mistakes: by other means, and without a name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats as scipy_stats

from kdlab import cli
from kdlab.course import stats
from kdlab.grading.gradebook import Order, open_gradebook

ROOT = Path(__file__).parents[2]


def result(student: str, exercise: str, shares: dict[str, float], status: str = "graded") -> dict:
    questions = [
        {
            "function": function,
            "points": 2 * share,
            "max_points": 2,
            "message": "" if share == 1 else f"<{function}> is off.",
            "wrong": "" if share == 1 else "off",
            "findings": [],
        }
        for function, share in shares.items()
    ]
    points = sum(each["points"] for each in questions)
    row = {"student": student, "exercise": exercise, "status": status, "questions": questions, "notes": [], "log": ""}
    return row | {"points": points if status == "graded" else None, "max_points": 2 * len(questions)}


@pytest.fixture(scope="module")
def results() -> list[dict]:
    rng = np.random.default_rng(3)
    made = []
    for number in range(60):
        able = rng.normal()
        draw = lambda able=able: float(able + rng.normal() > 0)  # noqa: E731
        made.append(result(f"s{number}", "a/b", {"f": draw(), "g": draw()}))
        if number % 2:
            made.append(result(f"s{number}", "a/c", {"h": draw()}))
    return [*made, result("zip", "a/b", {"f": 0, "g": 0}, "archive")]


def test_against_another_count(results):
    first, second = stats.of(results, ["a/b", "a/c"])
    assert first["statuses"] == {"archive": 1, "graded": 60}
    assert (first["students"], second["students"]) == (60, 30)
    assert sum(first["points"].values()) == 60
    shares = {}
    for each in results[:-1]:
        for question in each["questions"]:
            shares.setdefault(each["student"], {})[question["function"]] = question["points"] / 2
    for question in first["questions"] + second["questions"]:
        name = question["function"]
        own = [(row[name], np.mean([row[o] for o in row if o != name])) for row in shares.values() if name in row]
        right = sum(share for share, _ in own)
        assert (question["students"], question["right"]) == (len(own), right)
        wilson = scipy_stats.binomtest(int(right), len(own)).proportion_ci(method="wilson")
        assert question["difficulty"] == pytest.approx([wilson.low, right / len(own), wilson.high])
        pearson = scipy_stats.pearsonr(*np.array(own).T)
        bounds = pearson.confidence_interval(0.95)
        assert question["discrimination"] == pytest.approx([bounds.low, pearson.statistic, bounds.high])
        (mistake,) = question["mistakes"]
        assert mistake == {"message": f"<{name}> is off.", "wrong": "off", "count": len(own) - right}


def test_where_there_is_nothing_to_tell():
    alike = [result(f"s{number}", "a/b", {"f": 1.0, "g": 1.0}) for number in range(9)]
    (found,) = stats.of(alike, ["a/b"])
    assert [each["discrimination"] for each in found["questions"]] == [None, None]
    assert stats.of([], ["a/b"])[0]["questions"] == []
    (found,) = stats.of([result(f"s{n}", "a/b", {"f": n % 2}) for n in range(9)], ["a/b"])
    assert found["questions"][0]["discrimination"] is None  # there is no other question


def test_as_a_command_and_without_names(tmp_path, monkeypatch, capsys, results):
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "key").write_bytes(b"k" * 32)
    (folder / "course.toml").write_text('title = "<T>"\n[[exercise]]\nname = "a/b"\n[[exercise]]\nname = "a/d"\n')
    (folder / "roster.csv").write_text("id\n" + "\n".join(f"s{n}" for n in range(60)))
    monkeypatch.setenv("KDLAB_INSTRUCTOR", str(folder))
    with open_gradebook(folder / "course.sqlite", create=True) as book:
        run = book.start(Order("a/b", "e", "s", False), {})
        for each in results:
            if each["exercise"] == "a/b":
                book.write(run, each, "f")
    words = ["course", "stats", "--out", str(tmp_path), "--exercises", str(ROOT / "exercises")]
    assert cli.main([*words, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)["exercises"]
    assert [each["students"] for each in data] == [60, 0]
    assert cli.main(words) == 0
    assert f"f: {data[0]['questions'][0]['right']} of 60 right" in capsys.readouterr().out
    page = (tmp_path / "stats.html").read_text()
    assert "&lt;f&gt; is off." in page
    assert "<T>" not in page
    assert page.count("<svg") == page.count('role="img" aria-label=') == 5
    for number in range(60):
        assert f"s{number}<" not in page
        assert f" s{number} " not in page
