"""The claims of the chapter on uncertainty: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import itertools
import math

import numpy as np
import pytest
from scipy import special, stats

from chapters.chapter import Chapter, Record, printed_by

CHAPTER = Chapter("interplay/uncertainty")
claims = CHAPTER.claims
RECORD = Record("uncertainty")
higher, lower, of_seeds = RECORD.higher, RECORD.lower, RECORD.of_seeds
INTERVALS = {
    model: np.array(of["nll"]) for model, of in RECORD.measured["intervals"].items()
}  # (seeds, of the model, of its teacher and of the difference, low and high)


def all_means(losses):
    """Return the means of all resamples, from all ways to draw."""
    n = len(losses)
    return np.array([np.mean([losses[i] for i in drawn]) for drawn in itertools.product(range(n), repeat=n)])


# By hand


def test_the_example_and_its_blanks():
    claims("The 3 is drawn never in 8 of them, once in 12, twice in 6, three times in 1.", "Their variance is $2/3$.")
    means = all_means([0, 0, 3])
    assert np.unique(means, return_counts=True)[1].tolist() == [8, 12, 6, 1]
    assert (means.mean(), np.var([0, 0, 3])) == (1, 2)
    assert means.var() == pytest.approx(2 / 3)
    claims("4 resamples, with the means 1, 2, 2 and 3. Their variance is $1/2$; that of the losses is 1")
    assert sorted(all_means([1, 3])) == [1, 2, 2, 3]
    assert (all_means([1, 3]).var(), np.var([1, 3])) == (0.5, 1)


def test_the_four_rows():
    claims("The student is worse in every row.", "| difference | 0.2 | 0.1 | 0.1 | 0.2 |")
    rows = {
        name: [float(cell) for cell in line.strip("| ").split("|")]
        for name, _, line in (
            line.strip("| ").partition("|") for line in CHAPTER.source.splitlines() if line.startswith("| ")
        )
        if name.strip() in ("student", "teacher", "difference")
    }
    student, teacher, difference = (np.array(rows[f"{name} "]) for name in ("student", "teacher", "difference"))
    np.testing.assert_allclose(student - teacher, difference)
    assert student.argmax() == teacher.argmax() == 3
    expected = "".join(
        f"{name:10} {low:.3f} to {high:.3f}\n"
        for name, losses in (("student", student), ("teacher", teacher), ("difference", difference))
        for low, high in [np.quantile(all_means(losses), [0.025, 0.975])]
    )
    assert CHAPTER.ran[1][1] == expected


def test_the_paired_variance():
    claims("forgets the last term")
    rng = np.random.default_rng(0)
    hard = rng.exponential(size=5)
    student, teacher = hard + rng.random(5), hard + rng.random(5)
    covariance = np.mean((student - student.mean()) * (teacher - teacher.mean()))
    by_term = (student.var() + teacher.var() - 2 * covariance) / 5
    assert all_means(student - teacher).var() == pytest.approx(by_term)
    assert covariance > 0


def test_how_many_rows_are_left_out():
    claims("about $1/e$, a bit more than a third")
    assert (1 - 1 / 10_000) ** 10_000 == pytest.approx(1 / math.e, rel=1e-4)


def test_count_on_paper():
    claims("81, 108, 54, 12 and 1 of 256", "243 of them are at most 2", "255 at most 3: the high end is 3")
    means = all_means([0, 0, 0, 4])
    assert np.unique(means, return_counts=True)[1].tolist() == [81, 108, 54, 12, 1]
    assert [special.comb(4, k) * 3 ** (4 - k) for k in range(5)] == [81, 108, 54, 12, 1]
    np.testing.assert_allclose(np.quantile(means, [0.025, 0.975]), [0, 3])
    assert [(means <= k).sum() for k in (0, 2, 3)] == [81, 243, 255]
    claims("one needs $1/0.4^2 = 6.25$ times the rows, about 2,800")
    assert 450 / 0.4**2 == pytest.approx(2812.5)


# The cells


def test_the_twenty_losses():
    printed = CHAPTER.ran[1][0]
    rng = np.random.default_rng(5)
    losses = [0.05] * 17 + [0.6, 3, 4]
    means = rng.choice(losses, size=(100_000, 20)).mean(axis=1)
    low, high = (float(found) for found in printed.split("[")[1].strip("]\n").split())
    np.testing.assert_allclose([low, high], np.quantile(means, [0.025, 0.975]), atol=0.03)
    assert "mean 0.422" in printed or "mean 0.423" in printed
    claims("The heap is no bell: it is lopsided, as the losses are.")
    assert stats.skew(means) > 0.3


def test_copies_are_no_rows_and_no_error_is_no_certainty():
    rows, photographs, wilson = CHAPTER.ran[1][2].splitlines()
    narrow, wide = (np.diff([float(end) for end in line[15:].split(" to ")])[0] for line in (rows, photographs))
    assert wide > 3 * narrow
    upper = stats.binomtest(0, 20).proportion_ci(method="wilson").high
    assert wilson == f"no error in 20: up to {upper:.2f}"


def test_torch_finds_the_pairs():
    (shown,) = (code for code in CHAPTER.shown if "torch" in code)
    left = {}
    printed = printed_by(shown, left)
    d = (left["student"] - left["teacher"]).numpy().astype(float)
    middle, half = d.mean(), 1.96 * d.std() / len(d) ** 0.5
    numbers = [float(each.strip(",")) for each in printed.split() if each.strip(",-").replace(".", "").isdigit()]
    np.testing.assert_allclose(numbers, [middle, middle - half, middle + half], atol=0.15 * half)
    assert left["rows"].shape == (1000, 450)


def test_a_constant_passes_by_its_loss_and_not_by_its_divergence():
    lines = [line[35:].split(" to ") for line in CHAPTER.ran[1][3].splitlines()]
    constant_loss, constant_kl, softer_loss, softer_kl = ([float(low), float(high)] for low, high in lines)
    assert constant_loss[0] < 0 < constant_loss[1]
    assert softer_loss[1] < 0
    assert max(softer_kl) < 0.01 < 0.1 < min(constant_kl)


def test_parts_that_are_not_put_back_spread_half_as_much():
    claims("Four of five rows were drawn, each once. Means of such parts spread half as much")
    rng = np.random.default_rng(0)
    losses = rng.exponential(size=200)
    parts = np.array([rng.permutation(losses)[:160].mean() for _ in range(4000)])
    assert parts.std() / (losses.std() / 200**0.5) == pytest.approx(0.5, abs=0.04)


# The record


def overlap(model):
    (low_s, high_s), (low_t, high_t), _ = INTERVALS[model].transpose(1, 2, 0)
    return (low_s <= high_t) & (low_t <= high_s)


def without_0(model):
    low, high = INTERVALS[model][:, 2].T
    return (low > 0) | (high < 0)


def test_what_the_page_opens_with():
    claims("the interval of the difference lies wholly above 0", "The two intervals overlap for")
    assert overlap("digits_997_kd_T4").all()
    low = INTERVALS["digits_997_kd_T4"][:, 2, 0]
    assert without_0("digits_997_kd_T4").sum() == (low > 0).sum() == 16
    np.testing.assert_array_equal(without_0("digits_997_kd_T4"), of_seeds("digits_997_kd_T4", "nll_excludes_0"))
    assert higher("digits_997_kd_T4", "digits_teacher", measure="nll")


def test_what_pairing_is_worth_in_rows():
    claims("$1/0.275^2$, some 13 times as many rows")
    ratio = of_seeds("digits_997_kd_T4", "nll_paired_ratio").mean()
    assert ratio == pytest.approx(0.275, abs=5e-4)
    assert 1 / ratio**2 == pytest.approx(13, abs=0.5)


def test_most_that_cover_are_surely_worse():
    claims("of the students cover it, and most of them are surely worse")
    covers, excludes = (of_seeds("digits_997_kd_T4", f"nll_{what}").astype(bool) for what in ("covers", "excludes_0"))
    assert (covers & excludes).sum() > covers.sum() / 2


def test_widths_mislead():
    claims("the students of $T = 4$ are nearer to their teachers", "Their widths are no nearer")
    assert lower("digits_997_kd_T4", "digits_997_hard", measure="kl")
    assert higher("digits_997_kd_T4", "digits_997_hard", measure="nll_width_ratio")
    taught, of_labels = (abs(of_seeds(f"digits_997_{how}", "nll_width_ratio") - 1) for how in ("kd_T4", "hard"))
    assert stats.ttest_1samp(taught - of_labels, 0).confidence_interval(0.95).high > 0
    assert of_seeds("signals_3000_hard", "nll_width_ratio").mean() == pytest.approx(0.93, abs=0.01)
    gap = of_seeds("signals_3000_hard", "nll") - of_seeds("signals_teacher", "nll")
    assert gap.mean() > of_seeds("signals_teacher", "nll").mean() / 2
    claims("A constant has an interval of width 0")
    assert not of_seeds("digits_constant", "nll_width_ratio").any()


def test_95_is_less_and_errs_low():
    claims('"95" is less, and errs low.', "The paired difference is no exception")
    for population in ("student_nll", "gap_nll"):
        held, below = (of_seeds(f"{population}_n30_percentile", what).mean() for what in ("coverage", "below"))
        assert held < 0.7
        assert below > 0.9 * (1 - held)
    assert higher("student_nll_n30_bca", "student_nll_n30_percentile", measure="coverage")
    assert of_seeds("student_nll_n1000_percentile", "coverage").mean() == pytest.approx(0.946, abs=0.001)
    assert of_seeds("gap_nll_n1000_percentile", "coverage").mean() == pytest.approx(0.922, abs=0.001)


def test_the_controls():
    claims("normal scores would be missed as often", "they make the student look better than it is")
    paired, separate = "gap_nll_n300_percentile", "student_nll_n300_percentile"
    assert not lower(paired, separate, measure="coverage")
    missed, below = 1 - of_seeds(paired, "coverage").mean(), of_seeds(paired, "below").mean()
    assert below > 0.8 * missed
    assert missed - below < 0.025  # what a right interval would have above
    assert higher("normal_n30_percentile", "student_nll_n30_percentile", measure="coverage")
    assert of_seeds("normal_n30_percentile", "coverage").mean() > 0.9


def test_an_interval_that_holds_0_is_no_proof():
    claims("an interval that holds 0 is no proof of equality", "these students, too, are worse than their teachers")
    assert without_0("digits_997_hard").sum() == 7
    assert higher("digits_997_hard", "digits_teacher", measure="nll")


def test_what_is_taken_over():
    claims(
        "the teachers are too sure",
        "are too sure as well",
        "Those of $T = 1$ are not",
        "they are like students of labels",
    )
    claims("And better only where labels are few.")
    too_sure = {"digits_teacher": True, "digits_997_kd_T4": True, "digits_997_kd_T1": False, "digits_997_hard": False}
    for arm, above in too_sure.items():
        found = stats.ttest_1samp(of_seeds(arm, "temperature"), 1).confidence_interval(0.95)
        assert found.low > 1 if above else found.high < 1
    assert lower("digits_100_kd_T4", "digits_100_hard", measure="nll")
    assert higher("digits_997_kd_T4", "digits_997_hard", measure="nll")
