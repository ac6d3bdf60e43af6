"""The claims of the chapter on pruning: each is looked up in its text, and computed here without kdlab.

But for a warning, which is kdlab's own.

A claim that is reworded must be looked at again, so its test fails.
"""

import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.datasets import load_digits

from chapters.chapter import Chapter, Record, printed_by
from kdlab.pruning import num_pruned, prune_masks

CHAPTER = Chapter("compression/pruning")
claims, passage = CHAPTER.claims, CHAPTER.passage
RECORD = Record("pruning")
MEASURED = RECORD.measured
of_seeds, interval, higher, lower = RECORD.of_seeds, RECORD.interval, RECORD.higher, RECORD.lower
W_INIT = np.array([1.0, 0.1, -0.2, 0.5, 0.0])
W = np.array([0.0, 0.9, -0.3, 0.5, 0.4])
ORDINALS = ("first", "second", "third", "fourth", "fifth")
TRAININGS = ("adam_random", "sgd_random", "adam_pretrained", "sgd_pretrained")
PERCENTS = (50, 80, 90, 95)

vectors = arrays(np.float64, 6, elements=st.floats(-3, 3))


def lowest(scores, number):
    """Return the places of the lowest scores, of which none is equal."""
    assert len(np.unique(scores)) == len(scores)
    return sorted(np.argsort(scores)[:number].tolist())


def sums_of_squares(text):
    """Return the sums of squares in a text, as (numbers squared, total)."""
    found = re.findall(r"\$((?:[\d.]+\^2(?: \+ )?)+) = ([\d.]+)\$", text)
    return [([float(x) for x in re.findall(r"([\d.]+)\^2", squares)], float(total)) for squares, total in found]


# The worked example, the blanks and the solutions


def test_the_numbers_of_the_example_are_those_of_the_first_cell():
    names, _ = CHAPTER.ran
    np.testing.assert_array_equal(names["w"], W)
    np.testing.assert_array_equal(names["w_init"], W_INIT)
    claims("The first weight shrank to 0.", "The fourth did not move, so it goes, and takes with it the $0.5$")


def test_the_example_by_hand():
    example, _ = passage("By hand\n:class: worked-example", "\n::::").split("*Now you:*")
    by_magnitude, by_distance = lowest(abs(W), 3), lowest(abs(W - W_INIT), 3)
    assert by_magnitude == [0, 2, 4]
    assert by_distance == [2, 3, 4]
    assert "Magnitude prunes the first, third and fifth" in " ".join(example.split())
    assert "prunes the third, fourth and fifth" in " ".join(example.split())
    expected = [np.abs(pruned) for P in (by_magnitude, by_distance) for pruned in (W[P], (W - W_INIT)[P])]
    for (squares, total), numbers in zip(sums_of_squares(" ".join(example.split())), expected, strict=True):
        np.testing.assert_allclose(squares, numbers, atol=1e-12)
        assert total == pytest.approx(sum(x**2 for x in numbers), abs=1e-12)


def test_the_blanks():
    blanks = " ".join(passage("The blanks\n", "::::").split())
    by_magnitude, by_distance = lowest(abs(W), 2), lowest(abs(W - W_INIT), 2)
    for sentence, P in (
        ("Magnitude prunes the {} and the {}:", by_magnitude),
        ("moved prunes the {} and the {}:", by_distance),
    ):
        assert sentence.format(*(ORDINALS[j] for j in P)) in blanks
    expected = [np.abs(W[by_magnitude]), np.abs(W[by_distance]), np.abs((W - W_INIT)[by_distance])]
    for (squares, total), numbers in zip(sums_of_squares(blanks), expected, strict=True):
        np.testing.assert_allclose(squares, numbers, atol=1e-12)
        assert total == pytest.approx(sum(x**2 for x in numbers), abs=1e-12)


def test_the_weight_that_goes_to_and_fro():
    claims(
        r"A weight goes $0.5 \to 0.3 \to 0.4$ with $\eta = 0.1$.",
        r"$g = (2, -1)$",
        r"$-(0.5 \cdot 2) - (0.3 \cdot (-1)) = -0.7$",
        "$(0.16 - 0.25 - 0.04 - 0.01)/0.2 = -0.7$",
    )
    path = np.array([0.5, 0.3, 0.4])
    g = -np.diff(path) / 0.1
    np.testing.assert_allclose(g, [2, -1], atol=1e-12)
    assert -(path[:-1] @ g) == pytest.approx(-0.7)
    assert (0.16 - 0.25 - 0.04 - 0.01) / 0.2 == pytest.approx(-0.7)


@given(vectors, st.floats(0.01, 1))
def test_movement_under_gradient_descent_has_a_closed_form(path, eta):
    claims(
        r"\frac{1}{2\eta}\Bigl( w_{\mathrm{final}}^2 - w_{\mathrm{init}}^2 - \sum_t (w_{t+1} - w_t)^2 \Bigr)",
        r"$w_{t+1}^2 - w_t^2 = 2 w_t (w_{t+1} - w_t) + (w_{t+1} - w_t)^2$",
    )
    steps = np.diff(path)
    g = -steps / eta
    closed = (path[-1] ** 2 - path[0] ** 2 - steps @ steps) / (2 * eta)
    np.testing.assert_allclose(-(path[:-1] @ g), closed, rtol=1e-9, atol=1e-9 / eta)
    np.testing.assert_allclose(path[1:] ** 2 - path[:-1] ** 2, 2 * path[:-1] * steps + steps**2, atol=1e-12)


def test_the_weights_to_find():
    claims("Most of them crossed zero on the way", "some of what it keeps is smaller than some of what it prunes")
    initial, final = (
        np.array(values) for values in (MEASURED["weights"]["initial"], MEASURED["weights"]["adam"]["final"])
    )
    at = MEASURED["lowest_kept"]["sparsity"].index(0.9)
    limits = {name: values[at] for name, values in MEASURED["lowest_kept"]["adam"].items()}
    alone = (abs(final - initial) >= limits["moved"]) & (abs(final) < limits["magnitude"])
    assert np.mean(np.sign(initial[alone]) != np.sign(final[alone])) > 0.75
    kept = np.array(MEASURED["weights"]["adam"]["sanh"]) >= limits["sanh"]
    assert abs(final[kept]).min() < abs(final[~kept]).max()


def test_the_code_of_measure_prints_the_paired_differences():
    printed = printed_by(CHAPTER.shown[-1], {})
    pair = ("sgd_pretrained_reset_moved_90", "sgd_pretrained_magnitude_90")
    means = [float(mean) for mean in re.findall(r"'mean': ([-\d.]+)", printed)]
    expected = [np.mean(of_seeds(pair[0], m) - of_seeds(pair[1], m)) for m in ("kl", "one_shot_kl")]
    np.testing.assert_allclose(means, expected, rtol=1e-9)
    claims("After fine-tuning what was put back is nearer to the teacher", "before, it is further off")
    assert lower(*pair, measure="kl")
    assert higher(*pair, measure="one_shot_kl")


# Scores, places and damage


@given(vectors, vectors, st.integers(1, 5))
def test_each_score_fits_one_of_the_two_places(w, w_init, number):
    claims("The first sum is smallest if $P$ has the smallest $|w|$.", "So each score fits one of the two places.")
    others = np.random.default_rng(0).permuted(np.tile(np.arange(6), (50, 1)), axis=1)[:, :number]
    for distances in (w**2, (w - w_init) ** 2):
        assert np.sort(distances)[:number].sum() <= distances[others].sum(axis=1).min() + 1e-12


@given(vectors, arrays(np.float64, 6, elements=st.floats(0.1, 3)))
def test_the_damage_to_a_linear_model(w, s):
    claims(r"\mathrm{E}\Bigl(\sum_{j \in P} w_j x_j\Bigr)^2 = \sum_{j \in P} w_j^2\, s_j^2")
    P = [0, 2, 5]
    signs = np.array(np.meshgrid(*[[-1.0, 1.0]] * 6)).reshape(6, -1).T  # exactly uncorrelated, of mean 0
    changes = (signs * s)[:, P] @ w[P]
    np.testing.assert_allclose(np.mean(changes**2), (w[P] ** 2 * s[P] ** 2).sum(), rtol=1e-9, atol=1e-12)


def test_a_new_fit_changes_nothing_with_uncorrelated_inputs():
    claims("with uncorrelated inputs they have nothing to make up for")
    signs = np.array(np.meshgrid(*[[-1.0, 1.0]] * 5)).reshape(5, -1).T
    refitted = np.linalg.lstsq(signs[:, 2:], signs @ W, rcond=None)[0]
    np.testing.assert_allclose(refitted, W[2:], atol=1e-12)


def test_the_small_answers():
    claims(
        "By rows, three of each: six of 14",
        r"$\lfloor 3.5 \rfloor$",
        r"$0.29 \cdot 100$ a little less than 29",
        "8,832 weights",
        r"All weights start at 0. Which two scores are the same?",
    )
    assert int(7 * 0.5) == 3
    assert 0.29 * 100 < 29 <= 0.29 * 100 + 1e-9
    assert 64 * 64 + 64 * 64 + 64 * 10 == 8832


# The cells


def test_the_mask_of_the_first_cell():
    names, printed = CHAPTER.ran
    mask = names["mask_of"](np.array([0.0, 0.0, 0.0, 1.0]), 0.5)
    assert mask.tolist() == [True, False, False, True]  # of equal scores the first
    assert names["mask_of"](np.arange(100.0), 0.29).sum() == 71
    assert [line.split("keeps ")[1] for line in printed[0].splitlines()] == [
        "[0.  0.9 0.  0.5 0. ]",
        "[0.  0.9 0.  0.  0. ]",
    ]


def test_the_cells_show_what_the_text_says_of_them():
    _, counted, applied, two_of_four = CHAPTER.ran[1]
    assert counted.splitlines() == ["29 28", "[ True False False  True]", "global keeps [3, 1]", "layer keeps [2, 2]"]
    assert np.count_nonzero([float(x) for x in re.findall(r"[\d.]+", applied)]) == 2
    assert two_of_four.split() == ["[", "True", "True", "False", "False", "True", "True", "False", "False]"]


def test_two_of_four_by_hand():
    claims("What goes of the row below has the sum of squares $13.5$", "of a half chosen freely it would be $2.5$")
    row = np.array([5, -4, 3, -2, 1, -1, 0.5, 0.5])
    groups = np.sort(row.reshape(2, 4) ** 2, axis=1)
    assert groups[:, :2].sum() == 13.5
    assert np.sort(row**2)[:4].sum() == 2.5


def test_masks_of_two_rounds_multiplied_leave_a_quarter():
    claims("$(1, 0, 1, 0)$ times $(0, 1, 1, 0)$ leaves one of four where two were meant")
    assert (np.array([1, 0, 1, 0]) * np.array([0, 1, 1, 0])).sum() == 1


def test_the_library_of_pytorch_counts_and_forgets_as_the_text_says(capsys):
    claims(
        "`amount` rounds, where `kdlab` never prunes more",
        r"of $0.85 \cdot 4736 = 4025.6$ it makes 4,026, `kdlab` 4,025",
        "after `remove` the next optimiser step fills the zeros again",
    )
    names = {}
    printed = printed_by(CHAPTER.shown[0], names)
    layers = [layer for layer, _ in names["layers"]]
    zeros = sum(int((layer.weight == 0).sum()) for layer in layers)
    assert eval(printed) == [int((layer.weight == 0).sum()) for layer in layers]
    assert zeros == round(0.85 * (64 * 64 + 64 * 10)) == num_pruned(64 * 64 + 64 * 10, 0.85) + 1 == 4026
    student = names["student"]
    optimiser = torch.optim.SGD(student.parameters(), lr=0.1)
    student(torch.ones(2, 64)).square().sum().backward()
    optimiser.step()
    assert sum(int((layer.weight == 0).sum()) for layer in layers) < zeros


# The experiment, from its record


def test_the_design_is_that_of_the_record():
    claims("There are {measured}`pruning: seeds` seeds", "over all layers together", "the accuracy on 450 images")
    assert len(RECORD.seeds) == 20
    arm = MEASURED["arms"]["adam_random_magnitude_90"]
    assert (arm["scope"], arm["sparsity"], arm["prune_to"]) == ("global", 0.9, "zero")
    correct = 450 * of_seeds("teacher")
    np.testing.assert_allclose(correct, np.round(correct), atol=1e-3)  # out of 450


def test_it_matters_which_weights_go():
    claims("So it matters which weights go.", "If any mask would do, a random one would have done as well.")
    for training in TRAININGS:
        assert lower(f"{training}_chance_90", f"{training}_magnitude_90")


def test_weights_that_did_not_move():
    claims(
        "trained with Adam, more than a tenth of the weights had not moved at all",
        "a pixel which is blank in every image",
    )
    tenth = MEASURED["lowest_kept"]["sparsity"].index(0.1)
    assert MEASURED["lowest_kept"]["adam"]["moved"][tenth] == 0
    assert (load_digits().data.max(axis=0) == 0).any()


def test_layers_keep_different_shares():
    claims("The share of weights that a layer keeps can differ much.")
    shares = MEASURED["kept_by_layer"]["adam_random_magnitude_95"]
    assert max(shares) > 2 * min(shares)


def test_from_a_random_start_movement_is_closer_to_magnitude_with_sgd_than_with_adam():
    claims("With SGD it is more, but not all: most weights hardly left", "it forgets all that the weight had before")
    final, initial = (np.array(w) for w in (MEASURED["weights"]["sgd"]["final"], MEASURED["weights"]["initial"]))
    assert np.mean(abs(final - initial) < abs(initial).mean() / 2) > 0.5
    shared = MEASURED["shared_with_magnitude"]
    for percent in (80, 90, 95):
        assert shared[f"sgd_random_sanh_{percent}"] > 0.85
        for other in ("adam_random", "adam_pretrained", "sgd_pretrained"):
            assert shared[f"{other}_sanh_{percent}"] < shared[f"sgd_random_sanh_{percent}"]


def test_half_of_the_weights_were_not_needed():
    claims("Half of the weights were not needed.")
    low, high = interval("adam_random_magnitude_50", "adam_random_unpruned")
    assert -0.005 < low < 0 < high < 0.005


def test_for_zeroing_the_distance_was_clearly_better_nowhere():
    claims(
        "For zeroing, the distance lost with Adam.",
        "there was nothing between the two",
        "Against magnitude set to zero nothing of that is left",
    )
    low, high = interval("adam_pretrained_reset_moved_90", "adam_pretrained_magnitude_90")
    assert -0.02 < low < 0 < high < 0.02
    cells = [(training, percent) for training in TRAININGS for percent in PERCENTS] + [("conv", 80), ("conv", 95)]
    for training, percent in cells:
        pair = f"{training}_moved_{percent}", f"{training}_magnitude_{percent}"
        assert not lower(*pair, measure="kl")
        assert not higher(*pair)
    assert lower("adam_random_moved_90", "adam_random_magnitude_90")
    assert higher("adam_pretrained_reset_moved_90", "adam_pretrained_reset_magnitude_90")
    low, high = interval("sgd_random_moved_90", "sgd_random_magnitude_90")
    assert -0.005 < low < 0 < high < 0.005


def test_movement_won_with_adam_from_a_random_start_and_not_with_sgd():
    claims("Published movement won with Adam from a random start:", "With SGD it won nowhere.")
    for percent in (80, 90, 95):
        assert lower(f"adam_random_sanh_{percent}", f"adam_random_magnitude_{percent}", measure="kl")
    assert not lower("adam_random_sanh_50", "adam_random_magnitude_50", measure="kl")
    for percent in PERCENTS:
        assert higher(f"sgd_random_sanh_{percent}", f"sgd_random_magnitude_{percent}", measure="kl")


def test_from_a_pretrained_start_it_depends_on_the_sparsity():
    claims("From a pretrained start it lost at $50\\,\\%$, and won at $95\\,\\%$.")
    assert lower("adam_pretrained_sanh_50", "adam_pretrained_magnitude_50")

    assert higher("adam_pretrained_sanh_95", "adam_pretrained_magnitude_95")


def test_put_back_the_distance_is_better_but_for_adam_from_a_random_start():
    claims("the distance is the better score with one exception: Adam from a random start")
    for training in ("sgd_random", "adam_pretrained", "sgd_pretrained"):
        for percent in PERCENTS:
            pair = f"{training}_reset_moved_{percent}", f"{training}_reset_magnitude_{percent}"
            assert lower(*pair, measure="kl")
    exception = [(f"adam_random_reset_moved_{p}", f"adam_random_reset_magnitude_{p}") for p in PERCENTS]
    assert lower(*exception[0], measure="kl")
    assert all(higher(*pair, measure="kl") for pair in exception[1:])
    assert lower(*exception[2])


def test_within_layers_and_on_other_data():
    claims(
        "and at $90\\,\\%$ when each layer is ranked by itself, too",
        "on other data, signals learned by convolutions, it lost again",
    )
    assert higher("adam_random_layer_sanh_90", "adam_random_layer_magnitude_90")
    assert lower("conv_moved_80", "conv_magnitude_80")


def test_before_fine_tuning_and_after():
    claims("Before fine-tuning nearly everything looks broken at $90\\,\\%$ with Adam; after it, much is well again.")
    for score in ("magnitude", "moved", "sanh"):
        for start in ("random", "pretrained"):
            arm = f"adam_{start}_{score}_90"
            assert of_seeds(arm, "one_shot_accuracy").mean() < 0.6
            assert of_seeds(arm).mean() > 0.7
    assert of_seeds("adam_random_magnitude_90").mean() > 0.9


def test_the_activation_aware_score_lost_and_won():
    claims("each output row by itself, lost to magnitude at $80\\,\\%$")
    assert lower("adam_random_activation_80", "adam_random_magnitude_80")
    assert higher("adam_random_activation_95", "adam_random_magnitude_95")
    assert MEASURED["arms"]["adam_random_activation_80"]["scope"] == "row"


def test_no_place_is_the_better_one_as_such():
    claims("No place is the better one as such.")
    for training in TRAININGS:
        low, high = interval(f"{training}_reset_moved_90", f"{training}_magnitude_90")
        assert -0.03 < low < high < 0.01
    assert higher("sgd_pretrained_reset_moved_90", "sgd_pretrained_magnitude_90")
    for training in ("adam_random", "adam_pretrained"):
        assert not higher(f"{training}_reset_moved_90", f"{training}_magnitude_90")


def test_a_layer_of_small_weights_can_vanish():
    claims("a layer of small weights can lose all of them", "`prune_masks` warns of it")
    with pytest.warns(UserWarning, match="Nothing is kept of layer 1"):
        prune_masks([np.ones((2, 2)), np.full((2, 2), 0.1)], 0.5, scope="global")
