"""These are shares of the rows that were called rare or common. A row belongs to the group of its label."""


def rare_and_common(predictions, labels, rare):
    right, is_rare = predictions == labels, np.isin(predictions, rare)
    return right[is_rare].mean(), right[~is_rare].mean()
