"""The claims of the chapter on low rank: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import numpy as np
import pytest
import torch
from scipy import linalg

from chapters.chapter import REPOSITORY, Chapter, Record, printed_by

CHAPTER = Chapter("compression/low_rank")
claims, passage = CHAPTER.claims, CHAPTER.passage
RECORD = Record("low_rank")
higher, lower, interval = RECORD.higher, RECORD.lower, RECORD.interval


def straddles(*pair):
    """Return whether a difference may be 0."""
    found = interval(*pair)
    return found.low < 0 < found.high


def mean(arm, measure="accuracy"):
    return RECORD.of_seeds(arm, measure).mean()


# By hand


@pytest.mark.parametrize(
    ("where", "W", "s", "nearest", "kept"),
    [
        ("*Now you:*", [[2, 2, 1], [2, 2, -1]], [4, 2**0.5], [[2, 2, 0], [2, 2, 0]], 89),
        ("The blanks", [[3, 1], [1, 3]], [4, 2], [[2, 2], [2, 2]], 80),
    ],
)
def test_the_example_and_its_blanks(where, W, s, nearest, kept):
    found = linalg.svdvals(W)
    np.testing.assert_allclose(found, s)
    missed = np.subtract(W, nearest)
    assert np.linalg.matrix_rank(nearest) == 1
    assert np.linalg.norm(missed) == pytest.approx(found[1])
    assert round(100 * found[0] ** 2 / np.sum(found**2)) == kept
    assert f"= {kept}\\,\\%$" in CHAPTER.source


def test_the_lora_by_hand():
    claims(
        "y = (1, 3) + 2 \\cdot (6, 0) = (13, 3)", "gets $(7, 3)$", "\\begin{pmatrix} 1 & 4 \\\\ 0 & 1 \\end{pmatrix}"
    )
    W, A, B, x = np.eye(2), np.array([[0, 2]]), np.array([[1], [0]]), np.array([1, 3])
    np.testing.assert_array_equal(W @ x + 2 / 1 * (B @ (A @ x)), [13, 3])
    np.testing.assert_array_equal(W + 2 / 1 * (B @ A), [[1, 4], [0, 1]])
    np.testing.assert_array_equal(W @ x + B @ (A @ x), [7, 3])


def test_two_factors_of_zeros_never_move_and_one_is_enough():
    claims(
        "If both start at zero, both gradients are zero, for ever.",
        "$B$ moves in the first step, and $A$ in the second.",
    )
    rng = np.random.default_rng(0)
    x, target = torch.from_numpy(rng.normal(size=4)), torch.from_numpy(rng.normal(size=3))
    for start, moved in ((1.0, (False, True)), (0.0, (False, False))):
        A = (start * torch.from_numpy(rng.normal(size=(2, 4)))).requires_grad_()
        B = torch.zeros(3, 2, dtype=torch.float64, requires_grad=True)
        ((8 / 2 * B @ (A @ x) - target) ** 2).sum().backward()
        assert (bool(A.grad.any()), bool(B.grad.any())) == moved
        g = 2 * (8 / 2 * B @ (A @ x) - target)
        torch.testing.assert_close(B.grad, 8 / 2 * torch.outer(g, A @ x))
        torch.testing.assert_close(A.grad, 8 / 2 * torch.outer(B.T @ g, x))


# The cells


def test_the_letter_is_the_sum_of_two_terms():
    _, outputs = CHAPTER.ran
    assert "rank 2: [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 1.0]]" in outputs[0]


def test_squares_and_sums_keep_another_rank():
    claims("two of three hold $13/14$ of it", "Who adds the singular values themselves finds $5/6$")
    assert CHAPTER.ran[1][1].split() == ["by", "squares", "2", "by", "sums", "3"]


def test_two_layers_are_the_product_and_a_bias_before_the_second_is_not():
    assert "shapes (4, 2) (2, 3)\nthe same True\nbias between False\n" == CHAPTER.ran[1][2]


def test_what_is_best_for_the_outputs_is_worse_for_the_weights():
    weights, outputs = CHAPTER.ran[1][3].splitlines()
    assert weights == "nearest in the weights: weights off by 1, outputs by 9"
    assert outputs == "nearest in the outputs: weights off by 4, outputs by 4"


def test_the_projection_is_the_nearest_undone():
    claims("Undo $\\Sigma^{1/2}$, and what is left is")
    rng = np.random.default_rng(1)
    W, root = rng.normal(size=(5, 4)), rng.normal(size=(4, 4))
    Sigma = root @ root.T
    half = linalg.sqrtm(Sigma)
    U, s, Vt = linalg.svd(W @ half, full_matrices=False)
    undone = (U[:, :2] * s[:2]) @ Vt[:2] @ linalg.inv(half)
    np.testing.assert_allclose(U[:, :2] @ U[:, :2].T @ W, undone, atol=1e-9)


def test_a_change_gives_what_its_merged_matrix_gives():
    _, outputs = CHAPTER.ran
    assert outputs[4] == "beside [13.  3.]\nmerged [13.  3.]\nstart  [1. 3.]\n"


def test_torch_makes_the_layer_smaller_and_misses_what_the_spectrum_says():
    (shown,) = (code for code in CHAPTER.shown if "torch" in code)
    names = {}
    printed = printed_by(shown, names)
    assert printed == f"[{48 * 64 + 64}, {8 * (48 + 64) + 64}]\noff by 1.000 of what the spectrum says\n"
    x = torch.randn(5, 48)
    by_hand = x @ (names["second"].weight @ names["first"].weight).T + names["layer"].bias
    torch.testing.assert_close(names["thin"](x), by_hand, atol=1e-5, rtol=1e-5)


# What the text says besides


def test_which_ranks_save():
    claims("at 64 × 64 rank 31 saves", "At 1,000 × 512 and", "has no rank that saves", "so up to 74")
    for m, n, last in ((64, 64, 31), (1000, 512, 338), (1000, 1, 0), (100, 300, 74)):
        saving = [r for r in range(1, min(m, n) + 1) if r * (m + n) < m * n]
        assert max(saving, default=0) == last
    assert 32 * (64 + 64) == 64 * 64
    assert 400 * 1512 > 1000 * 512


def test_letters_of_rank_three():
    claims("P, S and F have it")
    letters = {
        "P": ("####", "#..#", "####", "#...", "#..."),
        "S": ("####", "#...", "####", "...#", "####"),
        "F": ("####", "#...", "###.", "#...", "#..."),
    }
    for rows in letters.values():
        assert np.linalg.matrix_rank([[cell == "#" for cell in row] for row in rows]) == 3


def test_a_singular_value_is_the_largest_stretch_that_is_left():
    claims("By $\\sqrt{4^2 + 3^2} = 5$ in the Frobenius norm, and by 4")
    left = np.diag([0.0, 4.0, 3.0])
    assert (np.linalg.norm(left), np.linalg.norm(left, 2)) == (5, 4)


def test_energy_is_not_accuracy():
    claims("so $0.46^2$, a fifth of the energy, is gone", "a third is gone, and a fifth of the right answers with it")
    with np.load(REPOSITORY / "results" / "shown" / "low_rank.npz") as shown:
        squares = linalg.svdvals(shown["weight_2"].astype(float)) ** 2
    gone = {rank: squares[rank:].sum() / squares.sum() for rank in (6, 8)}
    assert gone[8] ** 0.5 == pytest.approx(0.46, abs=0.005)
    assert gone[8] == pytest.approx(1 / 5, abs=0.02)
    assert gone[6] == pytest.approx(1 / 3, abs=0.02)
    first = {
        rank: RECORD.of_seeds(arm)[0]
        for rank, arm in ((64, "digits_full"), (8, "digits_plain_r8"), (6, "digits_plain_r6"))
    }
    assert first[64] - first[8] < 0.02
    assert 1 - first[6] / first[64] == pytest.approx(1 / 5, abs=0.02)
    claims("nearly every fourth answer is wrong")
    assert 1 - first[6] == pytest.approx(1 / 4, abs=0.02)


def test_what_rank_8_drops_hardly_any_input_meets_and_rank_6_does_not():
    claims("So rank 8 drops what hardly any input meets, and rank 6 does not")
    off = {rank: [mean(f"digits_plain_r{rank}", f"{of}_error") for of in ("output", "weight")] for rank in (6, 8)}
    assert off[8][0] < off[8][1] / 3
    assert off[6][0] > off[6][1]


# The record


def test_what_the_page_opens_with():
    claims("A matrix of zeros would have been nearer.")
    assert mean("digits_plain_r2", "weight_error") < 1 < RECORD.of_seeds("digits_plain_kd_r2", "weight_error").min()
    assert higher("digits_plain_kd_r2", "digits_plain_r2")


def test_what_came_out():
    claims(
        "A quarter of the numbers is nearly enough.",
        "Nearest in the outputs helps in the middle.",
        "At rank 2 it harms:",
        "and rank 2 leaves it open",
        "At low ranks learning on beats both.",
    )
    assert lower("digits_plain_r8", "digits_full")
    assert mean("digits_full") - mean("digits_plain_r8") < 0.01
    assert mean("mnist5k_full") - mean("mnist5k_plain_r8") > 0.05
    assert straddles("mnist5k_plain_r16", "mnist5k_full")
    for rank in (4, 6):
        assert higher(f"digits_data_aware_r{rank}", f"digits_plain_r{rank}")
    assert straddles("digits_data_aware_r8", "digits_plain_r8")
    assert lower("digits_data_aware_r2", "digits_plain_r2")
    assert mean("digits_data_aware_r2", "output_error") < 0.6 * mean("digits_plain_r2", "output_error")
    assert higher("mnist5k_data_aware_r8", "mnist5k_plain_r8")
    assert straddles("mnist5k_data_aware_r2", "mnist5k_plain_r2")
    for rank in (2, 4, 6):
        for other in ("plain", "data_aware"):
            assert higher(f"digits_plain_kd_r{rank}", f"digits_{other}_r{rank}")
    claims("In the experiment better in the middle; at rank 2 worse on digits, open on MNIST.")


def test_the_controls():
    claims("had hardly anything left to gain", "learning on ends where the whole layer ends:")
    assert higher("digits_plain_r8", "digits_random_r8")
    assert mean("digits_full_kd") - mean("digits_full") < 0.01
    assert straddles("digits_plain_kd_r32", "digits_full_kd")
    assert all(higher(f"digits_plain_r{rank}", f"digits_random_r{rank}") for rank in (2, 4, 6, 8))
