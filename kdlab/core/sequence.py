"""Sequences: texts letter by letter, and the two losses of a student that cannot be its teacher.

A teacher is a table: p (S, V) has the probability of each next letter in each of S states, and beside it the states (S,
V) that follow. It starts in state 0. A student q (V, V) keeps one letter: row l is its answer after letter l, and it
starts as if after letter 0. d (steps, S, V): how probable it is that the text so far has brought the teacher to a state
and ended in a letter. Logarithms are natural, and 0 log 0 is 0. Chapter: applications/language.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy import ndarray


class Teacher(NamedTuple):
    """A table that writes: probabilities (S, V) of the next letter, and the states (S, V) that follow."""

    probs: ndarray
    next_state: ndarray


class Word(NamedTuple):
    """A word, the numbers of its letters, and how often it is the word that is written."""

    letters: tuple[int, ...]
    frequency: float


# --- who writes -----------------------------------------------------------------------------------------------------


def lexicon(words: Sequence[Sequence[int]], weights: ndarray, V: int, slip: float, give_up: float) -> Teacher:
    """(1 - slip) times the answer of the lexicon, plus slip/V; after a non-word give_up on 0, plus (1 - give_up)/V.

    The states are the prefixes of the words, the empty one first, and then "lost". Letter 0 ends a word.
    """
    prefixes = {tuple(word[:n]) for word in words for n in range(len(word) + 1)}
    number = {prefix: s for s, prefix in enumerate(sorted(prefixes, key=lambda prefix: (len(prefix), prefix)))}
    lost = len(number)
    mass, after = np.zeros((lost, V)), np.full((lost + 1, V), lost)
    for word, weight in zip(words, weights.tolist(), strict=True):
        for n, letter in enumerate([*word, 0]):
            mass[number[tuple(word[:n])], letter] += weight
    for prefix, s in number.items():
        if prefix:
            after[number[prefix[:-1]], prefix[-1]] = s
    after[:, 0] = 0
    known = (1 - slip) * mass / mass.sum(axis=1, keepdims=True) + slip / V
    gives_up = np.full((1, V), (1 - give_up) / V)
    gives_up[0, 0] += give_up
    return Teacher(np.concatenate([known, gives_up]), after)


def word_frequencies(teacher: Teacher, count: int) -> list[Word]:
    """Return the commonest words, of prod_t p(x_t | s_t) p(0 | s_T) / (1 - p(0 | 0)), the commonest first."""
    p, after = teacher
    found: list[Word] = []
    # nothing that begins with a prefix is commoner than the prefix: what is taken first and has ended is the commonest
    waiting: list[tuple[float, tuple[int, ...], int, bool]] = [(-1.0, (), 0, False)]
    while waiting and len(found) < count:
        chance, letters, s, ended = heapq.heappop(waiting)
        if ended:
            found.append(Word(letters, float(-chance / (1 - p[0, 0]))))
            continue
        for k in range(0 if letters else 1, p.shape[1]):
            if p[s, k] > 0:
                longer = (*letters, k) if k else letters
                heapq.heappush(waiting, (float(chance * p[s, k]), longer, int(after[s, k]), k == 0))
    return found


def chain_log_prob(strings: ndarray, q: ndarray, start: int = 0) -> ndarray:
    """log q(x) = sum_t log q(x_t | x_{t-1}), with x_0 = start."""
    before = np.concatenate([np.full((len(strings), 1), start, strings.dtype), strings[:, :-1]], axis=1)
    return np.log(q)[before[:, : strings.shape[1]], strings].sum(axis=1)


def histories(teacher: Teacher, steps: int, q: ndarray | None = None) -> ndarray:
    """d_{t+1}(s', k) = sum_{s, l} d_t(s, l) w(k | s, l), s' the state after k; w is the teacher's, or the student's."""
    p, after = teacher
    d = np.zeros((steps, *p.shape))
    d[:1, 0, 0] = 1
    for t in range(steps - 1):
        written = d[t].sum(axis=1, keepdims=True) * p if q is None else d[t] @ q
        np.add.at(d[t + 1], (after, np.arange(p.shape[1])), written)
    return d


# --- what is lost ---------------------------------------------------------------------------------------------------


def token_kl(q: ndarray, teacher: Teacher, d: ndarray, direction: str) -> ndarray:
    """sum_{s, l} d_t(s, l) KL(p_s || q_l), or of KL(q_l || p_s): what each letter loses, (steps,)."""
    kl = answers_kl(q, teacher.probs, direction)
    return np.where(d > 0, d * np.where(d > 0, kl, 0), 0).sum(axis=(1, 2))


def sequence_kl(q: ndarray, teacher: Teacher, steps: int, direction: str) -> float:
    """KL(p || q) = sum_t on the teacher's histories; KL(q || p) = sum_t on the student's."""
    d = histories(teacher, steps, None if direction == "forward" else q)
    return float(token_kl(q, teacher, d, direction).sum())


def mean_student(teacher: Teacher, d: ndarray, mean: str) -> ndarray:
    """Return the student whose row l is the mean of the answers p_s, each with the weight sum_t d_t(s, l)."""
    return mean_answer(d.sum(axis=0).T, teacher.probs, mean)


def mean_answer(w: ndarray, p: ndarray, mean: str) -> ndarray:
    """sum_s w_s p_s, or prod_s p_s^(w_s / sum w), brought to sum 1; an even row where nothing has a weight."""
    if mean == "arithmetic":
        found = w @ p
    else:
        w = w / np.maximum(w.sum(axis=-1, keepdims=True), np.finfo(w.dtype).tiny)
        excluded = (w > 0).astype(w.dtype) @ (p == 0) > 0  # by one answer that has a weight
        log = np.where(excluded, -np.inf, w @ np.log(np.where(p > 0, p, 1)))
        found = np.exp(log - np.maximum(log.max(axis=-1, keepdims=True), np.finfo(w.dtype).min))
    found = np.where(w.sum(axis=-1, keepdims=True) > 0, found, 1)
    return found / found.sum(axis=-1, keepdims=True)


# --- a letter answers for what it leads to --------------------------------------------------------------------------


def later_kl(q: ndarray, teacher: Teacher, steps: int) -> ndarray:
    """R_t(s, l) = KL(q_l || p_s) + sum_k q_l(k) R_{t+1}(s', k), R_{steps} = 0: what is still to be lost."""
    later = np.zeros((steps + 1, *teacher.probs.shape))
    kl = answers_kl(q, teacher.probs, "reverse")
    for t in reversed(range(steps)):
        later[t] = kl + of_next(teacher, later[t + 1]) @ q.T
    return later


def reverse_gradient(q: ndarray, teacher: Teacher, steps: int, credit: bool = True) -> ndarray:
    """dKL(q || p)/dz_l(k) = q_l(k) (a_l(k) - sum_j q_l(j) a_l(j)), by the logits z of q.

    a_l(k) = sum_{t, s} d_t(s, l) (log q_l(k) - log p_s(k) + R_{t+1}(s', k)); without credit its last term is left out.
    """
    visits, pull = pulls(q, teacher, steps, credit)
    a = visits[:, np.newaxis] * np.log(np.where(q > 0, q, 1)) - pull
    return q * (a - (q * a).sum(axis=1, keepdims=True))


def reverse_step(q: ndarray, teacher: Teacher, steps: int, credit: bool = True, damping: float = 0.3) -> ndarray:
    """q_l(k)^(1 - damping) times m_l(k)^damping, brought to sum 1; m is the mean over s of p_s(k) e^-R_{t+1}(s', k).

    It is the geometric mean on the student's own histories. Rows that are never read stay as they are.
    """
    visits, pull = pulls(q, teacher, steps, credit)
    read = visits > 0
    log = np.where(q > 0, np.log(np.where(q > 0, q, 1)), np.finfo(q.dtype).min)
    log[read] = (1 - damping) * log[read] + damping * pull[read] / visits[read, np.newaxis]
    found = np.exp(log - log.max(axis=1, keepdims=True))
    return found / found.sum(axis=1, keepdims=True)


def credit_of_samples(losses: ndarray) -> ndarray:
    """c_t = sum_{u > t} loss_u, less the mean over the strings: what came after each letter of strings (..., B, T)."""
    later = losses[..., ::-1].cumsum(axis=-1)[..., ::-1] - losses
    return later - later.mean(axis=-2, keepdims=True)


# --- real tokens and few classes ------------------------------------------------------------------------------------


def masked_mean(losses: ndarray, mask: ndarray) -> float:
    """sum of the losses of real tokens over how many there are in the whole batch; the others are not read."""
    return float(losses[mask].mean())


def top_k_kl(q: ndarray, p: ndarray, k: int, direction: str = "reverse", rest: str = "class") -> ndarray:
    """KL over the k likeliest classes of p: raw, with both brought to sum 1, or with the rest as one class more."""
    top = np.argsort(-p, axis=-1, kind="stable")[..., :k]
    kept = [np.take_along_axis(array, top, axis=-1) for array in (q, p)]
    if rest == "class":
        others = np.ones(p.shape, dtype=bool)
        np.put_along_axis(others, top, False, axis=-1)
        sums = [array.sum(axis=-1, keepdims=True, where=others) for array in (q, p)]
        kept = [np.concatenate(pair, axis=-1) for pair in zip(kept, sums, strict=True)]
    elif rest == "renormalise":
        kept = [array / array.sum(axis=-1, keepdims=True) for array in kept]
    of_q, of_p = kept
    return (relative(of_q, of_p) if direction == "reverse" else relative(of_p, of_q)).sum(axis=-1)


def lowest_raw_kl(kept: float, direction: str = "reverse") -> float:
    """s log s, or -s/e in reverse: the least a raw sum can be where the classes kept hold s of the teacher."""
    return float(-kept / np.e if direction == "reverse" else kept * np.log(kept))


# --- what these rest on ---------------------------------------------------------------------------------------------


def relative(a: ndarray, b: ndarray) -> ndarray:
    """a log(a/b), 0 where a is 0, and infinite where b alone is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(a == 0, 0, a * (np.log(a) - np.log(b)))


def answers_kl(q: ndarray, p: ndarray, direction: str) -> ndarray:
    """KL(q_l || p_s), or KL(p_s || q_l), for each state and letter, (S, V)."""
    q, p = np.broadcast_arrays(q[np.newaxis], p[:, np.newaxis])
    return (relative(q, p) if direction == "reverse" else relative(p, q)).sum(axis=-1)


def of_next(teacher: Teacher, values: ndarray) -> ndarray:
    """Return what (..., S, V) says of the state and letter that each letter leads to."""
    return values[..., teacher.next_state, np.arange(values.shape[-1])]


def pulls(q: ndarray, teacher: Teacher, steps: int, credit: bool) -> tuple[ndarray, ndarray]:
    """Return how often each letter is the last, and sum_{t, s} d_t(s, l) (log p_s(k) - R_{t+1}(s', k)), (V, V)."""
    d = histories(teacher, steps, q)
    pull = d.sum(axis=0).T @ np.log(teacher.probs)
    if credit:
        pull -= np.einsum("tsl,tsk->lk", d, of_next(teacher, later_kl(q, teacher, steps)[1:]))
    return d.sum(axis=(0, 1)), pull
