r"""Sequences: forward and reverse divergence of whole texts, for a student that cannot be its teacher.

.. math:: \mathrm{KL}(p \,\|\, q) = \sum_t \mathbb E_{h \sim p} \, \mathrm{KL}(p_t \,\|\, q_t), \qquad
          \mathrm{KL}(q \,\|\, p) = \sum_t \mathbb E_{h \sim q} \, \mathrm{KL}(q_t \,\|\, p_t)

with the histories h that the teacher p writes in the one, and the student q in the other.
Chapter: applications/language.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    FloatArray,
    as_choice,
    as_finite,
    as_integer,
    as_labels,
    as_number,
    as_probs,
    as_real,
    check_same_shape,
    classes_last,
    quiet,
    widened,
)
from kdlab.core import sequence as core
from kdlab.core.sequence import Teacher, Word


def lexicon(
    words: Sequence[str], weights: ArrayLike | None = None, *, slip: float = 0.02, give_up: float = 0.9
) -> Teacher:
    r"""A teacher that writes the words of a list, and seldom slips.

    .. math:: p(k \mid s) = (1 - \varepsilon) \frac{\sum_{w \text{ goes on from } s \text{ with } k} \omega_w}
              {\sum_{w \text{ begins with } s} \omega_w} + \frac{\varepsilon}{V}

    with the slip :math:`\varepsilon`. Signs are numbered: the space, which ends a word, is 0, then the letters in
    alphabetical order. States are the beginnings of words, the empty one first, by length and alphabet. The last state
    is "lost": a letter that goes on with no word leads there, and only a space leads out.

    Parameters
    ----------
    words : sequence of str
        Each once, none empty, without spaces.
    weights : array_like, one for each word, or None
        How often each is written: positive. None for equally often.
    slip : float
        :math:`\varepsilon` in [0, 1]: the part of an answer that is spread over all V signs.
    give_up : float
        In [0, 1]: how probable a space is when lost; what is left is spread over all signs.

    Returns
    -------
    Teacher
        `probs` (S, V) and `next_state` (S, V).

    Raises
    ------
    TypeError
        If `words` are not strings.
    ValueError
        If there is no word, one is empty, holds a space, or stands twice.

    Examples
    --------
    >>> teacher = lexicon(["at", "a"], slip=0.0)
    >>> teacher.probs.round(2).tolist()[:3]  # signs: space, a, t
    [[0.0, 1.0, 0.0], [0.5, 0.0, 0.5], [1.0, 0.0, 0.0]]
    """
    if isinstance(words, str) or not isinstance(words, Sequence) or not all(isinstance(word, str) for word in words):
        raise TypeError(f"words must be a sequence of strings; {words!r} was given.")
    if not words or len(set(words)) < len(words) or any(not word or " " in word for word in words):
        raise ValueError(f"words must be at least one, each once, none empty or with a space; {words!r} was given.")
    omega = np.ones(len(words)) if weights is None else as_finite("weights", weights, 1).astype(np.float64)
    if omega.shape != (len(words),) or not (omega > 0).all():
        raise ValueError(f"weights must be one positive number for each of {len(words)} words; {weights!r} was given.")
    signs = " " + "".join(sorted(set("".join(words))))
    numbers = [[signs.index(letter) for letter in word] for word in words]
    slip, give_up = as_number("slip", slip, "[0, 1]"), as_number("give_up", give_up, "[0, 1]")
    return core.lexicon(numbers, omega / omega.max(), len(signs), slip, give_up)


def word_frequencies(writer: Teacher | ArrayLike, count: int) -> list[Word]:
    r"""The commonest words of a writer, exactly, the commonest first.

    .. math:: f(x_1 \dots x_n) = \frac{\prod_t p(x_t \mid s_t) \; p(\text{space} \mid s_{n+1})}
              {1 - p(\text{space} \mid \text{root})}

    A word is what stands between two spaces, sign 0, and is not empty. Words of one frequency stand in the order of
    their numbers.

    Parameters
    ----------
    writer : Teacher, or array_like, shape (V, V)
        A teacher whose spaces all lead to state 0; or a student, row l of which is its answer after letter l.
    count : int
        How many words, at least 1. There may be fewer.

    Returns
    -------
    list of Word
        `letters`, their numbers, and `frequency` in (0, 1].

    Raises
    ------
    ValueError
        If a space of the teacher leads elsewhere, or nothing but spaces is written.

    Examples
    --------
    >>> word_frequencies(lexicon(["at", "a"], [3, 1], slip=0.0), 2)
    [Word(letters=(1, 2), frequency=0.75), Word(letters=(1,), frequency=0.25)]
    """
    if _is_pair(writer):
        teacher = _as_teacher("writer", writer)
    else:
        q = _as_student("writer", writer)
        teacher = Teacher(q, np.tile(np.arange(len(q)), (len(q), 1)))
    if teacher.next_state[:, 0].any():
        raise ValueError("writer must come to state 0 by every space, sign 0; this one does not.")
    if teacher.probs[0, 0] >= 1:
        raise ValueError("writer must begin words; this one writes spaces alone.")
    return core.word_frequencies(teacher, as_integer("count", count, 1))


def chain_log_prob(strings: ArrayLike, student_probs: ArrayLike, *, start: int = 0) -> FloatArray:
    r"""Log-probability of strings, as a student that keeps one letter writes them.

    .. math:: \log q(x) = \sum_{t=1}^T \log q(x_t \mid x_{t-1}), \qquad x_0 = \text{start}

    Parameters
    ----------
    strings : array_like of int, shape (N, T)
        Letters in [0, V - 1]; T may be 0.
    student_probs : array_like, shape (V, V)
        Row l: the probabilities of the letter after l.
    start : int
        The letter before the first, in [0, V - 1].

    Returns
    -------
    ndarray, shape (N,)
        In [-inf, 0]; 0 for empty strings.

    Examples
    --------
    >>> chain_log_prob([[0, 1], [1, 1]], [[0.5, 0.5], [0.25, 0.75]]).round(3)
    array([-1.386, -0.981])
    """
    q = _as_student("student_probs", student_probs)
    x = as_labels("strings", strings, len(q))
    if x.ndim != 2:
        raise ValueError(f"strings must have shape (N, T); shape {x.shape} was given.")
    with quiet():
        return core.chain_log_prob(x, q, as_integer("start", start, 0, len(q) - 1))


def histories(teacher: Teacher, steps: int, *, writer: ArrayLike | None = None) -> FloatArray:
    r"""Where a text has brought the teacher before each of its letters, and which letter came last.

    .. math:: d_{t+1}(s', k) = \sum_{s, l \,:\, s' = \mathrm{next}(s, k)} d_t(s, l) \; w(k \mid s, l)

    Parameters
    ----------
    teacher : Teacher
        S states, V letters.
    steps : int
        How many letters are written, at least 0.
    writer : array_like, shape (V, V), or None
        The student whose text it is; None for the teacher's own.

    Returns
    -------
    ndarray, shape (steps, S, V)
        Probabilities :math:`d_t`, each with the sum 1; all of the first at state 0 and letter 0.

    Examples
    --------
    >>> histories(lexicon(["a"], slip=0.0), 3)[2].round(1).tolist()  # after "a" comes the space
    [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]
    """
    table = _as_teacher("teacher", teacher)
    q = None if writer is None else _as_student("writer", writer, table)
    return core.histories(table, as_integer("steps", steps, 0), q)


def token_kl(
    student_probs: ArrayLike, teacher: Teacher, histories: ArrayLike, *, direction: str = "forward"
) -> FloatArray:
    r"""Loss of each letter, on whoever's histories.

    .. math:: \sum_{s, l} d_t(s, l) \, \mathrm{KL}(p_s \,\|\, q_l) \qquad \text{or} \qquad
              \sum_{s, l} d_t(s, l) \, \mathrm{KL}(q_l \,\|\, p_s)

    Forward on the student's histories less forward on the teacher's, at one t, is the exposure bias of that letter. It
    may be negative.

    Parameters
    ----------
    student_probs : array_like, shape (V, V)
        Row l is the answer :math:`q_l` after letter l.
    teacher : Teacher
        Whose answers are :math:`p_s`.
    histories : array_like, shape (T, S, V)
        d, non-negative, as `histories` returns it.
    direction : str
        "forward": KL(p || q); "reverse": KL(q || p).

    Returns
    -------
    ndarray, shape (T,)
        In nats, in [0, inf].

    Examples
    --------
    >>> teacher = lexicon(["a"], slip=0.0)
    >>> token_kl([[0.5, 0.5], [0.5, 0.5]], teacher, histories(teacher, 2)).round(3)
    array([0.693, 0.693])
    """
    table = _as_teacher("teacher", teacher)
    q, d = _as_student("student_probs", student_probs, table), _as_histories(histories, table)
    return core.token_kl(q, table, d, as_choice("direction", direction, "forward", "reverse"))


def sequence_kl(student_probs: ArrayLike, teacher: Teacher, steps: int, *, direction: str = "forward") -> float:
    r"""Divergence of whole texts, exactly: what enumerating all of them would give.

    .. math:: \mathrm{KL}(p \,\|\, q) = \sum_x p(x) \log \frac{p(x)}{q(x)} \qquad \text{or} \qquad
              \mathrm{KL}(q \,\|\, p) = \sum_x q(x) \log \frac{q(x)}{p(x)}

    The first is the sum of `token_kl` on the teacher's histories, the second on the student's.

    Parameters
    ----------
    student_probs : array_like, shape (V, V)
        Row l is the answer after letter l.
    teacher : Teacher
        S states, V letters.
    steps : int
        How many letters the texts have, at least 0.
    direction : str
        "forward": KL(p || q); "reverse": KL(q || p).

    Returns
    -------
    float
        In nats, in [0, inf].

    References
    ----------
    Gu et al. (2024), MiniLLM; Agarwal et al. (2024), On-Policy Distillation of Language Models.

    Examples
    --------
    >>> teacher = lexicon(["cat", "car", "cow", "dog", "door", "rat"])
    >>> even = np.full((9, 9), 1 / 9)
    >>> round(sequence_kl(even, teacher, 3), 4), round(sequence_kl(even, teacher, 3, direction="reverse"), 4)
    (4.4898, 6.528)
    """
    table = _as_teacher("teacher", teacher)
    q, steps = _as_student("student_probs", student_probs, table), as_integer("steps", steps, 0)
    return core.sequence_kl(q, table, steps, as_choice("direction", direction, "forward", "reverse"))


def mean_student(teacher: Teacher, histories: ArrayLike, *, mean: str = "arithmetic") -> FloatArray:
    r"""The student of one letter that answers with a mean of what the teacher answers.

    .. math:: q_l \propto \sum_s w_{sl} \, p_s \qquad \text{or} \qquad q_l \propto \prod_s p_s^{\,w_{sl}}, \qquad
              w_{sl} = \sum_t d_t(s, l) \Big/ \sum_{t, s} d_t(s, l)

    The first has the least forward divergence on these histories, the second the least reverse one. On the teacher's
    own histories the first has the least KL(p || q) of all students; the second has not the least KL(q || p) on any,
    since the histories are then the student's, and move with it.

    Parameters
    ----------
    teacher : Teacher
        S states, V letters.
    histories : array_like, shape (T, S, V)
        d, non-negative, as `histories` returns it.
    mean : str
        "arithmetic" or "geometric".

    Returns
    -------
    ndarray, shape (V, V)
        Rows of sum 1; an even row after a letter that is never read.

    Raises
    ------
    ValueError
        If a geometric mean has nothing left: each letter is excluded by some answer.

    Examples
    --------
    >>> teacher = lexicon(["ab", "b"], slip=0.0)
    >>> mean_student(teacher, histories(teacher, 50)).round(2).tolist()[0]
    [0.0, 0.5, 0.5]
    """
    table = _as_teacher("teacher", teacher)
    d = _as_histories(histories, table)
    as_choice("mean", mean, "arithmetic", "geometric")
    unit = max(float(d.max(initial=0)), np.finfo(np.float64).tiny)
    with quiet():
        found = core.mean_student(table, d / unit, mean)
    if np.isnan(found).any():
        raise ValueError("mean must be 'arithmetic' where every letter is excluded by some answer of the teacher.")
    return found


def reverse_gradient(student_probs: ArrayLike, teacher: Teacher, steps: int, *, credit: bool = True) -> FloatArray:
    r"""Gradient of the reverse divergence of whole texts by the student's logits.

    .. math:: \frac{\partial \mathrm{KL}(q \,\|\, p)}{\partial z_l(k)} = q_l(k) \Big(a_l(k) - \sum_j q_l(j) a_l(j)\Big),
              \qquad a_l(k) = \sum_{t, s} d_t(s, l) \Big(\log \frac{q_l(k)}{p_s(k)} + R_{t+1}(s', k)\Big)

    with the loss :math:`R_{t+1}` still to come after the letter k, which leads to the state s'. Code that samples a
    text and differentiates the loss of each letter alone leaves that term out: what it follows is the gradient of
    nothing.

    Parameters
    ----------
    student_probs : array_like, shape (V, V)
        Row l is the answer after letter l.
    teacher : Teacher
        All its probabilities above 0.
    steps : int
        How many letters the texts have, at least 0.
    credit : bool
        Whether a letter answers for what it leads to; if not, R is left out.

    Returns
    -------
    ndarray, shape (V, V)
        Rows of sum 0.

    References
    ----------
    Sutton et al. (2000), Policy Gradient Methods for Reinforcement Learning with Function Approximation;
    Gu et al. (2024), MiniLLM.

    Examples
    --------
    >>> teacher = lexicon(["a", "b"])
    >>> reverse_gradient([[0.2, 0.4, 0.4]] * 3, teacher, 2).round(2).tolist()[0]
    [0.3, -0.15, -0.15]
    """
    table = _as_positive_teacher(teacher)
    q = _as_student("student_probs", student_probs, table)
    return core.reverse_gradient(q, table, as_integer("steps", steps, 0), bool(credit))


def reverse_step(
    student_probs: ArrayLike, teacher: Teacher, steps: int, *, credit: bool = True, damping: float = 0.3
) -> FloatArray:
    r"""One step of a student towards the geometric mean of the answers on its own histories.

    .. math:: q_l(k) \leftarrow q_l(k)^{1 - \eta} \; m_l(k)^{\eta} / Z_l, \qquad
              \log m_l(k) = \frac{\sum_{t, s} d_t(s, l) (\log p_s(k) - R_{t+1}(s', k))}{\sum_{t, s} d_t(s, l)}

    with the histories d and the later losses R of the present student, and the damping :math:`\eta`. Where it stands
    still `reverse_gradient` is 0.

    Parameters
    ----------
    student_probs : array_like, shape (V, V)
        Row l is the answer after letter l. A probability of 0 stays 0.
    teacher : Teacher
        All its probabilities above 0.
    steps : int
        How many letters the texts have, at least 0.
    credit : bool
        Whether a letter answers for what it leads to; if not, R is left out.
    damping : float
        :math:`\eta` in (0, 1).

    Returns
    -------
    ndarray, shape (V, V)
        Rows of sum 1; those after letters that are never last are as they were.

    Examples
    --------
    >>> teacher, q = lexicon(["a", "b"]), np.full((3, 3), 1 / 3)
    >>> for _ in range(50):
    ...     q = reverse_step(q, teacher, 8)
    >>> q[0].round(2).tolist()
    [0.01, 0.5, 0.5]
    """
    table = _as_positive_teacher(teacher)
    q, damping = _as_student("student_probs", student_probs, table), as_number("damping", damping, "(0, 1)")
    return core.reverse_step(q, table, as_integer("steps", steps, 0), bool(credit), damping)


def credit_of_samples(losses: ArrayLike) -> FloatArray:
    r"""What came after each letter of some sampled strings, less the mean over the strings.

    .. math:: c_{it} = \sum_{u > t} \ell_{iu} - \frac{1}{B} \sum_j \sum_{u > t} \ell_{ju}

    The gradient of a loss on the student's own text is the mean of :math:`\nabla \ell_{it} + c_{it} \nabla \log
    q(x_{it})`. The mean over the strings is a baseline: it takes out noise, and a part 1/B of the credit.

    Parameters
    ----------
    losses : array_like, shape (..., B, T)
        :math:`\ell`, of each letter of B strings.

    Returns
    -------
    ndarray
        Of the same shape; 0 at the last letter, and of sum 0 over the strings.

    References
    ----------
    Williams (1992), Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning.

    Examples
    --------
    >>> credit_of_samples([[1.0, 2.0, 3.0], [1.0, 0.0, 1.0]]).tolist()
    [[2.0, 1.0, 0.0], [-2.0, -1.0, 0.0]]
    """
    found = as_finite("losses", losses)
    if found.ndim < 2 or found.shape[-2] == 0:
        raise ValueError(f"losses must have shape (..., B, T), of at least one string; shape {found.shape} was given.")
    with quiet():
        return core.credit_of_samples(found)


def masked_mean(losses: ArrayLike, mask: ArrayLike) -> float:
    r"""Mean loss of the real tokens of a batch.

    .. math:: \frac{\sum_{b, t} m_{bt} \, \ell_{bt}}{\sum_{b, t} m_{bt}}

    Not the mean of the strings' means, which gives a letter of a short string more weight.

    Parameters
    ----------
    losses : array_like
        :math:`\ell`, such as of shape (B, T). What stands at padding is not read, and may be NaN.
    mask : array_like of bool, shape of `losses`
        m: which tokens are real, at least one.

    Returns
    -------
    float
        In nats where the losses are.

    Raises
    ------
    TypeError
        If `mask` does not hold booleans.
    ValueError
        If no token is real.

    Examples
    --------
    >>> masked_mean([[1.0, 1.0, 1.0], [2.0, 9.0, 9.0]], [[True, True, True], [True, False, False]])
    1.25
    """
    found, real = as_real("losses", losses), np.asarray(mask)
    if real.dtype != np.bool_:
        raise TypeError(f"mask must hold booleans; {real.dtype} was given.")
    check_same_shape(losses=found, mask=real)
    if not real.any():
        raise ValueError("mask must leave at least one real token; none is.")
    if np.isnan(found[real]).any():
        raise ValueError("losses must not hold NaN at a real token.")
    with quiet():
        return core.masked_mean(widened(found), real)


def top_k_kl(
    student_probs: ArrayLike,
    teacher_probs: ArrayLike,
    k: int,
    *,
    direction: str = "reverse",
    rest: str = "class",
    axis: int = -1,
) -> FloatArray:
    r"""Divergence over the k likeliest classes of the teacher.

    .. math:: \sum_{i \in \mathrm{top}_k(p)} q_i \log \frac{q_i}{p_i} \; [+ \bar q \log \frac{\bar q}{\bar p}],
              \qquad \bar q = 1 - \sum_{i \in \mathrm{top}_k(p)} q_i

    Raw, without the rest, it is no divergence: it falls below 0, and is least where the student has moved most of its
    probability away from the classes that are looked at (`lowest_raw_kl`).

    Parameters
    ----------
    student_probs, teacher_probs : array_like
        q and p, of one shape, sum 1 along `axis`.
    k : int
        In [1, C]. Ties go to the lowest index.
    direction : str
        "reverse": KL(q || p), as above; "forward": KL(p || q).
    rest : str
        "class": all other classes count as one more; "renormalise": both are brought to sum 1 over the k; "drop": raw.
    axis : int
        The class axis.

    Returns
    -------
    ndarray
        In nats, one for each row; in [0, inf], but raw.

    Raises
    ------
    ValueError
        If a student has nothing on the k classes, to be brought to sum 1.

    Examples
    --------
    >>> p, q = [0.6, 0.3, 0.1], [0.01, 0.01, 0.98]
    >>> [round(float(top_k_kl(q, p, 2, rest=rest)), 3) for rest in ("drop", "renormalise", "class")]
    [-0.075, 0.059, 2.162]
    """
    q = classes_last(widened(as_probs("student_probs", student_probs, axis)), axis)
    p = classes_last(widened(as_probs("teacher_probs", teacher_probs, axis)), axis)
    check_same_shape(student_probs=q, teacher_probs=p)
    k = as_integer("k", k, 1, p.shape[-1])
    as_choice("direction", direction, "forward", "reverse")
    as_choice("rest", rest, "class", "renormalise", "drop")
    with quiet():
        found = core.top_k_kl(q, p, k, direction, rest)
    if np.isnan(found).any():
        raise ValueError("student_probs must have some probability on the k classes, to be brought to sum 1.")
    return found


def lowest_raw_kl(kept: float, *, direction: str = "reverse") -> float:
    r"""The least that a raw sum over the top k can be, where these hold a part of the teacher's probability.

    .. math:: \min_q \sum_{i \le k} q_i \log \frac{q_i}{p_i} = -\frac{s}{e} \quad \text{at } q_i = \frac{p_i}{e}, \qquad
              \min_q \sum_{i \le k} p_i \log \frac{p_i}{q_i} = s \log s \quad \text{at } q_i = \frac{p_i}{s}

    Parameters
    ----------
    kept : float
        s in (0, 1]; the first minimum needs room for the rest of q, which there is while s < 1 or k < C.
    direction : str
        "reverse" or "forward".

    Returns
    -------
    float
        In nats, at most 0.

    Examples
    --------
    >>> round(lowest_raw_kl(0.9), 3), round(lowest_raw_kl(0.9, direction="forward"), 3)
    (-0.331, -0.095)
    """
    s = as_number("kept", kept, "(0, 1]")
    return core.lowest_raw_kl(s, as_choice("direction", direction, "forward", "reverse"))


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and np.ndim(value[0]) == 2


def _as_teacher(name: str, value: Any) -> Teacher:
    """Return a teacher in float64, its rows brought to sum 1."""
    if not _is_pair(value):
        raise TypeError(f"{name} must be a Teacher: probabilities (S, V) and next states (S, V); not {value!r}.")
    probs, after = value
    p = as_probs(name, probs).astype(np.float64)
    found = as_labels(name, after, len(p), p.shape)
    return Teacher(p / p.sum(axis=1, keepdims=True), found)


def _as_positive_teacher(value: Any) -> Teacher:
    teacher = _as_teacher("teacher", value)
    if not (teacher.probs > 0).all():
        raise ValueError("teacher must give every letter a probability above 0, or KL(q || p) has no gradient.")
    return teacher


def _as_student(name: str, value: ArrayLike, teacher: Teacher | None = None) -> FloatArray:
    """Return a student's table (V, V) in float64, its rows brought to sum 1."""
    q = as_probs(name, value).astype(np.float64)
    if q.ndim != 2 or q.shape[0] != q.shape[1]:
        raise ValueError(f"{name} must have shape (V, V), a row for each letter; shape {q.shape} was given.")
    if teacher is not None and len(q) != teacher.probs.shape[1]:
        raise ValueError(f"{name} must be of the teacher's {teacher.probs.shape[1]} letters; {len(q)} were given.")
    return q / q.sum(axis=1, keepdims=True)


def _as_histories(value: ArrayLike, teacher: Teacher) -> FloatArray:
    d = as_finite("histories", value, 3).astype(np.float64)
    if d.shape[1:] != teacher.probs.shape or (d < 0).any():
        raise ValueError(
            f"histories must be non-negative, of shape (T, {', '.join(map(str, teacher.probs.shape))}); "
            f"shape {d.shape} was given."
        )
    return d
