"""There is a ReLU between the two factors. Nothing stands between them."""


def layer_output(x, U, V, b):
    return np.maximum(x @ V.T, 0) @ U.T + b
