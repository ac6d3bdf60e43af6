"""The pictures of the chapter straight_through: by PyTorch, by hand, and from the JSON of the record."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import integrate, special, stats

from kdlab.explore import one_bit_student as student
from kdlab.explore import straight_through
from kdlab.explore.marks import Line, Points, Rule, Segments
from kdlab.explore.play import Run

RECORD = json.loads((Path(__file__).parents[2] / "results" / "straight_through.json").read_text(encoding="utf-8"))
STRIPE, STEP, DITHER, BIAS, SWEEP = (
    getattr(straight_through, name).explorable for name in ("stripe", "step", "dither", "bias_over_T", "sweep")
)
SETTINGS = {"backward": student.STRAIGHT, "shape": student.DISC, "angle": 0.0, "bits": student.ONE, "seed": 0}


def numbers(sentence):
    """Return the numbers of a sentence."""
    return [float(found.replace("−", "-")) for found in re.findall(r"(?<![\w.])[-−+]?\d+\.?\d*", sentence)]


def marks_of(picture, kind):
    return [mark for mark in picture.marks if isinstance(mark, kind)]


# The student


def by_torch(settings, steps):
    """Return the latent weights after some steps of PyTorch's Adam, with the bracket of the chapter detached."""
    state = student.start(settings)
    points, targets = torch.from_numpy(state.points), torch.from_numpy(state.targets)
    layers = [[torch.tensor(array, requires_grad=True) for array in layer] for layer in state.latent]
    optimiser = torch.optim.Adam([each for layer in layers for each in layer], lr=student.RATE)
    scales = [W.detach().abs().mean() for W, _ in layers]

    def sign(W):
        return torch.where(W >= 0, 1.0, -1.0).to(W)

    def used(W, scale):
        if settings["backward"] == student.FULL:
            return W
        if settings["backward"] == student.TRUE:
            return scale * sign(W)  # no gradient passes
        return W + (W.abs().mean() * sign(W) - W).detach()

    for _ in range(steps):
        (W_1, b_1), (W_2, b_2) = layers
        logits = torch.tanh(points @ used(W_1, scales[0]) + b_1) @ used(W_2, scales[1]) + b_2
        loss = -(targets * torch.log_softmax(logits, 1)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return [[each.detach().numpy() for each in layer] for layer in layers]


@pytest.mark.parametrize("backward", student.WAYS)
def test_the_student_learns_as_one_of_torch_does(backward):
    settings = SETTINGS | {"backward": backward, "shape": student.STRIPE, "angle": 22.5}
    state = student.start(settings)
    for _ in range(25):
        state = student.step(state)
    for found, expected in zip(state.latent, by_torch(settings, 25), strict=True):
        for array, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(array, other, atol=1e-9)


def test_by_the_true_derivative_no_sign_changes_and_straight_through_some_do():
    shown = {way: STRIPE.picture(backward=way, run=Run(student.STEPS)).sentence for way in student.WAYS}
    agrees = {way: numbers(sentence)[1] for way, sentence in shown.items()}
    assert "0 of 64 signs" in shown[student.TRUE]
    assert agrees[student.TRUE] < 80 < 90 < agrees[student.STRAIGHT] < agrees[student.FULL]


@pytest.mark.parametrize("seed", [0, 4])
def test_one_bit_learns_a_stripe_at_45_degrees_and_not_a_level_one(seed):
    level, turned = (student.agreement(student.STRAIGHT, student.STRIPE, a, student.ONE, seed) for a in (0.0, 45.0))
    assert level < 80 < 90 < turned
    assert student.agreement(student.STRAIGHT, student.STRIPE, 0.0, student.TWO, seed) > 90
    assert student.agreement(student.FULL, student.STRIPE, 0.0, student.ONE, seed) > 99


def test_every_line_of_a_student_of_one_bit_leans_by_45_degrees():
    map_of, weights = STRIPE.picture(backward=student.STRAIGHT, run=Run(60)).panels
    lines = marks_of(map_of, Segments)[0]
    np.testing.assert_allclose(np.abs(lines.y1 - lines.y0), np.abs(lines.x1 - lines.x0), atol=1e-9)
    assert np.abs([lines.x0, lines.y0, lines.x1, lines.y1]).max() <= student.EDGE + 1e-9
    positive, negative = marks_of(weights, Points)
    assert (np.asarray(positive.y) >= 0).all()
    assert (np.asarray(negative.y) < 0).all()


# The staircase


def test_the_slope_is_that_at_q_and_the_answer_is_not_the_slope_at_w():
    assert STEP.predict[0].answer() == pytest.approx(1.5)
    picture = STEP.picture(w=0.3, m=1.0, target=-0.5, clip=None)
    assert "q − w* = 1.5." in picture.sentence
    at_q, at_w = marks_of(picture, Segments)
    for piece in (at_q, at_w):
        assert (piece.y1[0] - piece.y0[0]) / (piece.x1[0] - piece.x0[0]) == pytest.approx(1.5)
    assert "cut to 0" in STEP.picture(w=0.3, m=1.0, target=-0.5, clip=0.2).sentence
    assert "cut to 0" not in STEP.picture(w=0.2, m=1.0, target=-0.5, clip=0.2).sentence


def test_the_staircase_is_the_loss_at_the_two_values():
    stairs = marks_of(STEP.picture(w=-0.5, m=0.75, target=0.5), Line)[1]
    np.testing.assert_allclose([stairs.y[0], stairs.y[-1]], [(0.75 + 0.5) ** 2 / 2, (0.75 - 0.5) ** 2 / 2])


# The vote


def share_at_plus(**settings):
    sentence = DITHER.picture(run=Run(straight_through.LONGEST), **settings).sentence
    return numbers(sentence)[2]


@pytest.mark.parametrize(("target", "share"), [(0.3, 65), (-0.8, 10), (-0.5, 25), (0.0, 50), (1.0, 100), (1.2, 100)])
def test_q_votes_for_the_best_value(target, share):
    assert share_at_plus(target=target) == pytest.approx(share, abs=1)
    assert DITHER.predict[0].answer() == pytest.approx(10)


def path(**settings):
    upper, _ = DITHER.picture(run=Run(straight_through.LONGEST), **settings).panels
    return np.asarray(marks_of(upper, Line)[0].y)


def test_the_latent_weight_obeys_the_sum_law_and_stays_near_0():
    latent = path(target=0.3, eta=0.05)
    q = np.where(latent[:-1] >= 0, 1, -1)
    assert q.mean() == pytest.approx(0.3 + (latent[0] - latent[-1]) / (0.05 * q.size))
    assert np.abs(latent).max() <= 0.05 * 1.3 + 1e-12
    assert np.ptp(path(target=0.3, eta=0.01)) == pytest.approx(np.ptp(latent) / 5, rel=0.01)


def test_beyond_the_scale_it_drifts_and_a_clamp_holds_it():
    drift = path(target=1.2)
    assert drift[-1] == pytest.approx(0.05 * 0.2 * straight_through.LONGEST)
    assert path(target=1.2, cure=straight_through.CLAMP, c=1.0).max() == 1.0


def test_a_cut_leaves_a_far_weight_where_it_is_and_a_clamp_does_not():
    question = DITHER.predict[1]
    assert question.options[question.answer()] == "It is still at 1.3."
    far = {"start": 1.3, "target": -0.8, "c": 1.0}
    assert set(path(cure=straight_through.CLIP, **far)) == {1.3}
    assert abs(path(cure=straight_through.CLAMP, **far)[-1]) < 0.1


# The bias over the temperature


def phi(u, T):
    return integrate.quad(lambda x: x * special.expit(u * x / T) * stats.norm.pdf(x), -9, 9, limit=200)[0]


@pytest.mark.parametrize("T", [0.168, 1.0, 4.0])
def test_the_sentence_is_that_of_a_quadrature(T):
    bias = (phi(0.8, T) - phi(0.3, T)) / T
    relative = (phi(0.8, T) - phi(0.3, T)) / (phi(0.3, T) - phi(1.2, T))
    found = numbers(BIAS.picture(view=straight_through.RELATIVE, temperature=T).sentence)
    np.testing.assert_allclose(found[1:], [bias, T**2 * bias, relative], atol=6e-4)


@pytest.mark.parametrize("view", [straight_through.PLAIN, straight_through.TIMES_T2])
def test_the_relative_bias_is_not_told_before_it_is_asked_for(view):
    assert "over the gradient" not in BIAS.picture(view=view, temperature=64.0).sentence


def test_the_curve_is_drawn_up_to_the_present_temperature():
    whole = marks_of(BIAS.picture(temperature=64.0), Line)[0]
    assert whole.y.max() == pytest.approx(0.506, abs=2e-3)
    assert whole.x[whole.y.argmax()] == pytest.approx(0.168, rel=0.15)
    part = marks_of(BIAS.picture(temperature=4.0), Line)[0]
    assert part.x.max() == 4.0
    assert marks_of(BIAS.picture(), Line)[0].x.tolist() == [0.02]


def test_it_comes_to_rest_where_the_formula_says():
    for view, level in ((straight_through.TIMES_T2, 0.125), (straight_through.RELATIVE, -0.5 / 0.9)):
        picture = BIAS.picture(view=view, temperature=64.0)
        rest = next(mark for mark in marks_of(picture, Rule) if "rest" in mark.label)
        assert rest.y == pytest.approx(level)
        assert marks_of(picture, Line)[0].y[-1] == pytest.approx(level, abs=1e-3)
    assert BIAS.predict[1].answer() == pytest.approx(-0.5556, abs=1e-4)


def test_there_is_no_relative_bias_of_a_student_that_is_its_teacher():
    same = {"w": 1.5, "w_t": 1.5, "temperature": 1.0}
    with pytest.raises(ValueError, match="the gradient is 0"):
        BIAS.picture(view=straight_through.RELATIVE, **same)
    assert BIAS.picture(**same).sentence.startswith(f"T = 1: bias {phi(0.8, 1) - phi(1.5, 1):.4f}, ")


# What was measured


def test_means_are_those_of_the_record_and_the_answer_too():
    def of(arm):
        return np.array([each["accuracy"] for each in RECORD["records"] if each["arm"] == arm])

    words = "; ".join(
        f"{name} " + ", ".join(f"{100 * of(f'{arm}_T{T}').mean():.1f} %" for T in ("0_5", "4", "32"))
        for name, arm in (("full precision", "full"), ("one bit", "ste"))
    )
    assert SWEEP.picture().sentence.endswith(f"at T = 0.5, 4 and 32: {words}.")
    assert stats.ttest_rel(of("ste_T32"), of("ste_T0_5")).confidence_interval(0.95).high < 0
    assert SWEEP.predict[0].options[SWEEP.predict[0].answer()] == "Less accurate."
