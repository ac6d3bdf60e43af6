"""Grades one submission: draws the inputs, asks the worker, compares what comes back. Trusted: runs no student code."""

from __future__ import annotations

import dataclasses
import functools
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kdlab.checking import sentences
from kdlab.checking.asking import MAX_CALLS, STUDENT, Answer, answer_from_data, answer_to_data, raised_as, too_many
from kdlab.checking.cases import Question, VersionQuestion
from kdlab.checking.judging import QuestionResult, judge
from kdlab.checking.order import Again, judge_in_order
from kdlab.checking.testing import Asked, Retry, judge_versions
from kdlab.checking.values import TooLargeError
from kdlab.grading.reader import Cell, Notebook, Unreadable, read_submission, shown_name
from kdlab.grading.sandbox import LOG_BYTES, Sandbox, Stopped
from kdlab.practice.cases import Paper, diagnosed, paper, public_rng, wrong_of
from kdlab.practice.folder import Exercise
from kdlab.practice.instructor import Instructor
from kdlab.practice.kinds import traits_of_call
from kdlab.practice.run import given

MAX_PROXIED_OF_RIGHT = 10_000  # calls of a right function in the place of a student's, in one case
MAX_NOTES = 40
MARKED = ("graded", "not_attempted")  # every other status says why nothing could be marked, and has no points


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds, and how often the worker of one submission may be started again."""

    cell_seconds: float = 10.0
    call_seconds: float = 10.0
    total_seconds: float = 180.0
    restarts: int = 10


@dataclass(frozen=True)
class Grader:
    """All that grading the submissions to one exercise takes."""

    exercise: Exercise
    instructor: Instructor
    submissions: Path
    system: Path
    trust: bool = False
    limits: Limits = Limits()

    def __call__(self, student: str) -> tuple[dict[str, Any], str]:
        """Return a student's result, and the SHA-256 of the file it is about.

        The result is data that JSON can hold, and holds no time and no place: student, exercise, title (that of the
        exercise), status, points, max_points, questions (function, points, max_points, message, wrong, findings),
        notes, log and, where one was read, file (name, sha256). Points are None where nothing was marked. Whatever goes
        wrong in here is the status grader_error: never a zero.
        """
        file = ""
        try:
            try:
                notebook, file = read_submission(self.submissions, student, self.exercise.name)
            except Unreadable as problem:
                return self._not_graded(student, problem.status, str(problem)), file
            return self._graded(student, notebook, file), file
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            sentence = f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})"
            return self._not_graded(student, "grader_error", sentence), file

    def _graded(self, student: str, notebook: Notebook, file: str) -> dict[str, Any]:
        of_student, hidden = (self.instructor.rng(self.exercise, student, each) for each in ("", file))
        of_file = {"file": {"name": notebook.file, "sha256": file}}
        drawn = paper(self.exercise, of_student, hidden=hidden, wrong=False)
        if any(_is_untouched(notebook, each) for each in (drawn.exercise, self._common.exercise)):
            return self._not_graded(student, "not_attempted", sentences.UNTOUCHED) | of_file
        with _Session(self, notebook, drawn.exercise) as session:
            results = session.results(drawn)
        notes = [*notebook.notes, *session.notes()]
        return _result(student, self.exercise, "graded", results, notes, clean(session.log)) | of_file

    def _not_graded(self, student: str, status: str, sentence: str) -> dict[str, Any]:
        results = [QuestionResult(each.function, 0, each.points, ()) for each in self._common.questions]
        return _result(student, self.exercise, status, results, [sentence], "")

    @cached_property
    def _common(self) -> Paper:
        """The exercise as everybody is given it who is not given a variant of his own."""
        return paper(self.exercise, public_rng(self.exercise), wrong=False)


class _Session:
    """The worker of one submission, started again where it stops, and all it said."""

    def __init__(self, grader: Grader, notebook: Notebook, exercise: Exercise) -> None:
        self.log = ""
        self._grader = grader
        self._limits = grader.limits
        self._exercise = exercise
        self._deadline = time.monotonic() + grader.limits.total_seconds
        given = [each.source for each in exercise.cells if each.kind == "given"]
        self._cells = [Cell(0, source, None, False) for source in given]
        self._cells += [cell for cell in notebook.cells if not cell.locked]
        self._problems: dict[int, Answer] = {}  # by place in self._cells
        self._made: dict[int, set[str]] = {}  # what a cell that failed had defined until then
        self._fatal: set[int] = set()
        self._has_run = -1  # the last cell that has run, in any worker
        self._skipped: list[str] = []
        self._starts = 0
        self._sandbox: Sandbox | None = None
        self._trusted = _Trusted(grader, exercise)

    def __enter__(self) -> _Session:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in (self._sandbox, self._trusted):
            if worker is not None:
                worker.close()

    def results(self, drawn: Paper) -> list[QuestionResult]:
        """Ask everything there is to ask, and return what it is worth.

        Public cases come first: what is printed while they run is kept, and a worker that has seen a hidden input
        has no further chance to print it.
        """
        functions = [each for each in drawn.questions if isinstance(each, Question)]
        answers: dict[str, dict[int, Answer]] = {each.function: {} for each in functions}
        for public in (True, False):
            for question in functions:
                self._ask_cases(question, public, answers[question.function])
        for question in functions:
            self._ask_once_more(question, answers[question.function])
        in_order = {name: [of_cases[i] for i in range(len(of_cases))] for name, of_cases in answers.items()}
        found = judge_in_order(functions, in_order, self._again, functools.partial(diagnosed, drawn.exercise))
        for question in drawn.questions:
            if isinstance(question, VersionQuestion):
                asked = self._ask_versions(question, drawn.orders[question.function])
                of_wrong = functools.partial(self._ask_wrong, question)
                retry = self._retry(question)
                result = judge_versions(question, *asked[:2], inside=asked[2], wrong=of_wrong, retry=retry)
                # their order would tell which is which
                shuffled = tuple(sorted(result.findings, key=lambda finding: (finding.kind, finding.sentence)))
                found[question.function] = dataclasses.replace(result, findings=shuffled)
        return [found[each.function] for each in drawn.questions]

    def notes(self) -> list[str]:
        """Return what to tell about cells: those that were skipped, failed, or stopped the worker."""
        notes = list(self._skipped)
        for place, problem in sorted(self._problems.items()):
            cell = self._cells[place]
            if cell.number:
                said = _sentence(problem)
                kept = any(each.function in self._made.get(place, ()) for each in self._exercise.solutions)
                said = sentences.KEPT_BEFORE.format(said=f"{said.removesuffix('.')}.") if kept else said
                notes.append(sentences.NOTE.format(number=cell.number, said=said))
        notes += [note for each in self._exercise.solutions if (note := self._counted(each.function))]
        return notes[:MAX_NOTES] + ([sentences.MORE_NOTES] if len(notes) > MAX_NOTES else [])

    def _ask_cases(self, question: Question, public: bool, answers: dict[int, Answer]) -> None:
        for i, case in enumerate(question.cases):
            if case.public != public:
                continue
            if any(answer.problem in _STOPS for answer in answers.values()):
                answers[i] = Answer(problem="not_asked", detail=_NOT_ASKED)
                continue
            answers[i] = self._ask(question.function, "call", _call(question, i), keep_log=public)

    def _ask_once_more(self, question: Question, answers: dict[int, Answer]) -> None:
        """Ask one call a second time: what is right by luck, or only sometimes, must not earn points by it."""
        passed = [judge(case, answers[i]).passed for i, case in enumerate(question.cases)]
        chosen = passed.index(False) if False in passed else len(passed) - 1
        if any(answer.problem in _STOPS for answer in answers.values()) or answers[chosen].problem == "missing":
            return
        case = question.cases[chosen]
        again = self._ask(question.function, "call", _call(question, chosen), keep_log=False)
        if again.problem != "out_of_time" and judge(case, again).passed != passed[chosen]:
            answers[chosen] = Answer(problem="not_repeatable")

    def _again(self, question: Question, others: tuple[str, ...], first: int) -> Again:
        """Ask a function again with right ones in the place of others: one case, and all if it calls any of these."""
        if self._problem_of(question.function) is not None:
            return Again(frozenset())
        answers: dict[int, Answer] = {}
        called: set[str] = set()
        for i in [first, *(i for i in range(len(question.cases)) if i != first)]:
            if any(answer.problem in _STOPS for answer in answers.values()):
                answers[i] = Answer(problem="not_asked", detail=_NOT_ASKED)
                continue
            server = _Server(functools.partial(self._trusted.call, "reference"), others, MAX_PROXIED_OF_RIGHT)
            answers[i] = self._ask(question.function, "call", _call(question, i, others), serve=server)
            called |= server.called
            if not called:
                return Again(frozenset())
        return Again(frozenset(called), [answers[i] for i in range(len(question.cases))])

    def _ask_versions(
        self, question: VersionQuestion, order: list[int]
    ) -> tuple[list[tuple[int, Answer]], list[tuple[str, ...] | None], list[bool]]:
        """Return what a test says of each version, what was special about its last call, and whether that raised it."""
        answers: list[tuple[int, Answer]] = []
        traits: list[tuple[str, ...] | None] = []
        inside: list[bool] = []
        for index in order:
            version = question.versions[index].name
            if any(answer.problem in _STOPS for _, answer in answers):
                answers.append((index, Answer(problem="not_asked", detail=_NOT_ASKED)))
                traits.append(())
                inside.append(False)
                continue
            answer, server = self._ask_test(question, functools.partial(self._trusted.call, f"version {version}"))
            answers.append((index, answer))
            traits.append(traits_of_call(question.kinds, *server.last) if server.n_calls else None)
            inside.append(bool(server.raised) and answer.type_name == server.raised)
        return answers, traits, inside

    def _ask_wrong(self, question: VersionQuestion) -> Iterator[tuple[str, Answer]]:
        """Yield, of the wrong solutions that are no versions, the sentence on each, and what a test says of it."""
        for solution in wrong_of(self._exercise, question):
            answer, _ = self._ask_test(question, functools.partial(self._trusted.call, f"wrong {solution.name}"))
            yield solution.message, answer
            if answer.problem in _STOPS:
                return

    def _retry(self, question: VersionQuestion) -> Retry:
        """Return how to try a test on what is made of the versions: out here, of values that have crossed the line."""

        def asked(space: str) -> Asked:
            return lambda args, kwargs: read_answer(
                self._trusted.call(space, {"function": question.target, "args": args, "kwargs": kwargs})
            )

        def test(version: Asked) -> Answer:
            served = lambda call: answer_to_data(version(call["args"], call["kwargs"]))  # noqa: E731
            return self._ask_test(question, served)[0]

        return Retry([asked(f"version {each.name}") for each in question.versions], test)

    def _ask_test(
        self, question: VersionQuestion, answering: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> tuple[Answer, _Server]:
        server = _Server(answering, (question.target,), MAX_CALLS)
        answer = self._ask(question.function, "test", {"function": question.function}, serve=server)
        return (too_many(MAX_CALLS) if server.n_calls > MAX_CALLS else answer), server

    def _ask(
        self,
        function: str,
        kind: str,
        request: dict[str, Any],
        *,
        keep_log: bool = False,
        serve: Callable[[Any], Any] | None = None,
    ) -> Answer:
        try:
            sandbox = self._running()
            of_cell = self._problem_of(function)
            if of_cell is not None:
                return of_cell
            reply = self._request(sandbox, kind, {"space": "notebook", **request}, self._limits.call_seconds, serve)
            if keep_log:
                self._add_to_log(sandbox.printed)
            return self._in_its_cell(read_answer(reply))
        except Stopped as stopped:
            self._end()
            return self._stop(stopped, self._limits.call_seconds)

    def _request(
        self,
        sandbox: Sandbox,
        kind: str,
        value: dict[str, Any],
        seconds: float,
        serve: Callable[[Any], Any] | None = None,
    ) -> Any:
        try:
            return sandbox.request(kind, value, self._seconds(seconds), serve)
        finally:
            self._deadline += sandbox.waited

    def _in_its_cell(self, answer: Answer) -> Answer:
        """Return an answer whose line is one that the named cell has, and whose function is one that is asked for."""
        of_cell = [cell.source for cell in self._cells if answer.cell == f"{STUDENT} cell {cell.number}>"]
        line = answer.line if of_cell and answer.line and answer.line <= of_cell[0].count("\n") + 1 else None
        asked = [cell.function for cell in self._exercise.solutions]
        return dataclasses.replace(answer, line=line, function=answer.function if answer.function in asked else "")

    def _problem_of(self, function: str) -> Answer | None:
        """Return what went wrong in the last cell that defines a function, if it did not come to define it."""
        places = self._places_of(function)
        if not places or function in self._made.get(places[-1], ()):
            return None
        return self._problems.get(places[-1])

    def _places_of(self, function: str) -> list[int]:
        """Return the cells that define a function; where none does, those that were to."""
        cells = [(i, cell) for i, cell in enumerate(self._cells) if cell.number]
        return [i for i, cell in cells if cell.writes(function)] or [i for i, cell in cells if cell.defines(function)]

    def _counted(self, function: str) -> str:
        """Return a note on which cell was graded, if several define a function."""
        *others, last = [self._cells[i].number for i in self._places_of(function)] or [0]
        if not others:
            return ""
        words = sentences.OTHER_CELL if len(others) == 1 else sentences.OTHER_CELLS
        said = words.format(number=others[0], numbers=", ".join(map(str, others)))
        return sentences.NOTE.format(number=last, said=sentences.COUNTED.format(function=function, others=said))

    def _running(self) -> Sandbox:
        """Return a worker in which every cell has run, except those that stop it."""
        while self._sandbox is None:
            if self._starts > self._limits.restarts:
                raise Stopped("stopped_too_often", sentences.HIDDEN_PROBLEMS["stopped_too_often"])
            self._seconds(0)
            self._starts += 1
            self._sandbox = Sandbox(self._grader.system, trust=self._grader.trust)
            _let(self._sandbox, "notebook", self._exercise, self._seconds(self._limits.cell_seconds))
            for place in range(len(self._cells)):
                if place not in self._fatal and not self._run(place):
                    break
        return self._sandbox

    def _run(self, place: int) -> bool:
        """Run one cell and say whether the worker is still there."""
        cell = self._cells[place]
        request = {"space": "notebook", "source": cell.source, "name": f"cell {cell.number}"}
        try:
            reply = self._request(self._sandbox, "cell", request, self._limits.cell_seconds)
            answer, skipped, made = _read_cell_reply(reply)
        except Stopped as stopped:
            self._end()
            self._fatal.add(place)
            self._problems[place] = self._stop(stopped, self._limits.cell_seconds)
            return False
        if answer.problem is not None:
            self._problems[place] = answer
            self._made[place] = made
        if place > self._has_run:
            self._has_run = place
            self._add_to_log(self._sandbox.printed)
            said = [sentences.SKIPPED.format(line=line) for line in skipped]
            self._skipped += [sentences.NOTE.format(number=cell.number, said=each) for each in said]
        return True

    def _seconds(self, wanted: float) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Stopped("out_of_time", _OUT_OF_TIME)
        return min(wanted, left)

    def _stop(self, stopped: Stopped, seconds: float) -> Answer:
        if stopped.kind != "timeout":
            return Answer(problem=stopped.kind, detail=str(stopped))
        if time.monotonic() >= self._deadline:
            return Answer(problem="out_of_time", detail=_OUT_OF_TIME)
        return Answer(problem="timeout", detail=sentences.TIMEOUT.format(seconds=seconds))

    def _add_to_log(self, text: str) -> None:
        self.log = (self.log + text)[:LOG_BYTES]

    def _end(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None


class _Trusted:
    """The reference, and the versions that a student's test is tried on, in a worker of their own.

    They are the author's code, but they run on arguments that a student chose: a hang, or a crash, must end in here.
    """

    def __init__(self, grader: Grader, exercise: Exercise) -> None:
        self._grader = grader
        self._exercise = exercise
        of_reference = [cell.reference for cell in exercise.cells if cell.kind != "text"]
        self._sources = {"reference": of_reference}
        self._sources |= {f"version {each.name}": [*of_reference, each.source] for each in exercise.versions}
        self._sources |= {f"wrong {each.name}": [*of_reference, each.source] for each in exercise.wrong}
        self._ready: set[str] = set()
        self._sandbox: Sandbox | None = None

    def close(self) -> None:
        """End the worker."""
        if self._sandbox is not None:
            self._sandbox.close()
        self._sandbox = None
        self._ready.clear()

    def call(self, space: str, call: dict[str, Any]) -> dict[str, Any]:
        """Return what a function of the reference or of a version answers to a call that a student's code made."""
        if self._sandbox is None:
            self._sandbox = Sandbox(self._grader.system, trust=self._grader.trust)
        seconds = self._grader.limits.call_seconds / 2  # so that the caller, which waits, hears about it
        try:
            if space not in self._ready:
                _let(self._sandbox, space, self._exercise, seconds)
                for source in self._sources[space]:
                    self._sandbox.request("cell", {"space": space, "source": source, "name": "version"}, seconds)
                self._ready.add(space)
            return self._sandbox.request("call", {"space": space, "others": (), **call}, seconds)
        except Stopped:
            self.close()
            raise


class _Server:
    """Answers the calls that a student's code makes while it is asked one thing, and keeps the last of them."""

    def __init__(
        self, answering: Callable[[dict[str, Any]], dict[str, Any]], functions: tuple[str, ...], most: int
    ) -> None:
        self._answering = answering
        self._functions = functions
        self._most = most
        self.n_calls = 0
        self.called: set[str] = set()
        self.last: tuple[tuple[Any, ...], dict[str, Any]] = (), {}
        self.raised = ""

    def __call__(self, call: Any) -> dict[str, Any]:
        """Return an answer, whatever the worker has sent."""
        self.n_calls += 1
        if self.n_calls > self._most:
            return _raises("RuntimeError", sentences.TOO_MANY_CALLS.format(most=self._most))
        if type(call) is not dict or call.keys() != {"function", "args", "kwargs"}:
            return _raises("TypeError", sentences.ODD_CALL)
        if type(call["args"]) is not tuple or type(call["kwargs"]) is not dict:
            return _raises("TypeError", sentences.ODD_CALL)
        # a test is given one function, under no name
        name = call["function"] if call["function"] in self._functions else self._functions[0]
        self.called.add(name)
        self.last = call["args"], call["kwargs"]
        try:
            answer = self._answering({**call, "function": name})
            self.raised = raised_as(answer["type_name"]).__name__ if answer.get("type_name") else ""
            return answer
        except Stopped:
            return _raises("TimeoutError", sentences.ENDLESS_CALL)
        except TooLargeError:
            return _raises("ValueError", sentences.LARGE_CALL)


def read_answer(reply: Any) -> Answer:
    """Return the answer that a worker's reply describes.

    Raises
    ------
    Stopped
        If it describes none.
    """
    try:
        answer = answer_from_data(reply)
    except ValueError as error:
        raise Stopped("protocol_error", sentences.HIDDEN_PROBLEMS["protocol_error"]) from error
    words = {key: clean(getattr(answer, key)) for key in ("detail", "type_name", "cell", "function")}
    return Answer(answer.value, answer.problem, line=answer.line, **words)


def clean(text: str) -> str:
    r"""Return a text from anybody with its invisible characters replaced: they could mislead a reader or a terminal.

    Examples
    --------
    >>> clean("a\x1b[2Jb\n")
    'a\ufffd[2Jb\n'
    """
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


_STOPS = ("timeout", "out_of_time", "died", "protocol_error", "too_much_output", "stopped_too_often")
_OUT_OF_TIME = sentences.HIDDEN_PROBLEMS["out_of_time"]
_NOT_ASKED = sentences.HIDDEN_PROBLEMS["not_asked"]


def _let(sandbox: Sandbox, space: str, exercise: Exercise, seconds: float) -> None:
    """Put the arrays of an exercise that has data where its cells find them."""
    if exercise.data:
        sandbox.request("let", {"space": space, "values": given(exercise.data)}, seconds)


def _call(question: Question, case: int, others: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"function": question.function, "args": question.cases[case].args, "kwargs": {}, "others": others}


def _raises(type_name: str, detail: str) -> dict[str, Any]:
    return answer_to_data(Answer(problem="raised", type_name=type_name, detail=detail))


def _sentence(problem: Answer) -> str:
    if not problem.type_name:
        return problem.detail
    line = f" in line {problem.line}" if problem.line else ""
    return f"{problem.type_name} was raised{line}{': ' if problem.detail else ''}{problem.detail}"


def _read_cell_reply(reply: Any) -> tuple[Answer, list[str], set[str]]:
    if type(reply) is not dict or reply.keys() != {"answer", "skipped", "made"}:
        raise Stopped("protocol_error", sentences.HIDDEN_PROBLEMS["protocol_error"])
    if type(reply["skipped"]) is not list or type(reply["made"]) is not list:
        raise Stopped("protocol_error", sentences.HIDDEN_PROBLEMS["protocol_error"])
    skipped = [clean(line[:200]) for line in reply["skipped"][:MAX_NOTES] if type(line) is str]
    return read_answer(reply["answer"]), skipped, {name for name in reply["made"] if type(name) is str}


def _is_untouched(notebook: Notebook, exercise: Exercise) -> bool:
    """Say whether each function is defined once, by the cell that was given out."""
    for asked in exercise.solutions:
        sources = [cell.source.strip() for cell in notebook.cells if not cell.locked and cell.defines(asked.function)]
        if sources != [asked.starter.strip()]:
            return False
    return True


def _result(
    student: str, exercise: Exercise, status: str, results: list[QuestionResult], notes: list[str], log: str
) -> dict[str, Any]:
    questions = [vars(result) | {"findings": [dict(vars(each)) for each in result.findings]} for result in results]
    return {
        "student": shown_name(student),
        "exercise": exercise.name,
        "title": exercise.title,
        "status": status,
        "points": sum(result.points for result in results) if status in MARKED else None,
        "max_points": sum(result.max_points for result in results),
        "questions": questions,
        "notes": notes,
        "log": log,
    }
