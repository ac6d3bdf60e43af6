"""From the logits, with the logarithm of a sum of exponentials."""


def wrong_classes(logits, labels):
    wrong = np.arange(logits.shape[1]) != labels[:, np.newaxis]
    z = np.where(wrong, logits, -np.inf)
    return np.exp(z - np.logaddexp.reduce(z, axis=1)[:, np.newaxis])


def wrong_entropy(logits, labels):
    wrong = np.arange(logits.shape[1]) != labels[:, np.newaxis]
    z = np.where(wrong, logits, -np.inf)
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    finite = np.where(np.isneginf(log_p), 0.0, log_p)
    return -np.sum(np.exp(log_p) * finite, axis=1)


def is_kept(probs, labels, k):
    order = np.lexsort((np.broadcast_to(np.arange(probs.shape[1]), probs.shape), -probs), axis=1)
    rank = np.argmax(order == labels[:, np.newaxis], axis=1) + 1
    return rank <= k


def chance(rank, k, C, operator):
    if operator == "deranged":
        good, places = (k - 1 if rank <= k else k), C - 1
    elif operator == "shuffled":
        good, places = k, C
    else:
        good, places = int(rank <= k), 1
    return good / places
