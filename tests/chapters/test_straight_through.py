"""The claims of the chapter on the straight-through estimator: looked up in its text, and computed without kdlab."""

import re

import numpy as np
import pytest
import torch
from scipy import integrate, special, stats

from chapters.chapter import Chapter, Record, printed_by

CHAPTER = Chapter("compression/straight_through")
claims, passage = CHAPTER.claims, CHAPTER.passage
RECORD = Record("straight_through")
higher, lower = RECORD.higher, RECORD.lower


def latent_path(target, start, steps, m=1.0, eta=0.1):
    """Return the latent weight at the start and after each step, and q in each step."""
    w, q = [start], []
    for _ in range(steps):
        q.append(m if w[-1] > -1e-9 else -m)
        w.append(w[-1] - eta * (q[-1] - target))
    return w, q


def phi(u, T):
    return integrate.quad(lambda x: x * special.expit(u * x / T) * stats.norm.pdf(x), -9, 9, limit=200)[0]


# By hand


def test_the_example_by_hand():
    text = " ".join(passage("By hand\n:class: worked-example", "*Now you:*").split())
    said = [float(number) for number in re.findall(r"\$(-?0\.\d\d)\$", text)]
    w, q = latent_path(0.3, 0.0, 20)
    np.testing.assert_allclose(w[1:7], said, atol=1e-9)
    assert "$+1$ in 13 and $-1$ in 7" in text
    assert q.count(1.0) == 13
    assert np.mean(q) == pytest.approx(0.3)


def test_the_blanks():
    blanks = " ".join(passage("The blanks\n", "::::").split())
    assert "-0.13$" in blanks
    assert "$-0.08$, $-0.03$, $0.02$" in blanks
    w, q = latent_path(-0.5, 0.02, 4)
    np.testing.assert_allclose(w, [0.02, -0.13, -0.08, -0.03, 0.02], atol=1e-12)
    assert q.count(1.0) == 1
    assert np.mean(q) == -0.5


@pytest.mark.parametrize("target", [-0.9, 0.3, 0.77])
def test_a_latent_weight_stays_within_a_step_or_two_of_0(target):
    claims("so $|w| \\le \\eta(m + |w^*|) \\le 2\\eta m$")
    w, q = latent_path(target, 0.0, 3000)
    assert np.abs(w).max() <= 0.1 * (1 + abs(target)) + 1e-12
    assert np.mean(q) == pytest.approx(target + (w[0] - w[-1]) / (0.1 * 3000))


# The cells


def test_the_loop_finds_all_signs():
    assert "right signs 8 of 8" in CHAPTER.ran[1][0].splitlines()[-1]
    assert "right signs 8 of 8" not in CHAPTER.ran[1][0].splitlines()[0]


def test_a_smaller_step_swings_less_and_jumps_as_often():
    claims("A smaller step size makes the swing narrower. It does not make the jumps of $q$ smaller:")
    swings, means = zip(
        *(re.search(r"swing ([\d.]+), mean of q ([\d.]+)", line).groups() for line in CHAPTER.ran[1][1].splitlines()),
        strict=True,
    )
    assert [float(swing) for swing in swings] == sorted(map(float, swings), reverse=True)
    assert all(abs(float(mean) - 0.3) < 0.01 for mean in means)
    claims("As many changes of sign each time")
    changes = {line.split()[-1] for line in CHAPTER.ran[1][1].splitlines()}
    _, q = latent_path(0.3, 0.005, 2000)
    assert changes == {str(np.sum(np.diff(q) != 0))}


def test_three_biases_of_two_weights():
    lines = CHAPTER.ran[1][2].splitlines()
    assert "[0.375 0.375]" in lines[0]
    assert "0.125 -1.125" in lines[1]
    assert "-0.5 -0.5" in lines[1]
    w, m = np.array([0.25, -1.0]), 0.625

    def smoothed(at):
        p = (1 + np.clip(at / m, -1, 1)) / 2
        return sum((p * (m - 0.5) ** 2 + (1 - p) * (m + 0.5) ** 2) / 2)

    step = 1e-6 * np.eye(2)
    slope = np.array([(smoothed(w + each) - smoothed(w - each)) / 2e-6 for each in step])
    found = [float(number) for number in re.findall(r"-?\d+\.?\d*", lines[2].partition(")")[2])]
    np.testing.assert_allclose(found, np.array([0.125, -1.125]) - slope, atol=1e-6)


def test_far_out_the_bias_hardly_notices():
    found = [float(line.split()[-1]) for line in CHAPTER.ran[1][3].splitlines()]
    np.testing.assert_allclose(found, [(phi(q, 0.2) - phi(0.3, 0.2)) / 0.2 for q in (0.8, 3.0, 30.0)], atol=6e-4)
    assert found[2] < 1.05 * found[1]


def test_the_torch_lines_give_the_gradient_of_the_first_condition():
    claims("These are the numbers of the first condition.", "straight-through gradient is $(0.125, -1.125)$")
    (shown,) = (code for code in CHAPTER.shown if "torch" in code)
    names = {}
    assert "0.1250, -1.1250" in printed_by(shown, names)
    w = torch.tensor([0.3, -2.0, 0.0])
    torch.testing.assert_close(names["one_bit"](w), w.abs().mean() * torch.tensor([1.0, -1.0, 1.0]))


# The conditions


def test_with_a_moving_scale_the_derivative_is_that_of_differences():
    claims("The true derivative is $(0.625, -0.625)$")
    w = np.array([0.25, -1.0])

    def loss(at):
        return sum((np.abs(at).mean() * np.sign(at) - 0.5) ** 2) / 2

    slope = [(loss(w + each) - loss(w - each)) / 2e-6 for each in 1e-6 * np.eye(2)]
    np.testing.assert_allclose(slope, [0.625, -0.625], atol=1e-6)


def test_what_one_bit_can_say():
    claims("$x^2 + y^2 = \\tfrac12 (x+y)^2 + \\tfrac12 (x-y)^2$")
    x, y = np.random.default_rng(0).normal(size=(2, 9))
    np.testing.assert_allclose(x**2 + y**2, ((x + y) ** 2 + (x - y) ** 2) / 2)


def test_no_sum_of_functions_of_the_diagonals_is_a_level_stripe():
    claims("A level stripe cannot: at $(\\pm 1, 0)$, inside,", "and at $(0, \\pm 1)$, outside, to the same.")
    inside, outside = np.array([[1, 0], [-1, 0]]), np.array([[0, 1], [0, -1]])
    assert (np.abs(inside[:, 1]) < 0.6).all()  # the stripe of the figure
    assert not (np.abs(outside[:, 1]) < 0.6).any()
    for seen in ([1, 1], [1, -1]):  # the arguments of f, and those of g
        assert sorted(inside @ seen) == sorted(outside @ seen) == [-1, 1]


def test_outside_everywhere_is_right_on_most_of_the_square():
    claims(r"which is right on $76\,\%$ of the square")
    assert 1 - np.pi / 3.6**2 == pytest.approx(0.76, abs=5e-3)


def test_mismatch_and_bias_are_two_things():
    claims(
        "the mismatch is $0.71$ long, and the bias is exactly 0", "the mismatch is $0.14$, and the bias is $(0.2, 0.2)$"
    )
    w, Sigma = np.array([0.5, 1.5]), np.ones((2, 2))
    for q, mismatch, bias in (([1, 1], 0.71, [0, 0]), ([0.6, 1.6], 0.14, [0.2, 0.2])):
        assert np.linalg.norm(q - w) == pytest.approx(mismatch, abs=5e-3)
        np.testing.assert_allclose(Sigma @ (q - w), bias, atol=1e-12)
    claims("At $\\rho = 0.9$ the bias is a tenth as long.")
    bias = np.array([[1, 0.9], [0.9, 1]]) @ (np.array([1, 1]) - w)
    assert np.linalg.norm(bias) == pytest.approx(0.1 * np.linalg.norm([0.5, 0.5]))


def test_a_high_temperature_leaves_no_t():
    claims("$0.5/(-0.9) = -0.56$: the estimate is less than half of the gradient of full precision")
    for T in (8, 64):
        assert (phi(0.8, T) - phi(0.3, T)) / (phi(0.3, T) - phi(1.2, T)) == pytest.approx(-0.5556, abs=2e-3)
        assert T * (phi(0.8, T) - phi(0.3, T)) == pytest.approx(0.125, abs=1e-3)
        assert abs((phi(0.8, T) - phi(1.2, T)) / (phi(0.3, T) - phi(1.2, T))) < 0.5


def test_with_opposite_signs_the_bias_grows_without_end():
    claims("If it has not, the bias grows without end: try $w = -1.5$.")
    biases = [(phi(0.8, T) - phi(-1.5, T)) / T for T in (1, 0.5, 0.1)]
    assert biases == sorted(biases)
    assert biases[-1] > 4 * biases[0]


# The record


def test_the_estimator_trains_and_the_true_gradient_does_not():
    claims("hardly better than a guess among ten digits", "The estimator trains, and one bit still costs.")
    assert (RECORD.of_seeds("fixed_T4", "flipped") == 0).all()
    assert RECORD.of_seeds("fixed_T4").mean() < 0.15
    assert higher("moving_T4", "fixed_T4")
    assert RECORD.of_seeds("moving_T4").mean() < 0.5 < 0.9 < RECORD.of_seeds("ste_T4").mean()
    assert lower("ste_T4", "full_T4")


def test_a_cut_at_1_changed_nothing_and_one_at_an_eighth_did():
    claims("Both can hurt.", "clamped it cannot pass $1/8$", "So far out a bound does nothing.")
    assert (RECORD.of_seeds("clamp_0_125_T4", "beyond") == 0).all()
    assert (RECORD.of_seeds("clip_0_125_T4", "beyond_1") == 0).all()
    found = RECORD.interval("clip_1_T4", "ste_T4")
    assert found.low < 0 < found.high
    assert lower("clip_0_125_T4", "ste_T4")
    assert lower("clamp_0_125_T4", "clip_0_125_T4")


def test_a_high_temperature_was_no_cure():
    claims("A high temperature was no cure.", "in all twenty seeds")
    assert higher("ste_T0_5", "ste_T32")
    assert higher("full_T0_5", "full_T32")
    assert lower("ste_T0_5", "ste_T32", measure="cost")
    assert (RECORD.of_seeds("ste_T32", "bias_a_start") < RECORD.of_seeds("ste_T0_5", "bias_a_start")).all()
    more = [RECORD.of_seeds(f"{arm}_T0_5") - RECORD.of_seeds(f"{arm}_T32") for arm in ("ste", "full")]
    change = RECORD.of_seeds("ste_T32", "cost") - RECORD.of_seeds("ste_T0_5", "cost")
    np.testing.assert_allclose(more[0] - more[1], change, atol=1e-5)


def test_after_training_full_precision_is_no_yardstick():
    claims("with it on some seeds and against it on others", "several times longer than the one at $q$")
    end = RECORD.of_seeds("ste_T4", "cosine_end")
    assert (end > 0.2).any()
    assert (end < -0.2).any()
    assert RECORD.of_seeds("ste_T4", "cosine_start").min() > 0.6
    assert 10 ** -RECORD.of_seeds("ste_T4", "length_end").mean() > 3


def test_labels_alone_did_better_than_a_teacher_at_4():
    claims("And it is no case for $T = 4$: labels alone did better for one bit")
    assert higher("ste_hard", "ste_T4")
    claims("and no temperature clearly better than labels")
    assert not any(higher(f"ste_T{T}", "ste_hard") for T in ("0_5", "1", "2", "4", "8", "32"))
