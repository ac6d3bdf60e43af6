"""The gradebook: one SQLite file, in which every result is written as it comes, and none is ever written over.

Only who asks to be forgotten is taken out of it, by `Gradebook.forget`.

A write is one transaction, so a run that is killed leaves only whole results behind; `run.left_to_grade` says what is
missing. Results hold no time and no place: grading the same files again gives the same text, byte for byte.

Its tables, in format 2, which `PRAGMA user_version` names:

- `run`: one row for each run of the grader. `exercise`, `exercises`, `submissions` and `trust` are its order; `made_by`
  is what made its results (JSON, see `provenance`; `{}` where it is not known), `only` the students it was for (JSON,
  null for all), and `accepted` is 1 if its results are marks, 0 for a regrade that nobody has accepted yet.
- `result`: one row for each result, in the order of writing. `content` is the result (JSON), `file` the SHA-256 of the
  file that was graded, empty if none could be read.
- `mark`: a view, for each exercise and student the last result of an accepted run.

A file of format 1 is brought to format 2 when it is opened: all its results are marks, and nothing is lost.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FORMAT = 2
_TABLES = """
CREATE TABLE run (
    number INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    exercises TEXT NOT NULL,
    submissions TEXT NOT NULL,
    trust INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    only TEXT,
    accepted INTEGER NOT NULL
);
CREATE TABLE result (
    number INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (number),
    exercise TEXT NOT NULL,
    student TEXT NOT NULL,
    content TEXT NOT NULL,
    file TEXT NOT NULL
);
CREATE INDEX result_of_student ON result (exercise, student);
CREATE VIEW mark AS
    SELECT max(result.number) AS number, run, result.exercise AS exercise, student, content, file
    FROM result JOIN run ON run.number = result.run
    WHERE accepted GROUP BY result.exercise, student;
"""
_FROM_FORMAT_1 = f"""
ALTER TABLE run RENAME TO old_run;
ALTER TABLE result RENAME TO old_result;
{_TABLES}
INSERT INTO run SELECT number, exercise, exercises, submissions, trust, '{{}}', NULL, 1 FROM old_run;
INSERT INTO result (run, exercise, student, content, file)
    SELECT run, exercise, student, content, file FROM old_result ORDER BY run, exercise, student;
DROP TABLE old_run;
DROP TABLE old_result;
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
    """One run of the grader: its number from 1, what it grades, and what makes its results.

    `only` names the students it is for, None stands for all; `accepted` says whether its results are marks.
    """

    number: int
    order: Order
    made_by: dict[str, str]
    only: tuple[str, ...] | None
    accepted: bool


@dataclass(frozen=True)
class Entry:
    """A result in the gradebook, with the SHA-256 of its file and the number of its run."""

    result: dict[str, Any]
    file: str
    run: int


class Gradebook:
    """An open gradebook. Use `open_gradebook`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def start(
        self, order: Order, made_by: dict[str, str], *, only: Sequence[str] | None = None, accepted: bool = True
    ) -> Run:
        """Write down that a run begins, and return it."""
        columns = "exercise, exercises, submissions, trust, made_by, only, accepted"
        values = (
            *(order.exercise, order.exercises, order.submissions, order.trust),
            *(canonical(made_by), None if only is None else json.dumps(list(only)), accepted),
        )
        with self._connection:
            insert = f"INSERT INTO run ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)"
            number = self._connection.execute(insert, values).lastrowid
        return self.run(number)

    def run(self, number: int) -> Run:
        """Return a run by its number."""
        row = self._connection.execute("SELECT * FROM run WHERE number = ?", (number,)).fetchone()
        only = None if row[6] is None else tuple(json.loads(row[6]))
        return Run(row[0], Order(*row[1:4], trust=bool(row[4])), json.loads(row[5]), only, bool(row[7]))

    def last_run(self, exercise: str | None = None, *, accepted: bool = False) -> Run | None:
        """Return the run that was begun last: of an exercise or of all, of those accepted or of all."""
        query = "SELECT max(number) FROM run WHERE (? IS NULL OR exercise = ?) AND accepted >= ?"
        (number,) = self._connection.execute(query, (exercise, exercise, accepted)).fetchone()
        return number and self.run(number)

    def move(self, exercise: str, exercises: str, submissions: str) -> None:
        """Write down where an exercise is found from now on, and where its submissions lie."""
        with self._connection:
            update = "UPDATE run SET exercises = ?, submissions = ? WHERE exercise = ?"
            self._connection.execute(update, (exercises, submissions, exercise))

    def accept(self, run: Run) -> None:
        """Make the results of a run the marks of their students. The former ones stay in the file."""
        with self._connection:
            self._connection.execute("UPDATE run SET accepted = 1 WHERE number = ?", (run.number,))

    def write(self, run: Run, result: dict[str, Any], file: str) -> None:
        """Write one result of a run, after all that are there.

        Parameters
        ----------
        run : Run
            The run that made it.
        result : dict
            What `kdlab.grading.grader` returned: data that JSON can hold.
        file : str
            The SHA-256 of the file that was graded; empty if none could be read.
        """
        values = (run.number, result["exercise"], result["student"], canonical(result), file)
        with self._connection:
            insert = "INSERT INTO result (run, exercise, student, content, file) VALUES (?, ?, ?, ?, ?)"
            self._connection.execute(insert, values)

    def entries_of(self, run: Run) -> dict[str, Entry]:
        """Return the last result of each student that a run has graded, sorted by student."""
        query = (
            "SELECT content, file, run FROM result WHERE number IN "
            "(SELECT max(number) FROM result WHERE run = ? GROUP BY student) ORDER BY student"
        )
        return self._entries(query, run.number)

    def marks_of(self, exercise: str) -> dict[str, Entry]:
        """Return what counts for each student in an exercise, sorted by student."""
        return self._entries("SELECT content, file, run FROM mark WHERE exercise = ? ORDER BY student", exercise)

    def _entries(self, query: str, value: Any) -> dict[str, Entry]:
        rows = self._connection.execute(query, (value,))
        entries = (Entry(json.loads(content), file, run) for content, file, run in rows)
        return {entry.result["student"]: entry for entry in entries}

    def results(self) -> Iterator[dict[str, Any]]:
        """Yield what counts, sorted by exercise and student."""
        query = "SELECT content FROM mark ORDER BY exercise, student"
        return (json.loads(content) for (content,) in self._connection.execute(query))

    def count_of(self, student: str) -> int:
        """Return how many results of a student there are: of all exercises and runs, accepted or not."""
        return self._connection.execute("SELECT count(*) FROM result WHERE student = ?", (student,)).fetchone()[0]

    def forget(self, student: str) -> None:
        """Delete all results of a student, and the name from the runs that were for some students only.

        The file is written anew, so that the space of what was deleted holds nothing of it.
        """
        with self._connection:
            self._connection.execute("DELETE FROM result WHERE student = ?", (student,))
            runs = self._connection.execute("SELECT number, only FROM run WHERE only IS NOT NULL").fetchall()
            for number, only in runs:
                others = json.dumps([name for name in json.loads(only) if name != student])
                self._connection.execute("UPDATE run SET only = ? WHERE number = ?", (others, number))
        self._connection.execute("VACUUM")

    def digest(self) -> str:
        """Return the SHA-256 of all that counts: equal for two gradebooks exactly if their marks are."""
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
        elif version == 1:
            connection.executescript(f"BEGIN; {_FROM_FORMAT_1} PRAGMA user_version = {_FORMAT}; COMMIT;")
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
