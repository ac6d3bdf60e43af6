"""The words of the book: chapters/appendix/glossary.md says what each means; each section links the first use of one.

front/glossary.js shows the meaning where the word is used. The page carries the meanings of the words that it has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx_design.dropdown import dropdown_title

from kdlab.book.cards import card
from kdlab.book.numbers import number

PAGE = "chapters/appendix/glossary"
BANDS = re.compile(r"chapters/(principles|compression|interplay|applications)/")
ENTRY = re.compile(r"^(?! )(\S.*)\n((?: +.+\n)+)", re.MULTILINE)
# words stand in prose: in none of these, and in no title of what opens, which is a button
NOT_PROSE = (
    card,
    nodes.title,
    nodes.rubric,
    number,
    nodes.reference,
    addnodes.pending_xref,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.Invisible,
    nodes.footnote,
    nodes.system_message,
    dropdown_title,
)
MARKUP = re.compile(r"\{doc\}`([^<`]*?)(?:\s*<[^>]*>)?`|[`*]")


def read_glossary(text: str) -> dict[str, str]:
    r"""Return what each word means, from the source of the page, without its markup.

    Examples
    --------
    >>> read_glossary("```{glossary}\ntemperature\n  What *logits* are\n  divided by.\n```\n")
    {'temperature': 'What logits are divided by.'}
    """
    inside = text.partition("```{glossary}\n")[2].partition("\n```")[0] + "\n"
    return {word: _plain(" ".join(meaning.split())) for word, meaning in ENTRY.findall(inside)}


def _plain(text: str) -> str:
    # where a word stands first is for the page of the glossary
    return MARKUP.sub("", text.partition(" First in ")[0])


def pattern(words: list[str]) -> re.Pattern[str]:
    """Return what finds these words in a text, also in the plural; of two that begin alike, the longer one."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, ordered))})(?:s|es)?(?![\w-])", re.IGNORECASE)


class LinkWords(SphinxTransform):
    """Link the first use of each word in each large section of a chapter; only the first of the page is a tab stop."""

    default_priority = 500

    def apply(self, **_options: Any) -> None:
        """Look at each section's prose."""
        path = Path(self.env.srcdir) / f"{PAGE}.md"
        if not BANDS.match(self.env.docname) or not path.is_file():
            return
        self.env.note_dependency(str(path))
        meanings = read_glossary(path.read_text(encoding="utf-8"))
        words = {word.lower(): word for word in meanings}
        found = pattern(list(meanings))
        on_page: set[str] = set()
        for texts in _large_sections(self.document):
            in_section: set[str] = set()
            for text in texts:
                parts = list(_linked(text.astext(), found, words, in_section, on_page, self.env.docname))
                if len(parts) > 1:
                    text.parent.replace(text, parts)
        if on_page:
            used = {word: meanings[word] for word in sorted(on_page)}
            data = json.dumps(used, ensure_ascii=False).replace("</", "<\\/")
            html = f'<script type="application/json" class="kd-meanings">{data}</script>'
            self.document += nodes.raw("", html, format="html")


def _large_sections(document: nodes.document) -> Iterator[list[nodes.Text]]:
    """Yield the prose of the opening of a chapter, and that of each section right below it."""
    for chapter in document.children:
        if isinstance(chapter, nodes.section):
            parts = [child for child in chapter.children if isinstance(child, nodes.section)]
            yield [text for child in chapter.children if child not in parts for text in _prose(child)]
            yield from ([text for child in part.children for text in _prose(child)] for part in parts)


def _prose(node: nodes.Node) -> Iterator[nodes.Text]:
    """Yield the texts of a node that are prose."""
    if isinstance(node, NOT_PROSE):
        return
    for child in node.children:
        if isinstance(child, nodes.Text) and isinstance(node, nodes.TextElement):
            yield child
        else:
            yield from _prose(child)


def _linked(
    text: str, found: re.Pattern[str], words: dict[str, str], in_section: set[str], on_page: set[str], docname: str
) -> Iterator[nodes.Node]:
    """Yield a text in parts, some of them links; note the words in the two sets."""
    end = 0
    for match in found.finditer(text):
        word = words[match[1].lower()]
        if word in in_section:
            continue
        yield nodes.Text(text[end : match.start()])
        yield _link(word, match[0], docname, first=word not in on_page)
        end = match.end()
        in_section.add(word)
        on_page.add(word)
    yield nodes.Text(text[end:])


def _link(word: str, shown: str, docname: str, *, first: bool) -> nodes.Node:
    link = addnodes.pending_xref(
        "", refdomain="std", reftype="term", reftarget=word, refdoc=docname, refwarn=True, refexplicit=True
    )
    link += nodes.inline(shown, shown, classes=["kd-term" if first else "kd-term-again"])
    return link


def mend_links(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the class on the link itself; who has met a word on a page needs not stop at it by Tab again."""
    if "body" in context:
        body = re.sub(
            r'<a class="([^"]*)" (href="[^"]*")[^>]*><span class="kd-term">(.*?)</span></a>',
            r'<a class="\1 kd-term" \2>\3</a>',
            context["body"],
        )
        context["body"] = re.sub(
            r'<a class="([^"]*)" (href="[^"]*")[^>]*><span class="kd-term-again">(.*?)</span></a>',
            r'<a class="\1 kd-term" tabindex="-1" \2>\3</a>',
            body,
        )


def setup(app: Sphinx) -> None:
    """Connect it."""
    app.add_transform(LinkWords)
    app.connect("html-page-context", mend_links)
