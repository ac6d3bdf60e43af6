"""The notation: a table for all chapters and one for each. They have every parameter, and no name the code has not."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from mechanisms import FOLDER, MECHANISMS, public_functions

from kdlab.book import api

REPOSITORY = Path(__file__).parents[2]
COMMON = "everywhere"


def sections():
    """Return the rows of each section, by its mechanism: symbols, names in code, and the meaning."""
    text = (REPOSITORY / "chapters" / "appendix" / "notation.md").read_text(encoding="utf-8")
    found = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, rest = section.partition("\n")
        (table,) = re.findall(r"^```\{list-table\}\n(.*?)^```$", rest, flags=re.MULTILINE | re.DOTALL)
        cells = [[cell.strip() for cell in row.split("\n  - ")] for row in table.split("\n* - ")[1:]]
        assert cells[0] == ["Symbol", "In code", "Meaning"]
        name = title.strip().lower().replace(" ", "_").replace("-", "_")
        found[name] = [(_parts(symbols), _parts(names), meaning) for symbols, names, meaning in cells[1:]]
    return found


def _parts(cell):
    """Return what a cell lists: $...$ or `...`, each by itself, or its words; a dash is nothing."""
    return re.findall(r"\$[^$]+\$|`[^`]+`", cell) or ([cell] if cell != "–" else [])


SECTIONS = sections()


def names(section):
    return [name.strip("`") for _, names, _ in SECTIONS[section] for name in names]


def places_in_the_code(mechanism):
    """Return what a mechanism names and where first: functions, parameters, variables, not words of its docstrings.

    The equations come first, then their door.
    """
    kinds = {ast.Name: "id", ast.arg: "arg", ast.FunctionDef: "name", ast.ClassDef: "name", ast.Attribute: "attr"}
    found = {}
    for file, path in enumerate((FOLDER / "core" / f"{mechanism}.py", FOLDER / f"{mechanism}.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8") if path.is_file() else "")):
            if type(node) in kinds:
                name, place = getattr(node, kinds[type(node)]), (file, node.lineno, node.col_offset)
                found[name] = min(place, found.get(name, place))
    return found


def test_there_is_a_section_for_each_mechanism_in_the_order_of_the_parts():
    first, *others = SECTIONS
    assert first == COMMON
    assert sorted(others) == MECHANISMS
    parts = [
        api.CHAPTER.search((FOLDER / f"{name}.py").read_text(encoding="utf-8"))[1].split("/")[0] for name in others
    ]
    assert list(dict.fromkeys(parts)) == ["principles", "compression", "interplay", "applications"]
    assert parts == sorted(parts, key=list(dict.fromkeys(parts)).index)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_name_is_in_the_code(mechanism):
    assert set(names(mechanism)) <= places_in_the_code(mechanism).keys()


def test_every_name_for_all_chapters_is_in_the_code_of_two_at_least():
    code = [places_in_the_code(mechanism) for mechanism in MECHANISMS]
    assert [name for name in names(COMMON) if sum(name in known for known in code) < 2] == []


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_parameter_of_every_public_function_is_in_the_table(mechanism):
    parameters = {
        parameter
        for name, function in public_functions().items()
        if name.startswith(f"{mechanism}.")
        for parameter in inspect.signature(function).parameters
    }
    assert parameters - set(names(mechanism)) - set(names(COMMON)) == set()


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_in_a_chapter_every_symbol_and_every_name_has_one_meaning(mechanism):
    code = places_in_the_code(mechanism)
    of_all = [row for row in SECTIONS[COMMON] if any(name.strip("`") in code for name in row[1])]
    rows = of_all + SECTIONS[mechanism]
    for column in (0, 1):
        found = [part for row in rows for part in row[column]]
        assert sorted(found) == sorted(set(found))
    meanings = [meaning for _, _, meaning in rows]
    assert len(meanings) == len(set(meanings))
    assert all(meanings)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_rows_stand_in_the_order_in_which_the_module_names_them_first(mechanism):
    first = places_in_the_code(mechanism)
    places = [min(first[name.strip("`")] for name in names) for _, names, _ in SECTIONS[mechanism] if names]
    assert places == sorted(places)


def test_every_symbol_of_the_chapter_on_temperature_is_in_the_table():
    symbols = " ".join(symbol for section in (COMMON, "temperature") for row in SECTIONS[section] for symbol in row[0])
    chapter = (REPOSITORY / "chapters" / "principles" / "temperature.md").read_text(encoding="utf-8")
    for symbol in ("C", "z_i", "T", "p_i(T)", r"\mu", r"\mathrm{Var}_p(z)"):
        assert re.search(rf"(?<![\w\\]){re.escape(symbol)}", symbols)
        assert symbol in chapter
