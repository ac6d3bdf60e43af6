"""A chapter as its tests read it, and its record, read without kdlab."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import re
from pathlib import Path

import numpy as np
import yaml
from scipy import stats

REPOSITORY = Path(__file__).parents[2]
APPENDIX = "Appendix"


def names():
    """Return the names of all chapters, such as principles/temperature, in the order of the book."""
    parts = yaml.safe_load((REPOSITORY / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    chapters = [chapter["file"] for part in parts if part["caption"] != APPENDIX for chapter in part["chapters"]]
    return [file.removeprefix("chapters/") for file in chapters]


class Chapter:
    """The source of a chapter, and its text, in which every white space is one blank."""

    def __init__(self, name: str):
        self.name = name
        self.source = (REPOSITORY / "chapters" / f"{name}.md").read_text(encoding="utf-8")
        self.text = " ".join(self.source.split())
        self.cells = re.findall(r"^```\{code-cell\} ipython3\n(.*?)^```$", self.source, re.DOTALL | re.MULTILINE)
        self.shown = re.findall(r"^```python\n(.*?)^```$", self.source, re.DOTALL | re.MULTILINE)

    def claims(self, *sentences: str) -> None:
        """Fail unless the chapter says this: a claim that is reworded must be looked at again."""
        for sentence in sentences:
            assert sentence in self.text

    def passage(self, start: str, end: str) -> str:
        """Return the source from behind one mark to the next."""
        return self.source.split(start, 1)[1].split(end, 1)[0]

    def words(self) -> int:
        """Return how many words of prose there are to read: not code, mathematics or directives."""
        prose = re.sub(r"^---.*?^---$|^```.*?^```$", "", self.source, flags=re.MULTILINE | re.DOTALL)
        return len(re.findall(r"[A-Za-z][\w'’-]*", prose))

    @functools.cached_property
    def ran(self) -> tuple[dict, list[str]]:
        """Run the cells one after the other; return the names they leave, and what each of them prints."""
        left, outputs = {}, []
        for code in self.cells:
            outputs.append(printed_by(code, left))
        return left, outputs


def printed_by(code: str, names: dict) -> str:
    """Run code among these names; return what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(code, names)
    return output.getvalue()


class Record:
    """What was measured, arm by arm and seed by seed."""

    def __init__(self, name: str):
        content = json.loads((REPOSITORY / "results" / f"{name}.json").read_text(encoding="utf-8"))
        self.seeds, self.records, self.measured = (content[key] for key in ("seeds", "records", "measured"))

    def of_seeds(self, arm: str, measure: str = "accuracy") -> np.ndarray:
        """Return one measure of one arm, in the order of the seeds."""
        found = {record["seed"]: record[measure] for record in self.records if record["arm"] == arm}
        assert sorted(found) == sorted(self.seeds)
        return np.array([found[seed] for seed in self.seeds])

    def interval(self, arm: str, baseline: str, measure: str = "accuracy"):
        """Return the 95 % interval of the paired difference."""
        return stats.ttest_rel(self.of_seeds(arm, measure), self.of_seeds(baseline, measure)).confidence_interval(0.95)

    def higher(self, *pair: str, measure: str = "accuracy") -> bool:
        """Return whether the first arm is above the second."""
        return self.interval(*pair, measure).low > 0

    def lower(self, *pair: str, measure: str = "accuracy") -> bool:
        """Return whether the first arm is below the second."""
        return self.interval(*pair, measure).high < 0
