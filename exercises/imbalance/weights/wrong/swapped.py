"""The two are in the other order here: the rare ones come first."""


def rare_and_common(predictions, labels, rare):
    right, is_rare = predictions == labels, np.isin(labels, rare)
    return right[~is_rare].mean(), right[is_rare].mean()
