"""The texts of the experiment on language: two collections, committed, since the packages they are from change.

`collect_texts.py` says how they were chosen; the licences stand beside them, in collections/LICENSES.txt. So do the
answers of Magika to the second collection, as `ask_magika.py` got them.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer

FOLDER = Path(__file__).parent / "collections"
SHA256 = {  # what changes must change the hash of the record
    "docs": "1a283c026ca5328f5d4833520f058fb763859c0adc1623fd19c0abe4847ef0b9",
    "files": "e48db665c747d0989de3775e17dd9e60034398f809741718819b4682907a1270",
    "magika": "1690dd14b4a59b56d88b4fda07cf434058e2e3219e2a4f144a9c932a7df66bee",
}
TOKEN = {"docs": r"\w+", "files": r"\w+|[^\w\s]"}  # of files, marks that are no part of a word count as well
HASHED = 256  # features of a text


class Texts(NamedTuple):
    """Texts, their hashed words (N, 256), their classes (N,), the names of the classes, and where each text is from."""

    texts: list[str]
    inputs: NDArray[np.float64]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    sources: list[str]


@cache
def docs() -> Texts:
    """Return the first paragraphs of docstrings, 500 of each of six packages; the class is the package."""
    return read("docs")


@cache
def files() -> Texts:
    """Return the first and the last 1,024 characters of files, 40 of each of eight types; the class is the type."""
    return read("files")


def magika_probs() -> NDArray[np.float64]:
    """Return the probabilities (320, 8) that Magika gave to the eight types, for each text of files."""
    return np.array(lines("magika"))


def read(name: str) -> Texts:
    """Read a collection, ordered by class."""
    rows = lines(name)
    classes = tuple(dict.fromkeys(row["class"] for row in rows))
    texts = [row["text"] for row in rows]
    return Texts(
        texts,
        hashed_words(name, texts),
        np.array([classes.index(row["class"]) for row in rows]),
        classes,
        [row["source"] for row in rows],
    )


def lines(name: str) -> list[Any]:
    """Read a file of collections; ValueError if it is not the one that the record was made of."""
    content = (FOLDER / f"{name}.jsonl").read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        raise ValueError(f"{name}.jsonl must have the SHA-256 {SHA256[name]}; it has {found}.")
    return [json.loads(line) for line in content.decode().split("\n") if line]


def hashed_words(name: str, texts: list[str]) -> NDArray[np.float64]:
    """Return the counts (N, 256) of the hashed tokens of a collection's texts, each row of length 1."""
    return HashingVectorizer(n_features=HASHED, token_pattern=TOKEN[name]).transform(texts).toarray()
