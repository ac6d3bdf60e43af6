"""The roles `measured` and `compared`: a number in the prose, and what it is of, from a record when the book is built.

{measured}`temperature: kd_T4 accuracy`               94.7 ± 0.6 %
{measured}`temperature: kd_T4 - hard accuracy`        +6.2 ± 0.7 points
{measured}`temperature: kd_T4 - hard accuracy wins`   20 of 20
{measured}`temperature: seeds`                        20
{measured}`temperature: minutes`                      1.5
{compared}`temperature: kd_T4 - hard accuracy`        soft targets, T = 4, against labels: accuracy
{compared}`temperature: kd_T4 - hard`                 soft targets, T = 4, against labels
"""

from __future__ import annotations

import math
import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from kdlab.book.numbers import note, number
from kdlab.book.plain_words import of_arms, of_number
from kdlab.evidence.records import Evidence, read

WANTED = re.compile(r"(?P<arms>\S+(?: - \S+)?) (?P<measure>\w+)(?P<wins> wins)?")
ARMS = re.compile(r"\S+(?: - \S+)?")


def words(record: Evidence, wanted: str) -> str:
    """Return a measured number with its interval, in words.

    Parameters
    ----------
    record : Evidence
        The record of the experiment.
    wanted : str
        "<arm> <measure>", "<arm> - <baseline> <measure>", the latter also with " wins"; "seeds"; or "minutes".

    Returns
    -------
    str
        Mean ± half-width of the 95 % interval, with the unit; differences carry their sign.

    Raises
    ------
    ValueError
        If the record has no such number.
    """
    if wanted == "seeds":
        return str(len(record.seeds))
    if wanted == "minutes":
        return f"{record.duration_seconds / 60:.1f}"
    match = WANTED.fullmatch(wanted)
    if match is None:
        raise ValueError(f"a measured number must be named as in kdlab/book/measured.py; {wanted!r} was given.")
    arms, measure = match["arms"], match["measure"]
    difference = " - " in arms
    group = record.summary["differences" if difference else "arms"]
    if arms not in group:
        raise ValueError(f"the record must hold {arms}; it holds {', '.join(group)}.")
    if measure not in group[arms]:
        raise ValueError(f"the record must hold {measure} of {arms}; it holds {', '.join(group[arms])}.")
    number = group[arms][measure]
    if match["wins"]:
        if not difference:
            raise ValueError(f"wins belong to a difference of two arms; {arms!r} is one arm.")
        return f"{number['wins']} of {number['n']}"
    return with_unit(number["mean"], number["half_width"], record.units[measure], difference)


def with_unit(mean: float, half_width: float, unit: str, difference: bool) -> str:
    """Write a mean with its interval: fractions as percent, else as many decimals as show two digits of the interval.

    Examples
    --------
    >>> with_unit(0.0727, 0.0132, "nats", difference=True)
    '+0.073 ± 0.013 nats'
    >>> with_unit(0.0062, 0.0007, "%", difference=True)
    '+0.6 ± 0.1 points'
    >>> with_unit(0.1472, 1e-17, "MB", difference=True)
    '+0.147 ± 0.000 MB'
    """
    scale, decimals = 1.0, 3
    if unit == "%":
        scale, decimals, unit = 100.0, 1, "points" if difference else "%"
    elif half_width > 1e-9 * abs(mean):  # not the rounding of a number that is the same for every seed
        decimals = max(0, 1 - math.floor(math.log10(half_width)))
    text = f"{scale * mean:{'+' if difference else ''},.{decimals}f}".replace("-", "−")
    return f"{text} ± {scale * half_width:,.{decimals}f} {unit}".strip()


class Measured(SphinxRole):
    """Put a measured number into the prose."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number, or an error that names the file and the line."""
        name, _, wanted = self.text.partition(":")
        try:
            text = words(read(name.strip()), wanted.strip())
        except (ValueError, FileNotFoundError) as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [message]
        of_seeds = wanted.strip() not in ("seeds", "minutes")
        effect = f"{name.strip()}: {wanted.strip().removesuffix(' wins')}" if of_seeds else ""
        shown = number(self.rawtext, text, effect=effect, classes=["measured"])
        if effect:
            shown["ids"] = [note(self.env, effect)]
        return [shown], []


class Compared(SphinxRole):
    """Say in plain words what a measured number is of, or which arms are meant."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the words."""
        name, _, wanted = self.text.partition(": ")
        record = read(name)
        text = of_arms(wanted, record) if ARMS.fullmatch(wanted) else of_number(wanted, record)
        return [nodes.inline(self.rawtext, text, classes=["compared"])], []


def setup(app: Sphinx) -> None:
    """Register the roles."""
    app.add_role("measured", Measured())
    app.add_role("compared", Compared())
