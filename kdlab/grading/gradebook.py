"""The gradebook: one SQLite file, in which every result is written as it comes.

A write is one transaction, so a run that is killed leaves only whole results behind; `run.left_to_grade` says what is
missing. Results hold no time and no place: grading the same files again gives the same text, byte for byte.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FORMAT = 1
_TABLES = """
CREATE TABLE run (
    number INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    exercises TEXT NOT NULL,
    submissions TEXT NOT NULL,
    trust INTEGER NOT NULL
);
CREATE TABLE result (
    exercise TEXT NOT NULL,
    student TEXT NOT NULL,
    content TEXT NOT NULL,
    file TEXT NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY (exercise, student)
);
"""


class GradebookError(ValueError):
    """The file is not a gradebook, or somebody else is writing to it."""


@dataclass(frozen=True)
class Order:
    """What to grade: an exercise and the folder it may be found in, the submissions, and whether they are trusted."""

    exercise: str
    exercises: str
    submissions: str
    trust: bool


@dataclass(frozen=True)
class Run:
    """One run of the grader: its number from 1, and what it grades."""

    number: int
    order: Order


class Gradebook:
    """An open gradebook. Use `open_gradebook`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def start(self, order: Order) -> Run:
        """Write down that a run begins, and return it."""
        insert = "INSERT INTO run (exercise, exercises, submissions, trust) VALUES (?, ?, ?, ?)"
        with self._connection:
            number = self._connection.execute(insert, dataclasses.astuple(order)).lastrowid
        return Run(number, order)

    def last_run(self) -> Run | None:
        """Return the run that was begun last."""
        row = self._connection.execute("SELECT * FROM run ORDER BY number DESC LIMIT 1").fetchone()
        return row and Run(row[0], Order(*row[1:4], trust=bool(row[4])))

    def write(self, run: Run, result: dict[str, Any], file: str) -> None:
        """Write one result, in place of the student's former one for the exercise.

        Parameters
        ----------
        run : Run
            The run that made it.
        result : dict
            What `kdlab.grading.grader` returned: data that JSON can hold.
        file : str
            The SHA-256 of the file that was graded; empty if none could be read.
        """
        content = canonical(result)
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO result (exercise, student, content, file, run) VALUES (?, ?, ?, ?, ?)",
                (result["exercise"], result["student"], content, file, run.number),
            )

    def graded(self, run: Run) -> dict[str, str]:
        """Return the students that a run has graded, each with the SHA-256 of the file.

        A result that is the grader's own fault does not count.
        """
        rows = self._of_run("student, file, content", run)
        return {student: file for student, file, content in rows if json.loads(content)["status"] != "grader_error"}

    def results_of(self, run: Run) -> Iterator[dict[str, Any]]:
        """Yield what a run has graded so far, sorted by student."""
        return (json.loads(content) for (content,) in self._of_run("content", run))

    def results(self) -> Iterator[dict[str, Any]]:
        """Yield all results, sorted by exercise and student."""
        query = "SELECT content FROM result ORDER BY exercise, student"
        return (json.loads(content) for (content,) in self._connection.execute(query))

    def _of_run(self, columns: str, run: Run) -> Iterator[tuple]:
        query = f"SELECT {columns} FROM result WHERE exercise = ? AND run = ? ORDER BY student"
        return self._connection.execute(query, (run.order.exercise, run.number))

    def digest(self) -> str:
        """Return the SHA-256 of all results: equal for two gradebooks exactly if their results are."""
        total = hashlib.sha256()
        for result in self.results():
            total.update(canonical(result).encode("utf-8") + b"\n")
        return total.hexdigest()


@contextmanager
def open_gradebook(path: Path, *, create: bool = False) -> Iterator[Gradebook]:
    """Open a gradebook, alone: as long as it is open nobody else can read or write it.

    Parameters
    ----------
    path : Path
        The file.
    create : bool
        Whether to make one where there is none.

    Yields
    ------
    Gradebook
        The gradebook; it is closed at the end.

    Raises
    ------
    GradebookError
        If there is no gradebook, or it is not one, or it is in use.
    """
    path = Path(path)
    if not create and not path.is_file():
        raise GradebookError(f"There is no gradebook {path}.")
    if not path.parent.is_dir():
        raise GradebookError(f"There is no folder {path.parent} for the gradebook.")
    connection = sqlite3.connect(path, timeout=1)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN EXCLUSIVE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        is_new = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        connection.commit()
        if is_new and create:
            connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_FORMAT}; COMMIT;")
        elif version != _FORMAT:
            raise GradebookError(f"{path} is not a gradebook of this version of kdlab.")
        yield Gradebook(connection)
    except sqlite3.OperationalError as error:
        hint = " Is another grader using it?" if "locked" in str(error) else ""
        raise GradebookError(f"The gradebook {path} cannot be used: {error}.{hint}") from error
    except sqlite3.DatabaseError as error:
        raise GradebookError(f"{path} is not a gradebook: {error}.") from error
    finally:
        connection.close()


def canonical(result: dict[str, Any]) -> str:
    """Return a result as the one text that stands for it.

    Examples
    --------
    >>> canonical({"student": "ada", "points": 2})
    '{"points":2,"student":"ada"}'
    """
    return json.dumps(result, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
