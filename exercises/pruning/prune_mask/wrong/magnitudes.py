"""The weights lose their sign here. A weight below 0 with a gradient below 0 moves towards 0."""


def movement_score(weights, gradients):
    return -(np.abs(weights) * gradients).sum(axis=0)
