"""The directive `{exercise} temperature/softmax`: an exercise to read on paper, and to solve and check in the page."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from kdlab.book import assets
from kdlab.files import write_bytes
from kdlab.practice import download, folder, instructor, page

BELOW_SECTION = 2  # the exercise's own title stands below a section of the chapter


class exercise(nodes.General, nodes.Element):
    """An exercise: its text, starters and hints are children; `data` is what the page needs to check answers."""


class staged_hint(nodes.General, nodes.Element):
    """One hint, closed until it is asked for."""


class Exercise(SphinxDirective):
    """Put an exercise of exercises/ into a chapter."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the folder; its public cases come from running the reference and the wrong solutions."""
        name = self.arguments[0]
        path = Path(self.env.srcdir) / "exercises" / name
        try:
            read = folder.read(path)
            paper = page.public_paper(read)
        except ValueError as error:
            raise self.error(str(error)) from error
        for file in sorted(path.rglob("*")):
            if file.is_file():  # Sphinx takes a folder for a file that is missing, and would read the chapter each time
                self.env.note_dependency(str(file))
        data = page.page(paper)
        # its numbers are drawn or worked out, not measured
        node = exercise(data=data, identifier=f"exercise-{name.replace('/', '-')}", classes=["worked-example"])
        node["folder"] = str(path)
        self.set_source_info(node)
        points = sum(question["points"] for question in data["practice"]["questions"])
        node += nodes.paragraph(
            text=f"{read.rung.capitalize()} · about {read.minutes} minutes · {points:g} points",
            classes=["kd-exercise-facts"],
        )
        functions = {function["function"]: function for function in data["functions"]}
        for part in data["text"]:
            if part["kind"] == "text":
                self._markdown(part["source"], path, node)
            elif part["kind"] == "given":
                node += nodes.literal_block(part["source"], part["source"], language="python")
            else:
                node += self._function(functions[part["function"]], path, node["identifier"])
        return [node]

    def _function(self, function: dict[str, Any], path: Path, identifier: str) -> nodes.Node:
        """Return the place of one function: its starter, and its hints one after the other."""
        place = nodes.container(classes=["kd-function"], ids=[f"{identifier}-{function['function']}"])
        if function["ask"]:
            place += self._asked(function["ask"])
        place += nodes.literal_block(function["starter"], function["starter"], language="python")
        for i, text in enumerate(function["hints"], 1):
            closed = staged_hint(title=f"Hint {i} of {len(function['hints'])}")
            self._markdown(text, path, closed)
            place += closed
        return place

    def _asked(self, ask: dict[str, Any]) -> nodes.Node:
        """Return a question with its options and reasons, for paper: in the page a form takes its place."""
        asked = nodes.container(classes=["kd-asked"])
        asked += nodes.paragraph(text=ask["question"])
        if ask["kind"] == "curve":
            asked += nodes.paragraph(text=ask["how"])
            return asked
        if ask["options"]:
            asked += _numbered(ask["options"])
        else:
            asked += nodes.paragraph(
                text=f"A number from {ask['low']:g} to {ask['high']:g} {ask['unit']}".rstrip() + "."
            )
        asked += nodes.paragraph(text="Why?")
        asked += _numbered(ask["reasons"])
        return asked

    def _markdown(self, text: str, path: Path, node: nodes.Element) -> None:
        part = nodes.container()
        self.state.nested_parse(StringList(text.splitlines(), source=str(path / "exercise.md")), 0, part)
        for heading in part.findall(nodes.rubric):
            heading["level"] += BELOW_SECTION
        node += part.children


def _numbered(texts: list[str]) -> nodes.Node:
    items = [nodes.list_item("", nodes.paragraph(text=text)) for text in texts]
    return nodes.enumerated_list("", *items, enumtype="arabic")


def visit_exercise(self: Any, node: exercise) -> None:
    """Open the section that holds the exercise."""
    self.body.append(f'<section class="kd-exercise" id="{node["identifier"]}" aria-label="{node["data"]["title"]}">')


def depart_exercise(self: Any, node: exercise) -> None:
    """Write its files beside the page and link to its download; the data come last."""
    data, read, outdir = node["data"], folder.read(Path(node["folder"])), self.builder.outdir
    plain = data["exercise"].replace("/", "-")
    archive = write_beside(f"{plain}.zip", download.zipped(download.student_files(page.public_paper(read))), outdir)
    address = "../" * self.builder.current_docname.count("/") + f"_static/kdlab/{archive}"
    link = f'<a href="{address}" download="{plain}.zip">Download it as a notebook</a>'
    self.body.append(
        f'<p class="kd-exercise-download">{link}, with the public checks, to work on your own machine.</p>'
    )
    if not self.config.kdlab_course:
        whole = json.dumps(page.whole(read), separators=(",", ":")).encode()
        data = data | {"whole": write_beside(f"{plain}.json", whole, outdir)}
    data = json.dumps(data, separators=(",", ":")).replace("</", "<\\/")
    self.body.append(f'<script type="application/json" class="kd-exercise-data">{data}</script></section>')


def visit_hint(self: Any, node: staged_hint) -> None:
    """Open a hint, closed for the reader."""
    self.body.append(f'<details class="kd-hint"><summary>{node["title"]}</summary>')


def depart_hint(self: Any, node: staged_hint) -> None:
    """Close it."""
    self.body.append("</details>")


def pass_through(self: Any, node: nodes.Element) -> None:
    """Outside HTML an exercise is its text."""


def write_beside(name: str, data: bytes, outdir: Path) -> str:
    """Write a file of an exercise into the built book, under a name of its content; return where it is, of our own."""
    target = Path(outdir) / "_static" / "kdlab" / "exercises" / assets.hashed(name, data)
    write_bytes(target, data)
    assets.forget_others(target)
    return f"exercises/{target.name}"


def setup(app: Sphinx) -> None:
    """Register the directive and its nodes."""
    app.add_directive("exercise", Exercise)
    # a book for a course ships public checks alone; one for self-study hides nothing
    app.add_config_value("kdlab_course", bool(os.environ.get(instructor.VARIABLE)), "env", bool)
    plain = (pass_through, pass_through)
    for node, html in ((exercise, (visit_exercise, depart_exercise)), (staged_hint, (visit_hint, depart_hint))):
        app.add_node(node, html=html, latex=plain, text=plain, man=plain, texinfo=plain)
