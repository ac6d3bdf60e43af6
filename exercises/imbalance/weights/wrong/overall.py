"""Both numbers are the share of all rows here."""


def rare_and_common(predictions, labels, rare):
    right = predictions == labels
    return right.mean(), right.mean()
