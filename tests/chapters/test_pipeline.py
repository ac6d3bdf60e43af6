"""The claims of the chapter on the pipeline: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import itertools

import numpy as np
import pytest
import torch
from torch import nn

from chapters.chapter import Chapter, Record, printed_by

CHAPTER = Chapter("interplay/pipeline")
claims, passage = CHAPTER.claims, CHAPTER.passage
RECORD = Record("pipeline")
ONE, MANY = "batch_1_share_seconds", "batch_64_share_seconds"
ORDERS = ["_".join(order) for order in itertools.permutations(("prune", "svd", "quantize"))]
FIRST = "prune_svd_quantize"


def mean(arm, measure="accuracy"):
    return RECORD.of_seeds(arm, measure).mean()


def straddles(*pair, measure="accuracy"):
    """Return whether a difference may be 0."""
    found = RECORD.interval(*pair, measure)
    return found.low < 0 < found.high


def macs_of(net, *shape):
    """Return the MACs of each layer with weights, counted at its output by hooks of PyTorch."""
    found = []

    def count(layer, inputs, output):
        found.append(output[0].numel() * layer.weight[0].numel())

    for layer in net:
        if hasattr(layer, "weight"):
            layer.register_forward_hook(count)
    net(torch.zeros(1, *shape))
    return found


def network(first, second):
    convs = nn.Conv2d(1, first, 3, padding=1), nn.Conv2d(first, second, 3, padding=1)
    return nn.Sequential(*convs, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16 * second, 64), nn.Linear(64, 10))


# What the page opens with


def test_operations_and_bytes_are_no_seconds():
    claims("Of its operations $28.3\\,\\%$ are left. Of its time, with one image after the other,")
    claims("Of its bytes $12.8\\,\\%$ are left.")
    assert round(100 * mean("prune_medium", "macs_share"), 1) == 28.3
    assert round(100 * mean("quantize_medium", "bytes_share"), 1) == 12.8
    assert mean("prune_medium", "macs_share") < mean("prune_medium", MANY) < mean("prune_medium", ONE) < 1
    assert mean("quantize_medium_decoding", ONE) > 1.5


def test_the_questions():
    claims("The first: 10 against 4.", "$8 \\cdot (64 + 512) = 4608$", "500, and 4 more for the scale.")
    assert [np.abs(w).sum() for w in ([5, -5], [3, 1])] == [10, 4]
    assert 8 * (64 + 512) == 4608


# Count


def test_by_hand_and_its_blanks_as_torch_counts():
    claims(
        "$48 \\cdot 9 \\cdot 1 \\cdot 4 = 1728$", "$12 \\cdot 9 \\cdot 4 \\cdot 6 = 2592$", "720 MACs, and 5 classes 50"
    )
    claims("= 864$", "= 648$", "= 360$", "A half, a quarter, a half, and all.")
    for first, second, expected in ((4, 6, [1728, 2592, 720, 50]), (2, 3, [864, 648, 360, 50])):
        convs = nn.Conv2d(1, first, 3, padding=1), nn.Conv2d(first, second, 3, padding=1, stride=2)
        net = nn.Sequential(*convs, nn.Flatten(), nn.Linear(12 * second, 10), nn.Linear(10, 5))
        assert macs_of(net, 1, 8, 6) == expected


def test_the_cell_that_counts():
    lines = [line.split() for line in CHAPTER.ran[1][0].splitlines()]
    counted = [int(line[1].replace(",", "")) for line in lines[:-1]]
    assert [n for n in counted if n] == macs_of(network(16, 32), 1, 8, 8)
    assert int(lines[-1][2].replace(",", "")) == sum(counted) == 337_536
    bytes_of = [int(line[3].replace(",", "")) for line in lines[:-1]]
    with_weights = [layer for layer in network(16, 32) if hasattr(layer, "weight")]
    numbers = [sum(array.numel() for array in layer.parameters()) for layer in with_weights]
    assert [n for n in bytes_of if n] == [4 * n for n in numbers]
    claims("Nearly all its operations are in the second convolution, and nearly all its bytes in the dense layer.")
    assert counted[1] / sum(counted) > 0.85
    assert bytes_of[4] / sum(bytes_of) > 0.85


# A cut goes on


@pytest.mark.parametrize("k", [1 / 2, 1 / 4])
def test_between_the_square_and_the_share(k):
    claims(
        "$k$ of its rows and $k$ of its columns: $k^2$",
        "not $k^2$ of its operations left, and not $k$, but something between",
    )
    whole, left = macs_of(network(16, 32), 1, 8, 8), macs_of(network(int(16 * k), int(32 * k)), 1, 8, 8)
    np.testing.assert_allclose(np.array(left) / whole, [k, k**2, k, 1])
    assert k**2 < sum(left) / sum(whole) < k


def test_after_flatten_a_channel_is_a_block_of_columns():
    claims("Channel $c$ of a $H \\times W$ map owns the $HW$ columns from $cHW$ on.")
    maps = torch.zeros(1, 3, 2, 4)
    maps[0, 1] = 1
    assert maps.flatten(1)[0].nonzero()[:, 0].tolist() == list(range(8, 16))


def test_the_cell_with_the_ghost():
    claims("its bias is $0.7$, and $2 \\cdot \\mathrm{ReLU}(0.7)$ flows on")
    assert CHAPTER.ran[1][1].split("\n")[:3] == [
        "whole            2.5",
        "without unit 1   0.5",
        "its weights at 0 1.9",
    ]
    assert 0.5 + 2 * 0.7 == pytest.approx(1.9)


def test_savings_do_not_multiply():
    claims("Half of the filters leave $28.3\\,\\%$ of the operations. Rank 8 in the dense layer leaves $91.7\\,\\%$.")
    claims("The product of the two would be $25.9\\,\\%$. Both together leave $24.2\\,\\%$.")
    pruned, factored, both = (mean(arm, "macs_share") for arm in ("prune_medium", "svd_medium", "prune_svd_medium"))
    assert [round(100 * share, 1) for share in (pruned, factored, both)] == [28.3, 91.7, 24.2]
    assert round(100 * pruned * factored, 1) == 25.9
    assert both < pruned * factored
    assert CHAPTER.ran[1][2].splitlines() == [
        "whole: rank 8 saves 28,160 MACs",
        "half of the filters: rank 8 saves 13,824 MACs",
        "512 inputs: a rank saves below 56.9",
        "256 inputs: a rank saves below 51.2",
    ]
    assert 512 * 64 - 8 * 576 == 28_160
    assert 256 * 64 - 8 * 320 == 13_824
    claims(">rank 56 saves</a> in the whole network, and", ">costs</a> in the pruned one")
    assert 56 * 576 < 512 * 64
    assert 56 * 320 > 256 * 64


def test_factors_cost_time_in_the_pruned_network():
    claims("Two factors added to the pruned network save operations. With one image they *cost* time")
    assert RECORD.higher("prune_svd_medium", "prune_medium", measure=ONE)
    assert mean("prune_svd_medium", "macs_share") < mean("prune_medium", "macs_share")


# The order


def test_the_cell_of_the_order():
    claims("The second has nothing left at all.")
    assert CHAPTER.ran[1][3].splitlines() == ["slice, then SVD off by 1.0", "SVD, then slice off by 2.236"]
    W = np.diag([3.0, 2.0, 1.0])
    U, s, Vt = np.linalg.svd(W)
    first = s[0] * np.outer(U[:, 0], Vt[0])
    assert not first[:, 1:].any()
    assert np.linalg.norm(W[:, 1:]) == pytest.approx(2.236, abs=1e-3)


def test_nearer_in_the_weights_is_not_better_in_the_answers():
    claims(
        "a hair, on every seed",
        "And in accuracy it was not behind",
        "Nearer in the weights is not better in the answers",
    )
    apart = RECORD.of_seeds("svd_prune_medium", "weight_error") - RECORD.of_seeds("prune_svd_medium", "weight_error")
    assert (apart > 0).all()
    assert apart.mean() < 0.01
    assert RECORD.higher("svd_prune_medium", "prune_svd_medium")


def test_the_order_hardly_matters():
    claims("Of the five other orders none differs from filters, rank, bits by more than luck.")
    for level in ("medium_kd", "severe_kd", "mild", "medium", "severe"):
        for order in ORDERS:
            if order != FIRST:
                assert straddles(f"{order}_{level}", f"{FIRST}_{level}"), (order, level)
    claims("If there is a lesson after *each* step, bits had better come last")
    first = f"{FIRST}_medium_kd_each"
    for order in ORDERS:
        behind = RECORD.lower(f"{order}_medium_kd_each", first)
        assert behind == (not order.endswith("quantize")), order


# Losses


def test_the_two_laws_and_the_card():
    claims("$0.9 - 0.75 = 0.15$. And $0.9 \\cdot \\frac12 \\cdot \\frac23 = 0.3$.")
    drops = np.array([0.45, 0.3])
    assert 0.9 - drops.sum() == pytest.approx(0.15)
    assert 0.9 * np.prod(1 - drops / 0.9) == pytest.approx(0.3)


def test_the_product_lies_above_the_sum_by_the_corner():
    claims("above by $d_1 d_2/A_0$, the corner", "With three steps of positive drops it never does.")
    rng = np.random.default_rng(0)
    for _ in range(200):
        A0 = rng.uniform(0.5, 1)
        two, three = (rng.uniform(0, A0, size=n) for n in (2, 3))
        assert A0 * np.prod(1 - two / A0) - (A0 - two.sum()) == pytest.approx(np.prod(two) / A0)
        assert A0 * np.prod(1 - three / A0) >= A0 - three.sum()
        gains = np.array([-two[0], two[1]])
        assert A0 * np.prod(1 - gains / A0) < A0 - gains.sum()


def test_what_the_laws_predict_and_miss():
    claims(
        "At the extreme level the sum promises",
        "In between neither is refuted, since single networks scatter too much",
        "Then both promise too much",
    )
    assert RECORD.lower("additive_prune_svd_extreme", "prune_svd_extreme")
    assert straddles("multiplicative_prune_svd_extreme", "prune_svd_extreme")
    for level in ("medium", "severe"):
        for law in ("additive", "multiplicative"):
            assert straddles(f"{law}_{FIRST}_{level}", f"{FIRST}_{level}")
    for law in ("additive", "multiplicative"):
        arms = f"{law}_{FIRST}_severe_kd", f"{FIRST}_severe_kd"
        assert (RECORD.of_seeds(arms[0]) > RECORD.of_seeds(arms[1])).all()


# The experiment


def test_what_came_out():
    claims(
        "A short lesson is worth more than any choice of steps.",
        "Factors best for the outputs keep more than any order.",
    )
    claims("With the medium ones it has $1.7\\,\\%$ of the bytes")
    assert round(100 * mean(f"{FIRST}_medium", "bytes_share"), 1) == 1.7
    gained = mean(f"{FIRST}_severe_kd") - mean(f"{FIRST}_severe")
    orders = [mean(f"{order}_severe") for order in ORDERS]
    assert gained > 0.4 > 4 * (max(orders) - min(orders))
    assert RECORD.higher("prune_aware_medium", "prune_svd_medium")
    by_order = abs(mean("svd_prune_medium") - mean("prune_svd_medium"))
    assert mean("prune_aware_medium") - mean("prune_svd_medium") > 2 * by_order


def test_the_controls():
    claims("If fewer operations decided, rank 16 would be faster with one image; it is not")
    assert straddles("full_again", "full", measure=ONE)
    assert straddles("svd_mild", "full", measure=ONE)
    assert mean("svd_mild", "macs_share") < 0.94
    claims("So in this network the norm was not shown to be worth anything.")
    for level in ("mild", "medium", "severe"):
        assert straddles(f"prune_lots_{level}", f"prune_{level}")


def test_where_it_fails():
    claims("One-shot accuracies of single networks differ by tens of points.", "rank 16 is on it")
    assert np.ptp(RECORD.of_seeds("prune_medium")) > 0.2
    assert "svd_mild" in RECORD.measured["fronts"]["all"]["macs"]
    assert straddles("svd_mild", "full")


def test_the_best_for_few_bytes():
    claims("bits, rank, filters is the best in the mean, and its lead over the others is luck")
    arms, accuracy = RECORD.measured["arms"], RECORD.measured["accuracy"]
    whole = arms["full"]["bytes"]
    for limit, best in ((0.01, "quantize_svd_prune_severe_kd"), (0.02, f"{FIRST}_medium_kd")):
        fits = [arm for arm, of_arm in arms.items() if of_arm["bytes"] < limit * whole]
        assert max(fits, key=lambda arm: np.mean(accuracy[arm])) == best
        if limit == 0.01:
            assert {arms[arm]["level"] for arm in fits} == {"severe"}
            assert straddles(best, f"{FIRST}_severe_kd")


# At work


def test_what_torch_shows():
    (shown,) = (code for code in CHAPTER.shown if "torch" in code)
    left = {}
    assert printed_by(shown, left).splitlines() == [
        "whole 337536",
        "half of the filters pruned 337536",
        "silent filters with a bias 8 of 8",
        "half of the filters taken out 95360",
    ]
    claims("nothing gets smaller, and the biases stay", "this counter counts FLOPs, two a MAC")
    assert sum(macs_of(network(8, 16), 1, 8, 8)) == 95_360


def test_how_often_the_sign_interval_holds_the_median():
    claims("the interval is that in which the median lies in 96 of 100 cases")
    rng = np.random.default_rng(0)
    rounds = np.sort(rng.normal(size=(20_000, 15)), axis=1)
    holds = ((rounds[:, 3] < 0) & (rounds[:, -4] > 0)).mean()
    assert holds == pytest.approx(0.9648, abs=0.006)
