"""What is asked of feature_matching/closed_form, and on which inputs."""

import numpy as np

from kdlab.practice.questions import Call, Function

forbids = ["kdlab.feature_matching"]
parsons = ["covariance"]
kinds = {"X": "weights", "F": "weights", "lam": "rate", "sigma2": "rate", "tau2": "rate"}

_MATRICES = {
    "more than two dimensions": "The text says (n, d) and (m, d).",
    "integers": "The text says floats.",
    "float32": "float32 is for those who choose it: such an input asks for nothing else.",
}
untried = {
    "fit": _MATRICES,
    "bias": _MATRICES,
    "covariance": _MATRICES,
    "slope_at_zero": _MATRICES,
}

# the matrices of the chapter's example: X, F, and what new inputs look like
SMALL_X, SMALL_F = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 1.0]])
SIGMA = np.array([[1.0, 0.3], [0.3, 2.0]])


def variant(rng):
    """Draw the numbers of the example."""
    a, c = int(rng.choice([4, 5, 8, 10])), int(rng.choice([2, 4, 5]))
    delta, tau2 = float(rng.choice([0.4, 0.5, 0.6])), float(rng.choice([0.6, 0.8, 1.0]))
    p, q = 1 / a, delta**2 + tau2 / c
    numbers = {
        "logit_error": p,
        "feature_error": q,
        "best": 1 / (c * q),
        "least": p * q / (p + q),
        "break_even": 2 / (c * (q - p)),
    }
    return {name: f"{number:.3f}" for name, number in numbers.items()}


def questions(rng):
    """Return the seven functions; hidden inputs come from `rng`."""
    return [
        Function("fit", 1, _fit_calls(rng)),
        Function("bias", 1, _bias_calls(rng)),
        Function("covariance", 2, _covariance_calls(rng)),
        Function("excess", 1, _excess_calls(rng)),
        Function("slope_at_zero", 1, _slope_calls(rng)),
        Function("best_and_break_even", 2, _one_parameter_calls(rng)),
        Function("omitted_bias", 1, _omitted_calls(rng), lambda X1, X2, theta_2: {"n": len(X1)}),
    ]


def _designs(rng):
    """Yield what X and F can be, each with a note: 1 is the size of most numbers, so sums of squares are near n."""
    yield _matrix(rng, 7, 3), _matrix(rng, 5, 3), "three parameters"
    # what is not seen is 0: with a matrix that is singular but for rounding, a slip is a fault on some papers alone
    yield _matrix(rng, 6, 4), _matrix(rng, 2, 4) * [1.0, 0.0, 1.0, 0.0], "parameters that no feature sees"
    yield _matrix(rng, 2, 4) * [0.0, 1.0, 1.0, 0.0], _matrix(rng, 6, 4), "parameters that no logit sees"
    yield _matrix(rng, 6, 3), _matrix(rng, 3, 3), "as many features as parameters"
    yield _matrix(rng, 5, 1), _matrix(rng, 3, 1), "one parameter"
    yield _matrix(rng, 1, 1), _matrix(rng, 1, 1), "one logit, one feature"
    yield _matrix(rng, 7, 3) * [1e3, 1.0, 1e-1], _matrix(rng, 4, 3), "columns of different size"
    yield 3e6 * _matrix(rng, 6, 3), 3e6 * _matrix(rng, 4, 3), "huge numbers"
    yield 1e-10 * _matrix(rng, 6, 3), 1e-10 * _matrix(rng, 4, 3), "tiny numbers"
    yield _matrix(rng, 6, 2) * np.tile(np.eye(2), (3, 1)), _matrix(rng, 3, 2), "rows that see one direction each"


def _matrix(rng, rows, columns):
    """Draw a matrix whose columns are far from parallel: signs alone would leave it singular at times."""
    basis = np.linalg.qr(rng.normal(size=(max(rows, columns), max(rows, columns))))[0][:rows, :columns]
    return np.round(rows**0.5 * basis + 0.2 * rng.normal(size=(rows, columns)), 3)


def _fit_calls(rng):
    y, h = np.array([1.0, 2.0, 0.0]), np.array([0.5, -1.0])
    calls = [
        Call((SMALL_X, SMALL_F, y, h, 0.8), "two parameters", public=True),
        Call((SMALL_X, SMALL_F, y, h, 0.0), "logits alone", public=True),
        Call((SMALL_X, SMALL_F, y, h, 100.0), "a large weight", public=True),
    ]
    for X, F, note in _designs(rng):
        size = np.abs(X).max()
        y, h = size * rng.normal(size=len(X)), size * rng.normal(size=len(F))
        calls.append(Call((X, F, y, h, rng.uniform(0.3, 0.8)), note))
    return calls


def _bias_calls(rng):
    star, feature = np.array([1.0, -1.0]), np.array([1.5, 0.0])
    calls = [
        Call((SMALL_X, SMALL_F, star, feature, 0.8), "two parameters", public=True),
        Call((SMALL_X, SMALL_F, star, feature, 0.0), "logits alone", public=True),
        Call((SMALL_X, SMALL_F, star, star, 0.8), "aligned features", public=True),
        Call((SMALL_X, SMALL_F, star, feature, rng.uniform(20, 50)), "a large weight"),
    ]
    for X, F, note in _designs(rng):
        calls.append(Call((X, F, *rng.normal(size=(2, X.shape[1])), rng.uniform(0.3, 0.8)), note))
    return calls


def _covariance_calls(rng):
    calls = [
        Call((SMALL_X, SMALL_F, 0.5, 0.25, 0.8), "two parameters", public=True),
        Call((SMALL_X, SMALL_F, 0.5, 0.25, 0.0), "logits alone", public=True),
        Call((SMALL_X, SMALL_F, 0.0, 0.25, 0.8), "exact logits", public=True),
        Call((SMALL_X, SMALL_F, 0.5, 0.0, 0.8), "exact features", public=True),
        Call((SMALL_X, SMALL_F, 0.5, 0.25, rng.uniform(20, 50)), "a large weight"),
    ]
    for X, F, note in _designs(rng):
        noise = rng.uniform(0.3, 0.8), rng.uniform(1.5, 2.5)
        calls.append(Call((X, F, *noise, rng.uniform(0.3, 0.8)), note, atol=0.0))
    return calls


def _excess_calls(rng):
    miss, covariance = np.array([0.5, -0.25]), np.array([[0.5, 0.25], [0.25, 1.0]])
    sizes = [(3, "three parameters"), (1, "one parameter"), (6, "six parameters")]
    return [
        Call((miss, covariance, SIGMA), "two parameters", public=True),
        Call((miss, covariance, np.eye(2)), "inputs of one size, uncorrelated", public=True),
        Call((np.zeros(2), covariance, SIGMA), "no bias", public=True),
        Call((miss, np.zeros((2, 2)), SIGMA), "no variance", public=True),
        *(Call((rng.normal(size=d), _spread(rng, d), _spread(rng, d)), note) for d, note in sizes),
        Call((1e-8 * rng.normal(size=3), 1e-16 * _spread(rng, 3), _spread(rng, 3)), "tiny numbers", atol=0.0),
    ]


def _spread(rng, d):
    """Draw a covariance matrix."""
    root = rng.normal(size=(d, d))
    return root @ root.T / d + 0.1 * np.eye(d)


def _slope_calls(rng):
    calls = [
        Call((SMALL_X, SMALL_F, 0.5, SIGMA), "two parameters", public=True),
        Call((SMALL_X, SMALL_F, 0.5, np.eye(2)), "inputs of one size, uncorrelated", public=True),
        Call((SMALL_X, SMALL_F, 0.0, SIGMA), "exact logits", public=True),
    ]
    for X, F, note in _designs(rng):
        if len(X) >= X.shape[1]:
            calls.append(Call((X, F, rng.uniform(0.3, 0.8), _spread(rng, X.shape[1])), note, atol=0.0))
    return calls


def _one_parameter_calls(rng):
    a, c, sigma2, tau2 = rng.uniform(3, 5), rng.uniform(6, 9), rng.uniform(1.2, 1.8), rng.uniform(0.3, 0.7)
    return [
        Call((4.0, 2.0, 0.5, 1.0, 0.3), "the chapter's example", public=True),
        Call((4.0, 2.0, 0.0, 1.0, 0.3), "aligned features, the better source", public=True),
        Call((4.0, 2.0, 0.0, 1.0, 0.5), "two equally good sources", public=True),
        Call((4.0, 2.0, 0.0, 1.0, 0.0), "exact features", public=True),
        Call((a, c, rng.uniform(1.2, 1.8), sigma2, tau2), "features far off"),
        Call((a, c, -rng.uniform(1.2, 1.8), sigma2, tau2), "a negative delta"),
        Call((a, c, rng.uniform(0.6, 0.9), sigma2, 0.0), "features without noise, but off"),
        Call((10 * a, c, 0.0, sigma2, 5 * tau2), "aligned features, the worse source"),
        Call((a, c, rng.uniform(0.05, 0.1), sigma2, tau2), "features nearly aligned, the better source"),
        Call((0.1 * a, 0.01 * c, rng.uniform(0.6, 0.9), 1e-3 * sigma2, 1e-3 * tau2), "small numbers"),
        Call((1e6 * a, 1e-3 * c, rng.uniform(0.6, 0.9), 1e-6 * sigma2, tau2), "logits that are nearly exact", atol=0.0),
    ]


def _omitted_calls(rng):
    return [
        Call(
            (np.array([[1.0], [1.0], [2.0]]), np.array([[1.0], [2.0], [0.0]]), np.array([2.0])),
            "one and one",
            public=True,
        ),
        Call(
            (np.array([[1.0], [-1.0]]), np.array([[1.0], [1.0]]), np.array([2.0])), "uncorrelated inputs", public=True
        ),
        Call((_matrix(rng, 8, 3), _matrix(rng, 8, 2), rng.normal(size=2)), "three kept, two left out"),
        Call((_matrix(rng, 9, 2), _matrix(rng, 9, 4), rng.normal(size=4)), "two kept, four left out"),
        Call((_matrix(rng, 7, 2), _matrix(rng, 7, 2), np.zeros(2)), "what is left out has no weight"),
        Call((3e6 * _matrix(rng, 7, 2), _matrix(rng, 7, 3), rng.normal(size=3)), "huge numbers", atol=0.0),
        Call((1e-10 * _matrix(rng, 7, 2), 1e-10 * _matrix(rng, 7, 1), rng.normal(size=1)), "tiny numbers"),
    ]


styles = {
    "fit": {
        "reference": "Least squares on more rows: nothing is squared, so no digits are lost.",
        "normal_equations": "Where the gradient is 0: the shortest way to the formulas of bias and covariance.",
    },
    "bias": {
        "reference": "The formula as it stands.",
        "one_map": "The fit of data without noise, less the truth: no formula is needed.",
    },
    "covariance": {
        "reference": "The formula as it stands; solve twice, for the two sides.",
        "one_map": "All estimates are one matrix times the data: its columns times the noise give everything.",
    },
    "excess": {
        "reference": "The formula as it stands: what the bias costs, and what the variance does.",
        "normal_equations": "One sum over all pairs of parameters: bias and variance cost by the same matrix.",
    },
    "slope_at_zero": {
        "reference": "Solve twice, for the two sides; no inverse is formed.",
        "one_map": "A sum of squares, one a feature: that it cannot be positive is seen at once.",
    },
    "best_and_break_even": {
        "reference": "Both errors first, then what follows from them.",
        "one_map": "With p and q for the errors, as one works it out on paper.",
    },
    "omitted_bias": {
        "reference": "Least squares on what the omitted inputs add: the bias is a fit as well.",
        "normal_equations": "The formula as it stands.",
    },
}
