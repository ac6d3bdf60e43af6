"""The pictures of the chapter on hybrid objectives: against closed forms, SciPy, the record, and known numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize, special

from kdlab.explore import hybrid_objective as widgets
from kdlab.explore import three_students
from kdlab.explore.picture import Arrow, Line, Points
from kdlab.explore.play import Run

RECORD = json.loads((Path(__file__).parents[2] / "results" / "hybrid_objective.json").read_text(encoding="utf-8"))
TUG, ARROWS, PACE = (getattr(widgets, name).explorable for name in ("tug", "arrows", "pace"))
V, F_T = np.array([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]]), np.array([0.6, 0.9])


def marks(picture, kind, **looks):
    return [m for m in picture.marks if isinstance(m, kind) and all(getattr(m, k) == v for k, v in looks.items())]


def lowest(alpha, label=0, f_t=F_T):
    def objective(f):
        z = V @ f
        return (1 - alpha) * (special.logsumexp(z) - z[label]) + alpha * np.sum((f - f_t) ** 2)

    return optimize.minimize(objective, f_t, tol=1e-13).x


# --- tug ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", range(3))
@pytest.mark.parametrize("alpha", [0.9, 0.5, 0.1])
def test_a_constant_weight_brings_all_fourteen_to_the_lowest_place(label, alpha):
    settings = {"rule": widgets.CONSTANT, "alpha": alpha, "label": widgets.LABELS[label]}
    picture = TUG.picture(run=Run(widgets.LONGEST), **settings)
    places = np.array([[p.x[0], p.y[0]] for p in marks(picture, Points) if p.color != "ink"])
    assert len(places) == 14
    assert_allclose(places, np.broadcast_to(lowest(alpha, label), (14, 2)), atol=0.01)


def test_balanced_students_end_where_they_were_found_to():
    # 600 steps of 0.05 were 300 of 0.1
    for start, end in (((-1.5, -1.0), (0.951, 0.732)), ((-1.0, 2.0), (0.606, 0.897)), ((2.0, -1.0), (2.136, -0.324))):
        picture = TUG.picture(run=Run(widgets.LONGEST), student=[start])
        (own,) = marks(picture, Points, color="green")
        assert_allclose([own.x[0], own.y[0]], end, atol=0.02)


def test_who_has_the_teachers_features_stays_there():
    walk = widgets._after(widgets.BALANCED)
    assert_allclose(walk.places[1], F_T, atol=1e-12)


def test_the_two_arrows_end_on_one_circle_and_their_weights_are_told():
    picture = TUG.picture()
    (blue,), (orange,) = marks(picture, Arrow, color="blue"), marks(picture, Arrow, color="orange")
    f = np.array([-1.5, -1.0])
    pulls = [np.array([arrow.x1, arrow.y1]) - f for arrow in (blue, orange)]
    lengths = np.linalg.norm(pulls, axis=1)
    assert lengths[0] == pytest.approx(lengths[1])
    g_ce, g_f = V.T @ (special.softmax(V @ f) - [1, 0, 0]), 2 * (f - F_T)
    a, b = np.linalg.norm(g_ce), np.linalg.norm(g_f)
    assert_allclose(pulls, [-g_ce * b / (a + b), -g_f * a / (a + b)])
    assert f"alpha {a / (a + b):.2f}: the label pulls with {a * b / (a + b):.2f}" in picture.sentence


def test_the_dashed_curve_is_that_of_the_constants():
    for label, f_t in ((0, F_T), (1, np.array([-2.0, -2.0])), (2, np.array([2.5, 2.5]))):
        curve = widgets.compromise(*f_t, widgets.LABELS[label])
        places = np.column_stack([curve.x, curve.y])
        assert_allclose(places[0], f_t)
        for alpha, place in zip(widgets.CONSTANTS[::5], places[1::5], strict=True):
            assert_allclose(place, lowest(alpha, label, f_t), atol=2e-3)


def test_a_teacher_that_is_moved_in_the_middle_is_followed_from_there():
    run = Run(100, ((0, "teacher", np.array([[0.6, 0.9]])), (50, "teacher", np.array([[-1.0, 1.0]]))))
    settings = {"rule": widgets.CONSTANT, "alpha": 0.5}
    picture = TUG.picture(run=run, teacher=[(-1.0, 1.0)], **settings)
    (own,) = marks(picture, Points, color="green")
    assert_allclose([own.x[0], own.y[0]], lowest(0.5, 0, np.array([-1.0, 1.0])), atol=0.02)


# --- arrows, axes, a sum or a mean ----------------------------------------------------------------------------------


def test_the_arrows_by_hand():
    picture = ARROWS.picture(stretch=9.0)
    assert "alpha 0.750: both weighted gradients have the length 0.750; their cosine is 0.00" in picture.sentence
    assert "the step has the length 1.061" in picture.sentence
    assert "10\N{NO-BREAK SPACE}% is the labels'" in picture.sentence
    assert "alpha would have to be 0.250" in picture.sentence
    right = picture.panels[1]
    assert_allclose([marks(right, Arrow, color="orange")[0].y1, marks(right, Arrow, color="blue")[0].x1], [6.75, 0.75])


@pytest.mark.parametrize("gradients", [[(0, 0), (0, 0)], [(2, 1), (0, 0)], [(2, 1), (-2, -1)], [(0, 0), (1, 0)]])
def test_arrows_that_move_nothing(gradients):
    assert "step has the length 0.000" in ARROWS.picture(gradients=gradients, stretch=3.0).sentence


@pytest.mark.parametrize(("degrees", "loss"), [(0, 0), (60, 1), (90, 2), (180, 4)])
def test_a_turn_costs_twice_one_less_the_cosine_and_nothing_through_a_regressor(degrees, loss):
    axes = widgets.axes.explorable
    assert f"feature loss {loss:.2f}." in axes.picture(degrees=float(degrees)).sentence
    assert "feature loss 0.00." in axes.picture(degrees=float(degrees), regressor=True).sentence.replace(
        "-0.00", "0.00"
    )


def test_a_sum_falls_and_a_mean_rises():
    few, many = (widgets.sum_or_mean.explorable.picture(dimensions=d, gap=0.3, ce=0.5).sentence for d in (32, 512))
    assert "is 0.128 for a sum and 0.825 for a mean" in few
    assert "is 0.036 for a sum and 0.950 for a mean" in many


# --- pace -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def of_seeds():
    """Return three accuracies in per cent, the weight in the first and last tenth, and its most."""
    found = []
    for seed in range(20):
        state = widgets._finished({"points": "30", "features": widgets.OWN, "alpha": 0.5}, seed)
        weights = state.curve[:, 2]
        found.append([*100 * state.accuracy(state.students), weights[:40].mean(), weights[-40:].mean(), weights.max()])
    return np.array(found)


def test_the_toy_is_the_one_whose_numbers_were_found_elsewhere(of_seeds):
    labels, constant, balance, first, last, _ = of_seeds.T
    assert labels.mean() == pytest.approx(91.3, abs=0.8)
    assert (constant - labels).mean() == pytest.approx(2.8, abs=0.7)
    assert (balance - labels).mean() == pytest.approx(3.3, abs=0.8)
    assert (first.mean(), last.mean()) == (pytest.approx(0.133, abs=0.02), pytest.approx(0.439, abs=0.04))


def test_the_weight_rises_while_the_features_are_learned_first(of_seeds):
    assert (of_seeds[:, 5] > 1.5 * of_seeds[:, 3]).all()
    assert (of_seeds[:, 4] < of_seeds[:, 3]).any()  # and falls again where the labels are known by heart as well


def test_the_student_of_labels_hears_nothing_of_the_features():
    one, other = (three_students.start(), three_students.start(other_rows=True))
    for _ in range(30):
        one, other = three_students.step(one, alpha=0.3), three_students.step(other, alpha=0.9)
    for (W, b), (W_other, b_other) in zip(one.students, other.students, strict=True):
        np.testing.assert_array_equal(W[0], W_other[0])
        np.testing.assert_array_equal(b[0], b_other[0])


def test_a_step_goes_down_the_gradient_of_the_objective():
    """The first step of Adam goes by the sign of the gradient: compared with differences of the loss itself."""
    state, alpha, h = three_students.start(points=5), 0.3, 1e-6
    after = three_students.step(state, alpha=alpha)
    x, y = state.cloud.points, state.cloud.labels

    def loss(W1, b1, W2, b2):
        f = np.tanh(x @ W1 + b1)
        log_q = special.log_softmax(f @ W2 + b2, axis=-1)
        ce = -log_q[np.arange(5), y].mean()
        return (1 - alpha) * ce + alpha * ((f - state.features) ** 2).sum(axis=-1).mean()

    start = [array[three_students.CONSTANT] for layer in state.students for array in layer]
    ended = [array[three_students.CONSTANT] for layer in after.students for array in layer]
    for k, (before, now) in enumerate(zip(start, ended, strict=True)):
        for i in np.ndindex(before.shape):
            nudged = [array.copy() for array in start]
            nudged[k][i] += h
            up = loss(*nudged)
            nudged[k][i] -= 2 * h
            slope = (up - loss(*nudged)) / (2 * h)
            if abs(slope) > 1e-4:
                assert np.sign(now[i] - before[i]) == -np.sign(slope)


def test_all_seeds_of_the_button_are_the_same_runs(of_seeds):
    settings = PACE.settings()
    measured = widgets.pace_of_seed(settings, 3)
    assert_allclose([measured["labels"], measured["constant 0.5"], measured["balanced"]], of_seeds[3, :3])


# --- what was measured ----------------------------------------------------------------------------------------------


def accuracy(arm):
    found = {r["seed"]: 100 * r["accuracy"] for r in RECORD["records"] if r["arm"] == arm}
    return np.array([found[seed] for seed in RECORD["seeds"]])


@pytest.mark.parametrize("features", [widgets.OF_THESE, widgets.OF_OTHERS])
@pytest.mark.parametrize(("labels", "name"), widgets.DATA.items())
def test_what_is_drawn_of_the_record_is_what_it_holds(labels, name, features):
    picture = widgets.alpha.explorable.picture(labels=labels, features=features)
    arm = name if features == widgets.OF_THESE else f"{name}_permuted"
    (line,) = marks(picture, Line)
    assert_allclose(line.y, [accuracy(f"{arm}_alpha_{constant:g}").mean() for constant in line.x])
    (diamond,) = marks(picture, Points, color="green")
    assert diamond.y[0] == pytest.approx(accuracy(f"{arm}_balanced").mean())
    weights = np.array(RECORD["measured"]["alpha_curve"][f"{arm}_balanced"])
    assert diamond.x[0] == pytest.approx(np.exp(np.log(weights.clip(1e-4)).mean()))
    assert diamond.x_low[0] <= diamond.x[0] <= diamond.x_high[0]
    assert f"labels alone {accuracy(f'{name}_alpha_0').mean():.1f} %" in picture.sentence
