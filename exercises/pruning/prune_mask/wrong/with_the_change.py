"""The change of the weights is multiplied with the gradients here. The weights themselves should be."""


def movement_score(weights, gradients):
    change = np.diff(weights, axis=0, append=weights[-1:])
    return -(change * gradients).sum(axis=0)
