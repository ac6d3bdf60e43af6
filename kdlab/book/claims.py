"""The directive `claims`: the ledger, every statement of the article with what became of it.

The statements stand in a TOML file beside the page, in the article's order; what is empty may be left out:

    [[claim]]
    section = "Hybrid Distillation Objectives"        # of the article
    statement = "One sentence."
    verdict = "holds if"                            # or "holds", "fails", or "open": not recorded yet
    condition = "When it holds, or what is true instead; empty if it simply holds or is open."
    basis = "The derivation in a sentence, or the source; of an open statement, what would decide it."
    chapter = "principles/dark_knowledge"           # a link where the book has it
    effects = ["dark_knowledge: kd - flat accuracy"] # as the role `measured` names them
    shown_by = ["tests/test_dark_knowledge.py::test_name"]
    remark = "What a reader should know besides."
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from kdlab.book.entries import entry_of
from kdlab.book.measured import words
from kdlab.book.numbers import Ledger, said_in
from kdlab.book.section import section
from kdlab.evidence.records import RESULTS, read

# in the order of the page: what is wrong in the article is what a reader should see first
VERDICTS = {
    "fails": "It fails",
    "holds if": "It holds under a condition",
    "holds": "It holds",
    "open": "It is open",
}


class ledger_row(nodes.General, nodes.Element):
    """A claim: its statement, and what is behind it."""


class verdict_bars(nodes.General, nodes.Element):
    """The count of the verdicts of `claims`, on the page of the ledger."""


class ledger_statement(nodes.TextElement):
    """The sentence of a claim, with its `number` and its `verdict`."""


@dataclass(frozen=True)
class Claim:
    """A statement of the article; the fields are those of the file."""

    section: str
    statement: str
    verdict: str
    basis: str
    condition: str = ""
    chapter: str = ""
    effects: list[str] = field(default_factory=list)
    shown_by: list[str] = field(default_factory=list)
    remark: str = ""


def read_claims(path: Path) -> list[Claim]:
    """Read the ledger.

    Parameters
    ----------
    path : Path
        The TOML file.

    Returns
    -------
    list of Claim
        In the order of the file.

    Raises
    ------
    ValueError
        If the file is no TOML or holds no claim; or if a claim lacks a field or has one that is unknown or of the
        wrong type, has an unknown verdict, has nothing to show for it, or has a condition where there can be none, or
        none where it needs one.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("claim", [])
    if not entries:
        raise ValueError(f"{path.name} must hold at least one [[claim]].")
    return [claim_of(entry, f"claim {number}") for number, entry in enumerate(entries, start=1)]


def claim_of(entry: dict[str, Any], name: str) -> Claim:
    """Return a claim of the file, or say by its name what is wrong with it."""
    claim = entry_of(Claim, entry, name)
    if claim.verdict not in VERDICTS:
        raise ValueError(f"verdict of {name} must be one of {', '.join(VERDICTS)}; {claim.verdict!r} was given.")
    if bool(claim.condition) != (claim.verdict in ("holds if", "fails")):
        raise ValueError(f"condition of {name} must be given exactly if it holds only if, or fails.")
    if claim.verdict != "open" and not (claim.effects or claim.shown_by or "{cite:" in claim.basis):
        raise ValueError(f"{name} must rest on a source, an experiment or a test.")
    return claim


def tally(claims: Sequence[Claim]) -> str:
    """Count the verdicts in a sentence."""
    count = Counter(claim.verdict for claim in claims)
    return (
        f"Of {len(claims)} statements {count['holds']} hold, {count['holds if']} hold under a condition, "
        f"{count['fails']} fail, and {count['open']} are open."
    )


def by_verdict(claims: Sequence[Claim]) -> dict[str, list[tuple[int, Claim]]]:
    """Return the claims with their numbers, what fails first."""
    found: dict[str, list[tuple[int, Claim]]] = {verdict: [] for verdict in VERDICTS}
    for number, claim in enumerate(claims, start=1):
        found[claim.verdict].append((number, claim))
    return {verdict: of_this for verdict, of_this in found.items() if of_this}


def behind(claim: Claim, found_docs: set[str]) -> str:
    """Write in MyST what is behind a claim: a list."""
    lines = []
    if claim.condition:
        lines.append(f"- *{'If' if claim.verdict == 'holds if' else 'Instead'}:* {claim.condition}")
    lines.append(f"- *{'To decide it' if claim.verdict == 'open' else 'Why'}:* {claim.basis}")
    lines += [f"- *Measured:* {sentence}" for sentence in measured(claim)]
    lines += [f"- *Shown by:* {in_words(test)}" for test in claim.shown_by]
    if claim.remark:
        lines.append(f"- *Note:* {claim.remark}")
    if found := links(claim, found_docs):
        lines.append(f"- *See:* {', '.join(found)}")
    return "\n".join(lines)


def measured(claim: Claim) -> list[str]:
    """Say each effect in words: what was compared, the mean with its interval, and on how many seeds it was larger."""
    sentences = []
    for effect in claim.effects:
        wins = f", larger on {{measured}}`{effect} wins` seeds" if " - " in effect else ""
        sentences.append(f"{{compared}}`{effect}` {{measured}}`{effect}`{wins}")
    return sentences


def in_words(test: str) -> str:
    """Write the name of a test as the sentence that it is; as a name it is too long for a line.

    Examples
    --------
    >>> in_words("tests/test_temperature.py::test_heat_spreads")
    '`heat spreads` in `tests/test_temperature.py`'
    """
    path, _, name = test.partition("::test_")
    return f"`{name.replace('_', ' ')}` in `{path}`"


def links(claim: Claim, found_docs: set[str]) -> list[str]:
    """Return links to the chapter and the code, as far as the book has them, and to the records."""
    found = []
    mechanism = claim.chapter.rpartition("/")[2]
    for doc, text in ((f"chapters/{claim.chapter}", "chapter"), (f"chapters/appendix/api/{mechanism}", "code")):
        if doc in found_docs:
            found.append(f"{{doc}}`{text} </{doc}>`")
    for name in experiments(claim):
        found += [
            f"{{download}}`record of {name} </results/{name}.json>`",
            f"{{download}}`its code </kdlab/experiments/{name}.py>`",
        ]
    return found


def experiments(claim: Claim) -> list[str]:
    """Return the names of the experiments whose effects the claim shows, each once."""
    return list(dict.fromkeys(effect.partition(":")[0] for effect in claim.effects))


def check_effects(claims: Sequence[Claim]) -> None:
    """Raise a ValueError that names the claim if the record does not hold one of its effects, or there is none."""
    for number, claim in enumerate(claims, start=1):
        for effect in claim.effects:
            name, _, wanted = effect.partition(":")
            try:
                words(read(name), wanted.strip())
            except (ValueError, FileNotFoundError) as error:
                raise ValueError(f"claim {number}: {error}") from error


class Claims(SphinxDirective):
    """Put the ledger here, from the file that is named."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the ledger, or an error that names the claim."""
        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        try:
            claims = read_claims(Path(path))
            check_effects(claims)
        except (ValueError, FileNotFoundError) as error:
            return [self.state.document.reporter.error(str(error), line=self.lineno)]
        for claim in claims:
            for name in experiments(claim):
                self.env.note_dependency(str(RESULTS / f"{name}.json"))
        self.env.kdlab_ledger = Ledger(self.env.docname, rows_of(claims))
        return [nodes.paragraph("", tally(claims)), *(self._group(*group) for group in by_verdict(claims).items())]

    def _group(self, verdict: str, claims: list[tuple[int, Claim]]) -> nodes.section:
        group = section(self, VERDICTS[verdict], "")
        group += [self._row(number, claim) for number, claim in claims]
        return group

    def _row(self, number: int, claim: Claim) -> ledger_row:
        made = ledger_row(ids=[f"claim-{number}"], verdict=claim.verdict, chapter=claim.chapter.rpartition("/")[2])
        made["article"] = claim.section
        made += ledger_statement("", "", *self.parse_inline(claim.statement)[0], number=number, verdict=claim.verdict)
        made += self.parse_text_to_nodes(behind(claim, self.env.found_docs))
        made += said_in(effects=claim.effects)
        return made


class Verdicts(SphinxDirective):
    """Put the count of the verdicts here, from the file of the page that is named: a bar each, a link to its rows."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the bars."""
        page = self.arguments[0]
        _, path = self.env.relfn2path(f"{page}.toml")
        self.env.note_dependency(path)
        return [verdict_bars(claims=read_claims(Path(path)), page=page)]


def visit_bars(self: Any, node: verdict_bars) -> None:
    """Write a bar for each verdict, as long as its share."""
    here = self.builder.current_docname
    page = self.builder.get_relative_uri(here, self.builder.env.relfn2path(node["page"], here)[0])
    for verdict, found in by_verdict(node["claims"]).items():
        look = f'class="kd-verdict-bar" data-verdict="{verdict}"'
        share = f'style="--kd-share: {100 * len(found) / len(node["claims"]):.1f}%"'
        to = f"{page}#{nodes.make_id(VERDICTS[verdict])}"
        self.body.append(f'<a {look} {share} href="{to}"><b>{len(found)}</b> {verdict}</a>')
    raise nodes.SkipNode


def skip(self: Any, node: verdict_bars) -> None:
    """Outside HTML the ledger itself has the count."""
    raise nodes.SkipNode


def rows_of(claims: Sequence[Claim]) -> dict[str, list[tuple[int, str]]]:
    """Return for each effect the numbers and statements of the claims that rest on it."""
    rows: dict[str, list[tuple[int, str]]] = {}
    for number, claim in enumerate(claims, start=1):
        for effect in claim.effects:
            rows.setdefault(effect, []).append((number, claim.statement))
    return rows


def visit_row(self: Any, node: ledger_row) -> None:
    """Open a row, which opens by its statement."""
    data = {f"data-{name}": node[name] for name in ("verdict", "chapter", "article")}
    self.body.append(self.starttag(node, "details", CLASS="kd-claim", **data))


def depart_row(self: Any, node: ledger_row) -> None:
    """Close a row."""
    self.body.append("</details>")


def visit_statement(self: Any, node: ledger_statement) -> None:
    """Open a statement with its number, as the summary of its row."""
    self.body.append(f'<summary><span class="kd-claim-number">{node["number"]}</span> <span class="kd-statement">')


def depart_statement(self: Any, node: ledger_statement) -> None:
    """Close a statement with its verdict."""
    badge = f'<span class="kd-badge" data-verdict="{node["verdict"]}">{node["verdict"]}</span>'
    self.body.append(f"</span> {badge}</summary>")


def pass_through(self: Any, node: nodes.Node) -> None:
    """Outside HTML all rows are open."""


def setup(app: Sphinx) -> None:
    """Register the directive and its nodes."""
    app.add_directive("claims", Claims)
    app.add_directive("verdicts", Verdicts)
    app.add_node(
        verdict_bars, html=(visit_bars, None), **dict.fromkeys(("latex", "text", "man", "texinfo"), (skip, None))
    )
    plain = dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_through, pass_through))
    app.add_node(ledger_row, html=(visit_row, depart_row), **plain)
    app.add_node(ledger_statement, html=(visit_statement, depart_statement), **plain)
