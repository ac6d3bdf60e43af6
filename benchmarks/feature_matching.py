"""kdlab.feature_matching beside SciPy, scikit-learn and plain NumPy: python -m benchmarks.feature_matching.

No library has these closed forms. The peer is the textbook line: normal equations for the formulas, SciPy's bounded
search of the logarithm of lambda for the optimum and its bracketed root for the break-even; for the fit SciPy's lstsq
on the stacked rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg
import scipy.optimize

from benchmarks.measure import compare, table
from kdlab import feature_matching as kd

SHAPES = ((1000, 20, 10), (1000, 200, 100), (100_000, 1000, 10))  # n, m, d
LAM = 0.6
WHY = {
    "fit_student": "rows are searched for NaN and infinity first",
    "bias_variance": "an orthogonal factor of X keeps the digits that X'X loses, and gives the limits 0 and inf too",
    "logit_only_excess": "an orthogonal factor of X keeps the digits that X'X loses",
    "slope_at_zero": "an orthogonal factor of X keeps the digits that X'X loses",
    "optimal_lambda": "all lambdas in [0, inf] are searched, to the last digit, not one valley to 1e-5",
    "break_even_lambda": "all lambdas in [0, inf] are searched, without a bracket given",
    "omitted_variable_bias": "columns are searched for NaN and infinity first",
}


def plain_excess(
    X: np.ndarray, F: np.ndarray, delta: np.ndarray, sigma2: float, tau2: float, Sigma: np.ndarray
) -> Callable[[float], tuple]:
    A, K = X.T @ X, F.T @ F

    def at(lam: float) -> tuple:
        S = A + lam * K
        bias = lam * np.linalg.solve(S, K @ delta)
        covariance = np.linalg.solve(S, np.linalg.solve(S, sigma2 * A + lam**2 * tau2 * K).T)
        return bias, covariance, bias @ Sigma @ bias + (Sigma * covariance).sum()

    return at


def rows() -> list[dict[str, Any]]:
    """Measure every function on every shape."""
    return [row for shape in SHAPES for row in of_shape(*shape)]


def of_shape(n: int, m: int, d: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    X, F = rng.normal(size=(n, d)), rng.normal(size=(m, d))
    star, feature = rng.normal(size=(2, d))
    y, h = X @ star + rng.normal(size=n), F @ feature + rng.normal(size=m)
    noise = {"sigma2": 1.0, "tau2": 0.5, "Sigma": np.eye(d)}
    logits = {"sigma2": 1.0, "Sigma": np.eye(d)}
    plain = (X, F, feature - star, 1.0, 0.5, noise["Sigma"])

    def search() -> float:
        excess = plain_excess(*plain)
        return scipy.optimize.minimize_scalar(lambda log: excess(np.exp(log))[2], bounds=(-20, 20)).x

    def root() -> float:
        excess = plain_excess(*plain)
        return scipy.optimize.brentq(lambda lam: excess(lam)[2] - excess(0)[2], 1e-6, 1e6)

    pairs: dict[str, tuple[Callable, Callable]] = {
        "fit_student": (
            lambda: kd.fit_student(X, F, y, h, lam=LAM),
            lambda: scipy.linalg.lstsq(np.vstack([X, LAM**0.5 * F]), np.concatenate([y, LAM**0.5 * h])),
        ),
        "bias_variance": (
            lambda: kd.bias_variance(X, F, star, feature, lam=LAM, **noise),
            lambda: plain_excess(*plain)(LAM),
        ),
        "logit_only_excess": (
            lambda: kd.logit_only_excess(X, **logits),
            lambda: np.trace(np.linalg.solve(X.T @ X, logits["Sigma"])),
        ),
        "slope_at_zero": (
            lambda: kd.slope_at_zero(X, F, **logits),
            lambda: -2 * ((F @ np.linalg.solve(X.T @ X, logits["Sigma"])) ** 2).sum(),
        ),
        "optimal_lambda": (lambda: kd.optimal_lambda(X, F, star, feature, **noise), search),
        "break_even_lambda": (lambda: kd.break_even_lambda(X, F, star, feature, **noise), root),
        "omitted_variable_bias": (
            lambda: kd.omitted_variable_bias(X[:, : d // 2], X[:, d // 2 :], star[d // 2 :]),
            lambda: scipy.linalg.lstsq(X[:, : d // 2], X[:, d // 2 :] @ star[d // 2 :])[0],
        ),
    }
    found = []
    for function, (ours, theirs) in pairs.items():
        memory = n >= 100_000 and function in {"fit_student", "omitted_variable_bias"}  # the other peers need none
        for row in compare(ours, {"scipy / numpy": theirs}, rounds=5, memory=memory):
            slower = max(row["time_ratio"], row["memory_ratio"] or 0) > 1.1
            what = {"function": function, "n,m,d": f"{n},{m},{d}"}
            found.append(what | row | {"why": WHY[function] if slower else ""})
    return found


if __name__ == "__main__":
    print(table(rows()))
