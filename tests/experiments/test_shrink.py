"""The record of the experiment on shrinking: what is particular to it."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.datasets import load_digits

from kdlab.evidence import records
from kdlab.experiments import convnet, pipeline, shrink
from kdlab.experiments.data import digits
from kdlab.experiments.networks import generators, initial_conv_network
from kdlab.experiments.shrink import ARMS, GRID, SHAPES, Setting


@pytest.fixture(scope="module")
def evidence():
    return records.read("shrink")


def values(evidence, arm, measure):
    found = {entry["seed"]: entry[measure] for entry in evidence.records if entry["arm"] == arm}
    return np.array([found[seed] for seed in evidence.seeds])


def shared_with_pipeline():
    """Return the setting of each arm of the pipeline that has its steps in the order of the dials, by name."""
    found = {"full": "full"}
    for name, arm in pipeline.ARMS.items():
        level = pipeline.LEVELS[arm.level]
        if (
            arm.level in pipeline.COMBINED
            and arm.training != "kd_each"
            and arm.steps in (*((s,) for s in pipeline.STEPS), *pipeline.SUBSETS)
        ):
            dials = {
                "prune": ("kept", 1 - level.sparsity),
                "svd": ("rank", level.rank),
                "quantize": ("bits", level.bits),
            }
            found[name] = Setting(**dict(dials[step] for step in arm.steps), taught=arm.training == "kd").name
    return found


def test_the_dials_have_four_stops_each_and_all_but_the_whole_network_are_taught_again():
    assert len(GRID) == 64
    assert len(ARMS) == 64 + 63
    assert len(SHAPES) == 16
    assert Setting(0.5, 8, 4, taught=True).name == "kept_50_rank_8_bits_4_kd"


def test_what_the_pipeline_has_too_is_the_same_to_the_digit(evidence):
    others, shared = records.read("pipeline"), shared_with_pipeline()
    assert len(shared) == 1 + 9 + 9 + 3 + 6 + 2
    assert set(shared.values()) <= ARMS.keys()
    for of_pipeline, arm in shared.items():
        for measure in ("accuracy", "kl", "agreement"):
            assert_array_equal(values(evidence, arm, measure), values(others, of_pipeline, measure), err_msg=arm)


def test_they_are_the_same_networks_before_they_are_taught():
    parameters = initial_conv_network((16, 32), 3, (8, 8), (64, 10), generators([0], "test"))
    whole = convnet.from_layers(convnet.FULL, parameters, 0)
    inputs = digits(0).train_inputs
    for of_pipeline, arm in shared_with_pipeline().items():
        if of_pipeline != "full" and not ARMS[arm].taught:
            networks = [whole]
            for step in pipeline.ARMS[of_pipeline].steps:
                level = pipeline.LEVELS[pipeline.ARMS[of_pipeline].level]
                networks = pipeline.compressed(networks, step, level, inputs[np.newaxis], [0])
            shrunk = shrink.shrunk(whole, ARMS[arm])
            assert shrunk.layers == networks[0].layers == shrink.described(ARMS[arm])
            for arrays, expected in zip(shrunk.weights, networks[0].weights, strict=True):
                assert arrays.keys() == expected.keys()
                for name, array in arrays.items():
                    assert_array_equal(array, expected[name])


def test_costs_are_those_counted_by_hand(evidence):
    for name, of_arm in evidence.measured["settings"].items():
        setting = ARMS[name]
        first, second = 16 * setting.kept, 32 * setting.kept
        convolutions, flat = [9 * first, 9 * first * second], 16 * second
        dense = [flat * 64] if setting.rank is None else [setting.rank * flat, setting.rank * 64]
        packed = [
            [-(-n * setting.bits // 8) + 4 * (setting.bits < 32) for n in of] for of in (convolutions, dense, [640])
        ]
        layers = [sum(of) + 4 * biases for of, biases in zip(packed, (first + second, 64, 10), strict=True)]
        assert of_arm["layers"] == layers, name
        assert of_arm["bytes"] == sum(layers), name
        assert of_arm["macs"] == 64 * sum(convolutions) + sum(dense) + 640, name
        assert of_arm["shape"] in SHAPES
        assert evidence.measured["settings"][of_arm["shape"]]["macs"] == of_arm["macs"]
    assert evidence.measured["settings"]["full"]["layers"] == [19_200, 131_328, 2_600]


def test_times_are_those_of_shapes(evidence):
    timed = {entry["arm"] for entry in evidence.records if "batch_1_seconds" in entry}
    assert timed == {*SHAPES, "full_again"}
    for batch in (1, 64):
        again = values(evidence, "full_again", f"batch_{batch}_share_seconds")
        assert np.mean(again) == pytest.approx(1, abs=0.02)
        # a tenth of the operations
        assert np.median(values(evidence, "kept_25_rank_4", f"batch_{batch}_share_seconds")) < 0.95


def test_twelve_digits_are_shown_with_what_each_setting_calls_them(evidence):
    shown, split = evidence.measured["shown"], digits(0)
    assert shown["labels"] == [*range(10), 0, 1]
    assert len(set(shown["rows"])) == 12
    for label, row in zip(shown["labels"][:10], shown["rows"], strict=False):
        assert row == split.test_rows[split.test_labels == label][0]
    assert_array_equal(shown["pixels"], load_digits().data[shown["rows"]])
    assert shown["answers"].keys() == ARMS.keys()
    assert all(len(answers) == 12 and answers.isdigit() for answers in shown["answers"].values())
    # the whole network is right on nearly all of them
    right = sum(int(answer) == label for answer, label in zip(shown["answers"]["full"], shown["labels"], strict=True))
    assert right >= 10
