"""Sequences: every text enumerated, gradients by PyTorch, laws, and what a sum over few classes is not."""

import itertools
import math

import numpy as np
import pytest
import scipy.special
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.sequence import (
    Teacher,
    chain_log_prob,
    credit_of_samples,
    histories,
    lexicon,
    lowest_raw_kl,
    masked_mean,
    mean_student,
    reverse_gradient,
    reverse_step,
    sequence_kl,
    token_kl,
    top_k_kl,
    word_frequencies,
)

inf = math.inf
SIX = ["cat", "car", "cow", "dog", "door", "rat"]
SIGNS = " acdgortw"
BOTH = ["forward", "reverse"]


def random_student(seed, V, scale=1.0):
    return scipy.special.softmax(np.random.default_rng(seed).normal(scale=scale, size=(V, V)), axis=1)


def random_teacher(seed, S=4, V=3):
    rng = np.random.default_rng([seed, 1])
    return Teacher(rng.dirichlet(np.ones(V), size=S), rng.integers(S, size=(S, V)))


def texts(V, steps):
    return np.array(list(itertools.product(range(V), repeat=steps)), dtype=np.int64).reshape(V**steps, steps)


def teacher_log_prob(teacher, text):
    state, total = 0, 0.0
    for letter in text:
        total += math.log(teacher.probs[state, letter]) if teacher.probs[state, letter] > 0 else -inf
        state = teacher.next_state[state, letter]
    return total


def enumerated(student, teacher, steps, direction):
    """The divergence of whole texts, from the probability of each."""
    strings = texts(len(student), steps)
    columns = [np.zeros(len(strings), int), *strings.T]
    with np.errstate(divide="ignore"):
        log_q = sum(np.log(student)[before, last] for before, last in itertools.pairwise(columns))
    log_q = log_q + np.zeros(len(strings))  # of no letters it is 0
    log_p = np.array([teacher_log_prob(teacher, string) for string in strings])
    a, b = (log_p, log_q) if direction == "forward" else (log_q, log_p)
    return scipy.special.rel_entr(np.exp(a), np.exp(b)).sum()


# --- the lexicon ----------------------------------------------------------------------------------------------------


def test_the_lexicon_of_six_words():
    teacher = lexicon(SIX)
    assert teacher.probs.shape == teacher.next_state.shape == (16, 9)
    assert_allclose(teacher.probs.sum(axis=1), 1)
    assert_allclose(
        teacher.probs[0, [SIGNS.index("c"), SIGNS.index("d"), SIGNS.index("r")]],
        0.98 * np.array([3, 2, 1]) / 6 + 0.02 / 9,
    )
    assert_allclose(teacher.probs[-1], [0.9 + 0.1 / 9, *[0.1 / 9] * 8])
    assert (teacher.next_state[:, 0] == 0).all()
    assert (teacher.next_state[-1, 1:] == 15).all()


def follow(teacher, text):
    state = 0
    for sign in text:
        state = teacher.next_state[state, SIGNS.index(sign)]
    return state


def test_states_are_the_beginnings_of_words():
    teacher = lexicon(SIX)
    prefixes = {word[:n] for word in SIX for n in range(len(word) + 1)}
    assert sorted(follow(teacher, prefix) for prefix in prefixes) == list(range(15))
    for text in ("t", "cc", "catt", "doot", "cat cc"):
        assert follow(teacher, text) == 15
    assert follow(teacher, "do ") == follow(teacher, "tt ") == 0
    assert follow(teacher, "tt do") == follow(teacher, "do")


def test_weights_count_in_proportion():
    one, other = lexicon(["at", "a", "to"], [1, 2, 5]), lexicon(["at", "a", "to"], [2e300, 4e300, 1e301])
    assert_allclose(one.probs, other.probs)
    assert_allclose(word_frequencies(lexicon(["at", "a", "to"], [1, 2, 5], slip=0), 3)[0].frequency, 5 / 8)


def test_a_word_that_begins_another_may_end_or_go_on():
    teacher = lexicon(["a", "at"], [3, 1], slip=0)
    assert_allclose(teacher.probs[1], [0.75, 0, 0.25])


# --- words ----------------------------------------------------------------------------------------------------------


def test_the_commonest_words_are_those_of_all():
    """All words of up to 7 letters, counted; what is longer is rarer than the twentieth."""
    q = random_student(0, 4, 2.0)
    found = word_frequencies(q, 20)
    every = {}
    for n in range(1, 8):
        for word in itertools.product(range(1, 4), repeat=n):
            chain = [0, *word, 0]
            every[word] = math.prod(q[a, b] for a, b in itertools.pairwise(chain)) / (1 - q[0, 0])
    expected = sorted(every.values(), reverse=True)[:20]
    assert_allclose([word.frequency for word in found], expected)
    assert all(every[word.letters] == pytest.approx(word.frequency) for word in found)


def test_frequencies_are_those_of_a_written_text():
    """Ten thousand words drawn from the table: within five standard errors."""
    teacher, rng = lexicon(SIX), np.random.default_rng(1)
    counts, word, state = {}, (), 0
    while sum(counts.values()) < 10_000:
        letter = int(rng.choice(9, p=teacher.probs[state]))
        state = teacher.next_state[state, letter]
        if letter:
            word = (*word, letter)
        elif word:
            counts[word], word = counts.get(word, 0) + 1, ()
    for letters, frequency in word_frequencies(teacher, 6):
        error = math.sqrt(frequency * (1 - frequency) / 10_000)
        assert abs(counts[letters] / 10_000 - frequency) < 5 * error


def test_a_writer_may_have_few_words():
    assert word_frequencies(lexicon(["a"], slip=0), 5) == [((1,), 1.0)]


# --- the chain ------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(0, 4), st.sampled_from(BOTH))
def test_the_chain_is_what_enumeration_gives(seed, V, steps, direction):
    student, teacher = random_student(seed, V), random_teacher(seed, 5, V)
    assert_allclose(
        sequence_kl(student, teacher, steps, direction=direction),
        enumerated(student, teacher, steps, direction),
        rtol=1e-10,
        atol=1e-13,
    )


@pytest.mark.parametrize("direction", BOTH)
def test_probabilities_of_0(direction):
    teacher = lexicon(["a", "at"], slip=0)
    student = np.array([[0, 1, 0], [0.5, 0, 0.5], [1, 0, 0]])
    assert sequence_kl(student, teacher, 5, direction=direction) == pytest.approx(0, abs=1e-12)
    even = np.full((3, 3), 1 / 3)
    expected = inf if direction == "reverse" else enumerated(even, teacher, 4, "forward")
    assert sequence_kl(even, teacher, 4, direction=direction) == pytest.approx(expected)
    never = np.array([[0, 1, 0], [1, 0, 0], [1, 0, 0]])
    expected = inf if direction == "forward" else enumerated(never, teacher, 4, "reverse")
    assert sequence_kl(never, teacher, 4, direction=direction) == pytest.approx(expected)


def test_the_log_probability_of_strings():
    q = random_student(2, 3)
    assert_allclose(np.exp(chain_log_prob(texts(3, 4), q, start=2)).sum(), 1)
    assert_allclose(chain_log_prob([[1, 1, 2]], q, start=2), np.log(q[2, 1] * q[1, 1] * q[1, 2]))
    assert_array_equal(chain_log_prob(np.zeros((2, 0), int), q), [0, 0])
    assert chain_log_prob(np.zeros((0, 3), int), q).shape == (0,)
    assert chain_log_prob([[1, 0]], [[0, 1], [0, 1]])[0] == -inf


@given(st.integers(0, 10**6), st.integers(0, 5), st.booleans())
def test_histories_are_those_of_all_texts(seed, steps, own):
    student, teacher = random_student(seed, 3), random_teacher(seed)
    expected = np.zeros((steps, 4, 3))
    for t in range(steps):
        for text in texts(3, t):
            state = 0
            for letter in text:
                state = teacher.next_state[state, letter]
            chance = np.exp(chain_log_prob([text], student)[0] if own else teacher_log_prob(teacher, text))
            expected[t, state, text[-1] if t else 0] += chance
    assert_allclose(histories(teacher, steps, writer=student if own else None), expected, atol=1e-14)


def test_a_student_that_keeps_one_letter_of_a_teacher_of_two_has_no_exposure_bias_in_the_long_run():
    """The pairs it writes are the teacher's: so are the losses on both texts."""
    rng = np.random.default_rng(3)
    V = 4
    states = np.arange(V * V).reshape(V, V)  # the last two letters
    after = [[states[s % V, k] for k in range(V)] for s in range(V * V)]
    teacher = Teacher(rng.dirichlet(np.ones(V), size=V * V), np.array(after))
    long = histories(teacher, 400)
    student = mean_student(teacher, long[200:])
    own = histories(teacher, 400, writer=student)
    on_teacher, on_own = (token_kl(student, teacher, d)[-1] for d in (long, own))
    assert on_own == pytest.approx(on_teacher, rel=1e-9)
    assert on_own > 0.05


def gap(teacher, steps):
    """What the best forward student loses on its own text beyond what it loses on the teacher's."""
    d = histories(teacher, steps)
    student = mean_student(teacher, d)
    own = histories(teacher, steps, writer=student)
    return (token_kl(student, teacher, own) - token_kl(student, teacher, d)).sum()


def test_own_text_may_be_harder_or_easier():
    assert gap(lexicon(SIX), 16) == pytest.approx(6.4236117 - 4.3322748, rel=1e-6)
    gaps = [gap(random_teacher(seed), 16) for seed in range(20)]
    assert min(gaps) < -0.01
    assert max(gaps) > 0.01


# --- means ----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.sampled_from(["arithmetic", "geometric"]), st.integers(0, 10**6))
def test_each_mean_has_the_least_loss_of_its_direction_on_given_histories(seed, mean, other):
    teacher = random_teacher(seed)
    d = histories(teacher, 6)
    direction = "forward" if mean == "arithmetic" else "reverse"
    best = token_kl(mean_student(teacher, d, mean=mean), teacher, d, direction=direction).sum()
    rival = 0.9 * mean_student(teacher, d, mean=mean) + 0.1 * random_student(other, 3)
    assert best <= token_kl(rival, teacher, d, direction=direction).sum() + 1e-12


def test_the_arithmetic_mean_has_the_least_forward_divergence_of_whole_texts():
    teacher = random_teacher(5)
    best = mean_student(teacher, histories(teacher, 5))
    found = [sequence_kl(0.95 * best + 0.05 * random_student(seed, 3), teacher, 5) for seed in range(50)]
    assert sequence_kl(best, teacher, 5) < min(found)


def test_a_geometric_mean_needs_a_letter_that_no_answer_excludes():
    teacher = Teacher([[1.0, 0.0], [0.0, 1.0]], [[1, 0], [0, 1]])
    d = np.ones((1, 2, 2))
    assert_allclose(mean_student(teacher, d), 0.5)
    with pytest.raises(ValueError, match="excluded by some answer"):
        mean_student(teacher, d, mean="geometric")
    d[0, 1] = 0  # what has no weight excludes nothing
    assert_array_equal(mean_student(teacher, d, mean="geometric"), [[1, 0], [1, 0]])


@pytest.mark.parametrize("mean", ["arithmetic", "geometric"])
def test_a_letter_that_is_never_last_has_an_even_row(mean):
    teacher = lexicon(["a"], slip=0.1)
    assert_allclose(mean_student(teacher, histories(teacher, 1), mean=mean)[1], 0.5)
    for unit in (1e-300, 1e300):
        d = histories(teacher, 4)
        assert_allclose(mean_student(teacher, unit * d, mean=mean), mean_student(teacher, d, mean=mean), rtol=1e-12)


# --- credit ---------------------------------------------------------------------------------------------------------


def by_torch(student, teacher, steps):
    """The gradient of the enumerated divergence by the logits."""
    strings = torch.tensor(texts(len(student), steps))
    log_p = torch.tensor([teacher_log_prob(teacher, text) for text in strings.numpy()], dtype=torch.float64)
    z = torch.tensor(np.log(student), requires_grad=True)
    before = torch.cat([torch.zeros(len(strings), 1, dtype=torch.int64), strings[:, :-1]], 1)
    log_q = torch.log_softmax(z, 1)[before, strings].sum(1)
    (gradient,) = torch.autograd.grad((log_q.exp() * (log_q - log_p)).sum(), z)
    return gradient.numpy()


@given(st.integers(0, 10**6), st.integers(1, 4))
def test_the_gradient_with_credit_is_that_of_the_divergence(seed, steps):
    student, teacher = random_student(seed, 3), random_teacher(seed)
    assert_allclose(reverse_gradient(student, teacher, steps), by_torch(student, teacher, steps), rtol=1e-8, atol=1e-12)


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_without_credit_it_is_that_on_histories_that_stand_still(seed, steps):
    student, teacher = random_student(seed, 3), random_teacher(seed)
    d = torch.tensor(histories(teacher, steps, writer=student).sum(axis=0))
    z = torch.tensor(np.log(student), requires_grad=True)
    log_q, log_p = torch.log_softmax(z, 1), torch.tensor(np.log(teacher.probs))
    kl = (log_q.exp()[None] * (log_q[None] - log_p[:, None])).sum(-1)
    (expected,) = torch.autograd.grad((d * kl).sum(), z)
    assert_allclose(reverse_gradient(student, teacher, steps, credit=False), expected.numpy(), rtol=1e-9, atol=1e-13)


def test_the_last_letter_has_nothing_to_answer_for():
    student, teacher = random_student(6, 3), random_teacher(6)
    assert_allclose(reverse_gradient(student, teacher, 1), reverse_gradient(student, teacher, 1, credit=False))
    assert (
        np.abs(reverse_gradient(student, teacher, 2) - reverse_gradient(student, teacher, 2, credit=False)).max() > 0.01
    )


@given(st.integers(0, 10**6), st.booleans())
def test_rows_of_the_gradient_sum_to_0(seed, credit):
    found = reverse_gradient(random_student(seed, 3), random_teacher(seed), 5, credit=credit)
    assert_allclose(found.sum(axis=1), 0, atol=1e-12)


def test_steps_lead_to_where_the_gradient_is_0():
    teacher, student = lexicon(SIX), np.full((9, 9), 1 / 9)
    assert sequence_kl(student, teacher, 16, direction="reverse") == pytest.approx(31.4812163514)
    found = []
    for _ in range(400):
        student = reverse_step(student, teacher, 16)
        found.append(sequence_kl(student, teacher, 16, direction="reverse"))
    assert found[9] == pytest.approx(6.829, abs=5e-4)
    assert found[39] == pytest.approx(2.852, abs=5e-4)
    assert np.abs(reverse_gradient(student, teacher, 16)).max() < 1e-6
    words = {"".join(SIGNS[k] for k in word.letters): word.frequency for word in word_frequencies(student, 3)}
    assert words.keys() == {"cat", "car", "dog"}
    assert sum(words.values()) == pytest.approx(0.956, abs=2e-3)


def test_without_credit_reverse_steps_end_above_the_forward_student():
    """On own text, against the teacher's answers: and yet the divergence of whole texts is the larger one."""
    teacher = lexicon(SIX)
    forward = student = mean_student(teacher, histories(teacher, 16))
    for _ in range(300):
        student = reverse_step(student, teacher, 16, credit=False)
    assert sequence_kl(forward, teacher, 16, direction="reverse") == pytest.approx(11.7748383452)
    assert sequence_kl(student, teacher, 16, direction="reverse") > 11.9


def test_a_step_keeps_zeros_and_rows_that_are_never_read():
    teacher = lexicon(["a", "b"])
    student = np.array([[0.5, 0.5, 0.0], [0.4, 0.6, 0.0], [0.2, 0.3, 0.5]])
    found = reverse_step(student, teacher, 4, damping=0.99)
    assert_array_equal(found[:2, 2], 0)
    assert_allclose(found[2], student[2])
    assert_allclose(found.sum(axis=1), 1)
    assert_allclose(reverse_step(student, teacher, 0), student)


@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 5))
def test_credit_of_samples_is_what_came_later(seed, B, T):
    losses = np.random.default_rng(seed).normal(size=(2, B, T))
    later = np.stack([losses[..., t + 1 :].sum(axis=-1) for t in range(T)], axis=-1)
    assert_allclose(credit_of_samples(losses), later - later.mean(axis=1, keepdims=True), atol=1e-12)


def test_the_sampled_gradient_is_the_exact_one_on_average():
    """20,000 strings: each entry within five standard errors of the gradient with credit, and not of that without."""
    student, teacher, steps, n = random_student(8, 3), random_teacher(8), 4, 20_000
    rng = np.random.default_rng(9)
    last, state = np.zeros(n, int), np.zeros(n, int)
    places, losses, grads = [], [], []
    for _ in range(steps):
        kl = scipy.special.rel_entr(student[last], teacher.probs[state])
        drawn = (student[last].cumsum(axis=1) < rng.random(n)[:, None]).sum(axis=1)
        a = np.log(student[last] / teacher.probs[state])
        grads.append(student[last] * (a - (student[last] * a).sum(axis=1, keepdims=True)))
        places.append((last, np.eye(3)[drawn] - student[last]))
        losses.append(kl.sum(axis=1))
        last, state = drawn, teacher.next_state[state, drawn]
    credit = credit_of_samples(np.stack(losses, axis=1))
    samples = np.zeros((n, 3, 3))
    for t, (of, score) in enumerate(places):
        samples[np.arange(n), of] += grads[t] + credit[:, t, None] * score
    mean, error = samples.mean(axis=0), samples.std(axis=0) / math.sqrt(n)
    assert (np.abs(mean - reverse_gradient(student, teacher, steps)) < 5 * error).all()
    assert (np.abs(mean - reverse_gradient(student, teacher, steps, credit=False)) > 5 * error).any()


# --- real tokens ----------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 5))
def test_padding_counts_for_nothing(seed, B, T):
    rng = np.random.default_rng(seed)
    losses, mask = rng.exponential(size=(B, T)), rng.random((B, T)) < 0.5
    mask[0, 0] = True
    expected = sum(x for x, m in zip(losses.flat, mask.flat, strict=True) if m) / mask.sum()
    padded = np.where(mask, losses, np.nan)
    assert masked_mean(padded, mask) == pytest.approx(expected)
    longer = np.concatenate([padded, np.full((B, 3), np.nan)], axis=1)
    assert masked_mean(longer, np.concatenate([mask, np.zeros((B, 3), bool)], axis=1)) == pytest.approx(expected)


@given(st.integers(0, 10**6))
def test_a_concatenated_batch_is_the_mean_weighted_by_tokens(seed):
    rng = np.random.default_rng(seed)
    losses, mask = rng.exponential(size=(2, 3, 4)), rng.random((2, 3, 4)) < 0.6
    mask[:, 0, 0] = True
    parts = [masked_mean(*part) for part in zip(losses, mask, strict=True)]
    expected = np.average(parts, weights=mask.sum(axis=(1, 2)))
    assert masked_mean(losses.reshape(6, 4), mask.reshape(6, 4)) == pytest.approx(expected)


def test_the_mean_of_means_is_another_number():
    losses = np.array([[1.0, 1.0, 1.0], [2.0, 0.0, 0.0]])
    mask = np.array([[True, True, True], [True, False, False]])
    assert masked_mean(losses, mask) == 1.25
    assert np.mean([masked_mean(*row) for row in zip(losses, mask, strict=True)]) == 1.5
    assert masked_mean(np.float32([[inf, 1]]), [[True, True]]) == inf


# --- few classes ----------------------------------------------------------------------------------------------------


@st.composite
def pairs(draw):
    C = draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return rng.dirichlet(np.ones(C), size=3), rng.dirichlet(np.ones(C), size=3), draw(st.integers(1, C))


def divergence(q, p, direction):
    return scipy.special.rel_entr(*((q, p) if direction == "reverse" else (p, q))).sum(axis=-1)


@given(pairs(), st.sampled_from(BOTH))
def test_top_k_is_what_its_words_say(pair, direction):
    q, p, k = pair
    for row in range(3):
        top = sorted(range(len(p[row])), key=lambda i: -p[row][i])[:k]
        others = [i for i in range(len(p[row])) if i not in top]
        a, b = q[row][top], p[row][top]
        expected = {
            "drop": divergence(a, b, direction),
            "renormalise": divergence(a / a.sum(), b / b.sum(), direction),
            "class": divergence(np.append(a, q[row][others].sum()), np.append(b, p[row][others].sum()), direction),
        }
        for rest, value in expected.items():
            assert_allclose(top_k_kl(q, p, k, direction=direction, rest=rest)[row], value, rtol=1e-7, atol=1e-9)


@given(pairs(), st.sampled_from(BOTH))
def test_the_rest_as_a_class_lies_between_0_and_the_whole(pair, direction):
    q, p, k = pair
    whole = divergence(q, p, direction)
    found = top_k_kl(q, p, k, direction=direction)
    assert (found >= -1e-12).all()
    assert (found <= whole + 1e-12).all()
    assert_allclose(top_k_kl(q, p, p.shape[1], direction=direction, rest="drop"), whole, atol=1e-12)


@given(pairs(), st.sampled_from(BOTH))
def test_a_raw_sum_is_never_below_its_least(pair, direction):
    q, p, k = pair
    kept = -np.sort(-p, axis=1)[:, :k].sum(axis=1)
    found = top_k_kl(q, p, k, direction=direction, rest="drop")
    least = [lowest_raw_kl(min(s, 1.0), direction=direction) for s in kept]
    assert (found >= np.array(least) - 1e-12).all()


def test_where_a_raw_sum_is_least():
    p = np.array([0.6, 0.3, 0.1])
    away = np.array([0.6 / math.e, 0.3 / math.e, 1 - 0.9 / math.e])
    assert_allclose(top_k_kl(away, p, 2, rest="drop"), lowest_raw_kl(0.9))
    sharper = np.array([2 / 3, 1 / 3, 0])
    assert_allclose(top_k_kl(sharper, p, 2, direction="forward", rest="drop"), lowest_raw_kl(0.9, direction="forward"))


def test_torch_descends_a_raw_sum_to_a_third_of_the_teacher():
    """What a student keeps of the classes that are looked at: s/e, by gradient descent."""
    p = torch.tensor([0.6, 0.3, 0.1], dtype=torch.float64)
    z = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([z], max_iter=200, tolerance_grad=1e-12)

    def loss():
        optimiser.zero_grad()
        q = torch.softmax(z, 0)
        value = (q[:2] * (q[:2].log() - p[:2].log())).sum()
        value.backward()
        return value

    optimiser.step(loss)
    q = torch.softmax(z, 0).detach().numpy()
    assert q[:2].sum() == pytest.approx(0.9 / math.e, rel=1e-5)
    assert float(loss().detach()) == pytest.approx(lowest_raw_kl(0.9), rel=1e-8)


def test_ties_at_k_go_to_the_lowest_index():
    p = [0.25, 0.25, 0.25, 0.25]
    q = [0.7, 0.1, 0.1, 0.1]
    assert_allclose(top_k_kl(q, p, 1, rest="drop"), 0.7 * math.log(0.7 / 0.25))


def test_classes_of_probability_0():
    assert top_k_kl([1.0, 0.0], [0.5, 0.5], 2) == pytest.approx(math.log(2))
    assert top_k_kl([0.5, 0.5], [1.0, 0.0], 1) == inf
    assert top_k_kl([0.5, 0.5], [1.0, 0.0], 1, rest="drop") == pytest.approx(0.5 * math.log(0.5))
    with pytest.raises(ValueError, match="student_probs must have some probability on the k classes"):
        top_k_kl([0.0, 1.0], [1.0, 0.0], 1, rest="renormalise")


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_any_axis_may_hold_the_classes(axis):
    q, p = np.random.default_rng(7).dirichlet(np.ones(4), size=(2, 3, 5))
    expected = top_k_kl(q, p, 2)
    moved = [np.moveaxis(array, -1, axis) for array in (q, p)]
    assert_allclose(top_k_kl(*moved, 2, axis=axis), expected)
    assert top_k_kl(q.astype(np.float32), p.astype(np.float32), 2).dtype == np.float32


# --- what it is given -----------------------------------------------------------------------------------------------


def test_inputs_are_neither_changed_nor_shared():
    teacher, student = random_teacher(10), random_student(10, 3)
    d = histories(teacher, 3)
    arrays = [*teacher, student, d]
    for array in arrays:
        array.flags.writeable = False
    results = [token_kl(student, teacher, d), mean_student(teacher, d), reverse_gradient(student, teacher, 3)]
    results += [
        reverse_step(student, teacher, 3),
        reverse_step(student, teacher, 0),
        histories(teacher, 3),
        credit_of_samples(d),
    ]
    results += [top_k_kl(student, student, 2), chain_log_prob([[0, 1]], student)]
    assert not any(np.shares_memory(result, array) for result in results for array in arrays)


def test_a_teacher_may_be_lists_and_need_not_sum_to_1_to_the_last_digit():
    as_lists = Teacher([[0.333, 0.667], [0.5, 0.5]], [[0, 1], [1, 0]])
    exact = Teacher([[0.333, 0.667], [0.5, 0.5]], [[0, 1], [1, 0]])
    rounded = Teacher(np.array([[0.3333, 0.6667], [0.5, 0.5]], np.float16), exact.next_state)
    assert_allclose(histories(as_lists, 4).sum(axis=(1, 2)), 1)
    assert_allclose(histories(rounded, 4).sum(axis=(1, 2)), 1)
