"""The pictures of the chapter on dark knowledge: the toy and its lesson from closed forms, shuffles, deals counted."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special, stats

from kdlab.explore import dark_knowledge, unseen
from kdlab.explore.clouds import RING_DEVIATION, ring_centres
from kdlab.explore.dark_knowledge import COLORS
from kdlab.explore.picture import Bars, Heatmap, Points, Rects
from kdlab.explore.play import Run
from kdlab.explore.unseen import CLASSES, EVENED, LABELS, NOBODY, SHUFFLED, STEPS, TARGETS, TRUE

UNSEEN, TOP_K = dark_knowledge.unseen_class.explorable, dark_knowledge.top_k.explorable
SETTINGS = {"hide": "C", "points": 2, "temperature": 4.0, "seed": 2}
SEEDS = range(unseen.SEEDS)


def start(target=TRUE, **settings):
    return unseen.start(SETTINGS | {"target": target} | settings)


# The toy


def test_the_key_below_the_bars_has_the_colours_of_the_map_and_greys_do_not_touch():
    plane, told = UNSEEN.picture().panels
    (shown,) = (mark for mark in plane.marks if isinstance(mark, Heatmap))
    key = [mark for mark in told.marks if isinstance(mark, Rects)]
    assert tuple(mark.color for mark in key) == tuple(shown.colors) == COLORS
    assert {mark.faint for mark in key} == {shown.faint}
    assert [(mark.x0[0] + mark.x1[0]) / 2 for mark in key] == pytest.approx(range(8))
    assert (COLORS.index("grey") - COLORS.index("ink")) % 8 not in (1, 7)


def test_the_teacher_is_the_posterior_of_the_ring():
    points = np.random.default_rng(0).normal(scale=2, size=(50, 2))
    densities = [stats.multivariate_normal(m, RING_DEVIATION**2).pdf(points) for m in ring_centres(8)]
    posterior = np.transpose(densities) / np.sum(densities, axis=0)[:, np.newaxis]
    assert_allclose(special.softmax(unseen.teacher_logits(points), axis=1), posterior, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("T", [0.5, 1.0, 4.0])
def test_what_is_told_gives_the_label_the_same_probability(T):
    told = {target: start(target, temperature=T) for target in TARGETS}
    y, rows = told[TRUE].cloud.labels, np.arange(14)
    assert_allclose(told[LABELS].targets, np.eye(8)[y])
    p = special.softmax(unseen.teacher_logits(told[TRUE].cloud.points) / T, axis=1)
    assert_allclose(told[TRUE].targets, p, atol=1e-14)
    for target in (EVENED, SHUFFLED):
        assert_allclose(told[target].targets[rows, y], p[rows, y])
        assert_allclose(told[target].targets.sum(axis=1), 1)
    wrong = np.arange(8) != y[:, np.newaxis]
    assert_allclose(told[EVENED].targets[wrong].reshape(14, 7), ((1 - p[rows, y]) / 7)[:, np.newaxis] * np.ones(7))
    assert_allclose(np.sort(told[SHUFFLED].targets), np.sort(p))


def test_the_hidden_class_has_no_point_and_no_label_and_nothing_else_moves():
    hidden, shown = start(), start(hide=NOBODY)
    keep = shown.cloud.labels != CLASSES.index("C")
    assert keep.sum() == 14
    assert_allclose(hidden.cloud.points, shown.cloud.points[keep])
    assert_allclose(hidden.targets, shown.targets[keep])
    more = start(points=5)
    assert all((more.cloud.points == point).all(axis=1).any() for point in hidden.cloud.points)


def test_the_first_step_goes_down_the_loss():
    state = start()

    def loss(layers):
        log_q = special.log_softmax(unseen.logits_of(state.cloud.points, layers) / 4, axis=1)
        return 16 * special.rel_entr(state.targets, np.exp(log_q)).sum(axis=1).mean()

    after = unseen.step(state)
    for (W, b), (W_after, b_after) in zip(state.student, after.student, strict=True):
        for parameter, moved in ((W, W_after - W), (b, b_after - b)):
            index = np.unravel_index(np.abs(moved).argmax(), parameter.shape)
            ends = []
            for nudge in (1e-5, -1e-5):
                parameter[index] += nudge
                ends.append(loss(state.student))
                parameter[index] -= nudge
            # the first step of Adam is its rate long, against the sign of the derivative
            assert moved[index] == pytest.approx(-unseen.RATE * np.sign(ends[0] - ends[1]), rel=1e-3)


# What the toy shows


def test_only_true_targets_name_a_class_that_nobody_showed():
    of_seeds = {
        target: [unseen.score(SETTINGS | {"target": target, "seed": seed}) for seed in SEEDS]
        for target in (LABELS, EVENED, TRUE)
    }
    assert set(of_seeds[LABELS]) == set(of_seeds[EVENED]) == {0.0}
    assert 70 <= np.mean(of_seeds[TRUE]) <= 90
    assert UNSEEN.predict[0].answer() == (min(of_seeds[TRUE]), max(of_seeds[TRUE]))


def test_shuffled_is_worse_than_labels_and_labels_are_worse_than_the_teacher():
    labels, true, shuffled = (unseen.mean_score(target, NOBODY) for target in (LABELS, TRUE, SHUFFLED))
    assert shuffled < labels - 10
    assert true > labels + 5


def test_the_seed_that_is_shown_first_has_no_point_near_the_hidden_class():
    said = [
        special.softmax(unseen.teacher_logits(start(seed=seed).cloud.points), axis=1)[:, CLASSES.index("C")].max()
        for seed in SEEDS
    ]
    assert next(seed for seed in SEEDS if said[seed] < 0.1) == UNSEEN.controls["seed"].value


# Its picture


@pytest.fixture(scope="module")
def at_400():
    return UNSEEN.picture(run=Run(STEPS))


def test_the_sentence_counts_the_full_marks(at_400):
    counted = int(re.search(r"calls (\d+) of 100 new C points C; it has seen none\.$", at_400.sentence)[1])
    full, hollow = (
        next(
            m for m in at_400.panels[0].marks if isinstance(m, Points) and m.color == "orange" and m.hollow is is_hollow
        )
        for is_hollow in (False, True)
    )
    assert (full.items, hollow.items) == (counted, 100 - counted)


def test_a_place_has_the_colour_of_what_it_is_called(at_400):
    (heat,) = (mark for mark in at_400.panels[0].marks if isinstance(mark, Heatmap))
    full = next(m for m in at_400.panels[0].marks if isinstance(m, Points) and m.color == "orange" and not m.hollow)
    cell = 6.4 / len(heat.values)
    rows = ((3.2 - full.y) / cell).astype(int)
    columns = ((full.x + 3.2) / cell).astype(int)
    inside = (rows >= 0) & (rows < len(heat.values)) & (columns >= 0) & (columns < len(heat.values))
    assert (heat.values[rows[inside], columns[inside]] == 2).mean() > 0.9  # but for cells on the border


def test_a_point_that_is_tapped_is_the_class_that_is_looked_at(at_400):
    seen = [mark for mark in at_400.panels[0].marks if isinstance(mark, Points) and mark.sets]
    assert [mark.keys for mark in seen] == [(letter,) * 2 for letter in CLASSES if letter != "C"]
    assert len({mark.sign for mark in seen}) == 7
    assert [bool(mark.ring) for mark in seen] == [letter == "B" for letter in CLASSES if letter != "C"]


def test_the_bars_are_the_mean_of_what_is_told():
    told = UNSEEN.picture(look="D").panels[1]
    bars = [mark for mark in told.marks if isinstance(mark, Bars)]
    state = start()
    expected = state.targets[state.cloud.labels == CLASSES.index("D")].mean(axis=0)
    assert_allclose([bar.height[0] for bar in bars[:8]], expected)
    assert UNSEEN.picture(look="C").panels[1].sentence == "No point of C: nothing was told of it."


# Shuffled, muted, the first k


def test_a_class_gets_the_share_that_the_order_says():
    true, other = dark_knowledge.shuffled.explorable.picture(order=(3, 2, 0, 1)).panels
    heights = [[mark.height[0] for mark in panel.marks if isinstance(mark, Bars)] for panel in (true, other)]
    assert heights[1] == [heights[0][i] for i in (0, 4, 3, 1, 2)]
    colors = [[mark.color for mark in panel.marks if isinstance(mark, Bars)] for panel in (true, other)]
    assert colors[1] == [colors[0][i] for i in (0, 4, 3, 1, 2)]


def test_the_sentence_of_a_shuffle():
    sentence = dark_knowledge.shuffled.explorable.picture(order=(3, 2, 1, 0), temperature=4.0).sentence
    assert "the entropy is 1.477 and 1.477 nats" in sentence
    assert "0.194 nats, and tau of the wrong classes is -0.33" in sentence.replace("−", "-")


def test_a_very_sure_teacher_is_muted():
    muted = dark_knowledge.muted.explorable
    assert "how sure, 0.3647, plus 0.0002066 times what else, 0.7016, is 0.3649" in muted.picture(lead=12.0).sentence
    at_4 = muted.picture(lead=12.0, temperature=4.0).sentence
    sure, heard = (mark for mark in muted.picture(lead=12.0).panels[0].marks if mark.label in ("how sure", "what else"))
    assert (sure.height[0], heard.base[0]) == (heard.base[0], sure.height[0])
    assert_allclose([sure.height[0], heard.height[0]], [0.3647, 0.3649], atol=0.5e-4)  # a bar's height is where it ends
    assert float(re.search(r"plus ([\d.]+) times", at_4)[1]) == pytest.approx(0.223, abs=0.5e-3)


@pytest.mark.parametrize(
    ("treatment", "rank", "share"),
    [("shuffled", 8, 0.3), ("shuffled", 2, 0.3), ("deranged", 8, 3 / 9), ("deranged", 3, 2 / 9), ("kept", 4, 0)],
)
def test_a_thousand_deals_keep_the_share_that_is_exact(treatment, rank, share):
    sentence = TOP_K.picture(treatment=treatment, rank=rank, run=Run(1000)).sentence
    kept = int(re.search(r"(\d+) of 1000 deals kept it", sentence)[1]) / 1000
    assert kept == pytest.approx(share, abs=0.045)  # three standard errors
    assert sentence.endswith(f"the share is {share:.3f}.")


def test_the_right_class_stands_at_its_place_in_the_last_deal():
    for deals in range(1, 12):
        panel = TOP_K.picture(treatment="deranged", run=Run(deals)).panels[0]
        (right,) = (mark for mark in panel.marks if isinstance(mark, Bars) and mark.label == "the right class")
        numbers = [mark.text for mark in panel.marks if type(mark).__name__ == "Text"]
        assert numbers[int(right.x[0]) - 1] == "8"
        assert int(right.x[0]) != 8
