"""Both are divided by the number of all rows here. Divide by the rows of the group."""


def rare_and_common(predictions, labels, rare):
    right, is_rare = predictions == labels, np.isin(labels, rare)
    return (right & is_rare).mean(), (right & ~is_rare).mean()
