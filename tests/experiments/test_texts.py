"""The committed texts: whole, distinct, of the packages they name, and collected by the code beside them."""

import ast
import hashlib
import json
import re
from functools import cache
from importlib import metadata
from itertools import islice

import numpy as np
import pytest

from kdlab.experiments import collect_texts, texts
from kdlab.experiments.texts import docs, files


@cache
def files_of(packages):
    return [file for package in packages for file in metadata.files(package)]


def installed(source, packages):
    """The installed file that a source names, found without the code under test."""
    found = {file.locate() for file in files_of(packages) if str(file).endswith(source)}
    assert len(found) == 1, source
    return found.pop()


@pytest.mark.parametrize(("load", "classes", "count"), [(docs, 6, 500), (files, 8, 40)])
def test_texts_are_distinct_and_as_many_of_each_class(load, classes, count):
    found = load()
    np.testing.assert_array_equal(np.bincount(found.labels), [count] * classes)
    assert len(found.classes) == classes
    assert len(found.texts) == len(found.sources) == len(set(found.texts)) == classes * count
    assert found.inputs.shape == (classes * count, 256)
    np.testing.assert_allclose(np.linalg.norm(found.inputs, axis=1), 1)
    assert len(np.unique(found.inputs, axis=0)) == classes * count


@pytest.mark.parametrize("name", ["docs", "files", "magika"])
def test_what_was_changed_is_refused(name, tmp_path, monkeypatch):
    content = (texts.FOLDER / f"{name}.jsonl").read_bytes()
    assert hashlib.sha256(content).hexdigest() == texts.SHA256[name]
    (tmp_path / f"{name}.jsonl").write_bytes(content.replace(b"e", b"E", 1))
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=f"{name}.jsonl must have the SHA-256 {texts.SHA256[name]}"):
        texts.lines(name)


def test_every_package_that_texts_are_from_has_its_licence():
    content = (texts.FOLDER / "LICENSES.txt").read_text(encoding="utf-8")
    headings = re.findall(r"^([a-z-]+) [\d.]+: .*\n\n-+$", content, re.MULTILINE)
    assert headings == sorted({*collect_texts.DOCUMENTED, *collect_texts.WITH_FILES, *collect_texts.WITH_FILES_ONCE})


def test_collecting_finds_the_first_paragraphs_of_docstrings():
    folders = {"scikit-learn": "sklearn"}
    documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    for row in list(islice(collect_texts.docs(), 3000))[::100]:
        package, source = row["class"], row["source"]
        assert source.startswith(folders.get(package, package) + "/")
        tree = ast.parse(installed(source, (package,)).read_bytes())
        found = [ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, documented)]
        first = {" ".join(docstring.split("\n\n")[0].split()) for docstring in found if docstring}
        assert row["text"] in first
        assert len(row["text"].split()) >= 6


def test_collecting_takes_the_two_ends_of_a_file_of_the_type_its_name_says():
    suffixes = {"js": "javascript", "md": "markdown", "py": "python"}
    for row in list(collect_texts.files())[::8]:
        suffix = row["source"].rpartition(".")[2]
        assert row["class"] == suffixes.get(suffix, suffix)
        content = installed(row["source"], collect_texts.WITH_FILES).read_bytes().decode(errors="replace")
        assert 200 <= len(content)
        assert row["text"] == (content if len(content) <= 2048 else content[:1024] + "\n" + content[-1024:])


def test_no_text_is_from_a_file_that_depends_on_the_system():
    for source in docs().sources + files().sources:
        assert ".dist-info" not in source
        assert "version" not in source
        assert "__config__" not in source
        assert not source.startswith((".", "/", "numpy"))


def test_too_few_texts_are_not_taken_for_enough():
    def three(_):
        return iter([("a.py", "one"), ("b.py", "one"), ("c.py", "two")])

    found = list(collect_texts.distinct_texts("docs", ["python"], three, 2))
    assert [row["text"] for row in found] == ["one", "two"]
    with pytest.raises(ValueError, match="python must have 3 texts; 2 were found"):
        list(collect_texts.distinct_texts("docs", ["python"], three, 3))


def test_the_collections_are_one_object_a_line():
    lines = (texts.FOLDER / "files.jsonl").read_text(encoding="utf-8").split("\n")
    assert all(set(json.loads(line)) == {"class", "source", "text"} for line in lines if line)
