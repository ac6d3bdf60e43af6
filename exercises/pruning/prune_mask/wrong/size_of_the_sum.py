"""The sum loses its sign here. The sign says whether the weight moved towards 0."""


def movement_score(weights, gradients):
    return np.abs((weights * gradients).sum(axis=0))
