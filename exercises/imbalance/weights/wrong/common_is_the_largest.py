"""Only the most frequent class is taken for common here. All that is not rare is common."""


def rare_and_common(predictions, labels, rare):
    right, is_rare = predictions == labels, np.isin(labels, rare)
    largest = np.bincount(labels[~is_rare]).argmax()
    return right[is_rare].mean(), right[labels == largest].mean()
