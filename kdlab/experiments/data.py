"""The 8x8 digits of scikit-learn, split into training and test rows by a seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

TRAIN = 1297
TEST = 450
SHOWN = 50


class Split(NamedTuple):
    """Training, test and shown rows; or, stacked, those of several seeds with the seed as the first axis.

    Images are (N, 64) float64 in [0, 1], labels are (N,) integers in 0..9, rows are (N,) indices into the data set.
    """

    train_images: NDArray[np.float64]
    train_labels: NDArray[np.int64]
    train_rows: NDArray[np.int64]
    test_images: NDArray[np.float64]
    test_labels: NDArray[np.int64]
    test_rows: NDArray[np.int64]
    shown_images: NDArray[np.float64]
    shown_labels: NDArray[np.int64]
    shown_rows: NDArray[np.int64]


def digits(seed: int) -> Split:
    """Split the 1,797 digits, stratified by class, into 1,297 training, 450 test and 50 shown rows.

    The shown rows are the same for every seed, drawn once at random. No network is trained on them, so that a page
    can show what every network makes of one image it has never seen. They are not scored either: the luck of a draw
    common to all seeds would move every accuracy alike, and no interval over seeds would tell.

    Parameters
    ----------
    seed : int
        Which split; at least 0.

    Returns
    -------
    Split
        The same for the same seed.

    Raises
    ------
    TypeError, ValueError
        If `seed` is not an integer, or is negative.

    References
    ----------
    UCI Optical Recognition of Handwritten Digits (Alpaydin and Kaynak 1998), the copy inside scikit-learn.

    Examples
    --------
    >>> split = digits(0)
    >>> split.train_images.shape, split.test_images.shape
    ((1297, 64), (450, 64))
    """
    check_seed(seed)
    images, labels = load_digits(return_X_y=True)
    images = images / 16.0
    others, shown = train_test_split(np.arange(len(labels)), test_size=SHOWN, stratify=labels, random_state=0)
    train, test = train_test_split(others, train_size=TRAIN, test_size=TEST, stratify=labels[others], random_state=seed)
    return Split(*(part for rows in (train, test, shown) for part in (images[rows], labels[rows], rows)))


def few_labels(split: Split, count: int, *, seed: int) -> Split:
    """Keep `count` training rows, stratified by class; the others stay as they are.

    Parameters
    ----------
    split : Split
        The split of one seed.
    count : int
        How many training rows to keep; at least one of each class, and as many must be left over.
    seed : int
        Which rows; at least 0.

    Returns
    -------
    Split
        With `count` training rows.

    Raises
    ------
    TypeError, ValueError
        If `seed` is not an integer of at least 0, or `count` keeps or leaves too few rows.

    Examples
    --------
    >>> few_labels(digits(0), 100, seed=0).train_images.shape
    (100, 64)
    """
    check_seed(seed)
    classes = len(np.unique(split.train_labels))
    most = len(split.train_labels) - classes
    if not classes <= count <= most:
        raise ValueError(f"count must be in [{classes}, {most}]; {count!r} was given.")
    kept, _ = train_test_split(
        np.arange(len(split.train_labels)), train_size=count, stratify=split.train_labels, random_state=seed
    )
    return split._replace(
        train_images=split.train_images[kept], train_labels=split.train_labels[kept], train_rows=split.train_rows[kept]
    )


def stacked(splits: Sequence[Split]) -> Split:
    """Stack the splits of several seeds: every array gains a first axis, the seed.

    Examples
    --------
    >>> stacked([digits(0), digits(1)]).train_images.shape
    (2, 1297, 64)
    """
    if not splits:
        raise ValueError("splits must hold at least one split; none was given.")
    return Split(*(np.stack(arrays) for arrays in zip(*splits, strict=True)))


def check_seed(seed: int) -> None:
    """Raise TypeError or ValueError unless `seed` is an integer of at least 0."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise TypeError(f"seed must be an integer; {seed!r} was given.")
    if seed < 0:
        raise ValueError(f"seed must be at least 0; {seed} was given.")
