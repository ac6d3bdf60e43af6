"""The notation table: each symbol once, and its name in the code is one that the code has."""

import ast
import re
from pathlib import Path

import kdlab

REPOSITORY = Path(__file__).parents[2]


def rows():
    """Return symbol, name in code and meaning of every row."""
    text = (REPOSITORY / "chapters" / "appendix" / "notation.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in row.split("\n  - ")] for row in text.split("\n* - ")[1:]]
    assert cells[0] == ["Symbol", "In code", "Meaning"]
    return [(symbol, code.strip("`"), meaning.removesuffix("\n```")) for symbol, code, meaning in cells[1:]]


def names_of_the_code():
    """Return what is named in the mechanism: functions, parameters and variables, not words of its docstrings."""
    tree = ast.parse((Path(kdlab.__file__).parent / "temperature.py").read_text(encoding="utf-8"))
    kinds = {ast.Name: "id", ast.arg: "arg", ast.FunctionDef: "name"}
    return {getattr(node, kinds[type(node)]) for node in ast.walk(tree) if type(node) in kinds}


def test_every_name_is_in_the_code():
    assert {code for _, code, _ in rows()} <= names_of_the_code()


def test_every_symbol_and_every_name_has_one_meaning():
    table = rows()
    for column in (0, 1, 2):
        assert len({row[column] for row in table}) == len(table)


def test_every_symbol_of_the_chapter_is_in_the_table():
    symbols = " ".join(symbol for symbol, _, _ in rows())
    chapter = (REPOSITORY / "chapters" / "principles" / "temperature.md").read_text(encoding="utf-8")
    for symbol in ("C", "z_i", "T", "p_i(T)", r"\mu", r"\mathrm{Var}_p(z)"):
        assert re.search(rf"(?<![\w\\]){re.escape(symbol)}", symbols)
        assert symbol in chapter
