"""Sorted pairs of score and place, from the best down."""


def movement_score(weights, gradients):
    score = np.zeros_like(weights[0], dtype=float)
    for step in range(weights.shape[0]):
        score -= weights[step] * gradients[step]
    return score


def number_pruned(n, sparsity):
    return n - math.ceil(n - (sparsity * n + 1e-9))


def keep_masks(scores, sparsity):
    places = [(layer, index) for layer, array in enumerate(scores) for index in np.ndindex(array.shape)]
    ranked = sorted(places, key=lambda place: -float(scores[place[0]][place[1]]))
    masks = [np.zeros(array.shape, dtype=bool) for array in scores]
    for layer, index in ranked[: len(places) - number_pruned(len(places), sparsity)]:
        masks[layer][index] = True
    return masks


def prune_in_rounds(rounds, sparsities):
    mask = np.ones_like(rounds[0], dtype=bool)
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        scores = np.abs(weights).astype(float)
        scores[~mask] = -math.inf
        (mask,) = keep_masks([scores], sparsity)
    return mask
