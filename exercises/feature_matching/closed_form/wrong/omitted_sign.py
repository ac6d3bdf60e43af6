"""The sign is turned round: what is left out is added to what is kept."""


def omitted_bias(X1, X2, theta_2):
    return -np.linalg.lstsq(X1, X2 @ theta_2)[0]
