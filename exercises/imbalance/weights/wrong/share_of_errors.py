"""These are the shares that are wrong."""


def rare_and_common(predictions, labels, rare):
    right, is_rare = predictions == labels, np.isin(labels, rare)
    return 1 - right[is_rare].mean(), 1 - right[~is_rare].mean()
