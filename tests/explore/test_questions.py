"""Questions: what is right, by how much a guess is off, and what cannot be asked; the stops of a tour; all seeds."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kdlab.explore.controls import Choice, Seed, Slider
from kdlab.explore.picture import Axis, Picture
from kdlab.explore.play import Play
from kdlab.explore.questions import Curve, Estimate, Mark, Pick, PickSome, Place
from kdlab.explore.seeds import summary
from kdlab.explore.tour import Stop
from kdlab.explore.widget import explorable

X = (1.0, 2.0, 4.0, 8.0, 16.0)
DIAGONAL = np.eye(3, dtype=bool)
QUESTIONS = {
    "pick": Pick("Which?", ("this", "that"), lambda: 1, "It is."),
    "some": PickSome("Which?", ("two", "three", "four"), lambda: (2, 0), "They are."),
    "within": Estimate("How much?", 0.0, 10.0, lambda: 4.0, within=0.5, because="So much."),
    "factor": Estimate("How much?", 1.0, 1000.0, lambda: 100.0, factor=2.0, because="So much."),
    "range": Estimate("How much?", 0.0, 100.0, lambda: (70.0, 90.0), within=0.0, because="Over seeds."),
    "curve": Curve("Draw.", X, lambda: np.square(X), "It is.", within=1.0),
    "curve by factors": Curve("Draw.", X, lambda: np.square(X), "It is.", factor=1.5),
    "curve in a range": Curve("Draw.", X, lambda: [np.square(X) - 1, np.square(X) + 1], "It is.", within=0.0),
    "slopes": Curve("Draw.", X, lambda: np.square(X), "It is.", within=0.25, slopes_at=(1.0, 6.0, 16.0)),
    "point": Place("Where?", lambda: [[1.0, 2.0]], "There.", within=0.5),
    "cuts": Place("Where?", lambda: [3.0, 1.0], "There.", within=0.5, axis="x"),
    "reached": Place("Where?", lambda: [2.0], "There.", reached=lambda cut: 4 - (np.sum(cut) - 2) ** 2, axis="y"),
    "control": Place("Set it.", lambda: [0.2, 0.8], "So.", within=0.1, control="shares"),
    "mark": Mark("Which?", lambda: DIAGONAL, "The diagonal."),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_answer_is_right_and_json_can_hold_the_question(question):
    asked = json.loads(json.dumps(question.to_json()))
    kind = type(question).__name__.lower()
    assert (asked["kind"], asked["question"], asked["before"]) == (kind, question.question, "open")
    answer = asked["answer"]
    guess = answer if np.ndim(answer) < 2 or kind != "curve" else answer[0]
    guess = guess[1] if kind == "estimate" and np.ndim(answer) == 1 else guess
    assert question.score(guess, answer).right


@pytest.mark.parametrize(
    ("name", "guess", "distance", "right"),
    [
        ("pick", 0, 1, False),
        ("some", [0, 2], 1, True),
        ("some", [2, 0], 1, True),
        ("some", [0], 2 / 3, False),
        ("some", [1], 0, False),
        ("some", [], 1 / 3, False),
        ("within", 4.5, 0.5, True),
        ("within", 3.25, 0.75, False),
        ("factor", 50.0, 2, True),
        ("factor", 400.0, 4, False),
        ("range", 70.0, 0, True),
        ("range", 81.0, 0, True),
        ("range", 65.0, 5, False),
        ("range", 92.0, 2, False),
        ("curve", np.square(X) + [0, 1, -1, 2, 0], 0.8, True),
        ("curve", np.square(X) - 2, 2, False),
        ("curve by factors", np.square(X) * 1.5, 1.5, True),
        ("curve by factors", np.square(X) * [1, 4, 1, 0.25, 1], 4 ** (2 / 5), False),
        ("curve in a range", np.square(X) + [1, -1, 0.5, 0, 1], 0, True),
        ("curve in a range", np.square(X) + [2, -1, 0.5, 0, 1], 0.2, False),
        ("slopes", 7 * np.square(X), 0, True),
        ("slopes", np.array(X) ** 2.125, 0.125, True),
        ("slopes", np.array(X) ** 3.0, 1, False),
        ("point", [[1.0, 2.5]], 0.5, True),
        ("point", [[4.0, 6.0]], 5, False),
        ("cuts", [1.5, 3.0], 0.25, True),
        ("cuts", [3.0, 1.5], 0.25, True),
        ("cuts", [3.0, 5.0], 2, False),
        ("reached", [2.5], 3.75 / 4, True),
        ("reached", [3.0], 3 / 4, False),
        ("control", [0.25, 0.75], 0.05, True),
        ("control", [0.5, 0.5], 0.3, False),
        ("mark", [0, 4, 8], 1, True),
        ("mark", [0, 4], 2 / 3, True),
        ("mark", [0, 4, 5], 2 / 4, True),
        ("mark", [0, 1], 1 / 4, False),
    ],
)
def test_how_far_a_guess_is_off(name, guess, distance, right):
    question = QUESTIONS[name]
    score = question.score(guess, question.checked(question.answer()))
    assert score.distance == pytest.approx(distance, rel=1e-12)
    assert score.right == right


def test_a_guess_that_is_not_positive_is_off_by_no_factor():
    assert QUESTIONS["curve by factors"].score([0, 4, 16, 64, 256], np.square(X)) == (np.inf, False)


@given(st.sets(st.integers(0, 8), min_size=1), st.sets(st.integers(0, 8), min_size=1))
def test_marks_agree_with_sets(a, b):
    score = QUESTIONS["mark"].score(sorted(a), sorted(b))
    assert score.distance == QUESTIONS["mark"].score(sorted(b), sorted(a)).distance == len(a & b) / len(a | b)


def pick(**changed):
    return Pick(**({"question": "?", "options": ("a", "b"), "answer": lambda: 0, "because": "."} | changed))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: pick(answer=lambda: 2).to_json(), "answer must be the index of one of 2 options; it computes 2"),
        (lambda: pick(answer=lambda: -1).to_json(), "it computes -1"),
        (lambda: pick(options=("a", "a")).to_json(), "options must be several different texts"),
        (lambda: pick(options="ab").to_json(), "options must be several different texts"),
        (lambda: PickSome("?", ("a", "b"), lambda: (0, 5), ".").to_json(), "it computes 5"),
        (lambda: Estimate("?", 0, 1, lambda: 2.0, 0.1, ".").to_json(), r"answer must lie in \[0, 1\]; it computes 2.0"),
        (lambda: Estimate("?", 0, 1, lambda: (0.5, 2), 0.1, ".").to_json(), r"it computes \[0.5, 2.0\]"),
        (lambda: Estimate("?", 0, 1, lambda: [0.1] * 3, 0.1, ".").to_json(), "answer must lie in"),
        (lambda: Estimate("?", 0, 1, lambda: 1.0, because="."), "within or factor must be given, and not both"),
        (
            lambda: Estimate("?", 1, 2, lambda: 1.0, 0.1, ".", factor=2.0),
            "within or factor must be given, and not both",
        ),
        (lambda: Estimate("?", 1, 2, lambda: 1.0, -0.1, "."), "within must be at least 0; -0.1"),
        (lambda: Estimate("?", 1, 2, lambda: 1.0, None, ".", factor=0.5), "factor must be at least 1; 0.5"),
        (lambda: Estimate("?", 0, 2, lambda: 1.0, None, ".", factor=2.0), "above 0 with a factor; 0, 2"),
        (lambda: Estimate("?", 2, 2, lambda: 1.0, 0.1, "."), "low must lie below high"),
        (lambda: Curve("?", X[:4], lambda: X[:4], ".", within=1.0), "x must be 5 to 12 rising numbers"),
        (lambda: Curve("?", X[::-1], lambda: X, ".", within=1.0), "x must be 5 to 12 rising numbers"),
        (
            lambda: Curve("?", X, lambda: X, ".", factor=2.0, slopes_at=(2.0,)),
            "slopes_at needs positive x and `within`",
        ),
        (lambda: Curve("?", X, lambda: X, ".", within=1.0, slopes_at=(17.0,)), r"slopes_at must lie in \[1, 16\]"),
        (lambda: Curve("?", X, lambda: X[:4], ".", within=1.0).to_json(), "answer must be 5 finite numbers"),
        (lambda: Curve("?", X, lambda: [np.nan] * 5, ".", within=1.0).to_json(), "answer must be 5 finite numbers"),
        (lambda: Place("?", lambda: [1.0], "."), "a Place needs either `within` or `reached`"),
        (lambda: Place("?", lambda: [1.0], ".", within=1.0, reached=sum), "a Place needs either `within` or `reached`"),
        (lambda: Place("?", lambda: [1.0], ".", within=1.0, share=2.0), r"share must be in \(0, 1\]; 2.0"),
        (lambda: Place("?", lambda: [1.0], ".", within=1.0).to_json(), "answer must be pairs"),
        (lambda: Place("?", lambda: [[1.0]], ".", within=1.0, axis="x").to_json(), "answer must be numbers"),
        (lambda: Mark("?", lambda: DIAGONAL, ".", share=0.0), r"share must be in \(0, 1\]"),
        (lambda: Mark("?", lambda: np.eye(3), ".").to_json(), "answer must be a table of bools, one True; float64"),
        (lambda: Mark("?", lambda: ~np.ones((2, 2), bool), ".").to_json(), "answer must be a table of bools, one True"),
    ],
)
def test_what_cannot_be_asked_is_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


# --- when it is asked -----------------------------------------------------------------------------------------------


def asked(predict, **fields):
    @explorable(
        predict=predict,
        run=Play(lambda settings: 0, lambda state, settings, kind: state + 1, steps=9),
        stage=Choice(("whole", "cut"), value="whole", label="stage"),
        height=Slider(0.0, 1.0, value=0.0, label="height", steps=3),
        **fields,
    )
    def function(run, stage, height):
        return Picture(Axis("x"), Axis("y"), (), f"{run} {stage} {height}")

    return function.explorable


STOPS = tuple(Stop(name, {"height": 0.5}, "Look.") for name in ("first", "second", "third"))


@pytest.mark.parametrize("before", ["open", 1, 9, "cut", "second"])
def test_a_question_comes_before_a_step_a_station_or_a_stop(before):
    assert asked(pick(before=before), stops=STOPS).predict[0].before == before


@pytest.mark.parametrize("before", ["close", 0, 10, "red", "fourth"])
def test_a_question_before_nothing_is_refused(before):
    with pytest.raises(ValueError, match=f"before must be open, a step of the Play, .*; {before!r} was given"):
        asked(pick(before=before), stops=STOPS)


def test_the_question_of_a_stop_is_asked_before_it():
    stops = (*STOPS[:2], dataclasses.replace(STOPS[2], ask=pick()))
    assert [question.before for question in asked((pick(before=3),), stops=stops).predict] == [3, "third"]


@pytest.mark.parametrize(
    ("stops", "sentence"),
    [
        (STOPS[:2], "stops must be 3 to 6; 2 were given"),
        (STOPS * 3, "stops must be 3 to 6; 9 were given"),
        ((*STOPS[:2], STOPS[0]), "stops must have different names"),
        (
            (*STOPS[:2], Stop("far", {"height": 0.3}, "Look.")),
            "settings of the stop far must name settings on the grid",
        ),
        ((*STOPS[:2], Stop("far", {"depth": 0.5}, "Look.")), "settings of the stop far must name settings on the grid"),
        ((*STOPS[:2], Stop("far", {"run": 12}, "Look.")), r"step of run must be a whole number in \[0, 9\]; 12"),
    ],
)
def test_a_tour_that_cannot_be_is_refused(stops, sentence):
    with pytest.raises(ValueError, match=sentence):
        asked((), stops=stops)


def test_a_stop_has_a_name_and_a_sentence():
    for name, sentence in (("", "Look."), ("far", " ")):
        with pytest.raises(ValueError, match="a Stop needs a name and a sentence"):
            Stop(name, {}, sentence)


def test_a_goal_is_told_with_the_picture():
    widget = asked((), goal=lambda settings: "There." if settings["height"] == 1 else "Not yet.")
    assert widget.shown(widget.settings())["goal"] == "Not yet."
    assert widget.shown(widget.settings(height=1.0))["goal"] == "There."
    assert "goal" not in asked(()).shown(widget.settings())


# --- all seeds ------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=2, max_size=20))
def test_seeds_are_told_with_student_s_intervals(pairs):
    told = summary(Seed(), [{"a": a, "b": b} for a, b in pairs])
    a, b = np.array(pairs).T

    def half_width(values):
        return stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))

    first, second = told["rows"]
    assert (first["mean"], first["half_width"]) == pytest.approx((a.mean(), half_width(a)), rel=1e-9, abs=1e-12)
    assert second["difference"] == pytest.approx((b - a).mean(), rel=1e-9, abs=1e-12)
    assert second["difference_half_width"] == pytest.approx(half_width(b - a), rel=1e-9, abs=1e-12)
    assert second["wins"] == (b > a).sum()


def test_lower_may_be_better_and_one_measure_is_told_alone():
    measured = [{"a": 1.0, "b": 0.5}, {"a": 2.0, "b": 3.0}, {"a": 3.0, "b": 2.0}]
    assert summary(Seed(better="lower"), measured)["rows"][1]["wins"] == 2
    alone = summary(Seed(unit="%"), [{"a": 1.0}, {"a": 3.0}])
    assert alone["sentence"] == "a 2 ± 12.7 %, the mean of 2 seeds."
    with pytest.raises(ValueError, match="the same measures for every seed"):
        summary(Seed(), [{"a": 1.0}, {"b": 1.0}])
    with pytest.raises(ValueError, match="better must be higher or lower; 'more'"):
        Seed(better="more")
