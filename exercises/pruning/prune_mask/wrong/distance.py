"""This is how far the weights moved. The movement score is made of weights and gradients."""


def movement_score(weights, gradients):
    return np.abs(weights[-1] - weights[0])
