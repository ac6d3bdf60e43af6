"""The page on where libraries disagree: each row names a test, which exists."""

import ast
import re
from pathlib import Path

import pytest
from mechanisms import MECHANISMS

REPOSITORY = Path(__file__).parents[2]
TEXT = (REPOSITORY / "chapters" / "appendix" / "peers.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)


def rows():
    """Return the cells of each row of every table."""
    found = [re.split(r"\n  - ", row.strip()) for row in re.split(r"^\* - ", TEXT, flags=re.MULTILINE)[1:]]
    return [row for row in found if row[0] != "Quantity"]


def test_every_row_is_whole_and_names_one_test():
    assert rows()
    assert len(NAMED) == len(rows())
    for row in rows():
        assert len(row) == 5
        assert all(cell.strip() for cell in row)
        assert re.match(r"`tests/[\w/]+\.py::\w+`", row[4])


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_the_test_exists(file, name):
    tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert Path(file).stem.removeprefix("test_") in MECHANISMS
