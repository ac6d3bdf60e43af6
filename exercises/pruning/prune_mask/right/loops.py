"""Plain Python, one weight at a time."""


def movement_score(weights, gradients):
    total = np.zeros(weights.shape[1:])
    for w, g in zip(weights, gradients, strict=True):
        total = total - w * g
    return total


def number_pruned(n, sparsity):
    return int(sparsity * n + 1e-9)


def keep_masks(scores, sparsity):
    flat = [float(score) for layer in scores for score in layer.ravel()]
    order = sorted(range(len(flat)), key=lambda i: (flat[i], -i))
    pruned = set(order[: number_pruned(len(flat), sparsity)])
    masks, first = [], 0
    for layer in scores:
        kept = [i not in pruned for i in range(first, first + layer.size)]
        masks.append(np.array(kept).reshape(layer.shape))
        first += layer.size
    return masks


def prune_in_rounds(rounds, sparsities):
    magnitudes = np.abs(rounds).reshape(len(rounds), -1)
    n = magnitudes.shape[1]
    pruned = []
    for of_round, sparsity in zip(magnitudes, sparsities, strict=True):
        left = sorted((i for i in range(n) if i not in pruned), key=lambda i: (of_round[i], -i))
        pruned += left[: number_pruned(n, sparsity) - len(pruned)]
    return np.array([i not in pruned for i in range(n)]).reshape(rounds.shape[1:])
