"""The cells of a page, run in order: one namespace, what a notebook prints, and the first mistake with its line."""

import json

import pytest

from kdlab.explore.cells import run


def test_cells_share_one_namespace_and_each_has_its_output():
    cells = ["x = 2\n", "def twice(y):\n    return 2 * y\n\nprint('x is', x)", "twice(x)", "None", ""]
    assert run(cells) == {"outputs": ["", "x is 2\n", "4\n", "", ""], "error": None}


def test_each_run_begins_with_nothing():
    run(["left = 1"])
    assert run(["left"])["error"]["name"] == "NameError"


@pytest.mark.parametrize(
    ("cells", "outputs", "error"),
    [
        (
            ["x = 1", "print('a')\n1 / 0\n", "x"],
            ["", "a\n"],
            ("ZeroDivisionError", 2, "ZeroDivisionError: division by zero"),
        ),
        (["x = (\n"], [""], ("SyntaxError", 1, "SyntaxError: '(' was never closed")),
        (["def f():\n    return g()\n", "f()"], ["", ""], ("NameError", 2, "NameError: name 'g' is not defined")),
        (["import sys\nprint('e', file=sys.stderr)\nsys.foo"], ["e\n"], ("AttributeError", 3, "AttributeError: ")),
    ],
)
def test_the_first_mistake_ends_the_run(cells, outputs, error):
    found = run(cells)
    assert found["outputs"] == outputs
    assert (found["error"]["name"], found["error"]["line"]) == error[:2]
    assert found["error"]["message"].startswith(error[2])
    json.dumps(found)


def test_an_interrupt_is_not_swallowed():
    with pytest.raises(KeyboardInterrupt):
        run(["raise KeyboardInterrupt"])
