"""Small books, built by the book's own command and settings, from a copy of kdlab, with no network to be had."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
NOTEBOOK = """\
---
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
---
"""
WIDGETS = '''\
"""Widgets of the small books."""

import numpy as np

from kdlab.explore.controls import Choice, Slider
from kdlab.explore.questions import Estimate, Pick
from kdlab.explore.widget import explorable
from kdlab.explore.measured import record
from kdlab.explore.picture import Axis, Line, Picture

def line(y, sentence="A line."):
    return Picture(Axis("x"), Axis("y"), (Line(np.arange(len(y)), y),), sentence)

@explorable(height=Slider(0.0, 1.0, value=0.5, label="height", steps=3))
def good(height):
    return line([height, height], f"The line lies at {height:g}.")

@explorable(seed=Slider(0.0, 1000.0, value=0.0, label="seed", steps=1000))
def too_large(seed):
    return line(np.random.default_rng(int(seed)).random(100))

@explorable(measured="nothing", unit=Choice(("a", "b"), value="a", label="unit"))
def not_measured(unit):
    return line(record("nothing").seeds)

@explorable(
    predict=Estimate("How high?", low=0.0, high=1.0, answer=lambda: 2.0, within=0.1, because="It is."),
    height=Slider(0.0, 1.0, value=0.5, label="height", steps=3),
)
def beyond_the_question(height):
    return line([height, height])

@explorable(
    predict=Pick("Which?", options=("this", "that"), answer=lambda: 2, because="It is."),
    height=Slider(0.0, 1.0, value=0.5, label="height", steps=3),
)
def no_such_option(height):
    return line([height, height])

@explorable(height=Slider(0.0, 1.0, value=0.5, label="height", steps=3))
def not_numbers(height):
    return line(["high", "higher"])
'''
# Importing Sphinx and its extensions takes longer than building a small book, so one process imports them, once for all
# tests, and forks a child for every book; each child runs the command from its start, with a kdlab of its own.
BUILDER = """
import importlib, json, multiprocessing, os, sys, traceback
import yaml
import sphinx.builders.html, matplotlib.backends.backend_agg, matplotlib.backends.backend_pdf, scipy.stats
from jupyter_book.cli.main import main

def build(book):
    folder, house, environment = book
    multiprocessing.current_process()._config["daemon"] = False  # a daemon may have no children, and a build has some
    os.environ.clear()
    os.environ.update(environment)
    sys.path.insert(0, house)
    out = os.open(os.path.join(folder, "out.txt"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(folder)
    try:
        main(["build", ".", "-W", "--keep-going"])
    except SystemExit as end:
        return end.code or 0
    except BaseException:
        traceback.print_exc()
        return 1

if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        for extension in yaml.safe_load(file)["sphinx"]["config"]["extensions"]:
            importlib.import_module(extension)
    for name in [name for name in sys.modules if name.partition(".")[0] == "kdlab"]:
        del sys.modules[name]
    for line in sys.stdin:
        with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:
            print(json.dumps(pool.map(build, json.loads(line), chunksize=1)), flush=True)
"""


@dataclass
class Built:
    """What came of building a book."""

    folder: Path
    code: int
    output: str

    @property
    def read(self) -> list[str]:
        """Return the chapters that were read."""
        return re.findall(r"reading sources\.\.\. \[ *\d+%\] (\S+)", self.output)

    @property
    def problems(self) -> list[str]:
        """Return the warnings and errors, each with its place."""
        return re.findall(r"^.*(?:WARNING|ERROR): .*$", self.output.replace(f"{self.folder}/", ""), re.MULTILINE)

    def page(self, name: str) -> str:
        """Return a built page."""
        return (self.folder / "_build" / "html" / "chapters" / f"{name}.html").read_text(encoding="utf-8")


class House:
    """A copy of kdlab and its results, with a few widgets more, and the books that are built with it."""

    def __init__(self, folder: Path, builder: subprocess.Popen):
        self.folder, self.builder = folder, builder
        leave_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / "kdlab", folder / "kdlab", ignore=leave_out)
        shutil.copytree(REPOSITORY / "results", folder / "results")
        (folder / "kdlab" / "explore" / "small.py").write_text(WIDGETS, encoding="utf-8")
        # no source of the runtime answers: an empty folder, a closed port, and a pip that finds nothing
        (folder / "no_runtime").mkdir()
        (folder / "pip.py").write_text("raise SystemExit('there is no package index')\n", encoding="utf-8")
        # checking an exercise in this process may have set how Matplotlib draws; a reader's shell has not
        shell = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
        self.environment = shell | {
            "PYTHONPATH": str(folder),
            "KDLAB_PYODIDE": str(folder / "no_runtime"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "https_proxy": "http://127.0.0.1:9",
        }

    def write(self, name: str, **pages: str) -> Path:
        """Write a book of these chapters, the first of them its root, with the settings of the real one."""
        book = self.folder / "books" / name
        (book / "chapters").mkdir(parents=True)
        shutil.copy(REPOSITORY / "_config.yml", book)
        root, *others = pages
        toc = f"format: jb-book\nroot: chapters/{root}\n"
        if others:
            toc += "chapters:\n" + "".join(f"- file: chapters/{other}\n" for other in others)
        (book / "_toc.yml").write_text(toc, encoding="utf-8")
        fields = "author = {Someone, A.}, title = {A book}, publisher = {A press}, year = {2020}"
        (book / "references.bib").write_text(f"@book{{someone2020, {fields}}}\n", encoding="utf-8")
        for page, text in pages.items():
            (book / "chapters" / f"{page}.md").write_text(text, encoding="utf-8")
        return book

    def build(self, *books: Path) -> list[Built]:
        """Build books as `make html` does."""
        tasks = [(str(book), str(self.folder), self.environment) for book in books]
        print(json.dumps(tasks), file=self.builder.stdin, flush=True)
        codes = json.loads(self.builder.stdout.readline())
        plain = [re.sub(r"\x1b\[[\d;]*m", "", (book / "out.txt").read_text(encoding="utf-8")) for book in books]
        return [Built(*built) for built in zip(books, codes, plain, strict=True)]


@pytest.fixture(scope="session")
def builder():
    """Return the process that builds books: tasks in, one line of JSON each, and exit codes out."""
    command = [sys.executable, "-c", BUILDER, str(REPOSITORY / "_config.yml")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory, builder) -> House:
    return House(tmp_path_factory.mktemp("house"), builder)
