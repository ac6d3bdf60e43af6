"""The pictures of the chapter on the pipeline: the record's numbers, MACs by hand, a clock that ticks."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kdlab.experiments import convnet
from kdlab.explore import compressed, pipeline, speed_lab
from kdlab.explore.compressed import COSTS, NETWORKS, TIMED, WHOLE
from kdlab.explore.picture import Bars, Image, Points, Rects
from kdlab.explore.pipeline import CHAINS, LEVEL_OF, LEVEL_WORDS, OTHERS
from kdlab.explore.speed_lab import AGAIN, CODES, DENSE, FACTORS, FORMS, RANKS, ZEROS

RESULTS = Path(__file__).parents[2] / "results"
RECORD = json.loads((RESULTS / "pipeline.json").read_text(encoding="utf-8"))
MEASURED, SUMMARY = RECORD["measured"], RECORD["summary"]["arms"]
PRICE, FILTERS, CORNER, LOSSES, MAP, SPEED = (
    getattr(pipeline, name).explorable for name in ("price", "filters", "corner", "losses", "map", "speed")
)


@pytest.fixture(scope="module")
def shown():
    with np.load(RESULTS / "shown" / "pipeline.npz") as arrays:
        return dict(arrays)


def marks_of(picture, kind, label=None):
    return [mark for mark in picture.marks if isinstance(mark, kind) and label in (None, mark.label)]


# What is the record's


def test_the_network_and_its_compressed_forms_are_those_of_the_experiment():
    assert compressed.NETWORK == convnet.FULL
    assert compressed.INPUT_SHAPE == convnet.INPUT_SHAPE
    assert set(NETWORKS.values()) == set(MEASURED["arms"])
    assert set(TIMED.values()) == set(MEASURED["seconds"]) - {WHOLE}
    for words, arm in (NETWORKS | TIMED).items():
        assert words == RECORD["words"][arm]


@pytest.mark.parametrize("words", list(TIMED))
def test_the_four_currencies_are_those_of_the_record(words):
    arm = TIMED[words]
    counted, timed = marks_of(PRICE.picture(form=words), Bars)
    of_shape = WHOLE if arm == "full_again" else arm
    expected = [100 * SUMMARY[of_shape][f"{kind}_share"]["mean"] for kind in ("macs", "bytes")]
    np.testing.assert_allclose(counted.height, expected, rtol=1e-5)
    for i, batch in enumerate(("batch_1", "batch_64")):
        of_time = SUMMARY[arm][f"{batch}_share_seconds"]
        assert timed.height[i] == pytest.approx(100 * of_time["mean"], rel=1e-5)
        assert timed.high[i] - timed.low[i] == pytest.approx(200 * of_time["half_width"], rel=1e-4)
        assert timed.high[i] < PRICE.picture(form=words).y.domain[1]


def test_rank_4_needs_about_as_much_time():
    (question,) = PRICE.predict
    assert question.options[question.answer()].startswith("about as much")
    rank_4 = SUMMARY["svd_severe"]
    assert round(100 - 100 * rank_4["macs_share"]["mean"]) == 9
    assert round(100 - 100 * rank_4["bytes_share"]["mean"]) == 80
    assert 0.9 < rank_4["batch_1_share_seconds"]["mean"] < 1.1


# Filters


def macs_by_hand(first, second, rank):
    features = 16 * second
    dense = features * 64 if rank is None else rank * (features + 64)
    return [64 * 9 * first, 64 * 9 * first * second, dense, 640]


@pytest.mark.parametrize(
    ("first", "second", "rank"), [(16, 32, None), (8, 16, None), (8, 32, None), (2, 4, 8), (16, 16, 56), (5, 7, 3)]
)
def test_operations_are_those_counted_by_hand(first, second, rank):
    picture = FILTERS.picture(first=first, second=second, rank=rank)
    (now,) = marks_of(picture.panels[1], Bars, "now")
    np.testing.assert_allclose(now.height, np.array(macs_by_hand(first, second, rank)) / 1000)
    share = 100 * sum(macs_by_hand(first, second, rank)) / 337_536
    assert f"{share:.1f} %" in picture.sentence


def test_one_convolution_alone_leaves_about_a_half():
    (question,) = FILTERS.predict
    assert question.answer() == pytest.approx(28.25, abs=0.01)
    assert 100 * sum(macs_by_hand(8, 32, None)) / 337_536 == pytest.approx(54.95, abs=0.01)
    assert 100 * sum(macs_by_hand(16, 16, None)) / 337_536 == pytest.approx(51.46, abs=0.01)


def test_what_is_filled_is_the_share_of_the_weights_that_is_left():
    boxes = marks_of(FILTERS.picture(first=8, second=16).panels[0], Rects)
    areas = [float((box.x1[0] - box.x0[0]) * (box.y1[0] - box.y0[0])) for box in boxes]
    whole, left = areas[::2], areas[1::2]
    np.testing.assert_allclose(np.array(left) / whole, [0.5, 0.25, 0.5, 1.0])


# Two laws


@pytest.mark.parametrize(("first", "second"), [(30, 20), (58, 63), (0, 40), (100, 100), (10, 10)])
def test_what_is_left_of_the_square_is_the_product(first, second):
    picture = CORNER.picture(first=first, second=second)
    areas = {box.label: float((box.x1[0] - box.x0[0]) * (box.y1[0] - box.y0[0])) for box in marks_of(picture, Rects)}
    left = areas.get("left", 0.0)
    assert sum(areas.values()) == pytest.approx(1)
    assert left == pytest.approx((1 - first / 100) * (1 - second / 100))
    assert left - (1 - first / 100 - second / 100) == pytest.approx(areas.get("the corner: lost to both", 0.0))


def test_the_laws_part_at_a_tenth():
    (question,) = CORNER.predict
    d = question.answer() / 100
    assert (1 - d) ** 2 - (1 - 2 * d) == pytest.approx(0.01)


def of_record(arm):
    return 100 * np.mean(MEASURED["accuracy"][arm])


@pytest.mark.parametrize(("chain", "level"), list(itertools.product(CHAINS, LEVEL_WORDS)))
def test_what_was_promised_and_what_came_are_the_record_s(chain, level):
    steps, training = CHAINS[chain]
    arm = "_".join(filter(None, (*steps, level, training)))
    settings = LOSSES.settings(chain=chain, level=LEVEL_WORDS[level])
    assert bool(LOSSES.absent(settings)) == (f"additive_{arm}" not in MEASURED["accuracy"])
    if LOSSES.absent(settings):
        return
    picture = LOSSES.drawn(settings)
    heights = {bars.label: bars.height[0] for bars in marks_of(picture, Bars) if bars.label}
    assert heights["sum, at least chance"] == pytest.approx(of_record(f"additive_{arm}"))
    assert heights["product"] == pytest.approx(of_record(f"multiplicative_{arm}"))
    assert heights["measured"] == pytest.approx(of_record(arm))
    (dots,) = marks_of(picture, Points)
    np.testing.assert_allclose(np.sort(dots.y), np.sort(100 * np.array(MEASURED["accuracy"][arm])))
    (lost,) = marks_of(picture, Bars, "lost by a step alone")
    singles = [of_record("_".join(filter(None, (step, level, training)))) for step in steps]
    np.testing.assert_allclose(lost.base - lost.height, of_record(WHOLE) - np.array(singles))
    assert picture.y.domain[0] < lost.height.min()


def test_the_end_of_the_extreme_chain():
    (question,) = LOSSES.predict
    assert question.answer() == [pytest.approx(of_record("prune_svd_extreme"))]
    assert [round(of_record(arm)) for arm in ("prune_extreme", "svd_extreme", WHOLE)] == [41, 36, 98]
    assert set(LEVEL_OF.values()) == set(MEASURED["levels"])


# The map


@pytest.mark.parametrize("cost", list(COSTS))
def test_the_front_is_the_record_s(cost):
    name = COSTS[cost] if COSTS[cost] in ("macs", "bytes") else f"{COSTS[cost]}_seconds"
    arms = list(NETWORKS.values())
    assert [arms[i] for i in compressed.front_of(cost)] == MEASURED["fronts"]["all"][name]
    x, _ = compressed.places(cost)
    axis = MAP.picture(cost=cost).panels[0].x
    assert axis.domain[0] < x.min() < x.max() < axis.domain[1]


@pytest.mark.parametrize("arm", list(MEASURED["arms"]))
def test_the_rows_that_flip_are_those_of_the_record(arm, shown):
    words = next(words for words, each in NETWORKS.items() if each == arm)
    arms = shown["arms"].tolist()
    for network, seed in enumerate(shown["seeds"].tolist()):
        differ = shown["answers"][network, arms.index(arm)] != shown["answers"][network, arms.index(WHOLE)]
        assert compressed.flipped_rows(WHOLE, arm, network).rows.tolist() == np.flatnonzero(differ).tolist()
        # what the experiment counted of the same seed, before the answers were kept
        agreed = MEASURED["agreement"][arm][MEASURED["seeds"].index(seed)]
        assert 450 * (1 - agreed) == pytest.approx(differ.sum(), abs=0.01)
    for other in OTHERS:
        picture = MAP.picture(model=words, other=other)
        before = compressed.step_before(arm) if other == OTHERS[0] and arm != WHOLE else WHOLE
        first, second = (shown["answers"][0, arms.index(each)].astype(int) for each in (before, arm))
        rows = np.flatnonzero(first != second)
        labels = shown["labels"][0]
        lost = int(((first == labels) & (second != labels)).sum())
        won = int(((first != labels) & (second == labels)).sum())
        assert arm == WHOLE or f"{len(rows)} of 450 images otherwise: {lost} lost, {won} won" in picture.sentence
        images = marks_of(picture.panels[1], Image)
        if images:
            tiles = shown["pixels"][0][rows[:15]].reshape(-1, 8, 8) / 16
            np.testing.assert_allclose(images[0].pixels, tiles)
            assert (
                images[0].captions == tuple(f"{a} → {b}" for a, b in zip(first[rows], second[rows], strict=True))[:15]
            )
            assert images[0].frames.tolist() == (second != labels)[rows[:15]].tolist()
        assert bool(images) == bool(len(rows))


def test_a_way_is_made_of_networks_of_the_map_each_with_one_step_more():
    for arm, settings in MEASURED["arms"].items():
        way = compressed.way_to(arm)
        assert way[0] == WHOLE
        assert way[-1] == arm
        steps = [len(MEASURED["arms"][each]["steps"]) + bool(MEASURED["arms"][each]["training"]) for each in way]
        assert all(a < b for a, b in itertools.pairwise(steps)), (arm, settings)


def test_the_same_accuracy_is_not_the_same_network(shown):
    (question,) = MAP.predict
    arms, labels = shown["arms"].tolist(), shown["labels"][0]
    whole, half = (shown["answers"][0, arms.index(arm)] for arm in (WHOLE, "prune_medium_kd"))
    assert (whole == labels).sum() == (half == labels).sum()
    assert question.answer() == (whole != half).sum() == 6
    assert NETWORKS[question.at["model"]] == "prune_medium_kd"


# The speed lab


class Ticking:
    """A clock that shows a true time in whole ticks; to look at it takes a little of a tick."""

    def __init__(self, tick):
        self.tick, self.now = tick, 0.0

    def __call__(self):
        self.now += self.tick / 40
        return math.floor(self.now / self.tick) * self.tick

    def work(self, seconds):
        def call():
            self.now += seconds

        return call


@pytest.mark.parametrize("tick", [1e-7, 1e-4, 1e-3])
@pytest.mark.parametrize("seconds", [7e-6, 3.3e-5, 1.01e-3, 0.0497])
def test_of_equal_work_nothing_is_ever_said_to_be_faster_or_slower(tick, seconds):
    clock = Ticking(tick)
    found = speed_lab.timed({form: clock.work(seconds) for form in FORMS}, clock)
    assert found["tick"] == pytest.approx(tick)
    assert len(found["seconds"][DENSE]) == (15 if tick < 3e-4 else 7)
    for form in FORMS[1:]:
        low, high = speed_lab.interval(speed_lab.ratios(found["seconds"], form))
        assert low <= 1 <= high
        assert speed_lab.verdict(low, high) == "too close to tell"


@pytest.mark.parametrize(("factor", "verdict"), [(0.5, "faster"), (0.9, "faster"), (1.1, "slower"), (8.0, "slower")])
def test_what_differs_by_a_tenth_is_told(factor, verdict):
    clock = Ticking(1e-4)
    calls = {form: clock.work(7e-6 * (factor if form == FACTORS else 1)) for form in FORMS}
    of_rounds = speed_lab.ratios(speed_lab.timed(calls, clock)["seconds"], FACTORS)
    assert speed_lab.verdict(*speed_lab.interval(of_rounds)) == verdict
    assert np.median(of_rounds) == pytest.approx(factor, rel=0.03)


def test_a_reading_lasts_a_hundred_ticks():
    clock, calls = Ticking(1e-4), []
    of_call = clock.work(7e-6)
    speed_lab.timed({form: lambda: (calls.append(1), of_call()) for form in FORMS}, clock)
    (question,) = SPEED.predict
    assert question.answer() == pytest.approx(0.01 / 7e-6)
    assert len(calls) > 5 * 15 * question.answer()


def test_a_clock_that_is_too_coarse_times_nothing_and_says_so():
    clock = Ticking(0.1)
    assert speed_lab.timed({DENSE: clock.work(1.0)}, clock) == {"tick": pytest.approx(0.1), "seconds": {}}
    timed = {"tick": 0.1, "seconds": {}, "n": 64, "rank": 4, "batch": 1}
    assert SPEED.picture(timed=timed).sentence.endswith("ticks only every 1e+02 ms: too coarse to time them.")


@pytest.mark.parametrize("rounds", [15, 7])
def test_the_interval_holds_the_median_as_often_as_is_said(rounds):
    beyond = speed_lab.END[rounds]
    holds = 1 - 2 * stats.binom.cdf(beyond, rounds, 0.5)
    assert holds >= 0.96
    assert 1 - 2 * stats.binom.cdf(beyond + 1, rounds, 0.5) < 0.96


def times(**factors):
    """Return what a lab would have found, each form so many times as slow as the dense layer."""
    seconds = {form: [7e-6 * factors.get(name, 1.0)] * 15 for name, form in NAMES.items()}
    return {"tick": 1e-4, "seconds": seconds, "n": 64, "rank": 4, "batch": 1}


NAMES = {"dense": DENSE, "again": AGAIN, "factors": FACTORS, "zeros": ZEROS, "codes": CODES}


def test_the_sentence_says_who_won_and_who_lost():
    sentence = SPEED.picture(timed=times(factors=0.5, codes=3.0)).sentence
    assert "two factors 0.50 (0.49 to 0.51), faster" in sentence
    assert "nine in ten are 0 1.00 (0.98 to 1.02), too close to tell" in sentence
    assert "8 bits 3.00 (2.94 to 3.06), slower" in sentence
    assert sentence.endswith("Your clock ticks every 0.1 ms.")


def test_a_control_that_fails_says_nothing_else():
    assert SPEED.picture(timed=times(again=1.2)).sentence.endswith("your device was busy. Time again.")


def test_what_was_timed_at_another_setting_is_not_shown():
    picture = SPEED.picture(n=128, timed=times())
    assert "another setting" in picture.sentence
    assert not marks_of(picture.panels[1], Points)


@pytest.mark.parametrize(("n", "rank", "share"), [(64, "n/16", 12.5), (512, "n/4", 50.0), (32, "n/2", 100.0)])
def test_operations_that_count(n, rank, share):
    (bars,) = marks_of(SPEED.picture(n=n, rank=rank).panels[0], Bars)
    r = n // RANKS[rank]
    np.testing.assert_allclose(bars.height, [100, 100, 200 * n * r / n**2, 10, 100])
    assert bars.height[2] == share


def test_the_five_forms_compute_what_they_say():
    calls = speed_lab.calls_of(64, 4, 16)
    found = {form: call() for form, call in calls.items()}
    assert {result.shape for result in found.values()} == {(64, 16)}
    np.testing.assert_array_equal(found[DENSE], found[AGAIN])
    off = np.linalg.norm(found[CODES] - found[DENSE]) / np.linalg.norm(found[DENSE])
    assert 0 < off < 0.02
    assert np.linalg.matrix_rank(found[FACTORS].astype(float), tol=1e-3) == 4
    assert not np.allclose(found[ZEROS], found[DENSE])


def test_the_lab_times_on_whatever_runs_it(monkeypatch):
    clock = Ticking(1e-4)
    monkeypatch.setattr(speed_lab, "calls_of", lambda n, rank, batch: {form: clock.work(7e-6) for form in FORMS})
    timed = speed_lab.timed
    monkeypatch.setattr(speed_lab, "timed", lambda calls: timed(calls, clock))
    control = SPEED.controls["timed"]
    value = control.check("timed", control.run(SPEED.settings(n=128, rank="n/8", batch="16")))
    picture = SPEED.picture(n=128, rank="n/8", batch="16", timed=value)
    assert picture.sentence.count("too close to tell") == 3
    assert (value["n"], value["rank"], value["batch"]) == (128, 16, 16)
