"""The directive `{explore} temperature.logits`: a widget as a picture, a sentence, and what brings it to life."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
from html import escape
from pathlib import Path
from types import CodeType
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from kdlab.book import assets
from kdlab.book.fresh import of_widget
from kdlab.book.kept import folder_of, kept
from kdlab.evidence.records import read
from kdlab.explore.draw import draw, to_svg
from kdlab.explore.frames import packed_frames
from kdlab.explore.grid import packed_data, packed_grid, rounded
from kdlab.explore.palette import on_bench
from kdlab.explore.picture import Picture
from kdlab.explore.widget import Explorable, find

INLINE = 40_000  # bytes of grids that a page carries itself: those of the figures that one sees first


class explore(nodes.General, nodes.Element):
    """A widget: its static image, its sentence and its caption are children; `spec` is what the page needs."""


class Explore(SphinxDirective):
    """Put a widget into a chapter. Its content is the caption; `:alt:` says what the picture shows.

    With `:wide:` the picture has the whole width, with nothing beside it.
    """

    required_arguments = 1
    has_content = True
    option_spec = {"alt": directives.unchanged_required, "ask": directives.positive_int, "wide": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Evaluate the widget: the starting picture, the grid and the answer to its question."""
        try:
            widget = find(self.arguments[0])
            picture = widget.picture()
            spec = specification(widget, self.options.get("ask"))
            packed = packs_of(widget.name, folder_of(self.env.app))
        except (ValueError, TypeError, FileNotFoundError) as error:
            raise self.error(str(error)) from error
        if not self.options.get("alt", "").strip():
            raise self.error(f"the widget {widget.name} needs an :alt: that says what its picture shows.")
        packs = {"data": packed["data"]} if packed["data"] else {}
        for name in ("grid", "frames"):
            beyond = self._beyond_the_page(len(packed[name]))
            spec[name] = "" if beyond else packed[name]
            if beyond:
                packs[name] = packed[name]
        number = self.env.new_serialno("explore") + 1
        times = self.env.new_serialno(f"explore {widget.name}")  # it may stand twice on a page, with other questions
        place = widget.name.replace(".", "-") + (f"-{times + 1}" if times else "")
        node = explore(spec=spec, name=widget.name, place=place, title=widget.title, number=number, packs=packs)
        node["classes"] += ["kd-widget", "kd-wide"] if "wide" in self.options else ["kd-widget"]
        self.set_source_info(node)
        image = nodes.image(
            uri=self._drawn(widget.name, picture), alt=self.options["alt"], candidates={}, classes=["kd-static"]
        )
        self.set_source_info(image)
        caption = nodes.container(classes=["kd-caption"])
        self.state.nested_parse(self.content, self.content_offset, caption)
        node += [image, nodes.paragraph(text=picture.sentence, classes=["kd-sentence"]), caption]
        return [node]

    def _beyond_the_page(self, size: int) -> bool:
        """Return whether a grid of this size is too much for the page, and count it if not."""
        carried = self.env.temp_data.get("kdlab_grids", 0)
        if carried + size > INLINE:
            return True
        self.env.temp_data["kdlab_grids"] = carried + size
        return False

    def _drawn(self, name: str, picture: Picture) -> str:
        """Write the picture for the web and for PDF; return the path both share, relative to the chapter."""
        folder = Path(self.env.doctreedir) / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.svg").write_text(on_bench(to_svg(picture)), encoding="utf-8")
        draw(picture).savefig(folder / f"{name}.pdf", metadata={"CreationDate": None})
        chapter_folder = Path(self.env.doc2path(self.env.docname)).parent
        return os.path.relpath(folder / f"{name}.*", chapter_folder)


def packs_of(name: str, kept_in: Path) -> dict[str, str]:
    """Return what a page carries of a widget, packed: its "grid", "frames" and "data", made if they are not kept."""

    def make() -> str:
        widget = find(name)
        return json.dumps({"grid": packed_grid(widget), "frames": packed_frames(widget), "data": packed_data(widget)})

    return json.loads(kept(kept_packs(name, kept_in), make))


def kept_packs(name: str, kept_in: Path) -> Path:
    """Return where the packs of a widget as it stands are kept."""
    return kept_in / f"{name}.{of_widget(name)}.json"


def specification(widget: Explorable, ask: int | None = None) -> dict[str, Any]:
    """Return all that the page needs to bring the widget to life, but for its grid and its data."""
    return {
        "name": widget.name,
        "controls": [{"name": name} | control.to_json() for name, control in widget.controls.items()],
        "questions": _questions(widget, ask),
        "stops": [stop.to_json() for stop in widget.stops],
        "measured": widget.measured,
        "source": widget.source,
        "core": [] if widget.measured else [{"name": name, "html": _coloured(code)} for name, code in core_of(widget)],
        "picture": rounded(widget.shown(widget.settings())),
    }


def _questions(widget: Explorable, ask: int | None) -> list[dict[str, Any]]:
    """Return the questions of a widget, each with its number in it; with `ask` that one alone, asked first of all."""
    asked = [question.to_json() | {"number": i} for i, question in enumerate(widget.predict)]
    if ask is None:
        return asked
    if ask > len(asked):
        raise ValueError(f"ask must be at most {len(asked)}, the questions of {widget.name}; {ask} was given.")
    return [asked[ask - 1] | {"before": "open"}]


def _coloured(code: str) -> str:
    return highlight(code, PythonLexer(), HtmlFormatter(nowrap=True))


def core_of(widget: Explorable) -> list[tuple[str, str]]:
    """Return the mathematics behind a widget: the functions of kdlab.core that it calls, by name, with their source.

    What it calls are the doors: the core's function of the same name does the work. Of one that plays the step comes
    first.
    """
    found: dict[str, str] = {}
    seen, waiting = set(), [widget.controls[widget.play].step] if widget.play else []
    waiting.append(widget.function)
    while waiting:
        function = waiting.pop(0)
        if function in seen:
            continue
        seen.add(function)
        if function.__module__.startswith("kdlab.explore."):
            named = (function.__globals__.get(name) for name in _names_in(function.__code__))
            waiting += [each for each in named if inspect.isfunction(each)]
            continue
        module = inspect.getmodule(function)
        core = module if module.__name__.startswith("kdlab.core.") else getattr(module, "core", None)
        if inspect.isfunction(mathematics := getattr(core, function.__name__, None)):
            found[f"{core.__name__}.{function.__name__}"] = inspect.getsource(mathematics)
    return list(found.items())


def _names_in(code: CodeType) -> list[str]:
    """Return the names that a function uses, those of what is defined inside it as well."""
    inner = [name for const in code.co_consts if isinstance(const, CodeType) for name in _names_in(const)]
    return [*code.co_names, *inner]


def provenance(experiment: str, to_static: str) -> str:
    """Return, as HTML, where a widget's measured numbers come from: question, seeds, command, versions, code."""
    record = read(experiment)
    rows = {
        "Question": record.question,
        "Seeds": ", ".join(str(seed) for seed in record.seeds),
        "Intervals": "95 % t intervals of the mean over seeds, not corrected for multiplicity",
        "Command": record.command,
        "Time": f"{record.duration_seconds:.0f} s",
        "Versions": ", ".join(f"{name} {version}" for name, version in record.versions.items()),
        "Hash of the code": record.code_hash,
    }
    table = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in rows.items())
    link = f'<a href="{to_static}kdlab/{assets.record(experiment)}">The record, with every seed</a>'
    summary = "<summary>Where these numbers come from</summary>"
    return f'<details class="kd-provenance">{summary}<dl>{table}</dl><p>{link}</p></details>'


def visit_html(self: Any, node: explore) -> None:
    """Open the figure that holds the widget."""
    name = f"<b>Figure {node['number']}</b> <span>{escape(node['title'])}</span>"
    self.body.append(f'<figure class="{" ".join(node["classes"])}" id="widget-{node["place"]}">')
    self.body.append(f'<header class="kd-head">{name}</header>')


def depart_html(self: Any, node: explore) -> None:
    """Close the figure; the data come last, so that the picture is there before them."""
    spec = dict(node["spec"])
    if spec["measured"]:
        to_static = "../" * self.builder.current_docname.count("/") + "_static/"
        self.body.append(provenance(spec["measured"], to_static))
    else:
        modules = sorted({core["name"].rpartition(".")[0] for core in spec["core"]}) or ["NumPy"]
        self.body.append(f'<p class="kd-from">computed here, by {escape(", ".join(modules))}</p>')
    for what, packed in node["packs"].items():
        spec[{"grid": "pack", "frames": "framesPack", "data": "data"}[what]] = _write_pack(
            Path(self.builder.outdir), f"{node['name']}.{what}", packed
        )
    data = json.dumps(spec, separators=(",", ":")).replace("</", "<\\/")
    self.body.append(f'<script type="application/json" class="kd-spec">{data}</script></figure>')


def _write_pack(folder: Path, name: str, packed: str) -> str:
    """Write a script that brings this text into the page; return its file name, which holds its hash."""
    packs = folder / "_static" / "kdlab" / "packs"
    packs.mkdir(parents=True, exist_ok=True)
    file = f"{name}.{hashlib.sha256(packed.encode()).hexdigest()[:12]}.js"
    for old in packs.glob(f"{name}.*.js"):
        old.unlink()
    (packs / file).write_text(f"kdlabPack({json.dumps(name)}, {json.dumps(packed)});\n", encoding="utf-8")
    return file


def pass_through(self: Any, node: explore) -> None:
    """Outside HTML a widget is its picture, its sentence and its caption."""


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_directive("explore", Explore)
    plain = (pass_through, pass_through)
    app.add_node(explore, html=(visit_html, depart_html), latex=plain, text=plain, man=plain, texinfo=plain)
