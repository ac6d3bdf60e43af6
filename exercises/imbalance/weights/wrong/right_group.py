"""A row counts as right here if its group was named, whichever class of it. The class must be right."""


def rare_and_common(predictions, labels, rare):
    is_rare = np.isin(labels, rare)
    right = np.isin(predictions, rare) == is_rare
    return right[is_rare].mean(), right[~is_rare].mean()
