"""The teacher's parameters theta_2 are missing: an input of weight 0 biases nothing."""


def omitted_bias(X1, X2, theta_2):
    return np.linalg.lstsq(X1, X2.sum(axis=1))[0]
