r"""Federated distillation: clients agree on targets for public data, instead of averaging their weights.

.. math:: \bar p = \sum_k \omega_k \, \mathrm{softmax}(z_k/T) \qquad \text{instead of} \qquad
          \bar \theta = \sum_k \omega_k \theta_k

with the logits :math:`z_k`, parameters :math:`\theta_k` and weights :math:`\omega_k` of the clients.
Chapter: applications/federated.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    FloatArray,
    as_choice,
    as_classes,
    as_finite,
    as_integer,
    as_logits,
    check_same_shape,
    widened,
)
from kdlab.temperature import softmax


def consensus_probs(
    client_logits: ArrayLike,
    temperature: float = 1.0,
    *,
    client_weights: ArrayLike | None = None,
    average: str = "probs",
    axis: int = -1,
) -> FloatArray:
    r"""Targets on which the clients agree, for each sample of the public data.

    .. math:: \sum_k \omega_k \, \mathrm{softmax}(z_k/T) \qquad \text{or} \qquad
              \mathrm{softmax}\Big(\sum_k \omega_k z_k / T\Big)

    The second is the geometric mean of the first one's distributions, brought to sum 1. They differ.

    Parameters
    ----------
    client_logits : array_like, shape (K, ..., C)
        z_k, the clients along the first axis, on the same samples. -inf masks a class.
    temperature : float
        T in [0, inf], with its limits.
    client_weights : array_like, shape (K,), or None
        Non-negative, such as the clients' sizes or competences; made to sum to 1. None for equal weights.
        A client of weight 0 is not read.
    average : str
        What is averaged: "probs" or "logits". A class that one client masks has probability 0 in the mean of logits.
    axis : int
        The class axis; not the first.

    Returns
    -------
    ndarray, shape of `client_logits` without the first axis
        Probabilities, sum 1 along the class axis.

    Raises
    ------
    TypeError
        If an argument is not of its type.
    ValueError
        If a number or shape is not allowed, `average` is no such word, all weights are 0, or every class of a sample is
        masked by some client in a mean of logits.

    References
    ----------
    Jeong et al. (2018), Communication-Efficient On-Device Machine Learning; Li and Wang (2019), FedMD;
    Lin et al. (2020), Ensemble Distillation for Robust Model Fusion in Federated Learning.

    Examples
    --------
    >>> client_logits = [[[2.0, 0.0, 1.0]], [[0.0, 3.0, 0.0]]]
    >>> consensus_probs(client_logits).round(3)
    array([[0.355, 0.5  , 0.145]])
    >>> consensus_probs(client_logits, average="logits").round(3)
    array([[0.307, 0.506, 0.186]])
    """
    z = as_classes("client_logits", client_logits, axis)
    if axis in (0, -z.ndim):
        raise ValueError(f"axis must name the classes of client_logits, not its first axis, the clients; {axis} given.")
    if len(z) == 0:
        raise ValueError("client_logits must hold at least one client; none was given.")
    omega = np.ones(len(z)) if client_weights is None else client_weights
    weighted = [(w, widened(z_k)) for w, z_k in zip(_normalised("client_weights", omega, len(z)), z, strict=True) if w]
    axis = axis - 1 if axis > 0 else axis
    if as_choice("average", average, "probs", "logits") == "probs":
        checked = ((w, as_logits("client_logits", z_k, axis)) for w, z_k in weighted)
        p = sum(w * softmax(z_k, temperature, axis=axis) for w, z_k in checked)
    else:  # what is refused in one client's logits shows in the mean
        with np.errstate(invalid="ignore"):
            mean = sum(w * z_k for w, z_k in weighted)
        as_logits("client_logits", mean, axis)
        p = softmax(mean, temperature, axis=axis)
    return p.astype(z.dtype, copy=False)


def fedavg_weights(client_sizes: ArrayLike) -> FloatArray:
    r"""Weight of each client in FedAvg: its part of all samples.

    .. math:: \omega_k = \frac{n_k}{\sum_j n_j}

    Parameters
    ----------
    client_sizes : array_like, shape (K,)
        n_k, non-negative, not all 0.

    Returns
    -------
    ndarray, shape (K,)
        In [0, 1], sum 1.

    Raises
    ------
    TypeError
        If `client_sizes` does not hold real numbers.
    ValueError
        If one is negative or not finite, if all are 0, or if there is none.

    References
    ----------
    McMahan et al. (2017), Communication-Efficient Learning of Deep Networks from Decentralized Data.

    Examples
    --------
    >>> fedavg_weights([10, 30])
    array([0.25, 0.75])
    """
    return np.array(_normalised("client_sizes", client_sizes))


def fedavg(client_parameters: Sequence[Sequence[ArrayLike]], client_sizes: ArrayLike) -> list[FloatArray]:
    r"""Parameters of the FedAvg server: the mean over the clients, weighted by their sizes.

    .. math:: \bar\theta = \sum_k \omega_k \theta_k, \qquad \omega_k = \frac{n_k}{\sum_j n_j}

    Parameters
    ----------
    client_parameters : sequence of K sequences of array_like
        For each client its arrays; the i-th has one shape for all clients.
    client_sizes : array_like, shape (K,)
        As for `fedavg_weights`.

    Returns
    -------
    list of ndarray
        The i-th is the mean of the clients' i-th.

    Raises
    ------
    TypeError, ValueError
        As `fedavg_weights` does; also if the clients' arrays are not finite real numbers, or do not fit each other.

    References
    ----------
    McMahan et al. (2017), Communication-Efficient Learning of Deep Networks from Decentralized Data.

    Examples
    --------
    >>> fedavg([[[1.0, 2.0], 0.0], [[5.0, 2.0], 4.0]], client_sizes=[10, 30])
    [array([4., 2.]), array(3.)]
    """
    clients = [client_parameters, *client_parameters] if isinstance(client_parameters, list | tuple) else [None]
    if not all(isinstance(arrays, list | tuple) for arrays in clients):
        raise TypeError("client_parameters must be a list with one list of arrays for each client.")
    if len({len(arrays) for arrays in client_parameters}) > 1:
        raise ValueError("client_parameters must hold as many arrays for each client.")
    omega = _normalised("client_sizes", client_sizes, len(client_parameters))
    means = []
    for i, arrays in enumerate(zip(*client_parameters, strict=True)):
        theta = {f"client_parameters[{k}][{i}]": array for k, array in enumerate(arrays)}
        theta = {name: as_finite(name, array) for name, array in theta.items()}
        check_same_shape(**theta)
        means.append(np.asarray(sum(w * theta_k for w, theta_k in zip(omega, theta.values(), strict=True))))
    return means


def fedavg_bytes(num_clients: int, num_parameters: int, *, bytes_per_number: int = 4) -> int:
    r"""Bytes of one round of FedAvg: each client receives all parameters and sends them back.

    .. math:: 2 K \cdot 4 P

    Parameters
    ----------
    num_clients, num_parameters : int
        K and P, at least 1.
    bytes_per_number : int
        4 for float32.

    Returns
    -------
    int
        In both directions.

    Raises
    ------
    TypeError, ValueError
        If an argument is no such integer.

    Examples
    --------
    >>> fedavg_bytes(10, 4810)
    384800
    """
    return _bytes(num_clients, as_integer("num_parameters", num_parameters, 1), bytes_per_number)


def distillation_bytes(num_clients: int, num_public: int, num_classes: int, *, bytes_per_number: int = 4) -> int:
    r"""Bytes of one round of federated distillation: each client sends its logits on the public data, and gets targets.

    .. math:: 2 K \cdot 4 \, n_{\mathrm{pub}} C

    Parameters
    ----------
    num_clients, num_public, num_classes : int
        K, the samples of the public data, and C; at least 1.
    bytes_per_number : int
        4 for float32.

    Returns
    -------
    int
        In both directions. The public data themselves are taken to be there already.

    Raises
    ------
    TypeError, ValueError
        If an argument is no such integer.

    Examples
    --------
    >>> distillation_bytes(10, 397, 10)
    317600
    """
    numbers = as_integer("num_public", num_public, 1) * as_integer("num_classes", num_classes, 1)
    return _bytes(num_clients, numbers, bytes_per_number)


def distillation_is_cheaper(num_parameters: int, num_public: int, num_classes: int) -> bool:
    r"""Whether a round of distillation moves fewer bytes than one of FedAvg, whatever the number of clients.

    .. math:: n_{\mathrm{pub}} C < P

    Parameters
    ----------
    num_parameters, num_public, num_classes : int
        P, the samples of the public data, and C; at least 1.

    Returns
    -------
    bool
        False where both are equal.

    Raises
    ------
    TypeError, ValueError
        If an argument is no such integer.

    Examples
    --------
    >>> distillation_is_cheaper(4810, 397, 10), distillation_is_cheaper(4810, 60_000, 10)
    (True, False)
    """
    return distillation_bytes(1, num_public, num_classes) < fedavg_bytes(1, num_parameters)


def _bytes(num_clients: int, numbers: int, bytes_per_number: int) -> int:
    return 2 * as_integer("num_clients", num_clients, 1) * numbers * as_integer("bytes_per_number", bytes_per_number, 1)


def _normalised(name: str, value: ArrayLike, num_clients: int | None = None) -> list[float]:
    """Return weights of sum 1, as Python's floats: these leave the dtype of an array they multiply as it is."""
    weights = as_finite(name, value, 1).astype(np.float64)
    if num_clients is not None and weights.size != num_clients:
        raise ValueError(f"{name} must hold one number for each of the {num_clients} clients; {weights.size} given.")
    with np.errstate(over="ignore"):
        total = weights.sum()
    if weights.size == 0 or weights.min() < 0 or not 0 < total < np.inf:
        raise ValueError(f"{name} must not be negative, and their sum must be finite and above 0; it is {total}.")
    return (weights / total).tolist()
