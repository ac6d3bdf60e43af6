"""The page on where libraries disagree: each row names a test, which exists."""

import ast
from pathlib import Path

import pytest
from mechanisms import MECHANISMS

from kdlab.book.peers import in_myst, read_peers

REPOSITORY = Path(__file__).parents[2]
PEERS = read_peers(REPOSITORY / "chapters" / "appendix" / "peers.toml")


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.shown_by.rpartition("::test_")[2])
def test_the_test_exists_and_is_not_on_the_page(peer):
    file, _, name = peer.shown_by.partition("::")
    tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert Path(file).stem.removeprefix("test_") in MECHANISMS
    assert Path(file).stem.removeprefix("test_") == peer.mechanism.lower().replace(" ", "_").replace("-", "_")
    assert "tests/" not in in_myst(peer)


def test_no_row_stands_twice():
    assert len({(peer.mechanism, peer.quantity) for peer in PEERS}) == len(PEERS) > 0


def test_a_row_that_lacks_something_is_refused(tmp_path):
    path = tmp_path / "peers.toml"
    path.write_text("[[peer]]\nmechanism = 'Pruning'\n", encoding="utf-8")
    with pytest.raises(ValueError, match="peer 1 must have a quantity"):
        read_peers(path)
