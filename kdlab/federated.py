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
    as_temperature,
    check_same_shape,
    classes_last,
    holding,
    quiet,
)
from kdlab.core import federated as core


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
    T = as_temperature(temperature)
    as_choice("average", average, "probs", "logits")
    omega = np.ones(len(z)) if client_weights is None else client_weights
    omega = core.fedavg_weights(_not_negative("client_weights", omega, len(z)))
    read = as_logits("client_logits", z[omega > 0], axis)
    read = classes_last(read.astype(holding(T, z.dtype), copy=False), axis)
    if average == "logits" and np.isneginf(read).any(axis=0).all(axis=-1).any():
        raise ValueError("client_logits has a row in which every class is masked (-inf) by some client.")
    with quiet():
        p = core.consensus_probs(read, omega[omega > 0], T, average).astype(z.dtype, copy=False)
    return classes_last(p, axis - 1 if axis > 0 else axis, back=True)


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

    References
    ----------
    McMahan et al. (2017), Communication-Efficient Learning of Deep Networks from Decentralized Data.

    Examples
    --------
    >>> fedavg_weights([10, 30])
    array([0.25, 0.75])
    """
    return core.fedavg_weights(_not_negative("client_sizes", client_sizes))


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
    n = _not_negative("client_sizes", client_sizes, len(client_parameters))
    theta = [
        [as_finite(f"client_parameters[{k}][{i}]", array) for i, array in enumerate(arrays)]
        for k, arrays in enumerate(client_parameters)
    ]
    for i, arrays in enumerate(zip(*theta, strict=True)):
        check_same_shape(**{f"client_parameters[{k}][{i}]": array for k, array in enumerate(arrays)})
    return [np.asarray(mean) for mean in core.fedavg(theta, n)]


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

    Examples
    --------
    >>> fedavg_bytes(10, 4810)
    384800
    """
    K, P = as_integer("num_clients", num_clients, 1), as_integer("num_parameters", num_parameters, 1)
    return core.fedavg_bytes(K, P, as_integer("bytes_per_number", bytes_per_number, 1))


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

    Examples
    --------
    >>> distillation_bytes(10, 397, 10)
    317600
    """
    K, n_pub = as_integer("num_clients", num_clients, 1), as_integer("num_public", num_public, 1)
    C = as_integer("num_classes", num_classes, 1)
    return core.distillation_bytes(K, n_pub, C, as_integer("bytes_per_number", bytes_per_number, 1))


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

    Examples
    --------
    >>> distillation_is_cheaper(4810, 397, 10), distillation_is_cheaper(4810, 60_000, 10)
    (True, False)
    """
    P, n_pub = as_integer("num_parameters", num_parameters, 1), as_integer("num_public", num_public, 1)
    return core.distillation_is_cheaper(P, n_pub, as_integer("num_classes", num_classes, 1))


def _not_negative(name: str, value: ArrayLike, num_clients: int | None = None) -> FloatArray:
    """Return one number for each client, in float64, that can be brought to sum 1."""
    numbers = as_finite(name, value, 1).astype(np.float64)
    if num_clients is not None and numbers.size != num_clients:
        raise ValueError(f"{name} must hold one number for each of the {num_clients} clients; {numbers.size} given.")
    with quiet():
        total = numbers.sum()
    if numbers.size == 0 or numbers.min() < 0 or not 0 < total < np.inf:
        raise ValueError(f"{name} must not be negative, and their sum must be finite and above 0; it is {total}.")
    return numbers
