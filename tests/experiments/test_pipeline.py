"""The record of the experiment on pipelines: what is particular to it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from kdlab.evidence import records
from kdlab.experiments import convnet, pipeline
from kdlab.experiments.convnet import DENSE, FULL, Network
from kdlab.experiments.data import digits
from kdlab.experiments.lab import Lab, Lesson
from kdlab.experiments.networks import generators, initial_conv_network
from kdlab.experiments.pipeline import ARMS, LEVELS, ORDERS, PREDICTIONS, Arm, Level

MEDIUM = LEVELS["medium"]
KEPT = {"": 1, "mild": 0.75, "medium": 0.5, "severe": 0.25, "extreme": 0.125}
RANK = {"mild": 16, "medium": 8, "severe": 4, "extreme": 2}
BITS = {"mild": 8, "medium": 4, "severe": 3, "extreme": 2}


@pytest.fixture(scope="module")
def evidence():
    return records.read("pipeline")


@pytest.fixture(scope="module")
def values(evidence):
    return {(entry["arm"], entry["seed"]): entry for entry in evidence.records}


@pytest.fixture(scope="module")
def network():
    """Return a network as it is before training."""
    return convnet.from_layers(FULL, initial_conv_network((16, 32), 3, (8, 8), (64, 10), generators([0], "test")), 0)


@pytest.fixture(scope="module")
def split():
    return digits(0)


def after(network, steps, split, level=MEDIUM):
    networks = [network]
    for step in steps:
        networks = pipeline.compressed(networks, step, level, split.train_inputs[np.newaxis], [0])
    return networks[0]


def by_seed(evidence, arm, measure):
    found = {entry["seed"]: entry[measure] for entry in evidence.records if entry["arm"] == arm}
    return np.array([found[seed] for seed in evidence.seeds])


# what a network costs


def test_costs_are_those_counted_by_hand(evidence, values):
    for name, costs in evidence.measured["arms"].items():
        steps, level = costs["steps"], costs["level"]
        kept = KEPT[level] if any(step.startswith("prune") for step in steps) else 1
        bits = BITS[level] if "quantize" in steps else 32
        first, second = 16 * kept, 32 * kept
        filters, flat = [9 * first, 9 * first * second], 16 * second
        rank = RANK[level] if "svd" in steps or "aware" in steps else None
        dense = [flat * 64] if rank is None else [rank * flat, rank * 64]
        matrices, biases = [*filters, *dense, 640], first + second + 64 + 10
        scales = 0 if bits == 32 else len(matrices)
        assert costs["macs"] == 64 * sum(filters) + sum(dense) + 640, name
        assert costs["parameters"] == sum(matrices) + biases, name
        assert costs["bytes"] == sum(-(-n * bits // 8) for n in matrices) + 4 * (biases + scales), name
        full = evidence.measured["arms"]["full"]
        for cost in ("macs", "bytes"):
            if not costs["training"]:
                assert values[name, 0][f"{cost}_share"] == pytest.approx(costs[cost] / full[cost], rel=1e-5)
    assert evidence.measured["arms"]["full"]["macs"] == 337_536


def test_all_orders_and_levels_are_there(evidence):
    assert evidence.measured["arms"].keys() == {"full"} | ARMS.keys()
    for training, levels in {"": 3, "kd": 2, "kd_each": 1}.items():
        found = [arm for arm in ARMS.values() if len(arm.steps) == 3 and arm.training == training]
        assert {arm.steps for arm in found} == set(ORDERS)
        assert len(found) == 6 * levels
    for name, costs in evidence.measured["arms"].items():
        timed = evidence.measured["arms"][costs["timed"]]
        assert costs["macs"] == timed["macs"], name  # of equal shapes
        assert costs["timed"] in evidence.measured["seconds"]


# what the steps do


def test_a_pruned_network_is_the_whole_one_with_the_least_filters_silent(network, split):
    small = after(network, ["prune"], split)
    silent = [{name: array.copy() for name, array in arrays.items()} for arrays in network.weights]
    for i in (0, 1):
        norms = np.abs(network.weights[i]["weight"]).sum(axis=(1, 2, 3))
        least = np.argsort(norms)[: len(norms) // 2]
        silent[i]["weight"][least] = 0
        silent[i]["bias"][least] = 0
    inputs = split.test_inputs
    expected = convnet.logits_of(Network(FULL, silent), inputs)
    assert_allclose(convnet.logits_of(small, inputs), expected, atol=1e-10)
    by_chance = after(network, ["prune_chance"], split)
    assert by_chance.layers == small.layers
    assert np.abs(convnet.logits_of(by_chance, inputs) - expected).max() > 1e-3


def test_filters_whose_norms_are_equal_but_for_rounding_are_told_apart_by_their_place(network, split):
    few_bits = after(network, ["quantize"], split)
    rng = np.random.default_rng(0)
    jittered = Network(
        few_bits.layers,
        [
            {name: array * (1 + 1e-15 * rng.standard_normal(array.shape)) for name, array in layer.items()}
            for layer in few_bits.weights
        ],
    )
    norms, others = convnet.norms(few_bits), convnet.norms(jittered)
    assert len(np.unique(norms[1])) < 32
    for i in (0, 1):
        assert_array_equal(norms[i], others[i])


@pytest.mark.parametrize("step", ["svd", "aware"])
def test_factors_of_full_rank_change_no_logit(network, split, step):
    factored = after(network, [step], split, Level(0.5, 64, 8))
    inputs = split.test_inputs
    assert_allclose(convnet.logits_of(factored, inputs), convnet.logits_of(network, inputs), atol=1e-10)


def test_factors_of_what_is_left_are_nearer_in_the_weights_but_aware_ones_in_the_outputs(network, split):
    orders = {steps: Arm(steps, "medium").name for steps in (("prune", "svd"), ("svd", "prune"), ("prune", "aware"))}
    found = {"full": [network], "prune_medium": [after(network, ["prune"], split)]}
    found |= {name: [after(network, steps, split)] for steps, name in orders.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "ARMS", {name: ARMS[name] for name in found if name != "full"})
        errors = {name: of[0] for name, of in pipeline.errors_by_arm(found, split.train_inputs[np.newaxis]).items()}
    left_first, sliced, aware = (errors[name] for name in orders.values())
    assert left_first["weight_error"] < min(sliced["weight_error"], aware["weight_error"])
    assert aware["output_error"] < min(left_first["output_error"], sliced["output_error"])
    singular = np.linalg.svd(found["prune_medium"][0].weights[DENSE]["weight"], compute_uv=False)
    expected = np.sqrt((singular[8:] ** 2).sum() / (singular**2).sum())
    assert left_first["weight_error"] == pytest.approx(expected, rel=1e-10)
    assert errors["prune_medium"] == {"weight_error": 0, "output_error": 0}


def test_training_after_each_step_begins_with_the_trained_network_of_the_step_before(network, split, monkeypatch):
    seen = []

    def trained_further(lab, starts, lesson, steps):
        seen.append((set(starts), steps))
        return dict(starts)

    monkeypatch.setattr(pipeline, "trained_further", trained_further)
    lab = Lab([0])
    lesson = Lesson(lab.split(digits).train, convnet.LOSS)
    found = pipeline.trained_after_each_step(lab, [network], lesson)
    assert [len(starts) for starts, _ in seen] == [3, 6, 6]
    assert {steps for _, steps in seen} == {convnet.TUNING_STEPS / 3}
    assert found.keys() == {name for name, arm in ARMS.items() if arm.training == "kd_each"}
    for order in ORDERS:  # without training they are the one-shot ones
        expected = convnet.logits_of(after(network, order, split), split.test_inputs)
        (trained,) = found[Arm(order, "medium", "kd_each").name]
        assert_array_equal(convnet.logits_of(trained, split.test_inputs), expected)


def test_the_mean_of_lots_is_that_of_as_many_networks(network, monkeypatch):
    monkeypatch.setattr(pipeline, "COMBINED", ("medium",))
    monkeypatch.setattr(pipeline, "DRAWS", 2)
    lab = Lab([0])
    split = lab.split(digits)
    whole = convnet.logits_of(network, split.test_inputs[0])
    pipeline.note_lots(lab, [network], whole[np.newaxis], split)
    rng = np.random.default_rng([0, *b"lots medium"])
    right = []
    for _ in range(2):
        scores = [rng.random(16), rng.random(32)]
        kept = [np.sort(np.argsort(-of_layer)[: len(of_layer) // 2]) for of_layer in scores]
        (first, second, _, _, dense, head) = network.weights
        columns = (16 * kept[1][:, np.newaxis] + np.arange(16)).ravel()
        small = [
            {"weight": first["weight"][kept[0]], "bias": first["bias"][kept[0]]},
            {"weight": second["weight"][kept[1]][:, kept[0]], "bias": second["bias"][kept[1]]},
            {},
            {},
            {"weight": dense["weight"][:, columns], "bias": dense["bias"]},
            head,
        ]
        logits = convnet.logits_of(Network(FULL, small), split.test_inputs[0])
        right.append(np.mean(logits.argmax(axis=-1) == split.test_labels[0]))
    (record,) = lab.records()
    assert record["arm"] == "prune_lots_medium"
    assert record["accuracy"] == pytest.approx(np.mean(right))


# what is predicted


def test_predictions_are_sums_and_products_of_single_steps(evidence, values):
    for name, (combine, from_law, arm) in PREDICTIONS.items():
        for seed in evidence.seeds:
            full = values["full", seed]["accuracy"]
            if from_law:
                laws, severity = evidence.measured["laws"], evidence.measured["levels"][arm.level]["severity"]
                drops = [laws[s]["c"][seed] * severity[s] ** laws[s]["g"][seed] for s in arm.steps]
                left = [max(full - drop, 0) for drop in drops]
            else:
                suffix = f"_{arm.training}" if arm.training else ""
                left = [values[f"{step}_{arm.level}{suffix}", seed]["accuracy"] for step in arm.steps]
            if combine == "additive":
                expected = np.clip(full - sum(full - a for a in left), 0.1, full)
            else:
                expected = full * np.prod(np.array(left) / full)
            assert values[name, seed]["accuracy"] == pytest.approx(expected, abs=2e-4), (name, seed)


def test_the_laws_leave_what_is_said(evidence, values):
    for step, law in evidence.measured["laws"].items():
        for i, seed in enumerate(evidence.seeds):
            drops = [values["full", seed]["accuracy"] - values[f"{step}_{level}", seed]["accuracy"] for level in LEVELS]
            severity = [level["severity"][step] for level in evidence.measured["levels"].values()]
            fitted = [law["c"][i] * s ** law["g"][i] for s in severity]
            assert np.abs(np.subtract(drops, fitted)).max() == pytest.approx(law["largest_residual"][i], abs=2e-4)


def test_severities():
    assert LEVELS["severe"].severity == pytest.approx({"prune": 0.75, "svd": 15 / 16, "quantize": 1 / 3})
    assert LEVELS["extreme"].severity["quantize"] == 1


# what is measured


def test_fronts_hold_what_no_other_arm_beats(evidence):
    arms, seconds = evidence.measured["arms"], evidence.measured["seconds"]
    accuracy = {name: np.mean(evidence.measured["accuracy"][name]) for name in arms}
    same = 1e-6  # of 6 digits that are written; a row of one seed is 1/9000 of a mean

    def cost_of(name, cost):
        if cost in ("macs", "bytes"):
            return arms[name][cost]
        return np.mean(seconds[arms[name]["timed"]][cost.removesuffix("_seconds")])

    for group, by_cost in evidence.measured["fronts"].items():
        names = [name for name in arms if group == "all" or not arms[name]["training"]]
        for cost, front in by_cost.items():
            points = {name: (cost_of(name, cost), -accuracy[name]) for name in names}
            beaten = {
                name
                for name, (x, y) in points.items()
                if any(a <= x and b <= y + same and (a < x or b < y - same) for a, b in points.values())
            }
            assert set(front) == set(names) - beaten, (group, cost)


def test_not_faster_is_a_t_interval_that_does_not_lie_below_0(evidence):
    for batch, arms in evidence.measured["not_faster"].items():
        full = np.ones(len(evidence.seeds))
        for name in evidence.measured["seconds"]:
            if name not in ("full", "full_again"):
                share = by_seed(evidence, name, f"{batch}_share_seconds")
                _, high = stats.ttest_rel(share, full).confidence_interval(0.95)
                assert (name in arms) == (high >= 0), name


def test_the_same_network_takes_the_same_time(evidence):
    for batch in (1, 64):
        again = by_seed(evidence, "full_again", f"batch_{batch}_share_seconds")
        assert np.mean(again) == pytest.approx(1, abs=0.02)  # 4 % less, when the turns had one fixed order
        # and what has a tenth of the operations is faster by far more than that
        assert np.median(by_seed(evidence, "prune_severe", f"batch_{batch}_share_seconds")) < 0.9


# what is shown


def test_answers_are_those_of_the_record(evidence, values):
    shown = records.shown("pipeline")
    assert shown["seeds"].tolist() == [0, 1, 2]
    assert set(shown["arms"].tolist()) == {"full"} | ARMS.keys()
    full = shown["arms"].tolist().index("full")
    for seed, answers, labels, pixels in zip(
        *(shown[name] for name in ("seeds", "answers", "labels", "pixels")), strict=True
    ):
        assert_array_equal(pixels, 16 * digits(seed).test_inputs)
        assert_array_equal(labels, digits(seed).test_labels)
        for arm, of_arm in zip(shown["arms"].tolist(), answers, strict=True):
            assert np.mean(of_arm == labels) == pytest.approx(values[arm, seed]["accuracy"], abs=1e-6)
            assert np.mean(of_arm == answers[full]) == pytest.approx(values[arm, seed]["agreement"], abs=1e-6)
