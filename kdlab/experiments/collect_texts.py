"""How the texts of the experiment on language were collected: `python -m kdlab.experiments.collect_texts`.

It reads the packages that are installed and writes collections/*.jsonl and collections/LICENSES.txt anew. Other
packages or versions hold other texts: then the SHA-256 of `texts.py` changes, and the record must be made again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from itertools import islice

from kdlab.experiments.texts import FOLDER, hashed_words
from kdlab.files import write_text

DOCUMENTED = ("matplotlib", "networkx", "pandas", "scikit-learn", "scipy", "sympy")
OF_EACH_PACKAGE = 500
DOCSTRING = re.compile(r':\n\s+[rR]?"""(.*?)(?:\n\s*\n|""")', re.DOTALL)  # after a header, to the first empty line
# their text files are the same on every system and for every Python: none is compiled or generated
WITH_FILES = (
    *("accessible-pygments", "distributed", "docutils", "jupyter-server", "jupyterlab", "nbconvert", "nbgrader"),
    *("playwright", "pydata-sphinx-theme", "scikit-learn", "sphinx", "sphinx-book-theme"),
)
WITH_FILES_ONCE = ("sphinx-mathjax-offline",)  # committed texts are from it too; the book does without it now
TYPES = ("css", "html", "javascript", "json", "markdown", "python", "rst", "scss")  # the names that magika uses
OF_EACH_TYPE = 40
SUFFIXES = {"javascript": ".js", "markdown": ".md", "python": ".py"}
END = 1024  # characters

Row = dict[str, str]  # "class", "source", "text"


def docs() -> Iterator[Row]:
    """Yield the first paragraphs of docstrings, of at least six words."""

    def paragraphs(package: str) -> Iterator[tuple[str, str]]:
        for source, content in contents((package,), ".py"):
            for found in DOCSTRING.finditer(content):
                paragraph = " ".join(found[1].split())
                if len(paragraph.split()) >= 6:
                    yield source, paragraph

    return distinct_texts("docs", DOCUMENTED, paragraphs, OF_EACH_PACKAGE)


def files() -> Iterator[Row]:
    """Yield the first and the last 1,024 characters of files, of at least 200 characters."""

    def ends(kind: str) -> Iterator[tuple[str, str]]:
        for source, content in contents(WITH_FILES, SUFFIXES.get(kind, f".{kind}")):
            if len(content) >= 200:
                yield source, content if len(content) <= 2 * END else f"{content[:END]}\n{content[-END:]}"

    return distinct_texts("files", TYPES, ends, OF_EACH_TYPE)


def contents(packages: Sequence[str], suffix: str) -> Iterator[tuple[str, str]]:
    """Yield path and content of the installed files with a suffix, in an order that mixes folders and packages."""
    kept = {
        file.as_posix().lstrip("./"): file
        for package in packages
        for file in metadata.files(package) or []
        if file.suffix == suffix and not re.search(r"test|version|config|lab/static|\.dist-info", file.as_posix())
    }
    for path in sorted(kept, key=lambda path: hashlib.sha256(path.encode()).digest()):
        yield path, kept[path].locate().read_bytes().decode(errors="replace")


def distinct_texts(
    name: str, classes: Sequence[str], texts_of: Callable[[str], Iterator[tuple[str, str]]], count: int
) -> Iterator[Row]:
    """Yield `count` texts of each class whose hashed words equal those of no other text."""
    seen: set[bytes] = set()
    for of_class in classes:
        candidates, wanted = texts_of(of_class), count
        while wanted and (chunk := list(islice(candidates, count))):
            for (source, text), row in zip(chunk, hashed_words(name, [text for _, text in chunk]), strict=True):
                if wanted and row.any() and row.tobytes() not in seen:
                    seen.add(row.tobytes())
                    wanted -= 1
                    yield {"class": of_class, "source": source, "text": text}
        if wanted:
            raise ValueError(f"{of_class} must have {count} texts; {count - wanted} were found.")


def licences() -> str:
    """Return the licences of all packages that texts are from, as they are installed beside them."""

    def of_package(package: str) -> str:
        about = metadata.metadata(package)
        stated = about.get("License-Expression") or "; ".join(
            classifier.rpartition(" :: ")[2]
            for classifier in about.get_all("Classifier") or []
            if classifier.startswith("License")
        )
        texts = [
            file.locate().read_text(encoding="utf-8").strip()
            for file in metadata.files(package) or []
            if re.fullmatch(r"[^/]+\.dist-info/(licenses/)?(LICEN[CS]E|COPYING)(\.(txt|md|rst))?", file.as_posix())
        ]
        heading = f"{package} {metadata.version(package)}: {stated}"
        return "\n\n".join([heading, "-" * len(heading), *texts])

    return "\n\n\n".join(of_package(package) for package in sorted({*DOCUMENTED, *WITH_FILES})) + "\n"


def main() -> None:
    """Write the collections and the licences."""
    for name, rows in {"docs": docs(), "files": files()}.items():
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        write_text(FOLDER / f"{name}.jsonl", content)
        print(name, hashlib.sha256(content.encode()).hexdigest())
    write_text(FOLDER / "LICENSES.txt", licences())


if __name__ == "__main__":
    main()
