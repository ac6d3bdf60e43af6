"""Newton's steps, kept inside an interval that holds the answer."""


def bias_for_share(logits, omitted, share):
    g = logits[:, omitted] - np.logaddexp.reduce(np.delete(logits, omitted, axis=1), axis=1)
    wanted = np.log(share) - np.log1p(-share)
    low, high = wanted - g.max(), wanted - g.min()
    b = (low + high) / 2
    for _ in range(200):
        p = np.exp(-np.logaddexp(0, -(b + g)))
        if p.mean() < share:
            low = b
        else:
            high = b
        slope = (p * (1 - p)).mean()
        step = b - (p.mean() - share) / slope if slope > 0 else low
        b = step if low < step < high else (low + high) / 2
    return b
