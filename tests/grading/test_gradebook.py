"""The gradebook: whole results, once each, and nothing that depends on when or in what order they came."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdlab.grading.gradebook import GradebookError, Order, canonical, open_gradebook

ORDER = Order("temperature/softmax", "exercises", "submissions", False)


def result(student: str, points: float = 5, status: str = "graded", **more) -> dict:
    return {"student": student, "exercise": ORDER.exercise, "status": status, "points": points, "max_points": 5} | more


def test_write_and_read(tmp_path):
    path = tmp_path / "book.sqlite"
    with open_gradebook(path, create=True) as book:
        run = book.start(ORDER)
        book.write(run, result("b"), "f1")
        book.write(run, result("a", 0), "f2")
        book.write(run, result("b", 2), "f3")
    with open_gradebook(path) as book:
        assert book.last_run() == run
        assert list(book.results()) == [result("a", 0), result("b", 2)]
        assert book.graded(run) == {"a": "f2", "b": "f3"}


def test_a_fault_of_the_grader_is_not_graded(tmp_path):
    with open_gradebook(tmp_path / "book", create=True) as book:
        run = book.start(ORDER)
        book.write(run, result("a", 0, "grader_error"), "f")
        assert book.graded(run) == {}
        assert len(list(book.results_of(run))) == 1


def test_a_new_run_begins_anew_and_keeps_the_old_results(tmp_path):
    with open_gradebook(tmp_path / "book", create=True) as book:
        book.write(book.start(ORDER), result("a"), "f")
        again = book.start(ORDER)
        assert book.graded(again) == {}
        assert list(book.results()) == [result("a")]


@settings(max_examples=5)
@given(st.permutations(range(4)))
def test_digest_does_not_depend_on_the_order(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("books")
    digests = []
    for name, students in (("one", range(4)), ("two", order)):
        with open_gradebook(folder / name, create=True) as book:
            run = book.start(ORDER)
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
        book.write(book.start(ORDER), result(text, log=text), text)
        assert list(book.results()) == [result(text, log=text)]


def test_two_at_a_time_are_refused(tmp_path):
    with open_gradebook(tmp_path / "book", create=True) as book:
        book.start(ORDER)
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
        run = book.start(ORDER)
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
