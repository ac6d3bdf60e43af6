"""Read an exercise folder: its text and cells, checks, wrong and right solutions, versions to test."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jupytext
import numpy as np
import yaml
from jupytext.myst import MystMetadataParsingError

from kdlab.checking.values import encode
from kdlab.practice import shipped
from kdlab.practice.kinds import KINDS
from kdlab.practice.questions import Ask, Catch, Credit, Function, Report

MAX_DATA_BYTES = 400_000  # of all arrays of an exercise: they stand in the page
RUNGS = ("predict", "recall", "parsons", "implement", "debug", "measure", "design")

_HINT = re.compile(r"^:::\{hint\}[ \t]*\n((?:(?!:::).*\n)*)^:::[ \t]*$\n?", re.MULTILINE)
_DIRECTIVE = re.compile(r"^(?::::|```)\{|\{\w+\}`", re.MULTILINE)
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_MARKS = (BEGIN, END, "### BEGIN STARTER", "### END STARTER")


class ExerciseError(ValueError):
    """Something in an exercise folder is not as it must be. The message begins with the file, and the line."""

    def __init__(self, path: Path, line: int | None, sentence: str) -> None:
        super().__init__(f"{path}:{line}: {sentence}" if line else f"{path}: {sentence}")


@dataclass(frozen=True)
class Cell:
    """One cell of exercise.md: text, code that is given, or code in which a student writes `function`."""

    kind: Literal["text", "given", "solution"]
    source: str
    line: int
    function: str = ""
    hints: tuple[str, ...] = ()

    @property
    def starter(self) -> str:
        """Return what a student starts from."""
        lines, inside = [], ""
        has_starter = _MARKS[2] in [line.strip() for line in self.source.splitlines()]
        for line in self.source.splitlines():
            mark = line.strip()
            if mark in _MARKS:
                if mark == _MARKS[0] and not has_starter:
                    lines.append(line.replace(mark, f'raise NotImplementedError("write {self.function}")'))
                inside = mark if "BEGIN" in mark else ""
            elif inside != _MARKS[0]:
                lines.append(line)
        return "\n".join(lines)

    @property
    def reference(self) -> str:
        """Return the cell as it should become."""
        lines, inside = [], ""
        for line in self.source.splitlines():
            mark = line.strip()
            if mark in _MARKS:
                inside = mark if "BEGIN" in mark else ""
            elif inside != _MARKS[2]:
                lines.append(line)
        return "\n".join(lines)

    @property
    def mends(self) -> bool:
        """Whether the starter is code with a bug, rather than a gap."""
        return _MARKS[2] in self.source


@dataclass(frozen=True)
class Solution:
    """A file of wrong/, right/ or versions/: its name, the sentence it begins with, and the functions it defines."""

    name: str
    message: str
    source: str
    functions: tuple[str, ...]
    path: Path

    @property
    def good(self) -> bool:
        """Whether a version is a right one."""
        return self.name.startswith("good_")


@dataclass(frozen=True)
class Exercise:
    """An exercise folder, read. `name` is <chapter>/<task>.

    The bad versions are among the wrong solutions, and the good ones among the right. `forbids` holds all that
    checks.py closes by what it forbids: see `shipped.closed`. `kinds` says what each argument is, by name: see
    `kinds.KINDS`; `untried` which traits of these no case has, for each function, and why. `styles` says for each
    function what the reference and some right solutions, by name, are good for. `data` are the arrays that the cells
    find in `given`.
    """

    name: str
    folder: Path
    title: str
    rung: str
    minutes: int
    cells: tuple[Cell, ...]
    questions: Callable[[np.random.Generator], list[Function | Catch | Ask | Report | Credit]]
    forbids: tuple[str, ...]
    variant: Callable[[np.random.Generator], dict[str, Any]] | None
    kinds: dict[str, str]
    untried: dict[str, dict[str, str]]
    parsons: tuple[str, ...]
    open_solutions: bool
    styles: dict[str, dict[str, str]]
    data: dict[str, np.ndarray]
    wrong: tuple[Solution, ...]
    right: tuple[Solution, ...]
    versions: tuple[Solution, ...]

    @property
    def task(self) -> str:
        """Return the last part of the name."""
        return self.name.rpartition("/")[2]

    @property
    def solutions(self) -> tuple[Cell, ...]:
        """Return the cells in which a student writes, in order."""
        return tuple(cell for cell in self.cells if cell.kind == "solution")

    def filled(self, variant: dict[str, Any]) -> Exercise:
        """Return the exercise with each {{name}} of its text and starters replaced by what `variant` says."""

        def fill(cell: Cell) -> Cell:
            source = _fill(cell.source, variant, self.folder / "exercise.md", cell.line)
            hints = tuple(_fill(hint, variant, self.folder / "exercise.md", cell.line) for hint in cell.hints)
            return dataclasses.replace(cell, source=source, hints=hints)

        return dataclasses.replace(self, cells=tuple(map(fill, self.cells)))


def find(path: Path) -> list[Path]:
    """Return the exercise folders at or below a path, sorted by name.

    Raises
    ------
    ValueError
        If there is none.
    """
    folders = sorted(file.parent for file in Path(path).rglob("exercise.md"))
    if not folders:
        raise ValueError(f"path must be an exercise folder or a folder of them; {path} has no exercise.md.")
    return folders


def read(folder: Path) -> Exercise:
    """Return the exercise that a folder holds.

    Raises
    ------
    ExerciseError
        If something is missing or not as it must be; it says where.
    """
    folder = Path(folder).resolve()
    text, checks = _read_text(folder / "exercise.md"), _read_checks(folder / "checks.py")
    try:
        notebook = jupytext.reads(text, fmt="md:myst")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise ExerciseError(folder / "exercise.md", line, f"the head is not YAML: {error.problem}.") from error
    except MystMetadataParsingError as error:
        line = re.search(r" at line (\d+)", str(error))
        problem = getattr(error.__context__, "problem", None) or error.__context__
        sentence = f"the options of this cell are not YAML: {problem}."
        raise ExerciseError(folder / "exercise.md", int(line[1]) if line else None, sentence) from error
    versions = _read_solutions(folder / "versions", needs_message=lambda name: not name.startswith("good_"))
    bad = tuple(version for version in versions if not version.good)
    good = tuple(version for version in versions if version.good)
    exercise = Exercise(
        name=f"{folder.parent.name}/{folder.name}",
        folder=folder,
        title=_front(folder, notebook.metadata, "title", str),
        rung=_front(folder, notebook.metadata, "rung", str),
        minutes=_front(folder, notebook.metadata, "minutes", int),
        cells=_read_cells(folder / "exercise.md", text, notebook.cells),
        questions=checks["questions"],
        forbids=shipped.closed(checks.get("forbids", ())),
        variant=checks.get("variant"),
        kinds=checks.get("kinds", {}),
        untried=checks.get("untried", {}),
        parsons=tuple(checks.get("parsons", ())),
        open_solutions=bool(checks.get("open_solutions", False)),
        styles=checks.get("styles", {}),
        data=_read_data(folder / "checks.py", checks.get("data", {})),
        wrong=_read_solutions(folder / "wrong", needs_message=lambda name: True) + bad,
        right=_read_solutions(folder / "right", needs_message=lambda name: False) + good,
        versions=versions,
    )
    _check_names(exercise)
    return exercise


@contextlib.contextmanager
def in_checks(path: Path) -> Iterator[None]:
    """Say of an error in what checks.py does in which line of it."""
    try:
        yield
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        sentence = f"{type(error).__name__}: {error}."
        raise ExerciseError(path, lines[-1] if lines else None, sentence) from error


def line_of(source: str, words: str) -> int:
    """Return the line of a text in which words first stand; the first line if they do not."""
    return source[: max(source.find(words), 0)].count("\n") + 1


def _front(folder: Path, metadata: dict[str, Any], key: str, kind: type) -> Any:
    value = metadata.get(key)
    path = folder / "exercise.md"
    if type(value) is not kind:
        raise ExerciseError(path, 1, f"the front matter must have {key}: a {kind.__name__}; {value!r} was given.")
    if key == "rung" and value not in RUNGS:
        raise ExerciseError(path, 1, f"rung must be one of {', '.join(RUNGS)}; {value!r} was given.")
    return value


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ExerciseError(path, None, "this file is missing.") from None


def _read_checks(path: Path) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "checks", "__file__": str(path)}
    source = _read_text(path)
    _parse(path, source)
    with in_checks(path):
        exec(compile(source, str(path), "exec"), namespace)
    if not callable(namespace.get("questions")):
        raise ExerciseError(path, None, "questions(rng) must be defined.")
    for name, kind in namespace.get("kinds", {}).items():
        if kind not in KINDS:
            sentence = f"the kind of {name} must be one of {', '.join(KINDS)}; {kind!r} was given."
            raise ExerciseError(path, line_of(source, f'"{kind}"'), sentence)
    for name in namespace.get("forbids", ()):
        try:
            shipped.closed([name])
        except ValueError as error:
            raise ExerciseError(path, line_of(source, name), str(error)) from error
    return namespace


def _read_data(path: Path, data: dict[str, Any]) -> dict[str, np.ndarray]:
    arrays = {name: np.asarray(array) for name, array in data.items()}
    try:
        encode(arrays, max_bytes=MAX_DATA_BYTES)
    except (TypeError, ValueError) as error:
        raise ExerciseError(path, None, f"data must be arrays of numbers: {error}") from error
    return arrays


def _read_cells(path: Path, text: str, cells: Iterable[Any]) -> tuple[Cell, ...]:
    read: list[Cell] = []
    position = 0
    for cell in cells:
        start = max(text.find(cell.source, position), position)
        position = start + len(cell.source)
        line = text.count("\n", 0, start) + 1
        if cell.cell_type != "code":
            read = _read_markdown(path, line, cell.source, read)
            continue
        tags = cell.metadata.get("tags", [])
        if len(tags) > 1:
            raise ExerciseError(path, line, f"a cell has one tag, the function's name, or none; {tags} were given.")
        read.append(Cell("solution" if tags else "given", cell.source, line, *tags))
        _check_code(path, read[-1])
    return tuple(read)


def _read_markdown(path: Path, line: int, source: str, read: list[Cell]) -> list[Cell]:
    """Return the cells read so far with this text added, and its hints in the solution cell before it."""
    hints = tuple(match[1].strip() for match in _HINT.finditer(source))
    prose = _HINT.sub("", source).strip()
    in_place = _HINT.sub(lambda match: "\n" * match[0].count("\n"), source)  # each line where it was
    odd = _DIRECTIVE.search(in_place)
    if odd:
        sentence = f"{odd[0]!r} would not show in a notebook: write plain Markdown, and :::{{hint}}."
        if in_place.startswith(":::{hint}", odd.start()):
            sentence = "this hint does not end: write ::: in a line of its own after it."
        raise ExerciseError(path, line + in_place.count("\n", 0, odd.start()), sentence)
    if hints:
        before = max((i for i, cell in enumerate(read) if cell.kind == "solution"), default=None)
        if before is None:
            raise ExerciseError(path, line, "a hint belongs to the function before it; there is none.")
        owner = dataclasses.replace(read[before], hints=read[before].hints + hints)
        read = [*read[:before], owner, *read[before + 1 :]]
    return [*read, Cell("text", prose, line)] if prose else read


def _check_code(path: Path, cell: Cell) -> None:
    marks = [(number, line.strip()) for number, line in enumerate(cell.source.splitlines()) if line.strip() in _MARKS]
    names = [name for _, name in marks]
    if cell.kind == "given":
        if marks:
            raise ExerciseError(path, cell.line + marks[0][0], "only a cell tagged with its function has a solution.")
        _parse(path, cell.source, cell.line)
        return
    if names not in ([*_MARKS[:2]], [*_MARKS[2:], *_MARKS[:2]]):
        sentence = (
            f"the cell of {cell.function} must have one {_MARKS[0]} ... {_MARKS[1]}, and may have one STARTER before."
        )
        raise ExerciseError(path, cell.line + (marks[0][0] if marks else 0), sentence)
    _parse(path, _PLACE.sub("x", cell.source), cell.line)
    if _PLACE.search(cell.reference):
        raise ExerciseError(
            path, cell.line, "{{...}} may stand in the text and between ### BEGIN STARTER and END STARTER."
        )
    signatures = [_signature(path, cell, source) for source in (_PLACE.sub("x", cell.starter), cell.reference)]
    if signatures[0] != signatures[1]:
        raise ExerciseError(path, cell.line, f"starter and reference of {cell.function} take different arguments.")


def _signature(path: Path, cell: Cell, source: str) -> str:
    for node in _parse(path, source, cell.line).body:
        if isinstance(node, ast.FunctionDef) and node.name == cell.function:
            return ast.unparse(node.args)
    raise ExerciseError(path, cell.line, f"the cell is tagged {cell.function}, but does not define it.")


def _read_solutions(folder: Path, needs_message: Callable[[str], bool]) -> tuple[Solution, ...]:
    solutions = []
    for path in sorted(folder.glob("*.py")):
        source = _read_text(path)
        tree = _parse(path, source)
        message = (ast.get_docstring(tree) or "").partition("\n")[0]
        functions = tuple(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
        if needs_message(path.stem) and not message:
            raise ExerciseError(path, 1, "the first line of the docstring must be the message a student should get.")
        solutions.append(Solution(path.stem, message, source, functions, path))
    return tuple(solutions)


def _check_names(exercise: Exercise) -> None:
    path = exercise.folder / "exercise.md"
    names = [cell.function for cell in exercise.solutions]
    for cell in exercise.solutions:
        if names.count(cell.function) > 1:
            raise ExerciseError(path, cell.line, f"{cell.function} has more than one cell.")
    for solution in (*exercise.wrong, *exercise.right, *exercise.versions):
        if not set(solution.functions) & set(names):
            sentence = (
                f"it must define one of {', '.join(names)}; it defines {', '.join(solution.functions) or 'none'}."
            )
            raise ExerciseError(solution.path, None, sentence)
    for version in exercise.versions:
        if not version.name.startswith(("good_", "bad_")):
            raise ExerciseError(version.path, None, "the name of a version begins with good_ or bad_.")
    known = {"reference", *(solution.name for solution in exercise.right)}
    for function, styles in exercise.styles.items():
        for name in {function} - set(names) | set(styles) - known:
            raise ExerciseError(exercise.folder / "checks.py", None, f"styles names {name}, which is not there.")
    for name in exercise.parsons:
        if name not in names:
            raise ExerciseError(exercise.folder / "checks.py", None, f"parsons names {name}, which has no cell.")


def _parse(path: Path, source: str, first_line: int = 1) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise ExerciseError(path, first_line + (error.lineno or 1) - 1, f"{error.msg}.") from error


def _fill(text: str, variant: dict[str, Any], path: Path, line: int) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in variant:
            place = line + text.count("\n", 0, match.start())
            raise ExerciseError(path, place, f"{match[0]} is not among the names of variant(rng): {sorted(variant)}.")
        return str(variant[match[1]])

    return _PLACE.sub(value, text)
