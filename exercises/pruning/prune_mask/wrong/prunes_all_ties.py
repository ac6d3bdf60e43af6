"""All weights as small as the threshold go here, too many in a tie. Exactly k must go."""


def keep_mask(weights, sparsity):
    k = number_pruned(weights.size, sparsity)
    magnitudes = np.abs(weights)
    threshold = np.sort(magnitudes, axis=None)[k - 1] if k else -1.0
    return magnitudes > threshold
