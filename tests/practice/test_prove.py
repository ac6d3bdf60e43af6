"""The proof of a folder: a sound one passes, and each defect that can be planted is named with its file."""

import re

import pytest
from sampling import sampled
from small import FILES, changed, write_exercise
from solutions import exercises, name_of, rung_of

import kdlab.practice
from kdlab.cli import main
from kdlab.practice.prove import prove


@pytest.mark.parametrize("exercise", exercises(), ids=name_of)
def test_every_exercise_of_the_book_is_proved_on_one_paper(exercise):
    proof = prove(exercise.folder, n_papers=1, with_mutants=False)
    assert proof.problems == ()
    assert len(proof.matrix.splitlines()) == 2 + len(exercise.wrong)


@pytest.mark.parametrize("exercise", sampled(exercises(), rung_of, name=name_of))
def test_an_exercise_of_the_book_is_proved_on_papers_of_several_students(exercise):
    assert prove(exercise.folder, n_papers=5, with_mutants=False).problems == ()


@pytest.mark.slow
@pytest.mark.parametrize("exercise", exercises(), ids=name_of)
def test_every_exercise_of_the_book_is_proved_on_all_papers_and_against_mutants(exercise):
    assert prove(exercise.folder).problems == ()


def test_a_small_sound_exercise_is_proved(tmp_path):
    proof = prove(write_exercise(tmp_path))
    assert str(proof) == "\n".join(
        ["double", "         phh", "forgets  x.x", "squares  x.x", MUTANTS, "small/double: all is well."]
    )


KINDS = '\n\n        kinds = {"x": "rate"}\n'
MUTANTS = "4 mutants; 0 sentences on those that pass."
WRONG = '"""{}"""\n\n\ndef double(x):\n    return {}\n'
HINT = "\n\n        :::{{hint}}\n        {}\n        :::"

DEFECTS = [
    # the starter
    (
        changed("exercise.md", "### BEGIN SOLUTION", "doubled = x + x; return doubled\n            ### BEGIN SOLUTION"),
        "exercise.md:22: the starter of double earns 2 points.",
    ),
    (changed("exercise.md", "import numpy as np", "import numpi as np"), "exercise.md:16: the reference does not run"),
    # the reference
    (
        changed("checks.py", "rng.normal()", "rng"),
        "checks.py: double: value[0] is a numpy.random._generator.Generator.",
    ),
    (
        changed("exercise.md", "return doubled\n", "return (t for t in [doubled])\n"),
        "checks.py: double: the call with (3,) gives no value in the reference: generator.",
    ),
    (
        changed("exercise.md", "doubled = x + x", "from kdlab.temperature import softmax; doubled = x + x"),
        "checks.py: double: the call with (3,) should raise no exception in the reference; it raises ImportError "
        "(kdlab.temperature is absent here",
    ),
    # wrong solutions
    (
        {"wrong/fine.py": WRONG.format("This is said to be wrong.", "2 * x")},
        "wrong/fine.py:1: this wrong solution earns",
    ),
    (
        {"wrong/twin.py": WRONG.format("Another square.", "x**2")},
        "wrong/twin.py:1: no case of double tells this wrong solution from squares.",
    ),
    ({"wrong/mute.py": "def double(x):\n    return 0 * x\n"}, "wrong/mute.py:1: the first line of the docstring"),
    (
        {"wrong/other.py": WRONG.format("Another name.", "0").replace("double", "triple")},
        "wrong/other.py: it must define",
    ),
    ({"wrong/torn.py": '"""Torn."""\n\ndef double(x:\n'}, "wrong/torn.py:3: "),
    (
        {"wrong/imports.py": '"""Imports."""\n\nimport numpi\n\n\ndef double(x): ...\n'},
        "wrong/imports.py:3: ModuleNotFoundError: No module named",
    ),
    (
        {"wrong/imports.py": '"""Imports."""\n\n\ndef double(x):\n    import numpi\n\n    return numpi.exp(x)\n'},
        "wrong/imports.py:5: ModuleNotFoundError: No module named 'numpi'.",
    ),
    ({"wrong/stops.py": WRONG.format("Stops.", "0 * x") + "\n\nboom\n"}, "wrong/stops.py:8: NameError"),
    ({"wrong/squares.py": None, "wrong/forgets.py": None}, "wrong: no wrong solution defines double: write one."),
    # right solutions
    ({"right/product.py": ""}, "right/product.py: it must define one of double; it defines none."),
    ({"right/product.py": None}, "right: no right solution defines double: write one, in another way."),
    ({"right/near.py": WRONG.format("Nearly.", "2.0001 * x")}, "right/near.py:1: this right solution fails: "),
    # checks.py
    (changed("checks.py", ", public=True", ""), ": double must have a public case and a hidden one."),
    (
        changed("checks.py", '"double", 2,', '"double", 0,'),
        "checks.py:13: double must be worth a number of points above 0; 0 was given.",
    ),
    (changed("checks.py", "Call((3.0,)", "Call((rng.normal(),)"), "public cases must not come from the generator"),
    (
        changed("checks.py", "rng.normal(),)", "__import__('numpy').random.default_rng().normal(),)"),
        "checks.py: the same generator must give the same cases",
    ),
    (changed("checks.py", '"double", 2,', '"treble", 2,'), "checks.py: treble has no cell in exercise.md."),
    (
        changed("checks.py", 'Call((0.0,), "zero")', 'Call((0.0,), "zero", raises="ValueError")'),
        "checks.py: double: the call 'zero' should raise ValueError in the reference; it raises none.",
    ),
    (changed("checks.py", "def questions", "def question"), "checks.py: questions(rng) must be defined."),
    (changed("checks.py", "return [Function", "return [Function("), "checks.py:"),
    (changed("checks.py", "kdlab.temperature", "temperature"), "checks.py:3: forbids holds modules of kdlab"),
    (
        changed("checks.py", "kdlab.temperature", "kdlab.temperatur"),
        "checks.py:3: forbids holds modules of kdlab; there is no",
    ),
    (changed("checks.py", "def variant", 'parsons = ["twice"]\n\n\n        def variant'), "parsons names twice"),
    (changed("checks.py", '"twice":', '"thrice":'), "exercise.md:13: {{twice}} is not among the names"),
    ({"checks.py": None}, "checks.py: this file is missing."),
    (changed("exercise.md", "title: ", "title: a: "), "exercise.md:6: the head is not YAML: mapping values are not"),
    (
        changed("checks.py", "return [Function", 'return [Function("double", 1, calls), Function'),
        "checks.py:13: double is asked for twice: put all its calls into one Function.",
    ),
    (changed("checks.py", '"double", 2,', '"double", None,'), "double must be worth a number of points above 0; None"),
    (changed("checks.py", '"double", 2,', '"double", 1e999,'), "double must be worth a number of points above 0; inf"),
    (changed("checks.py", '"double", 2,', '"double", "2",'), "double must be worth a number of points above 0; '2'"),
    (changed("checks.py", "rng.normal(),)", "rng.norm(),)"), "checks.py:12: AttributeError: "),
    (changed("checks.py", "forbids", "forbid = forbids\n        forbids"), "checks.py:3: NameError: "),
    ({"wrong/loops.py": WRONG.format("For ever.", "next(x for x in iter(int, 1) if x)")}, "loops.py:1: it does not"),
    (
        {
            "wrong/loops.py": WRONG.format(
                "At times.", "0 * x if x == 3 or x < 1 else next(x for x in iter(int, 1) if x)"
            )
        },
        "loops.py:1: it does not come to an end",
    ),
    (
        {"wrong/loops.py": '"""As it is read."""\n\nwhile True:\n    pass\n\n\ndef double(x): ...\n'},
        "loops.py:1: it does",
    ),
    (
        changed("checks.py", "import Call, Function", "import Cal, Function"),
        "checks.py:1: ImportError: cannot import name 'Cal' from",
    ),
    # what some students would pass by luck, or lose by bad luck
    (
        {"wrong/lucky.py": WRONG.format("Wrong above 1.", "2 * x if x in (0, 3) or x < 1 else 5.0")},
        "wrong/lucky.py:1: this wrong solution earns the points of double on ",
    ),
    (
        {"right/unlucky.py": WRONG.format("Wrong above 0.5.", "2 * x if x == 3 or x < 0.5 else 5.0")},
        "right/unlucky.py:1: this right solution fails double on 9 of 25 papers, as here: A hidden case of double ",
    ),
    # mutants
    (
        {"right/product.py": WRONG.format("A branch that no case sees.", "2 * x if x < 1000 else x + x")},
        "right/product.py:5: a mutant passes: double: return 2 * x if x < 1000 else x + x => return 2 * x if x",
    ),
    (
        {"mutants.txt": "double: return 2 * x => return 3 * x | Twice is thrice.\n"},
        "mutants.txt: no mutant passes that is double: return 2 * x => return 3 * x: take it out.",
    ),
    ({"mutants.txt": "double: return 2 * x => return 3 * x |  \n"}, "mutants.txt:1: a line must be "),
    # the adversary's checklist
    (
        {"checks.py": changed("checks.py", "(0.0,)", "(1.0,)")["checks.py"] + KINDS},
        "no case of double has a rate of 0, such as 0.0: add one, or say why not in `untried`.",
    ),
    (
        {"checks.py": FILES["checks.py"] + KINDS + '        untried = {"double": {"a rate of 0": "-"}}\n'},
        "`untried` has a rate of 0 for double, which is tried: take it out.",
    ),
    # exercise.md
    (changed("exercise.md", "minutes: 5", "minutes: five"), "exercise.md:1: the front matter must have minutes"),
    (changed("exercise.md", "rung: implement", "rung: easy"), "exercise.md:1: rung must be one of"),
    (changed("exercise.md", "[double]", "[treble]"), "exercise.md:22: the cell is tagged treble, but does not define"),
    (changed("exercise.md", "[double]", "[double, hard]"), "exercise.md:22: a cell has one tag"),
    (changed("exercise.md", "### END SOLUTION", ""), "exercise.md:24: the cell of double must have one"),
    (changed("exercise.md", "doubled = x + x", "doubled = x +"), "exercise.md:25: invalid syntax."),
    (
        changed("exercise.md", "doubled = x + x", "doubled = {{number}} * x"),
        "exercise.md:22: {{...}} may stand in the text",
    ),
    (changed("exercise.md", "import numpy", "### BEGIN SOLUTION\n        import numpy"), "only a cell tagged"),
    (
        changed("exercise.md", "Twice {{", ":::{note}\n        Twice\n        :::\n\n        Twice {{"),
        "exercise.md:13: ':::{'",
    ),
    (
        changed("exercise.md", ":::{hint}\n        Add x to itself.\n        :::", ""),
        "exercise.md:22: double has no hint: add one after its cell.",
    ),
    (changed("exercise.md", "# Doubling", "# Doubling\n\n        :::{hint}\n        Early.\n        :::"), "before it"),
    (
        changed("exercise.md", "Add x to itself.\n        :::", "Add x to itself."),
        "exercise.md:30: this hint does not end: write ::: in a line of its own after it.",
    ),
    (
        changed("exercise.md", "Add x to itself.\n        :::", f"Add.{HINT.format('Two.')}"),
        "exercise.md:30: this hint does not end: write ::: in a line of its own after it.",
    ),
    (
        changed("exercise.md", "Add x to itself.\n        :::", "One.\n        :::\n\n        :::{hint}\n        Two."),
        "exercise.md:34: this hint does not end: write ::: in a line of its own after it.",
    ),
    (
        changed("exercise.md", ":tags: [double]", ":tags: [double"),
        "exercise.md:19: the options of this cell are not YAML: expected ',' or ']'",
    ),
    (
        changed("exercise.md", "minutes: 5\n        ---", "minutes: 5"),
        "exercise.md:14: the head is not YAML: could not find expected ':'.",
    ),
    # secrets
    (
        changed("exercise.md", "Add x to itself.", "Write doubled = x + x first."),
        "exercise.md:31: a student's double.ipynb holds a line of the solution: doubled = x + x. Say it in words",
    ),
    (
        changed("checks.py", "rng.normal(),)", "float(int('{{number}}' != '') + 0.12345678901234567),)")
        | changed("exercise.md", "Twice {{number}}", "Twice 1.1234567890123457 and {{number}}"),
        "exercise.md:13: a student's page.json holds argument 1 of the hidden case 'another' of double: 1.12345678901",
    ),
]


@pytest.mark.parametrize(("changes", "words"), DEFECTS)
def test_each_planted_defect_is_named(tmp_path, changes, words):
    path = write_exercise(tmp_path, **changes)
    proof = prove(path)
    assert any(words in problem for problem in proof.problems), proof.problems
    assert all(problem.startswith(str(path)) for problem in proof.problems)


BUG = """
            ### BEGIN STARTER
            doubled = x * {{number}}
            return doubled
            ### END STARTER
            ### BEGIN SOLUTION"""
TO_MEND = changed("exercise.md", "\n            ### BEGIN SOLUTION", BUG) | changed(
    "checks.py", "rng.integers(2, 9)", "rng.integers(3, 9)"
)
TEST_CELL = '''
        ```{code-cell} ipython3
        :tags: [test_double]

        def test_double(f):
            """Try f."""
            ### BEGIN SOLUTION
            assert f(3.0) == 6.0
            assert f(0.5) == 1.0
            ### END SOLUTION
        ```

        :::{hint}
        Call f.
        :::
        '''
TESTED = {
    "exercise.md": TO_MEND["exercise.md"] + TEST_CELL,
    "checks.py": TO_MEND["checks.py"]
    .replace("Call, Function", "Call, Catch, Function")
    .replace("2, calls)]", '2, calls), Catch("test_double", of="double", points=3)]'),
    "wrong/test_nothing.py": '"""test_double passes for every version"""\n\n\ndef test_double(f):\n    f(3.0)\n',
    "versions/good_sum.py": '"""Sum."""\n\n\ndef double(x):\n    return x + x\n',
    "versions/good_product.py": '"""Product."""\n\n\ndef double(x):\n    return 2 * x\n',
} | {
    f"versions/bad_{factor}.py": WRONG.format(f"This is {factor} times x.", f"{factor} * x")
    for factor in (3, 4, 5, 6, 7)
}


def test_an_exercise_with_a_starter_to_mend_and_a_test_to_write_is_proved(tmp_path):
    proof = prove(write_exercise(tmp_path, **TESTED))
    assert proof.problems == ()
    assert "test_nothing          xxxxx.." in proof.matrix
    assert "bad_3         x.x" in proof.matrix


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"versions/good_product.py": None}, ": test_double must meet 2 good and 5 bad versions of double."),
        ({"versions/bad_3.py": None}, ": test_double must meet 2 good and 5 bad versions of double."),
        ({"versions/fair.py": WRONG.format("Fair.", "2 * x")}, "versions/fair.py: the name of a version begins with"),
        ({"versions/bad_2.py": WRONG.format("Fine.", "2 * x")}, "versions/bad_2.py:1: this wrong solution earns"),
        ({"versions/good_3.py": WRONG.format("Odd.", "3 * x")}, "versions/good_3.py:1: this right solution fails"),
        (
            {"versions/bad_near.py": WRONG.format("Wrong at 1 only.", "2 * x + (x == 1)")},
            "versions/bad_near.py:1: this wrong solution earns the points of double",
        ),
        (
            {"versions/bad_far.py": WRONG.format("Wrong below 0.", "2 * x if x >= 0 else 0.0")},
            "exercise.md:41: the reference fails: It misses a bug: Wrong below 0.",
        ),
        (
            {"wrong/test_nothing.py": '"""Another message"""\n\n\ndef test_double(f):\n    f(3.0)\n'},
            "wrong/test_nothing.py:1: test_double gets another message than its docstring says: test_double passes",
        ),
        (
            {"wrong/test_fine.py": '"""It misses a bug"""\n\n\ndef test_double(f):\n    assert f(3.5) == 7\n'},
            "wrong/test_fine.py:1: this wrong solution earns the points of test_double",
        ),
        (
            {"right/test_rough.py": '"""Rough."""\n\n\ndef test_double(f):\n    assert f(3.0) < 10\n'},
            "right/test_rough.py:1: this right solution fails: It misses a bug: This is 3 times x.",
        ),
        (
            {"checks.py": TESTED["checks.py"].replace("Call((3.0,)", "Call((0.0,)")},
            "exercise.md:22: no public case of double shows the bug of the starter.",
        ),
        (
            {"exercise.md": TESTED["exercise.md"].replace("x * {{number}}", "x * {{number}} +")},
            "exercise.md:25: invalid syntax",
        ),
    ],
)
def test_each_defect_of_a_test_question_is_named(tmp_path, changes, words):
    path = write_exercise(tmp_path, **TESTED | changes)
    proof = prove(path)
    assert any(words in problem for problem in proof.problems), proof.problems
    assert all(problem.startswith(str(path)) for problem in proof.problems)


def test_mutants_that_are_right_too_are_explained_one_by_one_or_by_the_statement(tmp_path):
    branch = "2 * x if x < 1000 else x + x"
    path = write_exercise(tmp_path, **{"right/product.py": WRONG.format("A branch that no case sees.", branch)})
    passing = [each.partition("a mutant passes: ")[2].partition(". Add")[0] for each in prove(path).problems]
    assert len(passing) > 3
    (path / "mutants.txt").write_text("".join(f"{each} | No case is that large.\n" for each in passing))
    assert prove(path).problems == ()
    (path / "mutants.txt").write_text(f"double: return {branch} => ... | No case is that large.\n")
    proof = prove(path)
    assert proof.problems == ()
    assert proof.mutants.endswith(" mutants; 1 sentences on those that pass.")


def test_a_bug_that_a_right_test_does_not_see_is_named(tmp_path):
    rough = '"""Roughly."""\n\n\ndef test_double(f):\n    assert abs(f(30.0) - 60.0) < 2\n'
    added = {"versions/good_added.py": WRONG.format("And nothing more.", "2.0 * x + 0.0")}
    key = "test_double: return 2.0 * x + 0.0 => return 2.0 * x + 1.0"
    assert key not in "".join(prove(write_exercise(tmp_path / "a", **TESTED, **added)).problems)
    problems = prove(write_exercise(tmp_path / "b", **TESTED, **added, **{"right/test_rough.py": rough})).problems
    assert any(f"good_added.py:5: a mutant passes: {key}. No bad version has" in each for each in problems)


def test_a_quick_proof_has_the_same_matrix_and_no_mutants(tmp_path):
    path = write_exercise(tmp_path)
    (quick,) = kdlab.practice.check(path, quick=True)
    assert (quick.matrix, quick.mutants) == (prove(path).matrix, "")
    (path / "wrong" / "fine.py").write_text(WRONG.format("This is said to be wrong.", "2 * x"))
    (quick,) = kdlab.practice.check(path, quick=True)
    assert "wrong/fine.py:1: this wrong solution earns" in quick.problems[0]


@pytest.mark.parametrize("said", ["this right solution fails: ", "this right solution fails double on 9 of 25 papers"])
def test_an_author_who_asks_reads_call_and_values_of_a_hidden_case(tmp_path, capsys, said):
    fails = WRONG.format("Wrong above 0.5.", "2 * x if x == 3 or x < 0.5 else 5.0")
    path = write_exercise(tmp_path, **{"right/unlucky.py": fails})
    told = []
    for options in ([], ["--verbose"]):
        assert main(["exercise", "check", *options, str(path)]) == 1
        told.append(next(line for line in capsys.readouterr().out.splitlines() if said in line))
    assert told[0].endswith("A hidden case of double (another): the value is not the expected one.")
    assert re.search(r": double\(\d\.\d+\) \(another\): \d\.\d+ is expected, 5 came back\.$", told[1])


def test_check_proves_all_folders_below_a_path(tmp_path):
    write_exercise(tmp_path / "a")
    write_exercise(tmp_path / "b", **{"checks.py": None})
    proofs = kdlab.practice.check(tmp_path)
    assert [len(proof.problems) for proof in proofs] == [0, 1]
    assert str(proofs[1]).endswith("small/double: 1 problems.")
    with pytest.raises(ValueError, match=r"has no exercise\.md"):
        kdlab.practice.check(tmp_path / "c")
