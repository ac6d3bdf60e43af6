"""Mathematics, set when the book is built: LaTeX becomes MathML, which browsers set by themselves, without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

# environments that number their lines, in those that do not: numbers are Sphinx's, of labels
INNER = {"align": "aligned", "split": "aligned", "gather": "gathered", "equation": "gathered", "multline": "gathered"}
ENVIRONMENT = re.compile(r"(\\(?:begin|end)\{)([a-z]+)\*?")
LONG = 20  # characters of a formula in a line that may break
RELATIONS = "=≤≥<>≈→←∈∼≔"
# letters that lean over what follows, by how much in hundredths of an em; browsers leave no room for it
LEANING = {letter: room for room, letters in {8: "CEHIJKMNSUXZf", 14: "FPTW", 21: "VY"}.items() for letter in letters}
logger = logging.getLogger(__name__)
converter = LatexToMathML(fancy_error=False)


def formulas(node: nodes.math | nodes.math_block) -> list[str]:
    """Return a formula as MathML, in the parts between which a line may break; warn if it cannot be set."""
    block = isinstance(node, nodes.math_block)
    lines = [line.strip() for line in node.astext().split("\n\n") if line.strip()]
    latex = ENVIRONMENT.sub(lambda name: name[1] + INNER.get(name[2], name[2]), r"\\".join(lines))
    if block and r"\\" in latex and r"\begin" not in latex:
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"
    try:
        written = converter.convert_with_local_state(latex, displaystyle=block)
    except LatexError as error:
        logger.warning("the formula %s cannot be set: %s", latex, error, location=node)
        return []
    math = ElementTree.fromstring(written.replace("&ApplyFunction;", "\u2061"))
    for letter in math.iter("mi"):
        if letter.text in LEANING:
            letter.set("class", f"kd-i{LEANING[letter.text]}")
    parts = [math]
    if block:
        parts = apart(math, before=_is_wide_space)
    elif len("".join(math.itertext())) > LONG:
        parts = apart(math, before=_is_relation)
    return [ElementTree.tostring(part, encoding="unicode") for part in parts]


def apart(math: ElementTree.Element, before: Callable[[ElementTree.Element], bool]) -> list[ElementTree.Element]:
    """Return a formula in parts: each but the first begins with such an element, or after it if it is a space."""
    parts = [ElementTree.Element("math", math.attrib)]
    for child in math:
        begins = before(child) and len(parts[-1])
        if begins:
            parts.append(ElementTree.Element("math", math.attrib))
        if not begins or child.tag != "mspace":
            parts[-1].append(child)
    return parts


def _is_wide_space(element: ElementTree.Element) -> bool:
    return element.get("width") in ("1em", "2em")


def _is_relation(element: ElementTree.Element) -> bool:
    return element.tag == "mo" and element.text in RELATIONS


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line, which may break before a relation."""
    parts = "<wbr>".join(f'<span class="kd-math notranslate">{part}</span>' for part in formulas(node))
    self.body.append(parts)
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, whose parts go below each other and scroll if the page is narrow, and its number."""
    self.body.append(self.starttag(node, "div", CLASS="kd-equation notranslate"))
    self.body.append('<div class="kd-parts">' + "".join(f"<div>{part}</div>" for part in formulas(node)) + "</div>")
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the renderer; with one besides MathJax's, Sphinx takes it."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
