"""One row and one class at a time."""

import math


def wrong_classes(logits, labels):
    result = np.zeros(logits.shape)
    for n, y in enumerate(labels):
        wrong = [i for i in range(logits.shape[1]) if i != y]
        largest = max(float(logits[n, i]) for i in wrong)
        weights = [math.exp(float(logits[n, i]) - largest) for i in wrong]
        for i, weight in zip(wrong, weights, strict=True):
            result[n, i] = weight / sum(weights)
    return result


def wrong_entropy(logits, labels):
    return np.array([-sum(p * math.log(p) for p in row if p > 0) for row in wrong_classes(logits, labels)])


def keep_top(probs, k):
    result = np.zeros(probs.shape)
    for n, row in enumerate(probs.tolist()):
        first = sorted(range(len(row)), key=lambda i: (-row[i], i))[:k]
        for i in first:
            result[n, i] = row[i] / sum(row[j] for j in first)
    return result


def reorder_then_keep(probs, permutations, k):
    moved = np.zeros(probs.shape)
    for n, i in np.ndindex(probs.shape):
        moved[n, i] = probs[n, permutations[n, i]]
    return keep_top(moved, k)


def is_kept(probs, labels, k):
    result = []
    for row, y in zip(probs.tolist(), labels.tolist(), strict=True):
        result.append(y in sorted(range(len(row)), key=lambda i: (-row[i], i))[:k])
    return np.array(result)


def chance(rank, k, C, operator):
    places = {"kept": [rank], "shuffled": list(range(1, C + 1))}
    places["deranged"] = [place for place in places["shuffled"] if place != rank]
    return sum(place <= k for place in places[operator]) / len(places[operator])
