"""Federated distillation: the equations of the chapter applications/federated, in its order.

z: logits of each client (K, ..., C), -inf for a masked class. omega: the clients' weights (K,), of sum 1. n: the
clients' sizes (K,). theta: parameters. T: the temperature in [0, inf], a number that the dtype of z can hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from numpy import ndarray

from kdlab.core.temperature import softmax


def consensus_probs(z: ndarray, omega: ndarray, T: float, average: str = "probs") -> ndarray:
    """sum_k omega_k softmax(z_k/T), or softmax(sum_k omega_k z_k/T); a client of weight 0 is left out."""
    z, omega = z[omega > 0], omega[omega > 0]
    if average == "logits":
        return softmax(mean(z, omega), T)
    return mean(softmax(z, T), omega)


def mean(theta: Sequence[ndarray], omega: ndarray) -> ndarray:
    """theta_bar = sum_k omega_k theta_k, in the dtype of theta."""
    return sum(omega_k * theta_k for omega_k, theta_k in zip(omega.tolist(), theta, strict=True))


def fedavg_weights(n: ndarray) -> ndarray:
    """omega_k = n_k / sum_j n_j."""
    return n / n.sum()


def fedavg(theta: Sequence[Sequence[ndarray]], n: ndarray) -> list[ndarray]:
    """theta_bar = sum_k omega_k theta_k: the i-th is the mean of the i-th array of every client."""
    return [mean(arrays, fedavg_weights(n)) for arrays in zip(*theta, strict=True)]


def fedavg_bytes(K: int, P: int, bytes_per_number: int = 4) -> int:
    """2 K 4 P: all parameters of each client, in both directions."""
    return 2 * K * bytes_per_number * P


def distillation_bytes(K: int, n_pub: int, C: int, bytes_per_number: int = 4) -> int:
    """2 K 4 n_pub C: logits of each client on the public data, and targets back."""
    return 2 * K * bytes_per_number * n_pub * C


def distillation_is_cheaper(P: int, n_pub: int, C: int) -> bool:
    """n_pub C < P."""
    return n_pub * C < P
