"""Sequences: the lexicon of six words, by enumeration of all texts, and sums over few classes."""

import numpy as np

from kdlab.sequence import (
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


def _even(teacher):
    V = teacher.probs.shape[1]
    return np.full((V, V), 1 / V)


def lexicon_even(words, steps):
    teacher = lexicon(words)
    return {
        direction: sequence_kl(_even(teacher), teacher, steps, direction=direction)
        for direction in ("forward", "reverse")
    }


def lexicon_means(words, steps):
    teacher = lexicon(words)
    d = histories(teacher, steps)
    student = mean_student(teacher, d)
    signs = " " + "".join(sorted(set("".join(words))))

    def of(q, pairs):
        return {pair: q[signs.index(pair[0]), signs.index(pair[1])] for pair in pairs}

    return {
        "arithmetic": of(student, ("ca", "at", "og", "r ")),
        "geometric": of(mean_student(teacher, d, mean="geometric"), ("at", "og")),
        "each_letter": token_kl(student, teacher, d)[:4],
        "each_letter_of_its_own": token_kl(student, teacher, histories(teacher, steps, writer=student))[:4],
        "words": {"".join(signs[k] for k in word.letters): word.frequency for word in word_frequencies(student, 3)},
    }


def lexicon_gradient(words, steps):
    teacher = lexicon(words)
    return {
        "with_credit": reverse_gradient(_even(teacher), teacher, steps)[0],
        "without": reverse_gradient(_even(teacher), teacher, steps, credit=False)[0],
    }


def lexicon_steps(words, steps, damping, count):
    teacher = lexicon(words)
    student = _even(teacher)
    for _ in range(count):
        student = reverse_step(student, teacher, steps, damping=damping)
    return {"reverse": sequence_kl(student, teacher, steps, direction="reverse")}


def two_dialects(r, w, t, length):
    """Strings of one of two dialects, letters drawn alone: as a lexicon-free teacher it needs no table."""
    strings = np.array(np.meshgrid(*[[0, 1]] * length, indexing="ij")).reshape(length, -1).T
    a, b = (np.exp(chain_log_prob(strings, [[s, 1 - s]] * 2)) for s in (r, 1 - r))
    p, q = w * a + (1 - w) * b, np.exp(chain_log_prob(strings, [[t, 1 - t]] * 2))
    every = len(p)
    return {direction: top_k_kl(q, p, every, direction=direction) for direction in ("forward", "reverse")}


def few_classes(p, q, k):
    return {rest: top_k_kl(q, p, k, rest=rest) for rest in ("drop", "renormalise", "class")} | {
        "full": top_k_kl(q, p, len(p)),
        "forward_drop": top_k_kl(q, p, k, direction="forward", rest="drop"),
        "least": lowest_raw_kl(sum(sorted(p)[-k:])),
        "least_forward": lowest_raw_kl(sum(sorted(p)[-k:]), direction="forward"),
    }


def real_tokens(losses, mask):
    return {"mean": masked_mean(losses, mask), "credit": credit_of_samples(losses)}
