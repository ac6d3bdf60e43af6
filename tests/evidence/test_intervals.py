import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kdlab.evidence.intervals import by_seed, mean_interval, paired_difference, summarise, t_quantile

values = st.lists(st.floats(-100, 100).map(lambda x: round(x, 3)), min_size=2, max_size=30)


def records_of(**arms):
    return [
        {"seed": seed, "arm": arm, "accuracy": float(value)}
        for arm, of_arm in arms.items()
        for seed, value in enumerate(of_arm)
    ]


@given(st.floats(1e-4, 1 - 1e-4), st.integers(1, 300))
def test_t_quantile_equals_scipy(p, df):
    np.testing.assert_allclose(t_quantile(p, df), stats.t.ppf(p, df), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("p", "df", "name"), [(0.0, 3, "p"), (1.0, 3, "p"), (float("nan"), 3, "p"), (0.9, 0, "df")])
def test_t_quantile_of_what_has_none(p, df, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        t_quantile(p, df)


@given(values.filter(lambda x: np.std(x) > 1e-3))
def test_mean_interval_equals_scipy(x):
    interval = mean_interval(x)
    low, high = stats.ttest_1samp(x, 0).confidence_interval(0.95)
    np.testing.assert_allclose(interval["mean"], np.mean(x), atol=1e-12)
    np.testing.assert_allclose(interval["mean"] - interval["half_width"], low, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(interval["mean"] + interval["half_width"], high, rtol=1e-9, atol=1e-9)
    assert interval["n"] == len(x)


def test_paired_difference_equals_scipy():
    rng = np.random.default_rng(0)
    hard = rng.normal(0.9, 0.01, 20)
    kd = hard + rng.normal(0.02, 0.005, 20)
    difference = paired_difference(records_of(kd=kd, hard=hard), "kd", "hard", "accuracy")
    low, high = stats.ttest_rel(kd, hard).confidence_interval(0.95)
    np.testing.assert_allclose(difference["mean"] - difference["half_width"], low, rtol=1e-9)
    np.testing.assert_allclose(difference["mean"] + difference["half_width"], high, rtol=1e-9)
    assert difference["wins"] == sum(a > b for a, b in zip(kd, hard, strict=True))


def test_interval_covers_the_mean_19_times_in_20():
    x = np.random.default_rng(0).normal(1.0, 2.0, size=(4000, 5))
    covered = sum(abs(interval["mean"] - 1.0) < interval["half_width"] for interval in map(mean_interval, x))
    # 3800 expected; outside these bounds by luck once in a million, and the seed is fixed
    low, high = stats.binom(4000, 0.95).ppf([5e-7, 1 - 5e-7])
    assert low <= covered <= high


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=20))
def test_wins_ties_and_losses_are_all_seeds(pairs):
    a, b = zip(*pairs, strict=True)
    records = records_of(a=a, b=b)
    forth, back = (paired_difference(records, *arms, "accuracy") for arms in (("a", "b"), ("b", "a")))
    assert forth["wins"] + forth["ties"] + back["wins"] == len(pairs) == forth["n"]
    assert forth["mean"] == pytest.approx(-back["mean"])
    assert forth["half_width"] == pytest.approx(back["half_width"])


def test_pairs_are_made_by_seed_not_by_order():
    records = records_of(a=[1, 2, 3], b=[0, 1, 2])
    difference = paired_difference(records[:3] + records[:2:-1], "a", "b", "accuracy")
    assert difference == {"mean": 1.0, "half_width": 0.0, "n": 3, "wins": 3, "ties": 0}


def test_seeds_come_in_their_order():
    assert list(by_seed(records_of(a=[5, 6, 7])[::-1], "a", "accuracy").items()) == [(0, 5), (1, 6), (2, 7)]


def test_summary_has_every_arm_and_every_comparison():
    records = [record | {"kl": 0.5} for record in records_of(kd=[0.9, 0.8], hard=[0.7, 0.8])]
    summary = summarise(records, [("kd", "hard")])
    assert summary["arms"].keys() == {"kd", "hard"}
    assert summary["arms"]["kd"]["accuracy"]["mean"] == pytest.approx(0.85)
    assert summary["differences"]["kd - hard"]["accuracy"]["mean"] == pytest.approx(0.1)
    assert summary["differences"]["kd - hard"]["kl"]["ties"] == 2


@pytest.mark.parametrize("x", [[], [1.0], [[1.0, 2.0]]])
def test_too_few_values(x):
    with pytest.raises(ValueError, match="values must be at least two numbers"):
        mean_interval(x)


@pytest.mark.parametrize("x", [[1.0, float("nan")], [1.0, float("inf")]])
def test_values_that_are_not_finite(x):
    with pytest.raises(ValueError, match="values must be finite"):
        mean_interval(x)


def test_bad_records():
    records = records_of(a=[1, 2], b=[1, 2, 3])
    with pytest.raises(ValueError, match=r"same seeds; \[2\] occur in one of them only"):
        paired_difference(records, "a", "b", "accuracy")
    with pytest.raises(ValueError, match="arm must be one of those in records; 'c' has none"):
        by_seed(records, "c", "accuracy")
    with pytest.raises(ValueError, match="seed 0 lacks 'kl'"):
        by_seed(records, "a", "kl")
    with pytest.raises(ValueError, match="seed 0 of arm 'a' occurs twice"):
        by_seed(records + records[:1], "a", "accuracy")
