"""The classroom as it is drawn: maps, borders, curves, sentences, what can be set, and the address of a run."""

import itertools
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import softmax
from scipy.stats import entropy

from kdlab.evidence import records
from kdlab.explore import classroom
from kdlab.explore.classroom import OWN, PLANE, TINTS, emblem, of_seed, whole
from kdlab.explore.learning import STEPS, logits_of, start, step
from kdlab.explore.picture import Heatmap, Line, Points, Segments
from kdlab.explore.play import Run, Stage, went_on

EMBLEM, WHOLE = emblem.explorable, whole.explorable


def mark(picture, kind):
    (found,) = [each for each in picture.marks if isinstance(each, kind)]
    return found


def points_of_classes(panel):
    """Return the dots of a map, but for the star."""
    return [each for each in panel.marks if isinstance(each, Points) and each.shape != "star"]


def spaced(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def ran(steps, **lesson):
    state = start()
    while state.step < steps:
        state = step(state, **lesson)
    return state


@pytest.fixture(scope="module")
def at_400():
    return WHOLE.picture(run=Run(STEPS))


# --- maps -----------------------------------------------------------------------------------------------------------


def test_a_map_mixes_the_colours_by_the_probabilities(at_400):
    state = ran(STEPS)
    networks = [state.teacher.network, *([(W[i], b[i]) for W, b in state.students] for i in range(2))]
    for panel, network in zip(at_400.panels[:3], networks, strict=True):
        z = logits_of(PLANE, network)
        p = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
        shares = np.asarray(mark(panel, Heatmap).values) / TINTS
        assert_allclose(shares.reshape(-1, 3), p, atol=0.5 / 64 + 1e-12)
        assert not panel.square or panel.x.hidden


def test_the_first_row_of_a_map_is_on_top(at_400):
    values = np.asarray(mark(at_400.panels[0], Heatmap).values)
    top_left = logits_of(np.array([[-2.35, 2.35]]), ran(0).teacher.network)[0]
    assert values[0, 0].argmax() == (TINTS * np.exp(top_left) / np.exp(top_left).sum()).argmax()


def test_borders_are_where_the_first_choice_changes(at_400):
    state = ran(STEPS)
    networks = [state.teacher.network, *([(W[i], b[i]) for W, b in state.students] for i in range(2))]
    for panel, network in zip(at_400.panels[:3], networks, strict=True):
        borders = [each for each in panel.marks if isinstance(each, Segments)]
        ends = np.column_stack(
            [np.concatenate([[*each.x0, *each.x1], [*each.y0, *each.y1]]).reshape(2, -1) for each in borders]
        ).T
        leads = np.diff(np.sort(logits_of(ends, network)), axis=-1)[:, 1]
        everywhere = np.diff(np.sort(logits_of(PLANE, network)), axis=-1)[:, 1]
        assert np.max(leads) < np.quantile(everywhere, 0.1)
        # a border wherever two neighbours on the map differ in their first choice
        choice = logits_of(PLANE, network).argmax(axis=-1).reshape(48, 48)
        changes = (choice[1:] != choice[:-1]).sum() + (choice[:, 1:] != choice[:, :-1]).sum()
        assert len(ends) / 2 == pytest.approx(changes, rel=0.1)


def test_every_point_is_drawn_in_its_shape_and_wrong_ones_are_ringed(at_400):
    cloud = start().cloud
    for panel in at_400.panels[:3]:
        dots = points_of_classes(panel)
        assert [each.shape for each in dots] == ["circle", "square", "triangle"]
        assert len({each.color for each in dots}) == 3
        for label, each in enumerate(dots):
            there = np.isfinite(each.x)
            assert (there == (cloud.labels == label)).all()
            assert_allclose(np.column_stack([each.x, each.y])[there], cloud.points[there])
            assert (np.asarray(each.ring) == (cloud.labels != cloud.classes)).all()


# --- sentences and curves -------------------------------------------------------------------------------------------


def test_the_sentence_of_the_whole(at_400):
    assert spaced(at_400.sentence) == (
        "Step 400: labels 78 % right, soft targets 94 %, teacher 97 %. KL to the teacher 1.41 and 0.03. "
        "Of 5 wrong labels the first gives 5 back, the second 0. Labels were best at step 15, with 90 %."
    )
    assert [spaced(panel.sentence) for panel in at_400.panels[:3]] == [
        "Teacher 97.0 %",
        "By labels 78.0 %",
        "By the teacher 94.2 %",
    ]


def test_the_curves_are_kl_over_the_steps(at_400):
    labels, soft = (each for each in at_400.panels[3].marks if isinstance(each, Line))
    assert list(labels.x) == [*range(0, 401, 5), 400]
    assert (labels.y[10], soft.y[10]) == pytest.approx((0.2216, 0.1293), abs=2e-4)
    assert (labels.y[-1], soft.y[-1]) == pytest.approx((1.4109, 0.0342), abs=2e-4)


def test_the_other_curves_are_the_share_of_new_points_that_is_right(at_400):
    labels, soft = (each for each in at_400.panels[4].marks if isinstance(each, Line))
    assert (labels.y[10], soft.y[10]) == pytest.approx((89.2, 90.7), abs=0.05)
    assert (labels.y[-1], soft.y[-1]) == pytest.approx((78.0, 94.2), abs=0.05)
    assert labels.x[labels.y.argmax()] == 15  # as the sentence says


def test_at_the_star_the_three_networks_say_what_they_say_there():
    state = ran(400)
    place = np.array([[0.5, 0.1]])
    panel = WHOLE.picture(run=Run(400), place=place).panels[5]
    said = [
        softmax(logits_of(place, state.teacher.network)[0]),
        *softmax(logits_of(place, state.students)[:, 0], axis=-1),
    ]
    for bars, p in zip(panel.marks, said, strict=True):
        assert_allclose(bars.height, p, rtol=1e-9)
    assert panel.sentence == "At the star: KL {:.2f}, {:.2f}".format(*(entropy(said[0], q) for q in said[1:]))


def test_how_many_wrong_labels_are_given_back_is_counted_and_not_told_where_there_are_none(at_400):
    cloud, students = start().cloud, ran(400).students
    wrong = cloud.labels != cloud.classes
    given_back = (logits_of(cloud.points[wrong], students).argmax(-1) == cloud.labels[wrong]).sum(-1)
    assert given_back.tolist() == [5, 0]
    assert "wrong" not in WHOLE.picture(wrong="0 %", run=Run(10)).sentence


@pytest.mark.parametrize(("alpha", "title"), [(0.0, "By labels too"), (0.5, "By both"), (1.0, "By the teacher")])
def test_the_second_map_says_whose_lesson_it_is(alpha, title):
    assert WHOLE.picture(alpha=alpha).panels[2].sentence.startswith(title)


@pytest.mark.parametrize(
    ("points", "wrong"), [("few", "30 points, 5 with"), ("many", "600 points, of which 120 are drawn, 72 with")]
)
def test_the_emblem_begins_with_its_points_and_ends_with_who_is_right(points, wrong):
    assert EMBLEM.picture(points=points).sentence.startswith(wrong)
    end = EMBLEM.picture(points=points, run=Run(STEPS)).sentence
    labels, soft, teacher = map(int, re.findall(r"(\d+)\s%", end))
    assert end.startswith("Step 400: ")
    assert (labels, soft, teacher) == ((78, 94, 97) if points == "few" else (97, 97, 97))


# --- controls -------------------------------------------------------------------------------------------------------

EVERY_VALUE = [(name, value) for name, c in WHOLE.controls.items() if name != "run" for value in c.grid()]


@pytest.mark.parametrize(("name", "value"), EVERY_VALUE)
def test_every_control_can_be_set_and_says_so_in_the_run(name, value):
    picture = WHOLE.picture(run=Run(10), **{name: value})
    plain = WHOLE.picture(run=Run(10))
    same = name == "own" or value is WHOLE.controls[name].value or value == WHOLE.controls[name].value
    assert (picture.to_json() == plain.to_json()) == same


def test_what_is_changed_in_flight_holds_from_the_next_step():
    rescued = Run(STEPS, ((0, "alpha", 0.0), (200, "alpha", 1.0)))
    state = ran(200, alpha=0.0)
    while state.step < STEPS:
        state = step(state)
    assert WHOLE.picture(run=rescued).sentence == classroom.told(state, "soft targets")


def test_an_address_replays_a_run_to_the_bit_however_many_steps_a_call_makes():
    play = WHOLE.controls["run"]
    settings = WHOLE.settings()
    others = {name: value for name, value in settings.items() if name != "run"}
    stage, run = Stage("run", play), Run()
    for alpha, calls in ((0.25, (5, 40, 7)), (1.0, (13, 5))):
        others["alpha"] = alpha
        for steps in calls:
            run = went_on(play, "run", run, steps, others, "Step")
            stage.at(run, others)
    watched = WHOLE.shown(others | {"run": run}, stage)
    again = WHOLE.shown(WHOLE.settings(alpha=1.0, run=run.to_json()))
    assert run.step == 70
    assert watched == again


def test_ones_own_points_are_learned_and_can_be_moved():
    own = [[-1.0, 0.5, 0], [1.0, 0.0, 1], [0.0, -1.0, 2], [0.2, -1.2, 2]]
    picture = WHOLE.picture(points=OWN, own=own, run=Run(5))
    dots = points_of_classes(picture.panels[1])
    assert {each.moves for each in dots} == {"own"}
    assert [np.flatnonzero(np.isfinite(each.x)).tolist() for each in dots] == [[0], [1], [2, 3]]
    assert not any(np.any(each.ring) for each in dots)
    assert "own" in WHOLE.controls["run"].restarts
    assert WHOLE.absent(WHOLE.settings(points=OWN, own=[])) == "Put a point into the plane first."
    assert WHOLE.absent(WHOLE.settings(own=[])) == ""


def test_a_seed_over_all_is_the_end_of_its_run():
    settings = {name: c.value for name, c in WHOLE.controls.items() if name not in ("run", "seed")}
    found = of_seed(settings, 3)
    state = start(seed=3)
    while state.step < STEPS:
        state = step(state)
    assert list(found) == ["labels", "soft targets"]
    assert list(found.values()) == pytest.approx(100 * state.measures[3:])


# --- questions and stops --------------------------------------------------------------------------------------------


def test_answers_are_those_of_the_record():
    asked = [question.to_json() for question in WHOLE.predict]
    assert [question["answer"] for question in asked[:3]] == [0, 2, 0]
    for question, pair in zip(asked[3:], ("kd_600 - hard_600", "same_30_kd - same_30_hard"), strict=True):
        found = records.read("classroom").summary["differences"][pair]["accuracy"]
        low, high = (100 * (found["mean"] + sign * found["half_width"]) for sign in (-1, 1))
        assert question["answer"] == pytest.approx([low, high])


def test_the_first_seed_shown_does_as_the_record_says():
    """A stop shows one run: that of seed 8 is on the side of the mean of all."""
    ends = [WHOLE.picture(**stop.settings | {"run": Run(STEPS)}).sentence for stop in WHOLE.stops]
    labels, soft, _ = np.array([list(map(int, re.findall(r"(\d+)\s%", end)[:3])) for end in ends]).T
    assert soft[0] > labels[0] + 10
    assert abs(soft[1] - labels[1]) < 5
    assert soft[2] > labels[2] + 10
    assert abs(soft[3] - labels[3]) < 2
    assert abs(soft[4] - labels[4]) < 10


def test_a_stop_leaves_nothing_of_the_one_before():
    for one, other in itertools.pairwise(WHOLE.stops):
        assert one.settings.keys() == other.settings.keys()
