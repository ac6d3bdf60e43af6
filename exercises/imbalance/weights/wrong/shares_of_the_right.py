"""These are shares of the right answers. Of the rows of each group, how many are right?"""


def rare_and_common(predictions, labels, rare):
    right, is_rare = predictions == labels, np.isin(labels, rare)
    share = is_rare[right].mean() if right.any() else 0.0
    return share, 1 - share
