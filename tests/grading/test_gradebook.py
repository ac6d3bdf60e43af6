"""The gradebook: whole results, once each, and nothing that depends on when or in what order they came."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdlab.grading.gradebook import Entry, GradebookError, Order, canonical, open_gradebook

ORDER = Order("temperature/softmax", "exercises", "submissions", False)
MADE_BY = {"exercise": "1", "key": "2"}


def result(student: str, points: float = 5, status: str = "graded", **more) -> dict:
    return {"student": student, "exercise": ORDER.exercise, "status": status, "points": points, "max_points": 5} | more


def count(book) -> int:
    return book._connection.execute("SELECT count(*) FROM result").fetchone()[0]


def test_write_and_read(tmp_path):
    path = tmp_path / "book.sqlite"
    with open_gradebook(path, create=True) as book:
        run = book.start(ORDER, MADE_BY)
        book.write(run, result("b"), "f1")
        book.write(run, result("a", 0), "f2")
        book.write(run, result("b", 2), "f3")
    with open_gradebook(path) as book:
        assert book.last_run() == run
        assert (run.order, run.made_by, run.only, run.accepted) == (ORDER, MADE_BY, None, True)
        assert list(book.results()) == [result("a", 0), result("b", 2)]
        assert book.marks_of(ORDER.exercise) == book.entries_of(run)
        assert book.entries_of(run) == {"a": Entry(result("a", 0), "f2", 1), "b": Entry(result("b", 2), "f3", 1)}
        assert count(book) == 3  # nothing was written over


def test_a_regrade_counts_once_it_is_accepted_and_the_old_results_stay(tmp_path):
    with open_gradebook(tmp_path / "book", create=True) as book:
        first = book.start(ORDER, MADE_BY)
        book.write(first, result("a"), "f")
        book.write(first, result("b"), "f")
        before = book.digest()
        again = book.start(ORDER, MADE_BY | {"key": "3"}, only=["a"], accepted=False)
        book.write(again, result("a", 1), "f")
        assert (book.digest(), list(book.results())) == (before, [result("a"), result("b")])
        assert (book.last_run().only, book.last_run(accepted=True)) == (("a",), first)
        book.accept(again)
        assert list(book.results()) == [result("a", 1), result("b")]
        assert book.marks_of(ORDER.exercise)["a"].run == again.number
        assert book.entries_of(first)["a"].result == result("a")


def test_exercises_have_runs_of_their_own(tmp_path):
    other = Order("temperature/debug", "exercises", "submissions", False)
    with open_gradebook(tmp_path / "book", create=True) as book:
        one, two = book.start(ORDER, MADE_BY), book.start(other, MADE_BY)
        book.write(one, result("a"), "f")
        book.write(two, result("a", 3) | {"exercise": other.exercise}, "f")
        assert (book.last_run(ORDER.exercise), book.last_run(), book.last_run("a/b")) == (one, two, None)
        assert book.marks_of(ORDER.exercise)["a"].result["points"] == 5
        assert [each["points"] for each in book.results()] == [3, 5]


FORMAT_1 = """
CREATE TABLE run (number INTEGER PRIMARY KEY, exercise TEXT NOT NULL, exercises TEXT NOT NULL,
    submissions TEXT NOT NULL, trust INTEGER NOT NULL);
CREATE TABLE result (exercise TEXT NOT NULL, student TEXT NOT NULL, content TEXT NOT NULL, file TEXT NOT NULL,
    run INTEGER NOT NULL, PRIMARY KEY (exercise, student));
INSERT INTO run VALUES (1, 'temperature/softmax', 'exercises', 'submissions', 0);
INSERT INTO run VALUES (2, 'temperature/softmax', 'exercises', 'submissions', 0);
PRAGMA user_version = 1;
"""


def format_1(path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(FORMAT_1)
    rows = [
        (ORDER.exercise, student, canonical(result(student, points)), "f", run)
        for student, points, run in (("b", 2, 2), ("a", 5, 1))
    ]
    connection.executemany("INSERT INTO result VALUES (?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


def test_a_file_of_format_1_is_taken_over_whole(tmp_path):
    format_1(tmp_path / "book")
    for _ in range(2):
        with open_gradebook(tmp_path / "book") as book:
            assert list(book.results()) == [result("a"), result("b", 2)]
            assert book.marks_of(ORDER.exercise)["a"] == Entry(result("a"), "f", 1)
            run = book.last_run()
            assert (run.number, run.order, run.made_by, run.only, run.accepted) == (2, ORDER, {}, None, True)
            tables = {name for (name,) in book._connection.execute("SELECT name FROM sqlite_master")}
    assert not tables & {"old_run", "old_result"}


def test_a_file_that_cannot_be_taken_over_stays_as_it_was(tmp_path):
    """The last step fails: a column is missing. Nothing of the steps before it may be left."""
    connection = sqlite3.connect(tmp_path / "book")
    connection.executescript("CREATE TABLE run (number INTEGER); CREATE TABLE result (run INTEGER);")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    schema = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    with pytest.raises(GradebookError, match="cannot be used"), open_gradebook(tmp_path / "book"):
        pass
    connection = sqlite3.connect(tmp_path / "book")
    assert connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == schema
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def test_a_later_format_is_left_alone(tmp_path):
    connection = sqlite3.connect(tmp_path / "book")
    connection.executescript("CREATE TABLE run (number INTEGER); PRAGMA user_version = 99;")
    connection.close()
    with pytest.raises(GradebookError, match="not a gradebook of this version"), open_gradebook(tmp_path / "book"):
        pass


def test_a_full_disk_loses_nothing_that_was_written(tmp_path):
    path = tmp_path / "book"

    def fill() -> None:
        with open_gradebook(path, create=True) as book:
            run = book.start(ORDER, MADE_BY)
            book.write(run, result("a"), "f")
            pages = book._connection.execute("PRAGMA page_count").fetchone()[0]
            book._connection.execute(f"PRAGMA max_page_count = {pages}")
            book.write(run, result("b", log="x" * 100_000), "f")

    with pytest.raises(GradebookError, match="full"):
        fill()
    with open_gradebook(path) as book:
        assert list(book.results()) == [result("a")]
        book.write(book.last_run(), result("b"), "f")
        assert len(list(book.results())) == 2


@settings(max_examples=5)
@given(st.permutations(range(4)))
def test_digest_does_not_depend_on_the_order(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("books")
    digests = []
    for name, students in (("one", range(4)), ("two", order)):
        with open_gradebook(folder / name, create=True) as book:
            run = book.start(ORDER, MADE_BY)
            for number in students:
                book.write(run, result(f"s{number}", number), "")
            digests.append(book.digest())
            book.write(run, result("s3", 3.5), "")
            assert book.digest() != digests[-1]
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    "text", ["=cmd()", "a\x00b", "'; DROP TABLE result; --", "Zoë 🙂", "\u202e", "\ufffd", "a" * 100_000]
)
def test_any_text(tmp_path, text):
    with open_gradebook(tmp_path / "book", create=True) as book:
        book.write(book.start(ORDER, MADE_BY), result(text, log=text), text)
        assert list(book.results()) == [result(text, log=text)]


def test_two_at_a_time_are_refused(tmp_path):
    with open_gradebook(tmp_path / "book", create=True) as book:
        book.start(ORDER, MADE_BY)
        with pytest.raises(GradebookError, match="Is another grader using it"), open_gradebook(tmp_path / "book"):
            pass


def test_not_a_gradebook(tmp_path):
    with pytest.raises(GradebookError, match="There is no gradebook"), open_gradebook(tmp_path / "none"):
        pass
    with pytest.raises(GradebookError, match="no folder"), open_gradebook(tmp_path / "no" / "book", create=True):
        pass
    (tmp_path / "text").write_text("something else, long enough to be looked at " * 50)
    with pytest.raises(GradebookError, match="is not a gradebook"), open_gradebook(tmp_path / "text", create=True):
        pass
    connection = sqlite3.connect(tmp_path / "other")
    connection.execute("CREATE TABLE marks (student TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(GradebookError, match="is not a gradebook"), open_gradebook(tmp_path / "other", create=True):
        pass


def test_what_is_not_committed_is_not_there(tmp_path):
    """The file as a killed writer leaves it: copied in the middle of a transaction, with its journal."""
    path = tmp_path / "book"
    with open_gradebook(path, create=True) as book:
        run = book.start(ORDER, MADE_BY)
        book.write(run, result("a"), "f")
        connection = book._connection
        connection.execute("UPDATE result SET content = 'half'")
        connection.execute("PRAGMA cache_spill = 1")
        copy = tmp_path / "copy"
        for suffix in ("", "-journal"):
            source = tmp_path / f"book{suffix}"
            if source.exists():
                (tmp_path / f"copy{suffix}").write_bytes(source.read_bytes())
        connection.rollback()
    with open_gradebook(copy) as book:
        assert list(book.results()) == [result("a")]


def test_canonical_refuses_what_has_no_one_text():
    with pytest.raises(ValueError, match="JSON"):
        canonical({"points": float("nan")})
