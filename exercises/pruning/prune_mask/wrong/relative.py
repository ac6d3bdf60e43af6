"""The sum is divided by the size of the weights here. The score is the sum alone."""


def movement_score(weights, gradients):
    return -(weights * gradients).sum(axis=0) / np.maximum(np.abs(weights).sum(axis=0), 1e-300)
