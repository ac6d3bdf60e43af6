"""The directive `experiments`: every record in results/, what was asked, what could have refuted it, and its time.

Before them stands what came of it when all was run again, as results/witness/ has it.

What came of a control is shown by the first measure that its arms have, or by what the directive's lines say instead:

    ```{experiments}
    temperature: hard => kd_T4 - hard accuracy
    ```
"""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from kdlab.book.measured import with_unit, words
from kdlab.book.section import section
from kdlab.book.strict import MEASURED
from kdlab.evidence.records import RESULTS, Evidence, is_time, read
from kdlab.evidence.witness import Named, Witness, witnesses


def names() -> list[str]:
    """Return the names of all records."""
    return sorted(path.stem for path in RESULTS.glob("*.json"))


def total(records: dict[str, Evidence]) -> str:
    """Say in a sentence how much was run, and how long that takes.

    Parameters
    ----------
    records : dict
        Records by name.
    """
    minutes = sum(record.duration_seconds for record in records.values()) / 60
    entries = sum(len(record.records) for record in records.values())
    comparisons = sum(len(record.summary["differences"]) for record in records.values())
    return (
        f"There are {len(records)} experiments with {entries:,} runs of an arm on a seed and {comparisons:,} pairs of "
        f"arms that are compared. Run afresh, one after the other, they take {minutes:.0f} minutes of one processor."
    )


def repeated(found: dict[str, Witness], records: dict[str, Evidence]) -> str:
    """Write in MyST what came of it when all was run again: how much agrees, and what does not.

    Parameters
    ----------
    found : dict
        Witnesses by name.
    records : dict
        Records by name.
    """
    lines = []
    for name, witness in found.items():
        all_of_it = list(witness.named())
        agreeing, same, alike = (
            sum(getattr(named.twice, what) for named in all_of_it)
            for what in ("agrees", "is_the_same", "decides_alike")
        )
        lines += [
            f"{witness.what} Of {len(all_of_it):,} differences of two arms, each in one measure, {agreeing:,} agree: "
            f"their means lie no further apart than their intervals allow; {same:,} are the same to four digits. "
            f"{len(all_of_it) - alike} exclude 0 in one run and not in the other. {{download}}`All numbers "
            f"</results/witness/{name}.json>`.",
            "",
            *(f"- *Does not agree:* {in_both(named, records)}" for named in all_of_it if not named.twice.agrees),
            "",
        ]
    seen = {named[:3] for witness in found.values() for named in witness.named()}
    new = [key for name, record in records.items() for key in compared(name, record) if key not in seen]
    lines.append(f"{len(new):,} differences have not been repeated so.")
    return "\n".join(lines)


def in_both(named: Named, records: dict[str, Evidence]) -> str:
    """Say what two runs say of a difference."""
    unit = records[named.experiment].units.get(named.measure, "")
    one, other = (with_unit(*numbers, unit, True) for numbers in (named.twice[:2], named.twice[2:]))
    which = f"{named.experiment}: {named.difference} {named.measure}"
    return f"{named.experiment}, {{compared}}`{which}`: `{one}` and `{other}`"


def compared(name: str, record: Evidence) -> Iterable[tuple[str, str, str]]:
    """Yield experiment, pair of arms and measure of every difference of a record; times are left out."""
    for difference, measures in record.summary["differences"].items():
        yield from ((name, difference, measure) for measure in measures if not is_time(measure))


def read_shown(lines: Iterable[str], records: dict[str, Evidence]) -> dict[tuple[str, str], str]:
    """Read which measured number shows what came of a control.

    Parameters
    ----------
    lines : iterable of str
        "<experiment>: <control> => <number>", the number as the role `measured` names it.
    records : dict
        Records by name.

    Returns
    -------
    dict
        By experiment and control.

    Raises
    ------
    ValueError
        If a line is not of that form, or names what is not there.
    """
    found = {}
    for line in filter(None, lines):
        name, _, rest = line.partition(": ")
        control, arrow, wanted = rest.partition(" => ")
        if not arrow or name not in records or control not in records[name].controls:
            raise ValueError(f"a line must be `experiment: control => number`, both of a record; {line!r} was given.")
        words(records[name], wanted)
        found[name, control] = wanted
    return found


def of_record(name: str, record: Evidence, shown: dict[tuple[str, str], str], found_docs: set[str]) -> str:
    """Write one record in MyST: the question, how much was run, and the controls with what came of them."""
    arms = {entry["arm"] for entry in record.records}
    minutes = f"{{measured}}`{name}: minutes`"
    lines = [record.question, "", f"- *Run:* {len(arms)} arms on {len(record.seeds)} seeds, {minutes} minutes."]
    for control, meaning in record.controls.items():
        wanted = shown.get((name, control)) or f"{control} {first_measure(control, record)}"
        came = f"{{compared}}`{name}: {wanted}` {{measured}}`{name}: {wanted}`"
        lines.append(f"- *Control*, {{compared}}`{name}: {control}`: {meaning}. What came out: {came}")
    for reason in dict.fromkeys(record.exceptions.values()):
        let_pass = [f"{{compared}}`{name}: {arm}`" for arm, why in record.exceptions.items() if why == reason]
        lines.append(f"- *A guard is told to let pass:* {'; '.join(let_pass)}: because {quoted(reason)}.")
    lines.append(f"- *See:* {', '.join(links(name, found_docs))}")
    return "\n".join(lines)


def quoted(text: str) -> str:
    """Quote the numbers of a text: one of a name, such as a temperature, was not measured."""
    return MEASURED.sub(lambda number: f"`{number[0]}`", text)


def first_measure(control: str, record: Evidence) -> str:
    """Return the first measure, in the order of the record's units, that an arm or difference has."""
    group = record.summary["differences" if " - " in control else "arms"][control]
    return next(measure for measure in record.units if measure in group)


def links(name: str, found_docs: set[str]) -> list[str]:
    """Return links to the chapter, if the book has it, to the record and to its code."""
    chapters = [f"{{doc}}`chapter </{doc}>`" for doc in sorted(found_docs) if is_chapter(doc, name)]
    return [
        *chapters,
        f"{{download}}`record </results/{name}.json>`",
        f"{{download}}`code </kdlab/experiments/{name}.py>`",
    ]


def is_chapter(doc: str, name: str) -> bool:
    """Return whether a page is the chapter of that name, and not a page of the library."""
    return doc.endswith(f"/{name}") and not doc.startswith("chapters/appendix/")


class Experiments(SphinxDirective):
    """Put the list of all records here."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a sentence, what was run again, and a section for each record; or an error that names the line."""
        records = {name: read(name) for name in names()}
        for name in records:
            self.env.note_dependency(str(RESULTS / f"{name}.json"))
        try:
            shown = read_shown(self.content, records)
        except ValueError as error:
            return [self.state.document.reporter.error(str(error), line=self.lineno)]
        sections = [
            section(self, name.replace("_", " ").capitalize(), of_record(name, record, shown, self.env.found_docs))
            for name, record in records.items()
        ]
        again = section(self, "Run again", repeated(witnesses(), records))
        return [nodes.paragraph("", total(records)), again, *sections]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("experiments", Experiments)
