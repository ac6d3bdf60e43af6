"""The pictures of the chapter on pruning show what the record holds: computed here from its JSON, without kdlab."""

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kdlab.explore import pruning
from kdlab.explore.picture import Line, Points, Rule

RECORD = json.loads((Path(__file__).parents[2] / "results" / "pruning.json").read_text(encoding="utf-8"))
MEASURED = RECORD["measured"]
WEIGHTS, SPARSITY = pruning.weights.explorable, pruning.sparsity.explorable
SCORES = ("magnitude |w|", "moved |w − w_init|", "published movement")
NAMES = ("magnitude", "moved", "sanh")
OPTIMISERS = {"Adam": "adam", "SGD": "sgd"}
INITIAL = np.array(MEASURED["weights"]["initial"])


def scores_of(optimiser):
    shown = MEASURED["weights"][optimiser]
    final = np.array(shown["final"])
    return final, dict(zip(NAMES, (abs(final), abs(final - INITIAL), np.array(shown["sanh"])), strict=True))


def limit(optimiser, name, level):
    return MEASURED["lowest_kept"][optimiser][name][MEASURED["lowest_kept"]["sparsity"].index(level)]


def drawn(points):
    """Return the dots that are drawn."""
    x, y = np.asarray(points.x), np.asarray(points.y)
    return x[np.isfinite(y)], y[np.isfinite(y)]


# The weights

LEVELS = WEIGHTS.controls["sparsity"].grid()
STATES = [*itertools.product(zip(SCORES, NAMES, strict=True), OPTIMISERS.items(), LEVELS)]


def test_the_slider_stops_where_the_record_has_a_limit():
    assert LEVELS[0] < 0.8 < LEVELS[-1] == MEASURED["lowest_kept"]["sparsity"][-1]
    start = MEASURED["lowest_kept"]["sparsity"].index(LEVELS[0])
    assert MEASURED["lowest_kept"]["sparsity"][start:] == LEVELS


@pytest.mark.parametrize("optimiser", OPTIMISERS.values())
def test_the_slider_starts_where_rounding_no_longer_decides(optimiser):
    # the sample is rounded to four decimals, so its distances to one in the fourth
    near = {
        level: max(np.sum(np.abs(scores - limit(optimiser, name, level)) <= 1e-4) for name, scores in of_all.items())
        for _, of_all in [scores_of(optimiser)]
        for level in MEASURED["lowest_kept"]["sparsity"]
    }
    assert all(near[level] <= 0.01 * INITIAL.size for level in LEVELS)
    if optimiser == "sgd":
        assert near[0.6] > 0.01 * INITIAL.size


@pytest.mark.parametrize(("score", "optimiser", "level"), STATES)
def test_what_is_drawn_as_kept_is_what_the_limit_keeps(score, optimiser, level):
    picture = WEIGHTS.picture(score=score[0], optimiser=optimiser[0], sparsity=level)
    final, scores = scores_of(optimiser[1])
    kept = scores[score[1]] >= limit(optimiser[1], score[1], level)
    by_magnitude = scores["magnitude"] >= limit(optimiser[1], "magnitude", level)
    groups = {mark.label: mark for mark in picture.marks if isinstance(mark, Points)}
    for label, chosen in (("kept", kept), ("pruned", ~kept)):
        x, y = drawn(groups[label])
        np.testing.assert_array_equal(x, INITIAL[chosen])
        np.testing.assert_array_equal(y, final[chosen])
    assert groups["kept"].color != groups["pruned"].color  # and every colour has its own shape
    both = int((kept & by_magnitude).sum())
    assert picture.sentence == (
        f"{optimiser[0]}, {score[0]}, sparsity {round(100 * level)} %: of 600 weights shown {kept.sum()} are kept; "
        f"magnitude would keep {both} of these {kept.sum()} as well."
    )


@pytest.mark.parametrize(("score", "optimiser", "level"), STATES)
def test_the_lines_divide_the_kept_from_the_pruned(score, optimiser, level):
    picture = WEIGHTS.picture(score=score[0], optimiser=optimiser[0], sparsity=level)
    low, high = (mark for mark in picture.marks if isinstance(mark, Line))
    if score[1] == "sanh":
        assert np.isnan([low.y, high.y]).all()
        return
    groups = {mark.label: drawn(mark) for mark in picture.marks if isinstance(mark, Points)}

    def between(x, y):
        return (np.interp(x, low.x, low.y) < y) & (y < np.interp(x, high.x, high.y))

    assert not between(*groups["kept"]).any()
    assert between(*groups["pruned"]).all()


@pytest.mark.parametrize(("score", "optimiser", "level"), STATES)
def test_no_weight_lies_outside_the_picture(score, optimiser, level):
    picture = WEIGHTS.picture(score=score[0], optimiser=optimiser[0], sparsity=level)
    for mark in picture.marks:
        if isinstance(mark, Points):
            x, y = drawn(mark)
            assert picture.x.domain[0] < x.min() <= x.max() < picture.x.domain[1]
            assert picture.y.domain[0] < y.min() <= y.max() < picture.y.domain[1]


def test_the_answer_about_shared_weights_holds_over_all_seeds_and_in_the_picture():
    question = WEIGHTS.predict[0]
    assert question.options[question.answer()] == "Between half and nine tenths."
    assert 0.5 < MEASURED["shared_with_magnitude"]["adam_random_moved_90"] < 0.9
    both, kept = map(int, re.search(r"keep (\d+) of these (\d+)", WEIGHTS.picture(**question.at).sentence).groups())
    assert 0.5 < both / kept < 0.9


def test_what_the_distance_alone_keeps_mostly_crossed_zero():
    assert "What the distance alone keeps mostly crossed zero" in WEIGHTS.predict[0].because
    final, scores = scores_of("adam")
    kept = {name: scores[name] >= limit("adam", name, 0.9) for name in ("magnitude", "moved")}
    alone = kept["moved"] & ~kept["magnitude"]
    assert np.mean(np.sign(final[alone]) != np.sign(INITIAL[alone])) > 0.75


# The sparsities

MEASURES = {
    "divergence after fine-tuning": ("kl", 1, "nats"),
    "accuracy after fine-tuning": ("accuracy", 100, "%"),
    "divergence before fine-tuning": ("one_shot_kl", 1, "nats"),
    "accuracy before fine-tuning": ("one_shot_accuracy", 100, "%"),
}
PLACES = {"set to zero": "", "put back to the start": "reset_"}
PERCENTS = (50, 80, 90, 95)
SETTINGS = [*itertools.product(OPTIMISERS, ("random", "pretrained"), PLACES, MEASURES)]


def of_seeds(arm, measure):
    found = {r["seed"]: r[measure] for r in RECORD["records"] if r["arm"] == arm}
    assert sorted(found) == RECORD["seeds"]
    return np.array([found[seed] for seed in RECORD["seeds"]])


def test_every_choice_is_looked_at():
    assert [tuple(control.grid()) for control in SPARSITY.controls.values()] == [
        tuple(OPTIMISERS),
        ("random", "pretrained"),
        tuple(PLACES),
        tuple(MEASURES),
    ]


@pytest.mark.parametrize(("optimiser", "start", "pruned", "shown"), SETTINGS)
def test_means_intervals_and_seeds_are_those_of_the_record(optimiser, start, pruned, shown):
    picture = SPARSITY.picture(optimiser=optimiser, start=start, pruned=pruned, shown=shown)
    measure, scale, unit = MEASURES[shown]
    assert f"({unit})" in picture.y.label
    assert "%" in picture.x.label
    training = f"{OPTIMISERS[optimiser]}_{start}"
    points = [mark for mark in picture.marks if isinstance(mark, Points)]
    means = [mark for mark in points if mark.low is not None]
    clouds = [mark for mark in points if mark.low is None]
    assert [mark.label for mark in means] == [*SCORES, "at random"]
    assert len({mark.color for mark in [*means, clouds[0]]}) == 5
    for name, mean, cloud in zip((*NAMES, "chance"), means, clouds, strict=True):
        percents = (90,) if name == "chance" else PERCENTS
        values = [scale * of_seeds(f"{training}_{PLACES[pruned]}{name}_{percent}", measure) for percent in percents]
        places = [picture.x.categories.index(str(percent)) for percent in percents]
        np.testing.assert_array_equal(np.round(mean.x), places)
        np.testing.assert_array_equal(np.round(cloud.x), np.repeat(places, 20))
        np.testing.assert_array_equal(cloud.y, np.concatenate(values))
        for of_percent, middle, low, high in zip(values, mean.y, mean.low, mean.high, strict=True):
            interval = stats.ttest_1samp(of_percent, 0).confidence_interval(0.95)
            np.testing.assert_allclose([middle, low, high], [of_percent.mean(), *interval], rtol=1e-9)
        at_90 = scale * of_seeds(f"{training}_{PLACES[pruned]}{name}_90", measure).mean()
        assert f"{mean.label} {at_90:.3g}" in picture.sentence
    (rule,) = (mark for mark in picture.marks if isinstance(mark, Rule))
    unpruned = scale * of_seeds(f"{training}_unpruned", measure).mean()
    assert rule.y == pytest.approx(unpruned, rel=1e-12)
    assert picture.sentence.endswith(f"not pruned {unpruned:.3g}.")


@pytest.mark.parametrize(("optimiser", "start", "pruned", "shown"), SETTINGS)
def test_nothing_is_drawn_between_the_measured_sparsities_and_no_seed_outside(optimiser, start, pruned, shown):
    picture = SPARSITY.picture(optimiser=optimiser, start=start, pruned=pruned, shown=shown)
    assert {type(mark) for mark in picture.marks} == {Points, Rule}
    assert picture.x.categories == tuple(map(str, PERCENTS))
    for mark in picture.marks:
        if isinstance(mark, Points):
            assert picture.y.domain[0] <= np.min(mark.y) <= np.max(mark.y) <= picture.y.domain[1]
        if isinstance(mark, Points) and mark.low is not None:
            assert picture.y.domain[0] <= np.min(mark.low) <= np.max(mark.high) <= picture.y.domain[1]


def test_no_two_scores_cover_each_other():
    points = [mark for mark in SPARSITY.picture().marks if isinstance(mark, Points) and mark.low is None]
    extents = sorted((x.min(), x.max()) for mark in points for x in np.split(np.asarray(mark.x), len(mark.x) // 20))
    assert all(left[1] < right[0] for left, right in itertools.pairwise(extents))


def test_the_answer_about_the_closest_score_is_beyond_the_interval():
    question = SPARSITY.predict[0]
    assert question.covered
    assert question.options[question.answer()] == "published movement"
    for other in ("magnitude", "moved"):
        paired = stats.ttest_rel(of_seeds("adam_random_sanh_90", "kl"), of_seeds(f"adam_random_{other}_90", "kl"))
        assert paired.confidence_interval(0.95).high < 0
    assert "Under Adam this score won. Now choose SGD: there all three lie close together." in question.because
    spread = {
        optimiser: np.ptp([of_seeds(f"{optimiser}_random_{name}_90", "kl").mean() for name in NAMES])
        for optimiser in ("adam", "sgd")
    }
    assert spread["sgd"] < spread["adam"] / 10
