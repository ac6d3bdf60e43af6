"""The record of the experiment on pruning: what is particular to it."""

from dataclasses import asdict

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.experiments import pruning, record
from kdlab.experiments.data import digits, stacked
from kdlab.experiments.networks import Trained, forward, generators, initial_parameters

WEIGHTS = np.array([64 * 64, 64 * 64, 64 * 10])
CONV_WEIGHTS = np.array([8 * 5, 16 * 8 * 5, 16 * 20 * 32, 32 * 10])


@pytest.fixture(scope="module")
def evidence():
    return record.read("pruning")


def values(evidence, arm, measure):
    return np.array([entry[measure] for entry in evidence.records if entry["arm"] == arm])


@pytest.fixture
def untrained(monkeypatch):
    """Return a lesson and two students that have hardly learned: enough to prune."""
    monkeypatch.setattr(pruning, "FINE_TUNING_STEPS", 3)
    seeds = [0, 1]
    split = stacked([digits(seed) for seed in seeds])
    rng = np.random.default_rng(0)
    logits = [rng.normal(size=(2, rows, 10)) for rows in (1297, 450)]
    lesson = pruning.Lesson(seeds, split, *logits, forward)
    initial = initial_parameters(pruning.SIZES, generators(seeds, "a"))
    final = initial_parameters(pruning.SIZES, generators(seeds, "b"))
    sanh = [torch.from_numpy(rng.normal(size=weight.shape)) for weight, _ in initial]
    return lesson, pruning.Student(initial, Trained(final, np.zeros((2, 1))), sanh)


def side_by_side(lesson, student, arms):
    masks = {name: pruning.masks_of(pruning.scores_of(student, arm.score, lesson), arm) for name, arm in arms.items()}
    of_second = {name: [layer[1] for layer in layers] for name, layers in masks.items()}
    optimiser = pruning.OPTIMISERS["adam"]
    return of_second, *pruning.pruned_side_by_side(lesson, student, 1, arms, of_second, optimiser)


def in_numpy(weights, biases, inputs):
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        inputs = (np.maximum(inputs, 0) if layer else inputs) @ W + b
    return inputs


def test_each_arm_prunes_as_many_as_were_asked_for(evidence):
    reached = evidence.measured["sparsity_reached"]
    assert evidence.measured["arms"] == {name: asdict(arm) for name, arm in pruning.ARMS.items()}
    assert reached.keys() == pruning.ARMS.keys()
    for name, arm in pruning.ARMS.items():
        percent, sizes = round(100 * arm.sparsity), CONV_WEIGHTS if arm.training == "conv" else WEIGHTS
        if arm.scope == "global":
            pruned = percent * sizes.sum() // 100
        elif arm.scope == "layer":
            pruned = (percent * sizes // 100).sum()
        else:  # 64 weights in each of 64 + 64 + 10 rows
            pruned = (percent * 64 // 100) * (64 + 64 + 10)
        assert reached[name] == pytest.approx(pruned / sizes.sum(), abs=1e-6), name


def test_what_is_kept_of_each_layer_adds_up(evidence):
    reached = evidence.measured["sparsity_reached"]
    for name, shares in evidence.measured["kept_by_layer"].items():
        sizes = CONV_WEIGHTS if name.startswith("conv") else WEIGHTS
        assert np.dot(shares, sizes) / sizes.sum() == pytest.approx(1 - reached[name], abs=1e-4), name
        if "layer" in name:
            assert_allclose(shares, 0.1, atol=1e-3)


def test_a_random_mask_shares_with_another_what_chance_lets_it(evidence):
    shared = evidence.measured["shared_with_magnitude"]
    for training in ("adam_random", "sgd_random"):
        # 884 kept of 8832, 20 seeds: standard error .002
        assert shared[f"{training}_chance_90"] == pytest.approx(0.1, abs=0.01)
        assert shared[f"{training}_magnitude_90"] == 1
    assert all(0 <= share <= 1 for share in shared.values())


def test_a_random_mask_is_worse_than_magnitude(evidence):
    for training in pruning.TRAININGS:
        for measure in ("kl", "one_shot_kl"):
            chance = values(evidence, f"{training}_chance_90", measure)
            assert np.mean(chance) > np.mean(values(evidence, f"{training}_magnitude_90", measure)), (training, measure)


def test_a_random_start_is_that_of_its_seed(evidence):
    rng = np.random.default_rng([0, *b"student"])
    flat = []
    for fan_in, fan_out in ((64, 64), (64, 64)):
        flat += rng.uniform(-(fan_in**-0.5), fan_in**-0.5, (fan_in, fan_out)).ravel().tolist()
        rng.uniform(size=fan_out)  # biases
    shown = evidence.measured["weights"]
    places = np.array(pruning.sampled_weights())
    assert len(set(places)) == len(shown["initial"]) == 600
    assert_allclose(shown["initial"], np.array(flat)[places], atol=1e-4)
    assert_array_equal(shown["layer"], places >= 64 * 64)
    # uniform within 1/8, in all three layers
    for optimiser in ("adam", "sgd"):
        rms = values(evidence, f"{optimiser}_random_unpruned", "initial_rms")
        assert_allclose(rms, 0.125 / np.sqrt(3), rtol=0.03)
    assert_array_equal(*(values(evidence, f"{o}_random_unpruned", "initial_rms") for o in ("adam", "sgd")))


def test_weights_of_a_pixel_that_is_never_lit_do_not_move(evidence):
    dark = np.flatnonzero((digits(0).train_inputs == 0).all(axis=0))
    places = np.array(pruning.sampled_weights())
    unmoved = (places < 64 * 64) & np.isin(places // 64, dark)
    assert len(dark) >= 3
    assert unmoved.any()
    shown = evidence.measured["weights"]
    for optimiser in ("adam", "sgd"):
        assert_array_equal(np.array(shown[optimiser]["final"])[unmoved], np.array(shown["initial"])[unmoved])
        assert_array_equal(np.array(shown[optimiser]["sanh"])[unmoved], 0)


def test_the_thresholds_keep_of_the_sample_what_they_keep_of_all(evidence):
    shown, lowest = evidence.measured["weights"], evidence.measured["lowest_kept"]
    sparsity = np.array(lowest["sparsity"])
    initial = np.array(shown["initial"])
    for optimiser in ("adam", "sgd"):
        final, sanh = (np.array(shown[optimiser][name]) for name in ("final", "sanh"))
        scores = {"magnitude": abs(final), "moved": abs(final - initial), "sanh": sanh}
        for score, of_sample in scores.items():
            thresholds = np.array(lowest[optimiser][score])
            assert (np.diff(thresholds) >= 0).all()
            # scores that are equal lie on one side here, and are told apart by their place there
            at_most, at_least = (of_sample[:, None] >= thresholds, of_sample[:, None] > thresholds)
            # 600 are a sample, and the third layer, 7 % of all weights and kept more often, is not in it
            assert (at_most.mean(axis=0) > 1 - sparsity - 0.08).all(), (optimiser, score)
            assert (at_least.mean(axis=0) < 1 - sparsity + 0.08).all(), (optimiser, score)


def test_the_lowest_kept_is_that_of_a_sort():
    scores = np.random.default_rng(1).normal(size=1000)
    lowest = pruning.lowest_kept(torch.from_numpy(scores))
    for level, threshold in zip(pruning.LEVELS, lowest, strict=True):
        assert (scores >= threshold).sum() == 1000 - round(1000 * level)


def test_adam_moves_weights_further_than_gradient_descent(evidence):
    moved = {o: values(evidence, f"{o}_random_unpruned", "moved_rms") for o in ("adam", "sgd")}
    assert (moved["adam"] > moved["sgd"]).all()


def test_one_shot_is_the_network_with_its_weights_put_where_they_go(untrained):
    lesson, student = untrained
    arms = {
        "zero": pruning.Arm("adam_random", "magnitude", 0.8),
        "init": pruning.Arm("adam_random", "moved", 0.8, "init"),
        "none": pruning.Arm("adam_random", "magnitude", 0.0),
    }
    _, one_shot, tuned = side_by_side(lesson, student, arms)
    W_init = [weight[1].numpy() for weight, _ in student.initial]
    W, b = ([tensor[1].numpy() for tensor in tensors] for tensors in zip(*student.trained.parameters, strict=True))

    def cut(scores):
        return np.sort(np.concatenate([score.ravel() for score in scores]))[80 * 8832 // 100]

    moved = [abs(w - w_init) for w, w_init in zip(W, W_init, strict=True)]
    threshold, moved_threshold = cut([abs(w) for w in W]), cut(moved)
    expected = {
        "zero": [np.where(abs(w) >= threshold, w, 0) for w in W],
        "init": [np.where(m >= moved_threshold, w, w_init) for w, w_init, m in zip(W, W_init, moved, strict=True)],
        "none": W,
    }
    for name, weights in expected.items():
        assert_allclose(one_shot[name], in_numpy(weights, b, lesson.split.test_inputs[1]), atol=1e-10)
        assert np.abs(tuned[name] - one_shot[name]).max() > 1e-3


def test_a_row_of_an_output_is_a_column_of_weights(untrained):
    lesson, student = untrained
    arm = pruning.Arm("adam_random", "activation", 0.9, scope="row")
    masks = pruning.masks_of(pruning.scores_of(student, "activation", lesson), arm)
    for mask in masks:
        assert_array_equal(mask.sum(dim=1), 64 - 57)


def test_the_activation_aware_score_is_that_of_the_training_rows(untrained):
    lesson, student = untrained
    scores = pruning.scores_of(student, "activation", lesson)
    inputs = lesson.split.train_inputs[0]
    for layer, (weight, bias) in enumerate(student.trained.parameters):
        W, b = weight[0].numpy(), bias[0].numpy()
        assert_allclose(scores[layer][0], abs(W) * np.sqrt((inputs**2).mean(axis=0))[:, None], rtol=1e-9)
        inputs = np.maximum(inputs @ W + b, 0)


def test_pruned_weights_that_come_back_are_found(untrained, monkeypatch):
    lesson, student = untrained
    arms = {"zero": pruning.Arm("adam_random", "magnitude", 0.8)}
    train = pruning.train
    monkeypatch.setattr(pruning, "train", lambda *args, after_step, **options: train(*args, **options))
    with pytest.raises(ValueError, match="pruned weights where they were put"):
        side_by_side(lesson, student, arms)


def test_masks_are_the_same_wherever_pruned_weights_go(untrained):
    lesson, student = untrained
    arms = {to: pruning.Arm("adam_random", "sanh", 0.5, to) for to in ("zero", "init")}
    masks, *_ = side_by_side(lesson, student, arms)
    for zero, init in zip(masks["zero"], masks["init"], strict=True):
        assert_array_equal(zero, init)
    assert pruning.shared(masks["zero"], masks["init"]) == 1
    assert pruning.shared(masks["zero"], [~mask for mask in masks["zero"]]) == 0


def test_the_shown_weights_replay(evidence):
    lesson = pruning.digits_lesson([0])
    start = initial_parameters(pruning.SIZES, generators([0], "student"))
    student = pruning.distilled(start, lesson, pruning.OPTIMISERS["sgd"], pruning.STEPS)
    scores = {s: [w[0] for w in pruning.scores_of(student, s, lesson)] for s in ("magnitude", "moved", "sanh")}
    again = pruning.shown_weights(student, scores, 0)
    shown, lowest = evidence.measured["weights"]["sgd"], evidence.measured["lowest_kept"]["sgd"]
    assert_allclose(again["final"], shown["final"], atol=2e-3)
    assert_allclose(again["sanh"], shown["sanh"], atol=2e-3)
    # near 0, where unmoved weights are all alike, rounding must not carry a weight over the threshold
    kept, kept_again = (np.array(w["sanh"])[:, None] >= lowest["sanh"] for w in (shown, again))
    assert (kept != kept_again).sum(axis=0).max() <= 3
    assert_allclose(again["lowest_kept"], [lowest[s] for s in ("magnitude", "moved", "sanh")], atol=2e-3)
