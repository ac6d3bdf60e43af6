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
    share = MEASURED["shared_with_magnitude"].get(f"{optimiser[1]}_random_{score[1]}_{round(100 * level)}")
    of_all = "" if share is None else f"; of all weights, over {len(RECORD['seeds'])} seeds, {round(100 * share)} %"
    assert picture.sentence == (
        f"{optimiser[0]}, {score[0]}, sparsity {round(100 * level)} %: of 600 weights shown {kept.sum()} are kept; "
        f"magnitude would keep {both} of these {kept.sum()} as well{of_all}."
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


# The story


STORY, FIELDS, DAMAGE, REVIVE, GAUGE = (
    getattr(pruning, name).explorable for name in ("story", "fields", "damage", "revive", "gauge")
)


@pytest.mark.parametrize("shown", ["accuracy", "distance from the teacher"])
@pytest.mark.parametrize("percent", [50, 80, 90, 95])
def test_a_student_falls_and_comes_back_as_the_record_has_it(percent, shown):
    measure, scale = ("accuracy", 100) if shown == "accuracy" else ("kl", 1)
    picture = STORY.picture(share=f"{percent} %", station="120 steps", shown=shown)
    _, dots, means = picture.marks
    of = {(record["arm"], record["seed"]): record for record in RECORD["records"]}
    arm = f"adam_random_magnitude_{percent}"
    for place, (name, key) in {
        0: ("adam_random_unpruned", f"one_shot_{measure}"),
        1: (arm, f"one_shot_{measure}"),
        7: (arm, measure),
    }.items():
        assert means.y[place] == pytest.approx(np.mean([scale * of[name, seed][key] for seed in range(20)]), rel=1e-4)
    np.testing.assert_allclose(dots.y, [scale * of[arm, seed][measure] for seed in range(20)], rtol=1e-4)


def test_the_story_ends_where_it_stands():
    for number, station in enumerate(STORY.controls["station"].options, start=1):
        line, _, means = STORY.picture(station=station).marks
        assert len(means.x) == len(line.x) == number
    with pytest.raises(ValueError, match="By lot only 90 % were pruned"):
        STORY.picture(which="drawn by lot", share="50 %")
    assert STORY.picture(which="drawn by lot", share="90 %")


# The fields


@pytest.mark.parametrize(
    ("sparsity", "right"), [(0.3, 97.3), (0.5, 95.3), (0.7, 93.1), (0.8, 61.1), (0.85, 54.9), (0.9, 29.3)]
)
def test_a_network_goes_blind(sparsity, right):
    """Numbers of one student, on 450 rows, that were computed elsewhere from the same arrays."""
    assert f"right in {right} %" in FIELDS.picture(sparsity=sparsity).sentence


def test_what_is_kept_in_each_layer_and_of_blank_pixels():
    kept = FIELDS.picture(sparsity=0.9).rows[1][1].marks[0]
    np.testing.assert_allclose(np.asarray(kept.height) / 100 * [4096, 4096, 640], [508, 296, 80])
    blank = np.zeros((8, 8), bool)
    blank.flat[[0, 24, 32, 39]] = True
    (question,) = FIELDS.predict
    assert np.array_equal(question.answer(), blank)
    for score, left in (("magnitude |w|", 28), ("distance |w − w_init|", 0)):
        hatched = FIELDS.picture(sparsity=0.5, score=score).rows[0][0].marks[0].hatch
        assert (~hatched[:, blank]).sum() == left


def test_what_is_put_back_is_not_zero():
    for back in (False, True):
        field = FIELDS.picture(sparsity=0.9, back=back).rows[0][0].marks[0]
        assert bool((field.values[field.hatch] != 0).any()) == back


# The damage


@pytest.mark.parametrize(("score", "done"), [("|w|", 0.25), ("|w| s", 0.1224)])
def test_the_damage_of_two_that_go(score, done):
    sentence = DAMAGE.picture(score=score, gone=2).sentence
    assert f"changes by {done:.3g} in" in sentence
    assert ("the least there is." in sentence) == (score == "|w| s")


@pytest.mark.parametrize(
    ("correlation", "refit", "done", "first"),
    [(0.0, False, 0.64, 1.0), (0.8, False, 0.64, 1.0), (0.8, True, 0.2304, 1.64), (0.95, True, 0.0624, 1.76)],
)
def test_the_first_makes_up_for_the_second(correlation, refit, done, first):
    sheet = DAMAGE.picture(w=(1, 0.8, 2, 2, 2), s=(1, 1, 1, 1, 1), gone=1, correlation=correlation, refit=refit)
    assert f"changes by {done:.3g} in" in sheet.sentence
    left = sheet.rows[1][1].marks[1].height
    np.testing.assert_allclose(left, [first, 0, 2, 2, 2], atol=1e-12)


def test_all_that_can_be_dragged_to_has_a_picture():
    for gone in range(6):
        assert DAMAGE.picture(w=(0, 0, 0, 0, 0), s=(0, 0, 0, 0, 0), gone=gone, refit=True, correlation=0.95).sentence


# A weight that rises again


def run(masked, steps, **settings):
    return REVIVE.picture(masked=masked, run={"step": steps, "history": ()}, **settings).marks[1].y


def test_momentum_moves_a_weight_whose_gradient_is_masked():
    path = run("the gradient", 60)
    assert path[1] == pytest.approx(-0.045)
    assert path[-1] == pytest.approx(-0.45 * (1 - 0.9**60))
    assert REVIVE.predict[0].answer() == pytest.approx(-0.45)
    assert set(run("the weight, after each step", 60)) == {0.0}


def test_decay_pulls_at_a_weight_that_was_put_back():
    without, under_decay = (run("the gradient", 60, back=True, velocity=0.0, decay=decay)[-1] for decay in (0.0, 0.1))
    assert without == 0.6
    assert under_decay < 0.3


# The gauge


@pytest.mark.parametrize("a", [0.1, 1.0, 10.0])
def test_a_gauge_changes_the_norms_alone(a):
    norms, outputs = GAUGE.picture(a=a).rows[0]
    assert [bars.height[0] for bars in norms.marks] == pytest.approx([3 * a, 1.0])
    np.testing.assert_allclose(outputs.marks[0].y, GAUGE.picture(a=1.0).rows[0][1].marks[0].y, atol=1e-12)
    assert f"unit {1 if a < 1 / 3 else 2} would go" in GAUGE.picture(a=a).sentence
