"""Dark knowledge: the equations of the chapter principles/dark_knowledge, in its order.

z, v: logits of student and teacher (..., C), -inf for a masked class. p: the teacher's probabilities (..., C).
y: labels (...), integers. T: the temperature in [0, inf], a number that the dtype of the logits can hold.
"""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from kdlab.core.distillation_loss import entropy, kl_divergence, log_softmax, softmax

# --- the incorrect classes ------------------------------------------------------------------------------------------


def without_label(z: ndarray, y: ndarray, masked: float = -np.inf) -> ndarray:
    """Return a copy of the logits with the label masked; of probabilities, if `masked` is 0."""
    rest = z.copy()
    np.put_along_axis(rest, y[..., np.newaxis], masked, axis=-1)
    return rest


def incorrect_softmax(z: ndarray, y: ndarray, T: float) -> ndarray:
    """p_hat_i = p_i / (1 - p_y) = exp(z_i/T) / sum_{j != y} exp(z_j/T), i != y."""
    return softmax(without_label(z, y), T)


def incorrect_entropy(z: ndarray, y: ndarray, T: float, normalised: bool = False) -> ndarray:
    """H_inc = -sum_{i != y} p_hat_i log p_hat_i; over log(C - 1), where C leaves out masked classes, if normalised."""
    rest = without_label(z, y)
    H = entropy(rest, T)
    if not normalised:
        return H
    num_incorrect = (~np.isneginf(rest)).sum(axis=-1)
    return H / np.log(np.maximum(num_incorrect, 2))


def decoupled_kl(z: ndarray, v: ndarray, y: ndarray, T: float) -> tuple[ndarray, ndarray, ndarray, ndarray]:
    """KL(p || q) = KL(Bern(p_y) || Bern(q_y)) + (1 - p_y) KL(p_hat || q_hat): total, binary, weight, incorrect."""
    z_rest, v_rest = without_label(z, y), without_label(v, y)
    log_bern_p, log_bern_q = log_bernoulli(v, v_rest, y, T), log_bernoulli(z, z_rest, y, T)
    binary = kl_divergence(log_bern_q, log_bern_p, 1)  # logarithms of probabilities are logits of them
    weight = np.exp(log_bern_p[..., 1])
    return kl_divergence(z, v, T), binary, weight, kl_divergence(z_rest, v_rest, T)


def log_bernoulli(z: ndarray, rest: ndarray, y: ndarray, T: float) -> ndarray:
    """Return log p_y and log(1 - p_y), the latter as log p_i - log p_hat_i of the likeliest incorrect class i."""
    log_p, log_p_hat = log_softmax(z, T), log_softmax(rest, T)
    i, y = log_p_hat.argmax(axis=-1, keepdims=True), y[..., np.newaxis]
    log_rest = np.take_along_axis(log_p, i, -1) - np.take_along_axis(log_p_hat, i, -1)
    return np.concatenate([np.take_along_axis(log_p, y, -1), np.minimum(log_rest, 0)], axis=-1)


# --- the top k classes ----------------------------------------------------------------------------------------------


def label_rank(z: ndarray, y: ndarray) -> ndarray:
    """r = 1 + #{i : z_i > z_y} + #{i < y : z_i = z_y}."""
    y = y[..., np.newaxis]
    z_y = np.take_along_axis(z, y, -1)
    ahead = (z > z_y) | ((z == z_y) & (np.arange(z.shape[-1]) < y))
    return 1 + ahead.sum(axis=-1)


def retention_probability(r: ndarray, k: int, C: int, operator: str) -> ndarray:
    """1[r <= k] rank-preserving; k/C by a uniform permutation; (k - 1[r <= k]) / (C - 1) by a uniform derangement."""
    inside = (r <= k).astype(np.float64)
    if operator == "permutation":
        return np.full(r.shape, k / C)
    return inside if operator == "rank-preserving" else (k - inside) / (C - 1)


def truncated_softmax(
    z: ndarray, k: int, T: float, epsilon: float = 0.0
) -> tuple[ndarray, ndarray, ndarray, ndarray, ndarray]:
    """trunc_i = p_i / s for the top k, with s the sum of their p_i, else 0; smoothed, (1 - epsilon) trunc + epsilon/C.

    C leaves out masked classes. Returned with the indices of the k, s, KL(trunc || p) = -log s if not smoothed, and
    KL(p || trunc).
    """
    indices, log_p = top_k(z, k), log_softmax(z, T)
    log_kept = np.take_along_axis(log_p, indices, -1)
    s = np.exp(log_kept).sum(axis=-1)
    trunc = np.zeros_like(log_p)
    np.put_along_axis(trunc, indices, softmax(log_kept, 1), -1)
    if epsilon > 0:
        unmasked = ~np.isneginf(z)
        trunc = (1 - epsilon) * trunc + epsilon * (unmasked / unmasked.sum(axis=-1, keepdims=True)).astype(z.dtype)
        log_trunc = np.log(trunc)
        return trunc, indices, np.minimum(s, 1), kl_divergence(log_p, log_trunc, 1), kl_divergence(log_trunc, log_p, 1)
    np.put_along_axis(log_p, indices, -np.inf, -1)  # what is left are the dropped classes
    infinite_if_dropped = np.where(log_p.max(axis=-1) > -np.inf, np.inf, np.zeros_like(s))
    dropped = np.exp(log_p).sum(axis=-1)
    log_s = np.where(dropped < 0.5, np.log1p(-np.minimum(dropped, 0.5)), np.log(s))  # its digits, where s rounds to 1
    return trunc, indices, np.minimum(s, 1), 0 - log_s, infinite_if_dropped


def top_k(z: ndarray, k: int) -> ndarray:
    """Return the indices of the k largest: descending, and of equal ones the lowest first."""
    C = z.shape[-1]
    kth = np.partition(z, C - k, axis=-1)[..., C - k, np.newaxis]
    kept, tied = z > kth, z == kth
    missing = k - kept.sum(axis=-1, keepdims=True)
    if (tied.sum(axis=-1, keepdims=True) > missing).any():
        tied &= tied.cumsum(axis=-1) <= missing
    indices = (kept | tied).nonzero()[-1].reshape(*z.shape[:-1], k)
    return np.take_along_axis(indices, np.argsort(-np.take_along_axis(z, indices, -1), axis=-1, kind="stable"), -1)


# --- controls -------------------------------------------------------------------------------------------------------


def reordered(p: ndarray, operator: str, rng: np.random.Generator) -> ndarray:
    """p'_i = p_pi(i), pi drawn for each row: uniform over all permutations, or over those without a fixed point."""
    identity = np.arange(p.shape[-1])
    pi = np.broadcast_to(identity, p.shape)
    if operator != "rank-preserving":
        pi = rng.permuted(pi, axis=-1)
    if operator == "derangement":
        # Uniform over all, until there is no fixed point: uniform over those without. e tries in the mean.
        while (fixed := (pi == identity).any(axis=-1)).any():
            pi[fixed] = rng.permuted(pi[fixed], axis=-1)
    return np.take_along_axis(p, pi, -1)


def incorrect_flattened(p: ndarray, y: ndarray) -> ndarray:
    """p'_y = p_y, p'_i = (1 - p_y) / (C - 1), i != y."""
    rest = without_label(p, y, masked=0)
    mass = rest.sum(axis=-1, keepdims=True, dtype=np.result_type(p, np.float32))  # keeps the digits that 1 - p_y loses
    rest[...] = mass / (p.shape[-1] - 1)
    y = y[..., np.newaxis]
    np.put_along_axis(rest, y, np.take_along_axis(p, y, -1), -1)
    return rest


def incorrect_permuted(p: ndarray, y: ndarray, rng: np.random.Generator) -> ndarray:
    """p'_y = p_y, p'_i = p_pi(i), i != y, pi a permutation of the incorrect classes, drawn for each row."""
    incorrect, permuted = incorrect_classes(p, y), p.copy()
    np.put_along_axis(permuted, incorrect, np.take_along_axis(p, rng.permuted(incorrect, axis=-1), -1), -1)
    return permuted


def incorrect_classes(p: ndarray, y: ndarray) -> ndarray:
    """Return the C - 1 classes that are not y, in order; shape (..., C - 1)."""
    C = p.shape[-1]
    return np.arange(C - 1) + (np.arange(C - 1) >= y[..., np.newaxis])


# --- rank correlations ----------------------------------------------------------------------------------------------


def kendall_tau(z: ndarray, v: ndarray, y: ndarray) -> ndarray:
    """tau_b = (P - Q) / sqrt((n_0 - n_z)(n_0 - n_v)) of the pairs of incorrect classes, n_0 in all.

    P are ordered alike, Q oppositely; n_z and n_v are tied by student and teacher.
    """
    z, v = (np.take_along_axis(x, incorrect_classes(x, y), -1) for x in (z, v))
    by_z_then_v = np.lexsort((v, z), axis=-1)
    z, v = (np.take_along_axis(x, by_z_then_v, -1) for x in (z, v))
    sorted_v = np.sort(v, axis=-1)
    n_z, n_v = tied_pairs(starts_run(z)), tied_pairs(starts_run(sorted_v))
    n_both = tied_pairs(starts_run(z) | starts_run(v))
    n_0 = z.shape[-1] * (z.shape[-1] - 1) // 2
    Q = inversions(v)
    P = n_0 - n_z - n_v + n_both - Q
    return (P - Q) / np.sqrt((n_0 - n_z) * np.float64(n_0 - n_v))


def spearman_rho(z: ndarray, v: ndarray, y: ndarray) -> ndarray:
    """rho = sum_i a_i b_i / sqrt(sum_i a_i^2 sum_i b_i^2), with the centred ranks a, b of the incorrect classes."""
    a, b = (centred_ranks(np.take_along_axis(x, incorrect_classes(x, y), -1)) for x in (z, v))
    return (a * b).sum(axis=-1) / np.sqrt((a**2).sum(axis=-1) * (b**2).sum(axis=-1))


def starts_run(ordered: ndarray) -> ndarray:
    """Return where a number differs from the one before it."""
    new = np.ones(ordered.shape, bool)
    new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    return new


def run_starts(new: ndarray) -> ndarray:
    """Return for each place where its run of equal numbers starts."""
    return np.maximum.accumulate(np.where(new, np.arange(new.shape[-1]), 0), axis=-1)


def tied_pairs(new: ndarray) -> ndarray:
    """Return how many pairs of equal numbers there are: each with those before it in its run."""
    return (np.arange(new.shape[-1]) - run_starts(new)).sum(axis=-1)


def inversions(values: ndarray) -> ndarray:
    """Return how many pairs along the last axis stand in descending order, counted while merging sorted halves."""
    *rows, n = values.shape
    padded = np.full((*rows, 1 << (n - 1).bit_length()), np.inf, values.dtype)
    padded[..., :n] = values
    count = np.zeros(rows, np.int64)
    half = 1
    while half < padded.shape[-1]:
        pairs_of_halves = padded.reshape(*rows, padded.shape[-1] // (2 * half), 2 * half)
        order = pairs_of_halves.argsort(axis=-1, kind="stable")
        # A number of the right half overtakes as many of the left as its place falls by.
        fall = np.where(order >= half, order - np.arange(2 * half), 0)
        count += fall.sum(axis=(-2, -1))
        padded = np.take_along_axis(pairs_of_halves, order, -1).reshape(padded.shape)
        half *= 2
    return count


def centred_ranks(values: ndarray) -> ndarray:
    """Return twice the ranks of the numbers along the last axis, less their mean: integers; tied numbers share."""
    order = values.argsort(axis=-1, kind="stable")
    new = starts_run(np.take_along_axis(values, order, -1))
    first = run_starts(new)
    ends = np.ones_like(new)
    ends[..., :-1] = new[..., 1:]
    last_index = new.shape[-1] - 1
    last = last_index - run_starts(ends[..., ::-1])[..., ::-1]
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, first + last - last_index, -1)
    return ranks
