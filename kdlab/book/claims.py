"""The directive `claims`: the ledger, every statement of the article with what became of it.

The statements stand in a TOML file beside the page, in the article's order:

    [[claim]]
    section = "Hybrid Distillation Objectives"        # of the article
    statement = "One sentence."
    verdict = "holds if"                            # or "holds", or "fails"
    condition = "When it holds, or what is true instead; empty if it simply holds."
    basis = "The derivation in a sentence, or the source."
    chapter = "principles/dark_knowledge"           # a link where the book has it
    effects = ["dark_knowledge: kd - flat accuracy"] # as the role `measured` names them; may be empty
    shown_by = ["tests/test_dark_knowledge.py::test_name"]
    remark = "What a reader should know besides; may be empty."
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from kdlab.book.measured import words
from kdlab.experiments.record import RESULTS, read

VERDICTS = {"holds": "success", "holds if": "warning", "fails": "danger"}  # and the colour of each badge


@dataclass(frozen=True)
class Claim:
    """A statement of the article; the fields are those of the file."""

    section: str
    statement: str
    verdict: str
    condition: str
    basis: str
    chapter: str
    effects: list[str]
    shown_by: list[str]
    remark: str


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
        If a claim lacks a field or has one too many, has an unknown verdict, has nothing to show for it, or says
        "holds" under a condition, or anything else without one.
    """
    names = {field.name for field in fields(Claim)}
    claims = []
    for number, entry in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["claim"], start=1):
        if entry.keys() != names:
            raise ValueError(
                f"claim {number} must have exactly the fields {', '.join(sorted(names))}; "
                f"{', '.join(sorted(entry.keys() ^ names))} differ."
            )
        claim = Claim(**entry)
        if claim.verdict not in VERDICTS:
            raise ValueError(
                f"verdict of claim {number} must be one of {', '.join(VERDICTS)}; {claim.verdict!r} was given."
            )
        if not (claim.basis and (claim.effects or claim.shown_by or "@" in claim.basis)):
            raise ValueError(f"claim {number} must rest on a source, an experiment or a test.")
        if (claim.verdict == "holds") == bool(claim.condition):
            raise ValueError(f"condition of claim {number} must be given exactly if it does not simply hold.")
        claims.append(claim)
    return claims


def page(claims: Sequence[Claim], found_docs: set[str]) -> str:
    """Write the ledger in MyST: the count, then the claims under the article's headings."""
    count = Counter(claim.verdict for claim in claims)
    lines = [
        f"{len(claims)} statements: {count['holds']} hold, {count['holds if']} hold under a condition, "
        f"{count['fails']} fail.",
    ]
    section = None
    for number, claim in enumerate(claims, start=1):
        if claim.section != section:
            section = claim.section
            lines += ["", f"## {section}"]
        lines += ["", f"(claim-{number})=", *of_claim(number, claim, found_docs)]
    return "\n".join(lines)


def of_claim(number: int, claim: Claim, found_docs: set[str]) -> list[str]:
    """Write one claim: its sentence and verdict, and a list of what is behind it."""
    lines = [f"**{number}.** {claim.statement} {{bdg-{VERDICTS[claim.verdict]}}}`{claim.verdict}`", ""]
    if claim.condition:
        lines.append(f"- *{'If' if claim.verdict == 'holds if' else 'Instead'}:* {claim.condition}")
    lines.append(f"- *Why:* {claim.basis}")
    lines += [f"- *Measured:* {sentence}" for sentence in measured(claim)]
    if claim.remark:
        lines.append(f"- *Note:* {claim.remark}")
    lines.append(f"- *See:* {', '.join(links(claim, found_docs))}.")
    return lines


def measured(claim: Claim) -> list[str]:
    """Say each effect in words: what was compared, the mean with its interval, and on how many seeds it was larger."""
    sentences = []
    for effect in claim.effects:
        wins = f", larger on {{measured}}`{effect} wins` seeds" if " - " in effect else ""
        sentences.append(f"`{effect}` {{measured}}`{effect}`{wins}")
    return sentences


def links(claim: Claim, found_docs: set[str]) -> list[str]:
    """Return links to the chapter, the code, the record, and the names of the tests."""
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
    return found + [f"`{test}`" for test in claim.shown_by] or ["the source"]


def experiments(claim: Claim) -> list[str]:
    """Return the names of the experiments whose effects the claim shows, each once."""
    return list(dict.fromkeys(effect.partition(":")[0] for effect in claim.effects))


class Claims(SphinxDirective):
    """Put the ledger here, from the file that is named."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the ledger, or an error that names the claim."""
        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        try:
            claims = read_claims(Path(path))
            for claim in claims:
                for effect in claim.effects:
                    name, _, wanted = effect.partition(":")
                    words(read(name), wanted.strip())
        except (ValueError, FileNotFoundError) as error:
            return [self.state.document.reporter.error(str(error), line=self.lineno)]
        for claim in claims:
            for name in experiments(claim):
                self.env.note_dependency(str(RESULTS / f"{name}.json"))
        return self.parse_text_to_nodes(page(claims, self.env.found_docs), allow_section_headings=True)


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("claims", Claims)
