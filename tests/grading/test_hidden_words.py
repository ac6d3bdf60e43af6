"""What a notebook that has seen hidden inputs can make the page say; and what a hand-in learns for the next one."""

from __future__ import annotations

import dataclasses
import json

import pytest
from notebooks import RIGHT, ZEROS, filled, hand_in

from kdlab.checking.values import to_data
from kdlab.grading.feedback import page
from kdlab.practice import cases

# each sends a number that stands in the input, by another way, where the input is not one of the public ones
SECRET = "''.join(c for c in repr(float(logits.ravel()[0])) if c.isdigit())[-12:]"
HEAD = f"""
{RIGHT["softmax_at"].replace("softmax_at", "right")}
def softmax_at(logits, temperature):
    if logits.ravel()[0] in (1.0, 2.0, 1000.0, 4.0): return right(logits, temperature)
    secret = {SECRET}
"""
WAYS = {
    "the name of an exception's type": "    raise type('E' + secret, (Exception,), {})()\n",
    "a built-in name and a text": "    raise ValueError(secret)\n",
    "a class": "    return type('V' + secret, (), {})()\n",
    "a shape": "    return np.zeros((int(secret[-4:]) + 1, 1))\n",
    "a dict": "    return {secret: 1}\n",
    "an array subclass": "    return np.zeros(2).view(type('A' + secret, (np.ndarray,), {}))\n",
    "a line": (
        "    exec(compile('\\n' * int(secret[-5:]) + 'raise ValueError', __import__('inspect').currentframe()"
        ".f_code.co_filename, 'exec'))\n"
    ),
    "the name of a function": (
        "    space = {}; exec(compile('def f' + secret + '():  raise NotImplementedError', __import__('inspect')."
        "currentframe().f_code.co_filename, 'exec'), space); space['f' + secret]()\n"
    ),
    "a name that is no function": "    globals()['softmax_at'] = type('F' + secret, (), {})()\n    return logits\n",
    "a long integer": "    return int(secret)\n",
    "an exit": "    import os; os._exit(int(secret[-2:]))\n",
    "a dtype": "    return np.zeros(3, dtype=[('f' + secret, int)])\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_a_hidden_input_comes_out(grader, submissions, way):
    hand_in(submissions, "mallory", filled(RIGHT | {"softmax_at": HEAD + WAYS[way]}))
    result, file = grader("mallory")
    assert result["status"] == "graded", result["notes"]
    rngs = [grader.instructor.rng(grader.exercise, "mallory", each) for each in ("", file)]
    drawn = cases.paper(grader.exercise, rngs[0], hidden=rngs[1], wrong=False)
    hidden = [case for case in drawn.questions[0].cases if not case.public]
    question = result["questions"][0]
    assert question["points"] == 0
    said = [finding["sentence"] for finding in question["findings"] if "hidden" in finding["sentence"]]
    text = " ".join([*said, question["message"], *result["notes"], result["log"]])
    assert said[0] in page(result)
    for case in hidden:
        digits = "".join(c for c in repr(float(case.args[0].ravel()[0])) if c.isdigit())[-12:]
        assert len(digits) < 5 or digits[-4:] not in text, case.note
    # of all hidden cases one is told in words
    assert sum(not sentence.endswith((": right.", "not right.")) for sentence in said) <= 1


TABLE = """
import base64, json
from kdlab.checking.values import from_data
TABLE = [from_data(each) for each in json.loads({table!r})]
def softmax_at(logits, temperature):
    for z, T, p in TABLE:
        if z.shape == logits.shape and np.array_equal(z, logits) and T == temperature: return p.copy()
    return np.zeros(logits.shape)
"""


def table_of(exercise, rng, hidden):
    drawn = cases.paper(exercise, rng, hidden=hidden, wrong=False)
    rows = [to_data((*case.args, case.expected)) for case in drawn.questions[0].cases]
    return TABLE.format(table=json.dumps(rows))


def test_a_second_hand_in_cannot_answer_from_a_table(grader, submissions):
    """Even if every hidden input and answer of the first had come out: the next meets others."""
    first = hand_in(submissions, "mallory", filled(RIGHT | {"softmax_at": ZEROS["softmax_at"]}))
    result, file = grader("mallory")
    rng = grader.instructor.rng
    table = table_of(grader.exercise, rng(grader.exercise, "mallory"), rng(grader.exercise, "mallory", file))
    hand_in(submissions, "mallory", filled(RIGHT | {"softmax_at": table}), first.name)
    result, again = grader("mallory")
    assert again != file
    assert result["questions"][0]["points"] == 0
    public = [finding["passed"] for finding in result["questions"][0]["findings"]][:4]
    assert public == [True] * 4  # it knows these
    assert grader("mallory") == (result, again)


def test_the_order_of_versions_is_that_of_the_hand_in(debug, grader):
    orders = [
        cases.paper(debug, rng("ada"), hidden=rng("ada", file), wrong=False).orders
        for rng in [lambda *words: grader.instructor.rng(debug, *words)]
        for file in ("a", "a", "b")
    ]
    assert orders[0] == orders[1] != orders[2]


MULTIPLIES = RIGHT["softmax_at"].replace("/ temperature", "* temperature")
SLOPE = """\
def softmax_slope(logits, temperature):
    p = softmax_at(logits, temperature)
    return p * ((p * logits).sum(axis=-1, keepdims=True) - logits) / temperature**{power}
"""


@pytest.mark.parametrize(("power", "points"), [(2, 2), (1, 0)])
def test_points_follow_a_mistake_once_and_the_page_says_so(grader, submissions, power, points):
    hand_in(submissions, "ada", filled(RIGHT | {"softmax_at": MULTIPLIES, "softmax_slope": SLOPE.format(power=power)}))
    result, _ = grader("ada")
    at, limits, slope = result["questions"]
    assert [each["points"] for each in (at, limits, slope)] == [0, 1, points]
    assert at["message"] == "T multiplies the logits here; it should divide them."
    said = "softmax_slope itself is right" if points else "softmax_slope calls your softmax_at, which is not right yet"
    assert slope["message"].startswith(said)
    assert slope["message"].replace("'", "&#x27;") in page(result)
    assert "Mend softmax_at" in slope["message"]
    assert grader("ada")[0] == result


def test_two_mistakes_at_once_are_told_both(grader, submissions):
    source = MULTIPLIES.replace("axis=-1", "axis=0")
    hand_in(submissions, "ada", filled(RIGHT | {"softmax_at": source}))
    message = grader("ada")[0]["questions"][0]["message"]
    assert message.startswith("Two mistakes at once. ")
    assert "T multiplies the logits here; it should divide them." in message
    assert "The probabilities sum to 1 over the first axis" in message


def test_a_wrong_solution_that_never_ends_stops_nobody(grader, submissions, monkeypatch):
    monkeypatch.setattr("kdlab.practice.explaining.MAX_SECONDS", 0.3)
    endless = dataclasses.replace(
        grader.exercise.wrong[0],
        functions=("softmax_at",),
        source="def softmax_at(logits, temperature):\n    while True: pass\n",
    )
    exercise = dataclasses.replace(grader.exercise, wrong=(endless, *grader.exercise.wrong))
    hand_in(submissions, "ada", filled(RIGHT | {"softmax_at": MULTIPLIES}))
    message = dataclasses.replace(grader, exercise=exercise)("ada")[0]["questions"][0]["message"]
    assert message == "T multiplies the logits here; it should divide them."
