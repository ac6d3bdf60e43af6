"""Each product loses its sign here before the sum. The signs count."""


def movement_score(weights, gradients):
    return np.abs(weights * gradients).sum(axis=0)
