import subprocess
import sys

import pytest

from kdlab.evidence import code_hash as module
from kdlab.evidence.code_hash import code_hash, used_by

PLAIN = '''
"""A docstring."""
from kdlab.helper import double

def f(x):
    """Another."""
    return double(x) + 1
'''
HELPER = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def hash_of(tmp_path, monkeypatch):
    """Hash a package written for the occasion: its modules by name."""

    def hash_sources(**sources):
        for name, text in sources.items():
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")

        def source_of(name):
            path = tmp_path / f"{name.removeprefix('kdlab.')}.py"
            return path if path.exists() else None

        monkeypatch.setattr(module, "source_of", source_of)
        return code_hash("kdlab.main", "f")

    return hash_sources


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("double(x) + 1", "( double(x)\n        + 1 )  # why"),
        PLAIN.replace("A docstring.", "Said better."),
        PLAIN.replace("Another.", "Said better."),
        PLAIN.replace('"""A docstring."""\n', ""),
        PLAIN.replace("\n\n", "\n\n\n# a comment\n\n"),
        PLAIN + "\nQUESTION = 'What?'\n\ndef g(x):\n    return QUESTION\n",
    ],
)
def test_layout_comments_and_docstrings_do_not_count(hash_of, text):
    assert text != PLAIN
    assert hash_of(main=text, helper=HELPER) == hash_of(main=PLAIN, helper=HELPER)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("+ 1", "+ 2"),
        PLAIN.replace("+ 1", "+ 1.0"),
        PLAIN.replace("+ 1", "+ True"),
        PLAIN.replace("+ 1", "- 1"),
        PLAIN.replace("return double(x) + 1", "return"),
        PLAIN.replace("f(x)", "f(x, y=1)"),
        PLAIN.replace("+ 1", "+ 1\n    'no docstring'"),
    ],
)
def test_a_change_of_code_counts(hash_of, text):
    assert text != PLAIN
    assert hash_of(main=text, helper=HELPER) != hash_of(main=PLAIN, helper=HELPER)


def test_that_an_error_is_raised_counts_and_its_words_do_not(hash_of):
    text = PLAIN.replace("    return double", "    if x < 0:\n        raise ValueError('x < 0')\n    return double")
    before = hash_of(main=text, helper=HELPER)
    assert hash_of(main=text.replace("'x < 0'", "f'x must be at least 0; {x} was given.'"), helper=HELPER) == before
    assert hash_of(main=text.replace("if x < 0", "if x < 1"), helper=HELPER) != before
    assert hash_of(main=PLAIN, helper=HELPER) != before


def test_an_imported_module_counts_and_another_does_not(hash_of):
    before = hash_of(main=PLAIN, helper=HELPER)
    assert hash_of(main=PLAIN, helper=HELPER.replace("2", "3")) != before
    assert hash_of(main=PLAIN, helper=HELPER, other="x = 1") == before


def test_what_is_not_used_of_an_imported_module_does_not_count(hash_of):
    helper = "SCALE = 2\n\ndef double(x):\n    return SCALE * x\n"
    before = hash_of(main=PLAIN, helper=helper)
    assert hash_of(main=PLAIN, helper=helper + "\ndef half(x):\n    return x / SCALE\n") == before
    assert hash_of(main=PLAIN, helper="import kdlab.deep\n" + helper, deep="x = 1") == before
    imports = "from math import inf, nan\nfrom kdlab.deep import one, two\n"
    used = helper.replace("SCALE * x", "SCALE * min(x, inf) * one")
    deep = "one, two = 1, 2\n"
    before_imports = hash_of(main=PLAIN, helper=imports.replace(", nan", "").replace(", two", "") + used, deep=deep)
    assert hash_of(main=PLAIN, helper=imports + used, deep=deep) == before_imports
    for changed in (helper.replace("SCALE = 2", "SCALE = 3"), helper + "double = abs\n", helper + "print(1)\n"):
        assert hash_of(main=PLAIN, helper=changed) != before


@pytest.mark.parametrize(
    "filled",
    [
        "for n in (1, 2):\n    TABLE[n] = n\n",
        "TABLE.update({n: n for n in (1, 2)})\n",
        "last = TABLE[1] = 2\n",
        "if True:\n    size = 2\n    TABLE[1] = size\n",
        "with open(__file__) as file:\n    TABLE[1] = file.name\n",
    ],
)
def test_what_fills_a_table_counts_whatever_else_it_binds(hash_of, filled):
    helper = "TABLE = {}\n" + filled + "\ndef double(x):\n    return TABLE.get(x, 2 * x)\n"
    assert hash_of(main=PLAIN, helper=helper) != hash_of(main=PLAIN, helper=helper.replace(filled, ""))


def test_what_a_used_definition_uses_counts_wherever_it_stands(hash_of):
    sources = {
        "main": PLAIN,
        "helper": "from kdlab.deep import twice\nclass C:\n    f = twice\n\ndef double(x):\n    return C.f(x)\n",
        "deep": "def twice(x):\n    return 2 * x\n\ndef thrice(x):\n    return 3 * x\n",
    }
    before = hash_of(**sources)
    assert hash_of(**sources | {"deep": sources["deep"].replace("3", "4")}) == before
    assert hash_of(**sources | {"deep": sources["deep"].replace("2", "4")}) != before
    assert hash_of(**sources | {"helper": sources["helper"].replace("f = twice", "f = abs")}) != before


def test_imports_through_others_and_inside_functions_count(hash_of):
    sources = {"main": PLAIN, "helper": "def double(x):\n    import kdlab.deep\n", "deep": "x = 1"}
    before = hash_of(**sources)
    assert hash_of(**sources | {"deep": "x = 2"}) != before


def test_modules_that_import_each_other(hash_of):
    assert len(hash_of(main=PLAIN, helper="import kdlab.main\n" + HELPER)) == 64


def test_relative_imports_are_refused(hash_of):
    with pytest.raises(ValueError, match="kdlab.main must import by full names; line 2"):
        hash_of(main="def f():\n    from . import helper\n", helper=HELPER)


def test_no_such_module():
    with pytest.raises(ModuleNotFoundError, match="'kdlab.experiments.nothing' was given"):
        code_hash("kdlab.experiments.nothing", "run")


def test_no_such_name(hash_of):
    hash_of(main=PLAIN, helper=HELPER)
    with pytest.raises(ValueError, match="name must be defined by kdlab.main; 'g' was given"):
        code_hash("kdlab.main", "g")


def test_modules_found_are_those_python_imports():
    code = (
        "import sys, kdlab.experiments.temperature\n"
        "print(*(name for name, module in sys.modules.items()"
        " if name.startswith('kdlab.') and not hasattr(module, '__path__')))"
    )
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(imported) == sorted(used_by("kdlab.experiments.temperature"))
