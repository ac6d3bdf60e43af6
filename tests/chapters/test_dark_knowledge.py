"""The claims of the chapter on dark knowledge: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import itertools
import re

import numpy as np
import pytest
from scipy import special, stats

from chapters.chapter import Chapter, Record, printed_by

CHAPTER = Chapter("principles/dark_knowledge")
claims, passage = CHAPTER.claims, CHAPTER.passage
RECORD, VISION = Record("dark_knowledge"), Record("vision")
TEACHER = np.array([5.0, 3.0, 2.5, -1.0, 0.0])
STUDENT = np.array([4.0, 1.0, 3.0, 0.0, -1.0])


def softmax(z, T=1.0):
    return special.softmax(np.asarray(z, dtype=np.float64) / T)


def kl(p, q):
    return special.rel_entr(p, q).sum()


def wrong(p):
    return p[1:] / p[1:].sum()


def parts(teacher, T):
    p, q = softmax(teacher, T), softmax(STUDENT, T)
    sure = kl(np.array([p[0], 1 - p[0]]), np.array([q[0], 1 - q[0]]))
    return sure, 1 - p[0], kl(wrong(p), wrong(q)), kl(p, q)


def tuples(text):
    """Return the tuples of numbers in a text, such as (0, -0.5, -1)."""
    return [np.array(found.split(","), float) for found in re.findall(r"\(([-\d., ]+,[-\d., ]+)\)", text)]


def has_0(*pair, **measure):
    low, high = RECORD.interval(*pair, **measure)
    return low < 0 < high


# The worked example and what is done on paper


def test_the_example_by_hand():
    example, blanks = passage("By hand\n:class: worked-example", "\n::::").split("*Now you:*")
    z, p, differences, p_hat = tuples(example)
    np.testing.assert_array_equal(z, TEACHER)
    np.testing.assert_allclose(p, softmax(TEACHER), atol=0.5e-3)
    np.testing.assert_allclose(differences, TEACHER[1:] - 3)
    exponentials = re.findall(r"\d\.\d{3}", example.split("exponentials are 1,")[1])[:4]
    np.testing.assert_allclose(np.array(exponentials[:3], float), np.exp(differences[1:]), atol=0.5e-3)
    assert float(exponentials[3]) == pytest.approx(1 + sum(map(float, exponentials[:3])), abs=1e-9)
    np.testing.assert_allclose(p_hat, wrong(softmax(TEACHER)), atol=0.5e-3)
    assert r"\hat p = (0.367, \_\,, \_\,, \_)" in " ".join(blanks.split())


def test_the_blanks():
    blanks = passage("The blanks", "::::")
    differences, p_hat = tuples(blanks)
    np.testing.assert_allclose(differences, (TEACHER[1:] - 3) / 4)
    np.testing.assert_allclose(p_hat, wrong(softmax(TEACHER, 4)), atol=0.5e-3)
    exponentials = re.findall(r"\$(\d(?:\.\d{3})?)\$", blanks)
    np.testing.assert_allclose(np.array(exponentials, float), np.exp(differences), atol=0.5e-3)


def test_where_the_label_lands_by_counting_all_orders():
    claims("Rank 1: $1$, $2/5$, $1/4$. Rank 4: $0$, $2/5$, $2/4$.", "Of the 44 derangements", "11 to each")
    orders = list(itertools.permutations(range(5)))
    deranged = [order for order in orders if all(i != place for i, place in enumerate(order))]
    assert len(deranged) == 44
    for rank, shares in ((0, (2 / 5, 1 / 4)), (3, (2 / 5, 2 / 4))):
        for found, share in zip((orders, deranged), shares, strict=True):
            assert np.mean([order[rank] < 2 for order in found]) == pytest.approx(share)
        assert {sum(order[rank] == place for order in deranged) for place in range(5) if place != rank} == {11}


def test_breaking_the_order_helps_a_label_that_ranks_low():
    claims("three times in ten", "once in three", "$0$, $3/10$ and $3/9$.")
    claims(r"\frac{k - 1[r \le k]}{C - 1}")
    for C, k in itertools.product((3, 4, 5, 6), range(1, 4)):
        found = [o for o in itertools.permutations(range(C)) if all(i != place for i, place in enumerate(o))]
        for rank in range(C):
            assert np.mean([o[rank] < k for o in found]) == pytest.approx((k - (rank < k)) / (C - 1))


# What the cells print


def test_dividing_by_what_the_label_leaves_fails_and_leaving_it_out_does_not():
    printed = CHAPTER.ran[1][0].splitlines()
    divided, left_out = ([re.findall(r"\[(.*?)\]", line)[i].split() for line in printed] for i in (0, 1))
    assert divided[1] == ["0.702", "0.258"]
    assert divided[2] == ["inf", "inf"]
    np.testing.assert_allclose(np.array(left_out, float), [softmax([1.0, 0.0])] * 3, atol=0.5e-3)


def test_the_two_parts_that_are_printed():
    numbers = re.findall(r"lead (\d+), T = (\d): ([\d.]+) \+ ([\d.]+) x ([\d.]+) = ([\d.]+)", CHAPTER.ran[1][1])
    assert len(numbers) == 4
    for lead, T, *printed in numbers:
        sure, weight, rest, total = parts([float(lead), *TEACHER[1:]], float(T))
        np.testing.assert_allclose(np.array(printed, float), [sure, weight, rest, total], atol=0.5e-4)
        assert sure + weight * rest == pytest.approx(total)
    # the numbers of a second computation, made before the chapter was written
    np.testing.assert_allclose(parts(TEACHER, 1), [0.0385, 0.1848, 0.7016, 0.1682], atol=0.5e-4)
    np.testing.assert_allclose(parts([12.0, *TEACHER[1:]], 1)[::3], [0.3647, 0.3649], atol=0.5e-4)
    assert parts([12.0, *TEACHER[1:]], 1)[1] == pytest.approx(0.0002066, abs=1e-7)


def test_what_cutting_costs():
    first, second = CHAPTER.ran[1][2].splitlines()
    s = softmax(TEACHER)[:2].sum()
    assert f"KL(cut, p) = {-np.log(s):.4f}" in first
    assert first.endswith("inf")
    smoothed = 0.99 * np.array([*softmax(TEACHER)[:2] / s, 0, 0, 0]) + 0.01 / 5
    assert second.endswith(f"{kl(softmax(TEACHER), smoothed):.4f}")
    claims("One way round it costs $-\\log s$. The other way it is infinite")


def test_the_lines_of_torch_give_weight_and_rest():
    weight, rest = map(float, printed_by(CHAPTER.shown[0], {}).split())
    _, *expected, _ = parts([12.0, *TEACHER[1:]], 4)
    np.testing.assert_allclose([weight, rest], expected, atol=0.5e-4)


def test_a_mask_of_minus_infinity_makes_torch_say_nan():
    import torch
    from torch.nn import functional

    claims("0 times the difference of two infinities, which is NaN")
    masked = [functional.log_softmax(torch.tensor([[-torch.inf, *z]]), dim=-1) for z in ((1.0, 0.0), (3.0, 2.5))]
    assert functional.kl_div(*masked, reduction="sum", log_target=True).isnan()


# Sentences


def test_entropy_does_not_see_a_shuffle_and_two_numbers_do():
    claims("The entropies stay. Two other numbers notice.")
    p, other = softmax(TEACHER, 4), softmax([5.0, 0.0, -1.0, 2.5, 3.0], 4)
    np.testing.assert_allclose([stats.entropy(p), stats.entropy(other)], 1.4770, atol=0.5e-4)
    assert kl(p, other) == pytest.approx(0.1935, abs=0.5e-4)
    assert stats.kendalltau(p[1:], other[1:]).statistic == pytest.approx(-1 / 3)


def test_the_sharper_teacher_leaves_less():
    claims("leaves more than twelve times as much for what else it could be")
    assert (1 - 0.75) / (1 - 0.98) > 12


def test_a_number_that_cannot_be():
    claims("$0.897$ for the first of softmax$(25, 0.025, 0.0125)$")
    assert softmax([25, 0.025, 0.0125])[0] > 1 - 1e-10


# What was measured


def test_the_class_that_nobody_showed():
    claims("{measured}`vision: digits3_T4 recall`", "{measured}`vision: digits3_hard recall`")
    assert VISION.of_seeds("digits3_hard", "recall").max() == 0
    assert VISION.of_seeds("digits3_T4", "recall").mean() > 0.85
    # so little that "explains" holds, of digits at T = 1 and of signals
    assert VISION.of_seeds("digits3_T1", "recall").mean() < 0.05
    assert VISION.of_seeds("signals3_T4", "recall").mean() < 0.05


def test_structure_and_not_softness():
    claims("**Structure, not softness.**", "**False structure harms.**")
    assert RECORD.higher("digits_50_true", "digits_50_flat")
    assert has_0("digits_50_flat", "digits_50_hard")
    assert RECORD.lower("digits_50_permuted", "digits_50_hard")


def test_where_labels_abound_it_is_gone():
    claims("**Where labels abound it is gone.**")
    assert has_0("digits_1297_true", "digits_1297_flat")
    assert RECORD.lower("digits_1297_true", "digits_1297_hard")


def test_more_that_came_out():
    claims(
        "structure still paid",
        "But soft targets were behind labels",
        "Evened-out targets kept students from finding the order.",
    )
    assert RECORD.higher("signals_4000_true", "signals_4000_flat")
    assert RECORD.lower("signals_4000_true", "signals_4000_hard")
    claims("A consistent lie is no better than a fresh one in each row")
    assert has_0("digits_50_permuted", "digits_50_class_permuted")
    assert RECORD.lower("digits_50_flat", "digits_50_hard", measure="tau")


def test_one_teacher_has_many_entropies_and_a_shuffle_the_same():
    claims(
        "It was one and the same teacher.",
        "was {measured}`dark_knowledge: digits_teacher_T1 permuted_entropy`: the same.",
    )
    means = [RECORD.of_seeds(f"digits_teacher_T{T}", "incorrect_entropy").mean() for T in (1, 4, 16)]
    assert means == sorted(means)
    assert means[0] < 0.3
    assert means[2] > 0.9
    for T in (1, 4, 16):
        true, permuted = (
            RECORD.of_seeds(f"digits_teacher_T{T}", f"{kind}_entropy") for kind in ("incorrect", "permuted")
        )
        np.testing.assert_allclose(true, permuted, atol=1e-4)


def test_the_code_of_measure_gives_the_paired_interval():
    printed = printed_by(CHAPTER.shown[-1], {})
    interval = RECORD.interval("digits_50_flat", "digits_50_hard", "tau")
    mean, half_width = (float(number) for number in re.findall(r"(?:mean|half_width)': (-?[\d.]+)", printed))
    assert mean == pytest.approx(sum(interval) / 2)
    assert half_width == pytest.approx((interval[1] - interval[0]) / 2)
    assert (RECORD.of_seeds("digits_50_flat", "tau") < RECORD.of_seeds("digits_50_hard", "tau")).all()
