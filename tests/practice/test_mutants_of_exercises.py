"""The small changes that the cases of an exercise must notice."""

import textwrap

import pytest

from kdlab.practice.mutants import mutants


def changes(line):
    found = mutants(f"def f(x, y):\n    {line}\n", ("f",))
    return {mutant.change.partition(" => ")[2].removeprefix("return ") for mutant in found}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return x + 1", {"x - 1", "x", "1", "x + 2", "x + 0"}),
        ("return x / y", {"x * y", "x", "y"}),
        ("return x**2", {"x * 2", "x", "2", "x ** 3", "x ** 1"}),
        ("return x < y", {"x <= y", "x > y"}),
        ("return x == y", {"x != y"}),
        ("return x & y", {"x | y", "x", "y"}),
        ("return -x", {"x"}),
        ("return ~x", {"x"}),
        ("return x or y", {"x and y"}),
        ("return 1e-09", {"2e-09", "0.0"}),
        ("return True", {"False"}),
        ("return x.max(axis=-1)", {"x.min(axis=-1)", "x.max()", "x.max(axis=1)", "x.max(axis=-2)", "x.max(axis=-0)"}),
        ("return np.argsort(x, kind='stable')", {"np.argsort(x)"}),
        ("return x.sum(keepdims=True)", {"x.mean(keepdims=True)", "x.sum()", "x.sum(keepdims=False)"}),
        ("return math.floor(x)", {"math.ceil(x)", "x"}),
        ("return zip(x, y, strict=True)", set()),
        ("return x[1:]", {"x[2:]", "x[0:]"}),
        ("return x if y else 0.5", {"x", "0.5", "x if y else 1.0", "x if y else 0.0"}),
        ("x += 1", {"x -= 1", "x += 2", "x += 0"}),
        ("while x > y: x = y", {"while x >= y", "while x < y"}),
        ("return 'text'", set()),
    ],
)
def test_each_part_of_a_statement_is_changed(line, expected):
    assert changes(line) == expected


def test_a_mutant_is_a_whole_solution_with_one_change():
    source = textwrap.dedent(
        '''
        C = 3

        def f(x):
            """Say 1 + 1."""
            for i in range(x):
                x = x - i
            return x

        def g(x):
            return -x
        '''
    )
    found = list(mutants(source, ("f", "g")))
    assert {mutant.function for mutant in found} == {"f", "g"}
    assert len({mutant.source for mutant in found}) == len(found)
    for mutant in found:
        names = {}
        exec(mutant.source, names)
        assert names["C"] == 3
        assert names["f"].__doc__ == "Say 1 + 1."
        before, _, after = mutant.change.partition(" => ")
        assert before != after
        assert source.splitlines()[mutant.line - 1].strip().rstrip(":") == before
        assert after in mutant.source
    assert not list(mutants(source, ()))
