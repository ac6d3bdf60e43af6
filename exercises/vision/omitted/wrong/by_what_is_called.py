"""The part of rows that are called the class is set here. It is the mean probability that has to be the share."""


def bias_for_share(logits, omitted, share):
    gaps = np.sort(np.delete(logits, omitted, axis=1).max(axis=1) - logits[:, omitted])
    return float(np.quantile(gaps, share))
