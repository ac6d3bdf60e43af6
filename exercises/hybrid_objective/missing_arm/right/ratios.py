"""By factors in the place of logarithms, and the interval with a sum."""


def size_of(alphas):
    return np.prod(alphas ** (1 / np.size(alphas)))


def nearest_constant(alpha, constants):
    candidates = sorted(float(c) for c in constants if c > 0)
    return min(candidates, key=lambda c: max(c / alpha, alpha / c))


def gain(balanced, constant):
    pairs = [float(b - c) for b, c in zip(balanced, constant, strict=True)]
    mean = sum(pairs) / len(pairs)
    error = (sum((pair - mean) ** 2 for pair in pairs) / (len(pairs) - 1) / len(pairs)) ** 0.5
    return mean, mean - 2.093 * error, mean + 2.093 * error
