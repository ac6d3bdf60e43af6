"""Only the last of the rare classes is taken for rare here."""


def rare_and_common(predictions, labels, rare):
    right, is_rare = predictions == labels, labels == rare[-1]
    return right[is_rare].mean(), right[~is_rare].mean()
