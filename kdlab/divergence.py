"""The divergence of two distributions that are given by their logarithms: what several mechanisms rest on."""

from __future__ import annotations

import numpy as np

from kdlab.conventions import FloatArray


def kl_of_logs(log_p: FloatArray, log_q: FloatArray, axis: int) -> FloatArray:
    r"""Kullback-Leibler divergence, summed from terms of which none is negative.

    .. math:: \sum_i p_i \log \frac{p_i}{q_i} = \sum_i p_i \left(e^{\delta_i} - 1 - \delta_i\right),
              \qquad \delta_i = \log q_i - \log p_i

    since both sum to 1. Near p = q it keeps about half the digits, where the plain sum has none left.

    Parameters
    ----------
    log_p, log_q : ndarray, shape (..., C)
        Logarithms of probabilities that sum to 1 along `axis`; -inf is a probability of 0.
    axis : int
        The class axis.

    Returns
    -------
    ndarray, shape of `log_p` without `axis`
        In nats, in [0, inf]; infinite where q is 0 and p is not.

    References
    ----------
    Kullback and Leibler (1951), On Information and Sufficiency.

    Examples
    --------
    >>> kl_of_logs(np.log([0.5, 0.5]), np.log([0.25, 0.75]), -1).round(4)
    np.float64(0.1438)
    """
    with np.errstate(over="ignore", invalid="ignore"):
        delta = log_q - log_p
        # Where delta > 40 the term is q - p, the rest lost in rounding; delta is NaN where both mask: 0.
        # Where delta is -inf the term is infinite, even if p rounds to 0.
        far = ~((delta > -np.inf) & (delta <= 40))
        at_far = np.where(np.isneginf(delta[far]), np.inf, np.exp(log_q[far]) - np.exp(log_p[far]))
        terms = np.expm1(delta)
        terms -= delta
        terms *= np.exp(log_p, out=delta)
    terms[far] = at_far
    return terms.sum(axis=axis)
