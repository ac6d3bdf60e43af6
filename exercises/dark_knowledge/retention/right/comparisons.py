"""Every pair of classes is compared, and each class counts those before it."""


def ranks(probs):
    larger = probs[:, np.newaxis, :] > probs[:, :, np.newaxis]
    equal = probs[:, np.newaxis, :] == probs[:, :, np.newaxis]
    earlier = np.tri(probs.shape[1], k=-1, dtype=bool)
    return 1 + (larger | (equal & earlier)).sum(axis=2)


def keep_top(probs, k):
    kept = np.where(ranks(probs) <= k, probs, 0.0)
    return kept / kept.sum(axis=1)[:, np.newaxis]


def is_kept(probs, labels, k):
    own = probs[np.arange(len(probs)), labels].reshape(-1, 1)
    before = (probs > own) | ((probs == own) & (np.arange(probs.shape[1]) < labels.reshape(-1, 1)))
    return before.sum(axis=1) < k
