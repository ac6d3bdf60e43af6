"""The pictures of the chapter on quantization: by closed forms, by PyTorch, and from the record."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from kdlab.explore import quantization
from kdlab.explore.picture import Bars, Line, Points, Segments

RESULTS = Path(__file__).parents[2] / "results"
RECORD = json.loads((RESULTS / "quantization.json").read_text(encoding="utf-8"))
STUDENT, PIXELS = (np.load(RESULTS / "shown" / f"{name}.npz") for name in ("quantization", "pruning"))
W = STUDENT["weight_1"].astype(float)
ONE, BEST, GRID, TEN, COMPENSATE, BITS = (
    getattr(quantization, name).explorable
    for name in ("one_student", "best_scale", "grid", "ten_weights", "compensate", "bits")
)


def marks_of(picture, kind, label=None):
    return [mark for mark in picture.marks if isinstance(mark, kind) and label in (None, mark.label)]


def number_after(words, sentence):
    return float(re.search(re.escape(words) + r" ?(-?[\d.,]*\d)", sentence)[1].replace(",", ""))


# One student


@pytest.mark.parametrize(
    ("form", "right"),
    [
        ("32 bits", 436),
        ("4 bits", 434),
        ("3 bits", 437),
        ("2 bits", 425),
        ("1 bit: −m or m", 400),
        ("1 bit: m for each row", 385),
        ("1 bit: 0 or one other", 45),
    ],
)
def test_the_student_is_right_as_often_as_pytorch_has_it(form, right):
    picture = ONE.picture(form=form)
    assert f"{right} of 450 images right" in picture.sentence
    layers = [torch.tensor(STUDENT[f"weight_{i}"].astype(float)) for i in (1, 2)]
    if "bits" in form and form != "32 bits":
        top = 2 ** int(form[0]) - 1
        for i, weights in enumerate(layers):
            low, high = weights.min().clamp(max=0), weights.max().clamp(min=0)
            scale = (high - low) / top
            zero = torch.round(-low / scale)
            layers[i] = scale * ((torch.round(weights / scale) + zero).clamp(0, top) - zero)
    if "m" in form and "one" not in form:
        dims = (1,) if "row" in form else (0, 1)
        layers = [torch.where(w >= 0, 1.0, -1.0) * w.abs().mean(dims, keepdim=True) for w in layers]
    if "one other" in form:
        return
    hidden = torch.relu(
        torch.tensor(PIXELS["pixels"] / 16) @ layers[0].T + torch.tensor(STUDENT["bias_1"].astype(float))
    )
    called = (hidden @ layers[1].T + torch.tensor(STUDENT["bias_2"].astype(float))).argmax(1).numpy()
    assert (called == PIXELS["labels"]).sum() == right


def test_the_student_of_zeros_calls_everything_seven_and_changes_are_framed():
    images = ONE.picture(form="1 bit: 0 or one other").panels[1].marks[0]
    assert set(images.captions) == {"7"}
    before = ONE.picture().panels[1].marks[0].captions
    np.testing.assert_array_equal(images.frames, [answer != "7" for answer in before])


# The best scale


def test_the_best_scale_of_the_example_and_what_others_guess():
    assert "0.6125, the least there is" in BEST.picture(m=0.65).sentence
    for m, error in ((1.05, 0.7725), (0.25, 0.7725), (1.02, 0.7494)):
        assert number_after("mean squared error", BEST.picture(m=m).sentence) == pytest.approx(error, abs=5e-5)


def test_zeros_that_stay_have_another_best_scale():
    w = (0.0, 1.0, -3.0, 0.0)
    assert "least there is" in BEST.picture(w=w, zero="0", m=2.0).sentence
    assert number_after("mean squared error", BEST.picture(w=w, zero="0", m=2.0).sentence) == 0.5
    assert "least there is" in BEST.picture(w=w, zero="+1", m=1.0).sentence


# The grid


@pytest.mark.parametrize(("form", "codes"), [("2 bits", 1), ("3 bits", 3), ("4 bits", 7)])
@pytest.mark.parametrize("end", [0.2, 0.36, 1.01])
def test_the_error_is_that_of_the_nearest_of_the_values(form, codes, end):
    picture = GRID.picture(form=form, end=end)
    levels = end * np.arange(-codes, codes + 1) / codes
    nearest = levels[np.abs(W[..., None] - levels).argmin(-1)]
    error = 100 * np.mean((W - nearest) ** 2) / np.mean(W**2)
    assert number_after("the squared error is", picture.sentence) == pytest.approx(error, abs=0.051)
    assert number_after(f"e = {end:g}:", picture.sentence) == (np.abs(W) > end).sum()
    np.testing.assert_allclose(marks_of(picture.panels[0], Segments)[0].x0, levels, atol=1e-12)


def test_one_bit_is_best_at_the_mean_size():
    ends = np.array(quantization.end_steps())
    assert abs(quantization._best_end("1 bit: −e or e") - np.abs(W).mean()) <= 0.005
    line = marks_of(GRID.picture(form="1 bit: −e or e", end=0.05).panels[1], Line)[0]
    expected = 100 * np.array([np.mean((np.abs(W) - end) ** 2) for end in ends]) / np.mean(W**2)
    np.testing.assert_allclose(line.y, np.where(expected <= 100, expected, np.nan))


def test_four_bits_over_all_have_twice_the_least_error_and_nearly_the_same_answers():
    best = quantization._best_end("4 bits")
    said = [GRID.picture(form="4 bits", end=end).sentence for end in (quantization.OUTERMOST, best)]
    errors = [number_after("the squared error is", sentence) for sentence in said]
    assert errors[0] / errors[1] == pytest.approx(2, abs=0.25)
    right = [number_after("the student is right in", sentence) for sentence in said]
    assert abs(right[0] - right[1]) < 5


def test_every_weight_is_in_the_histogram():
    shares = sum(np.nansum(bars.height) for bars in marks_of(GRID.picture().panels[0], Bars))
    assert shares == pytest.approx(100)


# Ten weights


@pytest.mark.parametrize(("last", "zeros", "error"), [(1, 1, 0.0655), (2, 2, 0.1327), (4, 3, 0.37), (8, 6, 1.735)])
def test_one_weight_far_away_makes_zeros_of_the_others(last, zeros, error):
    sentence = TEN.picture(last=last).sentence
    assert f"{zeros} of ten are 0" in sentence
    assert number_after("squared error", sentence) == pytest.approx(error, rel=1e-3)


def test_a_scale_for_each_five():
    sentence = TEN.picture(last=8, groups="five each").sentence
    assert "2 of ten are 0" in sentence
    assert number_after("squared error", sentence) == pytest.approx(0.618, abs=5e-4)


# Rounding that makes up for its misses


def test_the_three_columns_and_their_errors():
    made_up = [COMPENSATE.picture(done=done) for done in quantization.ROUNDED]
    assert "(0, -0.6, -0.5), the error 0.16" in made_up[1].sentence
    assert "(0, -1, 0), the error 1." in made_up[3].sentence
    assert "Misses left: 3.8; made up for: 1." in made_up[3].sentence
    stale = COMPENSATE.picture(done="all three", how="made up for, stale inverse")
    assert "(0, -1, -1), the error 2.6" in stale.sentence
    errors = marks_of(made_up[3].panels[1], Points)[0].y
    assert (np.diff(errors) >= 0).all()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_without_correlation_nothing_is_made_up(order):
    sentence = COMPENSATE.picture(done="all three", inputs="uncorrelated", order=order, w=(1.3, -0.7, 2.2)).sentence
    assert "(1, -1, 2)" in sentence
    assert len(set(re.findall(r"(?:left|for): ([\d.]+\d)", sentence))) == 1


# What was measured


def test_means_are_those_of_the_record():
    picture = BITS.picture(source="MNIST, 14 × 14", shown="distance of the weights")
    means = marks_of(picture, Points, "mean, 95 % interval")[0].y
    for form, mean in zip(("affine_4", "affine_2", "one_bit"), means, strict=True):
        of_arm = [r["weight_error"] for r in RECORD["records"] if r["arm"] == f"mnist5k_{form}_post"]
        assert mean == pytest.approx(100 * np.mean(of_arm))
