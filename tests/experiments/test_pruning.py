"""The record of the experiment on pruning: what is particular to it."""

from dataclasses import asdict

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.evidence import records
from kdlab.experiments import pruning
from kdlab.experiments.data import digits
from kdlab.experiments.lab import Lab
from kdlab.experiments.networks import forward, generators, initial_parameters

WEIGHTS = np.array([64 * 64, 64 * 64, 64 * 10])
CONV_WEIGHTS = np.array([8 * 5, 16 * 8 * 5, 16 * 20 * 32, 32 * 10])


@pytest.fixture(scope="module")
def evidence():
    return records.read("pruning")


def values(evidence, arm, measure):
    return np.array([entry[measure] for entry in evidence.records if entry["arm"] == arm])


@pytest.fixture
def lab():
    return Lab([0, 1], dict.fromkeys(("zero on", "init on", "none on"), "three steps"))


@pytest.fixture
def untrained(monkeypatch, lab):
    """Return two students that have hardly learned: enough to prune."""
    monkeypatch.setattr(pruning, "FINE_TUNING_STEPS", 3)
    split = lab.split(digits)
    least_squares = np.linalg.pinv(split.train_inputs) @ np.eye(10)[split.train_labels]
    task = pruning.Task(split, lab.teacher(split, lambda inputs: inputs @ least_squares), forward, "adam")
    initial, final = (initial_parameters(pruning.SIZES, generators([0, 1], name)) for name in "ab")
    rng = np.random.default_rng(0)
    sanh = [torch.from_numpy(rng.normal(size=weight.shape)) for weight, _ in initial]
    return pruning.Student("adam_random", task, initial, final, sanh)


def side_by_side(lab, student, arms):
    masks = {
        name: pruning.masks_of(pruning.scores_of(student, arm.score, lab.seeds), arm) for name, arm in arms.items()
    }
    of_second = {name: [layer[1] for layer in layers] for name, layers in masks.items()}
    seen = pruning.fine_tuned(lab, student, 1, arms, of_second)
    return of_second, *({name: of_arm[step] for name, of_arm in seen.items()} for step in (0, 3))


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
    lowest = pruning.lowest_kept(scores)
    for level, threshold in zip(pruning.LEVELS, lowest, strict=True):
        assert (scores >= threshold).sum() == 1000 - round(1000 * level)


def test_adam_moves_weights_further_than_gradient_descent(evidence):
    moved = {o: values(evidence, f"{o}_random_unpruned", "moved_rms") for o in ("adam", "sgd")}
    assert (moved["adam"] > moved["sgd"]).all()


def test_one_shot_is_the_network_with_its_weights_put_where_they_go(lab, untrained):
    student = untrained
    arms = {
        "zero": pruning.Arm("adam_random", "magnitude", 0.8),
        "init": pruning.Arm("adam_random", "moved", 0.8, "init"),
        "none": pruning.Arm("adam_random", "magnitude", 0.0),
    }
    _, one_shot, tuned = side_by_side(lab, student, arms)
    W_init = [weight[1].numpy() for weight, _ in student.initial]
    W, b = ([tensor[1].numpy() for tensor in tensors] for tensors in zip(*student.trained, strict=True))

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
        assert_allclose(one_shot[name], in_numpy(weights, b, student.task.split.test_inputs[1]), atol=1e-10)
        assert np.abs(tuned[name] - one_shot[name]).max() > 1e-3


def test_the_course_is_kept_where_it_is_watched(lab, untrained, monkeypatch):
    monkeypatch.setattr(pruning, "COURSE", (0, 2, 3))
    arms = {
        "zero": pruning.Arm("adam_random", "magnitude", 0.8),
        "init": pruning.Arm("adam_random", "moved", 0.8, "init"),
    }
    masks = {name: [torch.ones_like(w[1], dtype=torch.bool) for w, _ in untrained.initial] for name in arms}
    seen = pruning.fine_tuned(lab, untrained, 1, arms, masks)
    assert [list(of_arm) for of_arm in seen.values()] == [[0, 2, 3], [0, 3]]
    # nothing is pruned: both are one network, trained on alike
    for step in (0, 3):
        assert_allclose(seen["zero"][step], seen["init"][step], atol=1e-10)
    monkeypatch.setattr(pruning, "FINE_TUNING_STEPS", 2)
    shorter = pruning.fine_tuned(lab, untrained, 1, {"zero": arms["zero"]}, {"zero": masks["zero"]})
    assert_allclose(shorter["zero"][2], seen["zero"][2], atol=1e-10)


def test_a_row_of_an_output_is_a_column_of_weights(lab, untrained):
    arm = pruning.Arm("adam_random", "activation", 0.9, scope="row")
    masks = pruning.masks_of(pruning.scores_of(untrained, "activation", lab.seeds), arm)
    for mask in masks:
        assert_array_equal(mask.sum(dim=1), 64 - 57)


def test_the_activation_aware_score_is_that_of_the_training_rows(lab, untrained):
    scores = pruning.scores_of(untrained, "activation", lab.seeds)
    inputs = untrained.task.split.train_inputs[0]
    for layer, (weight, bias) in enumerate(untrained.trained):
        W, b = weight[0].numpy(), bias[0].numpy()
        assert_allclose(scores[layer][0], abs(W) * np.sqrt((inputs**2).mean(axis=0))[:, None], rtol=1e-9)
        inputs = np.maximum(inputs @ W + b, 0)


def test_pruned_weights_that_come_back_are_found(lab, untrained, monkeypatch):
    students = Lab.students
    monkeypatch.setattr(Lab, "students", lambda *args, after_step, **options: students(*args, **options))
    with pytest.raises(ValueError, match="pruned weights must stay where they were put"):
        side_by_side(lab, untrained, {"zero": pruning.Arm("adam_random", "magnitude", 0.8)})


def test_masks_are_the_same_wherever_pruned_weights_go(lab, untrained):
    arms = {to: pruning.Arm("adam_random", "sanh", 0.5, to) for to in ("zero", "init")}
    masks, *_ = side_by_side(lab, untrained, arms)
    for zero, init in zip(masks["zero"], masks["init"], strict=True):
        assert_array_equal(zero, init)
    assert pruning.shared(masks["zero"], masks["init"]) == 1
    assert pruning.shared(masks["zero"], [~mask for mask in masks["zero"]]) == 0


# --- what is shown --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown():
    return records.shown("pruning")


def test_the_student_shown_is_that_of_the_record(evidence, shown):
    assert_array_equal(shown["pixels"], 16 * digits(0).test_inputs)
    assert_array_equal(shown["labels"], digits(0).test_labels)
    entries = {entry["arm"]: entry for entry in evidence.records if entry["seed"] == 0}
    for optimiser in ("adam", "sgd"):
        layers = [[shown[f"{optimiser}_{what}_{i}"].astype(float) for i in (1, 2, 3)] for what in ("weight", "bias")]
        for percent in (0, 50, 80):
            sizes = np.sort(np.concatenate([abs(W).ravel() for W in layers[0]]))
            kept = [np.where(abs(W) >= sizes[percent * 8832 // 100], W, 0).T for W in layers[0]]
            logits = in_numpy(kept, layers[1], shown["pixels"] / 16)
            arm = f"{optimiser}_random_magnitude_{percent}" if percent else f"{optimiser}_random_unpruned"
            right = np.mean(logits.argmax(axis=-1) == shown["labels"])
            # three digits of a weight move a row or two
            assert right == pytest.approx(entries[arm]["one_shot_accuracy"], abs=3.5 / 450), arm


def test_the_sample_is_of_the_student_shown(evidence, shown):
    places = np.array(pruning.sampled_weights())
    for when in ("initial", "adam", "sgd"):
        flat = np.concatenate([shown[f"{when}_weight_{i}"].T.ravel() for i in (1, 2)])[places]
        sample = evidence.measured["weights"]
        expected = sample["initial"] if when == "initial" else sample[when]["final"]
        assert_allclose(flat, expected, rtol=1e-3, atol=1e-4)


def test_the_course_ends_where_the_record_does(evidence, shown):
    assert shown["course"].shape == (len(shown["course_arms"]), 20, 2, len(shown["course_steps"]))
    for arm, course in zip(shown["course_arms"].tolist(), shown["course"], strict=True):
        for step, measures in ((0, ("one_shot_accuracy", "one_shot_kl")), (-1, ("accuracy", "kl"))):
            for place, measure in enumerate(measures):
                assert_allclose(course[:, place, step], values(evidence, arm, measure), rtol=1e-5, err_msg=arm)
