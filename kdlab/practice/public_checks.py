"""Check what a student wrote on public cases: in the page, and in a notebook."""

from __future__ import annotations

import base64
import contextlib
import functools
import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kdlab.checking import sentences
from kdlab.checking.asking import Answer, Watched, ask, ask_with
from kdlab.checking.cases import Question, Version, VersionQuestion, case_from_data
from kdlab.checking.judging import Finding, QuestionResult
from kdlab.checking.order import Again, judge_in_order
from kdlab.checking.rules import rule_from_data
from kdlab.checking.testing import Retry, as_function, asked, judge_versions
from kdlab.checking.values import from_data
from kdlab.practice import explaining
from kdlab.practice.explaining import Known, Source
from kdlab.practice.kinds import traits_of_call
from kdlab.practice.run import execute, forbidden, given, new_namespace

MAX_LOG = 64_000
MAX_FIGURES = 4
MAX_SECONDS_OF_DIAGNOSIS = 2.0  # of one function: a reader is waiting


class CheckFailedError(AssertionError):
    """A public check of a notebook that did not pass. A notebook shows its sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def check_in_page(
    practice: dict[str, Any], cells: list[dict[str, str]], seconds: float = MAX_SECONDS_OF_DIAGNOSIS
) -> dict[str, Any]:
    """Check the cells of a reader; all is data that JSON can hold.

    Parameters
    ----------
    practice : dict
        What `kdlab.practice.page` made.
    cells : list of dict
        The `name` and the `source` of each.
    seconds : float
        After so many the diagnosis of one function ends, with what has been found by then.

    Returns
    -------
    dict
        {"questions": [{"function", "passed", "message": what is wrong, "verdict": the sentence to read, "wrong",
        "findings": [{"passed", "kind", "sentence"}]}], "passed": whether all of them are, "whole": whether these
        are all checks there are, "summary": one sentence, "log": what was printed, at most 64 kB,
        "figures": what was drawn with Matplotlib, at most MAX_FIGURES PNG images in base64}
    """
    os.environ.setdefault("MPLBACKEND", "agg")
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # a font cache is no news to a student
    log = _Log()
    with forbidden(practice["forbids"]), contextlib.redirect_stdout(log):
        namespace, problems = new_namespace() | given(from_data(practice["data"])), {}
        for i, source in enumerate(practice["given"], 1):
            execute(source, f"given {i}", namespace)
        for cell in cells:
            problem = execute(cell["source"], cell["name"], namespace)
            if problem:
                problems[cell["name"]] = problem
        results = _check_all(practice, namespace, problems, seconds=seconds)
    return {
        "questions": [_result_to_data(result, practice) for result in results],
        "passed": all(map(_passed, results)),
        "whole": "reference" in practice,
        "summary": _summary(results, practice),
        "log": log.getvalue(),
        "figures": _figures(),
    }


def check_in_notebook(function: Any, practice: str | dict[str, Any], target: Any = None) -> None:
    """Check one function of a notebook, print what was found, and raise if it is not right.

    Parameters
    ----------
    function : callable
        The function a student wrote.
    practice : str or dict
        The file with the public cases, beside the notebook; or what such a file holds.
    target : callable, optional
        For a test: the student's own function to try it on.

    Raises
    ------
    CheckFailedError
        An AssertionError with the sentence to read.
    NotImplementedError
        If the function is not written yet.
    """
    if isinstance(practice, str):
        practice = json.loads(Path(practice).read_text(encoding="utf-8"))
    name = getattr(function, "__name__", "")
    question = next((each for each in practice["questions"] if each["function"] == name), None)
    if question is None:
        names = ", ".join(each["function"] for each in practice["questions"])
        raise ValueError(f"function must be one of {names}; {name or function!r} was given.")
    own = {name: function} | ({question["target"]: target} if target is not None else {})
    cells = getattr(function, "__globals__", {})  # of the notebook, where other functions can be watched
    namespace = cells if own.items() <= cells.items() else own
    written = [each for each in practice["questions"] if each is question or each["function"] in namespace]
    result = _check_all(practice | {"questions": written}, namespace, {}, only=name)[-1]
    if any(finding.kind == "not_written" for finding in result.findings):
        raise NotImplementedError(result.message)
    if not _passed(result):
        raise CheckFailedError(result.message)
    print(f"{name}: {_summary([result], practice | {'questions': [question]})}")


def _figures() -> list[str]:
    """Return the figures that are open in Matplotlib, if it was imported at all, and close them."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    figures = []
    for number in pyplot.get_fignums()[:MAX_FIGURES]:
        buffer = io.BytesIO()
        pyplot.figure(number).savefig(buffer, format="png")
        figures.append(base64.b64encode(buffer.getvalue()).decode())
    pyplot.close("all")
    return figures


class _Log(io.StringIO):
    """What was printed, up to a limit."""

    def write(self, text: str) -> int:
        super().write(text[: MAX_LOG - self.tell()])
        return len(text)


def _check_all(
    practice: dict[str, Any],
    namespace: dict[str, Any],
    problems: dict[str, Answer],
    *,
    only: str = "",
    seconds: float = MAX_SECONDS_OF_DIAGNOSIS,
) -> list[QuestionResult]:
    """Return the result of each question in order, up to `only` if that is given."""
    asked = practice["questions"]
    if only:
        asked = asked[: next(i for i, each in enumerate(asked) if each["function"] == only) + 1]
    questions = {each["function"]: _question(each) for each in asked if "versions" not in each}

    def again(question: Question, others: tuple[str, ...], first: int) -> Again:
        if question.function in problems:
            return Again(frozenset())
        own = {name: namespace.get(name) for name in others}
        _, called = ask_with(namespace, question.function, question.cases[first].args, own)
        if not called or "reference" not in practice:
            return Again(frozenset(called))
        reference = _known(practice).namespace()
        right = {name: reference[name] for name in others}
        asked = [ask_with(namespace, question.function, case.args, right)[0] for case in question.cases]
        return Again(frozenset(called), asked)

    answers = {
        name: [problems.get(name) or ask(namespace.get(name), case.args) for case in question.cases]
        for name, question in questions.items()
    }
    how = []
    if "reference" in practice:
        how = [functools.partial(explaining.diagnosed, _known(practice), seconds=seconds)]
    found = judge_in_order(list(questions.values()), answers, again, *how)
    for each in asked:
        if "versions" in each:
            found[each["function"]] = _check_test(each, namespace, problems, practice, found)
    return [found[each["function"]] for each in asked]


def _question(data: dict[str, Any]) -> Question:
    cases = tuple(map(case_from_data, data["cases"]))
    return Question(data["function"], data["points"], cases, rule_from_data(data["rule"]))


def _check_test(
    data: dict[str, Any],
    namespace: dict[str, Any],
    problems: dict[str, Answer],
    practice: dict[str, Any],
    found: dict[str, QuestionResult],
) -> QuestionResult:
    """Try a student's test on the versions at hand, and on the student's own function where `own` says so."""
    name, target = data["function"], data["target"]
    functions, versions = [], []
    for version in data["versions"]:
        functions.append(_version(version["source"], target, practice))
        versions.append(Version(version["name"], version["good"], version["message"]))
    if data["own"]:
        functions.append(namespace.get(target))
        versions.append(Version("your own", True))
        if not _passed(found[target]):
            sentence = sentences.MEND_FIRST.format(target=target, function=name)
            return QuestionResult(name, 0, data["points"], (Finding(False, "waits", sentence),), sentence)
    question = VersionQuestion(name, target, data["points"], tuple(versions), data["kinds"])

    def tried(function: Any) -> tuple[Answer, bool, tuple[str, ...] | None]:
        watched = Watched(function)
        answer, inside = watched.tried(problems.get(name) or ask(namespace.get(name), [watched]))
        return answer, inside, traits_of_call(question.kinds, *watched.last) if watched.n_calls else None

    def of_wrong() -> Iterator[tuple[str, Answer]]:
        for each in practice.get("wrong", ()):
            if each["name"] in data.get("wrong", ()):
                yield each["message"], tried(_version(each["source"], target, practice))[0]

    answers, inside, traits = zip(*map(tried, functions), strict=True)
    retry = Retry([asked(function) for function in functions], lambda version: tried(as_function(version))[0])
    answered = list(enumerate(answers))
    return judge_versions(question, answered, traits, inside=inside, public=True, wrong=of_wrong, retry=retry)


def _version(source: str, target: str, practice: dict[str, Any]) -> Any:
    namespace = new_namespace() | given(from_data(practice["data"]))
    for i, cell in enumerate([*practice["given"], source], 1):  # none of the student's cells
        execute(cell, f"given {i}", namespace)
    return namespace[target]


def _known(practice: dict[str, Any]) -> Known:
    """Return what may explain a wrong answer, where nothing is hidden."""
    return Known(
        tuple((name, source) for name, source in practice["reference"]),
        practice["starters"],
        tuple(
            Source(each["name"], each["message"], each["source"], tuple(each["functions"]))
            for each in practice["wrong"]
        ),
        practice["kinds"],
        tuple(practice["forbids"]),
        from_data(practice["data"]),
    )


def _passed(result: QuestionResult) -> bool:
    return all(finding.passed for finding in result.findings)


def _summary(results: list[QuestionResult], practice: dict[str, Any]) -> str:
    """Return one sentence that promises no more than the checks at hand can say."""
    passed = sum(map(_passed, results))
    if "reference" in practice:
        checks = sum(len(result.findings) for result in results)
        sentence = sentences.SOLVED if passed == len(results) else sentences.WHOLE_SUMMARY
        return sentence.format(checks=checks, passed=passed, all=len(results))
    if passed < len(results):
        return sentences.SUMMARY.format(passed=passed, all=len(results))
    points = sum(question["points"] for question in practice["questions"])
    hidden = sum(question["points"] for question in practice["questions"] if question["hidden"])
    decided = sentences.DECIDED.format(hidden=hidden, points=points) if hidden else ""
    return sentences.PUBLIC_PASSED.format(decided=decided)


def _result_to_data(result: QuestionResult, practice: dict[str, Any]) -> dict[str, Any]:
    return {
        "function": result.function,
        "passed": _passed(result),
        "message": result.message,
        "verdict": result.message or _right(result, practice),
        "wrong": result.wrong,
        "findings": [vars(finding) for finding in result.findings],
    }


def _right(result: QuestionResult, practice: dict[str, Any]) -> str:
    """Return what to say of a function that passes."""
    asked = next(each for each in practice["questions"] if each["function"] == result.function)
    words = {"function": result.function, "checks": len(result.findings)}
    if "reference" not in practice:
        return sentences.PUBLIC_RIGHT.format(**words)
    if "versions" not in asked:
        return sentences.WHOLE_RIGHT.format(**words)
    good = sum(version["good"] for version in asked["versions"])
    return sentences.WHOLE_RIGHT_TEST.format(**words, good=good, bad=len(asked["versions"]) - good)
