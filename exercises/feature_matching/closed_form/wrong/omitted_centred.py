"""The means of the inputs are taken away first. This student has no constant of its own, so they count."""


def omitted_bias(X1, X2, theta_2):
    return np.linalg.lstsq(X1 - X1.mean(axis=0), X2 @ theta_2)[0]
