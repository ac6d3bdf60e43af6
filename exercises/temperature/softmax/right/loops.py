"""Plain Python loops, one row and one class at a time."""

import math


def softmax_at(logits, temperature):
    rows = logits.reshape(-1, logits.shape[-1])
    result = []
    for row in rows:
        largest = max(row)
        weights = [math.exp((z - largest) / temperature) for z in row]
        result.append([weight / sum(weights) for weight in weights])
    return np.array(result).reshape(logits.shape)


def softmax_limits(logits):
    cold, hot = np.zeros(logits.shape), np.zeros(logits.shape)
    for index in np.ndindex(logits.shape[:-1]):
        row = logits[index]
        largest = [i for i in range(len(row)) if row[i] == max(row)]
        unmasked = [i for i in range(len(row)) if row[i] != -math.inf]
        for i in largest:
            cold[index][i] = 1 / len(largest)
        for i in unmasked:
            hot[index][i] = 1 / len(unmasked)
    return cold, hot


def softmax_slope(logits, temperature):
    p = softmax_at(logits, temperature)
    result = np.empty(p.shape)
    for index in np.ndindex(logits.shape[:-1]):
        mean_logit = sum(p[index][j] * logits[index][j] for j in range(logits.shape[-1]))
        for i in range(logits.shape[-1]):
            result[index][i] = p[index][i] * (mean_logit - logits[index][i]) / temperature**2
    return result
